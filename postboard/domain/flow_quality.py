"""How well approval goes: right at once, in time, answered as agreed. Rules as in `flow_times`."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import prod
from statistics import median
from typing import Final
from uuid import UUID

from postboard.domain.chains import SIDE_OF, Side
from postboard.domain.flow import Outcome, Passage, Walk
from postboard.domain.flow_times import FEW, Spread, finished, spread, touching
from postboard.domain.periods import Period, monday_of

LEAD: Final = timedelta(hours=24)
"""So long before it goes out a post is to be approved."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Yield:
    """How many came through without a request for changes."""

    n: int
    first_pass: int

    @property
    def share(self) -> float | None:
        return self.first_pass / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Quality:
    whole: Yield
    """Of all that was approved."""
    by_side: Mapping[Side, Yield]
    """Of what was approved, by who was asked on the way."""
    answered: int
    """Passages that anybody answered in the period, whatever became of them."""
    came_back: int
    """Those of them that anybody requested changes of in it."""
    reopened: int
    """Approved before, and begun anew in the period by new words."""

    @property
    def rolled(self) -> float | None:
        """The product of the sides' yields: what would come through if they were independent."""
        shares = [one.share for one in self.by_side.values() if one.share is not None]
        return prod(shares) if shares else None

    @property
    def rework_rate(self) -> float | None:
        return self.came_back / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often the client was asked until it was approved: so many passages for each number."""

    passages: Mapping[int, int]

    @property
    def n(self) -> int:
        return sum(self.passages.values())

    @property
    def mean(self) -> float | None:
        total = sum(rounds * n for rounds, n in self.passages.items())
        return total / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Week:
    """What was approved in one ISO week; nothing is not zero, so a week may have no figure."""

    monday: date
    whole: Yield
    rounds: float | None
    """With the client, of a passage on the average."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What requests for changes were about; one may name several things."""

    requests: int
    by_tag: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OnTime:
    """Posts that were to be approved by a time which has come, so many of them in time."""

    n: int
    in_time: int
    late: tuple[UUID, ...]
    """Approved later, or not yet."""
    unplanned: int
    """Approved in the period without a time to go out at: in no share."""

    @property
    def share(self) -> float | None:
        return self.in_time / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Responses:
    """How fast one side answers, in working hours."""

    hours: Spread | None
    in_time: int
    due: int
    """Answers that were given, and open ones that are overdue."""

    @property
    def share(self) -> float | None:
        return self.in_time / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Person:
    """One person's answers."""

    person_id: UUID
    name: str
    answers: int
    hours: float
    """Working hours to an answer, at the median."""
    approved: int


@dataclass(frozen=True, slots=True)
class People:
    """By name, never by figure. Whoever gave fewer than `FEW` answers is counted, not named."""

    named: tuple[Person, ...] = ()
    others: int = 0
    their_answers: int = 0


def quality(passages: Iterable[Passage], period: Period) -> Quality:
    passages = touching(passages, period)
    done = finished(passages, period)
    answered = came_back = reopened = 0
    for one in passages:
        said = [answer.approved for answer in one.answers if period.holds(answer.day)]
        answered += bool(said)
        came_back += False in said
        reopened += one.number > 1 and period.holds(one.requested_on)
    return Quality(
        Yield(len(done), sum(not one.changes for one in done)),
        {side: _yield_of(side, done) for side in Side},
        answered,
        came_back,
        reopened,
    )


def rounds(done: Iterable[Passage]) -> Rounds:
    """Of finished passages in which the client was asked."""
    counted = Counter(one.rounds for one in done if one.rounds)
    return Rounds(dict(sorted(counted.items())))


