"""Figures of one post, or one day, that a workbook spreads over sheets, lists and titles."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from postboard.imports.metric_cells import text_of
from postboard.imports.metric_headers import header_key, name_of
from postboard.imports.metric_table import FoundTable, Source
from postboard.imports.metric_text import Numbered
from postboard.imports.refusals import TableTooLarge
from postboard.imports.workbook import Cell

# Excel cuts the names of sheets off behind 31 characters.
_SHEETS_BESIDE: Final = {
    "lifetime post stories by act": "Stories",
    "lifetime post consumptions b": "Consumptions",
}
_BEHIND: Final = header_key("Audience Targeting")
_POST_ID: Final = header_key("Post ID")
_TITLE_ROWS: Final = 10
# What is joined is held, and such exports end at 500 posts.
_HELD_MAX: Final = 20_000
_TOTAL_FOLLOWERS: Final = re.compile(r"total followers on ([\d/.-]+)")


@dataclass(frozen=True, slots=True)
class _Widened:
    """The rows of a source, each with the cells that stand for it elsewhere."""

    source: Source
    width: int
    key_at: int
    beside: Mapping[str, tuple[Cell, ...]]

    @property
    def name(self) -> str:
        return self.source.name

    def rows(self) -> Iterator[Numbered]:
        for number, cells in self.source.rows():
            key = str(cells[self.key_at]) if len(cells) > self.key_at else ""
            added = self.beside.get(key, ())
            blank = ("",) * (self.width - len(cells)) if added else ()
            yield number, (*cells[: self.width], *blank, *added) if added else cells


@dataclass(frozen=True, slots=True)
class _Held:
    name: str
    numbered: tuple[Numbered, ...]

    def rows(self) -> Iterator[Numbered]:
        return iter(self.numbered)


def with_sheets_beside(table: FoundTable, sources: Sequence[Source]) -> FoundTable:
    """Page Insights count reactions, comments, shares and clicks on sheets of their own."""
    for source in sources:
        called = header_key(source.name)
        kind = next(
            (kind for start, kind in _SHEETS_BESIDE.items() if called.startswith(start)), ""
        )
        read = _read_beside(source) if kind else None
        if read:
            headers, beside = read
            key_at = [header_key(name) for name in table.names].index(_POST_ID)
            table = replace(
                table,
                source=_Widened(table.source, len(table.names), key_at, beside),
                names=(*table.names, *(f"{kind}: {header}" for header in headers)),
            )
    return table


def _read_beside(source: Source) -> tuple[list[str], dict[str, tuple[Cell, ...]]] | None:
    """The columns behind those that repeat what the post is, by its id."""
    rows = (cells for _, cells in source.rows() if cells)
    header = [header_key(name_of(cell)) for cell in next(rows, ())]
    if _POST_ID not in header or _BEHIND not in header:
        return None
    key_at, first = header.index(_POST_ID), header.index(_BEHIND) + 1
    beside: dict[str, tuple[Cell, ...]] = {}
    for cells in rows:
        if len(cells) > first:
            added = cells[first : len(header)]
            beside[str(cells[key_at])] = (*added, *("",) * (len(header) - first - len(added)))
        if len(beside) > _HELD_MAX:
            raise TableTooLarge
    return header[first:], beside


def with_lists_joined(table: FoundTable) -> FoundTable:
    """LinkedIn lists the posts with most engagements beside those with most impressions."""
    keys = [re.sub(r"#\d+$", "", header_key(name)) for name in table.names]
    starts = [at for at, key in enumerate(keys) if key == "post url"]
    if len(starts) < 2:  # noqa: PLR2004 - one list
        return table
    columns = [at for at, key in enumerate(keys) if key and (key not in keys[:at])]
    names = [re.sub(r"#\d+$", "", table.names[at]) for at in columns]
    joined: dict[str, tuple[int, dict[str, Cell]]] = {}
    for number, cells in table.body():
        for start, end in itertools.pairwise([*starts, len(keys)]):
            said = dict(zip(keys[start:end], cells[start:end], strict=False))
            if link := text_of(said.get("post url", "")):
                joined.setdefault(link, (number, {}))[1].update(said)
        if len(joined) > _HELD_MAX:
            raise TableTooLarge
    rows = tuple(
        (number, tuple(said.get(keys[at], "") for at in columns))
        for number, said in joined.values()
    )
    return replace(table, source=_Held(table.source.name, rows), names=tuple(names), header_row=0)


def with_total(table: FoundTable) -> FoundTable:
    """LinkedIn writes the number of followers on the last day above the new ones of each day."""
    for _, cells in itertools.islice(table.source.rows(), _TITLE_ROWS):
        found = _TOTAL_FOLLOWERS.match(header_key(str(cells[0]))) if cells else None
        if found and len(cells) > 1:
            width = len(table.names)
            source = _Widened(table.source, width, 0, {found[1]: (cells[1],)})
            return replace(table, source=source, names=(*table.names, "Total followers"))
    return table
