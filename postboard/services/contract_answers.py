"""What the client says to an agreement that is offered to it.

Nobody but a reviewer of the client accepts one, and only what stood before their eyes.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.engine import changed_one_row
from postboard.domain.content import REASON_MAX, clean
from postboard.domain.contract import ContractState
from postboard.domain.errors import BadInput, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import NoticeKind
from postboard.services import contract_watch, notices, told
from postboard.services.contracts import NotOpen, Version, end_of, find, midnight, note
from postboard.services.post_rows import need


def accept(session: Session, actor: Actor, version_id: UUID, *, digest: str, now: datetime) -> None:
    """The client agrees, in the name of this reviewer, to what `digest` is of.

    It holds from its first day on, or from now where that has passed.

    Raises:
        NotFound: it is not there, or not offered to this actor.
        NotAllowed: the actor does not speak for the client.
        Stale: something else was shown.
        NotOpen: it was withdrawn or answered meanwhile, or its last day is over.
    """
    found = _to_answer(session, actor, version_id, digest)
    assert found.terms.starts_on  # noqa: S101 - none is offered without
    ends_at = end_of(found.terms.ends_on, found.zone) if found.terms.ends_on else None
    if ends_at and ends_at <= now:
        raise NotOpen
    in_force_at = max(now, midnight(found.terms.starts_on, found.zone))
    answered = {"in_force_at": in_force_at, "ends_at": ends_at}
    _answer(session, actor, found, ContractState.ACCEPTED, answered, now)
    content = {"digest": digest, "in_force": in_force_at.isoformat()}
    note(session, actor, found.client_id, "accepted", found.number, content, now)
    contract_watch.ask(session, version_id, in_force_at, now)


def decline(
    session: Session, actor: Actor, version_id: UUID, reason: str, *, digest: str, now: datetime
) -> None:
    """The client does not agree, and says why.

    Raises:
        NotFound, NotAllowed, Stale, NotOpen: as `accept`.
        BadInput: nothing is said.
    """
    found = _to_answer(session, actor, version_id, digest)
    reason = clean(reason, REASON_MAX, many_lines=True)
    if not reason:
        raise BadInput("Say in a few words what does not fit, so that it can be changed.")
    _answer(session, actor, found, ContractState.DECLINED, {"answer": reason}, now)
    content = {"digest": digest, "reason": reason}
    note(session, actor, found.client_id, "declined", found.number, content, now)


def _to_answer(session: Session, actor: Actor, version_id: UUID, digest: str) -> Version:
    found = find(session, actor, version_id)
    need(actor, Permission.ACCEPT_AGREEMENT, found.client_id)
    if found.state is not ContractState.OFFERED:
        raise NotOpen
    if found.digest != digest:
        raise Stale
    return found


def _answer(
    session: Session,
    actor: Actor,
    found: Version,
    state: ContractState,
    values: dict[str, Any],
    now: datetime,
) -> None:
    by = {"answered_by": actor.user_id, "answered_name": actor.name, "answered_at": now}
    written = session.execute(
        update(AgreementVersion)
        .where(
            col(AgreementVersion.id) == found.id,
            col(AgreementVersion.state) == ContractState.OFFERED,
            col(AgreementVersion.digest) == found.digest,
        )
        .values(state=state, version=found.version + 1, **by, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise NotOpen
    notices.settle(session, None, [found.id], now)
    people = told.account_managers(session, found.client_id) or told.managers(session)
    kind = NoticeKind.AGREEMENT_ANSWERED
    notices.tell_beside_posts(session, actor, people, kind, found.client_id, found.id, now)
