"""What importing a content plan would do, or why it cannot come in as it stands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from postboard.domain.errors import Refused
from postboard.imports import plan_own
from postboard.imports.plan import (
    Outline,
    PlannedPost,
    PlanWarning,
    SkippedRow,
)
from postboard.imports.plan_choices import NOTHING_SAID, Choices
from postboard.services.plan_labels import NO_LABELS, Labels
from postboard.services.plan_sorting import Update

NO_OUTLINE = Outline()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `rows_read` = new + updated + skipped.

    `choices` are what somebody says of the file, `remembered` what they said of an earlier one.
    """

    client_id: UUID
    client: str
    zone: str
    filename: str
    layout: str
    encoding: str
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows_read: int
    new: tuple[PlannedPost, ...]
    updated: tuple[Update, ...]
    skipped: tuple[SkippedRow, ...]
    warnings: tuple[PlanWarning, ...] = ()
    outline: Outline = NO_OUTLINE
    choices: Choices = NOTHING_SAID
    remembered: Choices = NOTHING_SAID
    labels: Labels = NO_LABELS

    @property
    def is_own(self) -> bool:
        return self.layout == plan_own.KEY

    def as_json(self) -> dict[str, Any]:
        """Plain values: every post with what happens to it, every skipped row with its reason."""
        beside = replace(self, outline=NO_OUTLINE, choices=NOTHING_SAID, remembered=NOTHING_SAID)
        told = asdict(replace(beside, labels=NO_LABELS))
        counts = {"new": len(self.new), "updated": len(self.updated), "skipped": len(self.skipped)}
        told["counts"] = counts
        told["posts"] = [
            *({"import": "new"} | asdict(planned) for planned in self.new),
            *({"import": "updated"} | asdict(update.planned) for update in self.updated),
        ]
        told["posts"].sort(key=lambda post: post["row"])
        told["skipped"] = [{"row": row.row, "reason": row.reason} for row in self.skipped]
        told["warnings"] = [warning.text for warning in self.warnings]
        for name in ("new", "updated", "outline", "choices", "remembered", "labels"):
            del told[name]
        return told


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it is taken: what importing it would do, or why it cannot be, as it stands.

    Without an outline nothing that somebody says of it could help.
    """

    outline: Outline | None
    choices: Choices
    remembered: Choices
    preview: Preview | None = None
    refused: Refused | None = None
