"""What people say of a post: the only writer of comments and reactions.

Every write of one post's talk waits for the one before, so that two people who speak at the same
time are both heard, and limits hold. None of them touches the post's version.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Comment, CommentAttachment, MediaAsset, Post, Reaction
from postboard.db.queries.scope import roles_for
from postboard.domain.content import clean
from postboard.domain.conversation import (
    ATTACHMENTS_MAX,
    COMMENT_MAX,
    COMMENTS_MAX,
    MENTIONS_MAX,
    REACTIONS,
    READS,
    UNDO_FOR,
    WRITES,
    Anchor,
    Thread,
    checked_anchor,
)
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import CLIENT_ROLES, PERMISSIONS, STAFF_ROLES, Actor
from postboard.domain.tasks import NoticeKind
from postboard.services import commands, notices, post_rows, step_news
from postboard.services.events import Fact, record
from postboard.services.post_rows import Found
from postboard.services.post_words import NotInLibrary, words_of

EARLIER_MAX = 50
"""Earlier texts that are kept: the first one and the newest."""


class TooManyComments(Refused):
    sentence = "This thread is full: it takes {limit} comments. Write in an e-mail what is left."


class OnlyReads(NotAllowed):
    sentence = "You can read this thread. Writing in it is for others."


class NotYours(NotAllowed):
    sentence = "Only the person who wrote this can change it."


class Deleted(NotFound):
    sentence = "This comment was deleted."


class CannotRead(Refused):
    status = 422
    sentence = "Somebody you mention cannot read this thread. Take the name out, then send."


@dataclass(frozen=True, slots=True)
class Remark:
    """What a browser sends: mentions and attachments by their ids."""

    text: str
    parent_id: UUID | None = None
    anchor: Mapping[str, Any] = field(default_factory=dict[str, Any])
    attachments: Sequence[UUID] = ()
    mentions: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    comment: Comment
    post: Found


def add(
    session: Session,
    actor: Actor,
    post_id: UUID,
    thread: Thread,
    remark: Remark,
    *,
    command_id: UUID,
    now: datetime,
) -> UUID:
    """Say something; the same command a second time says nothing more.

    A reply to a reply joins its conversation, and opens it again when it was resolved.

    Raises:
        NotFound: the post, the thread, the parent, the picture or a file is not this actor's.
        OnlyReads, BadInput, CannotRead, TooManyComments: as they say.
    """
    post = _locked(session, actor, post_id)
    _need_to_write(actor, post, thread)
    comment_id = id_of(actor, command_id)
    what = (post_id, thread, remark.text, remark.parent_id)
    if commands.applied_before(session, actor, command_id, *what):
        return comment_id
    parent = _parent(session, post, thread, remark.parent_id)
    head_id = parent and (parent.parent_id or parent.id)
    text = _checked_text(remark.text, has_files=bool(remark.attachments))
    anchor = _anchor(session, post, remark) if head_id is None else Anchor()
    files = _checked_files(session, post, remark.attachments)
    named = _checked_mentions(session, post, thread, remark.mentions)
    _refuse_too_many(session, post, thread)
    row = {
        "id": comment_id,
        "post_id": post_id,
        "thread": thread,
        "parent_id": head_id,
        "author_id": actor.user_id,
        "author_name": actor.name,
        "revision": post.revision,
        "text": text,
        "anchor": dict(anchor),
        "mentions": [person.hex for person in named],
        "earlier": [],
        "version": 1,
        "created_at": now,
    }
    session.execute(insert(Comment), [row])
    if files:
        attached = [{"comment_id": comment_id, "asset_id": asset} for asset in files]
        session.execute(insert(CommentAttachment), attached)
    if head_id:
        _change(session, head_id, {"resolved_at": None, "resolved_by": ""})
    commands.remember(session, actor, command_id, *what, now=now)
    _note(session, actor, post, "post.commented", comment_id, thread, now)
    _tell(session, actor, post, thread, NoticeKind.MENTION, named, comment_id, now)
    answered: set[UUID] = set()
    if parent:
        answered = _authors(session, {parent.id, parent.parent_id or parent.id}) - set(named)
        _tell(session, actor, post, thread, NoticeKind.REPLY, answered, comment_id, now)
    if actor.role_for(post.client_id) in CLIENT_ROLES:
        contacts = set(step_news.contacts(session, post.client_id, post.assignee_id))
        others = contacts - answered - set(named)
        _tell(session, actor, post, thread, NoticeKind.CLIENT_COMMENT, others, comment_id, now)
    return comment_id


def id_of(actor: Actor, command_id: UUID) -> UUID:
    """The comment that this command of the actor's makes, or has made."""
    return uuid5(command_id, str(actor.user_id))


