"""Whole agreements as the agency writes and offers them; `contract_answers` is the client's part.

What was offered never changes: another version takes its place.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.engine import changed_one_row
from postboard.db.models import Client
from postboard.db.queries import agreements, chains
from postboard.db.queries import contracts as query
from postboard.db.queries.scope import visible_clients
from postboard.domain.clock import to_utc
from postboard.domain.content import REASON_MAX, clean
from postboard.domain.contract import (
    BadTerm,
    Contract,
    ContractKind,
    ContractState,
    as_json,
    digest_of,
    from_json,
)
from postboard.domain.errors import NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Permission, Role
from postboard.domain.tasks import NoticeKind
from postboard.services import notices, told
from postboard.services.events import Fact, record, signal_client
from postboard.services.post_rows import need

OPEN: Final = (ContractState.DRAFT, ContractState.OFFERED)
_DAY: Final = timedelta(days=1)


class OpenAlready(Refused):
    sentence = "One version is being written or waits for the client. Finish that one first."


class NobodyToAccept(Refused):
    status = 422
    sentence = "The client has no reviewer who could accept it. Add one first."


class NotOpen(Refused):
    sentence = "This version is not open for that any more."


@dataclass(frozen=True, slots=True)
class Version:
    """A version as its writers have it."""

    id: UUID
    client_id: UUID
    number: int
    kind: ContractKind
    state: ContractState
    why: str
    terms: Contract
    shown: dict[str, Any]
    digest: str
    version: int
    zone: ZoneInfo


def begin(
    session: Session, actor: Actor, client_id: UUID, terms: Contract, *, now: datetime
) -> UUID:
    """A draft: the first agreement, or a change order once one is accepted and not over.

    Raises:
        NotFound, NotAllowed: as they say.
        OpenAlready: another is being written, or is offered.
        BadTerm: a term does not fit.
    """
    _need_client(session, actor, client_id)
    need(actor, Permission.MANAGE_CLIENT, client_id)
    terms = terms.checked()
    _hold_client(session, client_id)
    if _has_open(session, client_id):
        raise OpenAlready
    changed = _to_change(session, client_id, now)
    last = select(func.max(col(AgreementVersion.number))).where(
        col(AgreementVersion.client_id) == client_id
    )
    version_id, number = uuid4(), (session.execute(last).scalar_one() or 0) + 1
    row = {
        "id": version_id,
        "client_id": client_id,
        "number": number,
        "kind": ContractKind.CHANGE_ORDER if changed else ContractKind.AGREEMENT,
        "based_on": changed.number if changed else None,
        "terms": as_json(terms),
        "created_by": actor.user_id,
        "created_at": now,
    }
    session.execute(insert(AgreementVersion), [row])
    note(session, actor, client_id, "drafted", number, {}, now)
    return version_id


def start_from(session: Session, client_id: UUID, now: datetime) -> Contract:
    """What a new draft begins with: what was accepted last, else what the tool keeps already."""
    if changed := _to_change(session, client_id, now):
        return changed.contract
    terms = agreements.of_client(session, client_id).terms
    return Contract(
        response_hours=terms.response_hours,
        silence=terms.silence,
        late_approval=terms.late_approval,
        rounds_included=_rounds(session, client_id),
    )


def write(
    session: Session,
    actor: Actor,
    version_id: UUID,
    terms: Contract,
    why: str,
    *,
    version: int,
    now: datetime,
) -> None:
    """Put other terms into a draft.

    Raises:
        NotFound, NotAllowed, Stale, NotOpen: as they say.
        BadTerm: a term does not fit.
    """
    found = _to_manage(session, actor, version_id, ContractState.DRAFT)
    values = {"terms": as_json(terms.checked()), "why": clean(why, REASON_MAX, many_lines=True)}
    _change(session, found, ContractState.DRAFT, version, values)
    note(session, actor, found.client_id, "written", found.number, {}, now)


def discard(
    session: Session, actor: Actor, version_id: UUID, *, version: int, now: datetime
) -> None:
    """A draft that nobody was shown is gone."""
    found = _to_manage(session, actor, version_id, ContractState.DRAFT)
    gone = session.execute(
        delete(AgreementVersion)
        .where(col(AgreementVersion.id) == version_id, col(AgreementVersion.version) == version)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(gone):
        raise Stale
    note(session, actor, found.client_id, "discarded", found.number, {}, now)


def offer(session: Session, actor: Actor, version_id: UUID, *, version: int, now: datetime) -> str:
    """Ask the client's reviewers to accept it; from now on it stays as it is.

    Returns:
        The digest of what they are shown.

    Raises:
        NotFound, NotAllowed, Stale, NotOpen: as they say.
        BadTerm: something is missing without which nobody could keep it.
        NobodyToAccept: the client has no reviewer.
    """
    found = _to_manage(session, actor, version_id, ContractState.DRAFT)
    _refuse_unfinished(found, now)
    reviewers = told.people_with(session, found.client_id, Role.CLIENT_REVIEWER)
    if not reviewers:
        raise NobodyToAccept
    shown = _beside_terms(session, found.client_id)
    digest = digest_of(
        found.client_id.hex, found.number, found.kind, found.why, as_json(found.terms), shown
    )
    values = {
        "state": ContractState.OFFERED,
        "shown": shown,
        "digest": digest,
        "offered_by": actor.user_id,
        "offered_name": actor.name,
        "offered_at": now,
    }
    _change(session, found, ContractState.DRAFT, version, values)
    kind = NoticeKind.AGREEMENT_OFFERED
    notices.tell_beside_posts(session, actor, reviewers, kind, found.client_id, version_id, now)
    note(session, actor, found.client_id, "offered", found.number, {"digest": digest}, now)
    return digest


def withdraw(
    session: Session, actor: Actor, version_id: UUID, *, version: int, now: datetime
) -> None:
    """The client is asked no more.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
        NotOpen: the client was quicker.
    """
    found = _to_manage(session, actor, version_id, ContractState.OFFERED)
    _change(session, found, ContractState.OFFERED, version, {"state": ContractState.WITHDRAWN})
    notices.settle(session, None, [version_id], now)
    note(session, actor, found.client_id, "withdrawn", found.number, {}, now)


def find(session: Session, actor: Actor, version_id: UUID) -> Version:
    """A version as it is, whoever may see it: a draft is the agency's alone.

    Raises:
        NotFound: it is not there, or not this actor's to see.
    """
    row: Any = session.execute(
        select(AgreementVersion, col(Client.zone))
        .join(Client, col(Client.id) == col(AgreementVersion.client_id))
        .where(col(AgreementVersion.id) == version_id, visible_clients(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    one, zone = row
    sees = actor.may(Permission.SEE_AGREEMENT, one.client_id)
    drafts = actor.may(Permission.MANAGE_CLIENT, one.client_id)
    if not sees or (one.offered_at is None and not drafts):
        raise NotFound
    return Version(
        one.id,
        one.client_id,
        one.number,
        one.kind,
        one.state,
        one.why,
        from_json(one.terms),
        one.shown,
        one.digest,
        one.version,
        ZoneInfo(zone),
    )


def _to_manage(session: Session, actor: Actor, version_id: UUID, state: ContractState) -> Version:
    found = find(session, actor, version_id)
    need(actor, Permission.MANAGE_CLIENT, found.client_id)
    if found.state is not state:
        raise NotOpen
    return found


def _change(
    session: Session, found: Version, state: ContractState, version: int, values: dict[str, Any]
) -> None:
    written = session.execute(
        update(AgreementVersion)
        .where(
            col(AgreementVersion.id) == found.id,
            col(AgreementVersion.version) == version,
            col(AgreementVersion.state) == state,
        )
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale


def _refuse_unfinished(found: Version, now: datetime) -> None:
    terms = found.terms
    if terms.starts_on is None:
        raise BadTerm("Say on which day it starts.", field="starts_on")
    if terms.ends_on and end_of(terms.ends_on, found.zone) <= now:
        raise BadTerm("Its last day is over already.", field="ends_on")
    if not (terms.scope or terms.deliverables):
        raise BadTerm("Say what the agency delivers.", field="scope")
    if found.kind is ContractKind.CHANGE_ORDER and not found.why:
        raise BadTerm("Say what changes and why.", field="why")


def _beside_terms(session: Session, client_id: UUID) -> dict[str, Any]:
    """What the terms are read with: the office's hours, and who approves, by name."""
    terms = agreements.of_client(session, client_id).terms
    chain = chains.chain_for(session, client_id, None, None)
    people = {person for stage in chain.stages for person in stage.people}
    names = chains.names_of(session, people)
    return {
        "zone": agreements.zone_of(session, client_id).key,
        "week": [[list(span) for span in spans] for spans in terms.week],
        "country": terms.country,
        "region": terms.region,
        "chain": [
            {
                "side": stage.side.value,
                "name": stage.name,
                "role": stage.role.value if stage.role else "",
                "people": [names[person] for person in stage.people if person in names],
                "rule": stage.rule.value,
                "hours": stage.due_hours or 0,
            }
            for stage in chain.stages
        ],
    }


