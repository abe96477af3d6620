"""The door: the bytes of a content plan -> its posts. Nothing is written anywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from postboard.imports import plan_grid
from postboard.imports import plan_layouts as layouts
from postboard.imports.plan_choices import NOTHING_SAID, Choices
from postboard.imports.plan_columns import header_score
from postboard.imports.plan_dates import DateOrder, OrderFound, order_of
from postboard.imports.plan_finding import (
    SAMPLE,
    Found,
    FoundGrids,
    NotAPlan,
    PlanTooLarge,
    column,
    find,
    holds_plan,
)
from postboard.imports.plan_grid import Grid
from postboard.imports.plan_rows import RowReader, shortened
from postboard.imports.plan_times import DEFAULT_TIME
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
    found = find(tables, choices)
    if isinstance(found, FoundGrids):
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
        raise NotAPlan(_NO_POSTS, columns=", ".join(found.columns.recognised), rows=len(found.body))
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
        found = find(_tables(content), choices, any_table=True)
    except NotAPlan:
        return None
    if isinstance(found, FoundGrids):
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
    found: FoundGrids,
    tables: Sequence[Table],
    filename: str,
    zone: ZoneInfo,
    default_networks: tuple[str, ...],
    choices: Choices,
    progress: Callable[[int], None] | None,
) -> ParsedPlan:
    reader = RowReader(plan_grid.COLUMNS, zone, None, default_networks)
    read = _grids_read(found.grids, reader, choices, progress, many_sheets=len(tables) > 1)
    if not read.posts:
        raise NotAPlan(layouts.NO_GRID_WORDS)
    outline = _outline_of_grids(found, read.unnamed, said=choices.notes is not None)
    first = found.grids[0]
    return ParsedPlan(
        filename=filename,
        layout=layouts.GRID,
        encoding=first.table.encoding,
        delimiter=first.table.delimiter,
        sheet=first.table.sheet,
        header_row=first.head.number,
        columns={},
        ignored=(),
        rows_read=len(read.posts) + len(read.skipped),
        posts=tuple(read.posts),
        skipped=tuple(read.skipped),
        warnings=(*_warnings_of_grids(found, read, tables, outline), *reader.notes.warnings()),
        outline=outline,
    )


@dataclass(slots=True)
class _GridsRead:
    """Months read one after the other: `stretching` are cells over several days, `unnamed` counts
    those without a network among others with one.
    """

    posts: list[PlannedPost] = field(default_factory=list[PlannedPost])
    skipped: list[SkippedRow] = field(default_factory=list[SkippedRow])
    stretching: list[str] = field(default_factory=list[str])
    unfitting: list[Grid] = field(default_factory=list[Grid])
    unnamed: int = 0


def _grids_read(
    grids: Sequence[Grid],
    reader: RowReader,
    choices: Choices,
    progress: Callable[[int], None] | None,
    *,
    many_sheets: bool,
) -> _GridsRead:
    all_read = _GridsRead()
    for grid in grids:
        read = plan_grid.read_grid(grid, choices)
        posts, skipped = reader.read(read.rows, progress)
        sheet = grid.table.sheet if many_sheets else None
        all_read.posts += [replace(post, cell=_in_sheet(sheet, post.cell)) for post in posts]
        all_read.skipped += [
            replace(row, cell=_in_sheet(sheet, row.cell)) for row in (*read.skipped, *skipped)
        ]
        all_read.stretching += [_in_sheet(sheet, reach) for reach in read.stretching]
        all_read.unnamed += read.unnamed
        if not read.fits:
            all_read.unfitting.append(grid)
    return all_read


def _warnings_of_grids(
    found: FoundGrids, read: _GridsRead, tables: Sequence[Table], outline: Outline
) -> list[PlanWarning]:
    warnings = [
        PlanWarning(plan_grid.OTHER_WEEKDAY, {"sheet": grid.sheet, "month": grid.month})
        for grid in read.unfitting
    ]
    if read.stretching:
        facts = {"count": len(read.stretching), "example": read.stretching[0]}
        warnings.append(PlanWarning(plan_grid.STRETCHES, facts))
    others = [table for table in tables if all(table is not g.table for g in found.grids)]
    warnings += _only_one_read(found.grids[0].table, others)
    if any(not month.month for month in outline.months):
        warnings.append(PlanWarning(_NO_MONTH))
    return warnings


def _in_sheet(sheet: str | None, cell: str) -> str:
    return f"{sheet}!{cell}" if sheet and cell else cell


def _outline(found: Found, order: OrderFound) -> Outline:
    meanings = found.columns.meanings
    columns = [
        Taken(at, name or str(at + 1), meanings.get(at, ""), shortened(_first(found.body, at)))
        for at, name in enumerate(found.columns.names)
        if name or any(column(found.body[:SAMPLE], at))
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


def _outline_of_grids(found: FoundGrids, unnamed: int, *, said: bool = False) -> Outline:
    return Outline(
        signature=found.signature,
        is_grid=True,
        months=tuple(GridMonth(grid.sheet, grid.month) for grid in found.grids),
        asks_notes=0 if said else unnamed,
        unnamed=unnamed,
    )


def _first(rows: Sequence[Row], at: int) -> str:
    return next(filter(None, column(rows[:SAMPLE], at)), "")


def _order(found: Found, choices: Choices) -> OrderFound:
    told = _order_told(found)
    return OrderFound(choices.order, example=told.example) if choices.order else told


def _order_told(found: Found) -> OrderFound:
    places = [at for key in ("date", "time") for at in found.columns.by_field.get(key, ())]
    written = (found.columns.names[at] for at in places if found.header)
    documented = next(filter(None, map(layouts.documented_order, written)), None)
    return order_of(
        (row.cells[at] for at in places for row in found.body if at < len(row.cells)), documented
    )


def _warnings(found: Found, order: OrderFound, tables: Sequence[Table]) -> list[PlanWarning]:
    warnings = list(found.notes)
    if found.table.encoding_guessed:
        warnings.append(PlanWarning(_ENCODING, {"encoding": found.table.encoding}))
    if order.assumed:
        warnings.append(PlanWarning(_ORDER_SENTENCES[order.order]))
    others = [table for table in tables if table is not found.table and holds_plan(table)]
    warnings += _only_one_read(found.table, others)
    if not found.body:
        warnings.append(PlanWarning(_ROWS_ABSENT))
    return warnings


def _only_one_read(table: Table, others: Sequence[Table]) -> list[PlanWarning]:
    names = ", ".join(str(other.sheet) for other in others)
    return [PlanWarning(_OTHER_SHEETS, {"sheet": table.sheet, "others": names})] if others else []
