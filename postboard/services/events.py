"""The event log: one chained row per fact, written with the fact itself."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Signal, changed_one_row, signal
from postboard.db.models import Event, EventStream, table_of
from postboard.domain.errors import Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import SPECS, State

START = "0" * 64
CHAINED = (
    "stream_id",
    "position",
    "kind",
    "client_id",
    "actor_id",
    "actor_name",
    "at",
    "content",
)
"""What the digest of an event is of, beside the digest before it."""

# Every write ends here: the statements are built once, past the ORM.
_EVENT, _EVENT_STREAM = table_of(Event), table_of(EventStream)
_HEAD = select(_EVENT_STREAM.c.length, _EVENT_STREAM.c.digest).where(
    _EVENT_STREAM.c.id == bindparam("stream")
)
_START = insert(_EVENT_STREAM)
_GROW = update(_EVENT_STREAM).where(
    _EVENT_STREAM.c.id == bindparam("stream"), _EVENT_STREAM.c.length == bindparam("found")
)
_APPEND = insert(_EVENT).returning(_EVENT.c.id)


@dataclass(frozen=True, slots=True)
class Fact:
    stream_id: UUID
    kind: str
    client_id: UUID | None = None
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])


def record(session: Session, actor: Actor, fact: Fact, now: datetime) -> int:
    """Append one fact to its stream.

    Returns:
        The event's id.

    Raises:
        Stale: another transaction appended to the stream at the same time.
    """
    head: Any = session.execute(_HEAD, {"stream": fact.stream_id}).one_or_none()
    length, previous = head or (0, START)
    row = _row(actor, fact, now, length + 1, previous)
    grown = {"length": length + 1, "digest": row["digest"]}
    if head is None:
        session.execute(_START, {"id": fact.stream_id, **grown})
    else:
        moved = session.execute(_GROW, {"stream": fact.stream_id, "found": length, **grown})
        if not changed_one_row(moved):
            raise Stale
    event_id: Any = session.execute(_APPEND, row).scalar_one()
    return event_id


def record_first(session: Session, actor: Actor, facts: Sequence[Fact], now: datetime) -> int:
    """Start many new streams at once, one fact each.

    Returns:
        An event id that none of theirs passes.
    """
    rows = [_row(actor, fact, now, 1, START) for fact in facts]
    session.execute(
        insert(EventStream),
        [{"id": r["stream_id"], "length": 1, "digest": r["digest"]} for r in rows],
    )
    session.execute(insert(Event), rows)
    return session.execute(select(func.max(col(Event.id)))).scalar_one() or 0


def signal_client(session: Session, client_id: UUID, event_id: int) -> None:
    """Tell whoever shows the client or its posts that something beside them changed."""
    signal(session, about_client(client_id, event_id))


def about_client(client_id: UUID, event_id: int) -> Signal:
    """It names the client where others name a post: whatever stands there is as it was."""
    seen = State.CLIENT_REVIEW
    return Signal(
        event_id=event_id,
        client_id=client_id,
        post_id=client_id,
        version=0,
        old_state=seen,
        state=seen,
        column=SPECS[seen].column,
        rank=0,
        rounds=0,
        whole=True,
        beside=True,
    )


def digest_of(row: Mapping[str, Any], previous: str) -> str:
    """The SHA-256 (hex) over an event's content and the digest before it."""
    facts = [
        previous,
        str(row["stream_id"]),
        row["position"],
        row["kind"],
        str(row["client_id"]),
        str(row["actor_id"]),
        row["actor_name"],
        row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        row["content"],
    ]
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _row(actor: Actor, fact: Fact, now: datetime, position: int, previous: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "stream_id": fact.stream_id,
        "position": position,
        "kind": fact.kind,
        "client_id": fact.client_id,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "at": now,
        "content": dict(fact.content),
    }
    row["digest"] = digest_of(row, previous)
    return row
