"""`postboard worker`: the clock's work in a process of its own, ended in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from postboard.db.engine import Database
from postboard.domain.workflow import State
from tests.requests import agree, ask, facts
from tests.world import World, build

READY = "The worker is at work.\n"


@pytest.fixture
def installation(tmp_path: Path) -> Generator[tuple[Path, Database, World]]:
    """A folder with the named world in it, where nights are not quiet."""
    database = Database(f"sqlite:///{tmp_path / 'postboard.db'}")
    database.migrate()
    world = build(database)
    agree(database, world, quiet_from=0, quiet_until=0)
    ask(database, world)
    yield tmp_path, database, world
    database.close()


def start(data: Path) -> subprocess.Popen[str]:
    named = {k: v for k, v in os.environ.items() if not k.startswith("POSTBOARD_")}
    return subprocess.Popen(
        [sys.executable, "-m", "postboard.cli", "worker", "--data", data],
        env=named,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_workers_do_what_is_due_once_and_end_when_asked_to(
    installation: tuple[Path, Database, World],
) -> None:
    data, database, world = installation
    workers = [start(data), start(data)]
    assert [worker.stderr.readline() for worker in workers if worker.stderr] == [READY, READY]
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    # All of it is long past: the reviewer, the account manager and the manager hear of it.
    while len(facts(database, post_id)) < 3 and all(w.poll() is None for w in workers):
        pass
    for worker, ends in zip(workers, (signal.SIGTERM, signal.SIGINT), strict=True):
        worker.send_signal(ends)
    assert [(worker.communicate(timeout=60)[1], worker.returncode) for worker in workers] == [
        ("", 0),
        ("", 0),
    ]
    assert sorted(facts(database, post_id)) == [
        ("post.escalated", "account_manager_hours"),
        ("post.escalated", "manager_hours"),
        ("post.reminded", "response_hours"),
    ]


def test_a_worker_needs_an_installation(tmp_path: Path) -> None:
    worker = start(tmp_path)
    said = worker.communicate(timeout=60)[1]
    missing = f"There is no Postboard database in {tmp_path}"
    hint = "name the folder with --data or POSTBOARD_DATA."
    assert (worker.returncode, said) == (1, f"postboard: {missing}; {hint}\n")
