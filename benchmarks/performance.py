"""How fast performance is: `python -m benchmarks.performance [--quick] [--json FILE]`.

Ten thousand measured posts of a year with a million snapshots, beside 200,000 events of two years:
what each part costs the server at the first look and at each change of a filter, wall time and time
at work; Postgres too where POSTBOARD_TEST_DATABASE_URL names one. In the browser what the page
loads, and until the first chart is drawn. Nothing fails by being slow.
"""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import JSON, insert, literal, select, text, true

from benchmarks import ground, past
from benchmarks.in_browser import opened, scripts, seen_by_chromium
from benchmarks.measures import (
    Measure,
    Sizes,
    gz_kb,
    measure,
    migrated,
    on_each_database,
    serving,
    timed,
)
from benchmarks.report import run
from postboard.charts.figure import for_browser
from postboard.db.engine import Database
from postboard.db.metric_models import MetricImport, MetricPost, MetricSnapshot
from postboard.db.models import table_of
from postboard.db.queries import flow
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.measured import Filter
from postboard.domain.figures import METRICS
from postboard.domain.lookback import Lookback, days_of
from postboard.jobs.warming import warm
from postboard.services import flow_charts, performance, week_in_words
from postboard.services.look import Look
from tests.world import World, build

_POSTS: Final = 10_000
_NETWORKS: Final = ("instagram", "facebook", "x", "linkedin", "tiktok")
_POST, _IMPORT = table_of(MetricPost), table_of(MetricImport)
_SNAPSHOT = table_of(MetricSnapshot)
_SNAPSHOT_OF: Final = ("metric_post_id", "import_id", "captured_at", "window", "raw", *METRICS)
_EACH_OF_EACH: Final = select(
    _POST.c.id,
    _IMPORT.c.id,
    _IMPORT.c.captured_at,
    _POST.c.window,
    literal({}, JSON),
    *(_POST.c[name] for name in METRICS),
).select_from(_POST.join(_IMPORT, true()))
_BARE: Final = "SELECT * FROM metricpost WHERE published_on >= :since ORDER BY published_at, id"
_PARTS: Final[dict[str, Callable[..., Any]]] = {
    "posts, seven charts": performance.charts_of_posts,
    "the week in words": week_in_words.week,
    "flow, seven charts": flow_charts.charts_and_figures,
}


def page(sizes: Sizes, folder: Path) -> list[Measure]:
    return on_each_database(folder, partial(_page, sizes))


def _page(sizes: Sizes, url: str, kind: str) -> list[Measure]:
    with migrated(url) as database:
        world = build(database, ground.now())
        past.add(database, world, sizes.of(10_000, 1000), sizes.of(200_000, 20_000))
        measure_posts(database, world, ground.now(), imports=sizes.of(100, 3))
        first: list[float] = []
        with timed(first):
            warm(database, flow.LOG, threading.Event(), ground.now())
        found = [measure(f"how approval flows, read ahead, {kind}", "ms", first)]
        for name, client in {"all clients": "", "one client": "ACME"}.items():
            found += _views(sizes, database, world, client, f"{name}, {kind}")
        return [*found, *_floors(sizes, database, kind)]


def _views(sizes: Sizes, database: Database, world: World, client: str, name: str) -> list[Measure]:
    """What each part costs whenever a filter changes; the page asks for all three."""
    period = days_of(Lookback.FOUR_WEEKS, ground.now().date())
    look = Look(period, Filter(client), FlowFilters(client))
    found: list[Measure] = []
    whole: list[float] = []
    for part, make in _PARTS.items():
        wall: list[float] = []
        at_work: list[float] = []
        for _ in range(sizes.of(15, 5)):
            began = time.thread_time()
            with timed(wall), database.read() as session:
                make(session, world.ana, look, now=ground.now())
            at_work.append((time.thread_time() - began) * 1000)
        whole = [a + b for a, b in zip(whole or [0.0] * len(wall), wall, strict=True)]
        found.append(measure(f"{part}, {name}", "ms", wall, 150))
        found.append(measure("  … of it at work", "ms", at_work))
    found.append(measure(f"all of the page, {name}", "ms", whole, 300))
    if not client:
        with database.read() as session:
            drawn = performance.charts_of_posts(session, world.ana, look, now=ground.now())
        sizes_kb = [len(json.dumps(for_browser(one), ensure_ascii=False).encode()) for one in drawn]
        found.append(measure("the largest chart as a browser gets it", "KB", [max(sizes_kb) / 1e3]))
    return found


