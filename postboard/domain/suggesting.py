"""Whom to give a task to: who is there, whose it is, and what they have to do already.

Nothing is looked up here; each suggestion says its reasons in sentences.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from postboard.domain.permissions import Role
from postboard.domain.standing_in import Period
from postboard.domain.team import DEPARTMENT_OF, MADE_BY, Deliverable, Part
from postboard.domain.working_time import WorkingCalendar
from postboard.locale.languages import N_, Filled, MessageId

SOON: Final = timedelta(days=2)
_HOUR: Final = timedelta(hours=1)
_STANDS_IN: Final = 1
_OF_DEPARTMENT: Final = 4
_NOT_THEIRS: Final = 5

Reason = Filled | MessageId

_PARTS: Final[Mapping[Part, tuple[int, MessageId]]] = MappingProxyType(
    {
        Part.RESPONSIBLE: (0, N_("Responsible: {what}.")),
        Part.ACCOUNTABLE: (2, N_("Accountable: {what}.")),
        Part.CONSULTED: (3, N_("Consulted: {what}.")),
        Part.INFORMED: (_NOT_THEIRS, N_("Informed: {what}.")),
    }
)


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has to do for all clients."""

    open: int = 0
    due_soon: int = 0
    """Of the open ones, within `SOON`."""
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """Days on the person's own clock."""

    period: Period
    stand_in_id: UUID | None = None
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the team. `week` is their own working time, without the days they are away."""

    person_id: UUID
    name: str
    role: Role
    load: Load
    hours: WorkingCalendar
    away: tuple[Away, ...] = ()
    part: Part | None = None
    """In what is wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    now: datetime
    due_at: datetime | None = None
    deliverable: Deliverable | None = None
    named: MessageId | str = ""
    """What the deliverable is called."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    person_id: UUID
    name: str
    free: bool
    """There, and with time left before it is due."""
    load: Load
    reasons: tuple[Reason, ...]


def load_of(dues: Iterable[datetime | None], now: datetime) -> Load:
    """Of open tasks by when they are due."""
    known = [*dues]
    dated = [due for due in known if due]
    late = sum(due < now for due in dated)
    return Load(len(known), sum(now <= due <= now + SOON for due in dated), late)


def suggest(candidates: Sequence[Candidate], wanted: Wanted) -> list[Suggestion]:
    """Who is free comes first; then whose it is; then who has least that presses."""
    stands_in = _standing_in(candidates, wanted)
    ranked = [
        (_rank(one, wanted, stands_in), _suggestion(one, wanted, stands_in)) for one in candidates
    ]
    ranked.sort(
        key=lambda pair: (
            not pair[1].free,
            pair[0],
            pair[1].load.overdue + pair[1].load.due_soon,
            pair[1].load.open,
            pair[1].name.casefold(),
            pair[1].person_id,
        )
    )
    return [suggestion for _, suggestion in ranked]


def _suggestion(one: Candidate, wanted: Wanted, stands_in: Mapping[UUID, Candidate]) -> Suggestion:
    away = _away(one, wanted)
    left = _left(one, wanted)
    there = not (away and (wanted.due_at is None or away.period.runs(_day(one, wanted.now))))
    free = there and (left is None or left > timedelta())
    reasons = [
        *_whose(one, wanted, stands_in),
        *([_away_said(one, away, wanted)] if away else []),
        *_time_said(left),
        *_load_said(one.load),
    ]
    return Suggestion(one.person_id, one.name, free, one.load, tuple(reasons))


def _standing_in(candidates: Sequence[Candidate], wanted: Wanted) -> dict[UUID, Candidate]:
    """Who stands in for the responsible ones that are away, and for whom."""
    return {
        away.stand_in_id: one
        for one in candidates
        if one.part is Part.RESPONSIBLE
        and (away := _away(one, wanted))
        and away.stand_in_id is not None
    }


def _rank(one: Candidate, wanted: Wanted, stands_in: Mapping[UUID, Candidate]) -> int:
    if wanted.deliverable is None:
        return 0
    rank = _PARTS[one.part][0] if one.part else _NOT_THEIRS
    if one.person_id in stands_in:
        rank = min(rank, _STANDS_IN)
    if DEPARTMENT_OF.get(one.role) is MADE_BY[wanted.deliverable]:
        rank = min(rank, _OF_DEPARTMENT)
    return rank


def _whose(one: Candidate, wanted: Wanted, stands_in: Mapping[UUID, Candidate]) -> Iterable[Reason]:
    if wanted.deliverable is None:
        return
    what = {"what": wanted.named}
    if one.part:
        yield Filled(_PARTS[one.part][1], what)
    elif DEPARTMENT_OF.get(one.role) is MADE_BY[wanted.deliverable]:
        yield N_("Of the department that makes it.")
    if one.person_id in stands_in:
        away = stands_in[one.person_id].name
        yield Filled(N_("Stands in for {name}, who is responsible and away."), {"name": away})


def _away(one: Candidate, wanted: Wanted) -> Away | None:
    """The first time away between now and the due time."""
    first = _day(one, wanted.now)
    last = _day(one, wanted.due_at) if wanted.due_at else first
    asked = Period(first, max(first, last))
    times = sorted(one.away, key=lambda away: away.period.starts_on)
    return next((away for away in times if away.period.overlaps(asked)), None)


def _away_said(one: Candidate, away: Away, wanted: Wanted) -> Reason:
    period = away.period
    if not period.runs(_day(one, wanted.now)):
        return Filled(
            N_("Away from {first} until {last}."),
            {"first": period.starts_on, "last": period.ends_on},
        )
    if away.stand_in:
        facts = {"day": period.ends_on, "name": away.stand_in}
        return Filled(N_("Away until {day}; {name} stands in."), facts)
    return Filled(N_("Away until {day}."), {"day": period.ends_on})


def _left(one: Candidate, wanted: Wanted) -> timedelta | None:
    """Their working time before it is due; None where nothing says when."""
    if wanted.due_at is None:
        return None
    return max(timedelta(), one.hours.working_between(wanted.now, wanted.due_at))


def _time_said(left: timedelta | None) -> Iterable[Reason]:
    if left is None:
        return
    if left <= timedelta():
        yield N_("No working time is left before it is due.")
    else:
        hours = max(1, round(left / _HOUR))
        yield Filled(N_("Working hours before it is due: {hours}."), {"hours": hours})


def _load_said(load: Load) -> Iterable[Reason]:
    if not load.open:
        yield N_("Has nothing open.")
        return
    yield Filled(N_("Open tasks: {n}."), {"n": load.open})
    if load.due_soon:
        yield Filled(N_("Due within two days: {n}."), {"n": load.due_soon})
    if load.overdue:
        yield Filled(N_("Overdue: {n}."), {"n": load.overdue})


def _day(one: Candidate, at: datetime) -> date:
    return at.astimezone(one.hours.zone).date()
