"""A plan that was exported from here and comes back: each row names its post and its version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Pillar, Post, Revision
from postboard.domain.content import Words, words_from_json
from postboard.domain.workflow import SPECS, State
from postboard.imports.plan import PlannedPost, SkippedRow
from postboard.locale import N_
from postboard.services.plan_labels import Labels
from postboard.services.plan_sorting import (
    LOOKUP,
    PAST_DRAFTING,
    UNCHANGED,
    Sorted,
    Update,
    batches,
)

OTHER_CLIENTS: Final = N_("{post} is a post of another client.")
CHANGED_SINCE: Final = N_("{post} changed since this file was written. Export the plan again.")
_REFERENCE: Final = re.compile(r"([A-Z0-9]{1,20})-(\d{1,9})")
_FIELDS: Final = tuple(Words.__dataclass_fields__)


def sorted_rows(
    session: Session, client_id: UUID, key: str, usable: Sequence[PlannedPost], labels: Labels
) -> Sorted:
    """What is new, what changes, and what is left out."""
    new: list[PlannedPost] = []
    updated: list[Update] = []
    skipped: list[SkippedRow] = []
    numbers = [number for planned in usable if (number := _number(planned.reference, key))]
    there = _standing(session, client_id, numbers)
    for planned in usable:
        found = there.get(_number(planned.reference, key))
        facts = {"post": planned.reference}
        if planned.reference and not _number(planned.reference, key):
            skipped.append(SkippedRow(planned.row, OTHER_CLIENTS, facts))
        elif found is None:
            new.append(planned)
        elif found.says(planned, labels):
            skipped.append(SkippedRow(planned.row, UNCHANGED))
        elif not SPECS[found.state].open_to_edits:
            skipped.append(SkippedRow(planned.row, PAST_DRAFTING, facts))
        elif planned.version != found.version:
            skipped.append(SkippedRow(planned.row, CHANGED_SINCE, facts))
        else:
            updated.append(Update(found.post_id, found.version, planned))
    return new, updated, skipped


@dataclass(frozen=True, slots=True)
class _Standing:
    post_id: UUID
    number: int
    state: State
    version: int
    planned_at: datetime | None
    campaign_id: UUID | None
    pillar: str
    words: Words

    def says(self, planned: PlannedPost, labels: Labels) -> bool:
        """Whether the row says the same."""
        return (
            words_of_row(self.words, planned).checked() == self.words.checked()
            and same_minute(self.planned_at, planned.planned_at)
            and labels.of(planned) == (self.campaign_id, self.pillar)
        )


def words_of_row(current: Words, planned: PlannedPost) -> Words:
    """What the row says in the place of what it was written from; of the rest it says nothing."""
    return replace(
        current,
        title=planned.title,
        caption=planned.caption,
        link=planned.link,
        first_comment=" || ".join(filter(None, [planned.first_comment, *planned.further_comments])),
        networks=planned.networks,
        hashtags=tuple(tag.removeprefix("#") for tag in planned.hashtags),
    )


def same_minute(one: datetime | None, other: datetime | None) -> bool:
    """A file knows no seconds."""
    if one is None or other is None:
        return one is other
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def _number(reference: str, key: str) -> int:
    """The post's number, where its key is that of this client; else 0."""
    found = _REFERENCE.fullmatch(reference.strip().upper())
    return int(found[2]) if found and found[1] == key else 0


def _standing(session: Session, client_id: UUID, numbers: Sequence[int]) -> dict[int, _Standing]:
    found: dict[int, _Standing] = {}
    newest = and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision))
    for some in batches(numbers, LOOKUP):
        rows: Any = session.execute(
            select(
                col(Post.id),
                col(Post.number),
                col(Post.state),
                col(Post.version),
                col(Post.planned_at),
                col(Post.campaign_id),
                col(Pillar.name),
                *(getattr(Revision, name) for name in _FIELDS),
            )
            .join(Revision, newest)
            .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
            .where(col(Post.client_id) == client_id, col(Post.number).in_(some))
        )
        for row in rows:
            words = words_from_json(dict(zip(_FIELDS, row[7:], strict=True)))
            found[row[1]] = _Standing(
                row[0], row[1], row[2], row[3], row[4], row[5], row[6] or "", words
            )
    return found
