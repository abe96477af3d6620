"""Reads the answers that a mail server puts into a maildir, and puts each aside when it is done.

A worker that dies in between leaves the mail where it was; read again, it says nothing twice.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from postboard.db.engine import Database
from postboard.domain.errors import Refused, Stale
from postboard.notifications import answers
from postboard.services import inbound
from postboard.services.inbound import Answer, Place
from postboard.settings import Settings

EVERY_S: Final = 5.0
AT_ONCE: Final = 50
_LOG: Final = logging.getLogger(__name__)


class Inbox:
    """One reader of a maildir; several do no harm."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._new, self._done = folder / "new", folder / "cur"
        for part in (self._new, self._done, folder / "tmp"):
            part.mkdir(parents=True, exist_ok=True)

    def run_once(self, now: Callable[[], datetime]) -> int:
        """Take the answers that have arrived.

        Returns:
            How many became comments.
        """
        waiting = sorted(path for path in self._new.iterdir() if path.is_file())[:AT_ONCE]
        return sum(self._take(path, now()) for path in waiting)

    def _take(self, path: Path, now: datetime) -> bool:
        try:
            answer = _read(path)
            taken = answer is not None and self._say(answer, now)
        except Stale:  # somebody wrote there at the same time: next time
            return False
        # Another reader may have put it aside.
        with contextlib.suppress(FileNotFoundError):
            path.rename(self._done / f"{path.name.partition(':')[0]}:2,S")
        return taken

    def _say(self, answer: Answer, now: datetime) -> bool:
        place: Place | None = None
        try:
            with self._database.write() as session:
                place = inbound.place_of(session, answer, now)
                return place is not None and inbound.take(session, place, answer, now)
        except Stale:
            raise
        except Refused as refused:
            if place:
                with self._database.write() as session:
                    inbound.tell_refused(session, place, refused, now)
            return False


@contextlib.asynccontextmanager
async def receiving(database: Database, settings: Settings) -> AsyncGenerator[None]:
    """Read answers while the server runs, if the settings say where they arrive."""
    folder = settings.inbound_folder
    if folder is None:
        yield
        return
    task = asyncio.create_task(_keep_reading(Inbox(database, folder)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep_reading(inbox: Inbox) -> None:
    while True:
        try:
            await asyncio.to_thread(inbox.run_once, lambda: datetime.now(UTC))
        except (OSError, SQLAlchemyError):
            _LOG.exception("Answers to mails could not be read.")
        await asyncio.sleep(EVERY_S)


def _read(path: Path) -> Answer | None:
    try:
        if path.stat().st_size > answers.LARGEST:
            return None
        received = answers.read(path.read_bytes())
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001 - an odd mail fails in odd ways; the others wait
        _LOG.exception("A mail could not be read: %s", path.name)
        return None
    if received is None:
        return None
    return Answer(received.message_id, received.sender, received.token, received.text)
