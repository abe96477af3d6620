"""The door: the bytes of a content plan -> its posts. Nothing is written anywhere."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from postboard.domain.errors import BadInput
from postboard.imports import plan_layouts as layouts
from postboard.imports.plan_cells import says_yes_or_no
from postboard.imports.plan_columns import Columns, header_score, map_columns, network_named
from postboard.imports.plan_dates import DateOrder, OrderFound, order_of
from postboard.imports.plan_rows import HEADING, RowReader, heading, shortened
from postboard.imports.plan_times import DEFAULT_TIME, as_text
from postboard.imports.planned_post import (
    ParsedPlan,
    PlannedPost,
    PlanWarning,
    SkippedRow,
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
    "NotAPlan",
    "ParsedPlan",
    "PlanTooLarge",
    "PlanWarning",
    "PlannedPost",
    "SkippedRow",
    "content_digest",
    "fingerprint",
    "identity",
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
_ROWS_ABSENT: Final = N_("The columns of a plan are there, but no posts under them.")
_REPEATED_IDS: Final = N_(
    "The column “{column}” repeats its values, so it does not identify posts."
)
_WORDS_PER_NETWORK: Final = N_("The column “{column}” holds more than yes or no and was not read.")

_HEADER_WITHIN: Final = 10
_LEAST_DISTINCT: Final = 0.5
_SECOND_TABLE_SCORE: Final = 3
_LONGEST_NAME: Final = 40


def parse_plan(
    content: bytes,
    filename: str,
    zone: ZoneInfo,
    *,
    default_networks: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> ParsedPlan:
    """The posts of a CSV or XLSX, with every row that is no post and why.

    Wall times are read in `zone`. `default_networks` go to posts whose row names none.
    `progress` hears how many rows are done. NotAPlan for any other file.
    """
    try:
        tables = read_tables(content, header_score)
    except TableTooLarge as no:
        raise PlanTooLarge(no.message_id, **no.facts) from no
    except NotATable as no:
        raise NotAPlan(no.message_id, **no.facts) from no
    found = _find(tables)
    order = _order(found)
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
    )


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


def _find(tables: Sequence[Table]) -> _Found:
    best = max(tables, key=lambda table: _header(table)[0])
    score, at = _header(best)
    if score:
        _refuse_export([best], [best.rows[at]])
        return _with_header(best, at)
    _refuse_export(tables, [row for table in tables for row in table.rows[:_HEADER_WITHIN]])
    if layouts.is_headerless_hootsuite(tables[0].rows):
        return _headerless(tables[0])
    if any(layouts.is_month_grid(table.rows[:_HEADER_WITHIN]) for table in tables):
        raise NotAPlan(layouts.MONTH_GRID)
    raise NotAPlan(_NO_HEADER, row=_reading(tables[0].rows[0]))


def _header(table: Table) -> tuple[int, int]:
    """Score and position of the row most like a header, the first of equals; (0, 0) for none."""
    top = table.rows[:_HEADER_WITHIN]
    if layouts.is_month_grid(top):
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


def _with_header(table: Table, at: int) -> _Found:
    header, body = table.rows[at], table.rows[at + 1 :]
    names = _names(header)
    if table.sheet is None:
        names += [""] * (header.written - len(names))
    layout = layouts.layout_of(names)
    flags, notes = _flags(names, body)
    columns = map_columns(names, layout.aliases, flags)
    _refuse_unfit(columns)
    _refuse_beyond(body)
    _refuse_second_table(names, body)
    columns, repeated = _without_repeated_ids(columns, body)
    above = tuple(_above_header(row) for row in table.rows[:at])
    return _Found(table, layout, columns, header, above, body, (*notes, *repeated))


def _headerless(table: Table) -> _Found:
    width = max(len(row.cells) for row in table.rows)
    names = [str(number) for number in range(1, width + 1)]
    columns = map_columns(names, layouts.HOOTSUITE.aliases, ())
    _refuse_beyond(table.rows)
    return _Found(table, layouts.HOOTSUITE, columns, None, (), table.rows, ())


def _refuse_unfit(columns: Columns) -> None:
    blog = layouts.blog_columns(columns.names)
    if blog and columns.by_field.keys().isdisjoint(("caption", "networks")):
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


def _order(found: _Found) -> OrderFound:
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
    others = [table.sheet for table in tables if table is not found.table and _header(table)[0]]
    if others:
        facts = {"sheet": found.table.sheet, "others": ", ".join(map(str, others))}
        warnings.append(PlanWarning(_OTHER_SHEETS, facts))
    if not found.body:
        warnings.append(PlanWarning(_ROWS_ABSENT))
    return warnings


def _names(row: Row) -> list[str]:
    return [" ".join(as_text(cell).split()) for cell in row.cells]


def _reading(row: Row) -> str:
    return shortened(" | ".join(filter(None, _names(row))))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
