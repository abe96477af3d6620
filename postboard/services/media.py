"""A client's library of pictures and videos: what comes in, what is said of it, who may see it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import (
    Client,
    Comment,
    CommentAttachment,
    MediaAsset,
    MediaUse,
    Post,
)
from postboard.db.queries.scope import revision_for_client, visible_posts
from postboard.domain.content import ALT_MAX, clean
from postboard.domain.conversation import Thread
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.media.inspect import Inspected
from postboard.services.events import Fact, record
from postboard.services.uploads import A_DAY, TooMuchToday

NAME_MAX: Final = 200
TAG_MAX: Final = 40
TAGS_MAX: Final = 30
_DAY: Final = timedelta(days=1)
_SEPARATORS: Final = re.compile(r"[/\\]")
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of text: they make one file's name look like another's."""


@dataclass(frozen=True, slots=True)
class Served:
    """What serving a file needs to know of it."""

    id: UUID
    client_id: UUID
    name: str
    type: str
    digest: str


def refuse_stranger(session: Session, actor: Actor, client_id: UUID) -> None:
    """Whoever may not add to this client's library learns nothing of it.

    Raises:
        NotFound: as it says, or there is no such client.
    """
    known = select(col(Client.id)).where(col(Client.id) == client_id)
    if not (actor.may(Permission.EDIT_MEDIA, client_id) and session.execute(known).first()):
        raise NotFound


def find_twin(session: Session, actor: Actor, client_id: UUID, digest: str) -> MediaAsset | None:
    """The file of the client's library with these very bytes."""
    refuse_stranger(session, actor, client_id)
    return session.execute(
        select(MediaAsset)
        .where(col(MediaAsset.client_id) == client_id, col(MediaAsset.digest) == digest)
        .order_by(col(MediaAsset.created_at))
        .limit(1)
    ).scalar_one_or_none()


def add_asset(
    session: Session,
    actor: Actor,
    client_id: UUID,
    asset_id: UUID,
    file: Inspected,
    name: str,
    *,
    a_day: int = A_DAY,
    now: datetime,
) -> MediaAsset:
    """Put a file, whose bytes are stored already, into the client's library.

    The same bytes a second time are the file that is there; one that was archived is back.

    Returns:
        The new file, or the one that was there: its id says which.

    Raises:
        NotFound: the actor may not add to this client's library.
        TooMuchToday: it would be more than one person may bring in.
    """
    # One after the other, or two who add the same bytes at once would both find no twin.
    of_client = select(col(Client.id)).where(col(Client.id) == client_id)
    session.execute(of_client.with_for_update(key_share=True))
    twin = find_twin(session, actor, client_id, file.digest)
    if twin:
        return _brought_back(session, actor, twin, now)
    refuse_too_much(session, actor, file.size, a_day, now)
    name = checked_name(name)
    asset = MediaAsset(
        id=asset_id,
        client_id=client_id,
        digest=file.digest,
        name=name,
        kind=file.kind,
        type=file.type,
        size=file.size,
        width=file.width,
        height=file.height,
        duration_ms=file.duration_ms,
        search_text=_search_text(name, "", ()),
        created_by=actor.user_id,
        created_at=now,
    )
    session.add(asset)
    session.flush()
    content = {"asset": asset_id.hex, "name": name, "digest": file.digest}
    record(session, actor, Fact(client_id, "media.added", client_id, content), now)
    return asset


def refuse_too_much(session: Session, actor: Actor, size: int, a_day: int, now: datetime) -> None:
    """Raises TooMuchToday where the actor has brought in all that they may within a day, or would
    with so many bytes more.
    """
    brought = select(func.coalesce(func.sum(col(MediaAsset.size)), 0)).where(
        col(MediaAsset.created_by) == actor.user_id, col(MediaAsset.created_at) > now - _DAY
    )
    if session.execute(brought).scalar_one() + size > a_day:
        raise TooMuchToday(a_day)


def describe(
    session: Session,
    actor: Actor,
    asset_id: UUID,
    *,
    alt: str,
    tags: Iterable[str],
    version: int,
    now: datetime,
) -> None:
    """Its alternative text, offered wherever it is used next, and the tags it is found by.

    Raises:
        NotFound, NotAllowed, Stale, BadInput: as they say.
    """
    asset = _find_to_edit(session, actor, asset_id)
    alt = clean(alt, ALT_MAX, many_lines=True)
    kept = checked_tags(tags)
    changes = {"alt": alt, "tags": kept, "search_text": _search_text(asset.name, alt, kept)}
    if (asset.alt, asset.tags) != (alt, kept):
        _change(session, actor, asset, version, changes, "media.described", now)


