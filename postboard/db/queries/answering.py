"""Who may answer a request now, and for whom: all who ask that ask here."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person
from postboard.db.queries import absences
from postboard.db.queries.scope import roles_for
from postboard.db.review_models import StandIn
from postboard.db.types import Choice
from postboard.domain.chains import RIGHTS, Side
from postboard.domain.permissions import PERMISSIONS, Role
from postboard.domain.standing_in import Answering, Period, answering


def of_request(
    session: Session, client_id: UUID, side: Side, reviewers: Sequence[UUID], now: datetime
) -> Answering:
    """For a request, open or to come, that names these people."""
    if side is Side.CLIENT:
        away = stand_ins(session, [client_id], now)[client_id]
    else:
        away = absences.stand_ins(session, reviewers, now)
    there = able(session, client_id, side, {*reviewers, *away.values()})
    if there.isdisjoint(reviewers):
        right = RIGHTS[side]
        roles = {role for role in Role if right in PERMISSIONS[role]}
        return answering((), holders(session, client_id, roles), {})
    return answering(reviewers, there, away)


def stand_ins(
    session: Session, client_ids: Collection[UUID], now: datetime
) -> dict[UUID, Mapping[UUID, UUID]]:
    """For each client: who is away today on its clock, and who stands in."""
    rows = session.execute(
        select(
            col(StandIn.client_id),
            col(StandIn.person_id),
            col(StandIn.stand_in_id),
            col(StandIn.starts_on),
            col(StandIn.ends_on),
            col(Client.zone),
        )
        .join(Client, col(Client.id) == col(StandIn.client_id))
        .where(col(StandIn.client_id).in_(client_ids), col(StandIn.ended_at).is_(None))
    )
    found: dict[UUID, dict[UUID, UUID]] = {client_id: {} for client_id in client_ids}
    for client_id, person_id, stand_in_id, starts_on, ends_on, zone in rows:
        if Period(starts_on, ends_on).runs(now.astimezone(ZoneInfo(zone)).date()):
            found[client_id][person_id] = stand_in_id
    return {**found}


def spoken_for(decision: Any) -> set[UUID]:
    """For whom a decision counts; it is a row with `person_id` and `stood_in_for`."""
    return {decision.person_id, *(UUID(one["person"]) for one in decision.stood_in_for)}


def able(session: Session, client_id: UUID, side: Side, people: Collection[UUID]) -> set[UUID]:
    """Those of the people who may still decide on that side."""
    roles = roles_for(session, client_id, people)
    return {person for person, role in roles.items() if RIGHTS[side] in PERMISSIONS[role]}


def holders(session: Session, client_id: UUID, roles: Collection[Role]) -> list[UUID]:
    """Whoever has one of these roles for the client and can sign in, by name."""
    mine = and_(col(Membership.person_id) == col(Person.id), col(Membership.client_id) == client_id)
    role = func.coalesce(col(Person.agency_role), col(Membership.role), type_=Choice(Role))
    rows = session.execute(
        select(col(Person.id))
        .outerjoin(Membership, mine)
        .where(role.in_(roles), col(Person.disabled_at).is_(None))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [*rows.scalars()]
