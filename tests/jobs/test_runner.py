"""The engine of jobs: done once, delayed by trouble, in sight, and ended in order."""

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from postboard.db.engine import Database
from postboard.db.job_models import Job
from postboard.db.queries import work
from postboard.db.queries.work import MailTrouble
from postboard.domain.digests import MOST_ATTEMPTS
from postboard.domain.errors import NotAllowed
from postboard.domain.permissions import THE_CLOCK, Actor, Role
from postboard.jobs.runner import AT_ONCE, Runner
from postboard.services import jobs, queues
from postboard.services.events import Fact, record
from postboard.services.jobs import Claimed, Wanted
from tests.world import NOW, at_once, everything_in

MOMENT = timedelta(seconds=1)
SUBJECT = UUID(int=7)
ALMA = Actor(UUID(int=1), "Alma", Role.ADMIN)


class Diary:
    """Jobs that write down what they do."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.broken = False
        self.later: datetime | None = None
        self.on_begin = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def write(self, session: Session, job: Claimed, now: datetime) -> datetime | None:
        self.on_begin.set()
        assert self.go_on.wait(10)
        record(session, THE_CLOCK, Fact(job.id, "diary.written"), now)
        if self.broken:
            raise RuntimeError("the pen is\nempty")
        if self.later and self.later > now:
            return self.later
        self.done.append(job.content["line"])
        return None


def want(database: Database, *lines: str, at: datetime = NOW) -> None:
    with database.write() as session:
        wanted = [Wanted("diary", SUBJECT, f"diary:{line}", at, {"line": line}) for line in lines]
        jobs.enqueue(session, wanted, NOW)


def worker(database: Database, diary: Diary) -> Runner:
    return Runner(database, {"diary": diary.write})


def row(database: Database, line: str) -> Job:
    with database.read() as session:
        return session.query(Job).filter_by(key=f"diary:{line}").one()


def trouble(database: Database) -> MailTrouble | None:
    """What an admin sees under My work, and nobody else."""
    with database.read() as session:
        assert work.work(session, Actor(UUID(int=2), "Ana", Role.MANAGER), now=NOW).jobs is None
        return work.work(session, ALMA, now=NOW).jobs


def test_what_is_asked_for_twice_is_done_once(database: Database) -> None:
    diary = Diary()
    want(database, "one", "two", "one")
    want(database, "two")
    run = worker(database, diary)
    assert (run.run_once(lambda: NOW), sorted(diary.done)) == (2, ["one", "two"])
    want(database, "one")
    assert (run.run_once(lambda: NOW), len(diary.done)) == (0, 2)


def test_it_is_asked_for_with_its_cause_or_not_at_all(database: Database) -> None:
    before = everything_in(database)
    with database.write() as session:
        jobs.enqueue(session, [Wanted("diary", SUBJECT, "diary:x", NOW)], NOW)
        session.rollback()
    assert everything_in(database) == before


def test_nothing_is_done_before_its_time_and_what_is_put_off_comes_again(
    database: Database,
) -> None:
    diary, later = Diary(), NOW + timedelta(hours=1)
    diary.later = later
    want(database, "one")
    run = worker(database, diary)
    assert [run.run_once(lambda at=at: at) for at in (NOW - MOMENT, NOW, later - MOMENT)] == [
        0,
        1,
        0,
    ]
    assert (run.run_once(lambda: later), diary.done) == (1, ["one"])


def test_a_job_that_fails_leaves_nothing_waits_longer_each_time_and_is_in_sight(
    database: Database,
) -> None:
    diary = Diary()
    diary.broken = True
    want(database, "one")
    run, at, waited = worker(database, diary), NOW, []
    before = everything_in(database)["event"]
    for _ in range(7):
        assert run.run_once(lambda at=at: at) == 1
        waited.append((row(database, "one").run_at - at) // timedelta(minutes=1))
        assert run.run_once(lambda: row(database, "one").run_at - MOMENT) == 0
        at = row(database, "one").run_at
    assert waited == [1, 5, 15, 60, 180, 360, 360]
    assert everything_in(database)["event"] == before
    assert trouble(database) == MailTrouble(1, 0, "RuntimeError: the pen is empty")
    diary.broken = False
    assert (run.run_once(lambda: at), diary.done) == (1, ["one"])
    assert trouble(database) is None


def test_a_job_that_always_fails_ends_and_stays_in_sight(database: Database) -> None:
    diary = Diary()
    diary.broken = True
    want(database, "one")
    for day in range(20):
        worker(database, diary).run_once(lambda day=day: NOW + timedelta(days=day))
    assert row(database, "one").attempts == MOST_ATTEMPTS
    assert trouble(database) == MailTrouble(1, 1, "RuntimeError: the pen is empty")
    with pytest.raises(NotAllowed), database.write() as session:
        queues.retry(session, Actor(UUID(int=2), "Ana", Role.MANAGER), queues.JOBS, now=NOW)
    diary.broken = False
    with database.write() as session:
        assert queues.retry(session, ALMA, queues.JOBS, now=NOW) == 1
    assert (worker(database, diary).run_once(lambda: NOW), diary.done) == (1, ["one"])
    assert trouble(database) is None
    with database.write() as session:
        assert queues.retry(session, ALMA, queues.JOBS, now=NOW) == 0


def test_one_that_fails_holds_up_no_other(database: Database) -> None:
    diary = Diary()

    def fail(_session: Session, _job: Claimed, _now: datetime) -> None:
        raise ValueError

    with database.write() as session:
        jobs.enqueue(session, [Wanted("odd", SUBJECT, "odd", NOW - MOMENT)], NOW)
    want(database, "one")
    run = Runner(database, {"odd": fail, "diary": diary.write})
    assert (run.run_once(lambda: NOW), diary.done) == (2, ["one"])


def test_workers_share_what_is_due(database: Database) -> None:
    diary = Diary()
    lines = [f"line {n}" for n in range(3 * AT_ONCE)]
    want(database, *lines)
    runs = [worker(database, diary) for _ in range(3)]
    while sum(at_once(*(lambda run=run: run.run_once(lambda: NOW) for run in runs))):
        pass
    assert sorted(diary.done) == sorted(lines)


def test_a_worker_that_is_stopped_ends_what_it_began_and_gives_the_rest_back(
    database: Database,
) -> None:
    diary = Diary()
    diary.go_on.clear()
    want(database, "one", at=NOW - MOMENT)
    want(database, "two", "three")
    run = worker(database, diary)
    taken: list[int] = []
    thread = threading.Thread(target=lambda: taken.append(run.run_once(lambda: NOW)))
    thread.start()
    assert diary.on_begin.wait(10)
    run.stop()
    diary.go_on.set()
    thread.join()
    assert (taken, diary.done, run.run_once(lambda: NOW)) == ([1], ["one"], 0)
    assert [
        (row(database, line).lease, row(database, line).attempts) for line in ("two", "three")
    ] == [
        (None, 0),
        (None, 0),
    ]
    assert worker(database, diary).run_once(lambda: NOW) == 2


def test_a_lease_that_ended_meanwhile_leaves_the_job_to_the_other_worker(
    database: Database,
) -> None:
    diary = Diary()
    want(database, "one")
    with database.write() as session:
        [slow] = jobs.claim(session, ["diary"], NOW, most=1)
    after = NOW + queues.LEASE
    assert worker(database, diary).run_once(lambda: after - MOMENT) == 0
    assert worker(database, diary).run_once(lambda: after) == 1
    before = everything_in(database)
    run = worker(database, diary)
    run._do(slow, lambda: after)
    assert (everything_in(database), row(database, "one").done_at) == (before, after)
