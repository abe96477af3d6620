"""A table of figures in a file: its rows can be read again and again, and are never all held."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from postboard.imports.metric_cells import known_cells
from postboard.imports.metric_format import Format
from postboard.imports.metric_text import Numbered


class Source(Protocol):
    """One sheet, or one text file."""

    @property
    def name(self) -> str: ...

    def rows(self) -> Iterator[Numbered]: ...


@dataclass(frozen=True, slots=True)
class FoundTable:
    """`names` are its headers, each once. `title` is the line of one cell above it, if any."""

    source: Source
    format: Format
    names: tuple[str, ...]
    header_row: int
    title: str = ""

    def body(self) -> Iterator[Numbered]:
        """The rows below the header that are not blank, to the end or to its section's end.

        A cell such as `-` or `undefined`, which stands for no value, is empty.
        """
        below = itertools.dropwhile(lambda row: row[0] <= self.header_row, self.source.rows())
        if self.format.sections:
            below = itertools.takewhile(lambda row: row[1], below)
        return ((number, known_cells(cells)) for number, cells in below if cells)