def archive(session: Session, actor: Actor, asset_id: UUID, *, version: int, now: datetime) -> None:
    """Out of the library's sight; posts and comments that show it go on showing it."""
    asset = _find_to_edit(session, actor, asset_id)
    if asset.archived_at is None:
        _change(session, actor, asset, version, {"archived_at": now}, "media.archived", now)


def restore(session: Session, actor: Actor, asset_id: UUID, *, version: int, now: datetime) -> None:
    """Back into the library."""
    asset = _find_to_edit(session, actor, asset_id)
    if asset.archived_at is not None:
        _change(session, actor, asset, version, {"archived_at": None}, "media.restored", now)


def find_to_serve(session: Session, actor: Actor, asset_id: UUID) -> Served:
    """A file whose bytes this actor may have.

    The client's side sees what its posts show as they were sent to it, and what its thread shows.

    Raises:
        NotFound: it is not there, or not theirs.
    """
    row: Any = session.execute(
        select(
            col(MediaAsset.id),
            col(MediaAsset.client_id),
            col(MediaAsset.name),
            col(MediaAsset.type),
            col(MediaAsset.digest),
        ).where(col(MediaAsset.id) == asset_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    found = Served(*row)
    if not actor.may(Permission.SEE_ALL_STATES, found.client_id) and not _is_shown_to(
        session, actor, asset_id
    ):
        raise NotFound
    return found


def checked_name(name: str) -> str:
    """The file's own name, without folders and without tricks."""
    last = _SEPARATORS.split(name)[-1]
    return clean(_TURNS.sub("", last)[:NAME_MAX], NAME_MAX) or "untitled"


def checked_tags(tags: Iterable[str]) -> list[str]:
    """Small letters, each once, in the order given."""
    cleaned = (clean(tag, TAG_MAX).lstrip("#").strip().casefold() for tag in tags)
    found = list(dict.fromkeys(tag for tag in cleaned if tag))
    if len(found) > TAGS_MAX:
        raise BadInput("At most {limit} of them fit here.", limit=TAGS_MAX)
    return found


def _is_shown_to(session: Session, actor: Actor, asset_id: UUID) -> bool:
    shown: tuple[ColumnElement[bool], ...] = (
        exists()
        .where(col(MediaUse.asset_id) == asset_id)
        .where(
            and_(
                col(Post.id) == col(MediaUse.post_id),
                revision_for_client() == col(MediaUse.revision),
                visible_posts(actor),
            )
        ),
        exists()
        .where(col(CommentAttachment.asset_id) == asset_id)
        .where(
            and_(
                col(Comment.id) == col(CommentAttachment.comment_id),
                col(Comment.thread) == Thread.CLIENT,
                col(Comment.deleted_at).is_(None),
                col(Post.id) == col(Comment.post_id),
                visible_posts(actor),
            )
        ),
    )
    return any(session.execute(select(one)).scalar_one() for one in shown)


def _find_to_edit(session: Session, actor: Actor, asset_id: UUID) -> MediaAsset:
    asset = session.execute(
        select(MediaAsset).where(col(MediaAsset.id) == asset_id)
    ).scalar_one_or_none()
    if asset is None or not actor.may(Permission.SEE_ALL_STATES, asset.client_id):
        raise NotFound
    if not actor.may(Permission.EDIT_MEDIA, asset.client_id):
        raise NotAllowed
    return asset


def _brought_back(session: Session, actor: Actor, asset: MediaAsset, now: datetime) -> MediaAsset:
    if asset.archived_at is not None:
        restore(session, actor, asset.id, version=asset.version, now=now)
        session.refresh(asset)
    return asset


def _change(
    session: Session,
    actor: Actor,
    asset: MediaAsset,
    version: int,
    changes: dict[str, Any],
    kind: str,
    now: datetime,
) -> None:
    done = session.execute(
        update(MediaAsset)
        .where(col(MediaAsset.id) == asset.id, col(MediaAsset.version) == version)
        .values(**changes, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(done):
        raise Stale
    said = {name: changes[name] for name in ("alt", "tags") if name in changes}
    content = {"asset": asset.id.hex, "name": asset.name, **said}
    record(session, actor, Fact(asset.client_id, kind, asset.client_id, content), now)


def _search_text(name: str, alt: str, tags: Iterable[str]) -> str:
    return "\n".join((name, alt, *tags)).casefold()