def by_week(passages: Iterable[Passage], period: Period) -> list[Week]:
    """Each ISO week that the period touches, also those in which nothing was approved.

    Only days of the period count: its first and its last week may be parts.
    """
    weeks: dict[date, list[Passage]] = {monday: [] for monday in period.weeks()}
    for one in finished(passages, period):
        if one.ended_on:
            weeks[monday_of(one.ended_on)].append(one)
    return [
        Week(monday, Yield(len(done), sum(not one.changes for one in done)), rounds(done).mean)
        for monday, done in weeks.items()
    ]


def reasons(
    passages: Iterable[Passage], period: Period, sides: Collection[Side] = tuple(Side)
) -> Reasons:
    """Of the requests for changes that were made in the period, the most frequent first."""
    asked = [
        answer
        for one in touching(passages, period)
        for answer in one.changes
        if period.holds(answer.day) and answer.side in sides
    ]
    tags = Counter(tag for answer in asked for tag in answer.tags)
    return Reasons(len(asked), dict(sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))))


def on_time(walks: Iterable[Walk], period: Period, now: datetime, lead: timedelta = LEAD) -> OnTime:
    """Whether posts were approved so long before they were to go out.

    A post is in the period by the day on which it was to be approved; as it was planned when it
    was approved, so that a date that moves on a late approval saves nothing.
    """
    n = in_time = unplanned = 0
    late: list[UUID] = []
    for one in walks:
        last = one.passages[-1] if one.passages else None
        if last is None or not last.whole or last.outcome is Outcome.CANCELLED:
            continue
        if one.planned_at is None:
            unplanned += last.outcome is Outcome.APPROVED and period.holds(last.ended_on)
            continue
        by = one.planned_at - lead
        if not period.holds(one.office.day(by)) or (by > now and not last.ended_at):
            continue
        n += 1
        if last.ended_at and last.ended_at <= by:
            in_time += 1
        else:
            late.append(one.post_id)
    return OnTime(n, in_time, tuple(late), unplanned)


def responses(passages: Iterable[Passage], period: Period, side: Side, now: datetime) -> Responses:
    """Answers that were given in the period, against the working time that was agreed with the
    client when it was asked.

    An open question counts as soon as it is overdue: silence is not in time. The agency's own
    answers are held against the same.
    """
    took: list[timedelta] = []
    in_time = overdue = 0
    for one in touching(passages, period):
        for answer in one.answers:
            if answer.side is side and period.holds(answer.day):
                took.append(answer.worked)
                in_time += answer.worked <= one.office.then(answer.asked_at).answers_within
        if one.asked_at and SIDE_OF.get(one.state) is side:
            allowed = one.office.then(one.asked_at).answers_within
            overdue += one.office.worked(one.asked_at, now) > allowed
    return Responses(spread(one / _HOUR for one in took), in_time, len(took) + overdue)


def people(passages: Iterable[Passage], period: Period, side: Side) -> People:
    """What each person of a side answered in the period; no figure of one of few cases."""
    theirs: dict[UUID, list[tuple[str, timedelta, bool]]] = {}
    for one in touching(passages, period):
        for answer in one.answers:
            if answer.side is side and period.holds(answer.day):
                said = (answer.person, answer.worked, answer.approved)
                theirs.setdefault(answer.person_id, []).append(said)
    few = [answers for answers in theirs.values() if len(answers) < FEW]
    named = [
        Person(
            person_id,
            answers[-1][0],
            len(answers),
            median(worked / _HOUR for _, worked, _ in answers),
            sum(approved for *_, approved in answers),
        )
        for person_id, answers in theirs.items()
        if len(answers) >= FEW
    ]
    by_name = sorted(named, key=lambda person: (person.name.casefold(), person.person_id))
    return People(tuple(by_name), len(few), sum(map(len, few)))


def _yield_of(side: Side, done: Iterable[Passage]) -> Yield:
    states = [state for state, of in SIDE_OF.items() if of is side]
    asked = [one for one in done if any(state in one.elapsed_in for state in states)]
    back = sum(any(a.side is side for a in one.changes) for one in asked if one.changes)
    return Yield(len(asked), len(asked) - back)
