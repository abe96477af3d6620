"""Where a guideline has to be read first: nobody works on a client's posts who has not."""

from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from postboard.db.guideline_models import (
    AGENCY,
    GuidelineReading,
    GuidelineText,
    GuidelineVersion,
)
from postboard.db.models import Client, table_of
from postboard.domain.errors import Refused
from postboard.domain.permissions import STAFF_ROLES, Actor

# Every step asks this: it is built once, past the ORM.
_TEXT, _VERSION = table_of(GuidelineText), table_of(GuidelineVersion)
_READING, _CLIENT = table_of(GuidelineReading), table_of(Client)
_HAS_READ = exists().where(
    _READING.c.version_id == _VERSION.c.id, _READING.c.person_id == bindparam("person")
)
_UNREAD: Final = (
    select(_CLIENT.c.name, _TEXT.c.published)
    .select_from(_TEXT)
    .join(
        _VERSION,
        and_(_VERSION.c.owner == _TEXT.c.owner, _VERSION.c.number == _TEXT.c.published),
    )
    .outerjoin(_CLIENT, _CLIENT.c.id == _TEXT.c.client_id)
    .where(
        _TEXT.c.owner.in_([AGENCY, bindparam("owner")]),
        _TEXT.c.must_be_read,
        ~_HAS_READ,
    )
    .limit(1)
)


class Unread(Refused):
    """The actor has not acknowledged the version that holds."""

    status = 403
    sentence = "Read {client}’s guideline first and say that you have: version {number} holds."


class AgencysUnread(Unread):
    sentence = "Read the agency’s guideline first and say that you have: version {number} holds."


def refuse_unread(session: Session, actor: Actor, client_id: UUID) -> None:
    """Raises:
    Unread: a guideline of theirs has to be read before work, and this actor of the staff has not
        acknowledged the version that holds.
    """
    if actor.user_id is None or actor.role_for(client_id) not in STAFF_ROLES:
        return
    row = session.execute(_UNREAD, {"person": actor.user_id, "owner": client_id.hex}).first()
    if row is None:
        return
    if row.name is None:
        raise AgencysUnread(number=row.published)
    raise Unread(client=row.name, number=row.published)
