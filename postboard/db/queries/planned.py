"""When a client's posts are planned for."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Post
from postboard.domain.workflow import State


def others(session: Session, client_id: UUID, post_id: UUID, *, since: datetime) -> list[datetime]:
    """The times of the client's other posts, from a day before `since` on."""
    rows = session.execute(
        select(col(Post.planned_at)).where(
            col(Post.client_id) == client_id,
            col(Post.id) != post_id,
            col(Post.state) != State.CANCELLED,
            col(Post.planned_at) > since - timedelta(days=1),
        )
    )
    return [at for at in rows.scalars() if at]
