"""On which days and at which times a client's posts go out, and who may say so."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Client
from postboard.db.planning_models import BlackoutDay, PostingTimes
from postboard.db.queries import agreements, planned
from postboard.domain.content import clean
from postboard.domain.days import DayKind, DayMark, marks
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.posting_times import Times
from postboard.services import post_rows
from postboard.services.events import Fact, record

NAME_MAX: Final = 120
BLACKOUT_DAYS_MAX: Final = 62
"""Of one entry."""
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PostingDays:
    """A client's clock, its posting times (version 0: the usual ones) and its closed days."""

    zone: ZoneInfo
    version: int
    times: Times
    blackouts: dict[date, str]
    closed: "ClosedDays"

    def closed_by(self, day: date, *, language: str = "en") -> DayMark | None:
        """What keeps posts from that day: a blackout of the client's own, else a holiday."""
        if day in self.blackouts:
            return DayMark(day, DayKind.BLACKOUT, self.blackouts[day])
        special = marks(
            self.closed.country, self.closed.region, {}, day, day + _A_DAY, language=language
        )
        return next((mark for mark in special if mark.kind is DayKind.HOLIDAY), None)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days on which nothing goes out unless somebody wants it: blackouts and public holidays."""

    country: str
    region: str
    blackouts: frozenset[date]

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        free = marks(self.country, self.region, {}, day, day + _A_DAY)
        return day in self.blackouts or any(mark.kind is DayKind.HOLIDAY for mark in free)


def of_client(session: Session, client_id: UUID) -> PostingDays:
    """What holds for the client now.

    Raises:
        NotFound: there is no such client.
    """
    agreed = agreements.of_client(session, client_id)
    row: Any = session.execute(
        select(col(PostingTimes.version), col(PostingTimes.week)).where(
            col(PostingTimes.client_id) == client_id
        )
    ).one_or_none()
    version, week = row or (0, None)
    times = Times(tuple(tuple(day) for day in week)) if week else Times()
    rows = session.execute(
        select(col(BlackoutDay.day), col(BlackoutDay.name)).where(
            col(BlackoutDay.client_id) == client_id
        )
    )
    blackouts = {day: name for day, name in rows}  # noqa: C416 - a Row is no pair to dict()
    closed = ClosedDays(agreed.terms.country, agreed.terms.region, frozenset(blackouts))
    return PostingDays(agreed.calendar.zone, version, times, blackouts, closed)


def to_change(session: Session, actor: Actor, client_id: UUID) -> PostingDays:
    """The same, for who may put others in their place.

    Raises:
        NotFound, NotAllowed: as they say.
    """
    _need_to_plan(session, actor, client_id)
    return of_client(session, client_id)


def next_free_time(session: Session, actor: Actor, post_id: UUID, *, after: datetime) -> datetime:
    """The client's next posting time at which none of its other posts goes out.

    Raises:
        NotFound: the post is not this actor's.
        BadInput: no time is free.
    """
    post = post_rows.find(session, actor, post_id)
    days = of_client(session, post.client_id)
    taken = planned.others(session, post.client_id, post.id, since=after)
    return days.times.next_free(after, days.zone, taken, days.closed)


def change_times(
    session: Session, actor: Actor, client_id: UUID, times: Times, *, version: int, now: datetime
) -> int:
    """Put other posting times in place of those of `version`.

    Returns:
        The new version.

    Raises:
        NotFound, NotAllowed, Stale, BadInput: as they say.
    """
    _need_to_plan(session, actor, client_id)
    old = of_client(session, client_id)
    if old.version != version:
        raise Stale
    week = [list(day) for day in times.checked().week]
    values: dict[str, Any] = {"week": week, "changed_at": now}
    if version == 0:  # a second first one hits the key, which is a lost race
        row = {"client_id": client_id, "version": 1, **values}
        session.execute(insert(PostingTimes), [row])
    else:
        written = session.execute(
            update(PostingTimes)
            .where(col(PostingTimes.client_id) == client_id, col(PostingTimes.version) == version)
            .values(version=version + 1, **values)
            .execution_options(synchronize_session=False)
        )
        if not changed_one_row(written):
            raise Stale
    content = {"version": version + 1, "week": week}
    record(session, actor, Fact(client_id, "client.posting_times_changed", client_id, content), now)
    return version + 1


def black_out(
    session: Session,
    actor: Actor,
    client_id: UUID,
    first: date,
    last: date,
    name: str,
    *,
    now: datetime,
) -> None:
    """Nothing of the client's is to go out on these days; those that are closed keep their name."""
    _need_to_plan(session, actor, client_id)
    length = (last - first).days + 1
    if not 1 <= length <= BLACKOUT_DAYS_MAX:
        raise BadInput("Choose from 1 to {limit} days in a row.", limit=BLACKOUT_DAYS_MAX)
    known = of_client(session, client_id).blackouts
    days = [first + timedelta(days=n) for n in range(length)]
    name = clean(name, NAME_MAX)
    rows = [{"client_id": client_id, "day": d, "name": name} for d in days if d not in known]
    if not rows:
        return
    session.execute(insert(BlackoutDay), rows)
    content = {"first": first.isoformat(), "last": last.isoformat(), "name": name}
    record(session, actor, Fact(client_id, "client.blackout_added", client_id, content), now)


def open_again(
    session: Session, actor: Actor, client_id: UUID, first: date, last: date, *, now: datetime
) -> None:
    """These days are as any other."""
    _need_to_plan(session, actor, client_id)
    gone = session.execute(
        delete(BlackoutDay)
        .where(col(BlackoutDay.client_id) == client_id, col(BlackoutDay.day).between(first, last))
        .returning(col(BlackoutDay.day))
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        content = {"first": first.isoformat(), "last": last.isoformat()}
        record(session, actor, Fact(client_id, "client.blackout_removed", client_id, content), now)


def _need_to_see(session: Session, actor: Actor, client_id: UUID) -> None:
    known = session.execute(select(col(Client.id)).where(col(Client.id) == client_id)).first()
    if known is None or not actor.may(Permission.SEE_CLIENT_STATES, client_id):
        raise NotFound


def _need_to_plan(session: Session, actor: Actor, client_id: UUID) -> None:
    _need_to_see(session, actor, client_id)
    if not actor.may(Permission.EDIT_PLAN, client_id):
        raise NotAllowed
