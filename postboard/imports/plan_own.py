"""The columns of a plan that was exported from here: read again, each row finds its post."""

import functools
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from postboard.imports.plan_columns import header_key
from postboard.imports.tabular import Row
from postboard.locale import LANGUAGES, N_, text

KEY: Final = "postboard"
HEADERS: Final[Mapping[str, str]] = {
    "reference": N_("Post"),
    "version": N_("Version"),
    "client": N_("Client"),
    "status": N_("State"),
    "date": N_("Date"),
    "time": N_("Time of day"),
    "zone": N_("Time zone"),
    "instant": N_("Planned (ISO 8601)"),
    "networks": N_("Networks"),
    "title": N_("Title"),
    "caption": N_("Caption"),
    "link": N_("Link"),
    "first_comment": N_("First comment"),
    "hashtags": N_("Hashtags"),
    "campaign": N_("Campaign"),
    "pillar": N_("Pillar"),
    "media": N_("Media"),
    "alt_texts": N_("Alternative texts"),
    "person": N_("Person"),
}
"""What the columns are called, by what they mean to the reader of plans."""
_MARKS: Final = ("reference", "version", "instant", "caption")
_CELL = r"(^|[;\t\r\n])((?:[^\S\t\r\n]|\")*)"
"""Where a cell begins, also to a program that takes the file apart at other marks than it was
written with: quotes bind nothing then, and a break ends the row.
"""
_FORMULA: Final = re.compile(_CELL + r"(?='*[=+\-@＝＋－＠])")
_NEUTRAL: Final = re.compile(_CELL + r"'(?='*[=+\-@＝＋－＠])")


def aliases_of(keys: frozenset[str]) -> Mapping[str, str]:
    """The meanings of the columns by header key, where a header of one's own has these."""
    for aliases in _aliases():
        marks = {key for key, meaning in aliases.items() if meaning in _MARKS}
        if marks <= keys:
            return aliases
    return {}


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `restored` takes it back."""
    return _FORMULA.sub(r"\1\2'", cell)


def restored(cell: str) -> str:
    return _NEUTRAL.sub(r"\1\2", cell)


def row_restored(row: Row) -> Row:
    cells = tuple(restored(cell) if isinstance(cell, str) else cell for cell in row.cells)
    return replace(row, cells=cells)


@functools.cache
def _aliases() -> tuple[Mapping[str, str], ...]:
    return tuple(
        {header_key(text(language).gettext(name)): key for key, name in HEADERS.items()}
        for language in LANGUAGES
    )
