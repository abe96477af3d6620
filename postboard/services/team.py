"""Who does what for a client, and who heads a department."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person
from postboard.db.people_models import DepartmentHead, Responsibility
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotAllowed
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.team import Cell, Deliverable, Department, need_one_accountable
from postboard.services import post_rows
from postboard.services.clients import need_to_manage
from postboard.services.events import Fact, record


def give_part(
    session: Session,
    actor: Actor,
    client_id: UUID,
    cell: Cell,
    *,
    now: datetime,
) -> None:
    """Somebody's part in a deliverable, instead of the one they had in it on that network.

    Raises:
        NotFound, NotAllowed: the client is not the actor's to look after.
        NeedsPerson: the person is none of its team.
        AccountableAlready: as it says.
        BadInput: there is no such network.
    """
    need_to_manage(session, actor, client_id)
    if cell.network and cell.network not in NETWORKS:
        raise BadInput
    post_rows.check_people(session, client_id, {cell.person_id})
    hold_clients(session, [client_id])
    need_one_accountable(*_known(session, client_id, cell))
    there = _of(client_id, cell.deliverable, cell.network, cell.person_id)
    session.execute(delete(Responsibility).where(*there))
    session.add(
        Responsibility(
            client_id=client_id,
            deliverable=cell.deliverable,
            network=cell.network,
            person_id=cell.person_id,
            part=cell.part,
            changed_by=actor.user_id,
            changed_at=now,
        )
    )
    session.flush()
    content = _told(cell.deliverable, cell.network, cell.person_id) | {"part": cell.part}
    record(session, actor, Fact(client_id, "client.part_given", client_id, content), now)


def take_part(
    session: Session,
    actor: Actor,
    client_id: UUID,
    deliverable: Deliverable,
    network: str,
    person_id: UUID,
    *,
    now: datetime,
) -> None:
    """They have no part in it any more.

    Raises:
        NotFound, NotAllowed: the client is not the actor's to look after.
    """
    need_to_manage(session, actor, client_id)
    hold_clients(session, [client_id])
    there = _of(client_id, deliverable, network, person_id)
    gone = session.execute(delete(Responsibility).where(*there).returning(col(Responsibility.id)))
    if gone.first() is None:
        return
    content = _told(deliverable, network, person_id)
    record(session, actor, Fact(client_id, "client.part_taken", client_id, content), now)


def name_head(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    department: Department,
    person_id: UUID | None,
    *,
    now: datetime,
) -> None:
    """Who heads it for the client, or, without one, in all the agency; None: nobody does.

    Raises:
        NotFound, NotAllowed: the client, or the agency, is not the actor's to lead.
        NeedsPerson: the person is none of the team.
    """
    _need_to_lead(session, actor, client_id)
    if person_id is not None and client_id is not None:
        post_rows.check_people(session, client_id, {person_id})
    elif person_id is not None:
        _need_staff(session, person_id)
    of_client = (
        col(DepartmentHead.client_id).is_(None)
        if client_id is None
        else col(DepartmentHead.client_id) == client_id
    )
    before = session.execute(
        delete(DepartmentHead)
        .where(of_client, col(DepartmentHead.department) == department)
        .returning(col(DepartmentHead.person_id))
    ).scalars()
    were = [*before]
    if person_id is not None:
        session.add(
            DepartmentHead(
                client_id=client_id,
                department=department,
                person_id=person_id,
                changed_by=actor.user_id,
                changed_at=now,
            )
        )
        session.flush()
    stream = client_id or person_id or (were[0] if were else None)
    if stream is None:
        return
    kind = "client.head_named" if client_id else "person.head_named"
    named = str(person_id) if person_id else None
    content = {"department": department, "person": named, "before": [str(one) for one in were]}
    record(session, actor, Fact(stream, kind, client_id, content), now)


def hold_clients(session: Session, clients: Sequence[UUID]) -> None:
    """One change of a team after the other: two who are made accountable at once would both be."""
    which = select(col(Client.id)).where(col(Client.id).in_(clients)).order_by(col(Client.id))
    session.execute(which.with_for_update())


def _need_to_lead(session: Session, actor: Actor, client_id: UUID | None) -> None:
    """As a goal of the agency's is set: by whoever leads it."""
    if client_id is not None:
        need_to_manage(session, actor, client_id)
    elif not actor.may(Permission.MANAGE_CLIENT):
        raise NotAllowed


def _need_staff(session: Session, person_id: UUID) -> None:
    works = select(col(Membership.person_id)).where(col(Membership.role).in_(STAFF_ROLES))
    found = session.execute(
        select(col(Person.id)).where(
            col(Person.id) == person_id,
            col(Person.disabled_at).is_(None),
            or_(col(Person.agency_role).is_not(None), col(Person.id).in_(works)),
        )
    )
    if found.first() is None:
        raise post_rows.NeedsPerson


def _known(
    session: Session, client_id: UUID, cell: Cell
) -> tuple[list[Cell], Cell, dict[UUID, str]]:
    rows: Any = session.execute(
        select(
            col(Responsibility.deliverable),
            col(Responsibility.network),
            col(Responsibility.person_id),
            col(Responsibility.part),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(Responsibility.person_id))
        .where(col(Responsibility.client_id) == client_id)
    )
    known = [(Cell(*row[:4]), row.name) for row in rows]
    return [one for one, _ in known], cell, {one.person_id: name for one, name in known}


def _of(
    client_id: UUID, deliverable: Deliverable, network: str, person_id: UUID
) -> tuple[Any, ...]:
    return (
        col(Responsibility.client_id) == client_id,
        col(Responsibility.deliverable) == deliverable,
        col(Responsibility.network) == network,
        col(Responsibility.person_id) == person_id,
    )


def _told(deliverable: Deliverable, network: str, person_id: UUID) -> dict[str, Any]:
    return {"deliverable": deliverable, "network": network, "person": str(person_id)}
