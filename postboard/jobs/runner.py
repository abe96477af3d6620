"""Does what is due: claims a few jobs, does each in a transaction of its own, and notes it there.

What a job does and the note that it is done are one commit. A worker that dies in between has done
nothing, and another does it all when the lease ends.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from postboard.db.engine import Database
from postboard.domain.errors import Stale
from postboard.services import jobs, reminders
from postboard.services.jobs import Claimed, Do

EVERY_S: Final = 4.0
AT_ONCE: Final = 20
PLANNED_AT_ONCE: Final = 100
_LOG: Final = logging.getLogger(__name__)


class Runner:
    """One worker; any number of them share a database."""

    def __init__(self, database: Database, doing: Mapping[str, Do]) -> None:
        self._database = database
        self._doing = doing
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End after the job that is being done; the others go back."""
        self._stopping.set()

    def run_once(self, now: Callable[[], datetime]) -> int:
        """Do some of what is due.

        Returns:
            How many jobs it took on.
        """
        self._plan(now())
        claimed = self._claim(now())
        for index, job in enumerate(claimed):
            if self._stopping.is_set():
                with self._database.write() as session:
                    jobs.give_back(session, claimed[index:])
                return index
            if now() < job.leased_until:
                with self._every_second_turn():
                    self._do(job, now)
        return len(claimed)

    @contextlib.contextmanager
    def _every_second_turn(self) -> Generator[None]:
        """Of much that is due at once, leave as much time to the people who write meanwhile.

        They may wait for one job, not for a batch: whoever lets go of SQLite's only writer and asks
        for it again at once is served before those who wait.
        """
        began = time.monotonic()
        yield
        self._stopping.wait(min(time.monotonic() - began, EVERY_S))

    def _plan(self, now: datetime) -> None:
        """Ask for the reminders of what people were asked since; no caller can forget to."""
        with self._database.read() as session:
            unplanned = reminders.unplanned(session, most=PLANNED_AT_ONCE)
        for request_id in unplanned:
            if self._stopping.is_set():
                return
            with self._every_second_turn(), self._database.write() as session:
                reminders.plan(session, [request_id], now)

    def _claim(self, now: datetime) -> list[Claimed]:
        if self._stopping.is_set():
            return []
        try:
            with self._database.write() as session:
                return jobs.claim(session, self._doing.keys(), now, most=AT_ONCE)
        except Stale:  # another worker was first
            return []

    def _do(self, job: Claimed, now: Callable[[], datetime]) -> None:
        try:
            with self._database.write() as session:
                later = self._doing[job.kind](session, job, now())
                if later:
                    jobs.put_off(session, job, later)
                else:
                    jobs.note_done(session, job, now())
        except Exception as failed:  # noqa: BLE001 - a job fails as it may; it is noted, the others go on
            _LOG.warning("The job %s of %s failed.", job.kind, job.subject_id, exc_info=True)
            self._note_failed(job, failed, now())

    def _note_failed(self, job: Claimed, failed: Exception, now: datetime) -> None:
        try:
            with self._database.write() as session:
                jobs.note_failed(session, job, f"{type(failed).__name__}: {failed}", now)
        except Stale:
            _LOG.warning("The job %s of %s is another worker’s now.", job.kind, job.subject_id)


@contextlib.asynccontextmanager
async def running(database: Database, doing: Mapping[str, Do]) -> AsyncGenerator[None]:
    """Do what is due while the server or the worker runs; at its end, finish what was begun."""
    runner, ending = Runner(database, doing), asyncio.Event()
    task = asyncio.create_task(_keep_running(runner, ending))
    try:
        yield
    finally:
        runner.stop()
        ending.set()
        await task


async def _keep_running(runner: Runner, ending: asyncio.Event) -> None:
    while not ending.is_set():
        taken = 0
        try:
            taken = await asyncio.to_thread(runner.run_once, lambda: datetime.now(UTC))
        except SQLAlchemyError:
            _LOG.exception("What is due could not be read.")
        pause = 0 if taken == AT_ONCE else EVERY_S
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), pause)
