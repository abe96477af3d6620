"""E-mail: one letter as text and as HTML with one button, handed to the operator's mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import TYPE_CHECKING, Final

from postboard.settings import MailServer

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

TIMEOUT_S: Final = 20.0
"""For each answer of the mail server."""
BUTTON: Final = "Open in Postboard"


def message(
    *,
    mail_id: "UUID",
    sender: str,
    name: str,
    address: str,
    subject: str,
    body: str,
    link: str,
    now: "datetime",
) -> EmailMessage:
    """The same mail has the same Message-ID however often it is sent, so that a repeat is known."""
    _, own = parseaddr(sender)
    made = EmailMessage()
    made["From"] = sender
    made["To"] = formataddr((" ".join(name.split()), address))
    made["Subject"] = " ".join(subject.split())
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{mail_id.hex}@{own.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(f"{body}\n\n{BUTTON}: {link}\n")
    made.add_alternative(_html(subject, body, link), subtype="html")
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


def _html(subject: str, body: str, link: str) -> str:
    paragraphs = "".join(
        f'<p style="margin:0 0 12px;white-space:pre-line" dir="auto">{escape(part)}</p>'
        for part in body.split("\n\n")
    )
    return (
        "<!doctype html>"
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        '<body style="margin:0;padding:24px;font:15px/22px system-ui,sans-serif;color:#222">'
        f'<h1 style="margin:0 0 12px;font-size:17px" dir="auto">{escape(subject)}</h1>{paragraphs}'
        f'<p style="margin:20px 0 0"><a href="{escape(link)}" style="display:inline-block;'
        "padding:10px 18px;border-radius:6px;background:#3453b8;color:#fff;"
        f'text-decoration:none">{BUTTON}</a></p></body></html>'
    )
