"""The people of a client as its team sees them: who heads what, who does what, who is there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, Post, Task
from postboard.db.people_models import DepartmentHead, Responsibility
from postboard.db.queries import absences
from postboard.db.queries.absences import Absent
from postboard.domain.agreement import spans_text
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, Role
from postboard.domain.suggesting import Away, Load, load_of
from postboard.domain.tasks import UNFINISHED
from postboard.domain.team import (
    DEPARTMENT_OF,
    Cell,
    Deliverable,
    Department,
    Part,
    unnamed,
)

_ORDER = list(Role)


@dataclass(frozen=True, slots=True)
class AwaySeen:
    """Days are ISO, the last one included."""

    id: str
    starts_on: str
    ends_on: str
    stand_in: str
    runs: bool


@dataclass(frozen=True, slots=True)
class PersonAtWork:
    """Somebody of the staff; `week` is one text a day, Monday first, on the clock of `zone`."""

    id: str
    name: str
    role: str
    department: str
    clients: list[str]
    """Whom they work for, as far as the reader works for them too; of the agency's own: none."""
    heads: list[str]
    """Departments that they head, of the shown client or of the agency."""
    zone: str
    at_work: bool
    """By their hours and absences, now."""
    away_now: bool
    open: int
    due_soon: int
    overdue: int
    week: list[str]
    week_version: int
    away: list[AwaySeen]
    is_me: bool


@dataclass(frozen=True, slots=True)
class HeadSeen:
    department: str
    person_id: str
    """Empty: nobody heads it."""
    name: str
    otherwise: str = ""
    """Of a client's department: who heads the agency's."""


@dataclass(frozen=True, slots=True)
class CellSeen:
    person_id: str
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class LineSeen:
    """One line of the table: who has which part in a deliverable, those of most weight first."""

    deliverable: str
    network: str
    cells: list[CellSeen]


@dataclass(frozen=True, slots=True)
class ClientTeam:
    id: str
    key: str
    name: str
    may_change: bool
    heads: list[HeadSeen]
    lines: list[LineSeen]
    nobody_does: list[str]
    """Deliverables for which nobody is responsible."""
    people: list[PersonAtWork]


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody of the staff who has left, since an ISO instant."""

    id: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class Agency:
    """All the staff that the actor works with, and the heads of the agency's departments."""

    heads: list[HeadSeen]
    people: list[PersonAtWork]
    may_lead: bool
    may_manage_staff: bool
    gone: list[Gone]
    """Only for who may let them in again; who left last in front."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody as every list of people begins with them."""

    id: UUID
    name: str
    zone: str
    role: Role


@dataclass(frozen=True, slots=True)
class Times:
    """What tells when somebody is there, and with how much to do."""

    loads: Mapping[UUID, Load]
    weeks: Mapping[UUID, tuple[int, Any]]
    away: Mapping[UUID, list[Absent]] = field(default_factory=dict[UUID, list[Absent]])


@dataclass(frozen=True, slots=True)
class _Places:
    """What each of them works for and heads."""

    clients: Mapping[UUID, list[str]]
    heads: Mapping[str, list[str]]


def of_client(session: Session, actor: Actor, key: str, *, now: datetime) -> ClientTeam:
    """Raises:
    NotFound: there is no such client, or the actor is not of its team.
    """
    client: Any = session.execute(
        select(col(Client.id), col(Client.key), col(Client.name)).where(col(Client.key) == key)
    ).one_or_none()
    if client is None or not actor.may(Permission.SEE_ALL_STATES, client.id):
        raise NotFound
    staff = staff_of(session, [client.id])
    cells = cells_of(session, [client.id])
    heads = _heads(session, client.id)
    return ClientTeam(
        id=client.id.hex,
        key=client.key,
        name=client.name,
        may_change=actor.may(Permission.MANAGE_CLIENT, client.id),
        heads=heads,
        lines=_lines(cells),
        nobody_does=[one.value for one in unnamed([cell for cell, _ in cells], Part.RESPONSIBLE)],
        people=_people(session, actor, staff, heads, now),
    )


