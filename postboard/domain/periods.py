"""The days a chart looks at, and ISO weeks, on the client's clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.figures import MeasuredPost

YEARS: Final = range(2000, 2101)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_of_these_times(self) -> bool:
        """Days around those of the year 1 or 9999 are none, and no post is of such a year."""
        return self.first.year in YEARS and self.last.year in YEARS

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def before(self) -> "Period":
        """As many days, just before it."""
        return Period(self.first - timedelta(days=self.days), self.first - _DAY)

    def until(self, day: date) -> "Period | None":
        """Without the days after it; None where none is left."""
        return Period(self.first, min(self.last, day)) if day >= self.first else None

    def each(self) -> list[date]:
        return [self.first + n * _DAY for n in range(self.days)]

    def of(self, posts: Iterable[MeasuredPost]) -> list[MeasuredPost]:
        """Those published on its days on their client's clock, in their order."""
        ends: dict[ZoneInfo, tuple[datetime, datetime]] = {}
        mine: list[MeasuredPost] = []
        for post in posts:
            start, end = ends.get(post.zone) or ends.setdefault(post.zone, self._ends(post.zone))
            if start <= post.published_at < end:
                mine.append(post)
        return sorted(mine, key=lambda post: (post.published_at, post.id))

    def _ends(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Compared as instants: to read a clock for each of 10,000 posts costs a chart its time."""
        first, after = (datetime.combine(day, time()) for day in (self.first, self.last + _DAY))
        return to_utc(first, zone), to_utc(after, zone)

    def weeks(self) -> list[date]:
        """Mondays of the ISO weeks that it touches."""
        first = monday_of(self.first)
        return weeks_back(self.last, (monday_of(self.last) - first).days // 7 + 1)


def day_of(post: MeasuredPost) -> date:
    """When it was published, on its client's clock."""
    return post.published_at.astimezone(post.zone).date()


def monday_of(day: date) -> date:
    """Of its ISO week. Weeks are told apart by it, not by number: a year may have 53."""
    return day - timedelta(days=day.weekday())


def week_number(monday: date) -> int:
    return monday.isocalendar().week


def weeks_back(last: date, count: int) -> list[date]:
    """Mondays of the `count` ISO weeks that end with the one of `last`, oldest first."""
    newest = monday_of(last)
    return [newest - _WEEK * back for back in range(count - 1, -1, -1)]
