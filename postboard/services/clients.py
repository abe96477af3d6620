"""Clients and the people around them: who works for whom, and who may look in by a link."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Client,
    Membership,
    Person,
    SignInLink,
    SocialAccount,
    WebSession,
)
from postboard.db.people_models import DepartmentHead, Responsibility
from postboard.db.queries.scope import visible_clients
from postboard.db.review_models import ApprovalChain
from postboard.domain.campaigns import Aim
from postboard.domain.clock import known_zones
from postboard.domain.content import NETWORKS, clean
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import AGENCY_ROLES, CLIENT_ROLES, Actor, Permission, Role
from postboard.domain.workflow import Policy
from postboard.services import campaigns, feeds, jobs, person_rows, sign_in_links
from postboard.services.events import Fact, record, signal_client
from postboard.services.jobs import Wanted

HUES = (250, 25, 150, 310, 200, 70, 340, 110, 280, 50, 180, 225)
"""OKLCH hues handed out to clients in turn, far apart first."""


@dataclass(frozen=True, slots=True)
class NewClient:
    name: str
    zone: str = "UTC"
    policy: Policy = field(default_factory=Policy)


def add_client(session: Session, actor: Actor, new: NewClient, *, now: datetime) -> UUID:
    """A new client; whoever adds it sees it through their agency role.

    Raises:
        NotAllowed: the actor may not.
        BadInput: the name is missing or taken, or the zone is unknown.
    """
    if not actor.may(Permission.CREATE_CLIENT):
        raise NotAllowed
    name = clean(new.name, 120)
    if not name:
        raise BadInput("Write the client’s name.")
    if session.execute(select(col(Client.id)).where(col(Client.name) == name)).first():
        raise BadInput("There is a client called “{name}” already.", name=name)
    count = session.execute(select(func.count(col(Client.id)))).scalar_one()
    client = Client(
        name=name,
        key=_free_key(session, name),
        hue=HUES[count % len(HUES)],
        zone=checked_zone(new.zone),
        approval=new.policy.approval,
        rework_goes_to_client=new.policy.rework_goes_to_client,
        created_at=now,
    )
    session.add(client)
    session.flush()
    record(session, actor, Fact(client.id, "client.added", client.id, {"name": name}), now)
    return client.id


def change_client(
    session: Session,
    actor: Actor,
    client_id: UUID,
    new: NewClient,
    *,
    rounds_included: int,
    keep_chain: bool = False,
    now: datetime,
) -> None:
    """Name, zone and approval; posts under way keep the step they stand on.

    Other sides than before are those of the preset: the client's own chain ends with it.
    `keep_chain`: who approves stays as it is, whatever the new policy says.
    """
    need_to_manage(session, actor, client_id)
    name = clean(new.name, 120)
    if not name:
        raise BadInput("Write the client’s name.")
    twin = select(col(Client.id)).where(col(Client.name) == name, col(Client.id) != client_id)
    if session.execute(twin).first():
        raise BadInput("There is a client called “{name}” already.", name=name)
    if not 1 <= rounds_included <= 99:  # noqa: PLR2004 - a sane agreement
        raise BadInput("Rounds are a number from 1 to 99.")
    zone = session.execute(select(col(Client.zone)).where(col(Client.id) == client_id)).scalar_one()
    changes = {
        "name": name,
        "zone": checked_zone(new.zone),
        "rework_goes_to_client": new.policy.rework_goes_to_client,
        "rounds_included": rounds_included,
    }
    if not keep_chain:
        changes["approval"] = new.policy.approval
        before = select(col(Client.approval)).where(col(Client.id) == client_id).scalar_subquery()
        session.execute(
            delete(ApprovalChain).where(
                col(ApprovalChain.id) == client_id, before != new.policy.approval
            )
        )
    session.execute(update(Client).where(col(Client.id) == client_id).values(**changes))
    event_id = record(session, actor, Fact(client_id, "client.changed", client_id, changes), now)
    if changes["zone"] != zone:  # its hours are on other clocks: reminders under way move with them
        key = f"{jobs.AGREEMENT_CHANGED}:{client_id.hex}:event:{event_id}"
        jobs.enqueue(session, [Wanted(jobs.AGREEMENT_CHANGED, client_id, key, now)], now)


def add_person(
    session: Session,
    actor: Actor,
    *,
    name: str,
    email: str,
    role: Role,
    client_id: UUID | None,
    now: datetime,
) -> UUID:
    """Bring somebody in: agency-wide as admin or manager, otherwise for one client.

    A known address gets the role for this client in addition; their name stays.
    """
    if role in AGENCY_ROLES:
        return _add_agency_person(session, actor, name, email, role, now)
    if client_id is None:
        raise BadInput("Choose the client this person works for.")
    need_to_manage(session, actor, client_id)
    known = session.execute(
        select(col(Person.id)).where(col(Person.email) == clean(email, 254).lower())
    ).scalar_one_or_none()
    person_id = known or person_rows.add(session, name, email, now)
    _refuse_both_sides(session, person_id, role)
    session.execute(
        delete(Membership).where(
            col(Membership.person_id) == person_id, col(Membership.client_id) == client_id
        )
    )
    session.add(Membership(person_id=person_id, client_id=client_id, role=role))
    session.flush()
    content = {"person": str(person_id), "role": role}
    _note(session, actor, client_id, "person_added", content, now)
    return person_id


def change_role(
    session: Session,
    actor: Actor,
    client_id: UUID,
    person_id: UUID,
    role: Role,
    *,
    now: datetime,
) -> None:
    """Another role for the same client, on the same side of the table."""
    need_to_manage(session, actor, client_id)
    old = session.execute(
        select(col(Membership.role)).where(
            col(Membership.person_id) == person_id, col(Membership.client_id) == client_id
        )
    ).scalar_one_or_none()
    if old is None:
        raise NotFound
    if role in AGENCY_ROLES or (role in CLIENT_ROLES) != (old in CLIENT_ROLES):
        raise BadInput("One address is either the agency’s or a client’s, not both.")
    session.execute(
        update(Membership)
        .where(col(Membership.person_id) == person_id, col(Membership.client_id) == client_id)
        .values(role=role)
    )
    content = {"person": str(person_id), "role": role}
    _note(session, actor, client_id, "role_changed", content, now)


def remove_person(
    session: Session, actor: Actor, client_id: UUID, person_id: UUID, *, now: datetime
) -> None:
    """Take somebody off a client; what they had a part in, and the links and calendars they had
    for it, end at once.
    """
    need_to_manage(session, actor, client_id)
    for table in (Membership, Responsibility, DepartmentHead):
        session.execute(
            delete(table).where(
                col(table.person_id) == person_id, col(table.client_id) == client_id
            )
        )
    _end_links(session, now, SignInLink.person_id == person_id, SignInLink.client_id == client_id)
    feeds.end_of(session, person_id, [client_id], now=now)
    content = {"person": str(person_id)}
    _note(session, actor, client_id, "person_removed", content, now)


def make_review_link(
    session: Session, actor: Actor, client_id: UUID, person_id: UUID, *, now: datetime
) -> str:
    """A link for one reviewer of one client, good for many visits; the token is shown once."""
    need_to_manage(session, actor, client_id)
    role = session.execute(
        select(col(Membership.role)).where(
            col(Membership.person_id) == person_id, col(Membership.client_id) == client_id
        )
    ).scalar_one_or_none()
    if role not in CLIENT_ROLES:
        raise NotFound
    content = {"person": str(person_id)}
    record(session, actor, Fact(client_id, "client.link_made", client_id, content), now)
    return sign_in_links.make(
        session,
        person_id,
        client_id=client_id,
        single_use=False,
        created_by=actor.user_id,
        lifetime=sign_in_links.REVIEW_LINK_LIFETIME,
        now=now,
    )


def end_review_links(
    session: Session, actor: Actor, client_id: UUID, person_id: UUID, *, now: datetime
) -> None:
    """Every link and every session by link of that reviewer for that client ends, and with them
    their calendars: these outlive a link that expires, and nothing else ends them at a distance.
    """
    need_to_manage(session, actor, client_id)
    _end_links(session, now, SignInLink.person_id == person_id, SignInLink.client_id == client_id)
    feeds.end_of(session, person_id, [client_id, None], now=now)
    content = {"person": str(person_id)}
    record(session, actor, Fact(client_id, "client.links_ended", client_id, content), now)


def make_staff_link(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> str:
    """A single-use sign-in link for a colleague, to be handed over by whoever manages staff."""
    if not actor.may(Permission.MANAGE_STAFF):
        raise NotAllowed
    if not _is_staff(session, person_id):
        raise NotFound
    content = {"person": str(person_id)}
    record(session, actor, Fact(person_id, "person.link_made", None, content), now)
    return sign_in_links.make(session, person_id, created_by=actor.user_id, now=now)


def add_campaign(
    session: Session,
    actor: Actor,
    client_id: UUID,
    name: str,
    *,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> UUID:
    """With nothing but its name and its days; the campaigns' page says what it is to reach."""
    need_to_manage(session, actor, client_id)
    return campaigns.add(session, actor, client_id, Aim(name, starts_on, ends_on), now=now)


