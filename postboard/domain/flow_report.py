"""All figures of how approval flows in a period, beside those of the period before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from postboard.domain import flow_counts, flow_quality, flow_times
from postboard.domain.chains import Side
from postboard.domain.flow import Passage, Walk
from postboard.domain.flow_counts import Bottleneck, Day, FlowDay, Stability, StateWip
from postboard.domain.flow_quality import (
    OnTime,
    People,
    Quality,
    Reasons,
    Responses,
    Rounds,
    Week,
)
from postboard.domain.flow_times import Aged, Band, Efficiency, ServiceLevel, StateTime, Times
from postboard.domain.forecast import Forecast, TooFew, forecast
from postboard.domain.periods import Period
from postboard.domain.workflow import State

ROLLING: Final = timedelta(days=90)
"""What is promised, foreseen and called old is measured by the last days, whatever the period."""
AHEAD_DAYS: Final = 14
_NO_LIMITS: Final[Mapping[State, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Known:
    """What the figures are of, as it stands now."""

    walks: Sequence[Walk]
    now: datetime

    @property
    def passages(self) -> list[Passage]:
        return [passage for one in self.walks for passage in one.passages]


@dataclass(frozen=True, slots=True)
class PostName:
    """What stands for a post where it is one mark of many."""

    key: str
    """Like ACME-12."""
    text: str


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A post that goes out soon and is not approved, with its odds (`domain.odds`)."""

    post_id: UUID
    name: PostName
    planned_at: datetime
    held_in: State
    percent: int | None
    """None without enough history."""
    cases: int
    left_h: int
    """Working hours."""
    at_risk: bool
    """More likely late than not, or late already."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is compared with the period before: of one period, as far as it has passed."""

    period: Period
    done: Sequence[Passage]
    """Started, and approved in the period: n of most figures."""
    unasked: int
    times: Times
    efficiency: Efficiency
    quality: Quality
    rounds: Rounds
    reasons: Reasons
    on_time: OnTime
    client: Responses
    agency: Responses


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand now, whatever the period."""

    wip: Sequence[StateWip]
    ageing: Sequence[Aged]
    bands: Sequence[Band]
    lately: Sequence[Passage]
    """Finished within `ROLLING`, which `bands` are of."""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period that has begun, and how things stand now."""

    now: datetime
    figures: Figures
    before: Figures
    states: Sequence[StateTime]
    days: Sequence[Day]
    stability: Stability
    bottleneck: Bottleneck | None
    weeks: Sequence[Week]
    flow: Sequence[FlowDay]
    reviewers: People
    wip: Sequence[StateWip]
    ageing: Sequence[Aged]
    bands: Sequence[Band]
    rolling_n: int
    """Finished within `ROLLING`: what `bands`, `service_level` and `forecast` are of."""
    service_level: ServiceLevel | None
    forecast: Forecast | TooFew
    not_whole: int


def first_day(period: Period, today: date) -> date:
    """From which on posts are to be read for a report."""
    return min(period.before().first, today - ROLLING)


def report(
    known: Known, period: Period, today: date, limits: Mapping[State, int] = _NO_LIMITS
) -> Report | None:
    """None of a period that lies ahead; `limits` are how many posts are to stand in a state."""
    so_far = period.until(today)
    if so_far is None:
        return None
    passages = known.passages
    now = figures(known, so_far)
    stands = standing(known, today, limits)
    wip, lately = stands.wip, stands.lately
    per_day = [day.finished for day in flow_counts.throughput(lately, _rolling(today))]
    return Report(
        known.now,
        now,
        figures(known, period.before()),
        flow_times.time_by_state(now.done),
        flow_counts.throughput(now.done, so_far),
        flow_counts.stability(passages, so_far),
        flow_counts.bottleneck(passages, *_instants(so_far, known.now)),
        flow_quality.by_week(passages, so_far),
        flow_counts.cumulative_flow(known.walks, so_far),
        flow_quality.people(passages, so_far, Side.CLIENT),
        wip,
        stands.ageing,
        stands.bands,
        len(lately),
        flow_times.service_level(lately),
        forecast(per_day, sum(one.n for one in wip), AHEAD_DAYS),
        flow_times.not_whole(passages),
    )


def standing(known: Known, today: date, limits: Mapping[State, int] = _NO_LIMITS) -> Standing:
    """Of a report what is of now: it costs a tenth of it."""
    passages = known.passages
    lately = flow_times.finished(passages, _rolling(today))
    return Standing(
        flow_counts.wip(passages, limits),
        flow_times.ageing(known.walks, known.now),
        flow_times.bands(lately),
        lately,
    )


def figures(known: Known, period: Period) -> Figures:
    passages = flow_times.touching(known.passages, period)
    done = flow_times.finished(passages, period)
    return Figures(
        period,
        done,
        flow_times.unasked(passages, period),
        flow_times.times(done),
        flow_times.efficiency(done),
        flow_quality.quality(passages, period),
        flow_quality.rounds(done),
        flow_quality.reasons(passages, period),
        flow_quality.on_time(known.walks, period, known.now),
        flow_quality.responses(passages, period, Side.CLIENT, known.now),
        flow_quality.responses(passages, period, Side.INTERNAL, known.now),
    )


def _rolling(today: date) -> Period:
    return Period(today - ROLLING, today - timedelta(days=1))


def _instants(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """From its first midnight to its last one or to now, by UTC: clients' clocks differ."""
    ends = datetime.combine(period.last, time(), UTC) + timedelta(days=1)
    return datetime.combine(period.first, time(), UTC), min(ends, now)
