"""What networks count of a post: the canonical metrics, and a post with its figures."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

Figure: TypeAlias = int | float | None
"""None: the network did not say. It is never 0."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One snapshot of one post, in its network's lifetime numbers unless its window says else.

    `impressions` are what the network calls so or, where it counts those now, views. `other_clicks`
    are all clicks that are not on the link. Money is in the account's currency.
    """

    impressions: int | None = None
    reach: int | None = None
    video_views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    link_clicks: int | None = None
    other_clicks: int | None = None
    profile_actions: int | None = None
    follows: int | None = None
    watch_seconds: float | None = None
    duration_s: float | None = None
    paid_impressions: int | None = None
    spend: float | None = None
    engagements: int | None = None
    """As the network itself sums them (X), where it does."""


METRICS: tuple[str, ...] = tuple(one.name for one in fields(Figures))


@dataclass(frozen=True, slots=True)
class MeasuredPost:
    """A published post and its newest figures: one row behind a mark of a chart.

    `id` is the metric post's hex id; `post_id` and `key` ("ACME-12") are empty for one that was
    not made here. `followers` are the account's on the day it was published or before.
    """

    id: str
    post_id: str
    key: str
    text: str
    client: str
    """Its key, "ACME"."""
    network: str
    account: str
    format: str
    """"image", "video", "carousel", "text", "link", "story", "reel", or "" where not said."""
    campaign: str
    pillar: str
    permalink: str
    """An address of the web, or ""."""
    published_at: datetime
    """Aware; with no time of day known, the start of its day on the client's clock."""
    has_time: bool
    zone: ZoneInfo
    captured_at: datetime
    followers: int | None
    figures: Figures
