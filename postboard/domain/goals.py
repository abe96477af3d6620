"""What is aimed at in some days, and how far it is: reckoned from the posts' own figures."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postboard.domain.content import NETWORKS
from postboard.domain.engagement import Basis, Denominator, Engagement, pooled, public_engagement
from postboard.domain.errors import BadInput
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period

LONGEST: Final = timedelta(days=2 * 366)
TARGET_MIN: Final = 0.001
"""Beside less a figure is any number of times the target, and no percentage."""
TARGET_MAX: Final = 1e12
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


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal as whoever sets it describes it; without a network it is of all of them."""

    metric: GoalMetric
    target: float
    starts_on: date
    ends_on: date
    network: str = ""

    def checked(self) -> "Aim":
        """Raises:
        BadInput: the target or the days do not fit, or there is no such network.
        """
        if not math.isfinite(self.target) or not TARGET_MIN <= self.target <= TARGET_MAX:
            raise BadInput("Aim at a number above 0.")
        if self.metric is GoalMetric.RATE and self.target > 100:  # noqa: PLR2004 - percent
            raise BadInput("A rate is at most 100 %.")
        if self.metric is not GoalMetric.RATE and not float(self.target).is_integer():
            raise BadInput("Aim at a whole number.")
        if not self.period.is_of_these_times:
            raise BadInput("Choose a day between the years 2000 and 2100.")
        if self.ends_on < self.starts_on:
            raise BadInput("The last day lies before the first.")
        if self.ends_on - self.starts_on > LONGEST:
            raise BadInput("Choose at most two years.")
        if self.network and self.network not in NETWORKS:
            raise BadInput
        return replace(self, target=float(self.target))

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class Progress:
    """None where no post tells the figure: it is not 0."""

    value: float | None
    known: int
    """Posts that tell it, of `posts`."""
    posts: int
    percent: float | None
    """Of the target."""
    elapsed: float
    """Of the days, 0..100."""

    @property
    def reached(self) -> bool:
        return self.percent is not None and self.percent >= 100  # noqa: PLR2004 - percent


def progress(aim: Aim, posts: Iterable[MeasuredPost], today: date) -> Progress:
    """`posts` are the client's, of the goal's days at least."""
    mine = [post for post in aim.period.of(posts) if not aim.network or post.network == aim.network]
    value, known = _REACHED[aim.metric](mine)
    percent = None if value is None else 100 * value / aim.target
    return Progress(value, known, len(mine), percent, _elapsed(aim, today))


def _elapsed(aim: Aim, today: date) -> float:
    gone = (min(today, aim.ends_on + timedelta(days=1)) - aim.starts_on).days
    return 100 * max(0, gone) / aim.period.days


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
