"""Rows of a plan and the posts that are there: what is new, what changes, what stays as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Post
from postboard.domain.workflow import SPECS, State
from postboard.imports.plan import PlannedPost, SkippedRow, content_digest, fingerprint
from postboard.locale import N_

LOOKUP: Final = 500
T = TypeVar("T")

UNCHANGED: Final = N_("The same as on the board already.")
PAST_DRAFTING: Final = N_("Its post {post} is past drafting. Change it on the board.")


@dataclass(frozen=True, slots=True)
class Update:
    """A row whose post is there with other words or another time."""

    post_id: UUID
    version: int
    planned: PlannedPost


@dataclass(frozen=True, slots=True)
class Known:
    post_id: UUID
    number: int
    state: State
    version: int
    digest: str


Sorted: TypeAlias = tuple[list[PlannedPost], list[Update], list[SkippedRow]]


def sorted_rows(
    session: Session, client_id: UUID, key: str, usable: Sequence[PlannedPost]
) -> Sorted:
    """What is new, what changes, and what is left out: a row finds its post by what it says."""
    known = known_posts(session, client_id, [fingerprint(post) for post in usable])
    new: list[PlannedPost] = []
    updated: list[Update] = []
    skipped: list[SkippedRow] = []
    for planned in usable:
        found = known.get(fingerprint(planned))
        if found is None:
            new.append(planned)
        elif found.digest == content_digest(planned):
            skipped.append(SkippedRow(planned.row, UNCHANGED, cell=planned.cell))
        elif not SPECS[found.state].open_to_edits:
            facts = {"post": f"{key}-{found.number}"}
            skipped.append(SkippedRow(planned.row, PAST_DRAFTING, facts, planned.cell))
        else:
            updated.append(Update(found.post_id, found.version, planned))
    return new, updated, skipped


def known_posts(session: Session, client_id: UUID, fingerprints: list[str]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for some in batches(fingerprints, LOOKUP):
        rows = session.execute(
            select(
                col(Post.plan_identity),
                col(Post.id),
                col(Post.number),
                col(Post.state),
                col(Post.version),
                col(Post.plan_digest),
            ).where(col(Post.client_id) == client_id, col(Post.plan_identity).in_(some))
        )
        known |= {str(row[0]): Known(row[1], row[2], row[3], row[4], row[5] or "") for row in rows}
    return known


def batches(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
