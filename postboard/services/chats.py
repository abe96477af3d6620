"""The chats that somebody's notices go to beside their mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import OutgoingMail
from postboard.db.notify_models import ChatAddress
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import Actor

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Chat:
    """What is shown of a chat: never its address."""

    id: UUID
    service: str


def mine(session: Session, actor: Actor) -> list[Chat]:
    rows: Any = session.execute(
        select(col(ChatAddress.id), col(ChatAddress.service))
        .where(col(ChatAddress.person_id) == actor.user_id)
        .order_by(col(ChatAddress.created_at), col(ChatAddress.id))
    )
    return [Chat(chat_id, service) for chat_id, service in rows]


def add(session: Session, actor: Actor, url: str, service: str, *, now: datetime) -> None:
    """From now on notices go there too; the caller has found out which service it is.

    Raises:
        NotAllowed: the client's side hears by mail.
        BadInput: they are too many.
    """
    if not actor.is_staff or actor.user_id is None:
        raise NotAllowed
    mine = select(func.count()).where(col(ChatAddress.person_id) == actor.user_id)
    if session.execute(mine).scalar_one() >= MOST:
        raise BadInput("You can have at most {limit} chats.", limit=MOST)
    row = {"person_id": actor.user_id, "url": url, "service": service, "created_at": now}
    session.execute(insert(ChatAddress), [row])


def remove(session: Session, actor: Actor, chat_id: UUID, *, now: datetime) -> None:  # noqa: ARG001 - every write is told the time
    """Nothing more goes there, not even what waits.

    Raises:
        NotFound: it is not there, or not this actor's.
    """
    gone = session.execute(
        delete(ChatAddress)
        .where(col(ChatAddress.id) == chat_id, col(ChatAddress.person_id) == actor.user_id)
        .returning(col(ChatAddress.id))
    )
    if gone.first() is None:
        raise NotFound
    waiting = (col(OutgoingMail.chat_id) == chat_id, col(OutgoingMail.sent_at).is_(None))
    session.execute(delete(OutgoingMail).where(*waiting))


def of(session: Session, person_id: UUID) -> Sequence[UUID]:
    rows = session.execute(
        select(col(ChatAddress.id)).where(col(ChatAddress.person_id) == person_id)
    )
    return list(rows.scalars())