def _to_change(session: Session, client_id: UUID, now: datetime) -> query.Accepted | None:
    """The newest accepted one, unless it is over: a new version changes it."""
    newest = next(iter(query.accepted(session, [client_id]).get(client_id, [])), None)
    is_over = newest and newest.ends_at and newest.ends_at <= now
    return None if is_over else newest


def _has_open(session: Session, client_id: UUID) -> bool:
    open_one = select(col(AgreementVersion.id)).where(
        col(AgreementVersion.client_id) == client_id, col(AgreementVersion.state).in_(OPEN)
    )
    return session.execute(open_one).first() is not None


def _need_client(session: Session, actor: Actor, client_id: UUID) -> None:
    there = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(there).first() is None:
        raise NotFound


def _hold_client(session: Session, client_id: UUID) -> None:
    """One after the other: two at once would both be the only draft."""
    session.execute(select(col(Client.id)).where(col(Client.id) == client_id).with_for_update())


def _rounds(session: Session, client_id: UUID) -> int:
    included = select(col(Client.rounds_included)).where(col(Client.id) == client_id)
    return session.execute(included).scalar_one()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return to_utc(datetime.combine(day, time()), zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is not of the day any more."""
    return midnight(day + _DAY, zone)


def note(
    session: Session,
    actor: Actor,
    client_id: UUID,
    what: str,
    number: int,
    content: dict[str, Any],
    now: datetime,
) -> None:
    """Put it on the client's record, and let open pages know."""
    fact = Fact(client_id, f"agreement.{what}", client_id, {"number": number, **content})
    signal_client(session, client_id, record(session, actor, fact, now))
