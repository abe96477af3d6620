"""Who of the staff is away, now and in the days to come, each on their own clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Person, table_of
from postboard.db.people_models import Absence, OwnHours
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.suggesting import Away
from postboard.domain.working_time import NINE_TO_FIVE, Week, WorkingCalendar

_DAY = timedelta(days=1)
_CALENDAR_DAYS = 400
"""How far ahead days away are kept out of somebody's working time."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A time away that has not passed."""

    id: UUID
    away: Away
    runs: bool


def of_people(
    session: Session, people: Collection[UUID], now: datetime
) -> dict[UUID, list[Absent]]:
    """What begins first in front; nothing for who is not away."""
    other: Any = table_of(Person).alias()
    rows: Any = session.execute(
        select(
            col(Absence.id),
            col(Absence.person_id),
            col(Absence.starts_on),
            col(Absence.ends_on),
            col(Absence.stand_in_id),
            col(Person.zone),
            other.c.name.label("stand_in"),
        )
        .join(Person, col(Person.id) == col(Absence.person_id))
        .outerjoin(other, other.c.id == col(Absence.stand_in_id))
        .where(
            col(Absence.person_id).in_(people),
            col(Absence.ended_at).is_(None),
            col(Absence.ends_on) >= now.date() - _DAY,
        )
        .order_by(col(Absence.starts_on), col(Absence.id))
    )
    found: dict[UUID, list[Absent]] = {}
    for row in rows:
        today = now.astimezone(ZoneInfo(row.zone)).date()
        if row.ends_on < today:
            continue
        period = Period(row.starts_on, row.ends_on)
        away = Away(period, row.stand_in_id, row.stand_in or "")
        found.setdefault(row.person_id, []).append(Absent(row.id, away, period.runs(today)))
    return found


def stand_ins(session: Session, people: Collection[UUID], now: datetime) -> dict[UUID, UUID]:
    """Of those who are away now: who stands in for them, as far as somebody does."""
    return {
        person: one.away.stand_in_id
        for person, theirs in of_people(session, people, now).items()
        for one in theirs
        if one.runs and one.away.stand_in_id
    }


def stood_in_for(session: Session, actor: Actor, now: datetime) -> list[UUID]:
    """Who is away now and has this person answer meanwhile."""
    asked: Any = session.execute(
        select(col(Absence.person_id))
        .join(Person, col(Person.id) == col(Absence.person_id))
        .where(
            col(Absence.stand_in_id) == actor.user_id,
            col(Absence.ended_at).is_(None),
            col(Absence.ends_on) >= now.date() - _DAY,
            col(Person.disabled_at).is_(None),
        )
    )
    people = {*asked.scalars()}
    away = stand_ins(session, people, now) if people else dict[UUID, UUID]()
    return sorted(person for person, other in away.items() if other == actor.user_id)


def weeks(session: Session, people: Collection[UUID]) -> dict[UUID, tuple[int, Week]]:
    """Their own hours with the version; version 0 is nine to five, which nobody has changed."""
    rows: Any = session.execute(
        select(col(OwnHours.person_id), col(OwnHours.version), col(OwnHours.week)).where(
            col(OwnHours.person_id).in_(people)
        )
    )
    known = {person: (version, _week(week)) for person, version, week in rows}
    return {person: known.get(person, (0, NINE_TO_FIVE)) for person in people}


def calendar(zone: str, week: Week, absent: Collection[Absent], now: datetime) -> WorkingCalendar:
    """Somebody's working time, the days they are away left out."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = today + timedelta(days=_CALENDAR_DAYS)
    days = frozenset(
        day
        for one in absent
        for day in _each(max(today, one.away.period.starts_on), min(last, one.away.period.ends_on))
    )
    return WorkingCalendar(ZoneInfo(zone), week, days_off=days)


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _week(kept: list[Any]) -> Week:
    return tuple(tuple((since, until) for since, until in day) for day in kept)
