"""Who hears of a step: the client that a post waits, the agency what the client decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Membership
from postboard.domain.content import Reason
from postboard.domain.permissions import CLIENT_ROLES, Actor, Role
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Step, opens_round
from postboard.services import notices


def tell(
    session: Session,
    actor: Actor,
    post_id: UUID,
    client_id: UUID,
    holder_id: UUID | None,
    step: Step,
    reason: Reason,
    now: datetime,
) -> None:
    if opens_round(step):
        people = _members(session, client_id, Role.CLIENT_REVIEWER)
        notices.tell(session, actor, people, NoticeKind.TO_REVIEW, post_id, None, now)
    if actor.role_for(client_id) in CLIENT_ROLES:
        people = contacts(session, client_id, holder_id)
        said = {"action": step.action.value, "text": reason.text}
        kind = NoticeKind.DECISION
        notices.tell(session, actor, people, kind, post_id, None, now, said=said)


def contacts(session: Session, client_id: UUID, holder_id: UUID | None) -> list[UUID]:
    """Whom the client's word is for: the account managers and whoever holds the post."""
    managers = _members(session, client_id, Role.ACCOUNT_MANAGER)
    return managers if holder_id is None else [*managers, holder_id]


def _members(session: Session, client_id: UUID, role: Role) -> list[UUID]:
    rows = session.execute(
        select(col(Membership.person_id)).where(
            col(Membership.client_id) == client_id, col(Membership.role) == role
        )
    )
    return list(rows.scalars())
