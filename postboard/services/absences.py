"""When somebody of the staff works, when they are away, and who stands in meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Membership, Person
from postboard.db.people_models import Absence, OwnHours
from postboard.domain.agreement import Terms
from postboard.domain.chains import Side
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.standing_in import Period
from postboard.domain.working_time import Week
from postboard.services import jobs, stand_ins
from postboard.services.events import Fact, record
from postboard.services.jobs import Claimed, Do, Wanted

BEGIN: Final = "absence.begin"


def add(
    session: Session,
    actor: Actor,
    person_id: UUID,
    period: Period,
    stand_in_id: UUID | None = None,
    *,
    now: datetime,
) -> UUID:
    """One's own days away, or those of a colleague of a client that one looks after.

    Raises:
        NotFound: there is no such colleague, or the actor has nothing to do with them.
        NotAllowed: the actor does not look after any client of theirs.
        BadInput: the days do not work, or one of the two is away on some of them.
    """
    zone, name = _need_to_plan(session, actor, person_id)
    period = period.checked(now.astimezone(ZoneInfo(zone)).date())
    if stand_in_id == person_id:
        raise BadInput("Choose somebody else: nobody stands in for themselves.")
    if stand_in_id is not None:
        _seen(session, actor, stand_in_id)
    _refuse_overlaps(session, person_id, name, stand_in_id, period)
    row = Absence(
        person_id=person_id,
        stand_in_id=stand_in_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        named_by=actor.user_id,
        named_at=now,
    )
    session.add(row)
    session.flush()
    content = {
        "absence": str(row.id),
        "stand_in": str(stand_in_id) if stand_in_id else None,
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
    }
    record(session, actor, Fact(person_id, "person.away", None, content), now)
    if stand_in_id is not None:
        at = max(now, stand_ins.begins_at(period, zone))
        jobs.enqueue(session, [Wanted(BEGIN, row.id, f"{BEGIN}:{row.id.hex}", at)], now)
    return row.id


def end(session: Session, actor: Actor, absence_id: UUID, *, now: datetime) -> None:
    """Before its time, or before it began; a second time changes nothing.

    Raises:
        NotFound, NotAllowed: as for `add`.
    """
    person_id = session.execute(
        select(col(Absence.person_id)).where(col(Absence.id) == absence_id)
    ).scalar_one_or_none()
    if person_id is None:
        raise NotFound
    _need_to_plan(session, actor, person_id)
    ended = session.execute(
        update(Absence)
        .where(col(Absence.id) == absence_id, col(Absence.ended_at).is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    if changed_one_row(ended):
        content = {"absence": str(absence_id)}
        record(session, actor, Fact(person_id, "person.back", None, content), now)


def set_hours(
    session: Session, actor: Actor, person_id: UUID, week: Week, *, version: int, now: datetime
) -> None:
    """Working hours on the person's own clock; version 0 are those that nobody has changed.

    Raises:
        NotFound, NotAllowed: as for `add`.
        Stale: somebody changed them since.
        BadInput: they are no working hours.
    """
    _need_to_plan(session, actor, person_id)
    week = Terms(week=week).checked().week
    values = {"week": [[list(span) for span in day] for day in week], "changed_at": now}
    kept = session.execute(
        select(col(OwnHours.version)).where(col(OwnHours.person_id) == person_id)
    ).scalar_one_or_none()
    if (kept or 0) != version:
        raise Stale
    if kept is None:
        session.execute(insert(OwnHours), [{"person_id": person_id, "version": 1, **values}])
    else:
        written = session.execute(
            update(OwnHours)
            .where(col(OwnHours.person_id) == person_id, col(OwnHours.version) == version)
            .values(version=version + 1, **values)
            .execution_options(synchronize_session=False)
        )
        if not changed_one_row(written):
            raise Stale
    content = {"week": values["week"]}
    record(session, actor, Fact(person_id, "person.hours_changed", None, content), now)


def begin(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """The first day has come: the stand-in hears of what waits for an internal review already."""
    row: Any = session.execute(
        select(
            col(Absence.person_id),
            col(Absence.stand_in_id),
            col(Absence.starts_on),
            col(Absence.ends_on),
            col(Person.zone),
        )
        .join(Person, col(Person.id) == col(Absence.person_id))
        .where(col(Absence.id) == job.subject_id, col(Absence.ended_at).is_(None))
    ).one_or_none()
    if row is None or row.stand_in_id is None:
        return None
    period = Period(row.starts_on, row.ends_on)
    if (at := stand_ins.begins_at(period, row.zone)) > now:  # they named another zone since
        return at
    if period.runs(now.astimezone(ZoneInfo(row.zone)).date()):
        stand_ins.tell_of_open(session, row.person_id, row.stand_in_id, Side.INTERNAL, now)
    return None


def _need_to_plan(session: Session, actor: Actor, person_id: UUID) -> tuple[str, str]:
    """The person's zone and name.

    Raises:
        NotFound, NotAllowed: as for `add`.
    """
    found = _seen(session, actor, person_id)
    managed = actor.clients_with(Permission.MANAGE_CLIENT)
    if person_id == actor.user_id or managed is None:
        return found
    of_mine = session.execute(
        select(col(Membership.person_id)).where(
            col(Membership.person_id) == person_id, col(Membership.client_id).in_(managed)
        )
    )
    if of_mine.first() is None:
        raise NotAllowed
    return found


def _seen(session: Session, actor: Actor, person_id: UUID) -> tuple[str, str]:
    """A colleague: of the agency's own, or of a client that the actor works for."""
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    if mine is not None and not mine:
        raise NotFound
    works = exists().where(
        col(Membership.person_id) == col(Person.id),
        col(Membership.role).in_(STAFF_ROLES),
        *([] if mine is None else [col(Membership.client_id).in_(mine)]),
    )
    row: Any = session.execute(
        select(col(Person.zone), col(Person.name)).where(
            col(Person.id) == person_id,
            col(Person.disabled_at).is_(None),
            or_(works, col(Person.agency_role).is_not(None)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.zone, row.name


def _refuse_overlaps(
    session: Session, person_id: UUID, name: str, stand_in_id: UUID | None, period: Period
) -> None:
    """Nobody is away twice, nor stands in while they are away: in both directions."""
    # One after the other: two who name each other at once would both be away.
    people = [one for one in (person_id, stand_in_id) if one]
    order = select(col(Person.id)).where(col(Person.id).in_(people)).order_by(col(Person.id))
    session.execute(order.with_for_update())
    rows: Any = session.execute(
        select(
            col(Absence.person_id),
            col(Absence.stand_in_id),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(Absence.person_id))
        .where(
            or_(col(Absence.person_id).in_(people), col(Absence.stand_in_id) == person_id),
            col(Absence.ended_at).is_(None),
            col(Absence.starts_on) <= period.ends_on,
            col(Absence.ends_on) >= period.starts_on,
        )
        .order_by(func.lower(col(Person.name)))
    )
    for one in rows:
        if one.person_id in {person_id, stand_in_id}:
            raise BadInput("{name} is away on some of these days.", name=one.name)
        raise BadInput("{name} stands in for {other} then.", name=name, other=one.name)


DOING: Final[Mapping[str, Do]] = MappingProxyType({BEGIN: begin})
