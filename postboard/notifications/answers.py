"""Answers to mails: who wrote what to which address, without what they quote."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser
from typing import Final

from mailparser_reply import EmailReplyParser  # pyright: ignore[reportMissingTypeStubs]

LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a mail that is read at all; pictures and the like make it large."""
TEXT_MAX: Final = 20_000
_LANGUAGES: Final = ["en", "zh", "de", "fr", "es", "it", "ja"]
_TOKEN: Final = re.compile(r"\+([0-9a-f]{40})@", re.IGNORECASE)
_ADDRESSED: Final = ("to", "cc", "delivered-to", "x-original-to")
_AUTOMATIC: Final = ("x-autoreply", "x-autorespond", "list-id", "x-loop")
_PRECEDENCE: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_DAEMONS: Final = frozenset({"mailer-daemon", "postmaster", "no-reply", "noreply"})
_SIGNATURE: Final = re.compile(r"^--\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it arrived; `text` is what its writer wrote above the quoted mail."""

    message_id: str
    sender: str
    token: str
    text: str


def read(content: bytes) -> Received | None:
    """None when no person wrote it, or to none of our addresses."""
    if len(content) > LARGEST:
        return None
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    token = next(_tokens(mail), "")
    sender = parseaddr(str(mail.get("from", "")))[1].lower()
    if not (token and sender) or _is_automatic(mail, sender):
        return None
    named = str(mail.get("message-id", "")).strip()
    message_id = named or hashlib.sha256(content).hexdigest()
    return Received(message_id, sender, token, _own_words(mail))


def _tokens(mail: EmailMessage) -> Iterator[str]:
    headers = [str(value) for name in _ADDRESSED for value in mail.get_all(name, [])]
    for _, address in getaddresses(headers):
        if found := _TOKEN.search(address):
            yield found[1].lower()


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """Whether a program wrote it: an absence note, a bounce, a list, ourselves."""
    return (
        str(mail.get("auto-submitted", "no")).strip().lower() != "no"
        or str(mail.get("precedence", "")).strip().lower() in _PRECEDENCE
        or str(mail.get("return-path", "")).strip() == "<>"
        or any(name in mail for name in _AUTOMATIC)
        or mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0] in _DAEMONS
    )


def _own_words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    words = str(body.get_content())[: TEXT_MAX * 4].replace("\r\n", "\n")
    if body.get_content_subtype() == "html":
        words = _Words.of(words)
    cut = EmailReplyParser(languages=_LANGUAGES).parse_reply(text=words[:TEXT_MAX]) or ""
    return _SIGNATURE.split(_unquoted(cut), maxsplit=1)[0].strip()


def _unquoted(words: str) -> str:
    """Without quoted lines, and without the line that announces them in a language of its own."""
    lines = words.split("\n")
    quoted = next((n for n, line in enumerate(lines) if line.lstrip().startswith(">")), None)
    if quoted is None:
        return words
    above = "\n".join(lines[:quoted]).rstrip()
    announced, _, last = above.rpartition("\n")
    announces = last.rstrip().endswith((":", "：")) and re.search(r"@|\d", last)
    return announced if announces else above


class _Words(HTMLParser):
    """The words of a page, without quotes."""

    SILENT: Final = frozenset({"blockquote", "style", "script", "title"})
    BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__()
        self._said: list[str] = []
        self._silent = 0

    @classmethod
    def of(cls, page: str) -> str:
        reader = cls()
        reader.feed(page)
        reader.close()
        lines = (" ".join(line.split()) for line in "".join(reader._said).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in self.SILENT
        if tag in self.BREAKS:
            self._said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._said.append(data.replace("\n", " "))
