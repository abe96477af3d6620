"""What comes out of an export of figures: posts, days of an account, rows left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from postboard.domain.figures import Figures
from postboard.imports.plan_dates import DateOrder


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A post with the figures one row gives of it.

    `platform_id` is the network's own id as text; empty where the file has none that can be
    trusted. `posted_on` and `posted_time` are the file's wall clock, `posted_at` the instant where
    the file names its zone or somebody has said it. `format` is "image", "video", "carousel",
    "text", "link", "story", "reel" or "". `window` is "lifetime", "period" for a range that the
    file does not name, or the day it names. `raw` are its cells with a value, by header.
    """

    number: int
    platform_id: str
    permalink: str
    text: str
    network: str
    account: str
    format: str
    posted_on: date | None
    posted_time: time | None
    posted_at: datetime | None
    window: str
    figures: Figures
    raw: dict[str, str] = field(default_factory=dict[str, str])
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of an account. `follower_delta` is net; `new_followers` counts nobody who left.

    Several rows, and several files, may each say a part of one day.
    """

    number: int
    day: date
    network: str
    account: str
    followers: int | None = None
    follower_delta: int | None = None
    impressions: int | None = None
    reach: int | None = None
    profile_visits: int | None = None
    raw: dict[str, str] = field(default_factory=dict[str, str])
    new_followers: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """`message_id` is a sentence of the catalogue, `facts` fill it.

    `has_figures` where the row would count if only its day could be read.
    """

    number: int
    message_id: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    sheet: str = ""
    has_figures: bool = False

    @property
    def reason(self) -> str:
        return self.message_id.format_map(self.facts)


@dataclass(frozen=True, slots=True)
class MetricWarning:
    """What somebody should know of a file before it comes in, in a sentence of the catalogue."""

    message_id: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def text(self) -> str:
        return self.message_id.format_map(self.facts)


class Asks(StrEnum):
    """What a file leaves open and only a person can say."""

    ZONE = "zone"
    ORDER = "order"
    YEAR = "year"
    ACCOUNT = "account"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Question:
    """`example` is a cell of the file that it is about."""

    asks: Asks
    example: str = ""


@dataclass(frozen=True, slots=True)
class MetricChoices:
    """What a person says of a file; nothing where the reader decides.

    `year` is that of the last row, of a file whose days name none. `network` and `account` hold
    where the file does not say them. `columns` give a header that is not known the meaning of a
    canonical metric, by the header's name. Without `replies` posts that answer somebody are left
    out.
    """

    zone: ZoneInfo | None = None
    order: DateOrder | None = None
    year: int | None = None
    account: str = ""
    network: str = ""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    replies: bool = True

    def as_json(self) -> dict[str, Any]:
        """What is worth remembering of an account for its next file; a year is not."""
        return {
            "zone": self.zone.key if self.zone else "",
            "order": self.order.value if self.order else "",
            "account": self.account,
            "network": self.network,
            "columns": dict(self.columns),
            "replies": self.replies,
        }


def choices_from_json(kept: Mapping[str, Any]) -> MetricChoices:
    """What `as_json` wrote."""
    return MetricChoices(
        zone=ZoneInfo(kept["zone"]) if kept["zone"] else None,
        order=DateOrder(kept["order"]) if kept["order"] else None,
        account=kept["account"],
        network=kept["network"],
        columns=dict(kept["columns"]),
        replies=kept["replies"],
    )


NOTHING_SAID = MetricChoices()
