"""Links that sign somebody in, or let them review for one client alone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Person, SignInLink
from postboard.domain.errors import Refused
from postboard.services import sign_in, tokens

REVIEW_LINK_LIFETIME = timedelta(days=60)
SIGN_IN_LINK_LIFETIME = timedelta(days=7)


class LinkEnded(Refused):
    status = 404
    sentence = "This link has ended. Ask the person who sent it for a new one."


def make(
    session: Session,
    person_id: UUID,
    *,
    now: datetime,
    client_id: UUID | None = None,
    single_use: bool = True,
    created_by: UUID | None = None,
    lifetime: timedelta = SIGN_IN_LINK_LIFETIME,
) -> str:
    """A new link's token; the caller has checked that it may be made."""
    token = tokens.new()
    session.execute(
        insert(SignInLink).values(
            token_digest=tokens.digest_of(token),
            person_id=person_id,
            client_id=client_id,
            single_use=single_use,
            created_by=created_by,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def is_single_use(session: Session, token: str, *, now: datetime) -> bool:
    """Whether opening it must wait for a click; looks, changes nothing.

    Raises:
        LinkEnded: unknown, expired, revoked or used.
    """
    return bool(_standing(session, token, now).single_use)


def is_for(session: Session, token: str, *, now: datetime) -> tuple[UUID, str]:
    """Who it lets in: id and name.

    Raises:
        LinkEnded: unknown, expired, revoked or used.
    """
    link = _standing(session, token, now)
    return link.person_id, link.name


def follow(session: Session, token: str, *, now: datetime) -> tuple[str, bool]:
    """Open a session by a link; a single-use link is used up by it.

    Returns:
        The session's token, and whether the link shows a client's review page only.

    Raises:
        LinkEnded: unknown, expired, revoked or used.
    """
    link = _standing(session, token, now)
    if link.single_use:
        used = session.execute(
            update(SignInLink)
            .where(col(SignInLink.id) == link.id, col(SignInLink.used_at).is_(None))
            .values(used_at=now)
        )
        if not changed_one_row(used):
            raise LinkEnded
    opened = sign_in.open_session(
        session,
        link.person_id,
        link_id=link.id,
        client_id=link.client_id,
        until=link.expires_at if link.client_id else None,
        now=now,
    )
    return opened, link.client_id is not None


def _standing(session: Session, token: str, now: datetime) -> Any:
    link = session.execute(
        select(
            col(SignInLink.id),
            col(SignInLink.person_id),
            col(Person.name),
            col(SignInLink.client_id),
            col(SignInLink.single_use),
            col(SignInLink.expires_at),
        )
        .join(Person, col(Person.id) == col(SignInLink.person_id))
        .where(
            col(SignInLink.token_digest) == tokens.digest_of(token),
            col(SignInLink.expires_at) > now,
            col(SignInLink.revoked_at).is_(None),
            col(SignInLink.used_at).is_(None),
            col(Person.disabled_at).is_(None),
        )
    ).one_or_none()
    if link is None:
        raise LinkEnded
    return link
