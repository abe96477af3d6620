"""Reading ahead how approval flows: what was read once is read by nobody again, even at once."""

import threading
from datetime import timedelta

from postboard.db.engine import Database
from postboard.db.queries import flow
from postboard.db.queries.flow import FlowFilters, Log
from postboard.domain.flow_report import Known
from postboard.jobs.warming import warm
from tests.world import NOW, World, at_once, count_queries

LATER = NOW + timedelta(days=1)


def read(database: Database, world: World, log: Log) -> Known:
    with database.read() as session:
        since = NOW.date()
        return flow.read(session, world.ana, FlowFilters(), since=since, now=LATER, log=log)


def of_events(statements: list[str]) -> int:
    """Those that read walks; what agreements became is read each time."""
    return sum("event.position" in one and "event.content" in one for one in statements)


def test_the_first_look_finds_all_read(database: Database, world: World) -> None:
    log = Log()
    warm(database, log, threading.Event(), LATER)
    with count_queries(database) as statements:
        known = read(database, world, log)
    assert known == read(database, world, Log())
    assert (len(known.walks) > 1, of_events(statements)) == (True, 0)


def test_whoever_asks_meanwhile_does_not_read_it_again(database: Database, world: World) -> None:
    log = Log()
    with count_queries(database) as statements:
        first, second = at_once(*[lambda: read(database, world, log)] * 2)
    assert first == second == read(database, world, log)
    assert of_events(statements) == 1


def test_a_server_that_ends_does_not_wait_for_it(database: Database, world: World) -> None:
    log, stopping = Log(), threading.Event()
    stopping.set()
    with count_queries(database) as statements:
        warm(database, log, stopping, LATER)
    assert of_events(statements) == 1
