"""Dates and times as people type them. What does not name a whole day is no date: never guessed."""

import enum
import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from postboard.imports.workbook import Cell


class DateOrder(enum.Enum):
    """How 03/11/2026 is read."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and what else the cell said. `offset` is set when the cell named its own zone."""

    day: date
    clock: time | None = None
    offset: tzinfo | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The order of day and month over a whole column; None where the column contradicts itself."""

    order: DateOrder | None
    assumed: bool = False
    example: str = ""


YEARS: Final = range(1990, 2101)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_DAYS: Final = range(32_874, 73_416)  # 1990 to 2100
# No date is longer, and no pattern below is tried on more.
_LONGEST: Final = 80
_NOON: Final = 12
_HOURS: Final = 24
_MONTHS_IN_A_YEAR: Final = 12

_MONTH_NAMES: Final = (
    "jan january januar jänner enero ene janvier janv 一月",
    "feb february februar febrero février fév fevr",
    "mar march märz mär maerz marzo mars",
    "apr april abril abr avril avr",
    "may mai mayo",
    "jun june juni junio juin",
    "jul july juli julio juillet juil",
    "aug august agosto ago août aout",
    "sep sept september septiembre septembre setiembre",
    "oct october okt oktober octubre octobre",
    "nov november noviembre novembre",
    "dec december dez dezember diciembre dic décembre déc",
)
_CHINESE_MONTHS: Final = "一 二 三 四 五 六 七 八 九 十 十一 十二"
_MONTHS: Final = {
    **{
        unicodedata.normalize("NFKC", name): number
        for number, names in enumerate(_MONTH_NAMES, start=1)
        for name in names.split()
    },
    **{f"{name}月": number for number, name in enumerate(_CHINESE_MONTHS.split(), start=1)},
    **{f"{number}月": number for number in range(1, 13)},
}
_WEEKDAY: Final = re.compile(
    r"""[(]?\s*(?:
        (?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?
        |montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so
        |lunes|martes|miércoles|jueves|viernes|sábado|domingo
        |lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
        |(?:星期|周|週)[一二三四五六日天]
    )(?![^\W\d_])\s*[.,)]*\s*""",
    re.VERBOSE,
)
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:z|[+-]\d\d:?\d\d)"
)
_REST: Final = r"(?P<rest>(?:\D.*)?)"
_YEAR_FIRST: Final = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?" + _REST
)
_COMPACT: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _REST)
_NUMERIC: Final = re.compile(
    r"(?P<a>\d{1,2})\s*(?P<mark>[-/.])\s*(?P<b>\d{1,2})\s*(?P=mark)\s*(?P<y>\d{4}|\d{2})" + _REST
)
_NAME: Final = r"(?P<name>[^\W\d_]{3,})\.?"
_NAMED_YEAR: Final = r"(?:,?\s*(?:del?\s+)?(?P<y>\d{4})|\s*[-/'’]\s*(?P<short>\d{4}|\d{2}))"
_DAY_NAME: Final = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+|of\s+)?" + _NAME + _NAMED_YEAR + _REST
)
_NAME_DAY: Final = re.compile(_NAME + r"[\s-]*(?P<d>\d{1,2})(?:st|nd|rd|th)?" + _NAMED_YEAR + _REST)
_MONTH_IN_FIGURES: Final = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})|(?P<m2>\d{1,2})\s*[-/.]\s*(?P<y2>20\d\d))(?!\d)"
)
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MONTH_WORD: Final = re.compile(r"\d{1,2}月|[一二三四五六七八九十]{1,2}月|[^\W\d_]+")
_SERIAL: Final = re.compile(r"(?P<days>\d{5})(?P<part>\.\d+)?")
_BEFORE_A_CLOCK: Final = re.compile(r"^[\s,;·|]*(?:t(?=\d)|at\b|um\b|a las?\b|à|@|-(?=\s))?\s*")
_FRACTION: Final = re.compile(r"0?\.\d+")
_CLOCK: Final = re.compile(
    r"""(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚)?\s*
    (?:
        (?P<hour>\d{1,2})
        (?P<minutes>\s*[:.h时時點点-]\s*(?P<minute>\d{2}|半)?\s*分?
            (?P<seconds>:(?P<second>\d{2})(?:[.,]\d+)?)?)?
        |(?P<hh>\d{2})(?P<mm>\d{2})(?P<ss>\d{2})?
    )
    \s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<suffix>uhr|hrs?|hs|h)?
    \s*(?P<zone>z|utc|gmt|(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d{2})?|[+]\d{2}:?\d{2})?""",
    re.VERBOSE,
)
_ZONE_OFFSET: Final = re.compile(r"([+-])(\d{1,2}):?(\d{2})?$")
_LATE: Final = frozenset({"下午", "傍晚", "晚上", "晚"})


def read_month(cell: Cell) -> tuple[int | None, int | None]:
    """The year and the month that a title such as “May 2026” names; None for what it does not."""
    if isinstance(cell, datetime):
        return (cell.year, cell.month) if cell.day == 1 and cell.year in YEARS else (None, None)
    if isinstance(cell, time):
        return None, None
    text = _tidy(cell)[:_LONGEST]
    found = _MONTH_IN_FIGURES.search(text)
    if found:
        year, month = int(found["y"] or found["y2"]), int(found["m"] or found["m2"])
        return (year, month) if month in range(1, _MONTHS_IN_A_YEAR + 1) else (year, None)
    year = next((int(one) for one in _YEAR.findall(text)), None)
    named = _MONTH_WORD.findall(text)
    return year, next((_MONTHS[name] for name in named if name in _MONTHS), None)


def reads_as_moment(cell: Cell) -> bool:
    return read_moment(cell, DateOrder.DAY_FIRST) is not None


def read_moment(cell: Cell, order: DateOrder | None) -> Moment | None:
    """The day a cell names, with its time if it has one; None when it names no whole day.

    `order` settles 03/11/2026; without one such a cell names no day.
    """
    if isinstance(cell, datetime):
        return _of_spreadsheet(cell) if cell.year in YEARS else None
    if isinstance(cell, time) or len(cell) > _LONGEST or not any(map(str.isdigit, cell)):
        return None
    return _read_text(cell, order)


def _of_spreadsheet(cell: datetime) -> Moment:
    """Midnight in a spreadsheet is what a date without a time is stored as."""
    moment = _to_second(cell)
    return Moment(moment.date(), None if moment.time() == time() else moment.time())


def read_clock(cell: Cell) -> tuple[time, tzinfo | None] | None:
    """A time of day, and its offset when the cell names one."""
    if isinstance(cell, datetime):
        return _to_second(cell).time(), None
    if isinstance(cell, time):
        return _to_second(datetime.combine(_EXCEL_EPOCH, cell)).time(), None
    return _clock_of_text(_tidy(cell)) if len(cell) <= _LONGEST else None


def order_of(cells: Iterable[Cell], documented: DateOrder | None) -> OrderFound:
    """Day or month first, from the dates that can be read only one way."""
    proofs: set[DateOrder] = set()
    example = ""
    for cell in cells:
        text = _without_weekday(_tidy(cell)) if isinstance(cell, str) else ""
        found = _NUMERIC.match(text[:_LONGEST])
        if found and found["mark"] != ".":
            proof = _proof(int(found["a"]), int(found["b"]))
            proofs |= {proof} if proof else set()
            if proof is None and found["a"].lstrip("0") != found["b"].lstrip("0"):
                example = example or found.group(0)[: found.end("y")]
    if len(proofs) == 1:
        return OrderFound(proofs.pop())
    if proofs:
        return OrderFound(None, assumed=bool(example), example=example)
    if documented:
        return OrderFound(documented)
    return OrderFound(DateOrder.DAY_FIRST, assumed=bool(example), example=example)


def _proof(a: int, b: int) -> DateOrder | None:
    if a > _MONTHS_IN_A_YEAR:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if b > _MONTHS_IN_A_YEAR else None


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _without_weekday(text: str) -> str:
    found = _WEEKDAY.match(text)
    return text[found.end() :] if found else text


@functools.lru_cache(maxsize=4096)
def _read_text(raw: str, order: DateOrder | None) -> Moment | None:
    text = _without_weekday(_tidy(raw))
    return _iso(text) or _serial(text) or _written(text, order)


def _iso(text: str) -> Moment | None:
    """Only with a zone of its own, and strictly: 10-00 is a time, 10:00-12:00 a range."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return Moment(moment.date(), _to_second(moment).time(), moment.tzinfo)


