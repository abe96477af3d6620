"""Measured posts and days of accounts for charts, made as briefly as a test can read them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from postboard.domain.figures import Figures, MeasuredPost

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
"""A Monday morning; every post's figures were taken the day before at nine, unless it says else."""
_NUMBERS = count(1)


def post(
    day: date,
    network: str = "instagram",
    *,
    at: time | None = time(12),
    followers: int | None = 1_000,
    captured: datetime = NOW - timedelta(days=1),
    zone: ZoneInfo = BERLIN,
    name: str = "",
    kind: str = "image",
    **figures: Any,
) -> MeasuredPost:
    """`at` None: its network tells no time of day."""
    number = next(_NUMBERS)
    return MeasuredPost(
        id=name or f"{number:032x}",
        post_id="",
        key=f"ACME-{number}",
        text=f"Buns of {day.isoformat()}",
        client="ACME",
        network=network,
        account="acme",
        format=kind,
        campaign="",
        pillar="",
        permalink="",
        published_at=datetime.combine(day, at or time(), zone).astimezone(UTC),
        has_time=at is not None,
        zone=zone,
        captured_at=captured,
        followers=followers,
        figures=Figures(**figures),
    )


def rate(day: date, engagement: int, **more: Any) -> MeasuredPost:
    """A post that 1,000 people saw 1,000 times: ten of engagement are one percent."""
    seen = {"impressions": 1_000, "reach": 1_000, "comments": 0, "shares": 0}
    return post(day, likes=engagement, **{**seen, **more})


@dataclass(frozen=True)
class AccountDay:
    day: date
    account: str
    client: str = "ACME"
    network: str = "instagram"
    followers: int | None = None
    follower_delta: int | None = None
    reach: int | None = None


def day_of_account(day: date, account: str = "acme", **figures: Any) -> AccountDay:
    return AccountDay(day, account, **figures)


def named(one: MeasuredPost, **more: Any) -> MeasuredPost:
    return replace(one, **more)
