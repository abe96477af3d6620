"""What a post's figures come to: every rate there is, its denominator named.

Rates are percentages, 0..100 and above. None: a figure is not known or the denominator is 0;
what is not known is never taken for 0.

Two kinds of engagement that are never mixed: `PUBLIC` is what everybody can see and every network
counts; `PLATFORM` is what the network itself counts, clicks among it.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from postboard.domain.figures import Figure, Figures, MeasuredPost
from postboard.locale.languages import N_, MessageId

SETTLED_AFTER: Final = timedelta(days=7)
"""Lifetime figures grow: younger ones are still collecting."""
_VIEWS_ARE_IMPRESSIONS: Final = frozenset({"tiktok", "youtube"})
"""Networks whose views are kept as impressions."""


class Engagement(StrEnum):
    PUBLIC = "public"
    PLATFORM = "platform"


class Denominator(StrEnum):
    REACH = "reach"
    IMPRESSIONS = "impressions"
    FOLLOWERS = "followers"
    VIEWS = "views"


ENGAGEMENTS: Final[Mapping[Engagement, MessageId]] = {
    Engagement.PUBLIC: N_("likes, comments, shares and saves"),
    Engagement.PLATFORM: N_("engagements as the network counts them"),
}
DENOMINATORS: Final[Mapping[Denominator, MessageId]] = {
    Denominator.REACH: N_("reach"),
    Denominator.IMPRESSIONS: N_("impressions"),
    Denominator.FOLLOWERS: N_("followers"),
    Denominator.VIEWS: N_("views"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What an engagement rate is made of. Rates of unlike bases are not compared."""

    engagement: Engagement
    denominator: Denominator


@dataclass(frozen=True, slots=True)
class Quartiles:
    low: float
    median: float
    high: float


def engagement_rate(post: MeasuredPost, basis: Basis) -> float | None:
    """Of one post, in percent of the basis's denominator."""
    formula = _FORMULAS[basis.denominator]
    return formula(engagement_of(post, basis.engagement), denominator_of(post, basis.denominator))


def engagement_of(post: MeasuredPost, kind: Engagement) -> int | None:
    """Interactions of one post."""
    if kind is Engagement.PUBLIC:
        return public_engagement(post.figures)
    return platform_engagement(post.network, post.figures)


def denominator_of(post: MeasuredPost, denominator: Denominator) -> int | None:
    """People (reach, followers when it was published) or times shown (impressions, views)."""
    match denominator:
        case Denominator.REACH:
            return post.figures.reach
        case Denominator.IMPRESSIONS:
            return post.figures.impressions
        case Denominator.FOLLOWERS:
            return post.followers
        case Denominator.VIEWS:
            return views(post)


def views(post: MeasuredPost) -> int | None:
    """How often a video was played; what TikTok and YouTube call views lies in impressions."""
    if post.figures.video_views is None and post.network in _VIEWS_ARE_IMPRESSIONS:
        return post.figures.impressions
    return post.figures.video_views


def public_engagement(figures: Figures) -> int | None:
    """Likes + comments + shares + saves: comparable on every network.

    Saves count where they are told, as half of the networks have none; without the other three
    there is no sum. What Rival IQ's benchmarks are made of.
    """
    if figures.likes is None or figures.comments is None or figures.shares is None:
        return None
    return figures.likes + figures.comments + figures.shares + (figures.saves or 0)


def platform_engagement(network: str, figures: Figures) -> int | None:
    """As the network counts it: X sums it itself, all clicks and expands among it; LinkedIn's is
    clicks + likes + comments + reposts + follows (where it told them). What LinkedIn's own rate
    and Buffer's benchmarks are made of; not known for networks that give no sum.
    """
    if figures.engagements is not None or network != "linkedin":
        return figures.engagements
    clicks = (figures.link_clicks, figures.other_clicks)
    known = [count for count in clicks if count is not None]
    if not known or figures.likes is None or figures.comments is None or figures.shares is None:
        return None
    seen = figures.likes + figures.comments + figures.shares
    return sum(known) + seen + (figures.follows or 0)


def rate_by_reach(engagement: Figure, reach: Figure) -> float | None:
    """Engagement / people reached, in percent. Hootsuite's "ERR"
    (blog.hootsuite.com/calculate-engagement-rate).
    """
    return percent(engagement, reach)


def rate_by_impressions(engagement: Figure, impressions: Figure) -> float | None:
    """Engagement / times shown, in percent. Sprout's "Engagement Rate (per Impression)", and what
    LinkedIn and X call engagement rate.
    """
    return percent(engagement, impressions)


def rate_by_followers(engagement: Figure, followers: Figure) -> float | None:
    """Engagement of one post / followers on the day it was published or before, in percent.
    Rival IQ's definition (rivaliq.com).
    """
    return percent(engagement, followers)


