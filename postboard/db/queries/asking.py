"""“Who do I ask for …?”: the people of the clients that an actor works for, by what they do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person
from postboard.db.people_models import DepartmentHead, Responsibility
from postboard.db.queries import absences
from postboard.db.queries.absences import Absent
from postboard.db.queries.scope import visible_clients
from postboard.domain.asking import Understood, named, understood
from postboard.domain.permissions import Actor, Permission, Role
from postboard.domain.team import MADE_BY, Deliverable, Department, Part
from postboard.locale.languages import N_, Filled, MessageId
from postboard.names import DELIVERABLES, DEPARTMENTS, NETWORKS

SHOWN_MAX: Final = 30
_WEIGHT: Final = list(Part)
_WHY: Final[Mapping[Part, MessageId]] = {
    Part.RESPONSIBLE: N_("Responsible: {what}."),
    Part.ACCOUNTABLE: N_("Accountable: {what}."),
    Part.CONSULTED: N_("Consulted: {what}."),
    Part.INFORMED: N_("Informed: {what}."),
}
_ON: Final = N_("{what} on {network}")


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom to ask at one client, and why; days are ISO."""

    client_key: str
    client: str
    person_id: UUID
    name: str
    email: str
    why: Filled
    away_until: str = ""
    """Of somebody who is away now."""
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Without deliverables and networks nothing of the question was understood."""

    deliverables: tuple[Deliverable, ...]
    networks: tuple[str, ...]
    answers: list[Answer]
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """All that the answers are made of; clients in the order of their names."""

    clients: Mapping[UUID, tuple[str, str]]
    parts: Sequence[Any]
    heads: Sequence[Any]
    managers: Sequence[Any]
    away: Mapping[UUID, list[Absent]]


def who_to_ask(
    session: Session, actor: Actor, question: str, client: str = "", *, now: datetime
) -> Answered:
    """Of all the actor's clients, of the one whose key is given, or of those it names.

    Where nobody is named for what is asked, the head of the department answers, the client's or
    else the agency's; and where there is none, who looks after the client.
    """
    about = understood(question)
    clients = _clients(session, actor, question, client)
    if not clients or about == Understood():
        return Answered(about.deliverables, about.networks, [])
    known = _read(session, clients, now)
    found = [answer for client_id in clients for answer in _of_client(known, client_id, about)]
    return Answered(
        about.deliverables, about.networks, found[:SHOWN_MAX], more=len(found) > SHOWN_MAX
    )


def _clients(
    session: Session, actor: Actor, question: str, key: str
) -> dict[UUID, tuple[str, str]]:
    rows: Any = session.execute(
        select(col(Client.id), col(Client.key), col(Client.name))
        .where(visible_clients(actor), *([col(Client.key) == key] if key else []))
        .order_by(col(Client.name), col(Client.key))
    )
    mine = {
        row.id: (row.key, row.name) for row in rows if actor.may(Permission.SEE_ALL_STATES, row.id)
    }
    asked = named(question, {one: name for one, (_, name) in mine.items()})
    return {one: mine[one] for one in asked} or mine


def _read(session: Session, clients: Mapping[UUID, tuple[str, str]], now: datetime) -> _Known:
    person = (col(Person.id), col(Person.name), col(Person.email))
    there = col(Person.disabled_at).is_(None)
    parts: Any = session.execute(
        select(
            *person,
            col(Responsibility.client_id),
            col(Responsibility.deliverable),
            col(Responsibility.network),
            col(Responsibility.part),
        )
        .join(Responsibility, col(Responsibility.person_id) == col(Person.id))
        .where(col(Responsibility.client_id).in_(clients), there)
        .order_by(col(Person.name), col(Person.id))
    ).all()
    heads: Any = session.execute(
        select(*person, col(DepartmentHead.client_id), col(DepartmentHead.department))
        .join(DepartmentHead, col(DepartmentHead.person_id) == col(Person.id))
        .where(
            col(DepartmentHead.client_id).in_(clients) | col(DepartmentHead.client_id).is_(None),
            there,
        )
    ).all()
    managers: Any = session.execute(
        select(*person, col(Membership.client_id))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.client_id).in_(clients),
            col(Membership.role) == Role.ACCOUNT_MANAGER,
            there,
        )
        .order_by(col(Person.name), col(Person.id))
    ).all()
    people = {row.id for row in (*parts, *heads, *managers)}
    return _Known(clients, parts, heads, managers, absences.of_people(session, people, now))


def _of_client(known: _Known, client_id: UUID, about: Understood) -> Iterable[Answer]:
    mine = [row for row in known.parts if row.client_id == client_id]
    for deliverable in about.deliverables:
        of_it = [row for row in mine if row.deliverable is deliverable]
        if fit := _named(of_it, about.networks):
            for row in fit:
                yield _answer(known, client_id, row, _part_said(row))
        else:
            yield from _instead(known, client_id, deliverable)
    for network in () if about.deliverables else about.networks:
        there = [row for row in mine if row.network == network]
        for row in _named(there, [network]):
            yield _answer(known, client_id, row, _part_said(row))
        if not there:
            yield from _managers(known, client_id, NETWORKS[network])


def _named(rows: Iterable[Any], networks: Collection[str]) -> list[Any]:
    """Those of the networks that were asked about, then those of all; most weight in front."""
    fit = [row for row in rows if not networks or row.network in {"", *networks}]
    return sorted(fit, key=lambda row: (_WEIGHT.index(row.part), not row.network))


def _instead(known: _Known, client_id: UUID, deliverable: Deliverable) -> Iterable[Answer]:
    department = MADE_BY[deliverable]
    heads = [row for row in known.heads if row.department is department]
    for of in (client_id, None):
        for row in heads:
            if row.client_id == of:
                yield _answer(known, client_id, row, _head_said(deliverable, department))
                return
    yield from _managers(known, client_id, DELIVERABLES[deliverable])


def _managers(known: _Known, client_id: UUID, what: str) -> Iterable[Answer]:
    said = Filled(N_("Looks after the client. Nobody is named: {what}."), {"what": what})
    for row in known.managers:
        if row.client_id == client_id:
            yield _answer(known, client_id, row, said)


def _head_said(deliverable: Deliverable, department: Department) -> Filled:
    return Filled(
        N_("Head of {department}. Nobody is named: {what}."),
        {"department": DEPARTMENTS[department], "what": DELIVERABLES[deliverable]},
    )


def _part_said(row: Any) -> Filled:
    what: MessageId | Filled = DELIVERABLES[row.deliverable]
    if row.network:
        what = Filled(_ON, {"what": what, "network": NETWORKS[row.network]})
    return Filled(_WHY[row.part], {"what": what})


def _answer(known: _Known, client_id: UUID, row: Any, why: Filled) -> Answer:
    running = next((one for one in known.away.get(row.id, []) if one.runs), None)
    return Answer(
        *known.clients[client_id],
        row.id,
        row.name,
        row.email,
        why,
        running.away.period.ends_on.isoformat() if running else "",
        running.away.stand_in if running else "",
    )
