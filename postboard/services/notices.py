"""What people are told of: shown under My work until it is read."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from postboard.db.models import Notice
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind


def tell(
    session: Session,
    actor: Actor,
    people: Iterable[UUID],
    kind: NoticeKind,
    post_id: UUID,
    subject_id: UUID | None,
    now: datetime,
) -> None:
    """Note it for each of them; nobody is told of what they did themselves."""
    rows = [
        {
            "id": uuid4(),
            "person_id": person,
            "kind": kind,
            "post_id": post_id,
            "subject_id": subject_id,
            "actor_name": actor.name,
            "at": now,
        }
        for person in dict.fromkeys(people)
        if person != actor.user_id
    ]
    if rows:
        session.execute(insert(Notice), rows)
