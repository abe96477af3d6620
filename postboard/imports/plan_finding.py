"""Where in a file the plan is: its tables -> the one with the posts, and what its columns hold."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from postboard.domain.errors import BadInput
from postboard.imports import plan_grid, plan_own
from postboard.imports import plan_layouts as layouts
from postboard.imports.plan_cells import says_yes_or_no
from postboard.imports.plan_choices import Choices
from postboard.imports.plan_columns import Columns, header_score, map_columns, network_named
from postboard.imports.plan_dates import reads_as_moment
from postboard.imports.plan_grid import Grid
from postboard.imports.plan_rows import HEADING, heading, shortened
from postboard.imports.plan_times import as_text
from postboard.imports.planned_post import PlanWarning, SkippedRow
from postboard.imports.refusals import LIMITS
from postboard.imports.tabular import Row, Table
from postboard.locale import N_


class NotAPlan(BadInput):
    """The file holds no content plan; the sentence says what was found instead."""

    sentence: ClassVar[str] = "This file is not a content plan."


class PlanTooLarge(NotAPlan):
    """A plan beyond what one import takes."""

    status = 413
    sentence: ClassVar[str] = "This plan is too large."


_NO_HEADER: Final = (
    "No content plan was found. The first row reads “{row}”. "
    "A plan names its columns, such as date, platform and caption."
)
_NO_WORDS: Final = (
    "The columns {columns} were found, but none with the words, title or media of the posts."
)
_REPEATED_IDS: Final = N_(
    "The column “{column}” repeats its values, so it does not identify posts."
)
_WORDS_PER_NETWORK: Final = N_("The column “{column}” holds more than yes or no and was not read.")

_HEADER_WITHIN: Final = 10
SAMPLE: Final = 200
_LEAST_DISTINCT: Final = 0.5
_SECOND_TABLE_SCORE: Final = 3
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A table with a row for a post."""

    table: Table
    layout: layouts.Layout
    columns: Columns
    header: Row | None
    above: tuple[SkippedRow, ...]
    body: tuple[Row, ...]
    notes: tuple[PlanWarning, ...]
    signature: str
    header_is_open: bool = False


@dataclass(frozen=True, slots=True)
class FoundGrids:
    """A calendar's months, a cell for a day."""

    grids: tuple[Grid, ...]
    signature: str


def find(
    tables: Sequence[Table], choices: Choices, *, any_table: bool = False
) -> Found | FoundGrids:
    """`any_table`: one without recognised columns will do, as a person may name them."""
    best = max(tables, key=lambda table: _header(table)[0])
    score, at = _header(best)
    if score and choices.header is not False:
        _refuse_export([best], [best.rows[at]])
        return _with_header(best, at, choices, any_table=any_table)
    _refuse_export(tables, [row for table in tables for row in table.rows[:_HEADER_WITHIN]])
    if layouts.is_headerless_hootsuite(tables[0].rows):
        return _headerless(tables[0], layouts.HOOTSUITE, choices)
    grids = plan_grid.grids_in(tables, choices)
    if grids:
        return FoundGrids(tuple(grids), _signature("grid", *map(str, grids[0].weekdays)))
    if any_table or choices.columns:
        return _as_a_person_says(best, choices, any_table=any_table)
    raise NotAPlan(_NO_HEADER, row=_reading(tables[0].rows[0]))


def _as_a_person_says(table: Table, choices: Choices, *, any_table: bool) -> Found:
    """Nothing tells what the columns hold: the first row names them, if it holds only names."""
    named = _is_wordless(table.rows[0]) if choices.header is None else choices.header
    if named:
        found = _with_header(table, 0, choices, any_table=any_table)
    else:
        found = _headerless(table, layouts.GENERIC, choices)
    if not any_table and not found.columns.carries_posts:
        raise NotAPlan(_NO_WORDS, columns=", ".join(found.columns.recognised))
    return replace(found, signature=_look_of(table), header_is_open=True)


def _look_of(table: Table) -> str:
    """The names of the first row, or what kind of cells the columns hold."""
    if _is_wordless(table.rows[0]):
        return _signature("rows", *(name.casefold() for name in _names(table.rows[0])))
    width = max(len(row.cells) for row in table.rows)
    return _signature("bare", *(_kind_of(table.rows, at) for at in range(width)))


def _kind_of(rows: Sequence[Row], at: int) -> str:
    cells = [row.cells[at] for row in rows[:SAMPLE] if at < len(row.cells)]
    filled = [cell for cell in cells if cell != ""]
    if filled and sum(map(reads_as_moment, filled)) * 2 > len(filled):
        return "date"
    return "link" if any("://" in as_text(cell) for cell in filled) else "text"


def _header(table: Table) -> tuple[int, int]:
    """Score and position of the row most like a header, the first of equals; (0, 0) for none."""
    top = table.rows[:_HEADER_WITHIN]
    if any(map(plan_grid.is_head, top)):
        return 0, 0
    score, at = max((header_score(row.cells), -at) for at, row in enumerate(top))
    return score, -at


