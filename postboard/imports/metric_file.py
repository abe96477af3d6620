"""An export of figures that was recognised: its rows are read from the file each time."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from postboard.domain.errors import BadInput
from postboard.imports.metric_format import Holds
from postboard.imports.metric_glance import Glance
from postboard.imports.metric_headers import bare_key
from postboard.imports.metric_rows import (
    DayRow,
    MeasuredRow,
    MetricChoices,
    MetricWarning,
    Question,
    SkippedRow,
)
from postboard.imports.metric_text import Numbered
from postboard.imports.refusals import NotATable, TableTooLarge
from postboard.locale.languages import MessageId


class NotMetrics(BadInput):
    """The file is no export of figures; the sentence says what was found instead."""

    sentence: ClassVar[str] = "This file is not an export of figures."


class MetricsTooLarge(NotMetrics):
    """Figures, but more than one import takes."""

    status = 413
    sentence: ClassVar[str] = "This file is too large."


@dataclass(frozen=True, slots=True)
class MetricsFile:
    """`format` and `kind` are those of its posts where it has some; a workbook may hold days of the
    account beside them, and then `rows` gives both. `network` is None where rows name their own,
    or where it is to be asked.
    """

    path: Path
    choices: MetricChoices
    format: str
    name: MessageId
    kind: Holds
    network: str | None
    questions: tuple[Question, ...]
    warnings: tuple[MetricWarning, ...]
    row_count: int
    tables: tuple[Glance, ...]
    encoding: str
    delimiter: str | None

    def rows(self) -> Iterator[MeasuredRow | DayRow | SkippedRow]:
        """Every row below a header, in the order of the file. Memory stays flat.

        Raises:
            NotMetrics: midway, where a cell never ends or a sheet is broken.
        """
        for table in self.tables:
            for _, row in self.rows_of(table):
                yield row

    def rows_of(
        self, table: Glance
    ) -> Iterator[tuple[Numbered, MeasuredRow | DayRow | SkippedRow]]:
        """The rows of one table beside the cells they were read from."""
        reader = table.reader()
        with as_refusals():
            for number, cells in table.table.body():
                yield (number, cells), reader.read(number, cells)

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Headers no export of this format has; `MetricChoices.columns` can give them a meaning."""
        return tuple(
            dict.fromkeys(
                name
                for glance in self.tables
                for name in glance.table.names
                if name and bare_key(name) not in glance.table.format.known
            )
        )

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """What its columns are read as, by their headers."""
        return {
            name: meanings
            for table in self.tables
            for name, meanings in table.reader().meanings.items()
        }


@contextmanager
def as_refusals() -> Generator[None]:
    try:
        yield
    except TableTooLarge as fault:
        raise MetricsTooLarge(fault.message_id, **fault.facts) from fault
    except NotATable as fault:
        raise NotMetrics(fault.message_id, **fault.facts) from fault
