"""What is measured of the client's review, and of what the clock does with it, part by part."""

import asyncio
import os
import threading
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from benchmarks import ground
from benchmarks.measures import (
    Measure,
    Sizes,
    commits,
    fanned_out,
    measure,
    migrated,
    on_each_database,
    resident_kib,
    seated,
    serving,
    timed,
    worker_kib,
)
from benchmarks.people import Reviewer
from postboard.db.engine import Database
from postboard.db.job_models import Job
from postboard.domain.conversation import Thread
from postboard.domain.workflow import State
from postboard.jobs.kinds import DOING
from postboard.jobs.mail import Mailer
from postboard.jobs.runner import Runner
from postboard.services import comments
from postboard.services.comments import Remark
from postboard.services.reminders import TELL
from postboard.settings import read_settings
from tests.browser.server import Server
from tests.world import World, build, cookie_of

_BRANDS = 20
_TARGET_MS = 200
_BETWEEN_S = 0.1
_BOARDS = 100
_READING_S = 1.5
"""What a client takes for the next post, at least."""


def floors(sizes: Sizes, folder: Path) -> list[Measure]:
    return [
        measure("floor: SQLite commit of one row", "ms", commits(folder, sizes.of(1000, 300))),
    ]


def decisions(sizes: Sizes, folder: Path) -> list[Measure]:
    """A client approves post after post; a hundred loaded boards of the agency are open."""
    with serving(folder) as server:
        made = ground.add_posts(server.database, server.world, 300)
        cookies = ground.add_managers(server.database, server.world, 20)
        client = cookie_of(server.database, server.world.cleo, ground.now())
        # What came last stands on top of its column and on every board, what came first on none.
        waiting, some = [post.hex for post in made[State.CLIENT_REVIEW]], sizes.of(12, 5)
        mine = [*waiting[: -some - 1 : -1], *waiting[:some]]
        return [
            measure("floor: 100 bare websockets hear of one", "ms", fanned_out(folder, _BOARDS)),
            *asyncio.run(_decided(server, client, cookies, mine)),
        ]


def reminders(sizes: Sizes, folder: Path) -> list[Measure]:
    """Many fall due at once; in the same process, people write meanwhile."""
    return on_each_database(folder, lambda url, kind: _reminded(url, sizes, kind))


def mails(sizes: Sizes, folder: Path) -> list[Measure]:
    """A long queue, and a mail server that takes each mail at once; people write meanwhile."""
    return on_each_database(folder, lambda url, kind: _sent(url, sizes, kind))


def opening(sizes: Sizes, folder: Path) -> list[Measure]:
    """A client opens the review, again and again; then many are there at once."""

    def opened(url: str, kind: str) -> list[Measure]:
        with serving(folder / kind, "" if kind == "SQLite" else url) as server:
            ground.add_posts(server.database, server.world, sizes.of(2000, 300))
            cookie = cookie_of(server.database, server.world.cleo, ground.now())
            return asyncio.run(_opened(server, cookie, sizes, kind))

    return on_each_database(folder, opened)


async def _decided(
    server: Server, client: str, cookies: list[str], posts: list[str]
) -> list[Measure]:
    reviewer = Reviewer()
    answered: list[float] = []
    heard: list[float] = []
    last: list[float] = []
    read: list[float] = []
    missing = 0
    await reviewer.sit_down(server.port, client)
    async with seated(server, [cookies[n % len(cookies)] for n in range(_BOARDS)]) as boards:
        for post in posts:
            await reviewer.turn(post)
            for board in boards:
                board.heard_at.clear()
            started = time.perf_counter()
            answered.append(await reviewer.approve(post) * 1000)
            await asyncio.sleep(_READING_S)
            times = [(board.heard_at[0] - started) * 1000 for board in boards if board.heard_at]
            missing += len(boards) - len(times)
            heard += times
            last.append(max(times, default=0))
            read += [(b.read_at[post] - started) * 1000 for b in boards if post in b.read_at]
    reviewer.leave()
    return [
        measure("decision: seen by each of 100 boards", "ms", heard, _TARGET_MS, by_p95=True),
        measure("  … by the last of them", "ms", last, _TARGET_MS, by_p95=True),
        measure("  … not seen", "", [missing], 0),
        measure("  … its card read where it is new on the board", "ms", read),
        measure("  … answered to the client", "ms", answered),
    ]


