"""Bytes of an .xlsx -> sheets of plain values. Formulas are read as the values last shown."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final, TypeAlias

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from postboard.imports.refusals import LIMITS, TOO_MANY_COLUMNS, Limits, NotATable, TableTooLarge

Cell: TypeAlias = str | datetime | time
Merged: TypeAlias = tuple[int, int, int, int]
"""Cells that a sheet draws as one: first row, first column, last row, last column, from 1 on."""

DAMAGED: Final = "This Excel file is damaged and cannot be read."
_LAST_SHEET_ROW: Final = 1_048_576
# Below this a high ratio is only a sheet that repeats itself.
_HARMLESS_BYTES: Final = 8 * 1024 * 1024

_CELLS_MAX: Final = 40_000_000
"""Blank ones too, which a sheet of a few kilobytes can have by the billion."""
_MERGED: Final = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MERGED_MAX: Final = 20_000
_TAIL_BYTES: Final = 1024 * 1024

# Reading loses nothing we want by these: styles, validation lists, print settings.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one visible sheet: (1-based sheet row, cells), without the blank ones."""

    name: str
    rows: Sequence[tuple[int, tuple[Cell, ...]]]
    merged: tuple[Merged, ...] = ()


def read_sheets(content: bytes, most_rows: int) -> list[Sheet]:
    """The visible sheets, of each at most `most_rows` rows that are not blank."""
    refuse_bomb(io.BytesIO(content), len(content), LIMITS)
    try:
        return list(_sheets(content, most_rows))
    except NotATable:
        raise
    # openpyxl answers broken bytes with almost any exception; all mean the same to a person.
    except Exception as fault:
        raise NotATable(DAMAGED) from fault


def refuse_bomb(file: IO[bytes], sent_bytes: int, limits: Limits) -> None:
    """A few kilobytes can unpack to gigabytes, so look before unpacking.

    The sizes are the archive's own word, which zipfile holds it to: it never reads past them.
    """
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    excessive = unpacked > limits.unpacked_ratio * sent_bytes and unpacked > _HARMLESS_BYTES
    if unpacked > limits.unpacked_bytes or excessive:
        raise TableTooLarge(
            "This Excel file unpacks to {megabytes} MB, more than one import takes.",
            megabytes=unpacked // (1024 * 1024),
        )


def _sheets(content: bytes, most_rows: int) -> Iterator[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield Sheet(sheet.title, _rows(sheet, most_rows), _merged(book, sheet))
    finally:
        book.close()


def _rows(sheet: ReadOnlyWorksheet, most_rows: int) -> list[tuple[int, tuple[Cell, ...]]]:
    sheet.reset_dimensions()  # some programs write "A1" for a sheet of any size
    found: list[tuple[int, tuple[Cell, ...]]] = []
    values = sheet.iter_rows(max_row=_LAST_SHEET_ROW, values_only=True)
    cells = 0
    for number, row in enumerate(values, start=1):
        cells += len(row)
        if cells > _CELLS_MAX:
            raise TableTooLarge
        if any(value is not None for value in row):
            found.append((number, _within_limits(number, row)))
            if len(found) >= most_rows:
                break
    return found


def _within_limits(number: int, row: Sequence[Any]) -> tuple[Cell, ...]:
    """The row without what is blank beyond its last column.

    Refused here and not once all are read: rows of 16,384 columns each fill the memory.
    """
    plain = tuple(plain_cell(value) for value in row[: LIMITS.columns])
    beyond = [at for at, value in enumerate(row[LIMITS.columns :], LIMITS.columns) if value]
    if beyond and str(row[beyond[-1]]).strip():
        raise TableTooLarge(
            TOO_MANY_COLUMNS, row=number, columns=beyond[-1] + 1, limit=LIMITS.columns
        )
    return plain


def _merged(book: Any, sheet: Any) -> tuple[Merged, ...]:
    """The sheet's own list of them, which openpyxl does not read where it reads row by row."""
    with book._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 - it tells no other way
        tail = _tail(part)
    found = _MERGED.findall(tail)[:_MERGED_MAX]
    return tuple(
        (
            int(first_row),
            column_index_from_string(first.decode()),
            int(last_row),
            column_index_from_string(last.decode()),
        )
        for first, first_row, last, last_row in found
    )


def _tail(part: Any) -> bytes:
    """The list stands behind the rows: of a large sheet only its end is kept."""
    tail = b""
    while chunk := part.read(_TAIL_BYTES):
        tail = tail[-_TAIL_BYTES:] + chunk
    return tail


def plain_cell(value: object) -> Cell:
    """Numbers as a person reads them, so that an id of 15 digits stays those digits."""
    match value:
        case None:
            plain: Cell = ""
        case str():
            plain = value.replace("_x000D_", "")
        case bool():
            plain = "TRUE" if value else "FALSE"
        case float():
            plain = str(int(value)) if value.is_integer() else repr(value)
        case datetime() | time():
            plain = value
        case date():
            plain = datetime.combine(value, time())
        case timedelta() if timedelta(0) <= value < timedelta(days=1):
            plain = (datetime.combine(date.min, time()) + value).time()
        case _:
            plain = str(value)
    return plain
