"""Jobs: asked for with what makes them needed, done once, kept in sight when they fail."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row, insert_new
from postboard.db.job_models import Job
from postboard.db.models import table_of
from postboard.domain.errors import Stale
from postboard.services import queues
from postboard.services.queues import JOBS, LEASE

APPROVED_LATE: Final = "late.approval"
"""The kind of job that an approval after the planned time asks for."""
AGREEMENT_CHANGED: Final = "agreement.changed"
"""The kind that a change of a client's terms asks for."""

# Every job ends here: the statement is built once, past the ORM.
_JOB = table_of(Job)
_NOTE: Final = update(_JOB).where(
    _JOB.c.id == bindparam("job"), _JOB.c.lease == bindparam("held"), _JOB.c.done_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be done at `run_at`; what has the same key is the same."""

    kind: str
    subject_id: UUID
    key: str
    run_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker alone may do until its lease ends."""

    id: UUID
    lease: UUID
    leased_until: datetime
    kind: str
    subject_id: UUID
    content: Mapping[str, Any]
    attempts: int


Do = Callable[[Session, Claimed, datetime], datetime | None]
"""Does one job; an instant puts it off until then."""


def enqueue(session: Session, wanted: Sequence[Wanted], now: datetime) -> None:
    """Have these done once this transaction is committed; what was asked for before stays."""
    rows = [
        {
            "id": uuid4(),
            "kind": want.kind,
            "subject_id": want.subject_id,
            "key": want.key,
            "content": dict(want.content),
            "run_at": want.run_at,
            "attempts": 0,
            "failure": "",
            "created_at": now,
        }
        for want in wanted
    ]
    if rows:
        insert_new(session, Job, rows, key="key")


def claim(session: Session, kinds: Collection[str], now: datetime, *, most: int) -> list[Claimed]:
    """Take what is due for this worker, what waits longest in front."""
    waiting = session.execute(
        select(col(Job.id))
        .where(col(Job.kind).in_(sorted(kinds)), *JOBS.is_due(now))
        .order_by(col(Job.run_at), col(Job.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(waiting.scalars())
    if not ids:
        return []
    lease, until = uuid4(), now + LEASE
    rows: Any = session.execute(
        update(Job)
        .where(col(Job.id).in_(ids), *JOBS.is_due(now))
        .values(lease=lease, leased_until=until, attempts=col(Job.attempts) + 1)
        .returning(
            col(Job.id),
            col(Job.kind),
            col(Job.subject_id),
            col(Job.content),
            col(Job.attempts),
        )
        .execution_options(synchronize_session=False)
    ).all()
    taken = {
        job_id: Claimed(job_id, lease, until, kind, subject_id, content, attempts)
        for job_id, kind, subject_id, content, attempts in rows
    }
    return [taken[job_id] for job_id in ids if job_id in taken]


def note_done(session: Session, claimed: Claimed, now: datetime) -> None:
    """It is done, together with all that this transaction did for it.

    Raises:
        Stale: the lease ended, and another worker has it.
    """
    _note(session, claimed, done_at=now, failure="")


def put_off(session: Session, claimed: Claimed, run_at: datetime) -> None:
    """Its time has not come yet.

    Raises:
        Stale: the lease ended, and another worker has it.
    """
    _note(session, claimed, run_at=run_at, attempts=0, failure="")


def note_failed(session: Session, claimed: Claimed, failure: str, now: datetime) -> None:
    """Try again later, the longer the more often it failed.

    Raises:
        Stale: the lease ended, and another worker has it.
    """
    run_at = queues.next_try(claimed.attempts, now)
    _note(session, claimed, failure=queues.told(failure), run_at=run_at)


def give_back(session: Session, claimed: Sequence[Claimed]) -> None:
    """These were not begun: another worker may have them at once."""
    for job in claimed:
        session.execute(
            update(Job)
            .where(col(Job.id) == job.id, col(Job.lease) == job.lease)
            .values(lease=None, leased_until=None, attempts=job.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def wake(session: Session, kind: str, subjects: Sequence[UUID], now: datetime) -> None:
    """Have these look again at whether their time has come."""
    session.execute(
        update(Job)
        .where(
            col(Job.kind) == kind,
            col(Job.subject_id).in_(subjects),
            col(Job.done_at).is_(None),
            col(Job.run_at) > now,
        )
        .values(run_at=now)
        .execution_options(synchronize_session=False)
    )


def redo(session: Session, subject_id: UUID, since: datetime, now: datetime) -> None:
    """Do again what was done about the subject since then: it may have found nothing to do."""
    session.execute(
        update(Job)
        .where(col(Job.subject_id) == subject_id, col(Job.done_at) >= since)
        .values(done_at=None, run_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )


def _note(session: Session, claimed: Claimed, **values: Any) -> None:
    which = {"job": claimed.id, "held": claimed.lease}
    noted = session.execute(_NOTE, {**which, "lease": None, "leased_until": None, **values})
    if not changed_one_row(noted):
        raise Stale