def _refuse_export(tables: Sequence[Table], headers: Sequence[Row]) -> None:
    for table in tables:
        sentence = layouts.export_sentence(table.rows[:_HEADER_WITHIN])
        if sentence:
            raise NotAPlan(sentence)
    for row in headers:
        counted = layouts.result_columns(_names(row))
        if counted:
            raise NotAPlan(layouts.RESULTS, columns=", ".join(counted))


def _with_header(table: Table, at: int, choices: Choices, *, any_table: bool) -> Found:
    header, body = table.rows[at], table.rows[at + 1 :]
    names = _names(header)
    if table.sheet is None:
        names += [""] * (header.written - len(names))
    layout = layouts.layout_of(names)
    if layout.key == plan_own.KEY:
        body = tuple(map(plan_own.row_restored, body))
    flags, notes = _flags(names, body)
    columns = map_columns(names, layout.aliases, flags)
    signature = _signature("rows", *(name.casefold() for name in names))
    if choices.columns:
        columns = columns.said_to_be(choices.columns)
    if not any_table:
        _refuse_unfit(columns, by_hand=bool(choices.columns))
    _refuse_beyond(body)
    _refuse_second_table(names, body)
    columns, repeated = _without_repeated_ids(columns, body)
    above = tuple(_above_header(row) for row in table.rows[:at])
    return Found(table, layout, columns, header, above, body, (*notes, *repeated), signature)


def _headerless(table: Table, layout: layouts.Layout, choices: Choices) -> Found:
    width = max(len(row.cells) for row in table.rows)
    names = [str(number) for number in range(1, width + 1)]
    columns = map_columns(names, layout.aliases, ()).said_to_be(choices.columns)
    _refuse_beyond(table.rows)
    return Found(table, layout, columns, None, (), table.rows, (), _look_of(table))


def _refuse_unfit(columns: Columns, *, by_hand: bool) -> None:
    blog = layouts.blog_columns(columns.names)
    if blog and not by_hand and columns.by_field.keys().isdisjoint(("caption", "networks")):
        raise NotAPlan(layouts.BLOG_CALENDAR, columns=", ".join(blog))
    if not columns.carries_posts:
        raise NotAPlan(_NO_WORDS, columns=", ".join(columns.recognised))


def _refuse_beyond(rows: Sequence[Row]) -> None:
    if len(rows) > LIMITS.rows:
        raise PlanTooLarge("This plan has more than {limit} rows.", limit=LIMITS.rows)


def _refuse_second_table(names: Sequence[str], rows: Sequence[Row]) -> None:
    """Below a second header the columns mean something else, so reading on would mix them."""
    known = {name.casefold() for name in names}
    for row in rows:
        new = [cell for cell in row.cells if as_text(cell).casefold() not in known]
        if len(new) > 1 and _is_wordless(row) and header_score(row.cells) >= _SECOND_TABLE_SCORE:
            raise NotAPlan(layouts.SEVERAL_TABLES, row=row.number)


def _is_wordless(row: Row) -> bool:
    """Only short names, as headers are: posts have dates, numbers and sentences."""
    return all(
        isinstance(cell, str) and len(cell) <= _LONGEST_NAME and not any(map(str.isdigit, cell))
        for cell in row.cells
    )


def _above_header(row: Row) -> SkippedRow:
    return heading(row) or SkippedRow(row.number, HEADING, {"text": _reading(row)})


def _flags(names: Sequence[str], body: Sequence[Row]) -> tuple[list[int], list[PlanWarning]]:
    """Columns named like a network: those that say yes or no, and a warning for the others."""
    flags: list[int] = []
    notes: list[PlanWarning] = []
    for at, name in enumerate(names):
        if network_named(name) is None:
            continue
        if all(says_yes_or_no(text) for text in column(body, at)):
            flags.append(at)
        else:
            notes.append(PlanWarning(_WORDS_PER_NETWORK, {"column": name}))
    return flags, notes


def _without_repeated_ids(
    columns: Columns, body: Sequence[Row]
) -> tuple[Columns, list[PlanWarning]]:
    """A column of the same few words is no id, whatever its name."""
    for at in columns.by_field.get("reference", ()):
        values = [text for text in column(body, at) if text]
        if len(set(values)) < len(values) * _LEAST_DISTINCT:
            kept = {key: places for key, places in columns.by_field.items() if key != "reference"}
            note = PlanWarning(_REPEATED_IDS, {"column": columns.names[at]})
            return replace(columns, by_field=kept), [note]
    return columns, []


def _signature(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _names(row: Row) -> list[str]:
    return [" ".join(as_text(cell).split()) for cell in row.cells]


def _reading(row: Row) -> str:
    return shortened(" | ".join(filter(None, _names(row))))


def holds_plan(table: Table) -> bool:
    return bool(_header(table)[0]) or any(map(plan_grid.is_head, table.rows[:_HEADER_WITHIN]))


def column(body: Iterable[Row], at: int) -> list[str]:
    return [as_text(row.cells[at]) if at < len(row.cells) else "" for row in body]
