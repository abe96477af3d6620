"""Workbooks of figures -> sheets of rows: .xlsx, the .xls of Excel 97 and the .xls that is XML.

The true .xls is read by xlrd: 100 KB of Python, kept alive, without dependencies. python-calamine
is faster, but being native it panics on broken files, or ends the server with them.
"""

import io
import itertools
import json
import tempfile
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.parsers import expat

import openpyxl
import xlrd

from postboard.domain.errors import Refused
from postboard.imports.file_kinds import Kind
from postboard.imports.metric_text import Numbered
from postboard.imports.refusals import METRIC_LIMITS, NotATable, TableTooLarge
from postboard.imports.tabular import clean_cell
from postboard.imports.workbook import DAMAGED, Cell, plain_cell, refuse_bomb

_Located: TypeAlias = tuple[str, int, tuple[Cell, ...]]
"""The name of the sheet, the row as a spreadsheet counts it, and its cells."""

_LAST_SHEET_ROW: Final = 1_048_576
_CELLS_MAX: Final = 10_000_000
"""Blank ones too, which a sheet of a few kilobytes can have by the billion."""
_PIECE_BYTES: Final = 256 * 1024
_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_OLD_FILE_BYTES: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet. Workbooks are slow to read, so its rows lie in a file that is quick."""

    name: str
    _spool: "_Spool"
    _begins_at: int
    _ends_at: int

    def rows(self) -> Iterator[Numbered]:
        """A gap between rows is one blank row."""
        last = 0
        for number, cells in self._spool.read(self._begins_at, self._ends_at):
            if number > last + 1:
                yield number - 1, ()
            yield number, cells
            last = number


def sheets_of(path: Path, kind: Kind) -> list[Sheet]:
    """Those with any cell, each read once.

    Raises:
        NotATable: for a damaged file.
        TableTooLarge: for one that unpacks to more than one import takes.
    """
    read = {Kind.WORKBOOK: _xlsx_rows, Kind.OLD_WORKBOOK: _old_rows, Kind.XML_WORKBOOK: _xml_rows}
    spool, sheets = _Spool(), list[Sheet]()
    for name, rows in itertools.groupby(read[kind](path), key=lambda row: row[0]):
        begins_at = spool.length
        for _, number, cells in rows:
            spool.add(number, cells)
        sheets.append(Sheet(name, spool, begins_at, spool.length))
    spool.close()
    return sheets


class _Spool:
    """Rows in a temporary file, which goes when nobody holds a sheet of it any more."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile(suffix=".rows")  # noqa: SIM115 - its sheets hold it
        self.length = 0

    def add(self, number: int, cells: Sequence[Cell]) -> None:
        line = json.dumps([number, *map(_as_json, cells)]).encode() + b"\n"
        self.length += self._file.write(line)
        # A workbook writes a text once, however many cells show it.
        if self.length > METRIC_LIMITS.unpacked_bytes:
            raise TableTooLarge

    def close(self) -> None:
        """Nothing is added any more."""
        self._file.flush()

    def read(self, begins_at: int, ends_at: int) -> Iterator[Numbered]:
        with Path(self._file.name).open("rb") as file:
            file.seek(begins_at)
            while begins_at < ends_at:
                line = file.readline()
                begins_at += len(line)
                number, *cells = json.loads(line)
                yield number, tuple(map(_of_json, cells))


def _as_json(cell: Cell) -> str | list[str]:
    return cell if isinstance(cell, str) else [type(cell).__name__, cell.isoformat()]


def _of_json(said: str | list[str]) -> Cell:
    if isinstance(said, str):
        return said
    kind, text = said
    return datetime.fromisoformat(text) if kind == "datetime" else time.fromisoformat(text)


def _xlsx_rows(path: Path) -> Iterator[_Located]:
    with path.open("rb") as file:
        refuse_bomb(file, path.stat().st_size, METRIC_LIMITS)
    with _opened(path) as book:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield from _rows(sheet)


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


def _rows(sheet: Any) -> Iterator[_Located]:
    sheet.reset_dimensions()  # some programs write "A1" for a sheet of any size
    seen = 0
    values = sheet.iter_rows(max_row=_LAST_SHEET_ROW, values_only=True)
    for number, row in enumerate(values, start=1):
        seen += len(row)
        if seen > _CELLS_MAX:
            raise TableTooLarge
        if cells := _trimmed(["" if one is None else clean_cell(plain_cell(one)) for one in row]):
            yield sheet.title, number, cells


def _trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    width = min(len(cells), METRIC_LIMITS.columns)
    while width and cells[width - 1] == "":
        width -= 1
    return tuple(cells[:width])


def _old_rows(path: Path) -> Iterator[_Located]:
    """A sheet of a .xls has 65,536 rows at most, and is read whole."""
    if path.stat().st_size > _OLD_FILE_BYTES:
        raise TableTooLarge
    with _old_book(path) as book:
        hidden = book._sheet_visibility  # noqa: SLF001 - it tells no other way unread
        for name in (name for at, name in enumerate(book.sheet_names()) if not hidden[at]):
            sheet = book.sheet_by_name(name)
            for number in range(sheet.nrows):
                cells = [_plain_old(cell, book.datemode) for cell in sheet.row(number)]
                if cells := _trimmed([clean_cell(cell) for cell in cells]):
                    yield name, number + 1, cells
            book.unload_sheet(name)


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


def _xml_rows(path: Path) -> Iterator[_Located]:
    reading, seen = _Reading(), 0
    for _ in _fed(path, reading):
        while reading.done:
            name, number, cells = reading.done.popleft()
            seen += len(cells)
            if seen > _CELLS_MAX:
                raise TableTooLarge
            if cells := _trimmed(cells):
                yield name, number, cells


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
    """Gathers whole rows, each with the name of its worksheet."""

    done: deque[tuple[str, int, list[Cell]]] = field(
        default_factory=deque[tuple[str, int, list[Cell]]]
    )
    _name: str = ""
    _number: int = 0
    _cells: list[Cell] = field(default_factory=list[Cell])
    _type: str = ""
    _text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(" ")[2]:
            case "Worksheet":
                self._name = attributes.get(f"{_SPREADSHEET} Name", "")
                self._number = 0
            case "Row":
                self._number = _index(attributes, self._number + 1)
                self._cells = []
            case "Cell":
                at = min(_index(attributes, len(self._cells) + 1), METRIC_LIMITS.columns)
                self._cells += [""] * (at - len(self._cells))
            case "Data":
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
            case "Row":
                self.done.append((self._name, self._number, self._cells))
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
