"""How long approval takes: figures of passages, pure, with start and finish said of each.

A passage is in a period if it ended in it, on its client's clock. Durations come twice: in days as
clients live in them, where a part of a day counts as one, and in the client's working hours.
Quantiles are of the cases as they are (nearest rank): with a p85 of 6 days, at least 85 % of the
cases took 6 days or less. Nothing is averaged over averages, and what has no case is None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final, TypeVar

from postboard.domain.flow import Outcome, Passage, Walk
from postboard.domain.periods import Period
from postboard.domain.workflow import SPECS, Phase, State, Turn

FEW: Final = 10
"""Below so many cases no bands, no promise, no bottleneck, and no figure of one person."""
QUANTILES: Final = (50, 85, 95)
REVIEWED: Final[tuple[State, ...]] = tuple(
    state for state in State if SPECS[state].phase is Phase.REVIEW
)
"""The states between start and finish, in the order of the workflow."""
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_N = TypeVar("_N", int, float)


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of so many cases, in one unit."""

    n: int
    p50: float
    p85: float
    p95: float


@dataclass(frozen=True, slots=True)
class Times:
    """How long finished passages took."""

    cycle_days: Spread | None
    """From the first submission to the approval."""
    cycle_hours: Spread | None
    lead_days: Spread | None
    """From being asked for to the approval."""
    lead_hours: Spread | None


@dataclass(frozen=True, slots=True)
class StateTime:
    """What passages spent in one state between start and finish."""

    state: State
    turn: Turn
    elapsed: timedelta
    worked: timedelta
    share: float
    """Of all elapsed time, 0..1; the shares of all states add to 1."""


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Working hours from being asked for to the approval: worked on, and waited."""

    n: int
    active: timedelta
    waiting: timedelta

    @property
    def share(self) -> float | None:
        whole = self.active + self.waiting
        return self.active / whole if whole else None


@dataclass(frozen=True, slots=True)
class Aged:
    """A passage that has started and is not over. Ages are from its start."""

    passage: Passage
    age_days: int
    """A part of a day as a whole one."""
    age: timedelta
    in_state: timedelta


@dataclass(frozen=True, slots=True)
class Band:
    """Ages, in days from the start, at which passages that were approved left a state."""

    state: State
    ages: Spread


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """So much of what was finished took `days` or less."""

    share: float
    days: int
    n: int


def touching(passages: Iterable[Passage], period: Period) -> list[Passage]:
    """Whole, and under way on any day of the period: no other one is in its figures."""
    first, last = period.first, period.last
    return [
        one
        for one in passages
        if one.whole
        and one.requested_on <= last
        and (one.ended_on is None or one.ended_on >= first)
    ]


def finished(passages: Iterable[Passage], period: Period) -> list[Passage]:
    """Started, approved in the period, and whole: what most figures are of."""
    return [
        one
        for one in passages
        if one.outcome is Outcome.APPROVED
        and one.whole
        and one.started_at
        and period.holds(one.ended_on)
    ]


def unasked(passages: Iterable[Passage], period: Period) -> int:
    """Approved without anybody having been asked, as the client's policy says: no flow."""
    return sum(
        one.outcome is Outcome.APPROVED and one.started_at is None and period.holds(one.ended_on)
        for one in passages
    )


def not_whole(passages: Iterable[Passage]) -> int:
    """Passages that no figure uses: something else than a step moved them."""
    return sum(not one.whole for one in passages)


def quantile(values: Iterable[_N], percent: int) -> _N:
    """The smallest of the values that so many percent do not pass.

    Raises:
        IndexError: there are none.
    """
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def spread(values: Iterable[float]) -> Spread | None:
    ordered = sorted(values)
    if not ordered:
        return None
    return Spread(len(ordered), *(quantile(ordered, percent) for percent in QUANTILES))


def times(done: Sequence[Passage]) -> Times:
    return Times(
        spread(one.cycle_days or 0 for one in done),
        spread(one.cycle_worked / _HOUR for one in done),
        spread(one.lead_days or 0 for one in done),
        spread(one.lead_worked / _HOUR for one in done),
    )


def time_by_state(done: Iterable[Passage]) -> list[StateTime]:
    """Of finished passages, between start and finish, in the order of the workflow."""
    elapsed: dict[State, timedelta] = {}
    worked: dict[State, timedelta] = {}
    for one in done:
        for state, took in one.elapsed_in.items():
            elapsed[state] = elapsed.get(state, timedelta()) + took
            worked[state] = worked.get(state, timedelta()) + one.worked_in[state]
    whole = _sum(elapsed.values())
    return [
        StateTime(
            state,
            SPECS[state].turn,
            elapsed[state],
            worked[state],
            elapsed[state] / whole if whole else 1 / len(elapsed),
        )
        for state in State
        if state in elapsed
    ]


def time_by_turn(states: Iterable[StateTime]) -> dict[Turn, float]:
    """Shares of the time between start and finish: ours and the client's."""
    shares: dict[Turn, float] = dict.fromkeys((Turn.AGENCY, Turn.CLIENT), 0.0)
    for one in states:
        shares[one.turn] += one.share
    return shares


def efficiency(done: Sequence[Passage]) -> Efficiency:
    active = _sum(one.active for one in done)
    return Efficiency(len(done), active, _sum(one.lead_worked for one in done) - active)


def service_level(done: Sequence[Passage], percent: int = 85) -> ServiceLevel | None:
    """What can be promised by the past; None of too few."""
    if len(done) < FEW:
        return None
    return ServiceLevel(
        percent / 100, quantile([p.cycle_days or 0 for p in done], percent), len(done)
    )


def is_wip(one: Passage) -> bool:
    return one.outcome is Outcome.OPEN and one.started_at is not None and one.whole


def ageing(walks: Iterable[Walk], now: datetime) -> list[Aged]:
    """What is in progress, the oldest first."""
    aged = [
        Aged(
            one,
            (walked.office.day(now) - one.started_on).days + 1,
            now - one.started_at,
            now - one.spells[-1].entered_at,
        )
        for walked in walks
        for one in walked.passages[-1:]
        if is_wip(one) and one.started_at and one.started_on
    ]
    return sorted(aged, key=lambda one: (-one.age, one.passage.post_id))


def bands(done: Sequence[Passage]) -> list[Band]:
    """For every state the ages at which finished passages left it last; none of too few."""
    ages: dict[State, list[float]] = {}
    for one in done:
        left = {spell.state: spell.left_at for spell in one.reviewed}
        for state, left_at in left.items():
            if left_at and one.started_at:
                ages.setdefault(state, []).append((left_at - one.started_at) / _DAY)
    return [
        Band(state, found)
        for state in REVIEWED
        if len(ages.get(state, ())) >= FEW and (found := spread(ages[state]))
    ]


def _sum(times: Iterable[timedelta]) -> timedelta:
    return sum(times, timedelta())