def rate_by_views(engagement: Figure, views: Figure) -> float | None:
    """Engagement / plays of a video, in percent. TikTok's."""
    return percent(engagement, views)


def daily_rate(engagement: Figure, followers: Figure) -> float | None:
    """A day's engagement over all posts / followers on that day, in percent."""
    return percent(engagement, followers)


def click_through_rate(link_clicks: Figure, impressions: Figure) -> float | None:
    """Clicks on the link / times shown, in percent. YouTube's rate of that name is of thumbnails
    and another figure.
    """
    return percent(link_clicks, impressions)


def cost_per_thousand(spend: Figure, impressions: Figure) -> float | None:
    """CPM: spend for 1,000 times shown, in the account's currency."""
    return _times(1_000, ratio(spend, impressions))


def cost_per_click(spend: Figure, link_clicks: Figure) -> float | None:
    """CPC: spend / clicks on the link, in the account's currency."""
    return ratio(spend, link_clicks)


def cost_per_engagement(spend: Figure, engagement: Figure) -> float | None:
    """CPE: spend / interactions, in the account's currency."""
    return ratio(spend, engagement)


def reach_rate(reach: Figure, followers: Figure) -> float | None:
    """People reached / followers, in percent; over 100 where others saw it too."""
    return percent(reach, followers)


def frequency(impressions: Figure, reach: Figure) -> float | None:
    """How often each person reached saw it, on average."""
    return ratio(impressions, reach)


def amplification(shares: Figure, followers: Figure) -> float | None:
    """Shares / followers, in percent."""
    return percent(shares, followers)


def completion(completions: Figure, plays: Figure) -> float | None:
    """Plays to the end / all plays, in percent."""
    return percent(completions, plays)


def average_watched(figures: Figures, plays: Figure) -> float | None:
    """Average seconds watched / seconds the video lasts, in percent; what can be said where a
    network does not count completions, and is never called completion. Over 100 for loops.
    """
    return percent(ratio(figures.watch_seconds, plays), figures.duration_s)


def audience_growth(net_new: Figure, followers_at_start: Figure) -> float | None:
    """Followers won less those lost / followers at the period's start, in percent."""
    return percent(net_new, followers_at_start)


def pooled(posts: Iterable[MeasuredPost], basis: Basis) -> float | None:
    """Σ engagement / Σ denominator over the posts that have both, in percent: large posts weigh
    more, where a mean of rates is swung by small ones. None by reach, which is people and is
    never summed.
    """
    if basis.denominator is Denominator.REACH:
        return None
    return percent(*pool(posts, basis))


def pool(posts: Iterable[MeasuredPost], basis: Basis) -> tuple[int, int]:
    """Σ engagement and Σ denominator over the posts that have both: pools can be added up."""
    engagement = whole = 0
    for post in posts:
        counted = engagement_of(post, basis.engagement)
        of = denominator_of(post, basis.denominator)
        if counted is not None and of:
            engagement += counted
            whole += of
    return engagement, whole


def median(values: Sequence[float]) -> float | None:
    """The middle one, or the mean of the middle two; what benchmarks marked "median" are held
    beside.
    """
    return statistics.median(values) if values else None


def quartiles(values: Sequence[float]) -> Quartiles | None:
    """Where a quarter, half and three quarters of the values lie below, the smallest and largest
    counted in: of 1, 2, 3, 4, 5 they are 2, 3, 4. None for none.
    """
    if not values:
        return None
    if len(values) == 1:
        return Quartiles(values[0], values[0], values[0])
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Quartiles(low, middle, high)


def times_median(value: Figure, of_all: float | None) -> float | None:
    """How many times our median a figure is."""
    return ratio(value, of_all)


def is_settled(post: MeasuredPost) -> bool:
    """Whether its figures were taken at least seven days after it was published: of a post whose
    time of day is not known, after the end of its day. Others are still collecting.
    """
    from_then = post.published_at + SETTLED_AFTER
    if not post.has_time:
        from_then += timedelta(days=1)
    return post.captured_at >= from_then


def percent(part: Figure, whole: Figure) -> float | None:
    return _times(100, ratio(part, whole))


def ratio(part: Figure, whole: Figure) -> float | None:
    """None where either is not known or the whole is nothing."""
    return part / whole if part is not None and whole else None


def _times(factor: int, value: float | None) -> float | None:
    return None if value is None else factor * value


_FORMULAS: Final[Mapping[Denominator, Callable[[Figure, Figure], float | None]]] = {
    Denominator.REACH: rate_by_reach,
    Denominator.IMPRESSIONS: rate_by_impressions,
    Denominator.FOLLOWERS: rate_by_followers,
    Denominator.VIEWS: rate_by_views,
}
