"""What a week came to, beside the one before and beside what is usual here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from postboard.domain.engagement import is_settled, median, public_engagement, times_median
from postboard.domain.figures import Figures, MeasuredPost
from postboard.domain.periods import Period

USUAL_DAYS: Final = 90
USUAL_NEEDED: Final = 5
"""Posts that a median is of, at least."""
HIGH: Final = 2.0
LOW: Final = 0.5
"""Times the median, from which on a post stands out."""
_WEEK: Final = timedelta(days=6)

Whose: TypeAlias = tuple[str, str]
"""A client and a network: what is usual for one is not for another."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The median of interactions of a client's posts on a network, of `n` of them."""

    median: float
    n: int


@dataclass(frozen=True, slots=True)
class Outlier:
    """A post whose interactions are far from the median of its client and network."""

    post: MeasuredPost
    engagement: int
    usual: Usual
    times: float


@dataclass(frozen=True, slots=True)
class Sum:
    """Of the `n` posts, of `posts`, whose network told the figure."""

    value: int
    n: int
    posts: int


@dataclass(frozen=True, slots=True)
class Week:
    """`before` are the figures of the days just before, as many of them."""

    period: Period
    published: int
    published_before: int
    engagement: Sum
    engagement_before: Sum
    impressions: Sum
    impressions_before: Sum
    collecting: int
    """Posts whose figures still grow."""
    high: tuple[Outlier, ...]
    low: tuple[Outlier, ...]
    """Of posts that no longer collect."""
    without_usual: tuple[str, ...]
    """Networks with too few posts before to say what is usual."""


def week_in(period: Period) -> Period:
    """The seven days that end with the period, or the period where it is shorter."""
    return Period(max(period.first, period.last - _WEEK), period.last)


def usual_days(week: Period) -> Period:
    """The days before the week that tell what is usual."""
    return Period(week.first - timedelta(days=USUAL_DAYS), week.first - timedelta(days=1))


def week_of(week: Period, posts: Iterable[MeasuredPost]) -> Week:
    """`posts` are those of the week and of its `usual_days`."""
    known = list(posts)
    now, before = week.of(known), week.before().of(known)
    usual = usual_of(usual_days(week).of(known))
    found = [one for post in now if (one := _outlier(post, usual))]
    settled = [one for one in found if is_settled(one.post)]
    return Week(
        period=week,
        published=len(now),
        published_before=len(before),
        engagement=_sum(now, public_engagement),
        engagement_before=_sum(before, public_engagement),
        impressions=_sum(now, _impressions),
        impressions_before=_sum(before, _impressions),
        collecting=sum(not is_settled(post) for post in now),
        high=tuple(sorted((o for o in found if o.times >= HIGH), key=lambda o: -o.times)),
        low=tuple(sorted((o for o in settled if o.times <= LOW), key=lambda o: o.times)),
        without_usual=tuple(sorted({post.network for post in now if _whose(post) not in usual})),
    )


def usual_of(posts: Iterable[MeasuredPost]) -> dict[Whose, Usual]:
    """By client and network, where enough settled posts have a sum of interactions."""
    counts: dict[Whose, list[int]] = defaultdict(list)
    for post in posts:
        engagement = public_engagement(post.figures)
        if engagement is not None and is_settled(post):
            counts[_whose(post)].append(engagement)
    return {
        whose: Usual(middle, len(mine))
        for whose, mine in counts.items()
        if len(mine) >= USUAL_NEEDED and (middle := median(mine)) is not None
    }


def _outlier(post: MeasuredPost, usual: Mapping[Whose, Usual]) -> Outlier | None:
    engagement, known = public_engagement(post.figures), usual.get(_whose(post))
    if engagement is None or known is None:
        return None
    times = times_median(engagement, known.median)
    return None if times is None else Outlier(post, engagement, known, times)


def _whose(post: MeasuredPost) -> Whose:
    return post.client, post.network


def _sum(posts: Sequence[MeasuredPost], figure: Callable[[Figures], int | None]) -> Sum:
    known = [value for post in posts if (value := figure(post.figures)) is not None]
    return Sum(sum(known), len(known), len(posts))


def _impressions(figures: Figures) -> int | None:
    return figures.impressions
