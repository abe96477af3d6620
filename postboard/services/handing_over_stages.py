"""Stages of approval that name whoever leaves: they name whoever takes over, and back again.

Both what is asked from now on (chains) and what is asked already (open requests) is handed over;
who has said yes there has said it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.queries import answering, open_work
from postboard.db.review_models import ApprovalChain, Decision, ReviewRequest
from postboard.domain.chains import Side
from postboard.domain.handing_over import CannotApprove, Heirs
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.services import chains, notices
from postboard.services.chains import Scope
from postboard.services.leaving import Leaver

Moved = list[dict[str, Any]]


def give(
    session: Session, actor: Actor, leaver: Leaver, heirs: Heirs, now: datetime
) -> tuple[Moved, Moved]:
    """Chains, then open requests, as `give_back` takes them.

    Raises:
        CannotApprove: whoever takes over may not.
    """
    kept: Any = session.execute(
        select(ApprovalChain)
        .where(*open_work.stages_naming(leaver.id), col(ApprovalChain.client_id).in_(heirs.clients))
        .order_by(col(ApprovalChain.id))
        .with_for_update()
    ).scalars()
    asked: Any = session.execute(
        select(ReviewRequest)
        .where(*open_work.asked_of(leaver.id), col(ReviewRequest.client_id).in_(heirs.clients))
        .order_by(col(ReviewRequest.id))
        .with_for_update()
    ).scalars()
    chains_moved = [_chain(session, actor, one, leaver, heirs, now) for one in [*kept]]
    requests = [_request(session, actor, one, leaver, heirs, now) for one in [*asked]]
    return chains_moved, requests


def give_back(
    session: Session, actor: Actor, leaver: Leaver, moved: Mapping[str, Any], now: datetime
) -> int:
    """How many stay, because they were changed or answered since."""
    stay = 0
    for one in moved["chains"]:
        row = session.get(ApprovalChain, UUID(one["id"]), with_for_update=True)
        if row is None or row.version != one["version"]:
            stay += 1
            continue
        _write_chain(session, actor, row, one["stages"], now)
    for one in moved["requests"]:
        done = session.execute(
            update(ReviewRequest)
            .where(
                col(ReviewRequest.id) == UUID(one["id"]),
                col(ReviewRequest.closed_at).is_(None),
                ~_has_said(UUID(one["to"])),
            )
            .values(reviewers=one["reviewers"], chain=one["chain"])
            .execution_options(synchronize_session=False)
        )
        if not changed_one_row(done):
            stay += 1
            continue
        notices.settle(session, [UUID(one["to"])], [UUID(one["id"])], now)
        if leaver.id.hex in one["reviewers"]:
            request_id, post_id = UUID(one["id"]), UUID(one["post"])
            kind = NoticeKind.TO_REVIEW
            notices.tell(session, actor, [leaver.id], kind, post_id, request_id, now)
    return stay


def _chain(
    session: Session,
    actor: Actor,
    row: ApprovalChain,
    leaver: Leaver,
    heirs: Heirs,
    now: datetime,
) -> dict[str, Any]:
    to = _able(session, row.client_id, heirs)
    before = row.stages
    _write_chain(session, actor, row, _renamed(before, leaver.id, to), now)
    return {"id": row.id.hex, "stages": before, "version": row.version}


def _write_chain(
    session: Session,
    actor: Actor,
    row: ApprovalChain,
    stages: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    row.stages, row.version = [dict(one) for one in stages], row.version + 1
    row.updated_by, row.updated_at = actor.user_id, now
    session.flush()
    scope = Scope(row.client_id, row.campaign_id, row.post_id)
    chains.tell(session, actor, scope, {"stages": row.stages, "reason": row.reason}, now)


def _request(
    session: Session,
    actor: Actor,
    row: ReviewRequest,
    leaver: Leaver,
    heirs: Heirs,
    now: datetime,
) -> dict[str, Any]:
    to = _able(session, row.client_id, heirs)
    moved = {
        "id": row.id.hex,
        "post": row.post_id.hex,
        "reviewers": row.reviewers,
        "chain": row.chain,
        "to": to.hex,
    }
    row.chain = _renamed(row.chain, leaver.id, to)
    asked = leaver.id.hex in row.reviewers
    if asked and not _said(session, row.id, {leaver.id, to}):
        row.reviewers = _swapped(row.reviewers, leaver.id, to)
        notices.settle(session, [leaver.id], [row.id], now)
        notices.tell(session, actor, [to], NoticeKind.TO_REVIEW, row.post_id, row.id, now)
    session.flush()
    return moved


def _able(session: Session, client_id: UUID, heirs: Heirs) -> UUID:
    to = heirs.by_client[client_id]
    if not answering.able(session, client_id, Side.INTERNAL, {to}):
        raise CannotApprove
    return to


def _renamed(stages: Sequence[Mapping[str, Any]], before: UUID, to: UUID) -> list[dict[str, Any]]:
    return [{**stage, "people": _swapped(stage["people"], before, to)} for stage in stages]


def _swapped(people: Sequence[str], before: UUID, to: UUID) -> list[str]:
    return [*dict.fromkeys(to.hex if one == before.hex else one for one in people)]


def _said(session: Session, request_id: UUID, people: set[UUID]) -> bool:
    """Whether one of them did: what is said already stays under the name of who said it."""
    said = select(col(Decision.id)).where(
        col(Decision.request_id) == request_id, col(Decision.person_id).in_(people)
    )
    return session.execute(said).first() is not None


def _has_said(person_id: UUID) -> Any:
    return (
        select(col(Decision.id))
        .where(
            col(Decision.request_id) == col(ReviewRequest.id), col(Decision.person_id) == person_id
        )
        .exists()
    )
