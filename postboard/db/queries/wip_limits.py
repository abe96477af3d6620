"""How many posts are to stand in a state at most: of one client, or of all the agency's."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import WipLimit
from postboard.db.models import Client
from postboard.db.queries.flow import FlowFilters
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import State

AGENCY: Final = UUID(int=0)
"""The scope of limits that count the posts of all clients."""


def of_client(session: Session, actor: Actor, client: str) -> dict[State, int]:
    """By its key; without one the agency's, for those alone who see all that it counts."""
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    if client:
        seen = true() if mine is None else col(Client.id).in_(mine)
        scope = select(col(Client.id)).where(col(Client.key) == client, seen)
        where = col(WipLimit.scope).in_(scope)
    elif mine is None:
        where = col(WipLimit.scope) == AGENCY
    else:
        return {}
    return of_scope(session, where)


def of_scope(session: Session, where: ColumnElement[bool]) -> dict[State, int]:
    rows: Any = session.execute(select(col(WipLimit.state), col(WipLimit.most)).where(where))
    return {state: most for state, most in rows}  # noqa: C416 - a Row is no pair


def beside(session: Session, actor: Actor, asked: FlowFilters) -> dict[State, int]:
    """None where a part of the posts is looked at: a limit is of them all."""
    if asked.network or asked.campaign or asked.pillar or asked.person:
        return {}
    return of_client(session, actor, asked.client)
