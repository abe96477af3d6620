"""Goals as the performance page shows them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import Goal
from postboard.db.models import Client
from postboard.db.queries.scope import measured_clients
from postboard.domain.permissions import Actor, Permission

SHOWN_MAX = 60


def goals(session: Session, actor: Actor, client: str) -> list[tuple[Goal, str | None, str | None]]:
    """Those that the actor sees, with their client's key and name, what ends first at the top;
    of one client where its key is given, and then those of the agency are left out.
    """
    rows: Any = session.execute(
        select(Goal, col(Client.key), col(Client.name))
        .outerjoin(Client, col(Client.id) == col(Goal.client_id))
        .where(visible_goals(actor), *([col(Client.key) == client] if client else []))
        .order_by(col(Goal.ends_on).desc(), col(Goal.created_at), col(Goal.id))
        .limit(SHOWN_MAX)
    )
    return [(goal, key, name) for goal, key, name in rows]


def visible_goals(actor: Actor) -> ColumnElement[bool]:
    """Those of the agency are for its staff."""
    if actor.clients_with(Permission.SEE_PERFORMANCE) is None:
        return true()
    mine = select(col(Client.id)).where(measured_clients(actor))
    ours = col(Goal.client_id).is_(None) if actor.is_staff else false()
    return or_(ours, col(Goal.client_id).in_(mine))


def client_id_of(session: Session, actor: Actor, key: str) -> UUID | None:
    """Of a client whose figures the actor sees."""
    return session.execute(
        select(col(Client.id)).where(col(Client.key) == key, measured_clients(actor))
    ).scalar_one_or_none()
