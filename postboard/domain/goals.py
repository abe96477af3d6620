"""What is aimed at in some days, and how far it is: reckoned from the posts' own figures and from
the record of how they were approved.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from postboard.domain import flow_quality
from postboard.domain.benchmarks import (
    OWN,
    OWN_VALUE,
    Choice,
    NoBenchmark,
    bases_of,
    held_beside,
    sources,
)
from postboard.domain.chains import Side
from postboard.domain.content import NETWORKS
from postboard.domain.engagement import (
    Basis,
    Denominator,
    Engagement,
    engagement_rate,
    is_settled,
    pooled,
    public_engagement,
)
from postboard.domain.errors import BadInput
from postboard.domain.figures import MeasuredPost
from postboard.domain.flow import Walk
from postboard.domain.periods import Period
from postboard.domain.team import Department

LONGEST: Final = timedelta(days=2 * 366)
TARGET_MIN: Final = 0.001
"""Beside less a figure is any number of times the target, and no percentage."""
TARGET_MAX: Final = 1e12
HOURS_MAX: Final = 1_000
_RATE: Final = Basis(Engagement.PUBLIC, Denominator.IMPRESSIONS)


class GoalMetric(StrEnum):
    POSTS = "posts"
    """Published posts that some import tells of."""
    INTERACTIONS = "interactions"
    """Likes + comments + shares + saves."""
    IMPRESSIONS = "impressions"
    LINK_CLICKS = "link_clicks"
    RATE = "rate"
    """Interactions per times shown, all posts together, in percent."""
    ABOVE_BENCHMARK = "above_benchmark"
    """Of the posts whose rate is known and settled, how many reach their network's benchmark, in
    percent.
    """
    ON_TIME = "on_time"
    """Of the posts that were to be approved by a day, how many were in time, in percent."""
    FIRST_PASS = "first_pass"  # noqa: S105 - no password
    """Of what was approved, how much came through without a request for changes, in percent."""
    RESPONSE = "response"
    """Working hours that the agency's own reviewers take to answer, at the median."""
    CLIENT_RESPONSE = "client_response"
    """And the client's."""


class Source(StrEnum):
    """Where a number comes from."""

    IMPORTS = "imports"
    RECORD = "record"
    """What each post went through."""


OF_RECORD: Final = frozenset(
    {
        GoalMetric.ON_TIME,
        GoalMetric.FIRST_PASS,
        GoalMetric.RESPONSE,
        GoalMetric.CLIENT_RESPONSE,
    }
)
AT_MOST: Final = frozenset({GoalMetric.RESPONSE, GoalMetric.CLIENT_RESPONSE})
"""Less is better; in hours."""
IN_PERCENT: Final = frozenset(
    {GoalMetric.RATE, GoalMetric.ABOVE_BENCHMARK, GoalMetric.ON_TIME, GoalMetric.FIRST_PASS}
)
GROWING: Final = frozenset(GoalMetric) - IN_PERCENT - AT_MOST
"""Sums, which grow with the days; the others are as good or bad on any day."""
BENCHMARKS: Final = tuple(source for source in sources() if source != OWN_VALUE)
"""Our own is the median of the 90 days before the goal's first."""


def source_of(metric: GoalMetric) -> Source:
    return Source.RECORD if metric in OF_RECORD else Source.IMPORTS


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal as whoever sets it describes it; without a network it is of all of them.

    With a department it is of the posts that somebody of it worked on. `benchmark` is one of
    `BENCHMARKS` for the metric that needs it.
    """

    metric: GoalMetric
    target: float
    starts_on: date
    ends_on: date
    network: str = ""
    department: Department | None = None
    owner_id: UUID | None = None
    benchmark: str = ""

    def checked(self) -> "Aim":
        """Raises:
        BadInput: the target or the days do not fit, or there is no such network or benchmark.
        """
        self._check_target()
        if not self.period.is_of_these_times:
            raise BadInput("Choose a day between the years 2000 and 2100.")
        if self.ends_on < self.starts_on:
            raise BadInput("The last day lies before the first.")
        if self.ends_on - self.starts_on > LONGEST:
            raise BadInput("Choose at most two years.")
        if self.network and self.network not in NETWORKS:
            raise BadInput
        if self.network and self.metric in OF_RECORD:
            raise BadInput("How approval goes is counted over all networks.")
        benchmark = ""
        if self.metric is GoalMetric.ABOVE_BENCHMARK:
            benchmark = self.benchmark or OWN
            if benchmark not in BENCHMARKS:
                raise BadInput
        return replace(self, target=float(self.target), benchmark=benchmark)

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    def _check_target(self) -> None:
        if not math.isfinite(self.target) or not TARGET_MIN <= self.target <= TARGET_MAX:
            raise BadInput("Aim at a number above 0.")
        if self.metric in IN_PERCENT and self.target > 100:  # noqa: PLR2004 - percent
            raise BadInput("A rate is at most 100 %.")
        if self.metric in AT_MOST and self.target > HOURS_MAX:
            raise BadInput("Hours are a number from 1 to {limit}.", limit=HOURS_MAX)
        if self.metric in GROWING and not float(self.target).is_integer():
            raise BadInput("Aim at a whole number.")


@dataclass(frozen=True, slots=True)
class Told:
    """What goals are reckoned from: posts and walks of the goal's client, or of all.

    `worked_on` are the posts of our own that each department worked on.
    """

    posts: Sequence[MeasuredPost]
    now: datetime
    walks: Sequence[Walk] = ()
    worked_on: Mapping[Department, Collection[UUID]] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """None where no post tells the figure: it is not 0."""

    value: float | None
    known: int
    """Posts that tell it (or answers that were given), of `posts`."""
    posts: int
    percent: float | None
    """Of the target; where less is better, of the value."""
    elapsed: float
    """Of the days, 0..100."""

    @property
    def reached(self) -> bool:
        return self.percent is not None and self.percent >= 100  # noqa: PLR2004 - percent


def progress(aim: Aim, told: Told, today: date) -> Progress:
    """`told` is of the goal's days at least; for our own benchmark of the 90 before them too."""
    if aim.metric in OF_RECORD:
        value, known, posts = _of_record(aim, told)
    else:
        mine = [post for post in aim.period.of(_posts(aim, told)) if _on(aim, post)]
        value, known = _reached(aim, told, mine)
        posts = len(mine)
    return Progress(value, known, posts, _percent(aim, value), _elapsed(aim, today))