def _serial(text: str) -> Moment | None:
    """Days since 1900 as Excel counts them, when a cell lost its format."""
    found = _SERIAL.fullmatch(text)
    if not found or int(found["days"]) not in _EXCEL_DAYS:
        return None
    day = _EXCEL_EPOCH + timedelta(days=int(found["days"]))
    return Moment(day, _part_of_day(found["part"]) if found["part"] else None)


def _part_of_day(fraction: str) -> time:
    seconds = min(round(float(fraction) * 86_400), 86_399)
    return (datetime.combine(_EXCEL_EPOCH, time()) + timedelta(seconds=seconds)).time()


def _written(text: str, order: DateOrder | None) -> Moment | None:
    for pattern in (_YEAR_FIRST, _COMPACT, _NUMERIC, _DAY_NAME, _NAME_DAY):
        found = pattern.fullmatch(text)
        day = _day(found.groupdict(), order) if found else None
        if found and day:
            return _with_rest(day, found["rest"])
    return None


def _day(parts: dict[str, str | None], order: DateOrder | None) -> date | None:
    year = parts.get("y") or parts.get("short") or ""
    day_and_month = _day_and_month(parts, order)
    if day_and_month is None:
        return None
    day, month = day_and_month
    try:
        whole = date(int(year if len(year) > 2 else f"20{year}"), month, day)  # noqa: PLR2004
    except ValueError:
        return None
    return whole if whole.year in YEARS else None


