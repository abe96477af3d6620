"""An import while somebody writes or undoes it: one at a time, by a lease that batches renew."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import or_, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database, changed_one_row
from postboard.db.metric_models import MetricImport
from postboard.domain.errors import Refused, Stale

LEASE: Final = timedelta(seconds=60)
"""Longer than any batch takes; after that whoever had it has died."""
ATTEMPTS: Final = 5

T = TypeVar("T")
Clock = Callable[[], datetime]


class ComesInNow(Refused):
    sentence = "This import is at work just now. If it was stopped, try again in a minute."


@dataclass(frozen=True, slots=True)
class Work:
    """An import that this caller alone may write, and how far it is."""

    id: UUID
    client_id: UUID
    lease: UUID
    captured_at: datetime
    rows_done: int = 0
    new: int = 0
    updated: int = 0
    skipped: int = 0

    def after(self, rows: int, new: int, updated: int, skipped: int) -> "Work":
        return replace(
            self,
            rows_done=self.rows_done + rows,
            new=self.new + new,
            updated=self.updated + updated,
            skipped=self.skipped + skipped,
        )


def take(session: Session, row: MetricImport, now: datetime) -> Work:
    """The import, for this caller alone.

    Raises:
        ComesInNow: somebody else has it.
    """
    lease = uuid4()
    free = or_(col(MetricImport.leased_until).is_(None), col(MetricImport.leased_until) <= now)
    held = session.execute(
        update(MetricImport)
        .where(col(MetricImport.id) == row.id, col(MetricImport.undone_at).is_(None), free)
        .values(lease=lease, leased_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(held):
        raise ComesInNow
    counts = (row.rows_done, row.new, row.updated, row.skipped)
    return Work(row.id, row.client_id, lease, row.captured_at, *counts)


def note(session: Session, work: Work, **values: Any) -> None:
    """Keep how far it is, with whatever else changes of it.

    Raises:
        ComesInNow: the lease ended, and somebody else has it.
    """
    counts = {name: getattr(work, name) for name in ("rows_done", "new", "updated", "skipped")}
    noted = session.execute(
        update(MetricImport)
        .where(col(MetricImport.id) == work.id, col(MetricImport.lease) == work.lease)
        .values(**counts, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(noted):
        raise ComesInNow


def trying(database: Database, task: Callable[[Session], T]) -> T:
    """One transaction, again where another came first: a lost one has left nothing behind."""
    for _ in range(ATTEMPTS - 1):
        try:
            with database.write() as session:
                return task(session)
        except Stale:
            continue
    with database.write() as session:
        return task(session)