def _floors(sizes: Sizes, database: Database, kind: str) -> list[Measure]:
    """The same rows, by a bare SELECT past SQLAlchemy's types."""
    look = Look(days_of(Lookback.FOUR_WEEKS, ground.now().date()))
    since = performance.reach_back(look).first
    times: list[float] = []
    for _ in range(sizes.of(15, 5)):
        with database.engine.connect() as one, timed(times):
            one.execute(text(_BARE), {"since": since}).fetchall()
    return [measure(f"floor: bare SELECT of the charts' posts, {kind}", "ms", times)]


def scripts_of_the_page(sizes: Sizes, folder: Path) -> list[Measure]:
    client = sizes.frontend / "build" / "client"
    drawn_ms: list[float] = []
    with serving(folder) as server:
        measure_posts(server.database, server.world, ground.now())
        with seen_by_chromium() as browser:
            page, _ = opened(browser, server, server.world.ana, "/board")
            page.wait_for_timeout(2500)
            board = scripts(page)
            page.context.close()
            loaded: list[str] = []
            for _ in range(sizes.of(5, 1)):
                page, _ = opened(browser, server, server.world.ana, "/performance/?period=12weeks")
                page.locator(".main-svg").first.wait_for()
                drawn_ms.append(page.evaluate("performance.now()"))
                loaded = scripts(page)
                page.context.close()
    own = sorted({*loaded} - {*board})
    plotly = [path for path in own if "plotly" in path]
    return [
        measure("/performance until its first chart is drawn", "ms", drawn_ms),
        measure("JS of /performance, gz, without Plotly", "KB", [_gz(client, loaded, plotly)]),
        measure("  … Plotly, gz (loaded with the first chart)", "KB", [gz_kb(client, plotly)], 360),
        measure("  … of Plotly on the board", "KB", [0.0 if not {*plotly} & {*board} else 1.0], 0),
    ]


def _gz(client: Path, loaded: list[str], but: list[str]) -> float:
    return gz_kb(client, [path for path in loaded if path not in but])


def measure_posts(database: Database, world: World, now: datetime, imports: int = 1) -> None:
    """Of both clients, all over the year before; invented, and the same each time.

    Each of the imports tells of all of them once more.
    """
    chance = Random(1)  # noqa: S311
    brought, *others = [_import(world, now - n * timedelta(days=1)) for n in range(imports)]
    with database.write() as session:
        session.add_all([brought, *others])
        session.flush()
        clients = (world.acme.id, world.borealis.id)
        rows = [_row(n, clients[n % 2], brought.id, now, chance) for n in range(_POSTS)]
        session.execute(insert(table_of(MetricPost)), rows)
    if others:
        with database.write() as session:
            session.execute(insert(_SNAPSHOT).from_select(_SNAPSHOT_OF, _EACH_OF_EACH))


def _import(world: World, at: datetime) -> MetricImport:
    return MetricImport(
        client_id=world.acme.id,
        person_name="Ana",
        file_name="year.csv",
        digest="0" * 64,
        format="publer",
        captured_at=at,
        created_at=at,
        finished_at=at,
    )


def _row(
    number: int, client_id: UUID, import_id: UUID, now: datetime, chance: Random
) -> dict[str, Any]:
    at = now - timedelta(minutes=chance.randrange(1, 365 * 24 * 60))
    return {
        "id": uuid4(),
        "client_id": client_id,
        "network": chance.choice(_NETWORKS),
        "account": "acme",
        "identity": str(number),
        "platform_post_id": str(number),
        "permalink": f"https://social.example/{number}",
        "address": "",
        "words": "",
        "text": f"Post {number} of the year, in as many words as posts have",
        "format": chance.choice(("image", "video", "carousel")),
        "published_on": at.date(),
        "published_at": at,
        "has_time": True,
        "followers": 5_000,
        "captured_at": now,
        "window": "lifetime",
        "latest_import_id": import_id,
        "impressions": 3_000,
        "reach": 2_000,
        "likes": round(100 * chance.lognormvariate(0, 0.5)),
        "comments": 3,
        "shares": 2,
        "saves": 1,
    }


PARTS = {"page": page, "scripts": scripts_of_the_page}

if __name__ == "__main__":
    run("benchmarks.performance", __doc__, PARTS)
