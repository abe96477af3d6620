"""The demo's mail server: it takes what the demo sends and hands it to nobody.

It listens on this machine alone, and what it took lies in a maildir of the demo's folder.
"""

import asyncio
import contextlib
import mailbox
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, Final

from postboard.settings import Settings

SHOWN: Final = 200
"""Of a list, the newest."""
_LARGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    key: str
    to: str
    subject: str
    at: str
    """As the mail says it."""


@contextlib.asynccontextmanager
async def taking(settings: Settings) -> AsyncGenerator[None]:
    """Take mail while the demo's server runs; nothing anywhere else."""
    server = settings.mail_server
    if settings.demo_mails is None or server is None:
        yield
        return
    from aiosmtpd.handlers import Mailbox
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    mails: Any = Mailbox(settings.demo_mails)
    take = partial(SMTP, mails, loop=loop, data_size_limit=_LARGEST)
    listening = await loop.create_server(take, server.host, server.port)
    try:
        yield
    finally:
        listening.close()


def taken(folder: Path) -> list[Taken]:
    """The newest mails, the last one first."""
    with _opened(folder) as mails:
        newest = sorted(mails.keys(), key=_arrived, reverse=True)[:SHOWN]
        return [_summary(key, _parsed(mails, key)) for key in newest]


def html_of(folder: Path, key: str) -> str | None:
    """How one of them looks; None: it is not there."""
    with _opened(folder) as mails:
        if key not in mails:
            return None
        body = _parsed(mails, key).get_body(("html", "plain"))
        return str(body.get_content()) if body else ""


@contextlib.contextmanager
def _opened(folder: Path) -> Any:
    mails = mailbox.Maildir(folder, create=True)
    try:
        yield mails
    finally:
        mails.close()


def _arrived(key: str) -> tuple[int, int]:
    """The name of a mail begins with its second, and goes on with a part of it."""
    second, _, rest = key.partition(".")
    micro = rest.partition("M")[2].partition("P")[0]
    return int(second), int(micro) if micro.isdigit() else 0


def _parsed(mails: Any, key: str) -> EmailMessage:
    return message_from_bytes(mails.get_bytes(key), policy=policy.default)  # type: ignore[return-value]


def _summary(key: str, mail: EmailMessage) -> Taken:
    to, subject, at = (str(mail.get(name, "")) for name in ("To", "Subject", "Date"))
    return Taken(key, to, subject, at)
