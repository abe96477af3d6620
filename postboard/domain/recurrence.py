"""Posts that come again: dates by a rule of RFC 5545, on the clock of the client."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dateutil import rrule

from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput

TIMES_MAX: Final = 60
INTERVAL_MAX: Final = 52
DAYS_SHIFTED: Final = 14
LAST_DAY: Final = -1
FOURTH: Final = 4


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    """On the same day of the month; a month that has no such day is left out."""
    MONTH_END = "month_end"
    """On the last day of the month."""
    MONTH_WEEKDAY = "month_weekday"
    """On the same weekday of the month, as the second Tuesday; from the 29th on it is the last."""
    YEAR = "year"


class WhenClosed(StrEnum):
    """What becomes of a date that falls on a day without posts."""

    SKIP = "skip"
    BEFORE = "before"
    """The last day before it that is free."""
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Rule:
    """How often a post comes again after its first time."""

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    """Of a week, Monday is 0; none is the first one's own."""
    times: int | None = None
    """How many, the first one included."""
    until: date | None = None
    """The last day that it may fall on."""
    when_closed: WhenClosed = WhenClosed.SKIP

    def checked(self) -> "Rule":
        """The same, within every limit.

        Raises:
            BadInput: a limit is passed, or it would never end.
        """
        if not 1 <= self.interval <= INTERVAL_MAX:
            raise BadInput("Choose a number from 1 to {limit}.", limit=INTERVAL_MAX)
        if not all(0 <= day <= 6 for day in self.weekdays):  # noqa: PLR2004 - Sunday
            raise BadInput
        if self.times is None and self.until is None:
            raise BadInput("Say how often it comes again, or until when.")
        if self.times is not None and not 1 <= self.times <= TIMES_MAX:
            raise BadInput("A post comes again at most {limit} times.", limit=TIMES_MAX)
        return self


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of the dates: `rule_day` is the one that the rule names, `at` None where it falls out."""

    rule_day: date
    at: datetime | None


def occurrences(
    rule: Rule, first_at: datetime, zone: ZoneInfo, closed: Container[date]
) -> list[Occurrence]:
    """The dates of a checked rule from the first time on, in their order, at most `TIMES_MAX`.

    The clock shows the same time on each: one that the clocks jump over is moved by the jump, of
    one that they show twice it is the first. Dates that meet on one day are one date.
    """
    wall = first_at.astimezone(zone).replace(tzinfo=None, fold=0)
    found: list[Occurrence] = []
    taken: set[date] = set()
    for named in islice(_walls(rule, wall), rule.times or TIMES_MAX):
        day = _open_day(named.date(), closed, rule.when_closed)
        if day is None or day in taken:
            found.append(Occurrence(named.date(), None))
            continue
        taken.add(day)
        at = to_utc(datetime.combine(day, wall.time()), zone)
        # The first one stands where it is, also in the second of two equal hours.
        found.append(
            Occurrence(named.date(), first_at.astimezone(UTC) if day == wall.date() else at)
        )
    return found


_FREQUENCY: Final[Mapping[Every, Literal[0, 1, 2, 3]]] = MappingProxyType(
    {
        Every.DAY: 3,
        Every.WEEK: 2,
        Every.MONTH: 1,
        Every.MONTH_END: 1,
        Every.MONTH_WEEKDAY: 1,
        Every.YEAR: 0,
    }
)
"""As dateutil numbers them."""
_DAYS: Final = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


def _walls(rule: Rule, wall: datetime) -> rrule.rrule:
    until = datetime.combine(rule.until, wall.time()) if rule.until else None
    return rrule.rrule(
        _FREQUENCY[rule.every],
        dtstart=wall,
        interval=rule.interval,
        wkst=rrule.MO,
        until=until,
        byweekday=_weekdays(rule, wall),
        bymonthday=LAST_DAY if rule.every is Every.MONTH_END else None,
    )


def _weekdays(rule: Rule, wall: datetime) -> tuple[rrule.weekday, ...] | None:
    if rule.every is Every.WEEK and rule.weekdays:
        return tuple(_DAYS[day] for day in rule.weekdays)
    if rule.every is Every.MONTH_WEEKDAY:
        return (_DAYS[wall.weekday()](_nth(wall.day)),)
    return None


def _nth(day: int) -> int:
    """Which one of its weekday a day of a month is; the fifth, which few months have, is the
    last.
    """
    nth = (day - 1) // 7 + 1
    return nth if nth <= FOURTH else LAST_DAY


def _open_day(day: date, closed: Container[date], when_closed: WhenClosed) -> date | None:
    if day not in closed:
        return day
    if when_closed is WhenClosed.SKIP:
        return None
    step = timedelta(days=-1 if when_closed is WhenClosed.BEFORE else 1)
    tried = (day + n * step for n in range(1, DAYS_SHIFTED + 1))
    return next((one for one in tried if one not in closed), None)
