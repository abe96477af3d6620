"""Reads the answers that arrive in a maildir or a mailbox, and puts each aside when it is done.

A worker that dies in between leaves the mail where it was; read again, it says nothing twice.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import SubprocessError
from typing import Final, Protocol

from postboard.db.engine import Database
from postboard.domain.errors import Refused, Stale
from postboard.mail_servers import MailboxServer
from postboard.notifications import answers, mailbox
from postboard.notifications.mailbox import Mailbox
from postboard.services import inbound
from postboard.services.inbound import Answer, Place
from postboard.settings import Settings

EVERY_S: Final = 5.0
FETCHED_EVERY_S: Final = 30.0
"""From a server that is not ours."""
SELDOM_S: Final = 600.0
"""The longest pause while the server is in trouble."""
AT_ONCE: Final = 50
_LOG: Final = logging.getLogger(__name__)


class Reader(Protocol):
    """Reads answers from wherever they arrive."""

    def run_once(self, now: Callable[[], datetime]) -> int: ...


class Taker:
    """Makes comments of answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, content: bytes, name: str, now: datetime) -> bool:
        """Whether it became a comment.

        Raises:
            Stale: somebody wrote there at the same time; next time.
        """
        answer = _read(content, name)
        return answer is not None and self._say(answer, now)

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


class Postbox:
    """One reader of a mailbox over IMAP; several do no harm."""

    def __init__(self, database: Database, server: MailboxServer) -> None:
        self._taker = Taker(database)
        self._server = server

    def run_once(self, now: Callable[[], datetime]) -> int:
        """Take the answers that have arrived, and mark them as seen.

        Returns:
            How many became comments.

        Raises:
            OSError, imaplib.IMAP4.error: the server is in trouble.
        """
        with mailbox.opened(self._server) as box:
            return sum(self._take(box, one, now()) for one in box.unseen(AT_ONCE))

    def _take(self, box: Mailbox, message_id: str, now: datetime) -> bool:
        content = box.content(message_id)
        try:
            taken = content is not None and self._taker.take(content, message_id, now)
        except Stale:
            return False
        box.mark_seen(message_id)
        return taken


class Inbox:
    """One reader of a maildir; several do no harm."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._taker = Taker(database)
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
            fits = path.stat().st_size <= answers.LARGEST
            taken = fits and self._taker.take(path.read_bytes(), path.name, now)
        except (FileNotFoundError, Stale):
            return False
        # Another reader may have put it aside.
        with contextlib.suppress(FileNotFoundError):
            path.rename(self._done / f"{path.name.partition(':')[0]}:2,S")
        return taken


class Watch:
    """Reads again and again; trouble is put in an admin's sight, and makes the pauses longer."""

    def __init__(self, database: Database, reader: Reader, every_s: float) -> None:
        self._database = database
        self._reader = reader
        self._every_s = every_s
        self._failed = 0
        self._shown: str | None = None
        """What an admin was told last; None as long as that is unknown."""

    def look(self, now: Callable[[], datetime]) -> float:
        """Read what is there.

        Returns:
            The seconds until the next time.
        """
        try:
            self._reader.run_once(now)
        except mailbox.Failed as failed:
            _LOG.warning("Answers to mails could not be read.", exc_info=True)
            self._failed += 1
            self._show(mailbox.said(failed), now())
        else:
            self._failed = 0
            self._show("", now())
        return min(self._every_s * 2**self._failed, max(SELDOM_S, self._every_s))

    def _show(self, failure: str, now: datetime) -> None:
        if failure != self._shown:
            with self._database.write() as session:
                inbound.note_trouble(session, failure, now)
            self._shown = failure


@contextlib.asynccontextmanager
async def receiving(database: Database, settings: Settings) -> AsyncGenerator[None]:
    """Read answers while the server runs, if the settings say where they arrive."""
    watch = _watch(database, settings)
    if watch is None:
        yield
        return
    task = asyncio.create_task(_keep_reading(watch))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _watch(database: Database, settings: Settings) -> Watch | None:
    if folder := settings.inbound_folder:
        return Watch(database, Inbox(database, folder), EVERY_S)
    if server := settings.mailbox_server:
        return Watch(database, Postbox(database, server), FETCHED_EVERY_S)
    return None


async def _keep_reading(watch: Watch) -> None:
    pause = EVERY_S
    while True:
        try:
            pause = await asyncio.to_thread(watch.look, lambda: datetime.now(UTC))
        except Exception:  # noqa: BLE001 - nobody would begin the reading again
            _LOG.exception("Answers to mails could not be taken.")
        await asyncio.sleep(pause)


def _read(content: bytes, name: str) -> Answer | None:
    try:
        received = answers.read_apart(content)
    except SubprocessError:
        _LOG.exception("A mail could not be read: %s", name)
        return None
    if received is None:
        return None
    return Answer(received.message_id, received.sender, received.token, received.text)
