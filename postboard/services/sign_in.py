"""Who is asking: passwords, and the sessions behind the cookie."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database, changed_one_row
from postboard.db.models import Membership, Person, SignInAttempt, SignInLink, WebSession
from postboard.domain.content import clean
from postboard.domain.errors import BadInput, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Role
from postboard.services import person_rows, tokens
from postboard.services.events import Fact, record, record_first

SESSION_LIFETIME = timedelta(days=30)
ATTEMPT_WINDOW = timedelta(minutes=15)
TRIES_PER_ADDRESS_AND_EMAIL = 8
TRIES_PER_EMAIL = 40
PASSWORD_MIN, PASSWORD_MAX = 10, 200
INSTALLATION = UUID(int=0)
"""The stream of facts about the installation itself; its first one is the first admin."""

_hasher = PasswordHash.recommended()
_unknown_person = _hasher.hash(secrets.token_hex())


class WrongPassword(Refused):
    status = 401
    sentence = "E-mail and password do not belong together."


class WrongCurrentPassword(WrongPassword):
    sentence = "The current password is another one."


class TooManyTries(Refused):
    status = 429
    sentence = "Too many tries. Wait a quarter of an hour, or ask for a sign-in link."


class AlreadySetUp(Refused):
    sentence = "This Postboard has its first admin already. Sign in instead."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that stands, and the person it belongs to."""

    session_id: UUID
    actor: Actor
    zone: str


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    email: str
    has_password: bool


def set_up(session: Session, name: str, email: str, password: str, *, now: datetime) -> UUID:
    """Make the first admin of an empty installation.

    Raises:
        AlreadySetUp: there are people here already.
        BadInput: a field does not fit.
    """
    if not is_empty(session):
        raise AlreadySetUp
    name, password_hash = clean(name, 120), hash_password(password)
    try:
        person_id = person_rows.add(
            session, name, email, now, agency_role=Role.ADMIN, password_hash=password_hash
        )
        actor = Actor(person_id, name, Role.ADMIN)
        # Not appended: of two set-ups at once only one can begin this stream.
        record_first(session, actor, [Fact(INSTALLATION, "installation.set_up")], now)
    except IntegrityError as taken:
        raise AlreadySetUp from taken
    return person_id


def is_empty(session: Session) -> bool:
    return session.execute(select(col(Person.id)).limit(1)).first() is None


def sign_in(database: Database, email: str, password: str, address: str, *, now: datetime) -> str:
    """Check a password (slow on purpose: call it in a thread) and open a session.

    Raises:
        WrongPassword, TooManyTries: as they say.
    """
    email = clean(email[:254], 254).lower()
    subjects = (tokens.digest_of(f"{email}\n{address}"), tokens.digest_of(email))
    with database.read() as session:
        _refuse_guessing(session, subjects, now)
        found = session.execute(
            select(col(Person.id), col(Person.password_hash)).where(
                col(Person.email) == email, col(Person.disabled_at).is_(None)
            )
        ).one_or_none()
    person_id, password_hash = found or (None, None)
    right = _hasher.verify(_bytes(password[:PASSWORD_MAX]), password_hash or _unknown_person)
    with database.write() as session:
        if not (right and password_hash and person_id):
            session.execute(
                insert(SignInAttempt), [{"subject": subject, "at": now} for subject in subjects]
            )
        else:
            session.execute(delete(SignInAttempt).where(col(SignInAttempt.subject) == subjects[0]))
            return open_session(session, person_id, now=now)
    raise WrongPassword


