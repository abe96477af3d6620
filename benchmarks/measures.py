"""What is measured, part by part; each part has a database and a server of its own."""

import asyncio
import gzip
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks import ground
from benchmarks.in_browser import watched_board
from benchmarks.people import Listener, Person
from benchmarks.websocket import Line, opened
from postboard.db.engine import Database
from postboard.db.queries import board as query
from postboard.db.queries import choices
from postboard.db.queries.post_filters import Filters
from postboard.domain.workflow import Action, State
from postboard.services import board
from postboard.services.board import Move
from tests.browser.server import Server, children, free_port
from tests.world import build, count_queries, found

_WARM = 20
_ECHO = """\
everybody = []

async def app(scope, receive, send):
    while scope["type"] == "websocket":
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
            everybody.append(send)
        elif message["type"] == "websocket.receive":
            for hear in everybody if scope["path"] == "/all" else [send]:
                await hear({"type": "websocket.send", "text": message["text"]})
        else:
            everybody.remove(send)
            return
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    quick: bool
    frontend: Path

    def of(self, full: int, quick: int) -> int:
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    unit: str
    median: float
    p95: float
    count: int
    target: float | None = None
    reached: bool | None = None


def measure(
    name: str,
    unit: str,
    values: Sequence[float],
    target: float | None = None,
    *,
    by_p95: bool = False,
    at_least: bool = False,
) -> Measure:
    ordered = sorted(values)
    median = statistics.median(ordered)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    judged = p95 if by_p95 else median
    reached = None if target is None else (judged >= target if at_least else judged <= target)
    return Measure(name, unit, median, p95, len(ordered), target, reached)


def floors(sizes: Sizes, folder: Path) -> list[Measure]:
    """What no server in Python on this machine can beat."""
    return [
        measure("floor: echo of a bare websocket", "ms", _echo(folder, sizes.of(1000, 300))),
        measure("floor: SQLite commit of one row", "ms", commits(folder, sizes.of(1000, 300))),
    ]


def services(sizes: Sizes, folder: Path) -> list[Measure]:
    """The server's part of a move: the use case with its commit."""
    with migrated(f"sqlite:///{folder / 'postboard.db'}") as database:
        world = build(database, ground.now())
        made = ground.add_posts(database, world, 2000)
        times: list[float] = []
        for post_id in made[State.APPROVED][: sizes.of(400, 100)]:
            version = found(database, world.ana, post_id).version
            asked = Move(uuid.uuid4(), post_id, version, Action.SCHEDULE)
            with timed(times), database.write() as session:
                board.move(session, world.ana, asked, now=ground.now())
    return [measure("move: server part (service and commit)", "ms", times, 10)]


def queries(sizes: Sizes, folder: Path) -> list[Measure]:
    return on_each_database(folder, lambda url, kind: _board_query(url, sizes, kind))


def start(sizes: Sizes, folder: Path) -> list[Measure]:
    server = Server(folder / "data")
    times: list[float] = []
    for _ in range(sizes.of(3, 1)):
        with timed(times):
            server.start()
        server.stop()
    return [measure("start to the first answer", "s", [t / 1000 for t in times], 5)]


def browser(sizes: Sizes, folder: Path) -> list[Measure]:
    with serving(folder) as server:
        ground.add_posts(server.database, server.world, 2000)
        seen = watched_board(server, sizes.of(9, 3), sizes.of(20, 6))
    client = sizes.frontend / "build" / "client"
    return [
        measure("floor: bare HTML page, 2,000 cards painted", "ms", seen.bare_ms),
        measure("cold load of 2,000 posts, visible cards painted", "ms", seen.load_ms, 1000),
        measure("load: page's socket received", "KB", seen.load_kb, 45),
        measure("move: sent and received by the page's socket", "KB", seen.move_kb, 15),
        measure("move: drop to server-confirmed", "ms", seen.drop_ms, 60),
        measure("  … of it until the browser has sent it", "ms", seen.send_ms),
        measure("JS of /board, gz (loaded)", "KB", [gz_kb(client, seen.board_js)], 230),
        measure("JS of /review, gz (loaded)", "KB", [gz_kb(client, seen.review_js)], 190),
        measure("JS of /board, gz (named by the page)", "KB", [gz_kb(client, _named(client))]),
    ]


def listeners(sizes: Sizes, folder: Path) -> list[Measure]:
    with serving(folder) as server:
        made = ground.add_posts(server.database, server.world, 2000)
        cookies = ground.add_managers(server.database, server.world, 20)
        mine = made[State.APPROVED][: sizes.of(60, 20)]
        return asyncio.run(_heard(server, cookies, mine))


def movers(sizes: Sizes, folder: Path) -> list[Measure]:
    with serving(folder) as server:
        made = ground.add_posts(server.database, server.world, 2000)
        cookies = ground.add_managers(server.database, server.world, 50)
        return asyncio.run(_moved(server, cookies, made[State.APPROVED], sizes.of(12, 5)))


