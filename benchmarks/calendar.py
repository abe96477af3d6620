"""How fast a month of the calendar is: `python -m benchmarks.calendar [--quick] [--json FILE]`.

Five hundred posts among three thousand of the months around; the query with its rows as the
browser gets them, and how large these are. Nothing fails by being slow.
"""

import gzip
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measures import Measure, Sizes, measure
from benchmarks.report import run
from postboard.db.engine import Database
from postboard.db.queries import calendar
from postboard.db.queries.board import Filters
from postboard.domain.content import Words
from postboard.services import posts
from postboard.services.posts import NewPost
from tests.world import NOW, World, build

JUNE = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
_WORDS = Words(caption="Fresh buns from six, warm from the oven. " * 8, networks=("x", "instagram"))


def month(sizes: Sizes, folder: Path) -> list[Measure]:
    times: list[float] = []
    sent = b""
    with _filled(folder) as (database, world):
        for _ in range(sizes.of(200, 20)):
            began = time.perf_counter()
            with database.read() as session:
                view = calendar.between(session, world.ana, Filters(), *JUNE, now=NOW)
            told = view.as_json()
            times.append((time.perf_counter() - began) * 1000)
            sent = json.dumps(told, ensure_ascii=False).encode()
    zipped = len(gzip.compress(sent)) / 1024
    return [
        measure("calendar: a month with 500 posts", "ms", times, 50, by_p95=True),
        measure("calendar: its rows", "KB", [len(sent) / 1024], 60),
        measure("calendar: its rows, compressed", "KB", [zipped]),
    ]


@contextmanager
def _filled(folder: Path) -> Generator[tuple[Database, World]]:
    database = Database(f"sqlite:///{folder / 'calendar.db'}")
    try:
        database.migrate()
        world = build(database)
        times = [JUNE[0] + n * timedelta(minutes=86) for n in range(-1_250, 1_750)]
        with database.write() as session:
            news = [NewPost(_WORDS, at) for at in times]
            posts.create_many(session, world.ana, world.acme.id, news, now=NOW)
        yield database, world
    finally:
        database.close()


PARTS = {"month": month}

if __name__ == "__main__":
    run("benchmarks.calendar", __doc__, PARTS)
