"""The client's decisions: each is taken once, on the words and in the round it was made for."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Comment, Event, table_of
from postboard.db.queries.review_rounds import WAITING
from postboard.db.review_models import Decision as Noted
from postboard.db.review_models import ReviewRequest
from postboard.domain.chains import Side
from postboard.domain.content import Reason
from postboard.domain.conversation import Spot, Thread
from postboard.domain.errors import NotFound, Stale
from postboard.domain.permissions import CLIENT_ROLES, Actor
from postboard.domain.workflow import Action, State
from postboard.services import comments, looks, post_rows, steps
from postboard.services.comments import Remark
from postboard.services.post_rows import Found
from postboard.services.requests import OfPost, is_still_to_speak
from postboard.services.steps import Answer

SPOTS_MAX: Final = 20
_REQUESTED: Final = f"post.{Action.REQUEST_CHANGES}"
_TAKEN_BACK: Final = f"post.{Action.RECONSIDER}"

# On the way of every decision: built once, past the ORM.
_REQUEST, _NOTED = table_of(ReviewRequest), table_of(Noted)
_TAKEN = (
    select(_NOTED.c.approved, _NOTED.c.reason, _NOTED.c.tags)
    .join(_REQUEST, _REQUEST.c.id == _NOTED.c.request_id)
    .where(
        _REQUEST.c.post_id == bindparam("post"),
        _REQUEST.c.revision == bindparam("revision"),
        _REQUEST.c.side == Side.CLIENT,
        _NOTED.c.person_id == bindparam("person"),
    )
)
_TAKEN_FOR_REQUEST = _TAKEN.where(_REQUEST.c.id == bindparam("request"))
_TAKEN_IN_ROUND = _TAKEN.where(_REQUEST.c.round == bindparam("round"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a client said of the revision they saw, in that round."""

    post_id: UUID
    revision: int
    round: int
    action: Literal[Action.APPROVE, Action.REQUEST_CHANGES]
    reason: Reason = field(default_factory=Reason)
    _: KW_ONLY
    request_id: UUID | None = None
    """What they answer; without it, whatever is open."""
    spots: Sequence[Spot] = ()
    """With a request: what is meant where; each becomes a comment of the client's thread."""


def decide(session: Session, actor: Actor, decision: Decision, *, now: datetime) -> Found:
    """Carry the decision out; the same one sent again changes nothing.

    Raises:
        NotFound: the post is not there, not theirs, or the agency took it back.
        Stale: it came back since with other words or in another round.
        NoSuchStep: it was decided otherwise meanwhile.
        NotAsked: others decide in this stage.
        NotAllowed, NeedsReason, BadInput: as they say.
    """
    post = post_rows.find(session, actor, decision.post_id)
    if post.rounds != decision.round:
        raise Stale
    about = OfPost(post.id, post.client_id, post.revision, post.rounds)
    if _was_taken(session, actor, decision) and not is_still_to_speak(
        session, actor, about, decision.request_id, now
    ):
        return post
    taken = steps.take_step(
        session,
        actor,
        decision.post_id,
        decision.action,
        revision=decision.revision,
        request_id=decision.request_id,
        answer=Answer(decision.reason),
        now=now,
    )
    for spot in decision.spots[:SPOTS_MAX]:
        anchor = {"asset": spot["asset"], "x": spot["x"], "y": spot["y"]}
        remark = Remark(spot["text"], anchor=anchor)
        comments.add(session, actor, post.id, Thread.CLIENT, remark, command_id=uuid4(), now=now)
    return taken


def undo(
    session: Session, actor: Actor, post_id: UUID, request_id: UUID, *, now: datetime
) -> Found:
    """Take back what one has just said to a request; a second time changes nothing.

    Raises:
        NotFound, NotAllowed, Stale, TooLate: as `steps.reconsider` says.
    """
    post = post_rows.find(session, actor, post_id)
    if _was_undone(session, actor, post_id, request_id):
        return post
    undone = steps.reconsider(session, actor, post_id, request_id, now=now)
    _take_spots_back(session, actor, post, now)
    return undone


def _take_spots_back(session: Session, actor: Actor, post: Found, now: datetime) -> None:
    """What was said with the decision, at its very moment."""
    decided_at = select(func.max(col(Event.at))).where(
        col(Event.stream_id) == post.id, col(Event.kind) == _REQUESTED
    )
    said = session.execute(
        select(col(Comment.id), col(Comment.version)).where(
            col(Comment.post_id) == post.id,
            col(Comment.author_id) == actor.user_id,
            col(Comment.created_at) == decided_at.scalar_subquery(),
            col(Comment.deleted_at).is_(None),
        )
    ).all()
    for comment_id, version in said if post.state is State.CLIENT_REWORK else ():
        comments.delete(session, actor, comment_id, version=version, now=now)


def saw(session: Session, actor: Actor, post_id: UUID, *, revision: int, now: datetime) -> None:
    """Remember that this person of the client's side had these words before their eyes.

    It is told once for each revision and round; a second look moves its time only.

    Raises:
        NotFound: the post is not there, not theirs, or waits for nobody.
        Stale: it has other words by now.
    """
    post = post_rows.find(session, actor, post_id)
    if post.state not in WAITING or actor.role_for(post.client_id) not in CLIENT_ROLES:
        raise NotFound
    if post.revision != revision:
        raise Stale
    if event_id := looks.saw(session, actor, post.id, post.client_id, now=now):
        post_rows.touched(session, post, event_id)


def _was_undone(session: Session, actor: Actor, post_id: UUID, request_id: UUID) -> bool:
    """Whether their answer was the last that they took back, and they gave no other since."""
    stands = select(col(Noted.id)).where(
        col(Noted.request_id) == request_id, col(Noted.person_id) == actor.user_id
    )
    if session.execute(stands).first():
        return False
    undone = session.execute(
        select(col(Event.content))
        .where(
            col(Event.stream_id) == post_id,
            col(Event.kind) == _TAKEN_BACK,
            col(Event.actor_id) == actor.user_id,
        )
        .order_by(col(Event.position).desc())
        .limit(1)
    ).scalar_one_or_none()
    return undone is not None and undone.get("request") == str(request_id)


def _was_taken(session: Session, actor: Actor, decision: Decision) -> bool:
    """Whether this very decision was noted, in this round and for the request it answers."""
    said = session.execute(
        _TAKEN_FOR_REQUEST if decision.request_id else _TAKEN_IN_ROUND,
        {
            "post": decision.post_id,
            "revision": decision.revision,
            "person": actor.user_id,
            "request": decision.request_id,
            "round": decision.round,
        },
    )
    reason = decision.reason.checked()
    this = (decision.action is Action.APPROVE, reason.text, [*reason.tags])
    return any(tuple(row) == this for row in said)
