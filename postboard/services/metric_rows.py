"""Rows of a network's export as they will be kept: known by one name, placed in time, once each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.content import NETWORKS
from postboard.domain.figures import Figures
from postboard.domain.matching import address_of, words_key
from postboard.imports.metrics import DayRow, MeasuredRow, MetricsFile, SkippedRow
from postboard.locale import N_

ID_MAX: Final = 120
LINK_MAX: Final = 2048
TEXT_MAX: Final = 10_000
ACCOUNT_MAX: Final = 120

_ADDRESSED_BY_ID: Final = frozenset({"x", "tiktok", "youtube"})

NO_NETWORK: Final = N_("It does not say which network it is of.")
NO_NAME: Final = N_("It has no id, no link and no words with a day: nothing to know it by.")
SAME_POST: Final = N_("Row {row} is of the same post.")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One post as one row tells of it. `identity`, `address` and `words` are as in `MetricPost`."""

    number: int
    network: str
    account: str
    identity: str
    platform_post_id: str
    permalink: str
    address: str
    words: str
    text: str
    format: str
    published_on: date | None
    published_at: datetime | None
    has_time: bool
    window: str
    figures: Figures
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DaySeen:
    """One day of an account as one row tells of it."""

    number: int
    row: DayRow
    network: str
    account: str


Seen = Sighting | DaySeen | SkippedRow


def seen_in(file: MetricsFile, account: str, network: str, zone: ZoneInfo) -> Iterator[Seen]:
    """Every row, in the file's order; one that repeats a post is left out and says so.

    `account` and `network` are for rows that name none, `zone` for times that name none.
    """
    reader = _Reader(account, network, zone)
    for row in file.rows():
        if isinstance(row, SkippedRow):
            yield row
        elif isinstance(row, DayRow):
            yield reader.day(row)
        else:
            yield reader.post(row)


class _Reader:
    def __init__(self, account: str, network: str, zone: ZoneInfo) -> None:
        self._account, self._network, self._zone = account, network, zone
        self._first: dict[tuple[object, ...], int] = {}

    def post(self, row: MeasuredRow) -> Sighting | SkippedRow:
        network = row.network or self._network
        if network not in NETWORKS:
            return SkippedRow(row.number, NO_NETWORK)
        account = (row.account or self._account)[:ACCOUNT_MAX]
        link = row.permalink[:LINK_MAX]
        platform_id = _own_id(row, network)
        address = address_of(link) or (f"{network}:{platform_id}" if platform_id else "")
        day, at = self._when(row)
        words = words_key(account, day, row.text)
        identity = (
            (platform_id and f"id:{platform_id}")
            or (address and f"at:{address}"[:200])
            or (words and f"words:{words}")
        )
        if not identity:
            return SkippedRow(row.number, NO_NAME)
        first = self._first.setdefault((network, identity), row.number)
        if first != row.number:
            return SkippedRow(row.number, SAME_POST, {"row": first})
        return Sighting(
            number=row.number,
            network=network,
            account=account,
            identity=identity,
            platform_post_id=platform_id,
            permalink=link,
            address=address,
            words=words,
            text=row.text[:TEXT_MAX],
            format=row.format[:32],
            published_on=day,
            published_at=at,
            has_time=row.posted_time is not None or row.posted_at is not None,
            window=(row.window or "lifetime")[:16],
            figures=row.figures,
            raw=row.raw,
        )

    def day(self, row: DayRow) -> DaySeen | SkippedRow:
        network = row.network or self._network
        if network not in NETWORKS:
            return SkippedRow(row.number, NO_NETWORK)
        account = (row.account or self._account)[:ACCOUNT_MAX]
        return DaySeen(row.number, row, network, account)

    def _when(self, row: MeasuredRow) -> tuple[date | None, datetime | None]:
        """Day and instant on the account's clock; without a time the day's first moment."""
        if row.posted_at:
            return row.posted_at.astimezone(self._zone).date(), row.posted_at
        if row.posted_on is None:
            return None, None
        wall = datetime.combine(row.posted_on, row.posted_time or time())
        return row.posted_on, to_utc(wall, self._zone)


def _own_id(row: MeasuredRow, network: str) -> str:
    """The network's id. Most networks call a post by another name in its address."""
    if network not in _ADDRESSED_BY_ID and row.platform_id in row.permalink:
        return ""
    return row.platform_id[:ID_MAX]
