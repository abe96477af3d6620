"""A text file of figures, read row by row as often as asked: it may be larger than memory."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from postboard.imports.encodings import encoding_of
from postboard.imports.metric_formats import header_score
from postboard.imports.refusals import METRIC_LIMITS, TOO_MANY_COLUMNS, TableTooLarge
from postboard.imports.tabular import (
    clean_cell,
    first_records,
    likeliest_delimiter,
    read_records,
    separator_line,
)
from postboard.imports.workbook import Cell

Numbered = tuple[int, tuple[Cell, ...]]
"""The row as a spreadsheet counts it, and its cells; none for a blank row."""

_HEAD_CHARACTERS: Final = 256 * 1024
_HEADER_WITHIN: Final = 10


@dataclass(frozen=True, slots=True)
class TextSource:
    """`wrapped`: every line was saved again as one quoted cell."""

    path: Path
    encoding: str
    encoding_guessed: bool
    delimiter: str
    wrapped: bool
    name: str = ""

    def rows(self) -> Iterator[Numbered]:
        """All of them, blank ones too: a blank row ends a table."""
        with _opened(self.path, self.encoding) as file:
            lines = _below_separator_line(file)
            records = read_records(lines, "," if self.wrapped else self.delimiter)
            if self.wrapped:
                inner = (f"{record[0]}\n" if record else "\n" for record in records)
                records = read_records(inner, self.delimiter)
            for number, record in enumerate(records, start=1):
                yield number, _within_limits(number, [clean_cell(cell) for cell in record])


def text_source(path: Path) -> TextSource:
    """NotATable for bytes that are no text."""
    with path.open("rb") as file:
        encoding, guessed = encoding_of(file)
    with _opened(path, encoding) as file:
        head = file.read(_HEAD_CHARACTERS)
    text, delimiter = separator_line(head.lstrip("\ufeff"))
    delimiter = delimiter or likeliest_delimiter(text, header_score)
    inner = _unwrapped(text, delimiter or ",")
    return TextSource(path, encoding, guessed, inner or delimiter or ",", wrapped=bool(inner))


def _opened(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=encoding, errors="replace", newline="")


def _below_separator_line(file: Iterable[str]) -> Iterator[str]:
    lines = iter(file)
    first = next(lines, "").lstrip("\ufeff")
    rest, separator = separator_line(first)
    return lines if separator and not rest else itertools.chain((first,), lines)


def _unwrapped(text: str, delimiter: str) -> str:
    """The delimiter inside cells that each hold a whole line; empty for any other file."""
    sample = first_records(text, delimiter)
    if any(len(list(filter(None, record))) > 1 for record in sample):
        return ""
    inner = "\n".join(record[0] if record else "" for record in sample)
    found = likeliest_delimiter(inner, header_score)
    if found is None:
        return ""
    scores = [header_score(record) for record in first_records(inner, found)[:_HEADER_WITHIN]]
    return found if any(scores) else ""


def _within_limits(number: int, cells: list[Cell]) -> tuple[Cell, ...]:
    """None for a blank row; else all that is written, since a row may lack its last cells."""
    if not any(cells):
        return ()
    if len(cells) > METRIC_LIMITS.columns and any(cells[METRIC_LIMITS.columns :]):
        raise TableTooLarge(
            TOO_MANY_COLUMNS, row=number, columns=len(cells), limit=METRIC_LIMITS.columns
        )
    return tuple(cells)
