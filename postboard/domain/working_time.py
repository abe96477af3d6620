"""Working time: when a client's office is open, and how much of that lies between two instants."""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc

Span = tuple[int, int]
"""From and until, in minutes after midnight on the clock; 1440 is the midnight that ends it."""
Week = tuple[tuple[Span, ...], ...]
"""The spans of each day, Monday first."""

DAY_MIN: Final = 24 * 60
NINE_TO_FIVE: Final[Week] = (((9 * 60, 17 * 60),),) * 5 + ((), ())
LONGEST_PAUSE: Final = timedelta(days=400)
"""A calendar that is closed for longer than this has no working time."""
_MOMENT: Final = timedelta(seconds=1)


class NeverOpen(ValueError):  # noqa: N818 - it reads as what it is
    """The calendar has no working time, or none for more than a year."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The hours of an office, less holidays and own days off, on the clocks of its zone.

    Where the law swaps days, as China's does, a weekend that is worked has the hours of the
    last day before it that is worked every week.
    """

    zone: ZoneInfo
    week: Week = NINE_TO_FIVE
    country: str = ""
    """ISO 3166 code; empty: no public holidays."""
    region: str = ""
    """The part of the country as the library `holidays` names it."""
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not any(until > since for spans in self.week for since, until in spans):
            raise NeverOpen

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant by which `amount` of working time has passed since `start`, as UTC.

        Nothing added is the start itself, open or not.

        Raises:
            NeverOpen: the calendar stays closed for too long.
        """
        left, reached = amount, start.astimezone(UTC)
        if left <= timedelta():
            return reached
        for opens, closes in self._openings(reached):
            if opens - reached > LONGEST_PAUSE:
                break
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
            reached = closes
        raise NeverOpen

    def take_working(self, end: datetime, amount: timedelta) -> datetime:
        """The last instant from which at least `amount` of working time passes until `end`.

        Raises:
            NeverOpen: the calendar was closed for too long.
        """
        left, day = amount, self._day(end)
        last, oldest = end.astimezone(UTC), day - LONGEST_PAUSE
        if left <= timedelta():
            return last
        while day >= oldest:
            for opens, closes in reversed(list(self._of_day(day))):
                worked = min(closes, last) - opens
                if left <= worked:
                    return min(closes, last) - left
                left -= max(worked, timedelta())
                if worked > timedelta():
                    oldest = day - LONGEST_PAUSE
            day -= timedelta(days=1)
        raise NeverOpen

    def first_beside(self, closed: Container[date], at: datetime) -> datetime:
        """`at` itself, or, where its day is a closed one, the next opening on a day that is not.

        Raises:
            NeverOpen: all days are closed for too long.
        """
        if self._day(at) not in closed:
            return at
        for opens, _ in self._openings(at.astimezone(UTC)):
            if opens - at > LONGEST_PAUSE:
                break
            if self._day(opens) not in closed:
                return opens
        raise NeverOpen

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time passes; negative where `end` lies before `start`."""
        if end < start:
            return -self.working_between(end, start)
        last, worked = end.astimezone(UTC), timedelta()
        for opens, closes in self._openings(start.astimezone(UTC), last):
            if opens >= last:
                break
            worked += min(closes, last) - opens
        return worked

    def meter(self, start: datetime, end: datetime) -> "WorkMeter":
        """For measuring much between these two instants."""
        return WorkMeter(
            (opens, min(closes, end))
            for opens, closes in self._openings(start.astimezone(UTC), end)
            if opens < end
        )

    def is_open(self, at: datetime) -> bool:
        return any(opens <= at < closes for opens, closes in self._of_day(self._day(at)))

    def works_on(self, day: date) -> bool:
        """Whether any of the day is worked."""
        return bool(self._spans(day))

    def _openings(
        self, start: datetime, end: datetime | None = None
    ) -> Iterator[tuple[datetime, datetime]]:
        """Every stretch of work after `start`, the first one cut to begin there."""
        day, since = self._day(start), start
        until = self._day(end or start + LONGEST_PAUSE)
        while day <= until:
            for opens, closes in self._of_day(day):
                if closes > since:
                    yield max(opens, since), closes
                    until = until if end else self._day(closes + LONGEST_PAUSE)
            day += timedelta(days=1)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _of_day(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        midnight = datetime.combine(day, time())
        for since, until in self._spans(day):
            opens = _shows(midnight + timedelta(minutes=since), self.zone)
            closes = _shows(midnight + timedelta(minutes=until), self.zone)
            if closes > opens:
                yield opens, closes

    def _spans(self, day: date) -> tuple[Span, ...]:
        if day in self.days_off:
            return ()
        free, worked = _public_days(self.country, self.region, day.year)
        if day in worked:
            return self.week[day.weekday()] or self._before(day.weekday())
        return () if day in free else self.week[day.weekday()]

    def _before(self, weekday: int) -> tuple[Span, ...]:
        days = (self.week[(weekday - back) % 7] for back in range(1, 8))
        return next(spans for spans in days if spans)


class WorkMeter:
    """Measures working time as `WorkingCalendar.working_between` does, within one period: its
    openings are looked up once.
    """

    def __init__(self, openings: Iterable[tuple[datetime, datetime]]) -> None:
        self._opens: list[datetime] = []
        self._spans: list[timedelta] = []
        self._before: list[timedelta] = []
        worked = timedelta()
        for opens, closes in openings:
            self._opens.append(opens)
            self._spans.append(closes - opens)
            self._before.append(worked)
            worked += closes - opens

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Negative where `end` lies before `start`; nothing is worked outside of the period."""
        return self._until(end) - self._until(start)

    def _until(self, at: datetime) -> timedelta:
        index = bisect_right(self._opens, at) - 1
        if index < 0:
            return timedelta()
        return self._before[index] + min(at - self._opens[index], self._spans[index])


def known_regions(country: str) -> tuple[str, ...] | None:
    """The regions whose holidays are known apart; None: nothing is known of the country."""
    from holidays import list_supported_countries

    regions = list_supported_countries(include_aliases=False).get(country)
    return None if regions is None else tuple(regions)


@lru_cache(maxsize=512)
def _public_days(country: str, region: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The holidays of a year, and the weekend days of it that are worked instead of others."""
    if not country:
        return frozenset(), frozenset()
    from holidays import country_holidays

    # A day of this December may be worked for one of next January.
    known = country_holidays(country, subdiv=region or None, years=(year, year + 1), expand=False)
    worked = frozenset(day for day in known.weekend_workdays if day.year == year)
    return frozenset(day for day in known if day.year == year) - worked, worked


def _shows(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks in the zone show `wall`, or, if they jump over it, more.

    Unlike `to_utc` it moves all of a gap to the jump: time that does not exist is not worked.
    """
    late = to_utc(wall, zone)
    shift = late.astimezone(zone).replace(tzinfo=None) - wall
    if shift <= timedelta():
        return late
    early = late - shift
    while late - early > _MOMENT:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late
