"""Accepted agreements by the clock: they come into force, and their terms come near and pass.

One job for each looks every morning on the client's clock; what it finds it notes once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.models import Event
from postboard.db.queries import agreements, contracts, meter
from postboard.db.queries.contracts import Accepted
from postboard.db.queries.meter import Delivered, Meter
from postboard.domain.clock import to_utc
from postboard.domain.contract import PLAN_NEAR, PLEDGED, Contract
from postboard.domain.permissions import THE_CLOCK, Role
from postboard.domain.tasks import NoticeKind
from postboard.services import jobs, notices, told
from postboard.services.agreements import come_into_force
from postboard.services.events import Fact, record, signal_client
from postboard.services.jobs import Claimed, Do, Wanted

WATCH: Final = "agreement.watch"
BEGAN: Final = "agreement.began"
TERM: Final = "agreement.term"
TELL: Final = "agreement.tell"
MORNING: Final = time(8)
ENDS_NEAR: Final = timedelta(days=30)
PAYMENT_NEAR: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
NEARING, PASSED, MISSED, KEPT = "nearing", "passed", "missed", "kept"
_OF_THE_AGENCY: Final = ("deliverables", "plan_day", "review_days")


@dataclass(frozen=True, slots=True)
class Noted:
    """A term is near, was passed, was not reached, or was kept; `when` is the month or day it is
    about.
    """

    term: str
    level: str
    when: str
    reached: int = 0
    agreed: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        return self.term, self.level, self.when

    @property
    def for_client(self) -> bool:
        """Its own side has to know too; what the agency delivers is the agency's to care for."""
        return self.term.partition(".")[0] not in _OF_THE_AGENCY


def ask(session: Session, version_id: UUID, in_force_at: datetime, now: datetime) -> None:
    """Have it watched from its first moment on; where that is now, it begins at once."""
    if in_force_at <= now:
        _begin(session, _accepted(session, version_id), now)
    key = f"{WATCH}:{version_id.hex}"
    jobs.enqueue(session, [Wanted(WATCH, version_id, key, max(in_force_at, now))], now)


