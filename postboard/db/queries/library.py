"""A client's library of pictures and videos, and where each of them is used."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Client,
    Comment,
    CommentAttachment,
    MediaAsset,
    MediaUse,
    Person,
    Post,
)
from postboard.db.queries.instants import stamp
from postboard.db.queries.scope import visible_clients
from postboard.domain.content import MediaKind
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Permission

SEARCH_MAX: Final = 100
_WORDS_MAX: Final = 8
_USES_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Owner:
    """A client whose library this actor sees."""

    id: str
    key: str
    name: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What of a library is shown; empty is everything that is not archived."""

    text: str = ""
    tag: str = ""
    kind: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as a tile shows it. Ids are hex, instants ISO text; `uses` counts posts."""

    id: str
    name: str
    kind: str
    type: str
    digest: str
    size: int
    width: int
    height: int
    duration_ms: int
    alt: str
    tags: list[str]
    version: int
    archived: bool
    by: str
    at: str
    uses: int


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """The newest files that fit, and how many there are."""

    assets: list[Asset]
    total: int
    tags: list[tuple[str, int]]
    """Every tag of the library with its count, the most used first."""


@dataclass(frozen=True, slots=True)
class Use:
    """A post that shows a file: as it is now, or only in a revision of the past."""

    post_id: str
    key: str
    state: str
    now: bool
    revisions: list[int]


@dataclass(frozen=True, slots=True)
class Uses:
    """At most fifty posts, the newest first, of `total`; `comments` show it too."""

    posts: list[Use]
    total: int
    comments: int


def owners(session: Session, actor: Actor) -> list[Owner]:
    """The clients whose libraries this actor sees, by name."""
    rows: Any = session.execute(
        select(col(Client.id), col(Client.key), col(Client.name))
        .where(visible_clients(actor))
        .order_by(col(Client.name))
    )
    return [
        Owner(client_id.hex, key, name, actor.may(Permission.EDIT_MEDIA, client_id))
        for client_id, key, name in rows
        if actor.may(Permission.SEE_ALL_STATES, client_id)
    ]


def page(
    session: Session, actor: Actor, client_id: UUID, wanted: LibraryFilter, *, size: int
) -> LibraryPage:
    """The newest files of one client's library.

    Raises:
        NotFound: the client is not this actor's, or the actor is the client.
    """
    _refuse_stranger(actor, client_id)
    fitting = _fitting(client_id, wanted)
    total = session.execute(select(func.count()).where(*fitting)).scalar_one()
    return LibraryPage(_assets(session, fitting, size), total, _tags(session, client_id))


def find(session: Session, actor: Actor, asset_id: UUID) -> Asset:
    """One file.

    Raises:
        NotFound: it is not in a library of this actor's.
    """
    _owner_of(session, actor, asset_id)
    return _assets(session, [col(MediaAsset.id) == asset_id], 1)[0]


def where_used(session: Session, actor: Actor, asset_id: UUID) -> Uses:
    """The posts and comments that show a file.

    Raises:
        NotFound: it is not in a library of this actor's.
    """
    _owner_of(session, actor, asset_id)
    rows: Any = session.execute(
        select(
            col(Post.id),
            col(Client.key),
            col(Post.number),
            col(Post.state),
            col(Post.revision),
            col(MediaUse.revision),
        )
        .join(Post, col(Post.id) == col(MediaUse.post_id))
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(MediaUse.asset_id) == asset_id)
        .order_by(col(Post.number).desc(), col(MediaUse.revision))
    )
    found: dict[UUID, Use] = {}
    for post_id, key, number, state, current, revision in rows:
        before = found.get(post_id)
        revisions = [*before.revisions, revision] if before else [revision]
        found[post_id] = Use(post_id.hex, f"{key}-{number}", state, current in revisions, revisions)
    comments = session.execute(
        select(func.count())
        .select_from(CommentAttachment)
        .join(Comment, col(Comment.id) == col(CommentAttachment.comment_id))
        .where(col(CommentAttachment.asset_id) == asset_id, col(Comment.deleted_at).is_(None))
    ).scalar_one()
    return Uses(list(found.values())[:_USES_MAX], len(found), comments)


def _assets(session: Session, fitting: Sequence[ColumnElement[bool]], size: int) -> list[Asset]:
    uses = (
        select(func.count(func.distinct(col(MediaUse.post_id))))
        .where(col(MediaUse.asset_id) == col(MediaAsset.id))
        .scalar_subquery()
    )
    rows: Any = session.execute(
        select(MediaAsset, col(Person.name), uses)
        .outerjoin(Person, col(Person.id) == col(MediaAsset.created_by))
        .where(*fitting)
        .order_by(col(MediaAsset.created_at).desc(), col(MediaAsset.id))
        .limit(size)
    )
    return [_asset(asset, by or "", count) for asset, by, count in rows]


def _asset(asset: MediaAsset, by: str, uses: int) -> Asset:
    return Asset(
        id=asset.id.hex,
        name=asset.name,
        kind=asset.kind,
        type=asset.type,
        digest=asset.digest,
        size=asset.size,
        width=asset.width,
        height=asset.height,
        duration_ms=asset.duration_ms,
        alt=asset.alt,
        tags=asset.tags,
        version=asset.version,
        archived=asset.archived_at is not None,
        by=by,
        at=stamp(asset.created_at),
        uses=uses,
    )


def _tags(session: Session, client_id: UUID) -> list[tuple[str, int]]:
    lists = session.execute(
        select(col(MediaAsset.tags)).where(
            col(MediaAsset.client_id) == client_id,
            col(MediaAsset.archived_at).is_(None),
            cast(col(MediaAsset.tags), String) != "[]",
        )
    ).scalars()
    counted = Counter(tag for tags in lists for tag in tags)
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def _fitting(client_id: UUID, wanted: LibraryFilter) -> list[ColumnElement[bool]]:
    archived_at = col(MediaAsset.archived_at)
    fitting = [
        col(MediaAsset.client_id) == client_id,
        archived_at.is_not(None) if wanted.archived else archived_at.is_(None),
    ]
    fitting += [
        col(MediaAsset.search_text).contains(word, autoescape=True)
        for word in wanted.text[:SEARCH_MAX].casefold().split()[:_WORDS_MAX]
    ]
    if wanted.tag:
        # The list as it is stored: between quotation marks a tag is whole.
        stored = cast(col(MediaAsset.tags), String)
        fitting.append(stored.contains(json.dumps(wanted.tag), autoescape=True))
    if wanted.kind in set(MediaKind):
        fitting.append(col(MediaAsset.kind) == MediaKind(wanted.kind))
    return fitting


def _owner_of(session: Session, actor: Actor, asset_id: UUID) -> None:
    client_id = session.execute(
        select(col(MediaAsset.client_id)).where(col(MediaAsset.id) == asset_id)
    ).scalar_one_or_none()
    if client_id is None:
        raise NotFound
    _refuse_stranger(actor, client_id)


def _refuse_stranger(actor: Actor, client_id: UUID) -> None:
    if not actor.may(Permission.SEE_ALL_STATES, client_id):
        raise NotFound
