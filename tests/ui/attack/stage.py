"""The real server on a real port, with the named world behind it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.job_models import Job
from postboard.domain.content import MediaKind
from postboard.domain.permissions import Actor, Role
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.media.inspect import Inspected
from postboard.services import clients, media
from tests.exports import INSTAGRAM, commit, instagram, written
from tests.world import World, actor_of, build, cookie_of, email_of, everything_in

_ROOT = Path(__file__).resolve().parents[3]
_SERVE = """\
import sys
from pathlib import Path
from postboard.launch.server import serve
from postboard.settings import read_settings
serve(read_settings(), Path(sys.argv[1]), lambda: print("ready", flush=True))
"""
_COMES_AND_GOES = {"websession", "signinattempt"}
_START_S = 60


@dataclass(frozen=True)
class Stage:
    address: str
    database: Database
    world: World
    nils: Actor
    """Signed in, but off every team."""
    asset_id: UUID
    """A picture of Acme's library."""
    process: subprocess.Popen[bytes]
    log: Path

    def cookie(self, person: Actor) -> str:
        return cookie_of(self.database, person, datetime.now(UTC))

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All that may not change by an attack; who is signed in may.

        The server does what is due by its own clock, so that is done here before, and what the
        server is at is waited for.
        """
        while Runner(self.database, DOING).run_once(lambda: datetime.now(UTC)) or self._is_at_it():
            time.sleep(0.01)
        rows = everything_in(self.database)
        return {table: rows[table] for table in rows.keys() - _COMES_AND_GOES}

    def _is_at_it(self) -> bool:
        under_way = select(col(Job.id)).where(
            col(Job.done_at).is_(None), col(Job.leased_until) > datetime.now(UTC)
        )
        with self.database.read() as session:
            return session.execute(under_way.limit(1)).first() is not None


@contextmanager
def staged(database: Database, folder: Path) -> Iterator[Stage]:
    """`database` is migrated and empty."""
    now = datetime.now(UTC)
    world = build(database, now)
    nils = _somebody_without_a_role(database, world, now)
    asset_id = _picture(database, world, now)
    _figures(database, world, folder, now)
    port = _free_port()
    (folder / "frontend" / "build" / "client").mkdir(parents=True)
    environment = {
        **os.environ,
        "POSTBOARD_DATA": str(folder / "data"),
        "POSTBOARD_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "POSTBOARD_HOST": "127.0.0.1",
        "POSTBOARD_PORT": str(port),
        "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    (folder / "data").mkdir()
    log = folder / "server.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, folder / "frontend"],
            env=environment,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, log)
        yield Stage(address, database, world, nils, asset_id, process, log)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _somebody_without_a_role(database: Database, world: World, now: datetime) -> Actor:
    with database.write() as session:
        person_id = clients.add_person(
            session,
            world.ana,
            name="Nils",
            email=email_of("Nils"),
            role=Role.COPYWRITER,
            client_id=world.acme.id,
            now=now,
        )
        clients.remove_person(session, world.ana, world.acme.id, person_id, now=now)
    return actor_of(database, person_id, now)


def _figures(database: Database, world: World, folder: Path, now: datetime) -> None:
    """Acme's last days, as Instagram tells them."""
    rows = [
        instagram(
            n,
            text=f"Acme secret of the figures {n}",
            at=f"{now - timedelta(days=n):%m/%d/%Y} 10:00",
            likes=str(10 * n),
        )
        for n in range(1, 40)
    ]
    commit(database, world.ana, written(folder, "acme.csv", INSTAGRAM, rows), now=now)


def _picture(database: Database, world: World, now: datetime) -> UUID:
    file = Inspected(MediaKind.IMAGE, "image/png", 5000, 40, 30, 0, "a" * 64, {})
    with database.write() as session:
        asset_id = media.add_asset(
            session, world.dina, world.acme.id, uuid4(), file, "Acme secret.png", now=now
        ).id
        media.describe(
            session,
            world.dina,
            asset_id,
            alt="Acme secret picture",
            tags=["acme"],
            version=1,
            now=now,
        )
    return asset_id


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urlopen(f"{address}/health", timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))