def account(session: Session, actor: Actor) -> Account:
    """What the actor's own account says about them."""
    row = session.execute(
        select(col(Person.name), col(Person.email), col(Person.password_hash).is_not(None)).where(
            col(Person.id) == actor.user_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Account(*row)


def set_password(
    database: Database, session_id: UUID, current: str, new: str, *, now: datetime
) -> None:
    """Give the person of a session a new password (slow on purpose: call it in a thread).

    Whoever has one already must know it; their other sessions end.

    Raises:
        NotFound: the session has ended, or opens one client's review only.
        WrongCurrentPassword, TooManyTries, BadInput: as they say.
    """
    with database.read() as session:
        person_id, name, old_hash = _owner(session, session_id, now)
        subjects = (
            tokens.digest_of(f"{person_id}\nnew password"),
            tokens.digest_of(f"{person_id}"),
        )
        _refuse_guessing(session, subjects, now)
    if old_hash and not _hasher.verify(_bytes(current[:PASSWORD_MAX]), old_hash):
        with database.write() as session:
            session.execute(
                insert(SignInAttempt), [{"subject": subject, "at": now} for subject in subjects]
            )
        raise WrongCurrentPassword
    new_hash = hash_password(new)
    with database.write() as session:
        changed = session.execute(
            update(Person)
            .where(
                col(Person.id) == person_id,
                col(Person.password_hash).is_not_distinct_from(old_hash),
            )
            .values(password_hash=new_hash)
        )
        if not changed_one_row(changed):
            raise Stale
        session.execute(delete(SignInAttempt).where(col(SignInAttempt.subject).in_(subjects)))
        _end_other_sessions(session, person_id, session_id, now)
        actor = Actor(person_id, name)
        record(session, actor, Fact(person_id, "person.password_changed"), now)


def open_session(
    session: Session,
    person_id: UUID,
    *,
    now: datetime,
    link_id: UUID | None = None,
    client_id: UUID | None = None,
    until: datetime | None = None,
) -> str:
    """A new session's token; it lasts `SESSION_LIFETIME`, and not beyond `until`."""
    token = tokens.new()
    expires_at = now + SESSION_LIFETIME
    session.execute(
        insert(WebSession).values(
            token_digest=tokens.digest_of(token),
            person_id=person_id,
            link_id=link_id,
            client_id=client_id,
            created_at=now,
            expires_at=min(expires_at, until or expires_at),
        )
    )
    return token


def signed_in(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """The standing session of a cookie, with the person's roles as they are now."""
    row: Any = session.execute(
        select(
            col(WebSession.id),
            col(WebSession.client_id),
            col(Person.id),
            col(Person.name),
            col(Person.agency_role),
            col(Person.zone),
        )
        .join(Person, col(Person.id) == col(WebSession.person_id))
        .outerjoin(SignInLink, col(SignInLink.id) == col(WebSession.link_id))
        .where(
            col(WebSession.token_digest) == tokens.digest_of(token),
            col(WebSession.ended_at).is_(None),
            col(WebSession.expires_at) > now,
            col(Person.disabled_at).is_(None),
            col(SignInLink.revoked_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    session_id, only_client, person_id, name, agency_role, zone = row
    actor = _actor(session, person_id, name, agency_role, only_client)
    return SignedIn(session_id, actor, zone)


def actor_of(session: Session, person_id: UUID, only_client: UUID | None = None) -> Actor | None:
    """The person with their roles as they are now, or their role for one client alone."""
    row: Any = session.execute(
        select(col(Person.name), col(Person.agency_role)).where(
            col(Person.id) == person_id, col(Person.disabled_at).is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    name, agency_role = row
    return _actor(session, person_id, name, agency_role, only_client)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    session.execute(
        update(WebSession)
        .where(
            col(WebSession.token_digest) == tokens.digest_of(token),
            col(WebSession.ended_at).is_(None),
        )
        .values(ended_at=now)
    )


def hash_password(password: str) -> str:
    """Slow on purpose: not inside a write transaction of a busy server.

    Raises:
        BadInput: too short or too long.
    """
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise BadInput(
            "A password has {least} to {most} characters.", least=PASSWORD_MIN, most=PASSWORD_MAX
        )
    return _hasher.hash(_bytes(password))


def _owner(session: Session, session_id: UUID, now: datetime) -> tuple[UUID, str, str | None]:
    """Whose session it is: id, name and password hash."""
    row = session.execute(
        select(col(Person.id), col(Person.name), col(Person.password_hash))
        .join(WebSession, col(WebSession.person_id) == col(Person.id))
        .where(
            col(WebSession.id) == session_id,
            col(WebSession.client_id).is_(None),
            col(WebSession.ended_at).is_(None),
            col(WebSession.expires_at) > now,
            col(Person.disabled_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    person_id, name, password_hash = row
    return person_id, name, password_hash


def _end_other_sessions(session: Session, person_id: UUID, session_id: UUID, now: datetime) -> None:
    session.execute(
        update(WebSession)
        .where(
            col(WebSession.person_id) == person_id,
            col(WebSession.id) != session_id,
            col(WebSession.client_id).is_(None),
            col(WebSession.ended_at).is_(None),
        )
        .values(ended_at=now)
    )


def _actor(
    session: Session,
    person_id: UUID,
    name: str,
    agency_role: Role | None,
    only_client: UUID | None,
) -> Actor:
    rows = session.execute(
        select(col(Membership.client_id), col(Membership.role)).where(
            col(Membership.person_id) == person_id
        )
    )
    roles = {
        client_id: role
        for client_id, role in rows
        if only_client is None or client_id == only_client
    }
    return Actor(person_id, name, None if only_client else agency_role, roles)


def _refuse_guessing(session: Session, subjects: tuple[str, str], now: datetime) -> None:
    limits = (TRIES_PER_ADDRESS_AND_EMAIL, TRIES_PER_EMAIL)
    for subject, limit in zip(subjects, limits, strict=True):
        tries = session.execute(
            select(func.count()).where(
                col(SignInAttempt.subject) == subject,
                col(SignInAttempt.at) > now - ATTEMPT_WINDOW,
            )
        ).scalar_one()
        if tries >= limit:
            raise TooManyTries


def _bytes(text: str) -> bytes:
    """Of any string a browser can send, half surrogate pairs too."""
    return text.encode(errors="surrogatepass")
