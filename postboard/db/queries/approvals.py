"""Who approves a post: its chain as people read and edit it, and how far it has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Client, Membership, Person, Post
from postboard.db.queries import agreements, answering, chains
from postboard.db.queries.instants import stamp
from postboard.db.queries.post import policy_of
from postboard.db.queries.scope import find_for_staff
from postboard.db.review_models import ApprovalChain, Decision, ReviewRequest
from postboard.db.types import Choice
from postboard.domain.chains import (
    RIGHTS,
    SIDE_OF,
    STAGES_MAX,
    Chain,
    Rule,
    Side,
    Stage,
    chain_from_json,
)
from postboard.domain.permissions import PERMISSIONS, Actor, Permission, Role
from postboard.domain.workflow import Action, State, find_step

_HOUR = timedelta(hours=1)
_ASKING = (Action.SUBMIT, Action.SEND_TO_CLIENT)


@dataclass(frozen=True, slots=True)
class EditedStage:
    """A stage as its form holds it; `hours` 0: none of its own."""

    side: str
    name: str
    role: str
    people: list[str]
    rule: str
    hours: int


@dataclass(frozen=True, slots=True)
class MayDecide:
    """Somebody who can be named in a stage of that side."""

    id: str
    name: str
    side: str


@dataclass(frozen=True, slots=True)
class EditedChain:
    """The chain that holds for a client, a campaign or a post, to be changed.

    `version` 0: it has none of its own, and the stages are those that it follows.
    """

    client_id: str
    campaign_id: str
    post_id: str
    about: str
    version: int
    stages: list[EditedStage]
    reason: str
    people: list[MayDecide]
    response_hours: int
    """The client's answer takes that long where a stage says nothing."""


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage as it is read; without people and role whoever may decides. `hours` 0: none."""

    side: str
    name: str
    role: str
    people: list[str]
    rule: str
    hours: int


@dataclass(frozen=True, slots=True)
class ChainSeen:
    """`of`: client, campaign or post, whose chain it is; the latter two differ for a reason."""

    of: str
    reason: str
    who: str
    stages: list[StageSeen]


@dataclass(frozen=True, slots=True)
class Yes:
    who: str
    at: str
    stood_in_for: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody who is asked is away."""

    who: str
    stand_in: str


@dataclass(frozen=True, slots=True)
class AskedNow:
    """The stage that a post waits at, counted from 1; `hours_left` are whole working hours."""

    stage: int
    stages: int
    side: str
    name: str
    rule: str
    named: bool
    """Whether these people and no others decide."""
    yes: list[Yes]
    missing: list[str]
    message: str
    who: str
    asked_at: str
    due_at: str
    hours_left: int
    overdue: bool
    away: list[Absence] = field(default_factory=list[Absence])


@dataclass(frozen=True, slots=True)
class StagePassed:
    stage: int
    side: str
    name: str
    yes: list[Yes]


@dataclass(frozen=True, slots=True)
class WillAsk:
    """Whom a step asks."""

    action: str
    side: str
    name: str
    rule: str
    people: list[str]


@dataclass(frozen=True, slots=True)
class ApprovalOfPost:
    chain: ChainSeen
    passed: list[StagePassed]
    """The stages that have said yes to these words."""
    asked: AskedNow | None
    will_ask: list[WillAsk]
    may_override: bool


def edited(
    session: Session, client_id: UUID, campaign_id: UUID | None, post_id: UUID | None
) -> EditedChain:
    """Of a scope that the caller has checked."""
    own: Any = session.execute(
        select(col(ApprovalChain.version), col(ApprovalChain.reason)).where(
            col(ApprovalChain.id) == (post_id or campaign_id or client_id)
        )
    ).one_or_none()
    if post_id and campaign_id is None:
        campaign_id = session.execute(
            select(col(Post.campaign_id)).where(col(Post.id) == post_id)
        ).scalar_one()
    chain = chains.chain_for(session, client_id, campaign_id, post_id)
    return EditedChain(
        client_id=client_id.hex,
        campaign_id=campaign_id.hex if campaign_id and not post_id else "",
        post_id=post_id.hex if post_id else "",
        about=_about(session, client_id, campaign_id, post_id),
        version=own.version if own else 0,
        stages=[
            EditedStage(
                stage.side,
                stage.name,
                stage.role or "",
                [person.hex for person in stage.people],
                stage.rule,
                stage.due_hours or 0,
            )
            for stage in chain.stages
        ],
        reason=own.reason if own else "",
        people=_may_decide(session, client_id),
        response_hours=agreements.of_client(session, client_id).terms.response_hours,
    )


