"""The comments of one post's threads, and what hangs on them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Comment,
    CommentAttachment,
    MediaAsset,
    Membership,
    Post,
    Reaction,
)
from postboard.db.queries.spoken import Attached, Pin, Reacted, file_of
from postboard.domain.conversation import REACTIONS, Thread
from postboard.domain.permissions import (
    Actor,
)

SHOWN: Final = 30
"""Conversations at once; older ones on demand."""
REPLIES_SHOWN: Final = 20
REPLIES_MAX: Final = 500
"""Of a conversation that is asked for whole."""
PINS_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of a thread is asked for; `whole` names conversations to be shown in full."""

    shown: int = SHOWN
    whole: frozenset[UUID] = frozenset()
    revision: int = 0


NEWEST: Final = Wish()
"""What a page asks for first."""


def heads_of(session: Session, post_id: UUID, thread: Thread, wish: Wish) -> Sequence[Any]:
    there = and_(col(Comment.post_id) == post_id, col(Comment.thread) == thread)
    query = _comments(there).where(col(Comment.parent_id).is_(None))
    if wish.revision:
        of_revision = select(func.coalesce(col(Comment.parent_id), col(Comment.id))).where(
            there, col(Comment.revision) == wish.revision
        )
        query = query.where(col(Comment.id).in_(of_revision))
    order = col(Comment.created_at).desc(), col(Comment.id)
    newest = session.execute(query.order_by(*order).limit(wish.shown)).all()
    if not wish.whole:
        return newest
    asked = session.execute(query.where(col(Comment.id).in_(wish.whole)).order_by(*order)).all()
    shown = {row.id for row in newest}
    return [*newest, *(row for row in asked if row.id not in shown)]


def replies_of(
    session: Session, there: ColumnElement[bool], heads: Sequence[UUID], wish: Wish
) -> Sequence[Any]:
    """The newest of each conversation, in the order of time; `n` is how many there are."""
    newest_first = (col(Comment.created_at).desc(), col(Comment.id).desc())
    together = col(Comment.parent_id)
    ranked = (
        select(
            col(Comment.id),
            func.row_number().over(partition_by=together, order_by=newest_first).label("place"),
            func.count().over(partition_by=together).label("n"),
        )
        .where(there, together.in_(heads))
        .subquery()
    )
    wanted = or_(
        ranked.c.place <= REPLIES_SHOWN,
        and_(together.in_(wish.whole), ranked.c.place <= REPLIES_MAX),
    )
    return session.execute(
        _comments(there, ranked.c.n)
        .join(ranked, ranked.c.id == col(Comment.id))
        .where(wanted)
        .order_by(col(Comment.created_at), col(Comment.id))
    ).all()


def reactions_of(
    session: Session, actor: Actor, comment_ids: Sequence[UUID]
) -> Mapping[UUID, list[Reacted]]:
    mine = func.max(case((col(Reaction.person_id) == actor.user_id, 1), else_=0))
    rows = session.execute(
        select(col(Reaction.comment_id), col(Reaction.emoji), func.count(), mine)
        .where(col(Reaction.comment_id).in_(comment_ids), col(Reaction.emoji).in_(REACTIONS))
        .group_by(col(Reaction.comment_id), col(Reaction.emoji))
    )
    found: dict[UUID, list[Reacted]] = {}
    for comment_id, emoji, count, is_mine in rows:
        found.setdefault(comment_id, []).append(Reacted(emoji, count, bool(is_mine)))
    for given in found.values():
        given.sort(key=lambda one: REACTIONS.index(one.emoji))
    return found


def attached_to(session: Session, comment_ids: Sequence[UUID]) -> Mapping[UUID, list[Attached]]:
    rows = session.execute(
        select(
            col(CommentAttachment.comment_id),
            col(MediaAsset.id),
            col(MediaAsset.kind),
            col(MediaAsset.name),
            col(MediaAsset.alt),
        )
        .join(MediaAsset, col(MediaAsset.id) == col(CommentAttachment.asset_id))
        .where(col(CommentAttachment.comment_id).in_(comment_ids))
        .order_by(col(MediaAsset.name), col(MediaAsset.id))
    )
    found: dict[UUID, list[Attached]] = {}
    for comment_id, asset, kind, name, alt in rows:
        found.setdefault(comment_id, []).append(file_of(asset, kind, name, alt))
    return found


def pins_of(session: Session, there: ColumnElement[bool]) -> Mapping[Thread, list[Pin]]:
    """Every spot in the order in which they were set; a deleted one keeps its number."""
    rows: Any = session.execute(
        select(
            col(Comment.id),
            col(Comment.thread),
            col(Comment.anchor),
            col(Comment.resolved_at),
            col(Comment.deleted_at),
        )
        .where(
            there,
            col(Comment.parent_id).is_(None),
            cast(col(Comment.anchor), String).like('%"asset"%'),
        )
        .order_by(col(Comment.created_at), col(Comment.id))
        .limit(PINS_MAX * len(Thread))
    )
    found: dict[Thread, list[Pin]] = {}
    numbers: Counter[Thread] = Counter()
    for row in rows:
        numbers[row.thread] += 1
        if row.deleted_at is None:
            spot = row.anchor["asset"], row.anchor["x"], row.anchor["y"]
            pin = Pin(row.id.hex, *spot, numbers[row.thread], row.resolved_at is not None)
            found.setdefault(row.thread, []).append(pin)
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """How many comments of a revision are of one kind."""

    thread: Thread
    revision: int
    head: bool
    standing: bool
    """Not deleted."""
    open: bool
    """The first of a conversation that is not resolved."""
    n: int


def counts_of(session: Session, there: ColumnElement[bool]) -> list[Count]:
    kinds = (
        col(Comment.thread),
        col(Comment.revision),
        col(Comment.parent_id).is_(None),
        col(Comment.deleted_at).is_(None),
        col(Comment.resolved_at).is_(None),
    )
    rows: Any = session.execute(select(*kinds, func.count()).where(there).group_by(*kinds))
    return [
        Count(thread, revision, bool(head), bool(standing), bool(head and standing and opn), n)
        for thread, revision, head, standing, opn, n in rows
    ]


def _comments(there: ColumnElement[bool], *more: Any) -> Any:
    """Comments with the side their author is on now."""
    return (
        select(
            col(Comment.id),
            col(Comment.thread),
            col(Comment.parent_id),
            col(Comment.author_id),
            col(Comment.author_name),
            col(Comment.revision),
            col(Comment.text),
            col(Comment.anchor),
            col(Comment.mentions),
            col(Comment.version),
            col(Comment.created_at),
            col(Comment.edited_at),
            col(Comment.deleted_at),
            col(Comment.resolved_at),
            col(Comment.resolved_by),
            col(Membership.role),
            *more,
        )
        .join(Post, col(Post.id) == col(Comment.post_id))
        .outerjoin(
            Membership,
            and_(
                col(Membership.person_id) == col(Comment.author_id),
                col(Membership.client_id) == col(Post.client_id),
            ),
        )
        .where(there)
    )