def add_social_accounts(
    session: Session,
    actor: Actor,
    client_id: UUID,
    accounts: Sequence[tuple[str, str]],
    *,
    now: datetime,
) -> None:
    """(network, handle) pairs; ones that are there already stay as they are."""
    need_to_manage(session, actor, client_id)
    rows = session.execute(
        select(col(SocialAccount.network), col(SocialAccount.handle)).where(
            col(SocialAccount.client_id) == client_id
        )
    )
    there = {(network, handle) for network, handle in rows}
    named = dict.fromkeys((network, clean(handle, 120)) for network, handle in accounts)
    added = [pair for pair in named if pair not in there]
    for network, handle in added:
        if network not in NETWORKS:
            raise BadInput("There is no network called “{name}”.", name=network[:40])
        if not handle:
            raise BadInput("Write the account’s name.")
        session.add(SocialAccount(client_id=client_id, network=network, handle=handle))
    session.flush()
    content = {"accounts": [list(pair) for pair in added]}
    _note(session, actor, client_id, "accounts_added", content, now)


def remove_social_account(
    session: Session, actor: Actor, client_id: UUID, account_id: UUID, *, now: datetime
) -> None:
    """Posts name networks, not accounts, so they stay as they are."""
    need_to_manage(session, actor, client_id)
    this = (col(SocialAccount.id) == account_id, col(SocialAccount.client_id) == client_id)
    account = session.execute(
        select(col(SocialAccount.network), col(SocialAccount.handle)).where(*this)
    ).one_or_none()
    if account is None:
        raise NotFound
    session.execute(delete(SocialAccount).where(*this))
    content = {"account": list(account)}
    _note(session, actor, client_id, "account_removed", content, now)


