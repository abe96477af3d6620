"""What is measured of reminders that fall due, part by part."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from benchmarks import ground
from benchmarks.measures import Measure, Sizes, commits, measure, migrated, timed
from postboard.db.engine import Database
from postboard.db.job_models import Job
from postboard.domain.conversation import Thread
from postboard.domain.workflow import State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import comments
from postboard.services.comments import Remark
from postboard.services.reminders import TELL
from tests.world import World, build

_BRANDS = 20
_TARGET_MS = 200
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
        ground.add_overdue(database, world, _BRANDS, count // _BRANDS)
        done: list[float] = []
        cpu_s = time.thread_time()
        with _writing(database, world) as beside, timed(done):
            runner = Runner(database, DOING)
            while _told(database) < count:
                runner.run_once(ground.now)
        cpu_s = time.thread_time() - cpu_s
    return [
        measure(f"floor: a comment while nothing is due, {kind}", "ms", alone),
        measure(f"{count:,} reminders planned and told, {kind}", "s", [done[0] / 1000]),
        measure(f"  … of it at work, each, {kind}", "ms", [cpu_s / count * 1000]),
        measure(f"  … a comment meanwhile, {kind}", "ms", beside, _TARGET_MS, by_p95=True),
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


def _told(database: Database) -> int:
    with database.read() as session:
        done = select(func.count()).where(col(Job.kind) == TELL, col(Job.done_at).is_not(None))
        return session.execute(done).scalar_one()


PARTS: dict[str, Callable[[Sizes, Path], list[Measure]]] = {
    "floors": floors,
    "reminders": reminders,
}
