"""Agreements as the pages show them: to the agency with its drafts, to the client as offered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.models import Client, Event
from postboard.db.queries import contracts as query
from postboard.db.queries.scope import visible_clients
from postboard.domain.contract import Contract, ContractState, changed_terms, from_json
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.locale import LANGUAGES, text
from postboard.services.contract_watch import TERM
from postboard.services.contract_words import TERMS, Said, lines

SHOWN_MAX: Final = 60
NOTED_MAX: Final = 20
_ONLY: Final = "{said}"
"""No sentence: what fills it is worded by itself."""


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A term: its name, and each thing that is agreed of it, in every language."""

    term: str
    name: dict[str, str]
    said: list[dict[str, str]]
    changed: bool
    """It is another than in the version that this one changes,"""
    before: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """where this was agreed of it."""


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """Instants are ISO text, empty where there is none."""

    id: str
    client_id: str
    client: str
    zone: str
    number: int
    kind: str
    state: str
    version: int
    digest: str
    title: str
    why: str
    based_on: int
    offered_by: str
    offered_at: str
    answered_by: str
    answered_at: str
    answer: str
    in_force: bool
    over: bool
    """Its last day is."""
    may_manage: bool
    may_answer: bool
    lines: list[LineSeen] = field(default_factory=list[LineSeen])


@dataclass(frozen=True, slots=True)
class NotedSeen:
    """A term that came near, was passed or was not reached; `when` is a day or a month's first."""

    term: str
    level: str
    when: str
    network: str
    format: str
    reached: int
    agreed: int
    at: str


def of_client(
    session: Session, actor: Actor, client_id: UUID, *, now: datetime
) -> list[VersionSeen]:
    """Every version that the actor may see, the newest first.

    Raises:
        NotFound: the client is not this actor's, or its agreements are not.
    """
    known = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(known).first() is None:
        raise NotFound
    if not actor.may(Permission.SEE_AGREEMENT, client_id):
        raise NotFound
    return _seen(session, actor, [client_id], now)


def of_mine(session: Session, actor: Actor, *, now: datetime) -> list[VersionSeen]:
    """Of every client whose agreements the actor sees: what waits for an answer, and what holds."""
    visible = select(col(Client.id)).where(visible_clients(actor))
    ids = [
        client_id
        for client_id in session.execute(visible).scalars()
        if actor.may(Permission.SEE_AGREEMENT, client_id)
    ]
    seen = _seen(session, actor, ids, now)
    return [one for one in seen if one.in_force or one.state == ContractState.OFFERED]


def noted(session: Session, actor: Actor, client_id: UUID) -> list[NotedSeen]:
    """The newest first; for whoever sees the agreement."""
    if not actor.may(Permission.SEE_AGREEMENT, client_id):
        return []
    rows = session.execute(
        select(col(Event.at), col(Event.content))
        .where(col(Event.client_id) == client_id, col(Event.kind) == TERM)
        .order_by(col(Event.id).desc())
        .limit(NOTED_MAX)
    )
    return [_noted(at, content) for at, content in rows]


def _noted(at: datetime, content: Mapping[str, Any]) -> NotedSeen:
    term, network, format_ = [*content["term"].split("."), "", ""][:3]
    reached, agreed = content.get("reached", 0), content.get("agreed", 0)
    when = content["when"]
    return NotedSeen(
        term, content["level"], when, network, format_, reached, agreed, at.isoformat()
    )


def _seen(
    session: Session, actor: Actor, client_ids: Collection[UUID], now: datetime
) -> list[VersionSeen]:
    rows: Any = session.execute(
        select(AgreementVersion, col(Client.name), col(Client.zone))
        .join(Client, col(Client.id) == col(AgreementVersion.client_id))
        .where(col(AgreementVersion.client_id).in_(client_ids))
        .order_by(col(Client.name), col(AgreementVersion.number).desc())
        .limit(SHOWN_MAX)
    ).all()
    accepted = query.accepted(session, client_ids)
    known = {
        (one.client_id, one.number): one.contract for those in accepted.values() for one in those
    }
    holding = {one.id for those in accepted.values() if (one := query.in_force(those, now))}
    return [
        _version(actor, row, name, zone, known.get((row.client_id, row.based_on)), holding, now)
        for row, name, zone in rows
        if row.offered_at or actor.may(Permission.MANAGE_CLIENT, row.client_id)
    ]


def _version(
    actor: Actor,
    row: AgreementVersion,
    name: str,
    zone: str,
    before: Contract | None,
    holding: Collection[UUID],
    now: datetime,
) -> VersionSeen:
    contract = from_json(row.terms)
    changed = changed_terms(before, contract) if before else ()
    was = {line.term: line.values for line in lines(before, {})} if before else {}
    agreed = {line.term: line.values for line in lines(contract, row.shown)}
    waits = row.state is ContractState.OFFERED
    return VersionSeen(
        id=row.id.hex,
        client_id=row.client_id.hex,
        client=name,
        zone=zone,
        number=row.number,
        kind=row.kind.value,
        state=row.state.value,
        version=row.version,
        digest=row.digest,
        title=contract.title,
        why=row.why,
        based_on=row.based_on or 0,
        offered_by=row.offered_name,
        offered_at=_iso(row.offered_at),
        answered_by=row.answered_name,
        answered_at=_iso(row.answered_at),
        answer=row.answer,
        in_force=row.id in holding,
        over=row.ends_at is not None and row.ends_at <= now,
        may_manage=actor.may(Permission.MANAGE_CLIENT, row.client_id),
        may_answer=waits and actor.may(Permission.ACCEPT_AGREEMENT, row.client_id),
        lines=[
            _line(term, agreed.get(term, ()), was.get(term, ()), changed=term in changed)
            for term in TERMS
            if term in agreed or term in changed
        ],
    )


def _line(term: str, values: Sequence[Said], before: Sequence[Said], *, changed: bool) -> LineSeen:
    name = {one: text(one).gettext(TERMS[term]) for one in LANGUAGES}
    return LineSeen(term, name, _said(values), changed, _said(before) if changed else [])


def _said(values: Sequence[Said]) -> list[dict[str, str]]:
    return [{one: text(one).gettext(_ONLY, said=value) for one in LANGUAGES} for value in values]


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
