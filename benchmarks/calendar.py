"""How fast a month of the calendar is: `python -m benchmarks.calendar [--quick] [--json FILE]`.

Five hundred posts among three thousand of the months around: the query with its rows as the
browser gets them, and how large these are. In the browser a thousand posts in one month: a drag
until it is confirmed, a turn to the next month until it is painted, and what the page loads.
Nothing fails by being slow.
"""

import gzip
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from uuid import UUID

from benchmarks.in_browser import opened, scripts, seen_by_chromium
from benchmarks.measures import Measure, Sizes, floors, gz_kb, measure, serving, timed
from benchmarks.report import run
from postboard.db.engine import Database
from postboard.db.queries import calendar
from postboard.db.queries.post_filters import Filters
from postboard.domain.content import Words
from postboard.services import posts, rescheduling
from postboard.services.posts import NewPost
from tests.browser.calendar import CalendarPage
from tests.world import NOW, World, build

JUNE = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
_WORDS = Words(caption="Fresh buns from six, warm from the oven. " * 8, networks=("x", "instagram"))


def month(sizes: Sizes, folder: Path) -> list[Measure]:
    times: list[float] = []
    at_work: list[float] = []
    sent = b""
    with _filled(folder) as (database, world):
        for _ in range(sizes.of(200, 20)):
            began, working = time.perf_counter(), time.process_time()
            with database.read() as session:
                view = calendar.between(session, world.ana, Filters(), *JUNE, now=NOW)
            told = view.as_json()
            times.append((time.perf_counter() - began) * 1000)
            at_work.append((time.process_time() - working) * 1000)
            sent = json.dumps(told, ensure_ascii=False).encode()
    zipped = len(gzip.compress(sent)) / 1024
    return [
        measure("calendar: a month with 500 posts", "ms", times, 50, by_p95=True),
        measure("  … of it at work", "ms", at_work, by_p95=True),
        measure("calendar: its rows", "KB", [len(sent) / 1024], 60),
        measure("calendar: its rows, compressed", "KB", [zipped]),
    ]


def moves(sizes: Sizes, folder: Path) -> list[Measure]:
    """The server's part of a drag: the move with its commit, and the row that is its answer."""
    times: list[float] = []
    with _filled(folder) as (database, world):
        with database.read() as session:
            view = calendar.between(session, world.ana, Filters(), *JUNE, now=NOW)
        for entry in view.entries[: sizes.of(200, 40)]:
            post_id, at = UUID(entry.id), entry.planned_at + timedelta(days=1)
            with timed(times):
                with database.write() as session:
                    rescheduling.reschedule(
                        session, world.ana, post_id, at, version=entry.version, now=NOW
                    )
                with database.read() as session:
                    calendar.between(
                        session, world.ana, Filters(), *JUNE, among=[post_id], now=NOW
                    ).as_json()
    return [measure("calendar: server part of a move, and its answer", "ms", times, 10)]


@contextmanager
def _filled(folder: Path) -> Generator[tuple[Database, World]]:
    database = Database(f"sqlite:///{folder / 'calendar.db'}")
    try:
        database.migrate()
        world = build(database)
        times = [JUNE[0] + n * timedelta(minutes=86) for n in range(-1_250, 1_750)]
        _add(database, world, times)
        yield database, world
    finally:
        database.close()


def _add(database: Database, world: World, times: list[datetime]) -> None:
    with database.write() as session:
        news = [NewPost(_WORDS, at) for at in times]
        posts.create_many(session, world.ana, world.acme.id, news, now=NOW)


def drags(sizes: Sizes, folder: Path) -> list[Measure]:
    client = sizes.frontend / "build" / "client"
    drop_ms: list[float] = []
    draws: list[float] = []
    asked_ms: list[float] = []
    turn_ms: list[float] = []
    tasks_ms: list[float] = []
    with serving(folder) as server:
        day = datetime.now(UTC).date().replace(day=15)
        first = datetime.combine(day - timedelta(days=14), time_of_day(12), UTC)
        _add(
            server.database, server.world, [first + n * timedelta(minutes=40) for n in range(1_000)]
        )
        with seen_by_chromium() as browser:
            page, _ = opened(browser, server, server.world.ana, "/board")
            page.wait_for_timeout(2500)
            board = scripts(page)
            page.context.close()
            path = f"/calendar/?view=month&date={day}"
            page, _ = opened(browser, server, server.world.ana, path, _WATCH)
            calendar = CalendarPage(page)
            page.wait_for_timeout(1500)
            loaded = scripts(page)
            days = [day - timedelta(days=day.weekday()) + timedelta(days=n) for n in (1, 2)]
            for n in range(sizes.of(40, 10)):
                source, target = days if n % 2 else reversed(days)
                post = calendar.day(source).locator("[data-post]").first.get_attribute("data-post")
                page.evaluate("bench.answered = 0")
                calendar.drag(UUID(post), target)
                page.wait_for_function("bench.answered > 0")
                drop_ms.append(page.evaluate("bench.answered - bench.up"))
                asked_ms.append(page.evaluate("bench.answered - bench.sent"))
                page.wait_for_timeout(300)
                draws.append(page.evaluate("bench.draws"))
            for n in range(sizes.of(20, 6)):
                page.evaluate("bench.tasks = []")
                turn_ms.append(page.evaluate(_TURN, "k" if n % 2 else "j"))
                page.wait_for_timeout(400)
                tasks_ms += page.evaluate("bench.tasks")
            page.context.close()
    floor = floors(sizes, folder)[0]
    own = sorted({*loaded} - {*board})
    lazy = [f"assets/{path.name}" for path in (client / "assets").glob("calendar_grid-*.js")]
    return [
        measure("calendar: drop to confirmed, 1,000 posts in view", "ms", drop_ms, 60),
        measure("  … of it from the question to the answer", "ms", asked_ms),
        measure("  … how often React draws for it, and just after", "", draws),
        measure("calendar: turn of a month until it is painted", "ms", turn_ms),
        measure("calendar: long tasks meanwhile", "ms", tasks_ms or [0.0]),
        measure("JS of /calendar, gz (loaded)", "KB", [gz_kb(client, loaded)]),
        measure("  … of it not on the board", "KB", [gz_kb(client, own)]),
        measure("  … its library, gz (lazily loaded)", "KB", [gz_kb(client, lazy)], 90),
        floor,
    ]


_WATCH = """
window.bench = { up: 0, sent: 0, answered: 0, draws: 0, tasks: [] };
window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
  supportsFiber: true,
  inject: () => 1,
  onCommitFiberRoot: () => (bench.draws += 1),
  onCommitFiberUnmount: () => {},
};
new PerformanceObserver((list) =>
  bench.tasks.push(...list.getEntries().map((one) => one.duration))
).observe({ type: "longtask" });
addEventListener("mouseup", () => Object.assign(bench, { up: performance.now(), draws: 0 }), true);
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  if (!String(message).includes("calendar_state.move")) return send.call(this, message);
  const hear = (event) => {
    if (!String(event.data).includes("answered")) return;
    bench.answered = performance.now();
    this.removeEventListener("message", hear);
  };
  bench.sent = performance.now();
  this.addEventListener("message", hear);
  return send.call(this, message);
};
"""
_TURN = """(key) => new Promise((done) => {
  const pressed = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
})"""

PARTS = {"month": month, "moves": moves, "drags": drags}

if __name__ == "__main__":
    run("benchmarks.calendar", __doc__, PARTS)
