"""What an export of figures says before any of it is kept: counts, days, sums."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from postboard.domain.figures import METRICS
from postboard.imports.metric_cells import Number, read_number, text_of
from postboard.imports.metric_file import MetricsFile
from postboard.imports.metric_glance import Glance
from postboard.imports.metric_headers import bare_key
from postboard.imports.metric_reader import DAY_METRICS
from postboard.imports.metric_rows import DayRow, MeasuredRow, SkippedRow
from postboard.imports.workbook import Cell

_SKIPPED_SHOWN: Final = 100
_NO_NUMBERS: Final = frozenset({"id", "link", "text", "account", "network", "type", "posted"})


@dataclass(slots=True)
class _Sum:
    """Exact, as the file writes its decimals."""

    total: Decimal = Decimal(0)
    known: int = 0
    other: bool = False
    """Whether a cell with a value is no number, so that there is no sum."""

    def add(self, number: Number) -> None:
        self.total += number if isinstance(number, int) else Decimal(repr(number))
        self.known += 1

    def as_json(self) -> dict[str, Any]:
        whole = int(self.total)
        total = whole if whole == self.total else float(self.total)
        return {"sum": total if self.known and not self.other else None, "known": self.known}


@dataclass(slots=True)
class _Count:
    """What one table adds up to."""

    posts: int = 0
    days: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])
    first: date | None = None
    last: date | None = None
    metrics: dict[str, _Sum] = field(default_factory=dict[str, _Sum])

    def add_day(self, day: date | None) -> None:
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last or day, day)


def survey(metrics: MetricsFile) -> dict[str, Any]:
    """Plain values, as `import-metrics --dry-run --json` prints them. Reads every row."""
    skipped: list[dict[str, Any]] = []
    tables = [_table(metrics, glance, skipped) for glance in metrics.tables]
    main = next(one for one in tables if one["format"] == metrics.format)
    return {
        "format": metrics.format,
        "name": str(metrics.name),
        "kind": metrics.kind.value,
        "network": metrics.network,
        "encoding": metrics.encoding,
        "delimiter": metrics.delimiter,
        "rows_read": sum(one["rows"] for one in tables),
        "posts": sum(one["posts"] for one in tables),
        "days": sum(one["days"] for one in tables),
        "distinct_ids": main["distinct_ids"],
        "skipped": sum(one["skipped"] for one in tables),
        "skipped_rows": skipped,
        "first_date": main["first_date"],
        "last_date": main["last_date"],
        "metrics": main["metrics"],
        "columns": main["columns"],
        "tables": tables,
        "unknown_columns": list(metrics.unknown_columns),
        "questions": [
            {"asks": one.asks.value, "example": one.example} for one in metrics.questions
        ],
        "warnings": [one.text for one in metrics.warnings],
    }


def _table(metrics: MetricsFile, glance: Glance, skipped: list[dict[str, Any]]) -> dict[str, Any]:
    count, table = _Count(), glance.table
    places = _numeric_columns(glance)
    columns = {name: _Sum() for name, _ in places}
    for (_, cells), row in metrics.rows_of(glance):
        _count(count, row)
        if not isinstance(row, SkippedRow) or row.has_figures:
            _add_cells(columns, places, cells)
        if isinstance(row, SkippedRow) and len(skipped) < _SKIPPED_SHOWN:
            skipped.append({"row": row.number, "sheet": row.sheet, "reason": row.reason})
    return {
        "sheet": table.source.name,
        "title": table.title,
        "format": table.format.key,
        "header_row": table.header_row,
        "rows": glance.rows,
        "posts": count.posts,
        "days": count.days,
        "skipped": count.skipped,
        "skipped_reasons": dict(count.reasons),
        "distinct_ids": len(glance.distinct),
        "first_date": count.first.isoformat() if count.first else None,
        "last_date": count.last.isoformat() if count.last else None,
        "first_date_text": glance.first_day,
        "last_date_text": glance.last_day,
        "dates_missing": glance.without_day,
        "metrics": {metric: one.as_json() for metric, one in count.metrics.items()},
        "columns": {name: one.as_json() for name, one in columns.items()},
        "reads_as": {name: list(as_) for name, as_ in glance.reader().meanings.items()},
    }


def _count(count: _Count, row: MeasuredRow | DayRow | SkippedRow) -> None:
    match row:
        case SkippedRow():
            count.skipped += 1
            count.reasons[row.message_id] += 1
        case MeasuredRow():
            count.posts += 1
            count.add_day(row.posted_on)
            for metric in METRICS:
                _add(count, metric, getattr(row.figures, metric))
        case DayRow():
            count.days += 1
            count.add_day(row.day)
            for metric in DAY_METRICS:
                _add(count, metric, getattr(row, metric))


def _add(count: _Count, metric: str, number: Number | None) -> None:
    found = count.metrics.setdefault(metric, _Sum())
    if number is not None:
        found.add(number)


def _numeric_columns(glance: Glance) -> tuple[tuple[str, int], ...]:
    """Where there may be numbers to add up: not in ids, words and days."""
    meanings = glance.reader().meanings
    return tuple(
        (name, at)
        for at, name in enumerate(glance.table.names)
        if name
        and not bare_key(name).endswith(" id")
        and not _NO_NUMBERS.intersection(meanings.get(name, ()))
    )


def _add_cells(
    columns: dict[str, _Sum], places: Sequence[tuple[str, int]], cells: Sequence[Cell]
) -> None:
    for name, at in places:
        text = text_of(cells[at]) if at < len(cells) else ""
        if not text:
            continue
        try:
            columns[name].add(read_number(text))
        except ValueError:
            columns[name].known += 1
            columns[name].other = True
