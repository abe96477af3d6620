"""What somebody saw of a post when they last looked, and what others have changed since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Event, EventStream, Person, Post, PostLook, Revision
from postboard.db.queries.instants import stamp
from postboard.db.queries.revisions import Compared, Side, as_parts, side_of, words_in
from postboard.db.queries.scope import find_for_staff
from postboard.domain.content import Words, words_as_json, words_from_json
from postboard.domain.differences import compare
from postboard.domain.permissions import Actor
from postboard.services.events import Fact, record

SEEN = "post.seen"
_WRITING = ("post.edited", "post.revise")


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood there."""

    revision: int
    words: Words
    position: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """What is other than at the last look, `at`; `who` wrote it, beside the reader."""

    at: str
    who: list[str]
    compared: Compared


def look(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> Seen | None:
    """Remember what this person sees now.

    Returns:
        What they saw before; None at their first look.
    """
    find_for_staff(session, actor, post_id)
    if actor.user_id is None:
        return None
    return _remember(session, actor, post_id, now)


def saw(
    session: Session, actor: Actor, post_id: UUID, client_id: UUID, *, now: datetime
) -> int | None:
    """Remember the look of somebody of the client's side; the caller knows that it is theirs.

    Returns:
        The fact's event, if it is this person's first look since the post came to them.
    """
    seen = _remember(session, actor, post_id, now)
    since = session.execute(
        select(col(Post.state_since)).where(col(Post.id) == post_id)
    ).scalar_one()
    revision, _, _ = _standing(session, post_id)
    if seen and seen.revision == revision.number and seen.at >= since:
        return None
    fact = Fact(post_id, SEEN, client_id, {"revision": revision.number})
    return record(session, actor, fact, now)


def _remember(session: Session, actor: Actor, post_id: UUID, now: datetime) -> Seen | None:
    """Write the look down; the one before it."""
    seen = _last_look(session, actor, post_id)
    revision, _, position = _standing(session, post_id)
    now_seen = {
        "revision": revision.number,
        "content": words_as_json(words_in(revision)),
        "position": position,
        "at": now,
    }
    mine = and_(col(PostLook.post_id) == post_id, col(PostLook.person_id) == actor.user_id)
    if not changed_one_row(session.execute(update(PostLook).where(mine).values(now_seen))):
        key = {"post_id": post_id, "person_id": actor.user_id}
        session.execute(insert(PostLook), [key | now_seen])
    return seen


def since(session: Session, actor: Actor, post_id: UUID) -> Since | None:
    """What others changed since the last look; None where they changed nothing, or it is again
    as it was.
    """
    post = find_for_staff(session, actor, post_id)
    seen = _last_look(session, actor, post_id)
    if seen is None:
        return None
    who = _others_who_wrote(session, actor, post_id, seen.position)
    if not who:
        return None
    revision, author, _ = _standing(session, post_id)
    found = compare(seen.words, words_in(revision))
    if found.is_empty:
        return None
    now = side_of(post, revision, author)
    then = Side(seen.revision, "", stamp(seen.at), now.planned_at)
    return Since(stamp(seen.at), who, as_parts(found, then, now))


def _last_look(session: Session, actor: Actor, post_id: UUID) -> Seen | None:
    row = session.execute(
        select(
            col(PostLook.revision), col(PostLook.content), col(PostLook.position), col(PostLook.at)
        ).where(col(PostLook.post_id) == post_id, col(PostLook.person_id) == actor.user_id)
    ).one_or_none()
    if row is None:
        return None
    number, content, position, at = row
    return Seen(number, words_from_json(content), position, at)


def _standing(session: Session, post_id: UUID) -> tuple[Revision, str, int]:
    """The current revision, its author, and how many events the post has: of one moment."""
    row: Any = session.execute(
        select(Revision, col(Person.name), col(EventStream.length))
        .join(
            Post,
            and_(col(Post.id) == col(Revision.post_id), col(Post.revision) == col(Revision.number)),
        )
        .join(EventStream, col(EventStream.id) == col(Post.id))
        .outerjoin(Person, col(Person.id) == col(Revision.created_by))
        .where(col(Post.id) == post_id)
    ).one()
    revision, who, position = row
    return revision, who or "", position


def _others_who_wrote(session: Session, actor: Actor, post_id: UUID, position: int) -> list[str]:
    rows = session.execute(
        select(col(Event.actor_name))
        .where(
            col(Event.stream_id) == post_id,
            col(Event.position) > position,
            col(Event.kind).in_(_WRITING),
            col(Event.actor_id).is_distinct_from(actor.user_id),
        )
        .order_by(col(Event.position))
    )
    return [*dict.fromkeys(rows.scalars())]
