"""Whether anything is out, or about to be, that was not approved: the tables are asked.

What stands in a post's row is believed nowhere; its record, the requests and the decisions are.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Post, Revision
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.chains import Rule, Side, chain_from_json, preset
from postboard.domain.workflow import Action, Approval, State
from postboard.services import post_words

OUT = frozenset({State.SCHEDULED, State.PUBLISHED, State.PUBLISH_FAILED})
APPROVED = OUT | {State.APPROVED, State.ON_HOLD}
"""The states that lie behind an approval."""
STEP_KINDS = frozenset(f"post.{action}" for action in Action)
_UNASKED = frozenset({"post.submit", "post.revise"})
"""Where nobody has to approve, these pass what would be asked about."""


def unreviewed(session: Session, gone: Iterable[UUID] = ()) -> list[str]:
    """What stands behind an approval, and not as it was approved.

    `gone` are people who could not decide for a while: an all-of stage may have gone on without.
    """
    wrong: list[str] = []
    for post in session.execute(select(Post).where(col(Post.state).in_(APPROVED))).scalars():
        judged, lacks = _judged(session, post, frozenset(gone))
        frozen_at = session.execute(
            select(col(Revision.frozen_at)).where(
                col(Revision.post_id) == post.id, col(Revision.number) == post.revision
            )
        ).scalar_one()
        if judged != post.revision or frozen_at is None or lacks:
            said = f"{post.number}: {post.state}, approved {judged}, is {post.revision}"
            wrong.append(" ".join([said, *lacks]))
    return wrong


def all_reviewed(database: Database, gone: Iterable[UUID] = ()) -> bool:
    with database.read() as session:
        assert unreviewed(session, gone) == []
    return True


def _judged(session: Session, post: Post, gone: frozenset[UUID]) -> tuple[int | None, list[str]]:
    """The revision that the record approves for good, and what its approval lacks."""
    judged: int | None = None
    lacks: list[str] = []
    stages = _Stages()
    silent: set[UUID] = set()
    for event in _events(session, post):
        kind, said = event["kind"], event["content"]
        if event["stream_id"] != post.id or kind == "chain.changed":
            stages.learn(post, event)
        elif kind == "post.silence":
            silent.add(UUID(said["request"]))
        elif kind == "post.approve" and said["to"] == State.APPROVED:
            judged = said["revision"]
            lacks = _lacks(session, post, said, gone)
            if event["actor_id"] is None and UUID(said["request"]) not in silent:
                lacks.append("the clock decided where nobody was silent")
        elif kind in _UNASKED and said["to"] in APPROVED:
            judged, lacks = said["revision"], []
            if not stages.nobody_is_asked(post):
                lacks.append("nobody was asked")
        elif kind == "post.edited" or (kind in STEP_KINDS and said["to"] not in APPROVED):
            judged = None
    return judged, lacks


def _lacks(
    session: Session, post: Post, said: Mapping[str, Any], gone: frozenset[UUID]
) -> list[str]:
    """What is missing for this approval to be the whole side's, on these words."""
    lacks: list[str] = []
    if said["words_digest"] != post_words.digest_of(session, post.id, said["revision"]):
        lacks.append("other words were approved")
    last = session.get_one(ReviewRequest, UUID(said["request"]))
    chain = chain_from_json(last.chain)
    sides = {Side.INTERNAL: None, Side.CLIENT: last.round}
    for stage, one in enumerate(chain.stages):
        if one.side != last.side and last.side == Side.INTERNAL:
            lacks.append("the client was to be asked")
        if one.side != last.side:  # by the chain of its own time
            continue
        if not _passed(session, post, said["revision"], sides[one.side], stage, gone):
            lacks.append(f"stage {stage} of {one.side}")
    return lacks


def _passed(
    session: Session,
    post: Post,
    revision: int,
    round_number: int | None,
    stage: int,
    gone: frozenset[UUID],
) -> bool:
    """Whether a stage said yes: its people, or the clock for them."""
    rows = session.execute(
        select(ReviewRequest).where(
            col(ReviewRequest.post_id) == post.id,
            col(ReviewRequest.revision) == revision,
            col(ReviewRequest.stage) == stage,
            col(ReviewRequest.outcome) == "approved",
            or_(round_number is None, col(ReviewRequest.round) == round_number),
        )
    ).scalars()
    return any(_is_whole(session, request, gone) for request in rows)


def _is_whole(session: Session, request: ReviewRequest, gone: frozenset[UUID]) -> bool:
    yes = set(
        session.execute(
            select(col(Decision.person_id)).where(
                col(Decision.request_id) == request.id, col(Decision.approved).is_(True)
            )
        ).scalars()
    )
    named = {UUID(person) for person in request.reviewers}
    if None in yes or not named or (not yes & named and named <= gone):
        return bool(yes)
    return yes >= named - gone if request.rule == Rule.ALL else bool(yes & named)


class _Stages:
    """Which chain holds for a post, as the record tells it."""

    def __init__(self) -> None:
        self._of: dict[UUID, list[Any] | None] = {}
        self._sides = Approval.INTERNAL_AND_CLIENT

    def learn(self, post: Post, event: Mapping[str, Any]) -> None:
        said = event["content"]
        if event["kind"] == "chain.changed":
            scope = UUID(said["campaign"]) if "campaign" in said else event["stream_id"]
            stages = self._of[scope] = said.get("stages")
            if scope == post.client_id:
                self._sides = chain_from_json(stages or []).approval
        elif event["kind"] == "client.changed" and said.get("approval", self._sides) != self._sides:
            self._sides = Approval(said["approval"])
            self._of.pop(post.client_id, None)

    def nobody_is_asked(self, post: Post) -> bool:
        for scope in (post.id, post.campaign_id, post.client_id):
            stages = self._of.get(scope) if scope else None
            if stages is not None:
                return not stages
        return not preset(self._sides).stages


def _events(session: Session, post: Post) -> list[Mapping[str, Any]]:
    """Of the post, and of who approves its client's posts, as they happened."""
    names = ("stream_id", "kind", "actor_id", "content")
    rows: Any = session.execute(
        select(*(col(getattr(Event, name)) for name in names))
        .where(
            or_(
                col(Event.stream_id) == post.id,
                col(Event.kind).in_(["chain.changed", "client.changed"])
                & (col(Event.stream_id) == post.client_id),
            )
        )
        .order_by(col(Event.id))
    ).mappings()
    return [*rows]
