"""Writing: each field is saved by itself, on the value it was changed from.

Where the post is open to edits a field goes into its words at once. Where its words were judged
already, every person has a draft of their own, and keeps to it, wherever the post goes meanwhile,
until it is sent or put away.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Event, WordsDraft
from postboard.domain import fields
from postboard.domain.content import Words, words_as_json, words_from_json
from postboard.domain.errors import NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import SPECS, Action, find_step
from postboard.services import post_rows, posts
from postboard.services.must_read import refuse_unread
from postboard.services.post_rows import Found
from postboard.services.post_words import with_known_media, words_of
from postboard.services.steps import WordsClosed


@dataclass(frozen=True, slots=True)
class Saved:
    """The field has the value now; `mark` is the value's, as it was cleaned."""

    field: str
    mark: str
    version: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed the field since: theirs stands, and nothing was written."""

    field: str
    theirs: Any
    mark: str
    who: str


class NoDraft(NotFound):
    sentence = "There is no draft of yours here."


class DraftOutdated(Refused):
    sentence = "The post has newer words than your draft began with. Compare them, then send."


def save(
    session: Session,
    actor: Actor,
    post_id: UUID,
    field: str,
    value: Any,
    *,
    was: str,
    now: datetime,
) -> Saved | Clash:
    """Give one field another value; saving the same value again changes nothing.

    `was` is the mark of the value that was changed: see `domain.fields`.

    Raises:
        NotFound, NotAllowed: the post or the field is not the actor's to change.
        NoSuchStep: words are closed where the post stands.
        BadInput: the value does not fit the field.
    """
    post = post_rows.find(session, actor, post_id)
    _need(actor, post, field)
    refuse_unread(session, actor, post.client_id)
    draft = _draft(session, actor, post.id)
    old = _words(draft) if draft else words_of(session, post.id, post.revision)
    new = _checked(session, post, fields.with_value(old, field, value))
    if fields.mark_of(new, field) == fields.mark_of(old, field):
        return Saved(field, fields.mark_of(old, field), post.version)
    if fields.mark_of(old, field) != was:
        who = actor.name if draft else _last_writer(session, post.id)
        return Clash(field, fields.value_of(old, field), fields.mark_of(old, field), who)
    is_open = SPECS[post.state].open_to_edits
    if not is_open and find_step(post.state, Action.REVISE, post.policy) is None:
        raise WordsClosed
    if draft or not is_open:
        _keep(session, actor, post, draft, old, new, now)
    else:
        post = posts.edit(session, actor, post.id, new, version=post.version, now=now)
    return Saved(field, fields.mark_of(new, field), post.version)


def send_draft(
    session: Session, actor: Actor, post_id: UUID, *, version: int, now: datetime
) -> Found:
    """Make the actor's draft the post's words: where they were judged, the next revision, which
    goes back for review.

    Raises:
        NotFound: there is no draft.
        DraftOutdated: the post has other words than the draft began with: see `rebase`.
        Stale: the post changed since `version`.
    """
    post = post_rows.find(session, actor, post_id)
    draft = _own_draft(session, actor, post.id)
    if _base(draft) != words_of(session, post.id, post.revision):
        raise DraftOutdated
    sent = posts.edit(session, actor, post.id, _words(draft), version=version, now=now)
    _forget(session, draft)
    return sent


def rebase(
    session: Session, actor: Actor, post_id: UUID, *, theirs: frozenset[str], now: datetime
) -> None:
    """Carry the actor's draft over to the post's newest words.

    `theirs` are the fields whose newer value is taken instead of the draft's; of the others that
    both changed, the draft's stays.
    """
    post = post_rows.find(session, actor, post_id)
    draft = _own_draft(session, actor, post.id)
    newest = words_of(session, post.id, post.revision)
    words, clashes = fields.merged(_base(draft), _words(draft), newest)
    for field in theirs.intersection(clashes):
        words = fields.with_value(words, field, fields.value_of(newest, field))
    base = {"revision": post.revision, "base": words_as_json(newest)}
    _rewrite(session, draft, {"content": words_as_json(words), **base}, now)


def discard_draft(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> None:
    """Put the actor's draft away; `take_up_draft` brings it back."""
    post = post_rows.find(session, actor, post_id)
    _rewrite(session, _own_draft(session, actor, post.id), {"discarded_at": now}, now)


