"""What was agreed with clients as a whole, and which of it was in force at some time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from postboard.db.agreement_models import AgreementVersion
from postboard.db.models import table_of
from postboard.domain.contract import Contract, ContractState, DateMove, from_json

_VERSION = table_of(AgreementVersion)
_ACCEPTED = (
    select(
        _VERSION.c.id,
        _VERSION.c.client_id,
        _VERSION.c.number,
        _VERSION.c.terms,
        _VERSION.c.answered_at,
        _VERSION.c.in_force_at,
        _VERSION.c.ends_at,
    )
    .where(
        _VERSION.c.client_id.in_(bindparam("clients", expanding=True)),
        _VERSION.c.state == ContractState.ACCEPTED,
    )
    .order_by(_VERSION.c.number.desc())
)
"""Built once: every move of a date asks it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A version that the client accepted; `ends_at` is when its last day is over."""

    id: UUID
    client_id: UUID
    number: int
    contract: Contract
    answered_at: datetime
    in_force_at: datetime
    ends_at: datetime | None


def accepted(session: Session, client_ids: Collection[UUID]) -> dict[UUID, list[Accepted]]:
    """Of each client, the newest first."""
    rows: Any = session.execute(_ACCEPTED, {"clients": [*client_ids]})
    found: dict[UUID, list[Accepted]] = {}
    for version_id, client_id, number, terms, *times in rows:
        one = Accepted(version_id, client_id, number, from_json(terms), *times)
        found.setdefault(client_id, []).append(one)
    return found


def in_force(versions: Sequence[Accepted], at: datetime) -> Accepted | None:
    """The newest of these (the newest first) that had begun by then, unless it was over.

    Whoever accepts a newer one lets go of the older: one that ends brings no earlier one back.
    """
    begun = next((one for one in versions if one.in_force_at <= at), None)
    if begun is None or (begun.ends_at is not None and begun.ends_at <= at):
        return None
    return begun


def of_client(session: Session, client_id: UUID, at: datetime) -> Accepted | None:
    """What was in force for a client then."""
    return in_force(accepted(session, [client_id]).get(client_id, []), at)


def date_move(session: Session, client_id: UUID, at: datetime) -> DateMove:
    """What it means there that an approved post moves."""
    agreed = of_client(session, client_id, at)
    return agreed.contract.date_move if agreed else DateMove.FREE
