"""Columns that no export of a format is known to have: what stands in them, what they may count."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from postboard.domain.errors import BadInput
from postboard.domain.figures import METRICS
from postboard.imports.metric_cells import Number, read_number, shortened
from postboard.imports.metric_file import MetricsFile
from postboard.imports.metric_format import Holds
from postboard.imports.metric_reader import DAY_METRICS

# Who was won on a day and who left are never told apart by what is kept of it.
TAKEN_AS: Final[Mapping[Holds, tuple[str, ...]]] = {
    Holds.POSTS: METRICS,
    Holds.ACCOUNT_DAYS: tuple(one for one in DAY_METRICS if one != "new_followers"),
}
EVERY_FIGURE: Final = frozenset({""}.union(*TAKEN_AS.values()))
"""What a column may be said to count; "" is to keep it as it is."""


class NotInFile(BadInput):
    sentence = "This file has no column “{column}” of which nothing is known."


class NotCounted(BadInput):
    sentence = "“{column}” stands beside figures of another kind and cannot count this."


class NoNumbers(BadInput):
    sentence = "“{column}” cannot count this: its values are no such numbers. One is “{example}”."


class CountsAlready(BadInput):
    sentence = "“{other}” counts this already. Keep one of the two as it is."


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """`known` rows say something in it; no `total` where that, as in `example`, is no number."""

    header: str
    holds: Holds
    total: Number | None
    known: int
    example: str


class UnknownColumns:
    """What rows that come in say in such columns, added up exactly as they write it."""

    def __init__(self, file: MetricsFile) -> None:
        self._found = {name: _Heard(*_table_of(file, name)) for name in file.unknown_columns}

    def add(self, raw: Mapping[str, str]) -> None:
        """The cells of one row, by their headers."""
        for name in self._found.keys() & raw.keys():
            self._found[name].add(raw[name])

    def found(self) -> tuple[UnknownColumn, ...]:
        return tuple(
            UnknownColumn(name, one.holds, one.total, one.known, one.example)
            for name, one in self._found.items()
        )


def need_fitting(file: MetricsFile, said: Mapping[str, str]) -> None:
    """Refuse what somebody says now of columns that cannot be so; `file` was opened with it.

    Raises:
        NotInFile, NotCounted, NoNumbers, CountsAlready: which and why.
    """
    unfit = {name: example for table in file.tables for name, example in table.unfit}
    for name, metric in said.items():
        if name not in file.unknown_columns:
            raise NotInFile(column=shortened(name))
        if not metric:
            continue
        if metric not in TAKEN_AS[_table_of(file, name)[0]]:
            raise NotCounted(column=shortened(name))
        if name in unfit:
            raise NoNumbers(column=shortened(name), example=unfit[name])
        others = (one for one in file.unknown_columns if file.choices.columns.get(one) == metric)
        if other := next((one for one in others if one != name), ""):
            raise CountsAlready(other=shortened(other))


def _table_of(file: MetricsFile, name: str) -> tuple[Holds, bool]:
    """What the first table with that header holds, and whether 1.234 is a thousand there."""
    table = next(one for one in file.tables if name in one.table.names)
    return table.table.format.holds, table.points_group


class _Heard:
    def __init__(self, holds: Holds, points_group: bool) -> None:
        self.holds, self.known, self.example = holds, 0, ""
        self._points_group = points_group
        self._total = Decimal(0)

    def add(self, text: str) -> None:
        self.known += 1
        if self.example:
            return
        try:
            number = read_number(text, points_group=self._points_group)
        except ValueError:
            self.example = shortened(text)
        else:
            self._total += number if isinstance(number, int) else Decimal(repr(number))

    @property
    def total(self) -> Number | None:
        """None as well where no row says anything: that is not 0."""
        if self.example or not self.known:
            return None
        whole = int(self._total)
        return whole if whole == self._total else float(self._total)
