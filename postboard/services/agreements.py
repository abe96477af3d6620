"""Agreements: what was agreed with a client on time, and who may change it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import Agreement
from postboard.db.engine import changed_one_row
from postboard.db.models import Client
from postboard.db.queries.agreements import Agreed, of_client
from postboard.db.queries.scope import visible_clients
from postboard.domain.agreement import Terms
from postboard.domain.errors import NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.services import jobs
from postboard.services.events import Fact, record
from postboard.services.jobs import Wanted


def find(session: Session, actor: Actor, client_id: UUID) -> Agreed:
    """What holds for the client, as its own side and its team may know.

    Raises:
        NotFound: the client is not this actor's.
    """
    _need_to_see(session, actor, client_id)
    return of_client(session, client_id)


def change(
    session: Session,
    actor: Actor,
    client_id: UUID,
    terms: Terms,
    *,
    version: int,
    now: datetime,
) -> Agreed:
    """Put other terms in place of those of `version`; the same terms change nothing.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not manage it.
        Stale: somebody changed them since.
        BadInput: a term is outside its limits.
    """
    _need_to_see(session, actor, client_id)
    if not actor.may(Permission.MANAGE_CLIENT, client_id):
        raise NotAllowed
    old = of_client(session, client_id)
    if old.version != version:
        raise Stale
    terms = terms.checked()
    new, before = _row(terms), _row(old.terms)
    changed = {name: [before[name], new[name]] for name in new if new[name] != before[name]}
    if not changed:
        return old
    _write(session, client_id, version, {**new, "changed_at": now})
    content = {"version": version + 1, "changed": changed}
    record(session, actor, Fact(client_id, "client.agreement_changed", client_id, content), now)
    key = f"{jobs.AGREEMENT_CHANGED}:{client_id.hex}:{version + 1}"
    jobs.enqueue(session, [Wanted(jobs.AGREEMENT_CHANGED, client_id, key, now)], now)
    return Agreed(version + 1, terms, terms.calendar(old.calendar.zone))


def _need_to_see(session: Session, actor: Actor, client_id: UUID) -> None:
    there = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(there).first() is None:
        raise NotFound


def _write(session: Session, client_id: UUID, version: int, values: dict[str, Any]) -> None:
    if version == 0:  # a second first one hits the key, which is a lost race
        row = {"client_id": client_id, "version": 1, **values}
        session.execute(insert(Agreement), [row])
        return
    written = session.execute(
        update(Agreement)
        .where(col(Agreement.client_id) == client_id, col(Agreement.version) == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale


def _row(terms: Terms) -> dict[str, Any]:
    return {
        **asdict(terms),
        "week": [[list(span) for span in spans] for spans in terms.week],
        "days_off": [day.isoformat() for day in terms.days_off],
        "reminder_hours": list(terms.reminder_hours),
    }
