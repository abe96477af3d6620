"""Commands of a browser, applied once however often they are sent."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import AppliedCommand, table_of
from postboard.domain.errors import Refused
from postboard.domain.permissions import Actor

KEPT = timedelta(days=2)

_APPLIED_COMMAND = table_of(AppliedCommand)
_FIND = select(_APPLIED_COMMAND.c.person_id, _APPLIED_COMMAND.c.fingerprint).where(
    _APPLIED_COMMAND.c.id == bindparam("command")
)
_NOTE = insert(_APPLIED_COMMAND)


class ForeignCommand(Refused):
    sentence = "This command number was used for something else."


def applied_before(session: Session, actor: Actor, command_id: UUID, *what: object) -> bool:
    """Whether this command was carried out already.

    Raises:
        ForeignCommand: the number belongs to somebody else's or another command.
    """
    row = session.execute(_FIND, {"command": command_id}).one_or_none()
    if row is None:
        return False
    if tuple(row) != (actor.user_id, _fingerprint(what)):
        raise ForeignCommand
    return True


def remember(
    session: Session, actor: Actor, command_id: UUID, *what: object, now: datetime
) -> None:
    """Note it in the transaction that carries it out."""
    mark = {"person_id": actor.user_id, "fingerprint": _fingerprint(what)}
    session.execute(_NOTE, {"id": command_id, **mark, "at": now})


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(AppliedCommand).where(col(AppliedCommand.at) < now - KEPT))


def _fingerprint(what: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()