def watch(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """Look once; tomorrow again, until it is over and that is said, or another took its place."""
    one = _accepted(session, job.subject_id)
    newer = contracts.accepted(session, [one.client_id])[one.client_id]
    if any(other.number > one.number and other.in_force_at <= now for other in newer):
        return None
    if one.in_force_at > now:
        return one.in_force_at
    _begin(session, one, now)
    zone = agreements.zone_of(session, one.client_id)
    today = now.astimezone(zone).date()
    known = _known(session, one)
    settled = {(term, when) for term, level, when in known if level != NEARING}
    for noted in _noted(session, one, today, now):
        if noted.key not in known and (noted.term, noted.when) not in settled:
            _note(session, one, noted, now)
    if one.ends_at and one.ends_at <= now:
        return None
    return _next_morning(today, zone, now)


def tell(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """One person hears of a term, when it is not quiet for them; what is over is no news."""
    one = _accepted(session, job.subject_id)
    person_id = UUID(job.content["person"])
    agreed = agreements.of_client(session, one.client_id)
    if later := told.quiet_until(session, agreed, person_id, now):
        return later
    kind = NoticeKind.AGREEMENT_TERM
    notices.tell_beside_posts(session, THE_CLOCK, {person_id}, kind, one.client_id, one.id, now)
    return None


def _begin(session: Session, one: Accepted, now: datetime) -> None:
    """Once: whoever changes the terms afterwards means it."""
    began = select(col(Event.content)).where(
        col(Event.client_id) == one.client_id, col(Event.kind) == BEGAN
    )
    if any(content["number"] == one.number for content in session.execute(began).scalars()):
        return
    pledged = {name: getattr(one.contract, name) for name in PLEDGED}
    rounds = one.contract.rounds_included
    come_into_force(session, one.client_id, one.number, pledged, rounds, now)
    _record(session, one, BEGAN, {}, now)


def _noted(session: Session, one: Accepted, today: date, now: datetime) -> Iterator[Noted]:
    yield from _about_end(one.contract, today)
    yield from _about_payments(one.contract, today)
    yield from _about_reviews(session, one, today)
    yield from _about_plans(session, one, today, now)
    yield from _about_material(session, one, now)
    for ago in (0, 1):
        for month in meter.of_clients(session, [one.client_id], now, months_ago=ago):
            if month.number == one.number:
                yield from _about_posts(month, is_over=ago > 0)


def _about_end(contract: Contract, today: date) -> Iterator[Noted]:
    if contract.ends_on is None:
        return
    when = contract.ends_on.isoformat()
    if contract.ends_on < today:
        yield Noted("ends_on", PASSED, when)
    elif contract.ends_on - today <= ENDS_NEAR:
        yield Noted("ends_on", NEARING, when)


def _about_payments(contract: Contract, today: date) -> Iterator[Noted]:
    for payment in contract.payments:
        when = payment.on.isoformat()
        if contract.starts_on and payment.on < contract.starts_on:
            continue
        if payment.on <= today:
            yield Noted("payments", PASSED, when)
        elif payment.on - today <= PAYMENT_NEAR:
            yield Noted("payments", NEARING, when)


def _about_reviews(session: Session, one: Accepted, today: date) -> Iterator[Noted]:
    """Of each day on which posts go out that should be with the client and are not."""
    if one.contract.review_days is None:
        return
    zone = agreements.zone_of(session, one.client_id)
    until = today + timedelta(days=one.contract.review_days + 1)
    since, ends = (to_utc(datetime.combine(day, time()), zone) for day in (today, until))
    days = {
        at.astimezone(zone).date()
        for at in meter.not_with_the_client(session, one.client_id, since, ends)
    }
    for day in sorted(days):
        yield Noted("review_days", PASSED, day.isoformat())


def _about_plans(session: Session, one: Accepted, today: date, now: datetime) -> Iterator[Noted]:
    """Of the plans of this month and the next two, which are due from the month before on.

    Whether one was kept is seen on the first look after its day; what is moved later is no matter.
    """
    for months in range(3):
        plan = meter.plan_of(session, one, now, months=months)
        if plan is None:
            continue
        due = date.fromisoformat(plan.due)
        if due < today:
            level = KEPT if plan.is_whole else PASSED
        elif due - today <= PLAN_NEAR and not plan.is_whole:
            level = NEARING
        else:
            continue
        yield Noted("plan_day", level, plan.due, plan.planned, plan.agreed)


def _about_material(session: Session, one: Accepted, now: datetime) -> Iterator[Noted]:
    """Of each day on which material is due, so that a second post of the day tells nobody again."""
    for lacking in meter.lacking_media(session, one, now):
        yield Noted("material_days", PASSED if lacking.is_late else NEARING, lacking.due)


def _about_posts(month: Meter, *, is_over: bool) -> Iterator[Noted]:
    for line in month.lines:
        term = ".".join(["deliverables", line.network, *filter(None, [line.format])])
        done, agreed = line.delivered, line.agreed
        if done > agreed:
            yield Noted(term, PASSED, month.month, done, agreed)
        elif is_over and done < agreed:
            yield Noted(term, MISSED, month.month, done, agreed)
        elif not is_over and _is_near(line):
            yield Noted(term, NEARING, month.month, done, agreed)


def _is_near(line: Delivered) -> bool:
    """A tenth is left at most, or one."""
    left = line.agreed - line.delivered
    return line.delivered > 0 and left <= max(1, line.agreed // 10)


def _note(session: Session, one: Accepted, noted: Noted, now: datetime) -> None:
    content = {"term": noted.term, "level": noted.level, "when": noted.when}
    if noted.agreed or noted.reached:
        content |= {"reached": noted.reached, "agreed": noted.agreed}
    _record(session, one, TERM, content, now)
    if noted.level == KEPT:
        return
    people = told.account_managers(session, one.client_id) or told.managers(session)
    if noted.for_client:
        people |= told.people_with(session, one.client_id, Role.CLIENT_REVIEWER)
    told.each(session, TELL, one.id, ":".join(noted.key), people, now)


def _known(session: Session, one: Accepted) -> set[tuple[str, str, str]]:
    """What of this version was noted already."""
    rows = session.execute(
        select(col(Event.content)).where(
            col(Event.client_id) == one.client_id,
            col(Event.kind) == TERM,
            col(Event.at) >= one.in_force_at,
        )
    ).scalars()
    mine = [content for content in rows if content["number"] == one.number]
    return {(content["term"], content["level"], content["when"]) for content in mine}


def _accepted(session: Session, version_id: UUID) -> Accepted:
    client_id = session.execute(
        select(col(AgreementVersion.client_id)).where(col(AgreementVersion.id) == version_id)
    ).scalar_one()
    versions = contracts.accepted(session, [client_id])[client_id]
    return next(one for one in versions if one.id == version_id)


def _next_morning(today: date, zone: ZoneInfo, now: datetime) -> datetime:
    morning = to_utc(datetime.combine(today, MORNING), zone)
    return morning if morning > now else to_utc(datetime.combine(today + _DAY, MORNING), zone)


def _record(
    session: Session, one: Accepted, kind: str, content: Mapping[str, Any], now: datetime
) -> None:
    fact = Fact(one.client_id, kind, one.client_id, {"number": one.number, **content})
    signal_client(session, one.client_id, record(session, THE_CLOCK, fact, now))


DOING: Final[Mapping[str, Do]] = MappingProxyType({WATCH: watch, TELL: tell})
