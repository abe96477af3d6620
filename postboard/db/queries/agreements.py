"""What holds for a client: its own agreement, else the usual terms."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from postboard.db.agreement_models import Agreement
from postboard.db.models import Client, table_of
from postboard.domain.agreement import Terms
from postboard.domain.errors import NotFound
from postboard.domain.working_time import WorkingCalendar

_CLIENT, _AGREEMENT = table_of(Client), table_of(Agreement)
_TERMS = tuple(_AGREEMENT.c[field.name] for field in fields(Terms))
_AGREED = (
    select(_CLIENT.c.id, _CLIENT.c.zone, _AGREEMENT.c.version, *_TERMS)
    .outerjoin(_AGREEMENT, _AGREEMENT.c.client_id == _CLIENT.c.id)
    .where(_CLIENT.c.id.in_(bindparam("clients", expanding=True)))
)
"""Built once: reminders ask for it thousands of times."""


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
    }
    return Terms(**told)
