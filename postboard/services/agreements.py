"""Agreements: what was agreed with a client on time, and who may change it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
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
from postboard.domain.agreement import HOURS_MAX, Terms
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import THE_CLOCK, Actor, Permission
from postboard.domain.working_time import NeverOpen, WorkingCalendar
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
    return _replace(session, actor, client_id, old, terms, {}, now)


def come_into_force(
    session: Session,
    client_id: UUID,
    number: int,
    terms: Mapping[str, Any],
    rounds: int,
    now: datetime,
) -> None:
    """From now on an accepted agreement holds: the clock sets the terms that it pledges, and the
    rounds it includes; the others stay.
    """
    old, told = of_client(session, client_id), {"accepted": number}
    _replace(session, THE_CLOCK, client_id, old, replace(old.terms, **terms), told, now)
    this = (col(Client.id) == client_id, col(Client.rounds_included) != rounds)
    other = session.execute(
        update(Client)
        .where(*this)
        .values(rounds_included=rounds)
        .execution_options(synchronize_session=False)
    )
    if changed_one_row(other):
        content = {"rounds_included": rounds, **told}
        record(session, THE_CLOCK, Fact(client_id, "client.changed", client_id, content), now)


def _replace(
    session: Session,
    actor: Actor,
    client_id: UUID,
    old: Agreed,
    terms: Terms,
    told: Mapping[str, Any],
    now: datetime,
) -> Agreed:
    terms, version = terms.checked(), old.version
    _refuse_never_open(terms.calendar(old.calendar.zone), now)
    new, before = _row(terms), _row(old.terms)
    changed = {name: [before[name], new[name]] for name in new if new[name] != before[name]}
    if not changed:
        return old
    _write(session, client_id, version, {**new, "changed_at": now})
    content = {"version": version + 1, "changed": changed, **told}
    record(session, actor, Fact(client_id, "client.agreement_changed", client_id, content), now)
    key = f"{jobs.AGREEMENT_CHANGED}:{client_id.hex}:{version + 1}"
    jobs.enqueue(session, [Wanted(jobs.AGREEMENT_CHANGED, client_id, key, now)], now)
    return Agreed(version + 1, terms, terms.calendar(old.calendar.zone))


def _need_to_see(session: Session, actor: Actor, client_id: UUID) -> None:
    there = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(there).first() is None:
        raise NotFound


def _refuse_never_open(calendar: WorkingCalendar, now: datetime) -> None:
    """No answer would be due, and nothing could be asked."""
    try:
        calendar.add_working(now, timedelta(hours=HOURS_MAX))
    except NeverOpen:
        raise BadInput("Choose at least one working day.") from None


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
