"""The date and time cells of a row -> the instant a post is planned for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.imports.plan_dates import DateOrder, read_clock, read_moment
from postboard.imports.workbook import Cell

# The time of day of a post whose row names only the day.
DEFAULT_TIME: Final = time(9, 0)


@dataclass(frozen=True, slots=True)
class When:
    """`at` in UTC and `on`, its day in the zone; both None for an undated idea."""

    at: datetime | None = None
    on: date | None = None
    timed: bool = False
    unread_date: str = ""
    unread_time: str = ""


def planned_when(date_cell: Cell, time_cell: Cell, zone: ZoneInfo, order: DateOrder | None) -> When:
    """A time cell may hold the whole moment, and goes before the time in the date cell."""
    moment = read_moment(date_cell, order) or read_moment(time_cell, order)
    if moment is None:
        return When(unread_date=as_text(date_cell) or as_text(time_cell))
    clock, offset, unread = moment.clock, moment.offset, moment.unread
    if time_cell != "" and read_moment(time_cell, order) != moment:
        found = read_clock(time_cell)
        clock, offset = found or (clock, offset)
        unread = "" if found else as_text(time_cell)
    wall = datetime.combine(moment.day, clock or DEFAULT_TIME)
    at = to_utc(wall, zone) if offset is None else wall.replace(tzinfo=offset).astimezone(UTC)
    timed = clock is not None
    return When(at, at.astimezone(zone).date(), timed, unread_time=unread)


def as_text(cell: Cell) -> str:
    """A cell as words, where a spreadsheet took words for a date."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat(timespec="minutes") if isinstance(cell, time) else cell
