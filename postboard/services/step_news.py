"""Who hears of a step: whoever is asked to decide, the agency what the client decided."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Membership
from postboard.db.queries import agreements
from postboard.db.queries.answering import of_request
from postboard.db.review_models import ReviewRequest
from postboard.domain.agreement import Channel
from postboard.domain.chains import Side
from postboard.domain.content import Reason
from postboard.domain.permissions import CLIENT_ROLES, THE_CLOCK, Actor, Role
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action
from postboard.services import client_chats, notices

if TYPE_CHECKING:
    from collections.abc import Sequence


class OfPost(Protocol):
    """What the news is about."""

    @property
    def id(self) -> UUID: ...
    @property
    def client_id(self) -> UUID: ...


def ask(session: Session, actor: Actor, post: OfPost, request_id: UUID, now: datetime) -> None:
    """Those whom a request asks hear of it, as their client's agreement says.

    Of the agency's people only who is named.
    """
    side, reviewers = session.execute(
        select(col(ReviewRequest.side), col(ReviewRequest.reviewers)).where(
            col(ReviewRequest.id) == request_id
        )
    ).one()
    people: Sequence[UUID] = [UUID(person) for person in reviewers]
    if side == Side.INTERNAL and not people:
        return
    answers = of_request(session, post.client_id, Side(side), people, now)
    if side == Side.CLIENT or answers.named:
        people = answers.people
    by_mail = agreements.of_client(session, post.client_id).terms.channel is Channel.EMAIL
    kind = NoticeKind.TO_REVIEW
    notices.tell(session, actor, people, kind, post.id, request_id, now, by_mail=by_mail)


def tell(
    session: Session,
    actor: Actor,
    post: OfPost,
    holder_id: UUID | None,
    action: Action,
    reason: Reason,
    now: datetime,
) -> None:
    """The agency hears of what somebody of the client's side did."""
    if actor.role_for(post.client_id) in CLIENT_ROLES:
        people = contacts(session, post.client_id, holder_id)
        said = {"action": action.value, "text": reason.text}
        kind = NoticeKind.DECISION
        notices.tell(session, actor, people, kind, post.id, None, now, said=said)
        client_chats.tell_decision(
            session, actor, post.client_id, post.id, action, reason.text, now
        )


def warn_of_round(session: Session, post: OfPost, now: datetime, *, is_extra: bool) -> None:
    """The account managers hear that a round is not included, or is the last that is; also whoever
    of them opened it.
    """
    people = _members(session, post.client_id, Role.ACCOUNT_MANAGER)
    kind = NoticeKind.EXTRA_ROUND if is_extra else NoticeKind.LAST_ROUND
    notices.tell(session, THE_CLOCK, people, kind, post.id, None, now)


def tell_of_move(session: Session, actor: Actor, post: OfPost, now: datetime) -> None:
    """The client's reviewers hear that an approved post goes out at another time, as agreed."""
    people = _members(session, post.client_id, Role.CLIENT_REVIEWER)
    notices.tell(session, actor, people, NoticeKind.DATE_MOVED, post.id, None, now)


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
