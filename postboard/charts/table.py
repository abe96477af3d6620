"""The numbers of a chart as rows: for a table beside it and as CSV."""

import csv
import io
from datetime import date
from typing import Final

from postboard.charts.spec import Cell, Chart, Said, Unit, figure_text
from postboard.locale.catalogue import Text
from postboard.locale.dates import format_day
from postboard.locale.languages import Filled, MessageId

_SIGNS: Final = {Unit.PERCENT: "%", Unit.TIMES: "×"}
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take text that begins so for a formula."""


def rows(chart: Chart, words: Text) -> list[list[str]]:
    """Names of the columns, then the rows, as a person reads them."""
    table = chart.table
    units = [column.unit for column in table.columns]
    return [
        [_words(column.name, words) for column in table.columns],
        *(
            [_read(cell, unit, words) for cell, unit in zip(row, units, strict=True)]
            for row in table.rows
        ),
    ]


def as_csv(chart: Chart, words: Text) -> str:
    """Figures as a program reads them, in full; what is not known is empty. Named with their
    units, since a number alone has none.
    """
    table = chart.table
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_headed(_words(c.name, words), c.unit) for c in table.columns])
    writer.writerows([_exact(cell, words) for cell in row] for row in table.rows)
    return out.getvalue()


def _read(cell: Cell, unit: Unit | None, words: Text) -> str:
    if cell is None or isinstance(cell, int | float):
        return figure_text(cell, unit or Unit.COUNT)
    return _words(cell, words)


def _exact(cell: Cell, words: Text) -> str:
    match cell:
        case None:
            return ""
        case MessageId() | Filled():
            return _guarded(_words(cell, words))
        case date():
            return cell.isoformat()
        case str():
            return _guarded(cell)
        case float():
            return f"{cell:.10g}"
        case _:
            return str(cell)


def _headed(name: str, unit: Unit | None) -> str:
    sign = _SIGNS.get(unit) if unit else None
    return f"{name} ({sign})" if sign else name


def _words(said: Said, words: Text) -> str:
    match said:
        case MessageId():
            return words.gettext(said)
        case Filled():
            return words.gettext(said.sentence, **said.facts)
        case date():
            return format_day(said, words.language)
        case _:
            return said


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_GUARDED) else text
