"""Stages of approval that name whoever leaves: they name whoever takes over, and back again.

Both what is asked from now on (chains) and what is asked already (open requests) is handed over;
who has said yes there has said it, and who takes over is asked for what the leaver has not said.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

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
Works = Callable[[UUID | None], bool]
"""Whether somebody works for a client, or (None) for the agency."""


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
    session: Session,
    actor: Actor,
    leaver: Leaver,
    works: Works,
    moved: Mapping[str, Any],
    now: datetime,
) -> int:
    """How many stay, because they were changed or answered since, or the leaver is gone."""
    stay = 0
    for one in moved["chains"]:
        row = session.execute(
            select(ApprovalChain).where(col(ApprovalChain.id) == UUID(one["id"])).with_for_update()
        ).scalar_one_or_none()
        if row is None or row.version != one["version"] or not works(row.client_id):
            stay += 1
            continue
        _write_chain(session, actor, row, one["stages"], now)
    for one in moved["requests"]:
        row = session.execute(
            select(ReviewRequest).where(col(ReviewRequest.id) == UUID(one["id"])).with_for_update()
        ).scalar_one()
        heard = _heard(session, row.id)
        stands = _stands(row, one, leaver.id) and (one["said"] or UUID(one["to"]) not in heard)
        if row.closed_at or not stands or not works(row.client_id):
            stay += 1
            continue
        row.reviewers, row.chain = one["reviewers"], one["chain"]
        session.flush()
        if one["to"] not in row.reviewers:
            notices.settle(session, [UUID(one["to"])], [row.id], now)
        if one["given"] != one["reviewers"]:
            kind = NoticeKind.TO_REVIEW
            notices.tell(session, actor, [leaver.id], kind, row.post_id, row.id, now)
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
    heard = _heard(session, row.id)
    before = row.reviewers
    moved = {
        "id": row.id.hex,
        "post": row.post_id.hex,
        "reviewers": before,
        "chain": row.chain,
        "to": to.hex,
        "said": to in heard,
    }
    row.chain = _renamed(row.chain, leaver.id, to)
    if leaver.id.hex in before and leaver.id not in heard:
        row.reviewers = _swapped(before, leaver.id, to)
        notices.settle(session, [leaver.id], [row.id], now)
        # Who has spoken for themselves is asked anew once nobody else is missing: nothing is
        # approved by a hand-over.
        asked = answering.able(session, row.client_id, Side(row.side), _people(row.reviewers))
        if to.hex not in before or heard.issuperset(asked):
            notices.tell(session, actor, [to], NoticeKind.TO_REVIEW, row.post_id, row.id, now)
    session.flush()
    return moved | {"given": row.reviewers}


def _people(reviewers: Sequence[str]) -> set[UUID]:
    return {UUID(one) for one in reviewers}


def _stands(row: ReviewRequest, one: Mapping[str, Any], leaver_id: UUID) -> bool:
    """Whether nobody has given it to others since."""
    chain = _renamed(one["chain"], leaver_id, UUID(one["to"]))
    return row.reviewers == one["given"] and row.chain == chain


def _able(session: Session, client_id: UUID, heirs: Heirs) -> UUID:
    to = heirs.by_client[client_id]
    if not answering.able(session, client_id, Side.INTERNAL, {to}):
        raise CannotApprove
    return to


def _renamed(stages: Sequence[Mapping[str, Any]], before: UUID, to: UUID) -> list[dict[str, Any]]:
    return [{**stage, "people": _swapped(stage["people"], before, to)} for stage in stages]


def _swapped(people: Sequence[str], before: UUID, to: UUID) -> list[str]:
    return [*dict.fromkeys(to.hex if one == before.hex else one for one in people)]


def _heard(session: Session, request_id: UUID) -> set[UUID]:
    """Who has said yes, themselves or by who stood in: that stays under the name of who said it."""
    rows: Any = session.execute(
        select(col(Decision.person_id), col(Decision.stood_in_for)).where(
            col(Decision.request_id) == request_id
        )
    )
    return {person for said in rows for person in answering.spoken_for(said)}
