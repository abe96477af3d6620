"""Checking the event log: was a row changed, removed or added outside the program?"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Event, EventStream, Post, Revision
from postboard.db.queries.revisions import words_in
from postboard.domain.content import words_as_json
from postboard.domain.workflow import Action, State
from postboard.services.events import CHAINED, START, digest_of
from postboard.services.sealing import digest

BATCH = 5000
STEPS = frozenset(f"post.{action}" for action in Action)
APPROVALS = frozenset({f"post.{Action.APPROVE}", "post.decided"})


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the log does not hold together."""

    stream_id: UUID | None
    position: int
    message_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Report:
    events: int
    streams: int
    first_break: Break | None


def verify(session: Session) -> Report:
    """Recompute every digest, in the order of streams; stop at the first break."""
    heads = {
        stream_id: (length, digest)
        for stream_id, length, digest in session.execute(
            select(col(EventStream.id), col(EventStream.length), col(EventStream.digest))
        )
    }
    reached: dict[UUID, tuple[int, str]] = {}
    standing: dict[UUID, str] = {}
    approved: dict[tuple[UUID, int], tuple[int, str]] = {}
    count = 0
    for row in session.execute(
        select(*(col(getattr(Event, name)) for name in (*CHAINED, "digest")))
        .order_by(col(Event.stream_id), col(Event.position))
        .execution_options(yield_per=BATCH)
    ).mappings():
        count += 1
        position, previous = reached.get(row["stream_id"], (0, START))
        if row["position"] != position + 1:
            return _broken(session, count, reached, row["stream_id"], position + 1, _REMOVED)
        if digest_of(dict(row), previous) != row["digest"]:
            return _broken(session, count, reached, row["stream_id"], position + 1, _CHANGED)
        reached[row["stream_id"]] = (row["position"], row["digest"])
        if row["kind"] in STEPS:
            standing[row["stream_id"]] = row["content"]["to"]
        if row["kind"] in APPROVALS and "words_digest" in row["content"]:
            said = row["content"]
            noted = (row["position"], said["words_digest"])
            approved.setdefault((row["stream_id"], said["revision"]), noted)
    found = (
        _tail_break(session, heads, reached)
        or _lost_record(session, reached, standing)
        or _other_words(session, approved)
    )
    return Report(count, len(reached), found)


_REMOVED = "an event was removed"
_CHANGED = "an event was changed"
_ADDED = "an event was added outside the program"
_NO_RECORD = "a post has no record"
_OTHER_STATE = "a post is not in the state its record ends with"
_NO_CLIENT_RECORD = "a client has no record"
_POST_REMOVED = "a post was removed"
_OTHER_WORDS = "the words approved there were changed"


def _tail_break(
    session: Session,
    heads: dict[UUID, tuple[int, str]],
    reached: dict[UUID, tuple[int, str]],
) -> Break | None:
    for stream_id in sorted(heads.keys() | reached.keys()):
        length, digest = heads.get(stream_id, (0, START))
        position, last = reached.get(stream_id, (0, START))
        if position < length:
            return _break(session, stream_id, position + 1, _REMOVED)
        if position > length or last != digest:
            return _break(session, stream_id, length + 1, _ADDED)
    return None


def _lost_record(
    session: Session, reached: dict[UUID, tuple[int, str]], standing: dict[UUID, str]
) -> Break | None:
    """The first row without its record, or against it."""
    for post_id, state in session.execute(select(col(Post.id), col(Post.state))):
        if post_id not in reached:
            return _break(session, post_id, 1, _NO_RECORD)
        if state != standing.get(post_id, State.DRAFT):
            return _break(session, post_id, reached[post_id][0], _OTHER_STATE)
    # Posts are numbered without gaps per client, so a vanished one leaves a hole.
    rows = session.execute(
        select(
            col(Client.id), col(Client.key), col(Client.last_post_number), func.count(col(Post.id))
        )
        .outerjoin(Post, col(Post.client_id) == col(Client.id))
        .group_by(col(Client.id))
    )
    for client_id, key, last, present in rows:
        if client_id not in reached:
            return Break(client_id, 1, _NO_CLIENT_RECORD, key)
        if present != last:
            return Break(None, 0, _POST_REMOVED, key)
    return None


def _other_words(
    session: Session, approved: dict[tuple[UUID, int], tuple[int, str]]
) -> Break | None:
    """The first revision that is not, or is no more, what its approval noted."""
    due = dict(approved)
    for row in session.execute(select(Revision).execution_options(yield_per=BATCH)).scalars():
        noted = due.pop((row.post_id, row.number), None)
        if noted and noted[1] != digest(words_as_json(words_in(row))):
            return _break(session, row.post_id, noted[0], _OTHER_WORDS)
    for (post_id, _), (position, _) in due.items():
        return _break(session, post_id, position, _OTHER_WORDS)
    return None


def _broken(
    session: Session,
    count: int,
    reached: dict[UUID, tuple[int, str]],
    stream_id: UUID,
    position: int,
    message_id: str,
) -> Report:
    return Report(count, len(reached), _break(session, stream_id, position, message_id))


def _break(session: Session, stream_id: UUID, position: int, message_id: str) -> Break:
    named = session.execute(
        select(col(Client.key), col(Post.number))
        .join(Post, col(Post.client_id) == col(Client.id))
        .where(col(Post.id) == stream_id)
    ).one_or_none()
    subject = f"{named[0]}-{named[1]}" if named else str(stream_id)
    return Break(stream_id, position, message_id, subject)