def memory(sizes: Sizes, folder: Path) -> list[Measure]:
    count = sizes.of(200, 60)
    with serving(folder) as server:
        ground.add_posts(server.database, server.world, 2000)
        cookies = ground.add_managers(server.database, server.world, 20)
        kib = asyncio.run(_held(server, cookies, count))
    return [
        measure("floor: memory per bare websocket", "KiB", [_bare_kib(folder, count)]),
        measure(f"memory per session ({count} sessions)", "KiB", [kib], 250),
    ]


async def _heard(server: Server, cookies: list[str], posts: list[UUID]) -> list[Measure]:
    people = [Listener() for _ in range(100)]
    for number, person in enumerate(people):
        await person.join(server.port, cookies[number % 20])
    times: list[float] = []
    missing = 0
    async with seated(server, cookies[:1]) as (mover,):
        for post_id in posts:
            version = found(server.database, server.world.ana, post_id).version
            for person in people:
                person.heard_at.clear()
            started = time.perf_counter()
            await mover.move(post_id.hex, version, Action.SCHEDULE)
            await asyncio.sleep(0.25)
            heard = [person.heard_at[0] for person in people if person.heard_at]
            missing += len(people) - len(heard)
            times += [(at - started) * 1000 for at in heard]
    for person in people:
        person.line.close()
    return [
        measure("100 other sessions see a move", "ms", times, 100, by_p95=True),
        measure("  … moves not heard", "", [missing], 0),
    ]


async def _moved(
    server: Server, cookies: list[str], posts: list[UUID], for_s: float
) -> list[Measure]:
    """Fifty people schedule and unschedule their own posts, one move after the other."""
    times: list[float] = []
    versions: dict[UUID, int] = {}
    errors: list[str] = []

    async def work(person: Person, mine: list[UUID], until: float) -> None:
        turn = 0
        while time.perf_counter() < until:
            post_id = mine[turn % len(mine)]
            back = turn // len(mine) % 2
            action = Action.UNSCHEDULE if back else Action.SCHEDULE
            try:
                times.append(await person.move(post_id.hex, versions[post_id], action) * 1000)
            except TimeoutError:
                errors.append("no answer")
                return
            versions[post_id] += 1
            turn += 1

    for post_id in posts:
        versions[post_id] = found(server.database, server.world.ana, post_id).version
    async with seated(server, cookies) as people:
        started = time.perf_counter()
        shares = [posts[number :: len(people)] for number in range(len(people))]
        await asyncio.gather(
            *(work(p, s, started + for_s) for p, s in zip(people, shares, strict=True))
        )
        took = time.perf_counter() - started
        await asyncio.sleep(0.5)
        errors += [words for person in people for words in person.refusals]
        refreshes = sum(person.refreshes for person in people)
    lost = [
        p for p, v in versions.items() if found(server.database, server.world.ana, p).version != v
    ]
    return [
        measure("50 movers: moves a second", "1/s", [len(times) / took], 150, at_least=True),
        measure("50 movers: drop to answer", "ms", times, 400, by_p95=True),
        measure("50 movers: errors", "", [len(errors)], 0),
        measure("50 movers: posts the database has otherwise", "", [len(lost)], 0),
        measure("50 movers: cards read again, questions a second", "1/s", [refreshes / took]),
    ]


async def _held(server: Server, cookies: list[str], count: int) -> float:
    async with seated(server, cookies):
        pass  # what is loaded once is loaded
    await asyncio.sleep(1)
    before = worker_kib(server)
    async with seated(server, [cookies[n % len(cookies)] for n in range(count)]):
        await asyncio.sleep(1)
        return (worker_kib(server) - before) / count


@asynccontextmanager
async def seated(server: Server, cookies: list[str]) -> AsyncGenerator[list[Person]]:
    people = [Person() for _ in cookies]
    for start_ in range(0, len(people), 10):
        some = slice(start_, start_ + 10)
        pairs = zip(people[some], cookies[some], strict=True)
        await asyncio.gather(*(person.sit_down(server.port, cookie) for person, cookie in pairs))
    await asyncio.sleep(0.5)
    yield people
    for person in people:
        person.leave()


def worker_kib(server: Server) -> int:
    return sum(map(resident_kib, server.workers()))


def resident_kib(pid: int) -> int:
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0])


def on_each_database(folder: Path, measured: Callable[[str, str], list[Measure]]) -> list[Measure]:
    """On SQLite, and on Postgres where POSTBOARD_TEST_DATABASE_URL names one.

    `measured` gets the address of an empty database, and what to call it.
    """
    found = measured(f"sqlite:///{folder / 'postboard.db'}", "SQLite")
    url = os.environ.get("POSTBOARD_TEST_DATABASE_URL")
    if url:
        from tests.databases import PostgresSchemas

        schemas = PostgresSchemas(url)
        try:
            with schemas.empty() as database:
                given = database.url.render_as_string(hide_password=False)
            found += measured(given, "Postgres")
        finally:
            schemas.close()
    return found


