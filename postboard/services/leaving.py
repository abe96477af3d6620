"""Who leaves the agency, or comes back: their access ends and begins here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Membership, Person, SignInLink, WebSession
from postboard.db.queries import open_work
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.handing_over import HasOpenWork
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.services import feeds
from postboard.services.events import Fact, record


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody of the staff."""

    id: UUID
    name: str


def disable(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> None:
    """Somebody who has nothing open leaves.

    Raises:
        NotFound: there is no such colleague, or the actor does not manage the staff.
        HasOpenWork: it is to be handed over first.
        BadInput: it would be the actor.
    """
    leaver = find(session, actor, person_id)
    refuse_oneself(actor, person_id)
    if open_work.of_person(session, person_id, now):
        raise HasOpenWork(name=leaver.name)
    end_access(session, actor, person_id, now)


def enable(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> None:
    """They may sign in again, with the roles they had; by a new link or their password.

    Raises:
        NotFound: nobody left under that id, or the actor does not manage the staff.
    """
    if not actor.may(Permission.MANAGE_STAFF):
        raise NotFound
    let_in(session, actor, person_id, now)


def find(session: Session, actor: Actor, person_id: UUID, *, to_write: bool = True) -> Leaver:
    """Raises:
    NotFound: there is no such colleague, or the actor does not manage the staff.
    """
    if not actor.may(Permission.MANAGE_STAFF):
        raise NotFound
    return _find(session, person_id, to_write=to_write)


def _find(session: Session, person_id: UUID, *, to_write: bool) -> Leaver:
    works = select(col(Membership.person_id)).where(col(Membership.role).in_(STAFF_ROLES))
    found = select(col(Person.id), col(Person.name)).where(
        col(Person.id) == person_id,
        col(Person.disabled_at).is_(None),
        or_(col(Person.agency_role).is_not(None), col(Person.id).in_(works)),
    )
    # One after the other: two hand-overs of one person would move the same things.
    row: Any = session.execute(found.with_for_update() if to_write else found).one_or_none()
    if row is None:
        raise NotFound
    return Leaver(row.id, row.name)


def find_colleague(
    session: Session, actor: Actor, person_id: UUID, *, to_write: bool = True
) -> Leaver:
    """For whoever looks after a client of theirs, too.

    Raises:
        NotFound: there is no such colleague, or the actor has nothing to do with them.
    """
    if not actor.may(Permission.MANAGE_STAFF):
        managed = actor.clients_with(Permission.MANAGE_CLIENT)
        works = select(col(Membership.person_id)).where(
            col(Membership.person_id) == person_id,
            col(Membership.role).in_(STAFF_ROLES),
            *([] if managed is None else [col(Membership.client_id).in_(managed)]),
        )
        if session.execute(works).first() is None:
            raise NotFound
    return _find(session, person_id, to_write=to_write)


def refuse_oneself(actor: Actor, person_id: UUID) -> None:
    if person_id == actor.user_id:
        raise BadInput("Nobody ends their own access. Ask another admin.")


def end_access(session: Session, actor: Actor, person_id: UUID, now: datetime) -> None:
    session.execute(
        update(Person)
        .where(col(Person.id) == person_id)
        .values(disabled_at=now)
        .execution_options(synchronize_session=False)
    )
    for table, ended in ((WebSession, "ended_at"), (SignInLink, "revoked_at")):
        session.execute(
            update(table)
            .where(col(table.person_id) == person_id, getattr(table, ended).is_(None))
            .values({ended: now})
            .execution_options(synchronize_session=False)
        )
    clients = session.execute(
        select(col(Membership.client_id)).where(col(Membership.person_id) == person_id)
    ).scalars()
    feeds.end_of(session, person_id, [*clients, None], now=now)
    record(session, actor, Fact(person_id, "person.disabled", None, {}), now)


def let_in(session: Session, actor: Actor, person_id: UUID, now: datetime) -> None:
    done = session.execute(
        update(Person)
        .where(col(Person.id) == person_id, col(Person.disabled_at).is_not(None))
        .values(disabled_at=None)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(done):
        raise NotFound
    record(session, actor, Fact(person_id, "person.enabled", None, {}), now)
