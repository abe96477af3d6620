"""Single cells of a metric export: numbers, durations, ids, days, and what stands for no value."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from postboard.imports.plan_cells import is_missing
from postboard.imports.plan_dates import read_month
from postboard.imports.workbook import Cell

Number = int | float

LARGEST: Final = 2**63 - 1
"""What a column of a database holds; a cell beyond it is no count of anything."""
_PLAIN: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_COMMAS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_SPACES: Final = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f’']\d{3})+", re.ASCII)
_POINTS: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_CLOCK: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})(?:\.\d+)?", re.ASCII)
_SHOWN_AS_TEXT: Final = re.compile(r'="([^"]*)"')
_ROUNDED_ID: Final = re.compile(r"\d[.,]?\d*[eE]\+?\d{1,3}")
_DAY_OF_MONTH: Final = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
# Nothing that stands for no value begins with one, and most cells do.
_DIGITS: Final = frozenset("0123456789")
_LONGEST: Final = 80
_LEAP_YEAR: Final = 2000


def known_cells(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells, empty where they stand for no value, such as `-`, `NAN`, `undefined`."""
    return tuple(
        "" if isinstance(cell, str) and cell[:1] not in _DIGITS and is_missing(cell) else cell
        for cell in cells
    )


def text_of(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()


def shortened(text: str) -> str:
    """A cell as an example to show; no number and no day is longer."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def read_number(text: str, *, points_group: bool = False) -> Number:
    """`points_group`: a file written where 1.234 is a thousand and more, as in German.

    Raises:
        ValueError: as it is none, or larger than any count.
    """
    if text.isdecimal() and text.isascii() and len(text) < 19:  # noqa: PLR2004 - fits 64 bits
        return int(text)
    number = _of_words(text, points_group=points_group)
    if abs(number) > LARGEST:
        raise ValueError(text)
    whole = int(number)
    return whole if whole == number else number


def _of_words(text: str, *, points_group: bool) -> Number:
    if points_group and _POINTS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if points_group and _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    if _PLAIN.fullmatch(text):
        return float(text) if any(mark in text for mark in ".eE") else int(text)
    if _COMMAS.fullmatch(text):
        return float(text.replace(",", ""))
    if _SPACES.fullmatch(text):
        return int(re.sub(r"[^\d+-]", "", text))
    raise ValueError(text)


def read_seconds(text: str, *, points_group: bool = False) -> Number:
    """Seconds, or a clock such as 0:01:10. ValueError for neither."""
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return read_number(text, points_group=points_group)
    hours, minutes, seconds = clock.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def id_of(cell: Cell) -> str:
    """An id is text, even where a formula keeps a spreadsheet from rounding it: ="123"."""
    text = text_of(cell).removeprefix("'")
    shown = _SHOWN_AS_TEXT.fullmatch(text)
    return shown[1] if shown else text


def is_rounded_id(text: str) -> bool:
    """Whether a spreadsheet made 1.22158E+17 of it: then no digit of it can be trusted."""
    return _ROUNDED_ID.fullmatch(text) is not None


def read_yearless(cell: Cell) -> tuple[int, int] | None:
    """Month and day of a cell such as “February 28” or “8 de marzo” that names no year."""
    if not isinstance(cell, str):
        return None
    _, month = read_month(cell)
    days = _DAY_OF_MONTH.findall(cell)
    if month is None or len(days) != 1:
        return None
    try:
        date(_LEAP_YEAR, month, int(days[0]))
    except ValueError:
        return None
    return month, int(days[0])
