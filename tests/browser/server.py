"""A real server on its own data folder, started, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from postboard.db.engine import Database
from tests import world
from tests.world import World

START_S = 60


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@dataclass
class Server:
    """`postboard` in a folder that holds the named world, or nothing yet; on SQLite, unless
    another database is named.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    lives: int = 0
    populated: bool = True
    database_url: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        here = f"sqlite:///{self.folder / 'postboard.db'}"
        self.database = Database(self.database_url or here)
        self.database.migrate()
        if self.populated:
            self.world: World = world.build(self.database, datetime.now(UTC))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.lives += 1
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "postboard.cli"),
                *("--data", str(self.folder), "--port", str(self.port)),
            ],
            env={**os.environ, "POSTBOARD_DATABASE_URL": self.database_url},
            stderr=(self.folder / "server.log").open("a"),
            text=True,
            start_new_session=True,
        )
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError((self.folder / "server.log").read_text()[-2000:])

    def kill(self) -> None:
        """At once and without a word: the command, and its worker, which has a group of its own."""
        if self.process:
            os.kill(self.process.pid, signal.SIGSTOP)  # or it starts another worker in between
            for pid in [*self.workers(), self.process.pid]:
                os.kill(pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            until = time.monotonic() + START_S
            while self.listens():
                if time.monotonic() > until:
                    raise TimeoutError("something listens on the port of a server that was killed")
                time.sleep(0.01)

    def listens(self) -> bool:
        with closing(socket.socket()) as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def workers(self) -> list[int]:
        assert self.process
        return children(self.process.pid)

    def stop(self) -> None:
        if self.process and self.alive:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
        self.database.close()
