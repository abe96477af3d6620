"""An old revision's words once more, as a new revision."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Revision
from postboard.db.queries.revisions import checked_number, words_in
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.services import post_rows, posts
from postboard.services.post_rows import Found


def restore(
    session: Session, actor: Actor, post_id: UUID, number: int, *, version: int, now: datetime
) -> Found:
    """Like an edit that brings these words: the same rights, checks and steps.

    What stood there stays a revision, so restoring that one undoes it. Words that stand
    already change nothing.

    Raises:
        NotFound: there is no such revision, or a file of it has left the client's library.
        NotAllowed, NoSuchStep, Stale, BadInput: as `posts.edit` says.
    """
    post = post_rows.find(session, actor, post_id)
    revision = session.execute(
        select(Revision).where(
            col(Revision.post_id) == post.id, col(Revision.number) == checked_number(number)
        )
    ).scalar_one_or_none()
    if revision is None:
        raise NotFound
    return posts.edit(
        session, actor, post_id, words_in(revision), version=version, restored_from=number, now=now
    )
