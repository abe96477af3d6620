"""How an import says no to a file, and how much of one it takes."""

from dataclasses import dataclass
from typing import ClassVar, Final

from postboard.domain.errors import BadInput
from postboard.locale import N_


class NotATable(BadInput):
    """The bytes are no table of rows and columns; the sentence says what they are instead."""

    sentence: ClassVar[str] = "This file is not a table."


class TableTooLarge(NotATable):
    """A table, but more of it than one import takes."""

    status = 413
    sentence: ClassVar[str] = "This file is too large."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one import takes; beyond it a file, or a single row, is refused."""

    file_bytes: int = 20 * 1024 * 1024
    rows: int = 20_000
    # Blank ones too: reading millions of them takes a minute.
    lines: int = 1_000_000
    columns: int = 512
    cell_characters: int = 20_000
    # An .xlsx is a ZIP file: what it unpacks to counts, not what was sent.
    unpacked_bytes: int = 100 * 1024 * 1024
    unpacked_ratio: int = 200


LIMITS: Final = Limits()
TOO_LONG: Final = N_("The cell “{column}” has {characters} characters; {limit} are possible.")
REPEATED_HEADER: Final = N_("The header again.")
TOO_MANY_COLUMNS: Final = "Row {row} has {columns} columns; one import takes {limit}."
METRIC_LIMITS: Final = Limits(
    file_bytes=256 * 1024 * 1024,
    rows=1_000_000,
    lines=10_000_000,
    unpacked_bytes=256 * 1024 * 1024,
)
"""Figures are read row by row, and years of them are one file."""
