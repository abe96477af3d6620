"""Bytes of a file somebody uploaded -> rows of cells. Knows CSV and XLSX, and nothing of posts."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, TypeAlias

from postboard.imports.encodings import decode
from postboard.imports.file_kinds import is_workbook
from postboard.imports.refusals import LIMITS, TOO_MANY_COLUMNS, NotATable, TableTooLarge
from postboard.imports.workbook import Cell, Merged, read_sheets

HeaderScore: TypeAlias = Callable[[Sequence[Cell]], int]

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_RECORDS: Final = 40
_SEPARATOR_LINE: Final = re.compile(r'\s*"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
# Rows above the header do not count as rows of the plan.
_ROWS_TO_READ: Final = LIMITS.rows + 100
_OPEN_QUOTE: Final = "The cell that begins at line {line} never ends: a quotation mark is missing."
_ENDLESS: Final = (
    "The cell that begins at line {line} has more than {limit} characters; "
    "perhaps a quotation mark is missing."
)
# A line of its own behind the last one: a cell that swallows it was never closed.
_END: Final = "\x00end"
# No person types these, and Postgres stores no zero byte.
_CONTROLS: Final = {code: None for code in range(32) if code not in (9, 10)} | {0x7F: None}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet shows it: a cell with line breaks is still one row.

    `cells` end with the last one that is not blank; `written` counts the blank ones too. `place`
    is the one cell, such as B6, that a row was made of.
    """

    number: int
    cells: tuple[Cell, ...]
    written: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one CSV file, without its blank rows."""

    rows: tuple[Row, ...]
    encoding: str
    delimiter: str | None = None
    sheet: str | None = None
    encoding_guessed: bool = False
    merged: tuple[Merged, ...] = ()


def read_tables(content: bytes, header_score: HeaderScore) -> list[Table]:
    """The table of a CSV, or one for each visible sheet of an XLSX; never empty.

    `header_score` says how much a row looks like a header; it settles the delimiter.
    NotATable for everything that is no table of text.
    """
    _refuse_size(content)
    if is_workbook(content):
        tables = [
            Table(_rows(sheet.rows), "xlsx", sheet=sheet.name, merged=sheet.merged)
            for sheet in read_sheets(content, _ROWS_TO_READ)
        ]
    else:
        tables = [_read_csv(content, header_score)]
    if not any(table.rows for table in tables):
        raise NotATable("This file is empty.")
    return [table for table in tables if table.rows]


def _refuse_size(content: bytes) -> None:
    if not content.strip(b" \t\r\n\x00"):
        raise NotATable("This file is empty.")
    if len(content) > LIMITS.file_bytes:
        raise TableTooLarge(
            "This file has {megabytes} MB; one import takes {limit} MB.",
            megabytes=len(content) // (1024 * 1024),
            limit=LIMITS.file_bytes // (1024 * 1024),
        )


def _rows(numbered: Sequence[tuple[int, Sequence[Cell]]]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for number, cells in numbered:
        clean = tuple(clean_cell(cell) for cell in cells)
        width = len(clean)
        while width and clean[width - 1] == "":
            width -= 1
        if width > LIMITS.columns:
            raise TableTooLarge(TOO_MANY_COLUMNS, row=number, columns=width, limit=LIMITS.columns)
        if width:
            rows.append(Row(number, clean[:width], len(clean)))
    return tuple(rows)


def clean_cell(cell: Cell) -> Cell:
    """Text with plain line ends and no control characters."""
    if isinstance(cell, datetime | time):
        return cell
    text = cell.strip()
    if not text.isprintable() and _CONTROL.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).strip()
    return text


def _read_csv(content: bytes, header_score: HeaderScore) -> Table:
    text, encoding, guessed = decode(content)
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    if lines > LIMITS.lines:
        raise TableTooLarge(
            "This file has {lines} lines; one import takes {limit}.",
            lines=lines,
            limit=LIMITS.lines,
        )
    text, delimiter = separator_line(text.lstrip("\ufeff"))
    delimiter = delimiter or likeliest_delimiter(text, header_score)
    unwrapped = _unwrapped(text, delimiter, header_score)
    if unwrapped is not None:
        text, delimiter = unwrapped
    records = enumerate(_records_of(text, delimiter or ","), start=1)
    rows = _rows(list(itertools.islice(_not_blank(records), _ROWS_TO_READ)))
    return Table(rows, encoding, delimiter, encoding_guessed=guessed)


def separator_line(text: str) -> tuple[str, str | None]:
    """Excel writes `sep=;` as a first line, and does not show it as a row."""
    line = _SEPARATOR_LINE.match(text)
    return (text[line.end() :], line.group(1)) if line else (text, None)


def _records_of(text: str, delimiter: str) -> Iterator[list[str]]:
    return read_records(io.StringIO(text, newline=""), delimiter)


def read_records(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """The records of lines that keep their ends. NotATable for a cell that never ends."""
    reader = csv.reader(itertools.chain(lines, (_END,)), delimiter=delimiter)
    line = begun_at = 1
    try:
        for record in reader:
            if record == [_END]:
                return
            yield record
            line, begun_at = reader.line_num + 1, line
    except csv.Error as fault:
        raise NotATable(_ENDLESS, line=line, limit=csv.field_size_limit()) from fault
    raise NotATable(_OPEN_QUOTE, line=begun_at)


def _not_blank(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in records if any(cell.strip() for cell in cells))


def likeliest_delimiter(text: str, header_score: HeaderScore) -> str | None:
    """None for a single column."""
    best, best_rank = None, (0, 0.0, 0)
    for delimiter in _DELIMITERS:
        sample = first_records(text, delimiter)
        widths = Counter(len(record) for record in sample)
        if not widths or max(widths) == 1:
            continue
        width, times = widths.most_common(1)[0]
        score = max(header_score(record) for record in sample[:10])
        rank = (score, times / len(sample) if width > 1 else 0.0, width)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def first_records(text: str, delimiter: str) -> list[list[str]]:
    """The first records; none when the text does not read with this delimiter."""
    numbered = _not_blank(enumerate(_records_of(text, delimiter), start=1))
    try:
        return [record for _, record in itertools.islice(numbered, _SAMPLE_RECORDS)]
    except NotATable:
        return []


def _unwrapped(
    text: str, delimiter: str | None, header_score: HeaderScore
) -> tuple[str, str] | None:
    """Some programs save again with every line as one quoted cell; undo that."""
    sample = first_records(text, delimiter or ",")
    if any(len(list(filter(None, record))) > 1 for record in sample):
        return None
    lines = (record[0] if record else "" for record in _records_of(text, delimiter or ","))
    inner = "\n".join(lines)
    found = likeliest_delimiter(inner, header_score)
    if (
        found is None
        or max(header_score(record) for record in first_records(inner, found)[:10]) == 0
    ):
        return None
    return inner, found