def edit(
    session: Session,
    actor: Actor,
    comment_id: UUID,
    text: str,
    mentions: Sequence[UUID] = (),
    *,
    version: int,
    now: datetime,
) -> None:
    """Say it in other words; the earlier ones stay to be looked up.

    Raises:
        NotFound, Deleted, NotYours, OnlyReads, Stale, BadInput, CannotRead: as they say.
    """
    said = _own(session, actor, comment_id, version)
    comment, post = said.comment, said.post
    text = _checked_text(text, has_files=_has_files(session, comment_id))
    named = _checked_mentions(session, post, comment.thread, mentions)
    if text == comment.text:
        return
    before = {"text": comment.text, "at": (comment.edited_at or comment.created_at).isoformat()}
    earlier = [*comment.earlier, before]
    changes = {
        "text": text,
        "mentions": [person.hex for person in named],
        "earlier": [*earlier[:1], *earlier[1:][1 - EARLIER_MAX :]],
        "edited_at": now,
        "version": version + 1,
    }
    _change(session, comment_id, changes)
    _note(session, actor, post, "post.comment_edited", comment_id, comment.thread, now)
    fresh = [person for person in named if person.hex not in comment.mentions]
    _tell(session, actor, post, comment.thread, NoticeKind.MENTION, fresh, comment_id, now)


def delete(
    session: Session, actor: Actor, comment_id: UUID, *, version: int, now: datetime
) -> None:
    """Take it back: only that it was there is still seen, and what was answered to it."""
    said = _own(session, actor, comment_id, version)
    _change(session, comment_id, {"deleted_at": now, "version": version + 1})
    kind, thread = "post.comment_deleted", said.comment.thread
    _note(session, actor, said.post, kind, comment_id, thread, now)


def restore(session: Session, actor: Actor, comment_id: UUID, *, now: datetime) -> None:
    """Bring back what one has just deleted; what stands already stays."""
    said = _find(session, actor, comment_id)
    comment = said.comment
    _need_to_write(actor, said.post, comment.thread)
    _refuse_foreign(actor, comment)
    if comment.deleted_at is None:
        return
    if now - comment.deleted_at > UNDO_FOR:
        raise Deleted
    _change(session, comment_id, {"deleted_at": None, "version": comment.version + 1})
    _note(session, actor, said.post, "post.comment_restored", comment_id, comment.thread, now)


def resolve(session: Session, actor: Actor, comment_id: UUID, *, now: datetime) -> None:
    """Put a conversation aside as done; one that is stays as it is."""
    said = _conversation(session, actor, comment_id)
    if said.comment.resolved_at is None:
        _change(session, comment_id, {"resolved_at": now, "resolved_by": actor.name})
        kind, thread = "post.comment_resolved", said.comment.thread
        _note(session, actor, said.post, kind, comment_id, thread, now)


def reopen(session: Session, actor: Actor, comment_id: UUID, *, now: datetime) -> None:
    said = _conversation(session, actor, comment_id)
    if said.comment.resolved_at is not None:
        _change(session, comment_id, {"resolved_at": None, "resolved_by": ""})
        kind, thread = "post.comment_reopened", said.comment.thread
        _note(session, actor, said.post, kind, comment_id, thread, now)


def react(
    session: Session,
    actor: Actor,
    comment_id: UUID,
    emoji: str,
    *,
    on: bool,
    now: datetime,  # noqa: ARG001 - every write is told the time
) -> None:
    """Put one's emoji under a comment, or take it away; it is no fact of the post's life."""
    said = _standing(session, actor, comment_id)
    _need_to_write(actor, said.post, said.comment.thread)
    if emoji not in REACTIONS:
        raise BadInput
    mine = {"comment_id": comment_id, "person_id": actor.user_id, "emoji": emoji}
    where = [getattr(Reaction, name) == value for name, value in mine.items()]
    session.execute(delete_rows(Reaction).where(*where))
    if on:
        session.execute(insert(Reaction), [mine])
    post_rows.touched(session, said.post, 0, private=said.comment.thread is Thread.INTERNAL)


def _locked(session: Session, actor: Actor, post_id: UUID) -> Found:
    """The post, with its talk to ourselves until the end of this transaction."""
    session.execute(select(col(Post.id)).where(col(Post.id) == post_id).with_for_update())
    return post_rows.find(session, actor, post_id)


def _find(session: Session, actor: Actor, comment_id: UUID) -> _Said:
    """A comment of a thread that this actor reads: of the other one nothing is known here."""
    post_id = session.execute(
        select(col(Comment.post_id)).where(col(Comment.id) == comment_id)
    ).scalar_one_or_none()
    if post_id is None:
        raise NotFound
    post = _locked(session, actor, post_id)
    comment = session.execute(select(Comment).where(col(Comment.id) == comment_id)).scalar_one()
    if not actor.may(READS[comment.thread], post.client_id):
        raise NotFound
    return _Said(comment, post)


def _standing(session: Session, actor: Actor, comment_id: UUID) -> _Said:
    said = _find(session, actor, comment_id)
    if said.comment.deleted_at:
        raise Deleted
    return said


