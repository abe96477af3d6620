"""What one may choose among: clients, their people and their campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Client, Membership, Person
from postboard.db.queries.scope import visible_clients
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.workflow import Approval, Policy


@dataclass(frozen=True, slots=True)
class ClientChoice:
    id: UUID
    key: str
    name: str
    hue: int
    zone: str
    rounds_included: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter: its value in the URL and its name."""

    value: str
    name: str


def clients(session: Session, actor: Actor) -> list[ClientChoice]:
    rows: Any = session.execute(
        select(
            col(Client.id),
            col(Client.key),
            col(Client.name),
            col(Client.hue),
            col(Client.zone),
            col(Client.rounds_included),
            col(Client.approval),
            col(Client.rework_goes_to_client),
        )
        .where(visible_clients(actor))
        .order_by(func.lower(col(Client.name)))
    )
    return [
        ClientChoice(*row[:6], policy=Policy(Approval(row[6]), row[7]))
        for row in rows
        if actor.may(Permission.SEE_ALL_STATES, row[0])
    ]


def people(session: Session, clients_seen: Sequence[UUID]) -> list[Choice]:
    """Staff who may hold a post of these clients."""
    rows = session.execute(
        select(col(Person.id), col(Person.name))
        .outerjoin(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Person.disabled_at).is_(None),
            or_(
                col(Person.agency_role).is_not(None),
                col(Membership.client_id).in_(clients_seen) & col(Membership.role).in_(STAFF_ROLES),
            ),
        )
        .distinct()
        .order_by(col(Person.name))
    )
    return [Choice(person_id.hex, name) for person_id, name in rows]


def campaigns(session: Session, clients_seen: Sequence[UUID]) -> list[Choice]:
    rows = session.execute(
        select(col(Campaign.id), col(Campaign.name))
        .where(col(Campaign.client_id).in_(clients_seen))
        .order_by(col(Campaign.name))
    )
    return [Choice(campaign_id.hex, name) for campaign_id, name in rows]
