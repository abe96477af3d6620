"""Limits of work in progress: given by whoever looks after the client, or leads the agency."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import WipLimit
from postboard.db.models import Client
from postboard.db.queries import wip_limits as query
from postboard.db.queries.scope import measured_clients
from postboard.db.queries.wip_limits import AGENCY
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.flow_times import REVIEWED
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import State
from postboard.services.events import Fact, record

MOST: Final = 9_999


def give(
    session: Session,
    actor: Actor,
    client_key: str,
    limits: Mapping[State, int],
    *,
    was: Mapping[State, int],
    now: datetime,
) -> None:
    """Of a client's posts, or without a key of all the agency's; other states have none any more.

    `was` are those that were changed.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not look after it, or does not lead the agency.
        BadInput: a limit is no count, or of a state that is not between submission and approval.
        Stale: others hold by now.
    """
    client_id = _client_of(session, actor, client_key) if client_key else None
    if not actor.may(Permission.MANAGE_CLIENT, client_id):
        raise NotAllowed
    for state, most in limits.items():
        if state not in REVIEWED:
            raise BadInput
        if not 0 < most <= MOST:
            raise BadInput("Give a limit from 1 to {most}.", most=MOST)
    scope = client_id or AGENCY
    content = {"limits": {str(state): most for state, most in limits.items()}}
    record(session, actor, Fact(scope, "flow.limits_given", client_id, content), now)
    # Of two at once the second one is refused by the record, or sees what the first one gave.
    if query.of_scope(session, col(WipLimit.scope) == scope) != was:
        raise Stale("Somebody gave other limits meanwhile. Close this and look at them.")
    session.execute(delete(WipLimit).where(col(WipLimit.scope) == scope))
    session.add_all(
        WipLimit(scope=scope, state=state, most=most, changed_by=actor.user_id, changed_at=now)
        for state, most in limits.items()
    )


def _client_of(session: Session, actor: Actor, key: str) -> UUID:
    found = session.execute(
        select(col(Client.id)).where(col(Client.key) == key, measured_clients(actor))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