def _percent(aim: Aim, value: float | None) -> float | None:
    if value is None:
        return None
    if aim.metric in AT_MOST:
        return 100 * aim.target / value if value > aim.target else 100.0
    return 100 * value / aim.target


def _elapsed(aim: Aim, today: date) -> float:
    gone = (min(today, aim.ends_on + timedelta(days=1)) - aim.starts_on).days
    return 100 * max(0, gone) / aim.period.days


def _posts(aim: Aim, told: Told) -> Iterable[MeasuredPost]:
    theirs = _worked_on(aim, told)
    if theirs is None:
        return told.posts
    ids = {post_id.hex for post_id in theirs}
    return [post for post in told.posts if post.post_id.replace("-", "") in ids]


def _worked_on(aim: Aim, told: Told) -> Collection[UUID] | None:
    """None: the goal is of no single department."""
    return None if aim.department is None else (told.worked_on or {}).get(aim.department, ())


def _on(aim: Aim, post: MeasuredPost) -> bool:
    return not aim.network or post.network == aim.network


def _of_record(aim: Aim, told: Told) -> tuple[float | None, int, int]:
    theirs = _worked_on(aim, told)
    walks = [one for one in told.walks if theirs is None or one.post_id in theirs]
    passages = [passage for one in walks for passage in one.passages]
    if aim.metric is GoalMetric.ON_TIME:
        found = flow_quality.on_time(walks, aim.period, told.now)
        return _in_percent(found.share), found.n, found.n
    if aim.metric is GoalMetric.FIRST_PASS:
        whole = flow_quality.quality(passages, aim.period).whole
        return _in_percent(whole.share), whole.n, whole.n
    side = Side.INTERNAL if aim.metric is GoalMetric.RESPONSE else Side.CLIENT
    hours = flow_quality.responses(passages, aim.period, side, told.now).hours
    return (hours.p50, hours.n, hours.n) if hours else (None, 0, 0)


def _in_percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _reached(aim: Aim, told: Told, mine: Sequence[MeasuredPost]) -> tuple[float | None, int]:
    if aim.metric is GoalMetric.ABOVE_BENCHMARK:
        return _above(aim, told, mine)
    return _REACHED[aim.metric](mine)


def _above(aim: Aim, told: Told, mine: Sequence[MeasuredPost]) -> tuple[float | None, int]:
    """Each post beside its own network's benchmark; what has none is not known."""
    above = known = 0
    for network in dict.fromkeys(post.network for post in mine):
        found = _benchmark(aim, told, network)
        if found is None:
            continue
        basis, value = found
        settled = [post for post in mine if post.network == network and is_settled(post)]
        rates = [rate for post in settled if (rate := engagement_rate(post, basis)) is not None]
        known += len(rates)
        above += sum(rate >= value for rate in rates)
    return (100 * above / known if known else None), known


def _benchmark(aim: Aim, told: Told, network: str) -> tuple[Basis, float] | None:
    """The first one of the source that fits the network; none of it may be held beside others."""
    source = aim.benchmark or OWN
    before = aim.starts_on - timedelta(days=1)
    for basis in [_RATE] if source == OWN else bases_of(source):
        try:
            found = held_beside(Choice(source, basis), network, told.posts, before)
        except NoBenchmark:
            continue
        return basis, found.value
    return None


_Reached = Callable[[Sequence[MeasuredPost]], tuple[float | None, int]]


def _counted(posts: Sequence[MeasuredPost]) -> tuple[float | None, int]:
    return len(posts), len(posts)


def _summed(figure: Callable[[MeasuredPost], int | None]) -> _Reached:
    def reached(posts: Sequence[MeasuredPost]) -> tuple[float | None, int]:
        known = [value for post in posts if (value := figure(post)) is not None]
        return (sum(known) if known else None), len(known)

    return reached


def _rate(posts: Sequence[MeasuredPost]) -> tuple[float | None, int]:
    known = [
        post
        for post in posts
        if public_engagement(post.figures) is not None and post.figures.impressions
    ]
    return pooled(known, _RATE), len(known)


_REACHED: Final[Mapping[GoalMetric, _Reached]] = {
    GoalMetric.POSTS: _counted,
    GoalMetric.INTERACTIONS: _summed(lambda post: public_engagement(post.figures)),
    GoalMetric.IMPRESSIONS: _summed(lambda post: post.figures.impressions),
    GoalMetric.LINK_CLICKS: _summed(lambda post: post.figures.link_clicks),
    GoalMetric.RATE: _rate,
}