def _own(session: Session, actor: Actor, comment_id: UUID, version: int) -> _Said:
    said = _standing(session, actor, comment_id)
    _need_to_write(actor, said.post, said.comment.thread)
    _refuse_foreign(actor, said.comment)
    if said.comment.version != version:
        raise Stale
    return said


def _conversation(session: Session, actor: Actor, comment_id: UUID) -> _Said:
    """What the team may put aside: a first comment with its answers."""
    said = _find(session, actor, comment_id)
    _need_to_write(actor, said.post, said.comment.thread)
    if actor.role_for(said.post.client_id) not in STAFF_ROLES:
        raise NotAllowed
    if said.comment.parent_id:
        raise NotFound
    return said


def _need_to_write(actor: Actor, post: Found, thread: Thread) -> None:
    if not actor.may(READS[thread], post.client_id):
        raise NotFound
    if not actor.may(WRITES[thread], post.client_id):
        raise OnlyReads


def _refuse_foreign(actor: Actor, comment: Comment) -> None:
    if comment.author_id != actor.user_id:
        raise NotYours


def _parent(
    session: Session, post: Found, thread: Thread, parent_id: UUID | None
) -> Comment | None:
    if parent_id is None:
        return None
    parent = session.execute(
        select(Comment).where(
            col(Comment.id) == parent_id,
            col(Comment.post_id) == post.id,
            col(Comment.thread) == thread,
        )
    ).scalar_one_or_none()
    if parent is None:
        raise NotFound
    return parent


def _checked_text(text: str, *, has_files: bool) -> str:
    text = clean(text, COMMENT_MAX, many_lines=True)
    if not (text or has_files):
        raise BadInput("Write something first.")
    return text


def _anchor(session: Session, post: Found, remark: Remark) -> Anchor:
    if not remark.anchor:
        return Anchor()
    return checked_anchor(remark.anchor, words_of(session, post.id, post.revision))


def _checked_files(session: Session, post: Found, assets: Sequence[UUID]) -> list[UUID]:
    """Files of this client's library."""
    wanted = list(dict.fromkeys(assets))
    if len(wanted) > ATTACHMENTS_MAX:
        raise BadInput("A comment takes at most {limit} files.", limit=ATTACHMENTS_MAX)
    if not wanted:
        return []
    known = session.execute(
        select(col(MediaAsset.id)).where(
            col(MediaAsset.id).in_(wanted), col(MediaAsset.client_id) == post.client_id
        )
    ).scalars()
    if set(wanted) - set(known):
        raise NotInLibrary
    return wanted


def _has_files(session: Session, comment_id: UUID) -> bool:
    attached = select(func.count()).where(col(CommentAttachment.comment_id) == comment_id)
    return session.execute(attached).scalar_one() > 0


def _checked_mentions(
    session: Session, post: Found, thread: Thread, people: Sequence[UUID]
) -> list[UUID]:
    wanted = list(dict.fromkeys(people))
    if len(wanted) > MENTIONS_MAX:
        raise BadInput("A comment mentions at most {limit} people.", limit=MENTIONS_MAX)
    if _readers(session, post, thread, wanted) != wanted:
        raise CannotRead
    return wanted


def _refuse_too_many(session: Session, post: Found, thread: Thread) -> None:
    there = session.execute(
        select(func.count()).where(col(Comment.post_id) == post.id, col(Comment.thread) == thread)
    ).scalar_one()
    if there >= COMMENTS_MAX:
        raise TooManyComments(limit=COMMENTS_MAX)


def _authors(session: Session, comment_ids: Collection[UUID]) -> set[UUID]:
    rows = session.execute(select(col(Comment.author_id)).where(col(Comment.id).in_(comment_ids)))
    return {author for author in rows.scalars() if author}


def _tell(
    session: Session,
    actor: Actor,
    post: Found,
    thread: Thread,
    kind: NoticeKind,
    people: Collection[UUID],
    comment_id: UUID,
    now: datetime,
) -> None:
    listening = _readers(session, post, thread, people)
    notices.tell(session, actor, listening, kind, post.id, comment_id, now)


def _readers(session: Session, post: Found, thread: Thread, people: Collection[UUID]) -> list[UUID]:
    """Those who read the thread now: somebody may have changed sides since they wrote."""
    roles = roles_for(session, post.client_id, people) if people else {}
    return [who for who in people if who in roles and READS[thread] in PERMISSIONS[roles[who]]]


def _change(session: Session, comment_id: UUID, values: Mapping[str, Any]) -> None:
    session.execute(
        update(Comment)
        .where(col(Comment.id) == comment_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _note(
    session: Session,
    actor: Actor,
    post: Found,
    kind: str,
    comment_id: UUID,
    thread: Thread,
    now: datetime,
) -> None:
    """The fact without its words: the log is no way round the thread."""
    content = {"comment": comment_id.hex, "thread": thread.value, "revision": post.revision}
    event_id = record(session, actor, Fact(post.id, kind, post.client_id, content), now)
    post_rows.touched(session, post, event_id, private=thread is Thread.INTERNAL)
