"""E-mail: one letter as text and as HTML with one button, handed to the operator's mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import TYPE_CHECKING, ClassVar, Final

from postboard.locale import N_, Language, text
from postboard.locale.languages import MessageId
from postboard.mail_servers import MailServer

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

TIMEOUT_S: Final = 20.0
"""For each answer of the mail server."""
OPEN: Final = N_("Open in Postboard")
REVIEW: Final = N_("Open the review")
_TEXT: Final = "margin:0 0 12px;white-space:pre-line"
_CODE: Final = "margin:0 0 12px;font-size:28px;line-height:36px;font-weight:600;letter-spacing:3px"


class _Unfolded(EmailPolicy):
    """Addresses stay whole: a long one would be folded into what no mail program can follow."""

    WHOLE: ClassVar = frozenset({"list-unsubscribe", "in-reply-to", "references", "reply-to"})

    def fold(self, name: str, value: str) -> str:
        if name.lower() in self.WHOLE and value.isascii():
            return f"{name}: {value}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in self.WHOLE and value.isascii():
            return self.fold(name, value).encode()
        return super().fold_binary(name, value)


_UNFOLDED: Final = _Unfolded()


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a mail leads: what its button opens and says, where an answer goes, how to end it."""

    link: str
    """Empty where a mail leads nowhere."""
    button: MessageId = OPEN
    reply_to: str = ""
    stop: str = ""
    """The address of the page that ends mails like this one."""
    thread: "UUID | None" = None
    """What it shares with the other mails of one thread."""


def message(
    *,
    mail_id: "UUID",
    sender: str,
    name: str,
    address: str,
    subject: str,
    body: str,
    language: Language,
    ways: Ways,
    now: "datetime",
) -> EmailMessage:
    """The same mail has the same Message-ID however often it is sent, so that a repeat is known.

    The mails of a thread answer one that was never sent: mail programs put them together by it.
    """
    _, own = parseaddr(sender)
    made = EmailMessage(_UNFOLDED)
    made["From"] = sender
    made["To"] = formataddr((" ".join(name.split()), address))
    made["Subject"] = " ".join(subject.split())
    made["Date"] = format_datetime(now)
    domain = own.partition("@")[2]
    made["Message-ID"] = f"<{mail_id.hex}@{domain}>"
    if ways.thread:
        made["In-Reply-To"] = made["References"] = f"<post-{ways.thread.hex}@{domain}>"
    if ways.reply_to:
        made["Reply-To"] = ways.reply_to
    if ways.stop:
        made["List-Unsubscribe"] = f"<{ways.stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Auto-Submitted"] = "auto-generated"
    words = text(language)
    button = words.gettext(ways.button)
    ending = words.gettext("No more e-mails like this") if ways.stop else ""
    made.set_content(_plain(body, button, ending, ways))
    made.add_alternative(_html(subject, body, language, button, ending, ways), subtype="html")
    return made


def send(server: MailServer, letter: EmailMessage) -> None:
    """Hand it in; blocks, so call it in a thread.

    Raises:
        OSError, smtplib.SMTPException: the server is not there or does not take it.
    """
    context = ssl.create_default_context()
    if server.tls == "from the start":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    with connection:
        if server.tls == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(letter)


def _plain(body: str, button: str, ending: str, ways: Ways) -> str:
    footer = f"\n-- \n{ending}: {ways.stop}\n" if ending else ""
    way = f"\n{button}: {ways.link}\n" if ways.link else ""
    return f"{body}\n{way}{footer}"


def _html(subject: str, body: str, language: Language, button: str, ending: str, ways: Ways) -> str:
    paragraphs = "".join(
        f'<p style="{_CODE if part.isdecimal() else _TEXT}" dir="auto">{escape(part)}</p>'
        for part in body.split("\n\n")
    )
    footer = (
        f'<p style="margin:24px 0 0;font-size:13px"><a href="{escape(ways.stop)}"'
        f' style="color:#666">{escape(ending)}</a></p>'
        if ending
        else ""
    )
    way = (
        f'<p style="margin:20px 0 0"><a href="{escape(ways.link)}" style="display:inline-block;'
        "padding:10px 18px;border-radius:6px;background:#3453b8;color:#fff;"
        f'text-decoration:none">{escape(button)}</a></p>'
        if ways.link
        else ""
    )
    return (
        "<!doctype html>"
        f'<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject)}</title></head>"
        '<body style="margin:0;padding:24px;font:15px/22px system-ui,sans-serif;color:#222;'
        'overflow-wrap:anywhere"><main style="display:block;max-width:560px">'
        f'<h1 style="margin:0 0 12px;font-size:17px" dir="auto">{escape(subject)}</h1>{paragraphs}'
        f"{way}{footer}</main></body></html>"
    )