def _board_query(url: str, sizes: Sizes, kind: str) -> list[Measure]:
    posts, events = sizes.of(10_000, 2000), sizes.of(200_000, 40_000)
    with migrated(url) as database:
        world = build(database, ground.now())
        ids = ground.new_drafts(database, world, posts)
        ground.add_history(database, ids, events, world)
        ground.spread(database, ids)
        times: list[float] = []
        for _ in range(sizes.of(30, 10)):
            with timed(times):
                _load(database, world.ana)
        with count_queries(database) as statements:
            _load(database, world.ana)
    name = f"board query, {posts:,} posts, {events:,} events, {kind}"
    return [
        measure(name, "ms", times, 60),
        measure(f"  … statements, {kind}", "", [len(statements)]),
    ]


def _load(database: Database, actor: Any) -> None:
    """All that a page asks for."""
    with database.read() as session:
        query.newest_event(session)
        seen = [client.id for client in choices.clients(session, actor)]
        choices.people(session, seen)
        choices.campaigns(session, seen)
        query.columns(session, actor, Filters(), now=ground.now(), size=12)


def fanned_out(folder: Path, people: int, count: int = 100) -> list[float]:
    """Milliseconds until each of so many bare websockets has heard what one of them said."""
    with _echoing(folder) as (port, _):
        return asyncio.run(_fanned_out(port, people, count))


def _echo(folder: Path, count: int) -> list[float]:
    with _echoing(folder) as (port, _):
        return asyncio.run(_echoed(port, count))


def _bare_kib(folder: Path, count: int) -> float:
    """What the web server alone holds for each open websocket."""
    with _echoing(folder) as (port, command):
        return asyncio.run(_bare_held(port, command, count))


async def _bare_held(port: int, command: int, count: int) -> float:
    heard: asyncio.Queue[str] = asyncio.Queue()
    lines: list[Line] = []
    before = 0
    for number in range(_WARM + count):
        if number == _WARM:
            before = sum(map(resident_kib, children(command)))
        lines.append(await _until_open(port, heard.put_nowait))
        for _ in range(2):
            lines[-1].send("x" * 300)
            await heard.get()
    kib = (sum(map(resident_kib, children(command))) - before) / count
    for line in lines:
        line.close()
    return kib


@contextmanager
def _echoing(folder: Path) -> Generator[tuple[int, int]]:
    """Its port, and the process whose child answers there."""
    (folder / "echo.py").write_text(_ECHO, "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--log-level", "error", "echo:app"],
        cwd=folder,
    )
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


async def _echoed(port: int, count: int) -> list[float]:
    answers: asyncio.Queue[str] = asyncio.Queue()
    line = await _until_open(port, answers.put_nowait)
    times: list[float] = []
    for _ in range(count):
        with timed(times):
            line.send("x" * 300)
            await answers.get()
    line.close()
    return times


async def _fanned_out(port: int, people: int, count: int) -> list[float]:
    heard: asyncio.Queue[float] = asyncio.Queue()

    def hear(_text: str) -> None:
        heard.put_nowait(time.perf_counter())

    lines = [await _until_open(port, hear, "/all") for _ in range(people)]
    times: list[float] = []
    for _ in range(count):
        started = time.perf_counter()
        lines[0].send("x" * 300)
        times += [(await heard.get() - started) * 1000 for _ in lines]
    for line in lines:
        line.close()
    return times


async def _until_open(port: int, hear: Callable[[str], None], path: str = "/") -> Line:
    for _ in range(200):
        try:
            return await opened(port, path, hear)
        except OSError:
            await asyncio.sleep(0.05)
    raise TimeoutError


def commits(folder: Path, count: int) -> list[float]:
    times: list[float] = []
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
        for _ in range(count):
            with timed(times):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO note (text) VALUES (?)", ("x" * 300,))
                connection.execute("COMMIT")
    return times


def _named(client: Path) -> list[str]:
    page = (client / "board" / "index.html").read_text("utf-8")
    return sorted(set(re.findall(r"/assets/[\w.-]+\.js", page)))


def gz_kb(client: Path, paths: Sequence[str]) -> float:
    return sum(len(gzip.compress((client / p.lstrip("/")).read_bytes(), 9)) for p in paths) / 1000


@contextmanager
def timed(times: list[float]) -> Generator[None]:
    started = time.perf_counter()
    yield
    times.append((time.perf_counter() - started) * 1000)


@contextmanager
def migrated(url: str) -> Generator[Database]:
    database = Database(url)
    database.migrate()
    yield database
    database.close()


@contextmanager
def serving(folder: Path, database_url: str = "") -> Generator[Server]:
    server = Server(folder / "data", database_url=database_url)
    server.start()
    try:
        yield server
    finally:
        server.stop()


PARTS: dict[str, Callable[[Sizes, Path], list[Measure]]] = {
    "floors": floors,
    "services": services,
    "queries": queries,
    "start": start,
    "browser": browser,
    "listeners": listeners,
    "movers": movers,
    "memory": memory,
}
