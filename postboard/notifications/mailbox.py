"""A mailbox that answers arrive in, read over IMAP; nothing in it is ever deleted."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Generator
from typing import Final

from postboard.mail_servers import MailboxServer
from postboard.notifications.answers import LARGEST

TIMEOUT_S: Final = 20.0
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")

Failed = (OSError, imaplib.IMAP4.error)
"""What a server raises that is not there, refuses us or speaks oddly."""


class Mailbox:
    """One folder, open for reading."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unseen(self, most: int) -> list[str]:
        """The ids of messages that nobody has marked as seen, the oldest first."""
        return _line(self._ask("SEARCH", "UNSEEN")).decode().split()[:most]

    def content(self, message_id: str) -> bytes | None:
        """The message, which stays unseen; None of one that is too large to be an answer."""
        size = _SIZE.search(_line(self._ask("FETCH", message_id, "(RFC822.SIZE)")))
        if size is None or int(size[1]) > LARGEST:
            return None
        parts = self._ask("FETCH", message_id, "(BODY.PEEK[])")
        return next((part[1] for part in parts if isinstance(part, tuple)), None)

    def mark_seen(self, message_id: str) -> None:
        self._ask("STORE", message_id, "+FLAGS.SILENT", r"(\Seen)")

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        status, answer = self._connection.uid(command, *arguments)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{command}: {status}")
        return answer


@contextlib.contextmanager
def opened(server: MailboxServer) -> Generator[Mailbox]:
    """The server's folder; blocks, so use it in a thread.

    Raises:
        OSError, imaplib.IMAP4.error: the server is not there, or does not let us in.
    """
    context = ssl.create_default_context()
    if server.tls == "from the start":
        connection = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=context, timeout=TIMEOUT_S
        )
    else:
        connection = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_S)
    with connection:
        if server.tls == "starttls":
            connection.starttls(context)
        connection.login(server.user, server.password)
        status, answer = connection.select(f'"{server.folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(*answer)
        yield Mailbox(connection)


def said(failed: Exception) -> str:
    """What the server said, for whoever runs Postboard."""
    first = failed.args[0] if failed.args else ""
    if isinstance(first, bytes):
        return first.decode(errors="replace")
    return f"{type(failed).__name__}: {failed}"


def _line(parts: list[bytes | tuple[bytes, bytes] | None]) -> bytes:
    first = parts[0] if parts else None
    return first if isinstance(first, bytes) else b""
