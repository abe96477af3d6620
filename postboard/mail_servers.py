"""Mail servers by the addresses an installation names them by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

Tls: TypeAlias = Literal["from the start", "starttls", "none"]

_SMTP = {"smtp": 587, "smtps": 465}
_IMAP = {"imap": 143, "imaps": 993}
_STARTTLS: Mapping[str | None, Tls] = {None: "starttls", "yes": "starttls", "no": "none"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    tls: Tls
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """Where answers to mails are fetched, by IMAP."""

    host: str
    port: int
    tls: Tls
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str = "INBOX"


def mail_server(address: str) -> MailServer | None:
    """None: nothing is known by this address."""
    read = _read(address, _SMTP)
    if read is None or read.path not in {"", "/"}:
        return None
    return MailServer(read.host, read.port, read.tls, read.user, read.password)


def mailbox_server(address: str) -> MailboxServer | None:
    """None: nothing is known by this address."""
    read = _read(address, _IMAP)
    if read is None or not read.user:
        return None
    folder = unquote(read.path.removeprefix("/")) or "INBOX"
    # IMAP's own letters only: what is quoted in a command ends at a quote or a line's end.
    if not re.fullmatch(r"[ !#-\[\]-~]+", folder) or not (read.user + read.password).isascii():
        return None
    return MailboxServer(read.host, read.port, read.tls, read.user, read.password, folder)


class _Address(NamedTuple):
    host: str
    port: int
    tls: Tls
    user: str
    password: str
    path: str


def _read(address: str, ports: Mapping[str, int]) -> _Address | None:
    """`ports` are those of the schemes it may have; one that ends on an s is TLS from the start."""
    try:
        url = urlsplit(address)
        port, options = url.port, dict(parse_qsl(url.query, strict_parsing=bool(url.query)))
    except ValueError:
        return None
    starttls = options.pop("starttls", None)
    if url.scheme not in ports or not url.hostname or port == 0:
        return None
    if options or starttls not in _STARTTLS:
        return None
    return _Address(
        url.hostname,
        port or ports[url.scheme],
        "from the start" if url.scheme.endswith("s") else _STARTTLS[starttls],
        unquote(url.username or ""),
        unquote(url.password or ""),
        url.path,
    )
