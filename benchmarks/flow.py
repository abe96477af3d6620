"""How fast the figures of flow are: `python -m benchmarks.flow [--quick] [--json FILE]`.

Ten thousand posts with 200,000 events over two years and twenty clients: what the page reads and
works out for twelve weeks and for all of it, the first time, again, and after a new post.
Floors are a bare SELECT of the same rows; Postgres too where POSTBOARD_TEST_DATABASE_URL names
one. Nothing fails by being slow.
"""

import tracemalloc
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from benchmarks import ground, past
from benchmarks.measures import Measure, Sizes, measure, migrated, on_each_database, timed
from benchmarks.report import run
from postboard.db.engine import Database
from postboard.db.queries import flow as query
from postboard.db.queries.flow import FlowFilters, Log
from postboard.domain.flow_report import Known, first_day, report
from postboard.domain.periods import Period
from tests.world import World, build, count_queries

_OF_POSTS = (
    "FROM post JOIN eventstream ON eventstream.id = post.id"
    " WHERE post.state NOT IN ('published', 'cancelled') OR post.state_since >= :since"
)
_HEADS = f"SELECT post.id, eventstream.length {_OF_POSTS}"
_EVENTS = (
    "SELECT stream_id, kind, at, actor_id, actor_name, content FROM event"  # noqa: S608
    f" WHERE stream_id IN (SELECT post.id {_OF_POSTS}) ORDER BY stream_id, position"
)


def flow(sizes: Sizes, folder: Path) -> list[Measure]:
    return on_each_database(folder, partial(_measured, sizes))


def _measured(sizes: Sizes, url: str, kind: str) -> list[Measure]:
    posts, events, tries = sizes.of(10_000, 1000), sizes.of(200_000, 20_000), sizes.of(15, 5)
    with migrated(url) as database:
        world = build(database, ground.now())
        past.add(database, world, posts, events)
        today = ground.now().date()
        found: list[Measure] = []
        for name, span in {"12 weeks": timedelta(weeks=12), "two years": past.YEARS}.items():
            period = Period(today - span + timedelta(days=1), today)
            found += _of_period(database, world, period, tries, f"{name}, {kind}")
    return found


def _of_period(
    database: Database, world: World, period: Period, tries: int, name: str
) -> list[Measure]:
    log = Log()
    first: list[float] = []
    read: list[float] = []
    work: list[float] = []
    moved: list[float] = []
    with timed(first):
        known = _read(database, world, period, log)
    for _ in range(tries):
        with timed(read):
            known = _read(database, world, period, log)
        with timed(work):
            report(known, period, period.last)
        ground.new_drafts(database, world, 1)
        with timed(moved):
            _read(database, world, period, log)
    with count_queries(database) as statements:
        _read(database, world, period, log)
    both = [a + b for a, b in zip(read, work, strict=True)]
    return [
        measure(f"flow of {name}: posts", "", [len(known.walks)]),
        measure(f"  read for the first time, {name}", "ms", first),
        measure(
            f"    floor: bare SELECT of its events, {name}",
            "ms",
            _bare(database, _EVENTS, period, tries),
        ),
        measure(f"  read again, {name}", "ms", read),
        measure(
            f"    floor: bare SELECT of its heads, {name}",
            "ms",
            _bare(database, _HEADS, period, tries),
        ),
        measure(f"  read again after a new post, {name}", "ms", moved),
        measure(f"  all figures worked out, {name}", "ms", work),
        measure(f"  read again and worked out, {name}", "ms", both, 150),
        measure(f"    statements, {name}", "", [len(statements)]),
        measure(f"  kept in memory, {name}", "MiB", [_size(database, world, period)]),
    ]


def _read(database: Database, world: World, period: Period, log: Log) -> Known:
    with database.read() as session:
        since = first_day(period, period.last)
        return query.read(session, world.ana, FlowFilters(), since=since, now=ground.now(), log=log)


def _bare(database: Database, statement: str, period: Period, tries: int) -> list[float]:
    times: list[float] = []
    since = datetime.combine(first_day(period, period.last), time(), UTC)
    for _ in range(tries):
        with database.engine.connect() as one, timed(times):
            one.execute(text(statement), {"since": since}).fetchall()
    return times


def _size(database: Database, world: World, period: Period) -> float:
    log = Log()
    tracemalloc.start()
    _read(database, world, period, log)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 1024**2


PARTS = {"flow": flow}

if __name__ == "__main__":
    run("benchmarks.flow", __doc__, PARTS)