def _reminded(url: str, sizes: Sizes, kind: str) -> list[Measure]:
    count = sizes.of(5000, 500)
    with migrated(url) as database:
        world = build(database, ground.now())
        with _writing(database, world) as alone:
            time.sleep(sizes.of(5, 2))
        ground.add_overdue(database, world, _BRANDS, count // _BRANDS)
        runner = Runner(database, DOING)

        def remind() -> None:
            while _told(database) < count:
                runner.run_once(ground.now)

        beside, spent = _meanwhile(database, world, remind)
    return [
        measure(f"floor: a comment while nothing is due, {kind}", "ms", alone),
        measure(f"{count:,} reminders planned and told, {kind}", "s", [spent.whole_s]),
        *_each(spent, count, kind),
        measure(f"  … a comment meanwhile, {kind}", "ms", beside, _TARGET_MS, by_p95=True),
    ]


def _sent(url: str, sizes: Sizes, kind: str) -> list[Measure]:
    count = sizes.of(5000, 500)
    with migrated(url) as database:
        world = build(database, ground.now())
        taken: list[str] = []
        mailer = Mailer(
            database, read_settings({}), lambda letter: taken.append(letter["Message-ID"])
        )
        while mailer.work(ground.now):
            taken.clear()
        ground.add_mails(database, world, count)
        taken.clear()

        def send() -> None:
            while mailer.work(ground.now):
                pass

        beside, spent = _meanwhile(database, world, send)
    return [
        measure(f"{len(taken):,} mails handed over, {kind}", "s", [spent.whole_s]),
        *_each(spent, count, kind),
        measure(f"  … a comment meanwhile, {kind}", "ms", beside, _TARGET_MS, by_p95=True),
    ]


@dataclass(frozen=True, slots=True)
class _Spent:
    whole_s: float
    at_work_s: float
    grown_kib: int


def _meanwhile(
    database: Database, world: World, work: Callable[[], None]
) -> tuple[list[float], _Spent]:
    """How long comments took meanwhile, and what the work itself did."""
    kib, at_work_s, began = resident_kib(os.getpid()), time.thread_time(), time.perf_counter()
    with _writing(database, world) as beside:
        work()
    at_work_s = time.thread_time() - at_work_s
    grown = resident_kib(os.getpid()) - kib
    return beside, _Spent(time.perf_counter() - began, at_work_s, grown)


def _each(spent: _Spent, count: int, kind: str) -> list[Measure]:
    return [
        measure(f"  … of it at work, each, {kind}", "ms", [spent.at_work_s / count * 1000]),
        measure(f"  … the process grew by, {kind}", "MiB", [spent.grown_kib / 1024]),
    ]


async def _opened(server: Server, cookie: str, sizes: Sizes, kind: str) -> list[Measure]:
    times: list[float] = []
    size: list[float] = []
    for _ in range(sizes.of(40, 10)):
        reader = Reviewer()
        with timed(times):
            await reader.sit_down(server.port, cookie)
        size.append(reader.received / 1000)
        reader.leave()
    await asyncio.sleep(_READING_S)
    readers = [Reviewer() for _ in range(sizes.of(90, 40))]
    before = worker_kib(server)
    for reader in readers:
        await reader.sit_down(server.port, cookie)
    await asyncio.sleep(_READING_S)
    each = (worker_kib(server) - before) / len(readers)
    waiting = len(readers[0].order)
    for reader in readers:
        reader.leave()
    return [
        measure(f"review opened, {waiting} posts wait, {kind}", "ms", times, 300, by_p95=True),
        measure(f"  … received for it, {kind}", "KB", size),
        measure(f"  … memory per session, {kind}", "KiB", [each]),
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
    "decisions": decisions,
    "opening": opening,
    "reminders": reminders,
    "mails": mails,
}
