"""What jobs and outgoing mail have in common: due at some time, leased by whoever takes it on,
tried again after pauses that grow, and in sight of whoever runs this installation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, case, or_, update
from sqlalchemy.orm import Session

from postboard.db.job_models import Job
from postboard.db.models import OutgoingMail, table_of
from postboard.domain.digests import MOST_ATTEMPTS
from postboard.domain.errors import NotAllowed
from postboard.domain.permissions import Actor, Permission

LEASE: Final = timedelta(minutes=5)
"""How long a worker may take over what it claimed before another takes it for dead."""
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360))
"""After the first failure, the second, and so on."""
FAILURE_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Queue:
    """A table of things to be done once, and its own names for when."""

    table: Table
    done_at: str
    due_at: str

    def is_open(self, now: datetime) -> tuple[Any, ...]:
        """As conditions: it is not done, and nobody is at it."""
        row = self.table.c
        nobody = or_(row.leased_until.is_(None), row.leased_until <= now)
        return row[self.done_at].is_(None), nobody

    def is_due(self, now: datetime) -> tuple[Any, ...]:
        """As conditions: whoever asks may claim it."""
        row = self.table.c
        return *self.is_open(now), row[self.due_at] <= now, row.attempts < MOST_ATTEMPTS


JOBS: Final = Queue(table_of(Job), "done_at", "run_at")
MAIL: Final = Queue(table_of(OutgoingMail), "sent_at", "due_at")


def next_try(attempts: int, now: datetime) -> datetime:
    """When what failed so often is tried again: the later, the more often."""
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]


def told(failure: str) -> str:
    """As much of it as is kept, on one line."""
    return " ".join(failure.split())[:FAILURE_MAX]


def retry(session: Session, actor: Actor, queue: Queue, *, now: datetime) -> int:
    """Try all at once that failed until now, also what was given up.

    Returns:
        How many.

    Raises:
        NotAllowed: the actor does not run this installation.
    """
    if not actor.may(Permission.MANAGE_STAFF):
        raise NotAllowed
    row = queue.table.c
    anew = {
        queue.due_at: now,
        "attempts": case((row.attempts >= MOST_ATTEMPTS, 0), else_=row.attempts),
    }
    done = session.execute(
        update(queue.table)
        .where(*queue.is_open(now), row.failure != "")
        .values(anew)
        .returning(row.id)
    )
    return len(done.all())
