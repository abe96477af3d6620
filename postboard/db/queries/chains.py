"""The chain that holds for a post, and who is asked by it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Person, Post, table_of
from postboard.db.queries import answering
from postboard.db.review_models import ApprovalChain, ReviewRequest
from postboard.domain.chains import RIGHTS, SIDE_OF, Chain, Stage, chain_from_json, preset
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Approval, Policy, State, Step, steps_for

# Every submission asks: built once, past the ORM.
_POST, _CHAIN = table_of(Post), table_of(ApprovalChain)
_REQUEST = table_of(ReviewRequest)
_NEAREST = case((_CHAIN.c.post_id.is_not(None), 0), (_CHAIN.c.campaign_id.is_not(None), 1), else_=2)
_OF_POST = (
    select(_CHAIN.c.stages)
    .where(
        or_(
            _CHAIN.c.id == bindparam("post"),
            _CHAIN.c.id == bindparam("client"),
            _CHAIN.c.id
            == select(_POST.c.campaign_id).where(_POST.c.id == bindparam("post")).scalar_subquery(),
        )
    )
    .order_by(_NEAREST)
    .limit(1)
)


def chain_of_post(session: Session, post_id: UUID, client_id: UUID, approval: Approval) -> Chain:
    """The post's own chain, else its campaign's, else its client's, else the client's preset."""
    stages: Any = session.execute(
        _OF_POST, {"post": post_id, "client": client_id}
    ).scalar_one_or_none()
    return preset(approval) if stages is None else chain_from_json(stages)


def chain_for(
    session: Session, client_id: UUID, campaign_id: UUID | None, post_id: UUID | None
) -> Chain:
    """The chain that a post of this client, this campaign, or this very post follows."""
    scopes = [scope for scope in (post_id, campaign_id, client_id) if scope]
    stages: Any = session.execute(
        select(_CHAIN.c.stages).where(_CHAIN.c.id.in_(scopes)).order_by(_NEAREST).limit(1)
    ).scalar_one_or_none()
    if stages is not None:
        return chain_from_json(stages)
    approval: Any = session.execute(
        select(col(Client.approval)).where(col(Client.id) == client_id)
    ).scalar_one()
    return preset(Approval(approval))


def steps_open_to(
    session: Session, actor: Actor, post: Post, policy: Policy, *, now: datetime
) -> list[Step]:
    """What somebody of the agency may do by hand now; deciding only where they are asked, or
    stand in for somebody who is.
    """
    side = SIDE_OF.get(State(post.state))
    request: Any = session.execute(
        select(_REQUEST.c.reviewers, _REQUEST.c.chain).where(
            _REQUEST.c.post_id == post.id, _REQUEST.c.closed_at.is_(None)
        )
    ).one_or_none()
    if request:
        chain = chain_from_json(request.chain)
    else:
        chain = chain_of_post(session, post.id, post.client_id, policy.approval)
    policy = replace(policy, approval=chain.approval)
    steps = steps_for(State(post.state), actor.role_for(post.client_id), policy)
    if not (side and request and request.reviewers):
        return [*steps]
    reviewers = [UUID(person) for person in request.reviewers]
    answers = answering.of_request(session, post.client_id, side, reviewers, now)
    others_decide = answers.named and actor.user_id not in answers.people
    return [s for s in steps if not (others_decide and s.permission is RIGHTS[side])]


def asked_by(session: Session, client_id: UUID, stage: Stage) -> list[UUID]:
    """The people a stage names, those of a role as they are now; nobody: whoever may."""
    if stage.role is None:
        return [*stage.people]
    return answering.holders(session, client_id, {stage.role})


def names_of(session: Session, people: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(
        select(col(Person.id), col(Person.name))
        .where(col(Person.id).in_(people))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return {person: name for person, name in rows}  # noqa: C416 - a Row is no pair to dict()
