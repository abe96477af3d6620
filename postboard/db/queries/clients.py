"""The clients' page: a list with counts, one client in full, the agency's own people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, exists, false, func, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Campaign,
    Client,
    Membership,
    OutgoingMail,
    Person,
    Post,
    SignInLink,
    SocialAccount,
)
from postboard.db.notify_models import ChatAddress
from postboard.db.planning_models import Feed
from postboard.db.queries import agreements, approvals, contracts, ideas, stand_ins
from postboard.db.queries.approvals import ChainSeen
from postboard.db.queries.ideas import IdeasOfClient
from postboard.db.queries.stand_ins import AwaySeen
from postboard.db.review_models import ApprovalChain, SharedLink
from postboard.domain.agreement import clock_text, spans_text
from postboard.domain.errors import NotFound
from postboard.domain.permissions import CLIENT_ROLES, Actor, Permission, Role
from postboard.domain.workflow import SPECS, State

_FINISHED = [state for state, spec in SPECS.items() if spec.finished]
_ORDER = list(Role)


@dataclass(frozen=True, slots=True)
class ClientInList:
    key: str
    name: str
    hue: int
    open: int
    """Posts that somebody still has to act on."""
    waiting: int
    """Posts the client has to decide on."""


@dataclass(frozen=True, slots=True)
class PersonOfClient:
    id: str
    name: str
    email: str
    role: str
    links: int
    """Review links that still open."""
    links_until: str
    """When the last of them ends, ISO; empty without any."""
    calendars: int
    """Of the client's side: addresses of its plan that end with the links."""


@dataclass(frozen=True, slots=True)
class CampaignOfClient:
    id: str
    name: str
    starts_on: str
    ends_on: str
    posts: int
    own_chain: bool
    """Its posts are approved by others than the client's."""


@dataclass(frozen=True, slots=True)
class AccountOfClient:
    id: str
    network: str
    handle: str


@dataclass(frozen=True, slots=True)
class ChatOfClient:
    """One of the agency's chats about the client: never its address."""

    id: str
    service: str
    language: str
    failure: str
    """Why it did not take what still waits for it."""


@dataclass(frozen=True, slots=True)
class TermsOfClient:
    """The agreement as its form shows it; `week` is one text a day, Monday first."""

    version: int
    week: list[str]
    country: str
    region: str
    days_off: str
    response_hours: int
    reminder_hours: str
    account_manager_hours: int
    manager_hours: int
    silence: str
    late_approval: str
    quiet_from: str
    quiet_until: str
    channel: str


@dataclass(frozen=True, slots=True)
class AgreedOfClient:
    """What the agreement in force says of the times and rounds that can be changed beside it."""

    number: int
    """Its version."""
    response_hours: int
    rounds_included: int
    silence: str
    late_approval: str


@dataclass(frozen=True, slots=True)
class ClientInFull:
    id: str
    key: str
    name: str
    hue: int
    zone: str
    approval: str
    rework_goes_to_client: bool
    rounds_included: int
    chain: ChainSeen
    posts: int
    team: list[PersonOfClient]
    reviewers: list[PersonOfClient]
    campaigns: list[CampaignOfClient]
    accounts: list[AccountOfClient]
    chats: list[ChatOfClient]
    terms: TermsOfClient
    agreed: AgreedOfClient | None
    """None where no agreement is in force."""
    shared_until: str
    """When the link that the reviewers share ends, ISO; empty without one."""
    away: list[AwaySeen]
    """Its reviewers, now and in the days to come."""
    ideas: IdeasOfClient


@dataclass(frozen=True, slots=True)
class Colleague:
    id: str
    name: str
    email: str
    role: str
    has_password: bool


def listed(session: Session, actor: Actor) -> list[ClientInList]:
    """The clients whom the actor looks after, by name."""
    open_posts = func.count(col(Post.id)).filter(col(Post.state).not_in(_FINISHED))
    waiting = func.count(col(Post.id)).filter(col(Post.state) == State.CLIENT_REVIEW)
    rows = session.execute(
        select(col(Client.key), col(Client.name), col(Client.hue), open_posts, waiting)
        .outerjoin(Post, col(Post.client_id) == col(Client.id))
        .where(_looked_after(actor))
        .group_by(col(Client.id))
        .order_by(func.lower(col(Client.name)), col(Client.key))
    )
    return [ClientInList(*row) for row in rows]


