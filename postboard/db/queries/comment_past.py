"""One comment: where it is, and what it said before."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Comment, Post
from postboard.db.queries.scope import visible_posts
from postboard.domain.conversation import READS, Thread
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that a comment had before; `at` is when it was written."""

    text: str
    at: str


def earlier(session: Session, actor: Actor, comment_id: UUID) -> list[Earlier]:
    """A comment's texts before the one it has, the newest first.

    Raises:
        NotFound: it is not there, deleted, or in a thread that is not this actor's.
    """
    return _earlier(session, actor, comment_id, tuple(Thread))


def earlier_for_client(session: Session, actor: Actor, comment_id: UUID) -> list[Earlier]:
    """The same of the client's thread alone."""
    return _earlier(session, actor, comment_id, (Thread.CLIENT,))


def place_of(session: Session, actor: Actor, comment_id: UUID) -> tuple[Thread, UUID]:
    """In which thread a comment is, and its conversation; for staff.

    Raises:
        NotFound: it is not there, or not this actor's to see.
    """
    row: Any = session.execute(
        select(
            col(Comment.thread),
            func.coalesce(col(Comment.parent_id), col(Comment.id)),
            col(Post.client_id),
        )
        .join(Post, col(Post.id) == col(Comment.post_id))
        .where(col(Comment.id) == comment_id, visible_posts(actor))
    ).one_or_none()
    if row is None or not actor.may(READS[Thread.INTERNAL], row[2]):
        raise NotFound
    return row[0], row[1]


def _earlier(
    session: Session, actor: Actor, comment_id: UUID, threads: Collection[Thread]
) -> list[Earlier]:
    row: Any = session.execute(
        select(col(Comment.earlier), col(Comment.thread), col(Post.client_id))
        .join(Post, col(Post.id) == col(Comment.post_id))
        .where(
            col(Comment.id) == comment_id,
            col(Comment.thread).in_(threads),
            col(Comment.deleted_at).is_(None),
            visible_posts(actor),
        )
    ).one_or_none()
    if row is None or not actor.may(READS[row.thread], row.client_id):
        raise NotFound
    return [Earlier(one["text"], one["at"]) for one in reversed(row.earlier)]