def of_agency(session: Session, actor: Actor, *, now: datetime) -> Agency:
    """Raises:
    NotFound: the actor is of the client's side.
    """
    if not actor.is_staff:
        raise NotFound
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    heads = _heads(session, None)
    return Agency(
        heads=heads,
        people=_people(session, actor, staff_of(session, mine), heads, now),
        may_lead=actor.may(Permission.MANAGE_CLIENT),
        may_manage_staff=actor.may(Permission.MANAGE_STAFF),
        gone=_gone(session) if actor.may(Permission.MANAGE_STAFF) else [],
    )


def staff_of(session: Session, clients: Collection[UUID] | None) -> list[Staff]:
    """Who works for any of these clients (None: for any at all), those of the agency included;
    by role, then by name. Who has several roles is shown with the first.
    """
    of_them = col(Membership.client_id).in_(clients) if clients is not None else True
    rows: Any = session.execute(
        select(
            col(Person.id),
            col(Person.name),
            col(Person.zone),
            col(Person.agency_role),
            col(Membership.role),
        )
        .outerjoin(
            Membership,
            (col(Membership.person_id) == col(Person.id))
            & col(Membership.role).in_(STAFF_ROLES)
            & of_them,
        )
        .where(
            col(Person.disabled_at).is_(None),
            or_(col(Person.agency_role).is_not(None), col(Membership.role).is_not(None)),
        )
    )
    found: dict[UUID, Staff] = {}
    for person_id, name, zone, agency_role, role in rows:
        mine = Staff(person_id, name, zone, Role(agency_role or role))
        known = found.get(person_id)
        if known is None or _ORDER.index(mine.role) < _ORDER.index(known.role):
            found[person_id] = mine
    return sorted(
        found.values(), key=lambda one: (_ORDER.index(one.role), one.name.casefold(), one.id)
    )


def _gone(session: Session) -> list[Gone]:
    works = select(col(Membership.person_id)).where(col(Membership.role).in_(STAFF_ROLES))
    rows: Any = session.execute(
        select(col(Person.id), col(Person.name), col(Person.disabled_at))
        .where(
            col(Person.disabled_at).is_not(None),
            or_(col(Person.agency_role).is_not(None), col(Person.id).in_(works)),
        )
        .order_by(col(Person.disabled_at).desc(), func.lower(col(Person.name)))
    )
    return [Gone(person_id.hex, name, since.isoformat()) for person_id, name, since in rows]


