"""How much is under way, comes and goes: counts of passages. Rules as in `flow_times`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from statistics import fmean
from typing import Final

from postboard.domain.flow import STAGES, Passage, Spell, Walk
from postboard.domain.flow_times import FEW, REVIEWED, is_wip
from postboard.domain.periods import Period
from postboard.domain.workflow import State

ONE_SITTING: Final = timedelta(minutes=1)
"""What one person approves without a longer pause is one batch."""
BALANCED: Final = 0.1
"""Arrivals and departures of a stable process differ by no more, as a share of the arrivals."""
AGREES: Final = 0.25
"""Nor does what Little's law says from what was measured, as a share of it."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was finished on one day; `batches` counts what was approved in one sitting as one."""

    day: date
    finished: int
    batches: int


@dataclass(frozen=True, slots=True)
class FlowDay:
    """Posts that had come to each of `STAGES`, or further, by the end of a day; since ever."""

    day: date
    reached: tuple[int, ...]
    came_back: int
    """Requests for changes since ever: rework, which un-counts nothing."""


@dataclass(frozen=True, slots=True)
class StateWip:
    """Passages that stand in one state now."""

    state: State
    n: int
    limit: int | None
    oldest: datetime | None
    """Since when the first of them stands there."""

    @property
    def over(self) -> bool:
        return self.limit is not None and self.n > self.limit


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The state between start and finish in which most of all time passed."""

    state: State
    share: float
    """Of the time that all passages spent between start and finish, open ones too."""
    passages: int
    waiting: float
    """How many stood there, on the average."""
    now: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Stability:
    """Little's law as a check: where it fails, the past is no measure of what comes."""

    arrivals: int
    departures: int
    wip: float
    """On the average, at the end of a day."""
    per_day: float
    measured_days: float | None
    """Between the days of start and finish, on the average."""

    @property
    def predicted_days(self) -> float | None:
        return self.wip / self.per_day if self.per_day else None

    @property
    def stable(self) -> bool | None:
        """None: there is too little to say."""
        said, took = self.predicted_days, self.measured_days
        if said is None or not took or self.departures < FEW:
            return None
        balanced = abs(self.arrivals - self.departures) <= BALANCED * self.arrivals
        return balanced and abs(said - took) <= AGREES * took


def throughput(done: Iterable[Passage], period: Period) -> list[Day]:
    """Each day of the period, also those on which nothing was finished.

    What one person approved in one sitting is one batch, on the day on which it began.
    """
    counted: Counter[date | None] = Counter()
    batches: Counter[date | None] = Counter()
    for batch in batches_of(done):
        batches[batch[0].ended_on] += 1
        counted.update(one.ended_on for one in batch)
    return [Day(day, counted[day], batches[day]) for day in period.each()]


def batches_of(done: Iterable[Passage]) -> list[list[Passage]]:
    """Finished passages, by who approved them in one sitting; each in its order."""
    batches: list[list[Passage]] = []
    last: dict[object, list[Passage]] = {}
    for one in sorted(done, key=attrgetter("ended_at")):
        batch = last.get(one.ended_by)
        if batch and _between(batch[-1], one) <= ONE_SITTING:
            batch.append(one)
        else:
            last[one.ended_by] = [one]
            batches.append(last[one.ended_by])
    return batches


def cumulative_flow(walks: Sequence[Walk], period: Period) -> list[FlowDay]:
    """For each day the posts that had come so far: first entries, so that no line ever falls.

    A line is never below the next one, and between the two are the posts that came no further.
    """
    came = [
        Counter(day for day in of if day)
        for of in zip(*(one.reached for one in walks), strict=True)
    ]
    back = Counter(
        answer.day for one in walks for passage in one.passages for answer in passage.changes
    )
    lines = [
        _cumulated(counted, period) for counted in (*(came or [Counter()] * len(STAGES)), back)
    ]
    return [
        FlowDay(day, tuple(counts[:-1]), counts[-1])
        for day, *counts in zip(period.each(), *lines, strict=True)
    ]


