"""The client's decisions: each is taken once, on the words and in the round it was made for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.review_models import Decision as Noted
from postboard.db.review_models import ReviewRequest
from postboard.domain.chains import Side
from postboard.domain.content import Reason
from postboard.domain.errors import Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action
from postboard.services import posts
from postboard.services.posts import Answer, Found


@dataclass(frozen=True, slots=True)
class Decision:
    """What a client said of the revision they saw, in that round."""

    post_id: UUID
    revision: int
    round: int
    action: Literal[Action.APPROVE, Action.REQUEST_CHANGES]
    reason: Reason = field(default_factory=Reason)
    request_id: UUID | None = None
    """What they answer; without it, whatever is open."""


def decide(session: Session, actor: Actor, decision: Decision, *, now: datetime) -> Found:
    """Carry the decision out; the same one sent again changes nothing.

    Raises:
        NotFound: the post is not there, not theirs, or the agency took it back.
        Stale: it came back since with other words or in another round.
        NoSuchStep: it was decided otherwise meanwhile.
        NotAsked: others decide in this stage.
        NotAllowed, NeedsReason, BadInput: as they say.
    """
    post = posts.find(session, actor, decision.post_id)
    if post.rounds != decision.round:
        raise Stale
    if _was_taken(session, actor, decision):
        return post
    return posts.take_step(
        session,
        actor,
        decision.post_id,
        decision.action,
        revision=decision.revision,
        request_id=decision.request_id,
        answer=Answer(decision.reason),
        now=now,
    )


def _was_taken(session: Session, actor: Actor, decision: Decision) -> bool:
    """Whether this very decision was noted, in this round and for the request it answers."""
    of_request = (
        col(ReviewRequest.id) == decision.request_id
        if decision.request_id
        else col(ReviewRequest.round) == decision.round
    )
    said = session.execute(
        select(col(Noted.approved), col(Noted.reason), col(Noted.tags))
        .join(ReviewRequest, col(ReviewRequest.id) == col(Noted.request_id))
        .where(
            col(ReviewRequest.post_id) == decision.post_id,
            col(ReviewRequest.revision) == decision.revision,
            col(ReviewRequest.side) == Side.CLIENT,
            col(Noted.person_id) == actor.user_id,
            of_request,
        )
    )
    reason = decision.reason.checked()
    this = (decision.action is Action.APPROVE, reason.text, [*reason.tags])
    return any(tuple(row) == this for row in said)
