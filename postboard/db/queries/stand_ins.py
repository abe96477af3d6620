"""Who is away and who stands in, now and in the days to come, as people read it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, table_of
from postboard.db.review_models import StandIn
from postboard.domain.chains import RIGHTS, Side
from postboard.domain.permissions import PERMISSIONS, Actor, Permission
from postboard.domain.standing_in import Period

_ROLES = [role for role, rights in PERMISSIONS.items() if RIGHTS[Side.CLIENT] in rights]


@dataclass(frozen=True, slots=True)
class AwaySeen:
    """A time away that has not passed; days are ISO, the last one included."""

    id: str
    brand: str
    who: str
    stand_in: str
    starts_on: str
    ends_on: str
    runs: bool


@dataclass(frozen=True, slots=True)
class CanStandIn:
    """Another reviewer; `id` names the client and the person."""

    id: str
    name: str
    brand: str


@dataclass(frozen=True, slots=True)
class OfReviewer:
    own: list[AwaySeen] = field(default_factory=list[AwaySeen])
    for_others: list[AwaySeen] = field(default_factory=list[AwaySeen])
    colleagues: list[CanStandIn] = field(default_factory=list[CanStandIn])
    brands: int = 0


def of_reviewer(session: Session, actor: Actor, now: datetime) -> OfReviewer:
    mine = or_(col(StandIn.person_id) == actor.user_id, col(StandIn.stand_in_id) == actor.user_id)
    clients: frozenset[UUID] = actor.clients_with(Permission.DECIDE_AS_CLIENT) or frozenset()
    rows = _rows(session, mine, col(StandIn.client_id).in_(clients))
    seen = [(row.person_id, one) for row in rows if (one := _seen(row, now))]
    colleagues: Any = session.execute(
        select(col(Client.id), col(Person.id), col(Person.name), col(Client.name))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Client, col(Client.id) == col(Membership.client_id))
        .where(
            col(Client.id).in_(clients),
            col(Membership.role).in_(_ROLES),
            col(Person.disabled_at).is_(None),
            col(Person.id) != actor.user_id,
        )
        .order_by(func.lower(col(Person.name)), func.lower(col(Client.name)))
    )
    return OfReviewer(
        own=[one for person, one in seen if person == actor.user_id],
        for_others=[one for person, one in seen if person != actor.user_id],
        colleagues=[
            CanStandIn(f"{client.hex}:{person.hex}", name, brand)
            for client, person, name, brand in colleagues
        ],
        brands=len(clients),
    )


def of_client(session: Session, client_id: UUID, now: datetime) -> list[AwaySeen]:
    rows = _rows(session, col(StandIn.client_id) == client_id)
    return [one for row in rows if (one := _seen(row, now))]


def _rows(session: Session, *which: ColumnElement[bool]) -> list[Any]:
    other: Any = table_of(Person).alias()
    columns: list[Any] = [
        col(StandIn.id),
        col(StandIn.person_id),
        col(StandIn.starts_on),
        col(StandIn.ends_on),
        col(Client.name).label("brand"),
        col(Client.zone),
        col(Person.name).label("who"),
        other.c.name.label("stand_in"),
    ]
    rows: Any = session.execute(
        select(*columns)
        .join(Client, col(Client.id) == col(StandIn.client_id))
        .join(Person, col(Person.id) == col(StandIn.person_id))
        .join(other, other.c.id == col(StandIn.stand_in_id))
        .where(*which, col(StandIn.ended_at).is_(None))
        .order_by(col(StandIn.starts_on), col(StandIn.id))
    )
    return [*rows]


def _seen(row: Any, now: datetime) -> AwaySeen | None:
    today = now.astimezone(ZoneInfo(row.zone)).date()
    if row.ends_on < today:
        return None
    return AwaySeen(
        id=row.id.hex,
        brand=row.brand,
        who=row.who,
        stand_in=row.stand_in,
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat(),
        runs=Period(row.starts_on, row.ends_on).runs(today),
    )
