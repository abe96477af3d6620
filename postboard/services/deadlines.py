"""When somebody who is asked has to answer."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session


def deadline(session: Session, client_id: UUID, asked_at: datetime, hours: int) -> datetime:  # noqa: ARG001
    """Hours on the clock, day and night."""
    return asked_at + timedelta(hours=hours)
