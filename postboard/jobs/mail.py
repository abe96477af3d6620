"""Sends outgoing mail: claims one, hands it to the mail server, notes what became of it.

A worker that dies in between leaves its lease behind, and another sends the mail when it ends.
"""

import asyncio
import contextlib
import logging
import smtplib
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from postboard.db.engine import Database
from postboard.domain.errors import Stale
from postboard.notifications import chat, email
from postboard.notifications.chat import ChatFailed
from postboard.notifications.email import Ways
from postboard.services import letters, mail
from postboard.services.mail import Claimed
from postboard.settings import Settings

EVERY_S: Final = 4.0
AT_ONCE: Final = 20
_LOG: Final = logging.getLogger(__name__)

Send = Callable[[EmailMessage], None]


class Mailer:
    """One worker; any number of them share a database. Without a mail server it serves chats."""

    def __init__(
        self, database: Database, settings: Settings, send: Send | None, say: chat.Send = chat.send
    ) -> None:
        self._database = database
        self._settings = settings
        self._send = send
        self._say = say

    def work(self, now: Callable[[], datetime]) -> bool:
        """Write the mails that are due, and send some of them.

        Returns:
            Whether more is due now: what was tried and failed is due later.
        """
        self.write_due(now)
        self.run_once(now)
        return bool(self._due(now(), most=1))

    def run_once(self, now: Callable[[], datetime]) -> int:
        """Send what is due; no transaction is open meanwhile.

        Returns:
            How many mails the server took.
        """
        return sum(self._send_one(mail_id, now) for mail_id in self._due(now(), most=AT_ONCE))

    def write_due(self, now: Callable[[], datetime]) -> int:
        """Write the mails about notices that are due by now.

        Returns:
            How many were written.
        """
        if self._send is None:
            return 0
        with self._database.read() as session:
            people = letters.waiting(session, now())
        return sum(self._write_to(person_id, now()) for person_id in people)

    def _due(self, now: datetime, *, most: int) -> list[UUID]:
        with self._database.read() as session:
            return mail.due(session, now, most=most, to_chats=self._send is None)

    def _write_to(self, person_id: UUID, now: datetime) -> int:
        try:
            with self._database.write() as session:
                return letters.write(session, person_id, now)
        except Stale:  # another worker was first
            return 0

    def _send_one(self, mail_id: UUID, now: Callable[[], datetime]) -> bool:
        try:
            with self._database.write() as session:
                claimed = mail.claim(session, mail_id, now())
        except Stale:  # another worker was first
            claimed = None
        if claimed is None:
            return False
        try:
            self._hand_over(claimed, now())
        except Exception as failed:  # noqa: BLE001 - an odd address fails in odd ways; the others wait
            with self._database.write() as session:
                mail.note_failed(session, claimed, _said(failed), now())
            return False
        with self._database.write() as session:
            mail.note_sent(session, claimed, now())
        return True

    def _hand_over(self, claimed: Claimed, now: datetime) -> None:
        if claimed.chat_url:
            link = self._settings.base_url + claimed.path
            letter = claimed.letter
            self._say(claimed.chat_url, letter.subject, f"{letter.body}\n\n{link}")
        elif self._send:
            self._send(self._message(claimed, now))

    def _message(self, claimed: Claimed, now: datetime) -> EmailMessage:
        return email.message(
            mail_id=claimed.id,
            sender=self._settings.mail_from,
            name=claimed.name,
            address=claimed.address,
            subject=claimed.letter.subject,
            body=claimed.letter.body,
            language=claimed.language,
            ways=self._ways(claimed),
            now=now,
        )

    def _ways(self, claimed: Claimed) -> Ways:
        base = self._settings.base_url
        return Ways(
            link=base + claimed.path if claimed.path else "",
            button=email.REVIEW if claimed.for_review else email.OPEN,
            reply_to=self._settings.reply_address(claimed.reply_token),
            stop=f"{base}/mail/stop/{claimed.stop_token}" if claimed.stop_token else "",
            thread=claimed.post_id,
        )


@contextlib.asynccontextmanager
async def sending(database: Database, settings: Settings) -> AsyncGenerator[None]:
    """Send mail while the server runs, if there is a mail server, and what goes to chats."""
    server = settings.mail_server
    send = partial(email.send, server) if server else None
    mailer = Mailer(database, settings, send)
    task = asyncio.create_task(_keep_sending(mailer))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep_sending(mailer: Mailer) -> None:
    while True:
        more = False
        try:
            more = await asyncio.to_thread(mailer.work, _now)
        except SQLAlchemyError:
            _LOG.exception("Outgoing mail could not be read.")
        await asyncio.sleep(0 if more else EVERY_S)


def _now() -> datetime:
    return datetime.now(UTC)


def _said(failed: Exception) -> str:
    """What the mail server said, for whoever runs Postboard."""
    if isinstance(failed, ChatFailed):
        return str(failed)
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        refusals = failed.recipients.values()
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in refusals)
    if isinstance(failed, smtplib.SMTPResponseException):
        text = failed.smtp_error
        said = text.decode(errors="replace") if isinstance(text, bytes) else text
        return f"{failed.smtp_code} {said}"
    return f"{type(failed).__name__}: {failed}"
