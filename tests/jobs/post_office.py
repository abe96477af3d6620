"""A mail server that keeps what it takes, and the worker that hands it in."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

from postboard.db.engine import Database
from postboard.jobs.mail import Mailer
from postboard.notifications import email
from postboard.settings import Settings
from tests.world import NOW

BASE = "https://board.example"


class Box:
    """What a mail server took, and how it feels today."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return self.answer


def mailer(database: Database, settings: Settings) -> Mailer:
    server = settings.mail_server
    assert server
    return Mailer(database, settings, partial(email.send, server))


def run(worker: Mailer, at: datetime = NOW) -> int:
    return worker.run_once(lambda: at)


def said(got: EmailMessage, kind: str) -> str:
    body = got.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def write(worker: Mailer, at: datetime = NOW) -> int:
    """The mails about notices that are due then."""
    return worker.write_due(lambda: at)