def checked_zone(name: str) -> str:
    """An IANA zone name.

    Raises:
        BadInput: there is no such zone.
    """
    if name not in known_zones():
        raise BadInput("There is no time zone called “{name}”.", name=name[:60])
    return ZoneInfo(name).key


def need_to_manage(session: Session, actor: Actor, client_id: UUID) -> None:
    there = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(there).first() is None:
        raise NotFound
    if not actor.may(Permission.MANAGE_CLIENT, client_id):
        raise NotAllowed


def _note(
    session: Session, actor: Actor, client_id: UUID, what: str, content: Any, now: datetime
) -> None:
    """On record, and told to whoever shows what the client still lacks."""
    fact = Fact(client_id, f"client.{what}", client_id, content)
    signal_client(session, client_id, record(session, actor, fact, now))


def _add_agency_person(
    session: Session, actor: Actor, name: str, email: str, role: Role, now: datetime
) -> UUID:
    if not actor.may(Permission.MANAGE_STAFF):
        raise NotAllowed
    person_id = person_rows.add(session, name, email, now, agency_role=role)
    content = {"name": clean(name, 120), "role": role}
    record(session, actor, Fact(person_id, "person.added", None, content), now)
    return person_id


def _is_staff(session: Session, person_id: UUID) -> bool:
    """Whether somebody works for the agency, and has not left it."""
    for_some_client = exists().where(
        col(Membership.person_id) == col(Person.id), col(Membership.role).not_in(CLIENT_ROLES)
    )
    found = session.execute(
        select(col(Person.id)).where(
            col(Person.id) == person_id,
            col(Person.disabled_at).is_(None),
            or_(col(Person.agency_role).is_not(None), for_some_client),
        )
    )
    return found.first() is not None


def _refuse_both_sides(session: Session, person_id: UUID, role: Role) -> None:
    """Nobody sits on both sides of the table: staff are never reviewers, nor the reverse."""
    agency_role = session.execute(
        select(col(Person.agency_role)).where(col(Person.id) == person_id)
    ).scalar_one()
    roles = set(
        session.execute(
            select(col(Membership.role)).where(col(Membership.person_id) == person_id)
        ).scalars()
    )
    for_client = role in CLIENT_ROLES
    if (agency_role and for_client) or any((r in CLIENT_ROLES) != for_client for r in roles):
        raise BadInput("One address is either the agency’s or a client’s, not both.")


def _end_links(session: Session, now: datetime, *which: object) -> None:
    ids = select(col(SignInLink.id)).where(*which)  # pyright: ignore[reportArgumentType]
    session.execute(
        update(SignInLink)
        .where(col(SignInLink.id).in_(ids), col(SignInLink.revoked_at).is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(WebSession)
        .where(col(WebSession.link_id).in_(ids), col(WebSession.ended_at).is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _free_key(session: Session, name: str) -> str:
    """A short capital key such as ACME, unlike every other client's."""
    letters = re.sub(r"[^A-Z0-9]", "", name.upper())[:4] or "C"
    taken = set(session.execute(select(col(Client.key))).scalars())
    number, key = 1, letters
    while key in taken:
        number += 1
        key = f"{letters[:5]}{number}"
    return key