def wip(passages: Iterable[Passage], limits: Mapping[State, int]) -> list[StateWip]:
    """What has started and is not over, in every state where that can be."""
    standing: dict[State, list[Spell]] = {}
    for one in passages:
        if is_wip(one):
            standing.setdefault(one.state, []).append(one.spells[-1])
    return [
        StateWip(
            state,
            len(spells := standing.get(state, [])),
            limits.get(state),
            min((spell.entered_at for spell in spells), default=None),
        )
        for state in REVIEWED
    ]


def wip_by_day(passages: Iterable[Passage], period: Period) -> list[int]:
    """What had started and was not over at the end of each day: arrivals less departures."""
    counted = [one for one in passages if one.whole and one.started_on]
    arrivals = _cumulated(Counter(one.started_on for one in counted if one.started_on), period)
    departures = _cumulated(Counter(one.ended_on for one in counted if one.ended_on), period)
    return [came - went for came, went in zip(arrivals, departures, strict=True)]


def bottleneck(passages: Iterable[Passage], since: datetime, until: datetime) -> Bottleneck | None:
    """Where time passed between two instants, whether or not it came to an end; None of too few.

    The time of open passages counts: a queue that nothing leaves shows in no cycle time.
    """
    under_way = [one for one in passages if one.whole and _is_within(one, since, until)]
    times = [_spent(one, since, until) for one in under_way]
    spent = {
        state: sum((of_one[state] for of_one in times if state in of_one), timedelta())
        for state in REVIEWED
    }
    whole = sum(spent.values(), timedelta())
    if len(under_way) < FEW or not whole:
        return None
    state = max(REVIEWED, key=lambda one: spent[one])
    visits = [spell for one in under_way for spell in one.reviewed if spell.state is state]
    came = sum(since <= spell.entered_at < until for spell in visits)
    stood = sum(spell.entered_at < since for spell in visits if _lasts(spell, since))
    there = sum(spell.entered_at < until for spell in visits if _lasts(spell, until))
    return Bottleneck(
        state,
        spent[state] / whole,
        sum(state in of_one for of_one in times),
        spent[state] / (until - since),
        there,
        came,
        stood + came - there,
    )


def stability(passages: Sequence[Passage], period: Period) -> Stability:
    """Arrivals are starts, departures are approvals and cancellations of what had started."""
    started = [one for one in passages if one.whole and one.started_on]
    took = [
        (one.ended_on - one.started_on).days
        for one in started
        if one.started_on and one.ended_on and period.holds(one.ended_on)
    ]
    return Stability(
        sum(period.holds(one.started_on) for one in started),
        len(took),
        fmean(wip_by_day(started, period)),
        len(took) / period.days,
        fmean(took) if took else None,
    )


def _between(earlier: Passage, later: Passage) -> timedelta:
    assert earlier.ended_at  # noqa: S101 - both are finished
    assert later.ended_at  # noqa: S101
    return later.ended_at - earlier.ended_at


def _cumulated(counted: Mapping[date, int], period: Period) -> list[int]:
    """How many there were by the end of each day of the period, since ever."""
    total = sum(n for day, n in counted.items() if day < period.first)
    found: list[int] = []
    for day in period.each():
        total += counted.get(day, 0)
        found.append(total)
    return found


def _is_within(one: Passage, since: datetime, until: datetime) -> bool:
    if one.started_at is None or one.started_at >= until:
        return False
    return one.ended_at is None or one.ended_at > since


def _spent(one: Passage, since: datetime, until: datetime) -> Mapping[State, timedelta]:
    """Between start and finish, as far as it lies between the two instants."""
    if one.started_at and one.started_at >= since and one.ended_at and one.ended_at <= until:
        return one.elapsed_in
    spent: dict[State, timedelta] = {}
    for spell in one.reviewed:
        took = min(spell.left_at or until, until) - max(spell.entered_at, since)
        if took > timedelta():
            spent[spell.state] = spent.get(spell.state, timedelta()) + took
    return spent


def _lasts(spell: Spell, at: datetime) -> bool:
    return spell.left_at is None or spell.left_at >= at