def in_full(session: Session, actor: Actor, key: str, *, now: datetime) -> ClientInFull:
    """One client by its key.

    Raises:
        NotFound: there is none, or somebody else looks after it.
    """
    posts = select(func.count()).where(col(Post.client_id) == col(Client.id)).scalar_subquery()
    client: Any = session.execute(
        select(
            col(Client.id),
            col(Client.key),
            col(Client.name),
            col(Client.hue),
            col(Client.zone),
            col(Client.approval),
            col(Client.rework_goes_to_client),
            col(Client.rounds_included),
            posts.label("posts"),
        ).where(col(Client.key) == key, _looked_after(actor))
    ).one_or_none()
    if client is None:
        raise NotFound
    people = _people(session, client.id, now)
    return ClientInFull(
        client.id.hex,
        *client[1:-1],
        chain=approvals.of_client(session, client.id),
        posts=client.posts,
        team=[person for person in people if person.role not in CLIENT_ROLES],
        reviewers=[person for person in people if person.role in CLIENT_ROLES],
        campaigns=_campaigns(session, client.id),
        accounts=_accounts(session, client.id),
        chats=_chats(session, client.id),
        terms=_terms(session, client.id),
        agreed=_agreed(session, client.id, now),
        shared_until=_shared_until(session, client.id, now),
        away=stand_ins.of_client(session, client.id, now),
        ideas=ideas.of_client(session, client.id),
    )


def _terms(session: Session, client_id: UUID) -> TermsOfClient:
    agreed = agreements.of_client(session, client_id)
    terms = agreed.terms
    return TermsOfClient(
        version=agreed.version,
        week=[spans_text(spans) for spans in terms.week],
        country=terms.country,
        region=terms.region,
        days_off=" ".join(day.isoformat() for day in terms.days_off),
        response_hours=terms.response_hours,
        reminder_hours=", ".join(str(hours) for hours in terms.reminder_hours),
        account_manager_hours=terms.account_manager_hours,
        manager_hours=terms.manager_hours,
        silence=terms.silence,
        late_approval=terms.late_approval,
        quiet_from=clock_text(terms.quiet_from),
        quiet_until=clock_text(terms.quiet_until),
        channel=terms.channel,
    )


def _agreed(session: Session, client_id: UUID, now: datetime) -> AgreedOfClient | None:
    one = contracts.of_client(session, client_id, now)
    if one is None:
        return None
    terms = one.contract
    return AgreedOfClient(
        one.number,
        terms.response_hours,
        terms.rounds_included,
        terms.silence.value,
        terms.late_approval.value,
    )


def key_of(session: Session, actor: Actor, client_id: UUID) -> str:
    """A client's key, as addresses name it.

    Raises:
        NotFound: there is none, or somebody else looks after it.
    """
    key = session.execute(
        select(col(Client.key)).where(col(Client.id) == client_id, _looked_after(actor))
    ).scalar_one_or_none()
    if key is None:
        raise NotFound
    return key


def agency(session: Session, actor: Actor) -> list[Colleague]:
    """Admins and managers.

    Raises:
        NotFound: the actor does not manage the agency's staff.
    """
    if not actor.may(Permission.MANAGE_STAFF):
        raise NotFound
    rows = session.execute(
        select(
            col(Person.id),
            col(Person.name),
            col(Person.email),
            col(Person.agency_role),
            col(Person.password_hash).is_not(None),
        )
        .where(col(Person.agency_role).is_not(None), col(Person.disabled_at).is_(None))
        .order_by(col(Person.agency_role), func.lower(col(Person.name)))
    )
    return [
        Colleague(key.hex, name, email, role, has_password=has_password)
        for key, name, email, role, has_password in rows
        if role  # the statement asks for it; the column alone may be empty
    ]


def _looked_after(actor: Actor) -> ColumnElement[bool]:
    mine = actor.clients_with(Permission.MANAGE_CLIENT)
    if mine is None:
        return true()
    return col(Client.id).in_(mine) if mine else false()


