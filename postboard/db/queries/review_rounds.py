"""The client's rounds with a post: in which states they decide, who sent it, how a round ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Event
from postboard.db.queries.instants import stamp
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import BY_HAND, STEPS, Action

WAITING: Final = frozenset(
    s.state for s in STEPS if s.permission is Permission.DECIDE_AS_CLIENT and s.action in BY_HAND
)
"""The states in which the client decides."""
_TOLD: Final = tuple(
    f"post.{action}"
    for action in (
        Action.SEND_TO_CLIENT,
        Action.SUBMIT,
        Action.APPROVE,
        Action.REQUEST_CHANGES,
        Action.RECONSIDER,
        Action.RECALL,
    )
)


@dataclass(frozen=True, slots=True)
class LastRound:
    """How the round before ended: what the client asked for, if anything.

    `changed`: words, pictures or channels are others now.
    """

    who: str
    mine: bool
    at: str
    text: str
    tags: list[str]
    changed: bool


@dataclass(slots=True)
class Told:
    """What the client may know of a post's history: who sent it, how the last round ended."""

    sent: Any = None
    rounds: list[Any] = field(default_factory=list[Any])
    """The steps that ended one, oldest first; an end that was taken back is none."""


def told_of(session: Session, post_ids: Sequence[UUID]) -> dict[UUID, Told]:
    """Steps into and out of the client's hands; steps among the agency stay its own."""
    told = {post_id: Told() for post_id in post_ids}
    rows: Any = session.execute(
        select(
            col(Event.stream_id),
            col(Event.actor_id),
            col(Event.actor_name),
            col(Event.at),
            col(Event.kind),
            col(Event.content),
        )
        .where(col(Event.stream_id).in_(post_ids), col(Event.kind).in_(_TOLD))
        .order_by(col(Event.position))
    )
    for row in rows:
        if row.kind == f"post.{Action.RECONSIDER}":
            if row.content["from"] not in WAITING:  # else it ended no round
                told[row.stream_id].rounds.pop()
        elif row.content.get("to") in WAITING:
            told[row.stream_id].sent = row
        elif row.content.get("from") in WAITING:
            told[row.stream_id].rounds.append(row)
    return told


def last_round(actor: Actor, ended: Any, revision: int) -> LastRound:
    """A request's words are the client's own; why the agency took a post back is not for them."""
    requested = ended.kind == f"post.{Action.REQUEST_CHANGES}"
    return LastRound(
        who=ended.actor_name if requested else "",
        mine=requested and ended.actor_id == actor.user_id,
        at=stamp(ended.at),
        text=ended.content.get("reason", "") if requested else "",
        tags=ended.content.get("tags", []) if requested else [],
        changed=ended.content.get("revision") != revision,
    )
