"""What a post did on its way to being approved, as its record tells it.

A passage begins when a post is asked for: it is made, or what was approved gets new words, or what
was cancelled is reopened. It *starts* when the post is submitted for the first time, and is over
when the post is approved for publishing (its *finish*) or cancelled. So whatever came back after
an approval passes once more, and the past never changes.

Only steps of the workflow count. Where a step leaves another state than the one before it led to,
something else put the post there (an import): that passage is not whole, and no figure uses it. A
decision that its maker took back was none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import dropwhile
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from postboard.domain.chains import SIDE_OF, Side
from postboard.domain.workflow import BOARD_COLUMNS, SPECS, Action, Column, Phase, State
from postboard.domain.working_time import WorkMeter

CREATED: Final = "created"
"""What a new post enters its first state by."""
DECIDED: Final = "decided"
"""An approval with which the post stays where it is: others are asked."""
ON_THE_WAY: Final = frozenset({Phase.MAKING, Phase.REVIEW})
STAGES: Final[tuple[Column, ...]] = tuple(c for c in BOARD_COLUMNS if c is not Column.REWORK)
"""How far a post can be, in the order of the board. Rework is none: whoever is there was further
already.
"""
_ANSWERS: Final = frozenset({DECIDED, Action.APPROVE, Action.REQUEST_CHANGES})
_LEFT: Final = len(STAGES) - 1
_STAGE_OF: Final[Mapping[State, int]] = MappingProxyType(
    {
        state: STAGES.index(spec.column) if spec.column in STAGES else _LEFT
        for state, spec in SPECS.items()
        if spec.column is not Column.REWORK
    }
)
"""What is cancelled has left, as what is published has."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a post's record: a step that was taken, or an answer that was given."""

    action: str
    before: State | None
    """None of a new post."""
    state: State
    at: datetime
    person_id: UUID | None = None
    """None: the clock did it."""
    person: str = ""
    request: str = ""
    """What it answers, or takes an answer back of."""
    asks_next: bool = False
    """With it the people of the next stage are asked."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replanned:
    """The post was to go out at `before` until then."""

    at: datetime
    before: datetime | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """The working hours of a client, and its time to answer, as they held since some time."""

    since: datetime | None
    """None: from the beginning."""
    meter: WorkMeter = field(compare=False)
    answers_within: timedelta


@dataclass(frozen=True, slots=True)
class Office:
    """The clock of a post's client, and what was agreed with it when, the newest first."""

    zone: ZoneInfo
    agreed: tuple[Agreed, ...]

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def then(self, at: datetime) -> Agreed:
        return next(one for one in self.agreed if one.since is None or one.since <= at)

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """By the hours that held at the beginning."""
        return self.then(since).meter.between(since, until)


