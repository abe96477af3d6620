"""Workbooks of figures -> sources of rows: .xlsx, the .xls of Excel 97 and the .xls that is XML.

The true .xls is read by xlrd: 100 KB of Python, kept alive, without dependencies. python-calamine
is faster, but being native it panics on broken files, or ends the server with them.
"""

import io
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

import openpyxl
import xlrd

from postboard.domain.errors import Refused
from postboard.imports.metric_text import Numbered
from postboard.imports.refusals import METRIC_LIMITS, NotATable, TableTooLarge
from postboard.imports.tabular import clean_cell
from postboard.imports.workbook import DAMAGED, Cell, plain_cell, refuse_bomb

_LAST_SHEET_ROW: Final = 1_048_576
_CELLS_MAX: Final = 40_000_000
"""Blank ones too, which a sheet of a few kilobytes can have by the billion."""
_PIECE_BYTES: Final = 256 * 1024
_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_OLD_FILE_BYTES: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    path: Path
    name: str

    def rows(self) -> Iterator[Numbered]:
        with _opened(self.path) as book:
            yield from _rows(book[self.name])


def xlsx_sheets(path: Path) -> list[XlsxSheet]:
    """The visible ones. NotATable for a damaged file, TableTooLarge for one that unpacks to one."""
    with path.open("rb") as file:
        refuse_bomb(file, path.stat().st_size, METRIC_LIMITS)
    with _opened(path) as book:
        return [
            XlsxSheet(path, sheet.title)
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]


@contextmanager
def _opened(path: Path) -> Generator[Any]:
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
        except Refused:
            raise
        # openpyxl answers broken bytes with almost any exception; all mean the same to a person.
        except Exception as fault:
            raise NotATable(DAMAGED) from fault


def _rows(sheet: Any) -> Iterator[Numbered]:
    sheet.reset_dimensions()  # some programs write "A1" for a sheet of any size
    seen = 0
    values = sheet.iter_rows(max_row=_LAST_SHEET_ROW, values_only=True)
    for number, row in enumerate(values, start=1):
        seen += len(row)
        if seen > _CELLS_MAX:
            raise TableTooLarge
        yield number, _trimmed([clean_cell(plain_cell(value)) for value in row])


def _trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    width = min(len(cells), METRIC_LIMITS.columns)
    while width and cells[width - 1] == "":
        width -= 1
    return tuple(cells[:width])


@dataclass(frozen=True, slots=True)
class OldSheet:
    """A sheet of a .xls has 65,536 rows at most, and is read whole."""

    path: Path
    name: str

    def rows(self) -> Iterator[Numbered]:
        with _old_book(self.path) as book:
            sheet = book.sheet_by_name(self.name)
            for number in range(sheet.nrows):
                cells = [_plain_old(cell, book.datemode) for cell in sheet.row(number)]
                yield number + 1, _trimmed([clean_cell(cell) for cell in cells])


def old_sheets(path: Path) -> list[OldSheet]:
    """The visible ones."""
    if path.stat().st_size > _OLD_FILE_BYTES:
        raise TableTooLarge
    with _old_book(path) as book:
        hidden = book._sheet_visibility  # noqa: SLF001 - it tells no other way unread
        return [
            OldSheet(path, name) for at, name in enumerate(book.sheet_names()) if not hidden[at]
        ]


@contextmanager
def _old_book(path: Path) -> Generator[Any]:
    try:
        with xlrd.open_workbook(
            str(path), logfile=io.StringIO(), on_demand=True, ragged_rows=True
        ) as book:
            yield book
    # xlrd too has no one exception for broken bytes.
    except Exception as fault:
        raise NotATable(DAMAGED) from fault


def _plain_old(cell: Any, datemode: Any) -> Cell:
    """Such a workbook stores days as numbers, and says so beside them."""
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        case xlrd.XL_CELL_ERROR:
            return ""
        case xlrd.XL_CELL_BOOLEAN:
            return plain_cell(bool(cell.value))
        case _:
            return plain_cell(cell.value)


@dataclass(frozen=True, slots=True)
class XmlSheet:
    path: Path
    name: str

    def rows(self) -> Iterator[Numbered]:
        reading = _Reading(self.name)
        number = 0
        for _ in _fed(self.path, reading):
            while reading.done:
                at, cells = reading.done.popleft()
                if at > number + 1:
                    yield at - 1, ()
                number = at
                yield at, _trimmed(cells)


def xml_sheets(path: Path) -> list[XmlSheet]:
    reading = _Reading(None)
    for _ in _fed(path, reading):
        reading.done.clear()
    return [XmlSheet(path, name) for name in reading.names]


def _fed(path: Path, reading: "_Reading") -> Iterator[None]:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    # What Excel writes has none, and a small one can stand for gigabytes.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
            yield
    except expat.ExpatError as fault:
        raise NotATable(DAMAGED) from fault


def _refuse_doctype(*_: object) -> None:
    raise NotATable(DAMAGED)


@dataclass(slots=True)
class _Reading:
    """Gathers the rows of one worksheet, or the names of all where `wanted` is None."""

    wanted: str | None
    names: list[str] = field(default_factory=list[str])
    done: deque[tuple[int, list[Cell]]] = field(default_factory=deque[tuple[int, list[Cell]]])
    _inside: bool = False
    _number: int = 0
    _cells: list[Cell] = field(default_factory=list[Cell])
    _type: str = ""
    _text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(" ")[2]:
            case "Worksheet":
                self.names.append(attributes.get(f"{_SPREADSHEET} Name", ""))
                self._inside = self.names[-1] == self.wanted
                self._number = 0
            case "Row" if self._inside:
                self._number = _index(attributes, self._number + 1)
                self._cells = []
            case "Cell" if self._inside:
                at = min(_index(attributes, len(self._cells) + 1), METRIC_LIMITS.columns)
                self._cells += [""] * (at - len(self._cells))
            case "Data" if self._inside:
                self._type = attributes.get(f"{_SPREADSHEET} Type", "String")
                self._text = []
            case _:
                pass

    def characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition(" ")[2]:
            case "Data" if self._text is not None:
                self._cells[-1:] = [_of_xml("".join(self._text), self._type)]
                self._text = None
            case "Row" if self._inside:
                self.done.append((self._number, self._cells))
                self._cells = []
            case _:
                pass


def _index(attributes: dict[str, str], otherwise: int) -> int:
    said = attributes.get(f"{_SPREADSHEET} Index", "")
    return int(said) if said.isdecimal() and len(said) < 8 else otherwise  # noqa: PLR2004


def _of_xml(text: str, kind: str) -> Cell:
    if kind == "DateTime":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return text
    return clean_cell(text)
