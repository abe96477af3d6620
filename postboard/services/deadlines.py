"""When an answer is due: so many working hours later, on the clocks of the client's office."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.db.queries import agreements


def deadline(
    session: Session, client_id: UUID, asked_at: datetime, hours: int | None = None
) -> datetime:
    """`hours` of work after the question; None: as many as the client's agreement says."""
    agreed = agreements.of_client(session, client_id)
    lasting = timedelta(hours=agreed.terms.response_hours if hours is None else hours)
    return agreed.calendar.add_working(asked_at, lasting)
