"""The door: the bytes of a content plan -> its posts. Nothing is written anywhere."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from postboard.domain.errors import BadInput
from postboard.imports import plan_grid, plan_own
from postboard.imports import plan_layouts as layouts
from postboard.imports.plan_cells import says_yes_or_no
from postboard.imports.plan_choices import NOTHING_SAID, Choices
from postboard.imports.plan_columns import Columns, header_score, map_columns, network_named
from postboard.imports.plan_dates import DateOrder, OrderFound, order_of, reads_as_moment
from postboard.imports.plan_grid import Grid
from postboard.imports.plan_rows import HEADING, RowReader, heading, shortened
from postboard.imports.plan_times import DEFAULT_TIME, as_text
from postboard.imports.planned_post import (
    GridMonth,
    Outline,
    ParsedPlan,
    PlannedPost,
    PlanWarning,
    SkippedRow,
    Taken,
    content_digest,
    fingerprint,
    identity,
)
from postboard.imports.refusals import LIMITS, NotATable, TableTooLarge
from postboard.imports.tabular import Row, Table, read_tables
from postboard.locale import N_

__all__ = [
    "DEFAULT_TIME",
    "LIMITS",
    "Choices",
    "NotAPlan",
    "Outline",
    "ParsedPlan",
    "PlanTooLarge",
    "PlanWarning",
    "PlannedPost",
    "SkippedRow",
    "content_digest",
    "fingerprint",
    "identity",
    "outline_of",
    "parse_plan",
]


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
_NO_POSTS: Final = (
    "The columns {columns} were found, but none of the {rows} rows has words, a title or media."
)
_ENCODING: Final = N_(
    "The encoding is not stated; the file was read as {encoding}. Check the accents."
)
_ORDER_SENTENCES: Final = {
    DateOrder.DAY_FIRST: N_("Dates such as 03/04/2026 were read day first: 3 April."),
    DateOrder.MONTH_FIRST: N_("Dates such as 03/04/2026 were read month first: March 4."),
    None: N_(
        "Some dates have the day first and others the month first. Those that can be read "
        "both ways come in without a date."
    ),
}
_OTHER_SHEETS: Final = N_("Only the sheet “{sheet}” was read; these were not: {others}.")
_NO_MONTH: Final = N_(
    "The file does not say which month it draws. Until somebody does, its posts have no date."
)
_ROWS_ABSENT: Final = N_("The columns of a plan are there, but no posts under them.")
_REPEATED_IDS: Final = N_(
    "The column “{column}” repeats its values, so it does not identify posts."
)
_WORDS_PER_NETWORK: Final = N_("The column “{column}” holds more than yes or no and was not read.")

_HEADER_WITHIN: Final = 10
_SAMPLE: Final = 200
_LEAST_DISTINCT: Final = 0.5
_SECOND_TABLE_SCORE: Final = 3
_LONGEST_NAME: Final = 40


def parse_plan(
    content: bytes,
    filename: str,
    zone: ZoneInfo,
    *,
    default_networks: Sequence[str] = (),
    choices: Choices = NOTHING_SAID,
    progress: Callable[[int], None] | None = None,
) -> ParsedPlan:
    """The posts of a CSV or XLSX, with every row that is no post and why.

    Wall times are read in `zone`. `default_networks` go to posts whose row names none. `choices`
    are what a person says of the file. `progress` hears how many rows are done. NotAPlan for any
    other file.
    """
    tables = _tables(content)
    found = _find(tables, choices)
    if isinstance(found, _FoundGrids):
        return _plan_of_grids(
            found, tables, filename, zone, tuple(default_networks), choices, progress
        )
    order = _order(found, choices)
    reader = RowReader(
        found.columns,
        zone,
        order.order,
        tuple(default_networks),
        complete=found.table.sheet is None and found.header is not None,
    )
    posts, skipped = reader.read(found.body, progress)
    if found.body and not posts:
        raise NotAPlan(_NO_POSTS, columns=_listed(found.columns.recognised), rows=len(found.body))
    skipped = [*found.above, *skipped]
    warnings = [*_warnings(found, order, tables), *reader.notes.warnings()]
    return ParsedPlan(
        filename=filename,
        layout=found.layout.key,
        encoding=found.table.encoding,
        delimiter=found.table.delimiter,
        sheet=found.table.sheet,
        header_row=found.header.number if found.header else None,
        columns=found.columns.recognised,
        ignored=found.columns.ignored,
        rows_read=len(posts) + len(skipped),
        posts=tuple(posts),
        skipped=tuple(skipped),
        warnings=tuple(warnings),
        outline=_outline(found, order),
    )


def outline_of(content: bytes, choices: Choices = NOTHING_SAID) -> Outline | None:
    """How a table is taken that is no plan as it stands: a person may say what its columns hold.

    None for what is no table, and for files of another kind.
    """
    try:
        found = _find(_tables(content), choices, any_table=True)
    except NotAPlan:
        return None
    if isinstance(found, _FoundGrids):
        return _outline_of_grids(found, 0)
    return _outline(found, _order(found, choices))


def _tables(content: bytes) -> list[Table]:
    try:
        return read_tables(content, header_score)
    except TableTooLarge as no:
        raise PlanTooLarge(no.message_id, **no.facts) from no
    except NotATable as no:
        raise NotAPlan(no.message_id, **no.facts) from no


def _plan_of_grids(
    found: "_FoundGrids",
    tables: Sequence[Table],
    filename: str,
    zone: ZoneInfo,
    default_networks: tuple[str, ...],
    choices: Choices,
    progress: Callable[[int], None] | None,
) -> ParsedPlan:
    reader = RowReader(plan_grid.COLUMNS, zone, None, default_networks)
    posts: list[PlannedPost] = []
    skipped: list[SkippedRow] = []
    stretching: list[str] = []
    warnings: list[PlanWarning] = []
    unnamed = 0
    for grid in found.grids:
        read = plan_grid.read_grid(grid, choices)
        its_posts, its_skipped = reader.read(read.rows, progress)
        sheet = grid.table.sheet if len(tables) > 1 else None
        posts += [replace(post, cell=_in_sheet(sheet, post.cell)) for post in its_posts]
        skipped += [
            replace(row, cell=_in_sheet(sheet, row.cell)) for row in (*read.skipped, *its_skipped)
        ]
        stretching += [_in_sheet(sheet, reach) for reach in read.stretching]
        unnamed += read.unnamed
        if not read.fits:
            facts = {"sheet": grid.sheet, "month": grid.month}
            warnings.append(PlanWarning(plan_grid.OTHER_WEEKDAY, facts))
    if not posts:
        raise NotAPlan(layouts.NO_GRID_WORDS)
    if stretching:
        facts = {"count": len(stretching), "example": stretching[0]}
        warnings.append(PlanWarning(plan_grid.STRETCHES, facts))
    first = found.grids[0]
    others = [table.sheet for table in tables if all(table is not g.table for g in found.grids)]
    if others:
        facts = {"sheet": first.table.sheet, "others": ", ".join(map(str, others))}
        warnings.append(PlanWarning(_OTHER_SHEETS, facts))
    outline = _outline_of_grids(found, unnamed, said=choices.notes is not None)
    if any(not month.month for month in outline.months):
        warnings.append(PlanWarning(_NO_MONTH))
    return ParsedPlan(
        filename=filename,
        layout=layouts.GRID,
        encoding=first.table.encoding,
        delimiter=first.table.delimiter,
        sheet=first.table.sheet,
        header_row=first.head.number,
        columns={},
        ignored=(),
        rows_read=len(posts) + len(skipped),
        posts=tuple(posts),
        skipped=tuple(skipped),
        warnings=(*warnings, *reader.notes.warnings()),
        outline=outline,
    )


def _in_sheet(sheet: str | None, cell: str) -> str:
    return f"{sheet}!{cell}" if sheet and cell else cell


# --- how it was taken ---


def _outline(found: "_Found", order: OrderFound) -> Outline:
    meanings = found.columns.meanings
    columns = [
        Taken(at, name or str(at + 1), meanings.get(at, ""), shortened(_first(found.body, at)))
        for at, name in enumerate(found.columns.names)
        if name or any(_column(found.body[:_SAMPLE], at))
    ]
    used = {at for key in ("date", "time") for at in found.columns.by_field.get(key, ())}
    return Outline(
        signature=found.signature,
        header=found.header is not None,
        header_is_open=found.header_is_open,
        columns=tuple(columns),
        order=order.order.value if order.order and used and order.example else "",
        asks_order=order.example if order.assumed else "",
        example=order.example,
    )


def _outline_of_grids(found: "_FoundGrids", unnamed: int, *, said: bool = False) -> Outline:
    return Outline(
        signature=_signature("grid", *map(str, found.grids[0].weekdays)),
        is_grid=True,
        months=tuple(GridMonth(grid.sheet, grid.month) for grid in found.grids),
        asks_notes=0 if said else unnamed,
        unnamed=unnamed,
    )


def _signature(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _first(rows: Sequence[Row], at: int) -> str:
    return next(filter(None, _column(rows[:_SAMPLE], at)), "")


# --- finding the plan ---


@dataclass(frozen=True, slots=True)
class _Found:
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
class _FoundGrids:
    grids: tuple[Grid, ...]


def _find(
    tables: Sequence[Table], choices: Choices, *, any_table: bool = False
) -> _Found | _FoundGrids:
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
        return _FoundGrids(tuple(grids))
    if any_table or choices.columns:
        return _as_a_person_says(best, choices, any_table=any_table)
    raise NotAPlan(_NO_HEADER, row=_reading(tables[0].rows[0]))


def _as_a_person_says(table: Table, choices: Choices, *, any_table: bool) -> _Found:
    """Nothing tells what the columns hold: the first row names them, if it holds only names."""
    named = _is_wordless(table.rows[0]) if choices.header is None else choices.header
    if named:
        found = _with_header(table, 0, choices, any_table=any_table)
    else:
        found = _headerless(table, layouts.GENERIC, choices)
    if not any_table and not found.columns.carries_posts:
        raise NotAPlan(_NO_WORDS, columns=_listed(found.columns.recognised))
    return replace(found, signature=_look_of(table), header_is_open=True)


def _look_of(table: Table) -> str:
    """The names of the first row, or what kind of cells the columns hold."""
    if _is_wordless(table.rows[0]):
        return _signature("rows", *(name.casefold() for name in _names(table.rows[0])))
    width = max(len(row.cells) for row in table.rows)
    return _signature("bare", *(_kind_of(table.rows, at) for at in range(width)))


def _kind_of(rows: Sequence[Row], at: int) -> str:
    cells = [row.cells[at] for row in rows[:_SAMPLE] if at < len(row.cells)]
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
            raise NotAPlan(layouts.RESULTS, columns=_listed(counted))


def _with_header(table: Table, at: int, choices: Choices, *, any_table: bool) -> _Found:
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
    return _Found(table, layout, columns, header, above, body, (*notes, *repeated), signature)


def _headerless(table: Table, layout: layouts.Layout, choices: Choices) -> _Found:
    width = max(len(row.cells) for row in table.rows)
    names = [str(number) for number in range(1, width + 1)]
    columns = map_columns(names, layout.aliases, ()).said_to_be(choices.columns)
    _refuse_beyond(table.rows)
    return _Found(table, layout, columns, None, (), table.rows, (), _look_of(table))


def _refuse_unfit(columns: Columns, *, by_hand: bool) -> None:
    blog = layouts.blog_columns(columns.names)
    if blog and not by_hand and columns.by_field.keys().isdisjoint(("caption", "networks")):
        raise NotAPlan(layouts.BLOG_CALENDAR, columns=_listed(blog))
    if not columns.carries_posts:
        raise NotAPlan(_NO_WORDS, columns=_listed(columns.recognised))


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


# --- what the columns turn out to hold ---


def _flags(names: Sequence[str], body: Sequence[Row]) -> tuple[list[int], list[PlanWarning]]:
    """Columns named like a network: those that say yes or no, and a warning for the others."""
    flags: list[int] = []
    notes: list[PlanWarning] = []
    for at, name in enumerate(names):
        if network_named(name) is None:
            continue
        if all(says_yes_or_no(text) for text in _column(body, at)):
            flags.append(at)
        else:
            notes.append(PlanWarning(_WORDS_PER_NETWORK, {"column": name}))
    return flags, notes


def _without_repeated_ids(
    columns: Columns, body: Sequence[Row]
) -> tuple[Columns, list[PlanWarning]]:
    """A column of the same few words is no id, whatever its name."""
    for at in columns.by_field.get("reference", ()):
        values = [text for text in _column(body, at) if text]
        if len(set(values)) < len(values) * _LEAST_DISTINCT:
            kept = {key: places for key, places in columns.by_field.items() if key != "reference"}
            note = PlanWarning(_REPEATED_IDS, {"column": columns.names[at]})
            return replace(columns, by_field=kept), [note]
    return columns, []


def _order(found: _Found, choices: Choices) -> OrderFound:
    told = _order_told(found)
    return OrderFound(choices.order, example=told.example) if choices.order else told


def _order_told(found: _Found) -> OrderFound:
    places = [at for key in ("date", "time") for at in found.columns.by_field.get(key, ())]
    written = (found.columns.names[at] for at in places if found.header)
    documented = next(filter(None, map(layouts.documented_order, written)), None)
    return order_of(
        (row.cells[at] for at in places for row in found.body if at < len(row.cells)), documented
    )


def _column(body: Iterable[Row], at: int) -> list[str]:
    return [as_text(row.cells[at]) if at < len(row.cells) else "" for row in body]


# --- words ---


def _warnings(found: _Found, order: OrderFound, tables: Sequence[Table]) -> list[PlanWarning]:
    warnings = list(found.notes)
    if found.table.encoding_guessed:
        warnings.append(PlanWarning(_ENCODING, {"encoding": found.table.encoding}))
    if order.assumed:
        warnings.append(PlanWarning(_ORDER_SENTENCES[order.order]))
    others = [table.sheet for table in tables if table is not found.table and _holds(table)]
    if others:
        facts = {"sheet": found.table.sheet, "others": ", ".join(map(str, others))}
        warnings.append(PlanWarning(_OTHER_SHEETS, facts))
    if not found.body:
        warnings.append(PlanWarning(_ROWS_ABSENT))
    return warnings


def _holds(table: Table) -> bool:
    return bool(_header(table)[0]) or any(map(plan_grid.is_head, table.rows[:_HEADER_WITHIN]))


def _names(row: Row) -> list[str]:
    return [" ".join(as_text(cell).split()) for cell in row.cells]


def _reading(row: Row) -> str:
    return shortened(" | ".join(filter(None, _names(row))))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