class Outcome(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Spell:
    """A post stood in one state for a while."""

    state: State
    entered_at: datetime
    left_at: datetime | None
    """None: it stands there still."""
    worked: timedelta
    """Of it in working hours; nothing yet while it stands there."""

    @property
    def elapsed(self) -> timedelta:
        """On the calendar; nothing yet while it stands there."""
        return self.left_at - self.entered_at if self.left_at else timedelta()


@dataclass(frozen=True, slots=True)
class Answer:
    """One person said what they think when they were asked; the clock's consent is none."""

    side: Side
    person_id: UUID
    person: str
    asked_at: datetime
    at: datetime
    day: date
    worked: timedelta
    """Working hours that they took."""
    approved: bool
    tags: tuple[str, ...] = ()
    """Of a request for changes: what it is about."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A post from being asked for until it was approved or cancelled. Days are the client's."""

    post_id: UUID
    office: Office
    number: int
    """The post's second begins after its first approval."""
    outcome: Outcome
    requested_at: datetime
    started_at: datetime | None
    """None: it was never submitted to anybody."""
    ended_at: datetime | None
    ended_by: UUID | None
    spells: tuple[Spell, ...]
    answers: tuple[Answer, ...]
    rounds: int
    """How often the client was asked."""
    asked_at: datetime | None
    """Since when somebody is asked, while it is open."""
    whole: bool = True

    # Worked out once: a report asks for them thousands of times.
    requested_on: date = field(init=False)
    started_on: date | None = field(init=False)
    ended_on: date | None = field(init=False)
    reviewed: tuple[Spell, ...] = field(init=False)
    """What is between start and finish: everything from the first submission on."""
    changes: tuple[Answer, ...] = field(init=False)
    """The requests for changes."""
    elapsed_in: Mapping[State, timedelta] = field(init=False)
    """Between start and finish, for each state that it came through."""
    worked_in: Mapping[State, timedelta] = field(init=False)
    """The same in working hours."""
    cycle_worked: timedelta = field(init=False)
    """From start to finish, in working hours."""
    lead_worked: timedelta = field(init=False)
    """From being asked for to the finish, in working hours."""
    active: timedelta = field(init=False)
    """Of that what somebody at the agency was to work on it."""

    def __post_init__(self) -> None:
        started_at, ended_at = self.started_at, self.ended_at
        reviewed = tuple(dropwhile(_is_made, self.spells))
        elapsed, worked = dict[State, timedelta](), dict[State, timedelta]()
        for spell in reviewed:
            elapsed[spell.state] = elapsed.get(spell.state, timedelta()) + spell.elapsed
            worked[spell.state] = worked.get(spell.state, timedelta()) + spell.worked
        fixed = {
            "requested_on": self.office.day(self.requested_at),
            "started_on": self.office.day(started_at) if started_at else None,
            "ended_on": self.office.day(ended_at) if ended_at else None,
            "reviewed": reviewed,
            "changes": tuple(answer for answer in self.answers if not answer.approved),
            "elapsed_in": elapsed,
            "worked_in": worked,
            "cycle_worked": sum(worked.values(), timedelta()),
            "lead_worked": sum((s.worked for s in self.spells), timedelta()),
            "active": sum((s.worked for s in self.spells if SPECS[s.state].worked_on), timedelta()),
        }
        for name, value in fixed.items():
            object.__setattr__(self, name, value)

    @property
    def state(self) -> State:
        """Where it stands, or stood last."""
        return self.spells[-1].state

    @property
    def cycle_days(self) -> int | None:
        """From start to finish, a part of a day as a whole one: the same day is 1."""
        return self._days(self.started_on)

    @property
    def lead_days(self) -> int | None:
        """From being asked for to the finish, as `cycle_days`."""
        return self._days(self.requested_on)

    def _days(self, since: date | None) -> int | None:
        return (self.ended_on - since).days + 1 if since and self.ended_on else None


@dataclass(frozen=True, slots=True)
class Walk:
    """All that one post went through."""

    post_id: UUID
    office: Office
    reached: tuple[date | None, ...]
    """For each of `STAGES` the day on which it first came there or further."""
    passages: tuple[Passage, ...]
    planned_at: datetime | None
    """Of an approved post as it was when it was approved, however often it moved since."""


def walk(
    post_id: UUID,
    moves: Iterable[Move],
    office: Office,
    *,
    planned_at: datetime | None = None,
    replanned: Sequence[Replanned] = (),
) -> Walk:
    """Of one post, by its moves and replannings in their order; `planned_at` is today's."""
    passages: list[Passage] = []
    reached: list[date | None] = [None] * len(STAGES)
    going: _Going | None = None
    state: State | None = None
    for move in standing(moves):
        if move.before is not state:
            going = _torn(move.before, move.at, len(passages) + 1)
        if going:
            going.hear(move, office)
        if move.state is move.before:
            continue
        state = move.state
        stage = _STAGE_OF.get(state)
        if stage is not None and reached[stage] is None:
            reached[stage] = office.day(move.at)
        if SPECS[state].phase in ON_THE_WAY:
            going = going or _Going(len(passages) + 1, move.at)
            going.enter(state, move.at, office)
        elif going:
            going.leave(move.at, office)
            passages.append(going.passage(post_id, office, move))
            going = None
    if going:
        going.leave(None, office)
        passages.append(going.passage(post_id, office))
    return Walk(
        post_id,
        office,
        _or_further(reached),
        tuple(passages),
        _planned_when_approved(passages, planned_at, replanned),
    )


def standing(moves: Iterable[Move]) -> list[Move]:
    """Without what was taken back, and without its being taken back."""
    kept: list[Move] = []
    for move in moves:
        if move.action != Action.RECONSIDER:
            kept.append(move)
            continue
        for index in range(len(kept) - 1, -1, -1):
            said = kept[index]
            if said.action in _ANSWERS and (said.request, said.person_id) == (
                move.request,
                move.person_id,
            ):
                del kept[index]
                break
    return kept


@dataclass(slots=True)
class _Going:
    """A passage as it grows."""

    number: int
    requested_at: datetime
    whole: bool = True
    started_at: datetime | None = None
    asked_at: datetime | None = None
    rounds: int = 0
    state: State | None = None
    entered_at: datetime | None = None
    spells: list[Spell] = field(default_factory=list[Spell])
    answers: list[Answer] = field(default_factory=list[Answer])

    def hear(self, move: Move, office: Office) -> None:
        """Note what somebody answers, and who is asked next."""
        side = SIDE_OF.get(move.before) if move.before else None
        is_answer = move.action in _ANSWERS
        wants_changes = move.action == Action.REQUEST_CHANGES
        if side and is_answer and move.person_id and self.asked_at:
            answer = Answer(
                side,
                move.person_id,
                move.person,
                self.asked_at,
                move.at,
                office.day(move.at),
                office.worked(self.asked_at, move.at),
                not wants_changes,
                move.tags if wants_changes else (),
            )
            self.answers.append(answer)
        if move.asks_next or (move.state is move.before and not is_answer):
            self.asked_at = move.at

    def enter(self, state: State, at: datetime, office: Office) -> None:
        self.leave(at, office)
        self.state, self.entered_at = state, at
        if self.started_at is None and SPECS[state].phase is Phase.REVIEW:
            self.started_at = at
        side = SIDE_OF.get(state)
        self.asked_at = at if side else None
        self.rounds += side is Side.CLIENT

    def leave(self, at: datetime | None, office: Office) -> None:
        """The spell that it is in is over; None: it is not, but the record is."""
        if self.state and self.entered_at:
            worked = office.worked(self.entered_at, at) if at else timedelta()
            self.spells.append(Spell(self.state, self.entered_at, at, worked))

    def passage(self, post_id: UUID, office: Office, end: Move | None = None) -> Passage:
        return Passage(
            post_id=post_id,
            office=office,
            number=self.number,
            outcome=_outcome(end),
            requested_at=self.requested_at,
            started_at=self.started_at,
            ended_at=end and end.at,
            ended_by=end and end.person_id,
            spells=tuple(self.spells),
            answers=tuple(self.answers),
            rounds=self.rounds,
            asked_at=None if end else self.asked_at,
            whole=self.whole,
        )


def _is_made(spell: Spell) -> bool:
    return SPECS[spell.state].phase is Phase.MAKING


def _torn(before: State | None, at: datetime, number: int) -> _Going | None:
    """Where a record goes on that does not say how the post came there."""
    if before is None or SPECS[before].phase not in ON_THE_WAY:
        return None
    return _Going(number, at, whole=False, state=before, entered_at=at)


def _outcome(end: Move | None) -> Outcome:
    if end is None:
        return Outcome.OPEN
    approved = SPECS[end.state].phase is Phase.APPROVED
    return Outcome.APPROVED if approved else Outcome.CANCELLED


def _or_further(reached: Sequence[date | None]) -> tuple[date | None, ...]:
    """A post that skipped a stage came through it on the day of the next one."""
    first: date | None = None
    days: list[date | None] = []
    for day in reversed(reached):
        if day and (first is None or day < first):
            first = day
        days.append(first)
    return tuple(reversed(days))


def _planned_when_approved(
    passages: Sequence[Passage], planned_at: datetime | None, replanned: Sequence[Replanned]
) -> datetime | None:
    last = passages[-1] if passages else None
    if last is None or last.ended_at is None:
        return planned_at
    later = (one.before for one in replanned if one.at > last.ended_at)
    return next(later, planned_at)
