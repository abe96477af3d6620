"""Where in a file its figures stand: sources of rows -> tables with a format and a header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from postboard.imports.file_kinds import Kind, kind_of
from postboard.imports.metric_formats import format_of
from postboard.imports.metric_headers import name_of, unique_names
from postboard.imports.metric_joins import with_lists_joined, with_sheets_beside, with_total
from postboard.imports.metric_sheets import sheets_of
from postboard.imports.metric_table import FoundTable, Source
from postboard.imports.metric_text import TextSource, text_source
from postboard.imports.refusals import METRIC_LIMITS, NotATable, TableTooLarge
from postboard.imports.workbook import Cell
from postboard.locale import N_

_OTHER_FILE: Final = N_(
    "This is a {kind} file, not an export of figures. Export them as CSV or XLSX."
)  # A header stands among the first rows of its table, and its table among the first of the file.
_HEADER_WITHIN: Final = 10
_ROWS_SEARCHED: Final = 500
_COPY: Final = re.compile(r"\s*\(\d+\)$")
"""What a browser adds to the name of a file that is there already."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """`first_rows` are what a file without any table known begins with."""

    kind: Kind
    text: TextSource | None
    tables: tuple[FoundTable, ...]
    first_rows: tuple[tuple[Cell, ...], ...]


def find_tables(path: Path) -> FoundFile:
    """NotATable for a file of another kind, an empty one, and one that is too large."""
    _refuse_size(path)
    with path.open("rb") as file:
        kind = kind_of(file, _OTHER_FILE)
    text = text_source(path) if kind is Kind.TEXT else None
    sources = [text] if text else sheets_of(path, kind)
    first_rows: list[tuple[Cell, ...]] = []
    tables = [table for source in sources for table in _tables_of(source, first_rows)]
    if not tables and not first_rows:
        raise NotATable("This file is empty.")
    return FoundFile(
        kind, text, tuple(_completed(one, sources, path) for one in tables), tuple(first_rows)
    )


def _refuse_size(path: Path) -> None:
    size = path.stat().st_size
    if not size:
        raise NotATable("This file is empty.")
    if size > METRIC_LIMITS.file_bytes:
        raise TableTooLarge(
            "This file has {megabytes} MB; one import takes {limit} MB.",
            megabytes=size // (1024 * 1024),
            limit=METRIC_LIMITS.file_bytes // (1024 * 1024),
        )


def _tables_of(source: Source, first_rows: list[tuple[Cell, ...]]) -> Iterator[FoundTable]:
    """All tables where they are sections, else the first that is known."""
    title, looked, inside, found_any = "", 0, False, False
    for number, cells in source.rows():
        if not cells:
            looked, inside = 0, False
        elif number > _ROWS_SEARCHED and not found_any:
            return
        elif not inside and looked < _HEADER_WITHIN:
            looked += 1
            found = format_of(cells)
            if found:
                yield FoundTable(source, found, unique_names(cells), number, title)
                if not found.sections:
                    return
                title, inside, found_any = "", True, True
                continue
            title = name_of(cells[0]) if len(cells) == 1 else title
            if len(first_rows) < _HEADER_WITHIN:
                first_rows.append(cells)


def _completed(table: FoundTable, sources: Sequence[Source], path: Path) -> FoundTable:
    """With what stands elsewhere about the same rows: beside them, above them, in the name."""
    match table.format.key:
        case "meta_daily" if not table.title:
            return replace(table, title=_COPY.sub("", path.stem))
        case "facebook_insights":
            return with_sheets_beside(table, sources)
        case "linkedin_personal_posts":
            return with_lists_joined(table)
        case "linkedin_personal_followers":
            return with_total(table)
        case _:
            return table
