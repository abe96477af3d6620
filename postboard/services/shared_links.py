"""Links for all of a client's reviewers: pick a name, confirm it by a code that is mailed there."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, SignInLink, WebSession
from postboard.db.review_models import SharedCode, SharedLink
from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import CLIENT_ROLES, Actor
from postboard.locale import Language, text
from postboard.services import clients, mail, shared_codes, sign_in, sign_in_links, tokens
from postboard.services.events import Fact, record
from postboard.services.mail import About, Letter
from postboard.services.sign_in_links import LinkEnded

LIFETIME: Final = sign_in_links.REVIEW_LINK_LIFETIME
CODES: Final = ((timedelta(minutes=15), 3), (timedelta(days=1), 10))
"""How many codes one person is sent by one link, within how long: five tries each."""
CODES_PER_LINK: Final = (timedelta(minutes=15), 40)


class TooManyCodes(Refused):
    status = 429
    sentence = "Too many codes were asked for. Wait a while, or ask the agency for your own link."


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who may come in by the link; no address."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Door:
    """What a shared link shows before anybody is known."""

    client_id: UUID
    client: str
    people: tuple[Named, ...]


def make(session: Session, actor: Actor, client_id: UUID, *, now: datetime) -> str:
    """A new shared link in place of the old one; the token is shown once."""
    clients.need_to_manage(session, actor, client_id)
    _end(session, client_id, now)
    token = tokens.new()
    session.execute(
        insert(SharedLink).values(
            token_digest=tokens.digest_of(token),
            client_id=client_id,
            created_by=actor.user_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    record(session, actor, Fact(client_id, "client.shared_link_made", client_id), now)
    return token


def end(session: Session, actor: Actor, client_id: UUID, *, now: datetime) -> None:
    """It opens nothing any more, and who came in by it is signed out."""
    clients.need_to_manage(session, actor, client_id)
    _end(session, client_id, now)
    record(session, actor, Fact(client_id, "client.shared_link_ended", client_id), now)


def open_door(session: Session, token: str, *, now: datetime) -> Door:
    """Who may come in by it; looks, changes nothing.

    Raises:
        LinkEnded: unknown, expired or ended.
    """
    link = _standing(session, token, now)
    rows = session.execute(
        select(col(Person.id), col(Person.name))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(*_may_come_in(link.client_id))
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return Door(link.client_id, link.name, tuple(Named(key, name) for key, name in rows))


def ask_code(
    session: Session, token: str, person_id: UUID, language: Language, *, now: datetime
) -> str:
    """Have a code mailed to this person.

    Returns:
        What the browser hands in together with the code.

    Raises:
        LinkEnded, TooManyCodes: as they say.
        NotFound: nobody of this client's reviewers.
    """
    # Whoever asks at the same time waits: the codes are counted.
    link = _standing(session, token, now, lock=True)
    known = session.execute(
        select(col(Person.id))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Person.id) == person_id, *_may_come_in(link.client_id))
    ).first()
    if known is None:
        raise NotFound
    _refuse_flooding(session, link.id, person_id, now)
    shared_codes.forget_old(session, now)
    about = About(language=language)
    mail_id = mail.enqueue(session, person_id, _letter(link.name, language), "", now, about)
    asked = tokens.new()
    session.execute(
        insert(SharedCode).values(
            link_id=link.id,
            person_id=person_id,
            mail_id=mail_id,
            asked_digest=tokens.digest_of(asked),
            created_at=now,
            expires_at=now + shared_codes.LIFETIME,
        )
    )
    return asked


def confirm(session: Session, token: str, asked: str, code: str, *, now: datetime) -> str | None:
    """A session's token for the right code, once; None is a try that is counted: commit it.

    Raises:
        LinkEnded: unknown, expired or ended.
    """
    link = _standing(session, token, now)
    tried: Any = session.execute(
        update(SharedCode)
        .where(
            col(SharedCode.asked_digest) == tokens.digest_of(asked),
            col(SharedCode.link_id) == link.id,
            col(SharedCode.used_at).is_(None),
            col(SharedCode.expires_at) > now,
            col(SharedCode.tries) < shared_codes.TRIES,
            col(SharedCode.person_id).in_(
                select(col(Person.id))
                .join(Membership, col(Membership.person_id) == col(Person.id))
                .where(*_may_come_in(link.client_id))
            ),
        )
        .values(tries=col(SharedCode.tries) + 1)
        .returning(
            col(SharedCode.id),
            col(SharedCode.person_id),
            col(SharedCode.asked_digest),
            col(SharedCode.code_digest),
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if tried is None:
        return None
    digits = "".join(digit for digit in code if digit.isdecimal())
    given = shared_codes.digest_of(tried.asked_digest, digits)
    if not hmac.compare_digest(given, tried.code_digest):
        return None
    return _come_in(session, link, tried.id, tried.person_id, now)


def _come_in(session: Session, link: Any, code_id: UUID, person_id: UUID, now: datetime) -> str:
    # A link of their own that nobody can follow: ending this person's links ends the session too.
    own_id = uuid4()
    session.execute(
        insert(SignInLink).values(
            id=own_id,
            token_digest=tokens.digest_of(tokens.new()),
            person_id=person_id,
            client_id=link.client_id,
            created_at=now,
            expires_at=link.expires_at,
            used_at=now,
        )
    )
    session.execute(
        update(SharedCode).where(col(SharedCode.id) == code_id).values(used_at=now, opened=own_id)
    )
    person = sign_in.actor_of(session, person_id, link.client_id)
    if person is None:
        raise LinkEnded
    record(session, person, Fact(link.client_id, "client.shared_link_used", link.client_id), now)
    return sign_in.open_session(
        session,
        person_id,
        link_id=own_id,
        client_id=link.client_id,
        until=link.expires_at,
        now=now,
    )


def _letter(client: str, language: Language) -> Letter:
    words = text(language)
    return Letter(
        words.gettext("Your code for the review of {client}", client=client)[:300],
        words.gettext(
            "Somebody picked your name to review the posts of {client}. If it was you, write this"
            " code on the page that asks for it. If not, do nothing: without it nobody gets in.",
            client=client,
        ),
    )


def _may_come_in(client_id: UUID) -> tuple[Any, ...]:
    return (
        col(Membership.client_id) == client_id,
        col(Membership.role).in_(CLIENT_ROLES),
        col(Person.disabled_at).is_(None),
    )


def _standing(session: Session, token: str, now: datetime, *, lock: bool = False) -> Any:
    statement = (
        select(
            col(SharedLink.id),
            col(SharedLink.client_id),
            col(SharedLink.expires_at),
            col(Client.name),
        )
        .join(Client, col(Client.id) == col(SharedLink.client_id))
        .where(
            col(SharedLink.token_digest) == tokens.digest_of(token),
            col(SharedLink.ended_at).is_(None),
            col(SharedLink.expires_at) > now,
        )
    )
    if lock:
        statement = statement.with_for_update(of=SharedLink)
    link = session.execute(statement).one_or_none()
    if link is None:
        raise LinkEnded
    return link


def _refuse_flooding(session: Session, link_id: UUID, person_id: UUID, now: datetime) -> None:
    of_link = col(SharedCode.link_id) == link_id
    of_person = (of_link, col(SharedCode.person_id) == person_id)
    for (window, most), which in [(CODES_PER_LINK, (of_link,)), *((c, of_person) for c in CODES)]:
        asked = session.execute(
            select(func.count()).where(*which, col(SharedCode.created_at) > now - window)
        ).scalar_one()
        if asked >= most:
            raise TooManyCodes


def _end(session: Session, client_id: UUID, now: datetime) -> None:
    links = select(col(SharedLink.id)).where(col(SharedLink.client_id) == client_id)
    opened = select(col(SharedCode.opened)).where(
        col(SharedCode.link_id).in_(links), col(SharedCode.opened).is_not(None)
    )
    for ending, column in (
        (
            update(SharedLink).where(
                col(SharedLink.client_id) == client_id, col(SharedLink.ended_at).is_(None)
            ),
            "ended_at",
        ),
        (
            update(SignInLink).where(
                col(SignInLink.id).in_(opened), col(SignInLink.revoked_at).is_(None)
            ),
            "revoked_at",
        ),
        (
            update(WebSession).where(
                col(WebSession.link_id).in_(opened), col(WebSession.ended_at).is_(None)
            ),
            "ended_at",
        ),
    ):
        session.execute(ending.values(**{column: now}).execution_options(synchronize_session=False))
