"""Comments as those who read them are shown them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from postboard.db.queries.instants import stamp
from postboard.domain.conversation import UNDO_FOR
from postboard.domain.permissions import CLIENT_ROLES, Actor


@dataclass(frozen=True, slots=True)
class Reacted:
    emoji: str
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the library under a comment."""

    asset: str
    kind: str
    name: str
    alt: str
    thumb: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One comment; a deleted one has no words left. Ids are hex, instants ISO text.

    `field` (on one `network`) or a spot on a picture is what it points at: of a spot there are
    `asset`, x, y (0..1) and `pin`, its number.
    """

    id: str
    who: str
    mine: bool
    of_client: bool
    text: str
    at: str
    edited: bool
    deleted: bool
    may_restore: bool
    version: int
    revision: int
    field: str
    network: str
    asset: str
    x: float
    y: float
    pin: int
    names: list[str]
    reactions: list[Reacted]
    attached: list[Attached]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A first comment with the newest answers to it, in the order of time."""

    id: str
    head: Spoken
    replies: list[Spoken]
    replies_total: int
    resolved: bool
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered spot on a picture."""

    id: str
    asset: str
    x: float
    y: float
    number: int
    resolved: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can be mentioned."""

    id: str
    name: str
    of_client: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """One thread of one post; the newest conversation first."""

    may_write: bool = False
    conversations: list[Conversation] = field(default_factory=list[Conversation])
    total: int = 0
    """Conversations, also those not shown."""
    open: int = 0
    comments: int = 0
    pins: list[Pin] = field(default_factory=list[Pin])
    people: list[Reader] = field(default_factory=list[Reader])


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows as this actor is shown them."""

    actor: Actor
    now: datetime
    pins: Mapping[str, int]
    names: Mapping[str, str]
    reactions: Mapping[UUID, list[Reacted]]
    attached: Mapping[UUID, list[Attached]]

    def conversation(self, head: Any, replies: Sequence[Any]) -> Conversation:
        answers = [row for row in replies if row.parent_id == head.id]
        return Conversation(
            id=head.id.hex,
            head=self.spoken(head),
            replies=[self.spoken(row) for row in answers],
            replies_total=answers[0].n if answers else 0,
            resolved=head.resolved_at is not None,
            resolved_by=head.resolved_by,
        )

    def spoken(self, row: Any) -> Spoken:
        deleted, mine = row.deleted_at is not None, row.author_id == self.actor.user_id
        anchor: Mapping[str, Any] = {} if deleted else row.anchor
        field, _, network = anchor.get("field", "").partition("@")
        return Spoken(
            id=row.id.hex,
            who=row.author_name,
            mine=mine,
            of_client=row.role in CLIENT_ROLES,
            text="" if deleted else row.text,
            at=stamp(row.created_at),
            edited=row.edited_at is not None and not deleted,
            deleted=deleted,
            may_restore=mine and deleted and self.now - row.deleted_at <= UNDO_FOR,
            version=row.version,
            revision=row.revision,
            field=field,
            network=network,
            asset=anchor.get("asset", ""),
            x=anchor.get("x", 0.0),
            y=anchor.get("y", 0.0),
            pin=self.pins.get(row.id.hex, 0),
            names=[] if deleted else [self.names[one] for one in row.mentions if one in self.names],
            reactions=[] if deleted else self.reactions.get(row.id, []),
            attached=[] if deleted else self.attached.get(row.id, []),
        )


def file_of(asset: UUID, kind: str, name: str, alt: str) -> Attached:
    return Attached(asset.hex, kind, name, alt, f"/media/{asset.hex}/thumb")
