"""The checks that a post must pass before somebody is asked about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session


def refuse_what_blocks(session: Session, post_id: UUID, now: datetime) -> None:
    """Raises Blocked where a finding stops the post and nobody has let it pass."""