def _people(session: Session, client_id: UUID, now: datetime) -> list[PersonOfClient]:
    """Everybody on a client, in the order of the roles, then by name."""
    links, feeds = _standing_links(client_id, now), _standing_feeds(client_id)
    rows = session.execute(
        select(
            col(Person.id),
            col(Person.name),
            col(Person.email),
            col(Membership.role),
            func.coalesce(links.c.standing, 0),
            links.c.until,
            func.coalesce(feeds.c.standing, 0),
        )
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .outerjoin(links, links.c.person_id == col(Person.id))
        .outerjoin(
            feeds,
            (feeds.c.person_id == col(Person.id)) & col(Membership.role).in_(CLIENT_ROLES),
        )
        .where(col(Membership.client_id) == client_id)
        .order_by(func.lower(col(Person.name)), col(Person.email))
    )
    people = [
        PersonOfClient(
            person.hex, name, email, role, count, until.isoformat() if until else "", calendars
        )
        for person, name, email, role, count, until, calendars in rows
    ]
    return sorted(people, key=lambda person: _ORDER.index(Role(person.role)))


def _standing_feeds(client_id: UUID) -> Subquery:
    return (
        select(col(Feed.person_id), func.count().label("standing"))
        .where(
            or_(col(Feed.client_id) == client_id, col(Feed.client_id).is_(None)),
            col(Feed.revoked_at).is_(None),
        )
        .group_by(col(Feed.person_id))
        .subquery()
    )


def _standing_links(client_id: UUID, now: datetime) -> Subquery:
    return (
        select(
            col(SignInLink.person_id),
            func.count().label("standing"),
            func.max(col(SignInLink.expires_at)).label("until"),
        )
        .where(
            col(SignInLink.client_id) == client_id,
            col(SignInLink.revoked_at).is_(None),
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .group_by(col(SignInLink.person_id))
        .subquery()
    )


def _shared_until(session: Session, client_id: UUID, now: datetime) -> str:
    until = session.execute(
        select(func.max(col(SharedLink.expires_at))).where(
            col(SharedLink.client_id) == client_id,
            col(SharedLink.ended_at).is_(None),
            col(SharedLink.expires_at) > now,
        )
    ).scalar_one()
    return until.isoformat() if until else ""


def _campaigns(session: Session, client_id: UUID) -> list[CampaignOfClient]:
    """The newest first; those without dates at the end."""
    rows = session.execute(
        select(
            col(Campaign.id),
            col(Campaign.name),
            col(Campaign.starts_on),
            col(Campaign.ends_on),
            func.count(col(Post.id)),
            exists().where(col(ApprovalChain.id) == col(Campaign.id)).correlate(Campaign),
        )
        .outerjoin(Post, col(Post.campaign_id) == col(Campaign.id))
        .where(col(Campaign.client_id) == client_id)
        .group_by(col(Campaign.id))
        .order_by(func.lower(col(Campaign.name)))
    ).all()
    newest_first = sorted(rows, key=lambda row: row[2] or row[3] or date.min, reverse=True)
    return [
        CampaignOfClient(campaign.hex, name, _iso(starts_on), _iso(ends_on), posts, own_chain=own)
        for campaign, name, starts_on, ends_on, posts, own in newest_first
    ]


def _accounts(session: Session, client_id: UUID) -> list[AccountOfClient]:
    rows = session.execute(
        select(col(SocialAccount.id), col(SocialAccount.network), col(SocialAccount.handle))
        .where(col(SocialAccount.client_id) == client_id)
        .order_by(col(SocialAccount.network), col(SocialAccount.handle))
    )
    return [AccountOfClient(account.hex, network, handle) for account, network, handle in rows]


def _chats(session: Session, client_id: UUID) -> list[ChatOfClient]:
    failed = (
        select(func.max(col(OutgoingMail.failure)))
        .where(
            col(OutgoingMail.chat_id) == col(ChatAddress.id),
            col(OutgoingMail.sent_at).is_(None),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            col(ChatAddress.id),
            col(ChatAddress.service),
            col(ChatAddress.language),
            func.coalesce(failed, ""),
        )
        .where(col(ChatAddress.client_id) == client_id)
        .order_by(col(ChatAddress.created_at), col(ChatAddress.id))
    )
    return [ChatOfClient(chat.hex, *shown) for chat, *shown in rows]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
