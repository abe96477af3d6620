"""How fast performance is: `python -m benchmarks.performance [--quick] [--json FILE]`.

Ten thousand measured posts of a year: what a change of a filter costs the server, part by part, and
how large a chart is as a browser gets it. In the browser what the page loads, and until the first
chart is drawn. Nothing fails by being slow.
"""

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from benchmarks import ground
from benchmarks.in_browser import opened, scripts, seen_by_chromium
from benchmarks.measures import Measure, Sizes, gz_kb, measure, serving
from benchmarks.report import run
from postboard.charts.figure import for_browser
from postboard.db.engine import Database
from postboard.db.metric_models import MetricImport, MetricPost
from postboard.db.models import table_of
from postboard.domain.lookback import Lookback, days_of
from postboard.services import flow_charts, performance, week_in_words
from postboard.services.look import Look
from tests.world import NOW, World, build

_POSTS: Final = 10_000
_NETWORKS: Final = ("instagram", "facebook", "x", "linkedin", "tiktok")
_PARTS: Final[dict[str, Callable[..., Any]]] = {
    "posts, seven charts": performance.charts_of_posts,
    "the week in words": week_in_words.week,
    "flow, seven charts": flow_charts.charts_and_figures,
}


def filters(sizes: Sizes, folder: Path) -> list[Measure]:
    look = Look(days_of(Lookback.FOUR_WEEKS, NOW.date()))
    times: dict[str, list[float]] = {name: [] for name in _PARTS}
    with _filled(folder) as (database, world):
        for _ in range(sizes.of(40, 8)):
            for name, part in _PARTS.items():
                began = time.perf_counter()
                with database.read() as session:
                    part(session, world.ana, look, now=NOW)
                times[name].append((time.perf_counter() - began) * 1000)
        with database.read() as session:
            drawn = performance.charts_of_posts(session, world.ana, look, now=NOW)
    largest = max(len(json.dumps(for_browser(one), ensure_ascii=False).encode()) for one in drawn)
    return [
        *(
            measure(f"a filter change, {name}", "ms", mine, 150, by_p95=True)
            for name, mine in times.items()
        ),
        measure("the largest chart as a browser gets it", "KB", [largest / 1000], 20),
    ]


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


@contextmanager
def _filled(folder: Path) -> Generator[tuple[Database, World]]:
    database = Database(f"sqlite:///{folder / 'performance.db'}")
    try:
        database.migrate()
        world = build(database)
        measure_posts(database, world, NOW)
        yield database, world
    finally:
        database.close()


def measure_posts(database: Database, world: World, now: datetime) -> None:
    """Of both clients, all over the year before; invented, and the same each time."""
    chance = Random(1)  # noqa: S311
    brought = MetricImport(
        client_id=world.acme.id,
        person_name="Ana",
        file_name="year.csv",
        digest="0" * 64,
        format="publer",
        captured_at=now,
        created_at=now,
        finished_at=now,
    )
    with database.write() as session:
        session.add(brought)
        session.flush()
        clients = (world.acme.id, world.borealis.id)
        rows = [_row(n, clients[n % 2], brought.id, now, chance) for n in range(_POSTS)]
        session.execute(insert(table_of(MetricPost)), rows)


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


PARTS = {"filters": filters, "scripts": scripts_of_the_page}

if __name__ == "__main__":
    run("benchmarks.performance", __doc__, PARTS)