def take_up_draft(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> None:
    """Undo `discard_draft`."""
    post = post_rows.find(session, actor, post_id)
    draft = session.execute(_drafts(actor, post.id)).scalar_one_or_none()
    if draft is None:
        raise NoDraft
    _rewrite(session, draft, {"discarded_at": None}, now)


def clashes_of(session: Session, actor: Actor, post_id: UUID) -> list[Clash]:
    """The fields that both the actor's draft and somebody else have changed."""
    post = post_rows.find(session, actor, post_id)
    draft = _draft(session, actor, post.id)
    if draft is None:
        return []
    newest = words_of(session, post.id, post.revision)
    who = _last_writer(session, post.id)
    return [
        Clash(field, fields.value_of(newest, field), fields.mark_of(newest, field), who)
        for field in fields.merged(_base(draft), _words(draft), newest)[1]
    ]


def _need(actor: Actor, post: Found, field: str) -> None:
    right = Permission.EDIT_MEDIA if field == fields.MEDIA else Permission.EDIT_WORDS
    if not actor.may(right, post.client_id):
        raise NotAllowed


def _checked(session: Session, post: Found, words: Words) -> Words:
    return with_known_media(session, post.client_id, [words.checked()])[0]


def _draft(session: Session, actor: Actor, post_id: UUID) -> WordsDraft | None:
    standing = _drafts(actor, post_id).where(col(WordsDraft.discarded_at).is_(None))
    return session.execute(standing).scalar_one_or_none()


def _own_draft(session: Session, actor: Actor, post_id: UUID) -> WordsDraft:
    draft = _draft(session, actor, post_id)
    if draft is None:
        raise NoDraft
    return draft


def _drafts(actor: Actor, post_id: UUID) -> Select[WordsDraft]:
    return select(WordsDraft).where(
        col(WordsDraft.post_id) == post_id, col(WordsDraft.person_id) == actor.user_id
    )


def _words(draft: WordsDraft) -> Words:
    return words_from_json(draft.content)


def _base(draft: WordsDraft) -> Words:
    return words_from_json(draft.base)


def _keep(
    session: Session,
    actor: Actor,
    post: Found,
    draft: WordsDraft | None,
    begun_on: Words,
    words: Words,
    now: datetime,
) -> None:
    if draft:
        _rewrite(session, draft, {"content": words_as_json(words)}, now)
        return
    put_away = _drafts(actor, post.id).where(col(WordsDraft.discarded_at).is_not(None))
    if discarded := session.execute(put_away).scalar_one_or_none():
        _forget(session, discarded)
    begun = {
        "post_id": post.id,
        "person_id": actor.user_id,
        "revision": post.revision,
        "base": words_as_json(begun_on),
        "content": words_as_json(words),
        "updated_at": now,
    }
    session.execute(insert(WordsDraft), [begun])


def _rewrite(session: Session, draft: WordsDraft, changes: dict[str, Any], now: datetime) -> None:
    """Against another tab of the same person, also in the same moment."""
    later = max(now, draft.updated_at + timedelta(microseconds=1))
    done = session.execute(
        update(WordsDraft)
        .where(*_as_read(draft))
        .values(**changes, updated_at=later)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(done):
        raise Stale


def _forget(session: Session, draft: WordsDraft) -> None:
    """What another tab of the same person has written into it meanwhile is kept."""
    if not changed_one_row(session.execute(delete(WordsDraft).where(*_as_read(draft)))):
        raise Stale


def _as_read(draft: WordsDraft) -> tuple[ColumnElement[bool], ...]:
    return (
        col(WordsDraft.post_id) == draft.post_id,
        col(WordsDraft.person_id) == draft.person_id,
        col(WordsDraft.updated_at) == draft.updated_at,
    )


def _last_writer(session: Session, post_id: UUID) -> str:
    """Who changed the words last."""
    kinds = ("post.created", "post.edited", f"post.{Action.REVISE}")
    return session.execute(
        select(col(Event.actor_name))
        .where(col(Event.stream_id) == post_id, col(Event.kind).in_(kinds))
        .order_by(col(Event.position).desc())
        .limit(1)
    ).scalar_one()
