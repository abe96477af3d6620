"""Letting people know of a guideline that they have to read: once published, or when reminded."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.guideline_models import GuidelineVersion
from postboard.db.models import Notice
from postboard.db.queries import guidelines as query
from postboard.domain.errors import NotAllowed, NotFound, Refused
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import NoticeKind
from postboard.services import notices, preferences

AT_MOST_EVERY: Final = timedelta(days=1)


class ToldToday(Refused):
    sentence = "They were told less than a day ago. Give them time to read."


class EverybodyHasRead(Refused):
    sentence = "Everybody has read it."


def published(
    session: Session, actor: Actor, client_id: UUID | None, version_id: UUID, now: datetime
) -> None:
    """All whom it is for; of the versions before it nobody has to hear any more."""
    owner = query.owner_of(client_id)
    before = select(col(GuidelineVersion.id)).where(
        col(GuidelineVersion.owner) == owner, col(GuidelineVersion.id) != version_id
    )
    notices.settle(session, None, [*session.execute(before).scalars()], now)
    people = [one.person_id for one in query.readers(session, client_id)]
    _tell(session, actor, people, version_id, now)


def remind(session: Session, actor: Actor, client_id: UUID | None, *, now: datetime) -> int:
    """Tell those who have not read what holds once more.

    Returns:
        How many they are.

    Raises:
        NotFound, NotAllowed: as they say; whoever writes it reminds.
        ToldToday: they were told, or reminded, a moment ago.
        EverybodyHasRead: as it says.
    """
    query.find_owner(session, actor, client_id)
    if not actor.may(Permission.WRITE_GUIDELINE, client_id):
        raise NotAllowed
    found = query.holding(session, [query.owner_of(client_id)])
    if not found:
        raise NotFound
    holds = found[0]
    people = [
        one.person_id
        for one in query.readers(session, client_id)
        if one.number < holds.number and one.person_id != actor.user_id
    ]
    if not people:
        raise EverybodyHasRead
    told = exists().where(col(Notice.subject_id) == holds.id, col(Notice.at) > now - AT_MOST_EVERY)
    if session.execute(select(told)).scalar_one():
        raise ToldToday
    notices.settle(session, people, [holds.id], now)
    _tell(session, actor, people, holds.id, now)
    return len(people)


def _tell(
    session: Session, actor: Actor, people: Iterable[UUID], version_id: UUID, now: datetime
) -> None:
    those = [(person, None, version_id) for person in people]
    told = notices.tell_each(session, actor, NoticeKind.GUIDELINE, those, now)
    if told:
        preferences.postpone(session, NoticeKind.GUIDELINE, told, now)