def of_client(session: Session, client_id: UUID) -> ChainSeen:
    return _seen(session, client_id, None, None)


def of_post(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> ApprovalOfPost:
    """How far the post's approval has come, for staff.

    Raises:
        NotFound: it is not there, or not this actor's, or the actor is the client.
    """
    post = find_for_staff(session, actor, post_id)
    passed, asked = _requests(session, post, now)
    return ApprovalOfPost(
        chain=_seen(session, post.client_id, post.campaign_id, post.id),
        passed=passed,
        asked=asked,
        will_ask=_will_ask(session, post, now),
        may_override=actor.may(Permission.OVERRIDE_CHAIN, post.client_id),
    )


def _about(
    session: Session, client_id: UUID, campaign_id: UUID | None, post_id: UUID | None
) -> str:
    """What the scope is called."""
    client: Any = session.execute(
        select(col(Client.name), col(Client.key)).where(col(Client.id) == client_id)
    ).one()
    if post_id:
        number = select(col(Post.number)).where(col(Post.id) == post_id)
        return f"{client.key}-{session.execute(number).scalar_one()}"
    if campaign_id:
        name = select(col(Campaign.name)).where(col(Campaign.id) == campaign_id)
        return session.execute(name).scalar_one()
    return client.name


def _may_decide(session: Session, client_id: UUID) -> list[MayDecide]:
    mine = and_(col(Membership.person_id) == col(Person.id), col(Membership.client_id) == client_id)
    role = func.coalesce(col(Person.agency_role), col(Membership.role), type_=Choice(Role))
    rows = session.execute(
        select(col(Person.id), col(Person.name), role)
        .outerjoin(Membership, mine)
        .where(role.is_not(None), col(Person.disabled_at).is_(None))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [
        MayDecide(person.hex, name, side)
        for person, name, theirs in rows
        for side in Side
        if RIGHTS[side] in PERMISSIONS[theirs]
    ]


def _seen(
    session: Session, client_id: UUID, campaign_id: UUID | None, post_id: UUID | None
) -> ChainSeen:
    """The nearest chain, and whose it is."""
    nearest = [scope for scope in (post_id, campaign_id, client_id) if scope]
    rows: Any = session.execute(
        select(col(ApprovalChain.id), col(ApprovalChain.reason), col(Person.name))
        .outerjoin(Person, col(Person.id) == col(ApprovalChain.updated_by))
        .where(col(ApprovalChain.id).in_(nearest))
    )
    own = min(rows, key=lambda row: nearest.index(row.id), default=None)
    scope = own.id if own else client_id
    chain = chains.chain_for(session, client_id, campaign_id, post_id)
    named = chains.names_of(session, {p for stage in chain.stages for p in stage.people})
    return ChainSeen(
        of="post" if scope == post_id else "campaign" if scope == campaign_id else "client",
        reason=own.reason if own else "",
        who=(own.name or "") if own else "",
        stages=[
            StageSeen(
                stage.side,
                stage.name,
                stage.role or "",
                [name for person, name in named.items() if person in stage.people],
                stage.rule,
                stage.due_hours or 0,
            )
            for stage in chain.stages
        ],
    )


def _requests(
    session: Session, post: Post, now: datetime
) -> tuple[list[StagePassed], AskedNow | None]:
    """What was said to these words, and what is asked now."""
    rows: Any = session.execute(
        select(ReviewRequest, col(Person.name))
        .outerjoin(Person, col(Person.id) == col(ReviewRequest.asked_by))
        .where(
            col(ReviewRequest.post_id) == post.id,
            or_(
                col(ReviewRequest.closed_at).is_(None),
                and_(
                    col(ReviewRequest.revision) == post.revision,
                    col(ReviewRequest.outcome) == "approved",
                ),
            ),
        )
        .order_by(col(ReviewRequest.asked_at))
    ).all()
    said: Any = session.execute(
        select(
            col(Decision.request_id),
            col(Decision.person_id),
            col(Decision.person_name),
            col(Decision.stood_in_for),
            col(Decision.at),
        )
        .where(
            col(Decision.request_id).in_([request.id for request, _ in rows]),
            col(Decision.approved).is_(True),
        )
        .order_by(col(Decision.at), col(Decision.person_name))
    ).all()
    # Asked again about the same words, a stage counts once.
    latest = {request.stage: request for request, _ in rows if request.closed_at}
    now_asked = next(((r, name) for r, name in rows if r.closed_at is None), None)
    reached = now_asked[0].stage if now_asked else STAGES_MAX
    passed = [
        StagePassed(stage + 1, request.side, request.name, _yes(said, request.id))
        for stage, request in sorted(latest.items())
        if stage < reached
    ]
    return passed, _asked_now(session, post, *now_asked, said, now) if now_asked else None


def _asked_now(
    session: Session,
    post: Post,
    request: ReviewRequest,
    who: str | None,
    said: Sequence[Any],
    now: datetime,
) -> AskedNow:
    side, reviewers = Side(request.side), [UUID(person) for person in request.reviewers]
    answers = answering.of_request(session, post.client_id, side, reviewers, now)
    names = chains.names_of(session, answers.people)
    done = {
        person
        for row in said
        if row.request_id == request.id
        for person in answering.spoken_for(row)
    }
    still = answers.turn_of([person for person in answers.asked if person not in done])
    due_at, left = request.due_at, timedelta()
    if due_at and due_at > now:
        calendar = agreements.of_client(session, post.client_id).calendar
        left = calendar.working_between(now, due_at)
    return AskedNow(
        stage=request.stage + 1,
        stages=len(chain_from_json(request.chain).stages),
        side=side,
        name=request.name,
        rule=request.rule,
        named=answers.named,
        yes=_yes(said, request.id),
        missing=[name for person, name in names.items() if person in still],
        away=[_absence(names, *pair) for pair in answers.stand_ins.items()],
        message=request.message,
        who=who or "",
        asked_at=stamp(request.asked_at),
        due_at=stamp(due_at),
        hours_left=left // _HOUR,
        overdue=due_at is not None and due_at <= now,
    )


def _absence(names: Mapping[UUID, str], away: UUID, stand_in: UUID) -> Absence:
    return Absence(names[away], names[stand_in])


def _will_ask(session: Session, post: Post, now: datetime) -> list[WillAsk]:
    """Whom the steps that ask somebody would ask, as things stand."""
    client = session.execute(select(Client).where(col(Client.id) == post.client_id)).scalar_one()
    policy = policy_of(client)
    chain = chains.chain_of_post(session, post.id, client.id, policy.approval)
    policy = replace(policy, approval=chain.approval)
    asked: list[WillAsk] = []
    for action in _ASKING:
        step = find_step(State(post.state), action, policy)
        side = SIDE_OF.get(step.next_state) if step else None
        if side:
            asked.append(_asks_by(session, client.id, action, _first(chain, side), now))
    return asked


def _first(chain: Chain, side: Side) -> Stage:
    chain = chain.asking(side)
    return chain.stages[chain.first(side) or 0]


def _asks_by(
    session: Session, client_id: UUID, action: Action, stage: Stage, now: datetime
) -> WillAsk:
    reviewers = chains.asked_by(session, client_id, stage)
    people = answering.of_request(session, client_id, stage.side, reviewers, now).people
    rule = stage.rule if reviewers else Rule.ANY
    names = chains.names_of(session, people)
    return WillAsk(action, stage.side, stage.name, rule, [*names.values()])


def _yes(said: Iterable[Any], request_id: UUID) -> list[Yes]:
    return [
        Yes(row.person_name, stamp(row.at), [one["name"] for one in row.stood_in_for])
        for row in said
        if row.request_id == request_id
    ]
