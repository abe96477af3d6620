"""Codes that confirm a name at a shared link: made as their mail is sent, kept as a digest."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import SignInLink
from postboard.db.review_models import SharedCode
from postboard.services import tokens

LIFETIME: Final = timedelta(minutes=10)
DIGITS: Final = 6
TRIES: Final = 5
KEPT: Final = timedelta(days=7)
"""Codes asked for are counted, and a mail that waits for its server has one to come."""


def for_mail(session: Session, mail_id: UUID, now: datetime) -> str:
    """A new code for this very sending, good from now on; empty for a mail that carries none."""
    asked: Any = session.execute(
        select(col(SharedCode.id), col(SharedCode.asked_digest)).where(
            col(SharedCode.mail_id) == mail_id, col(SharedCode.used_at).is_(None)
        )
    ).one_or_none()
    if asked is None:
        return ""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    session.execute(
        update(SharedCode)
        .where(col(SharedCode.id) == asked.id)
        .values(code_digest=digest_of(asked.asked_digest, code), expires_at=now + LIFETIME)
        .execution_options(synchronize_session=False)
    )
    return code


def forget_old(session: Session, now: datetime) -> None:
    """Old ones go, unless a session hangs on what one opened: its link's end ends that too."""
    over = select(col(SignInLink.id)).where(
        or_(col(SignInLink.expires_at) <= now, col(SignInLink.revoked_at).is_not(None))
    )
    session.execute(
        delete(SharedCode)
        .where(
            col(SharedCode.created_at) <= now - KEPT,
            or_(col(SharedCode.opened).is_(None), col(SharedCode.opened).in_(over)),
        )
        .execution_options(synchronize_session=False)
    )


def digest_of(asked_digest: str, code: str) -> str:
    return tokens.digest_of(f"{asked_digest}\n{code}")
