"""Who approves the posts of a client, of a campaign, of one post: kept and changed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Campaign, Client
from postboard.db.queries import answering, approvals
from postboard.db.queries import chains as query
from postboard.db.queries.approvals import EditedChain
from postboard.db.queries.scope import visible_clients
from postboard.db.review_models import ApprovalChain
from postboard.domain.chains import Chain, Stage, StageRefused
from postboard.domain.content import clean
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.services import post_rows
from postboard.services.events import Fact, record, signal_client
from postboard.services.steps import NeedsReason

chain_for = query.chain_for


@dataclass(frozen=True, slots=True)
class Scope:
    """What a chain is for: one post, else one campaign, else the whole client."""

    client_id: UUID
    campaign_id: UUID | None = None
    post_id: UUID | None = None

    @property
    def id(self) -> UUID:
        return self.post_id or self.campaign_id or self.client_id

    @property
    def is_override(self) -> bool:
        return self.id != self.client_id


def edit(session: Session, actor: Actor, scope: Scope) -> EditedChain:
    """The chain as whoever may set it finds it.

    Raises:
        NotFound, NotAllowed: as they say.
    """
    _need_to_set(session, actor, scope)
    return approvals.edited(session, scope.client_id, scope.campaign_id, scope.post_id)


def set_chain(
    session: Session,
    actor: Actor,
    scope: Scope,
    stages: Sequence[Stage],
    *,
    reason: str = "",
    version: int,
    now: datetime,
) -> int:
    """Say who approves from now on; requests under way keep the chain they were opened with.

    `version` is that of the chain it replaces, 0 where there is none. Of a campaign or a post it
    differs from the client's for a reason.

    Returns:
        The chain's version.

    Raises:
        NotFound, NotAllowed, Stale, NeedsReason, StageRefused, BadInput: as they say.
    """
    _need_to_set(session, actor, scope)
    reason = clean(reason, 1000)
    if scope.is_override and not reason:
        raise NeedsReason
    chain = Chain(tuple(stages)).checked()
    _check_people(session, scope.client_id, chain)
    written: dict[str, Any] = {
        "stages": chain.as_json(),
        "reason": reason,
        "version": version + 1,
        "updated_by": actor.user_id,
        "updated_at": now,
    }
    _replace(session, scope, written, version)
    if not scope.is_override:
        # Whoever asks only which sides approve finds it there.
        session.execute(
            update(Client).where(col(Client.id) == scope.client_id).values(approval=chain.approval)
        )
    tell(session, actor, scope, {"stages": chain.as_json(), "reason": reason}, now)
    return version + 1


def drop_override(
    session: Session, actor: Actor, scope: Scope, *, version: int, now: datetime
) -> None:
    """Follow the client's chain again."""
    _need_to_set(session, actor, scope)
    if not scope.is_override:
        raise NotFound
    gone = session.execute(
        delete(ApprovalChain).where(
            col(ApprovalChain.id) == scope.id, col(ApprovalChain.version) == version
        )
    )
    if not changed_one_row(gone):
        raise Stale
    tell(session, actor, scope, {"dropped": True}, now)


def _need_to_set(session: Session, actor: Actor, scope: Scope) -> None:
    there = select(col(Client.id)).where(col(Client.id) == scope.client_id, visible_clients(actor))
    if session.execute(there).first() is None:
        raise NotFound
    if scope.post_id and post_rows.find(session, actor, scope.post_id).client_id != scope.client_id:
        raise NotFound
    if scope.campaign_id and not scope.post_id:
        campaign = select(col(Campaign.id)).where(
            col(Campaign.id) == scope.campaign_id, col(Campaign.client_id) == scope.client_id
        )
        if session.execute(campaign).first() is None:
            raise NotFound
    right = Permission.OVERRIDE_CHAIN if scope.is_override else Permission.MANAGE_CLIENT
    if not actor.may(right, scope.client_id):
        raise NotAllowed


def _check_people(session: Session, client_id: UUID, chain: Chain) -> None:
    for place, stage in enumerate(chain.stages):
        people = set(stage.people)
        if people and people - answering.able(session, client_id, stage.side, people):
            raise StageRefused(place, BadInput("Choose people who may approve on this side."))


def _replace(session: Session, scope: Scope, written: dict[str, Any], version: int) -> None:
    """Against the version it was read at; two first ones collide on the key."""
    this = col(ApprovalChain.id) == scope.id
    if version:
        done = session.execute(
            update(ApprovalChain)
            .where(this, col(ApprovalChain.version) == version)
            .values(**written)
            .execution_options(synchronize_session=False)
        )
        if not changed_one_row(done):
            raise Stale
        return
    if session.execute(select(col(ApprovalChain.id)).where(this)).first():
        raise Stale
    key = {
        "id": scope.id,
        "client_id": scope.client_id,
        "campaign_id": None if scope.post_id else scope.campaign_id,
        "post_id": scope.post_id,
    }
    session.execute(insert(ApprovalChain), [key | written])


def tell(
    session: Session, actor: Actor, scope: Scope, content: dict[str, Any], now: datetime
) -> None:
    """That a chain is another now: in the post's history if it is the post's, else the client's."""
    if scope.campaign_id and not scope.post_id:
        content |= {"campaign": str(scope.campaign_id)}
    stream = scope.post_id or scope.client_id
    fact = Fact(stream, "chain.changed", scope.client_id, content)
    event_id = record(session, actor, fact, now)
    if scope.post_id:
        post_rows.touched(
            session, post_rows.find(session, actor, scope.post_id), event_id, private=True
        )
    else:
        signal_client(session, scope.client_id, event_id)
