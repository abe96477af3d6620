"""What holds for a client: its own agreement, else the usual terms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import Agreement
from postboard.db.models import Client, Event, table_of
from postboard.domain.agreement import Channel, LateApproval, Silence, Terms
from postboard.domain.errors import NotFound
from postboard.domain.working_time import WorkingCalendar

_CLIENT, _AGREEMENT = table_of(Client), table_of(Agreement)
_CHANGES = ("client.agreement_changed", "client.changed")
_ROUNDS_AT_FIRST = 3
"""Included with every new client; only a change of it is on record."""
_TERMS = tuple(_AGREEMENT.c[field.name] for field in fields(Terms))
_AGREED = (
    select(_CLIENT.c.id, _CLIENT.c.zone, _AGREEMENT.c.version, *_TERMS)
    .outerjoin(_AGREEMENT, _AGREEMENT.c.client_id == _CLIENT.c.id)
    .where(_CLIENT.c.id.in_(bindparam("clients", expanding=True)))
)
"""Built once: reminders ask for it thousands of times."""
_CHANGED = (
    select(col(Event.stream_id), col(Event.at), col(Event.content))
    .where(
        # A client's stream is short; what happened there beside it are all events of its posts.
        col(Event.stream_id).in_(bindparam("clients", expanding=True)),
        col(Event.kind).in_(_CHANGES),
    )
    .order_by(col(Event.id))
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A client's terms; version 0 are the usual ones, which nobody has changed."""

    version: int
    terms: Terms
    calendar: WorkingCalendar


def of_client(session: Session, client_id: UUID) -> Agreed:
    """What holds for the client now.

    Raises:
        NotFound: there is no such client.
    """
    found = of_clients(session, [client_id])
    if client_id not in found:
        raise NotFound
    return found[client_id]


def zone_of(session: Session, client_id: UUID) -> ZoneInfo:
    """The client's clock alone."""
    return ZoneInfo(
        session.execute(select(_CLIENT.c.zone).where(_CLIENT.c.id == client_id)).scalar_one()
    )


def of_clients(session: Session, client_ids: Collection[UUID]) -> dict[UUID, Agreed]:
    rows: Any = session.execute(_AGREED, {"clients": [*client_ids]})
    return {client_id: _agreed(*agreed) for client_id, *agreed in rows}


@dataclass(frozen=True, slots=True)
class Held:
    """What held since some time."""

    since: datetime | None
    """None: from the beginning."""
    agreed: Agreed
    rounds_included: int


def history(session: Session, rounds: Mapping[UUID, int]) -> dict[UUID, list[Held]]:
    """What held when, the newest first, by what is on record of each change; of clients with the
    rounds that are included now.
    """
    changes: dict[UUID, list[Any]] = {}
    for row in session.execute(_CHANGED, {"clients": [*rounds]}):
        changes.setdefault(row.stream_id, []).append(row)
    return {
        client_id: _backwards(agreed, rounds[client_id], changes.get(client_id, []))
        for client_id, agreed in of_clients(session, rounds).items()
    }


def held_at(history: list[Held], at: datetime) -> Held:
    return next(one for one in history if one.since is None or one.since <= at)


def _backwards(agreed: Agreed, rounds: int, changes: list[Any]) -> list[Held]:
    """From what holds now each change leads to what held before it."""
    told = [row.content.get("rounds_included") for row in changes]
    held: list[Held] = []
    for place in reversed(range(len(changes))):
        row = changes[place]
        held.append(Held(row.at, agreed, rounds))
        if told[place] is not None:
            earlier = (one for one in reversed(told[:place]) if one is not None)
            rounds = next(earlier, _ROUNDS_AT_FIRST)
        agreed = _before(agreed, row.content.get("changed", {}))
    return [*held, Held(None, agreed, rounds)]


def _before(agreed: Agreed, changed: dict[str, list[Any]]) -> Agreed:
    if not changed:
        return agreed
    now = {field.name: getattr(agreed.terms, field.name) for field in fields(Terms)}
    then = {name: before for name, (before, _) in changed.items()}
    as_stored = {**now, "days_off": [day.isoformat() for day in agreed.terms.days_off], **then}
    terms = _terms(as_stored)
    calendar = terms.calendar(agreed.calendar.zone)
    return replace(agreed, version=agreed.version - 1, terms=terms, calendar=calendar)


def _agreed(zone: str, version: int | None, *values: Any) -> Agreed:
    named = dict(zip((field.name for field in fields(Terms)), values, strict=True))
    terms = _terms(named) if version else Terms()
    return Agreed(version or 0, terms, terms.calendar(ZoneInfo(zone)))


def _terms(row: dict[str, Any]) -> Terms:
    told: dict[str, Any] = {
        **row,
        "week": tuple(tuple((since, until) for since, until in day) for day in row["week"]),
        "days_off": tuple(date.fromisoformat(day) for day in row["days_off"]),
        "reminder_hours": tuple(row["reminder_hours"]),
        # As an event tells them they are text.
        "silence": Silence(row["silence"]),
        "late_approval": LateApproval(row["late_approval"]),
        "channel": Channel(row["channel"]),
    }
    return Terms(**told)
