"""What is measured of reminders that fall due, part by part."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update
from sqlmodel import col

from benchmarks import ground
from benchmarks.measures import Measure, Sizes, commits, measure, migrated, timed
from postboard.db.engine import Database
from postboard.db.job_models import Job
from postboard.db.queries.agreements import of_client
from postboard.db.review_models import ReviewRequest
from postboard.domain.agreement import AT_DUE
from postboard.domain.conversation import Thread
from postboard.domain.workflow import State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import agreements, comments, jobs
from postboard.services.comments import Remark
from postboard.services.jobs import Wanted
from postboard.services.reminders import TELL
from tests.world import World, build

_BETWEEN_S = 0.1


def floors(sizes: Sizes, folder: Path) -> list[Measure]:
    return [
        measure("floor: SQLite commit of one row", "ms", commits(folder, sizes.of(1000, 300))),
    ]


def reminders(sizes: Sizes, folder: Path) -> list[Measure]:
    """Many fall due at once; in the same process, people write meanwhile."""
    found = _beside(f"sqlite:///{folder / 'postboard.db'}", sizes, "SQLite")
    url = os.environ.get("POSTBOARD_TEST_DATABASE_URL")
    if url:
        from tests.databases import PostgresSchemas

        schemas = PostgresSchemas(url)
        try:
            with schemas.empty() as database:
                given = database.url.render_as_string(hide_password=False)
            found += _beside(given, sizes, "Postgres")
        finally:
            schemas.close()
    return found


def _beside(url: str, sizes: Sizes, kind: str) -> list[Measure]:
    count = sizes.of(5000, 500)
    with migrated(url) as database:
        world = build(database, ground.now())
        with _writing(database, world) as alone:
            time.sleep(sizes.of(5, 2))
        _fall_due(database, world, count)
        done: list[float] = []
        with _writing(database, world) as beside, timed(done):
            runner = Runner(database, DOING)
            while _left(database):
                began = time.monotonic()
                runner.run_once(ground.now)
                time.sleep(time.monotonic() - began)  # as the server's own loop does
    return [
        measure(f"floor: a comment while nothing is due, {kind}", "ms", alone),
        measure(f"{count:,} due reminders done, {kind}", "s", [done[0] / 1000]),
        measure(f"  … a comment meanwhile, {kind}", "ms", beside),
    ]


@contextmanager
def _writing(database: Database, world: World) -> Generator[list[float]]:
    """Somebody comments ten times a second; how long each took."""
    times: list[float] = []
    ended = threading.Event()
    post_id = world.acme.posts[State.DRAFT]

    def write() -> None:
        while not ended.wait(_BETWEEN_S):
            with timed(times), database.write() as session:
                remark = Remark("Red apple first, cocoa last.")
                comments.add(
                    session,
                    world.ben,
                    post_id,
                    Thread.INTERNAL,
                    remark,
                    command_id=uuid.uuid4(),
                    now=ground.now(),
                )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield times
    finally:
        ended.set()
        writer.join()


def _fall_due(database: Database, world: World, count: int) -> None:
    """So many people-to-be-told, of one overdue request; each is a notice, a mail and an event."""
    now, post_id = ground.now(), world.acme.posts[State.CLIENT_REVIEW]
    with database.write() as session:
        agreed = of_client(session, world.acme.id)
        awake = replace(agreed.terms, quiet_from=0, quiet_until=0)
        agreements.change(
            session, world.aron, world.acme.id, awake, version=agreed.version, now=now
        )
        request_id = session.execute(
            select(col(ReviewRequest.id)).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()
        session.execute(
            update(ReviewRequest)
            .where(col(ReviewRequest.id) == request_id)
            .values(due_at=now - timedelta(minutes=1))
        )
        content = {"term": AT_DUE, "person": world.cleo.user_id.hex if world.cleo.user_id else ""}
        jobs.enqueue(
            session,
            [Wanted(TELL, request_id, f"benchmark:{n}", now, content) for n in range(count)],
            now,
        )


def _left(database: Database) -> int:
    with database.read() as session:
        waiting = select(func.count()).where(
            col(Job.kind) == TELL, col(Job.done_at).is_(None), col(Job.failure) == ""
        )
        return session.execute(waiting).scalar_one()


PARTS: dict[str, Callable[[Sizes, Path], list[Measure]]] = {
    "floors": floors,
    "reminders": reminders,
}
