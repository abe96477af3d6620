"""What a person says about a plan's file, where the file leaves it open or was taken wrongly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from postboard.domain.errors import BadInput
from postboard.imports.plan_columns import MEANINGS
from postboard.imports.plan_dates import DateOrder
from postboard.imports.refusals import LIMITS


class GridWords(StrEnum):
    """What the words in a day of a grid are."""

    TITLE_FIRST = "title-first"
    """The first line is the title, what follows the caption."""
    CAPTION = "caption"
    """All of it is the caption."""


class GridNotes(StrEnum):
    """What the cells of a grid are that name no network while others do."""

    POSTS = "posts"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Choices:
    """None, or nothing, where the reader decides. `columns` are meanings by position, "" for a
    column that is not read; `months` say of a sheet which month it draws, like 2026-11.
    """

    columns: Mapping[int, str] = field(default_factory=dict[int, str])
    header: bool | None = None
    order: DateOrder | None = None
    words: GridWords | None = None
    notes: GridNotes | None = None
    months: Mapping[str, str] = field(default_factory=dict[str, str])

    def checked(self) -> "Choices":
        """Raises BadInput where it says what cannot be."""
        known = {"", *MEANINGS}
        if not all(at in range(LIMITS.columns) and m in known for at, m in self.columns.items()):
            raise BadInput
        for month in self.months.values():
            month_named(month)
        return self

    @property
    def lasting(self) -> "Choices":
        """What holds of the next file with these columns too: its months are others."""
        return replace(self, months={})

    def over(self, earlier: "Choices") -> "Choices":
        """These, and what was said earlier where they say nothing."""
        return Choices(
            columns={**earlier.columns, **self.columns},
            header=earlier.header if self.header is None else self.header,
            order=self.order or earlier.order,
            words=self.words or earlier.words,
            notes=self.notes or earlier.notes,
            months={**earlier.months, **self.months},
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {str(at): meaning for at, meaning in sorted(self.columns.items())},
            "header": self.header,
            "order": self.order and self.order.value,
            "words": self.words,
            "notes": self.notes,
        }


def month_named(text: str) -> str:
    """A month like 2026-11.

    Raises:
        BadInput: as it is none.
    """
    if not _MONTH.fullmatch(text):
        raise BadInput("A month is written like 2026-11.")
    return text


_MONTH: Final = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
NOTHING_SAID: Final = Choices()


def from_json(kept: Mapping[str, Any]) -> Choices:
    """What `as_json` wrote; a meaning that is gone since is not read."""
    known = {"", *MEANINGS}
    columns = {int(at): meaning for at, meaning in kept["columns"].items() if meaning in known}
    return Choices(
        columns=columns,
        header=kept["header"],
        order=DateOrder(kept["order"]) if kept["order"] else None,
        words=GridWords(kept["words"]) if kept["words"] else None,
        notes=GridNotes(kept["notes"]) if kept["notes"] else None,
    )