def _day_and_month(parts: dict[str, str | None], order: DateOrder | None) -> tuple[int, int] | None:
    if "a" in parts:
        return _settled(int(parts["a"] or 0), int(parts["b"] or 0), parts["mark"], order)
    day = int(parts["d"] or 0)
    if "name" in parts:
        month = _MONTHS.get(parts["name"] or "")
        return (day, month) if month else None
    return day, int(parts["m"] or 0)


def _settled(a: int, b: int, mark: str | None, order: DateOrder | None) -> tuple[int, int] | None:
    settled = DateOrder.DAY_FIRST if mark == "." or a == b else _proof(a, b) or order
    if settled is None:
        return None
    return (a, b) if settled is DateOrder.DAY_FIRST else (b, a)


def _with_rest(day: date, rest: str) -> Moment | None:
    """The time behind a date. A second date there makes a range, which names no one day."""
    behind = _without_weekday(rest.strip())
    behind = _BEFORE_A_CLOCK.sub("", behind, count=1)
    if not behind:
        return Moment(day)
    clock = _clock_of_text(behind)
    if clock:
        return Moment(day, *clock)
    return None if re.search(r"\d\s*[-/.年月]\s*\d", behind) else Moment(day, unread=behind)


def _clock_of_text(text: str) -> tuple[time, tzinfo | None] | None:
    if _FRACTION.fullmatch(text):
        return _part_of_day(text), None
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    if found["hh"]:
        return _time(int(found["hh"]), int(found["mm"]), int(found["ss"] or 0), found["zone"])
    if not (found["minutes"] or found["half"] or found["part"] or found["suffix"]):
        return None  # a bare number is not a time
    hour = _hour(int(found["hour"]), found["half"], found["part"])
    if hour is None:
        return None
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    return _time(hour, minute, int(found["second"] or 0), found["zone"])


def _hour(hour: int, half: str | None, part: str | None) -> int | None:
    late = part in _LATE or (half or "").startswith("p") or (part == "中午" and hour < 11)  # noqa: PLR2004
    if late:
        return hour + _NOON if hour < _NOON else hour
    if half or part == "凌晨":
        return hour % _NOON if hour <= _NOON else None
    return hour


def _time(
    hour: int, minute: int, second: int, zone: str | None
) -> tuple[time, tzinfo | None] | None:
    try:
        return time(hour, minute, second), _offset(zone)
    except ValueError:
        return None


def _offset(zone: str | None) -> tzinfo | None:
    if not zone:
        return None
    found = _ZONE_OFFSET.search(zone)
    if not found:
        return UTC
    sign = -1 if found[1] == "-" else 1
    return timezone(sign * timedelta(hours=int(found[2]), minutes=int(found[3] or 0)))


def _to_second(moment: datetime) -> datetime:
    """Excel stores a day's fraction, so 10:00 may arrive as 09:59:59.999."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