def cells_of(session: Session, clients: Collection[UUID]) -> list[tuple[Cell, str]]:
    """Parts of people who have not left, with their names."""
    rows: Any = session.execute(
        select(
            col(Responsibility.deliverable),
            col(Responsibility.network),
            col(Responsibility.person_id),
            col(Responsibility.part),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(Responsibility.person_id))
        .where(col(Responsibility.client_id).in_(clients), col(Person.disabled_at).is_(None))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [(Cell(*row[:4]), row.name) for row in rows]


def loads(session: Session, people: Collection[UUID], now: datetime) -> dict[UUID, Load]:
    """What each of them has to do for all clients."""
    rows: Any = session.execute(
        select(col(Task.assignee_id), col(Task.due_at))
        .join(Post, col(Post.id) == col(Task.post_id))
        .where(col(Task.assignee_id).in_(people), col(Task.status).in_(UNFINISHED))
    )
    dues: dict[UUID, list[datetime | None]] = {person: [] for person in people}
    for person, due in rows:
        dues[person].append(due)
    return {person: load_of(theirs, now) for person, theirs in dues.items()}


def times_of(session: Session, staff: Sequence[Staff], now: datetime) -> Times:
    ids = [one.id for one in staff]
    return Times(
        loads(session, ids, now),
        absences.weeks(session, ids),
        absences.of_people(session, ids, now),
    )


def _people(
    session: Session,
    actor: Actor,
    staff: Sequence[Staff],
    heads: Iterable[HeadSeen],
    now: datetime,
) -> list[PersonAtWork]:
    times = times_of(session, staff, now)
    headed: dict[str, list[str]] = {}
    for one in heads:
        headed.setdefault(one.person_id, []).append(one.department)
    places = _Places(_clients(session, actor, [one.id for one in staff]), headed)
    return [_person(actor, one, times, places, now) for one in staff]


def _clients(session: Session, actor: Actor, people: Collection[UUID]) -> dict[UUID, list[str]]:
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    rows: Any = session.execute(
        select(col(Membership.person_id), col(Client.name))
        .join(Client, col(Client.id) == col(Membership.client_id))
        .where(
            col(Membership.person_id).in_(people),
            col(Membership.role).in_(STAFF_ROLES),
            *([] if mine is None else [col(Client.id).in_(mine)]),
        )
        .order_by(func.lower(col(Client.name)), col(Client.id))
    )
    found: dict[UUID, list[str]] = {}
    for person_id, name in rows:
        found.setdefault(person_id, []).append(name)
    return found


def _person(actor: Actor, one: Staff, times: Times, places: _Places, now: datetime) -> PersonAtWork:
    version, week = times.weeks[one.id]
    absent = times.away.get(one.id, [])
    load = times.loads[one.id]
    department = DEPARTMENT_OF.get(one.role)
    return PersonAtWork(
        id=one.id.hex,
        name=one.name,
        role=one.role.value,
        department=department.value if department else "",
        clients=places.clients.get(one.id, []),
        heads=places.heads.get(one.id.hex, []),
        zone=one.zone,
        at_work=absences.calendar(one.zone, week, absent, now).is_open(now),
        away_now=any(away.runs for away in absent),
        open=load.open,
        due_soon=load.due_soon,
        overdue=load.overdue,
        week=[spans_text(spans) for spans in week],
        week_version=version,
        away=[_away(one.id, one.away, runs=one.runs) for one in absent],
        is_me=one.id == actor.user_id,
    )


def _away(absence_id: UUID, away: Away, *, runs: bool) -> AwaySeen:
    return AwaySeen(
        absence_id.hex,
        away.period.starts_on.isoformat(),
        away.period.ends_on.isoformat(),
        away.stand_in,
        runs,
    )


def _heads(session: Session, client_id: UUID | None) -> list[HeadSeen]:
    """Of every department, named or not."""
    rows: Any = session.execute(
        select(
            col(DepartmentHead.client_id),
            col(DepartmentHead.department),
            col(Person.id),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(DepartmentHead.person_id))
        .where(
            or_(
                col(DepartmentHead.client_id).is_(None), col(DepartmentHead.client_id) == client_id
            ),
            col(Person.disabled_at).is_(None),
        )
        .order_by(col(DepartmentHead.changed_at))
    )
    named: dict[tuple[UUID | None, Department], tuple[str, str]] = {
        (of, department): (person.hex, name) for of, department, person, name in rows
    }
    nobody = ("", "")
    return [
        HeadSeen(
            one.value,
            *named.get((client_id, one), nobody),
            named.get((None, one), nobody)[1] if client_id else "",
        )
        for one in Department
    ]


def _lines(cells: Iterable[tuple[Cell, str]]) -> list[LineSeen]:
    """In the order of the deliverables; those of one network stand below that of all."""
    order = list(Deliverable)
    weight = list(Part)
    lines: dict[tuple[int, str], list[CellSeen]] = {}
    for cell, name in cells:
        seen = CellSeen(cell.person_id.hex, name, cell.part.value)
        lines.setdefault((order.index(cell.deliverable), cell.network), []).append(seen)
    return [
        LineSeen(
            order[place].value,
            network,
            sorted(mine, key=lambda cell: weight.index(Part(cell.part))),
        )
        for (place, network), mine in sorted(lines.items())
    ]
