"""Answers to mails become comments: by their address's token, of the person it was sent to."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Comment, Person, Post
from postboard.db.notify_models import InboundTrouble, MailToken
from postboard.domain.conversation import COMMENT_MAX, Thread
from postboard.domain.errors import Refused
from postboard.domain.permissions import Actor
from postboard.locale import say, text
from postboard.services import comments, mail, queues, sign_in, tokens
from postboard.services.comments import Remark
from postboard.services.mail import ANSWERED_FOR, About, Letter

_ANSWERS: Final = UUID("0b0a3f8e-4f0c-5d0e-9f1c-6d1f5a8f3c11")
"""Any number: what commands made of answers are named under."""
_SECRETS: Final = re.compile(
    r"(?<=/link/)[\w-]{20,}|(?<=/shared/)[\w-]{20,}|(?<=/mail/stop/)[\w-]{20,}"
    r"|(?<=/mail/settings/)[\w-]{20,}|(?<=\+)[0-9a-f]{40}(?=@)",
    re.IGNORECASE,
)
"""The tokens of a mail's links and of the address that it is answered at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail that somebody wrote to one of our addresses."""

    message_id: str
    sender: str
    token: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes, and who may write there by it."""

    person: Actor
    post_id: UUID
    thread: Thread
    comment_id: UUID | None


def place_of(session: Session, answer: Answer, now: datetime) -> Place | None:
    """None when it is no answer, too old, empty, or of somebody else than the mail was sent to."""
    row: Any = session.execute(
        select(MailToken, col(Person.email))
        .join(Person, col(Person.id) == col(MailToken.person_id))
        .where(
            col(MailToken.digest) == tokens.digest_of(answer.token),
            col(MailToken.post_id).is_not(None),
            col(MailToken.created_at) > now - ANSWERED_FOR,
        )
    ).one_or_none()
    if row is None or row[1] != answer.sender.lower() or not answer.text:
        return None
    token: MailToken = row[0]
    person = sign_in.actor_of(session, token.person_id, token.client_id)
    if person is None or token.post_id is None:
        return None
    return Place(person, token.post_id, Thread(token.thread), token.comment_id)


def take(session: Session, place: Place, answer: Answer, now: datetime) -> bool:
    """Say it in the thread that the mail was about; the same mail again says nothing more.

    Returns:
        Whether it was new.

    Raises:
        Refused: what refuses comments; the place is not theirs any more, for one.
    """
    command_id = uuid5(_ANSWERS, f"{answer.token}\n{answer.message_id}")
    made = comments.id_of(place.person, command_id)
    if session.execute(select(col(Comment.id)).where(col(Comment.id) == made)).first():
        return False
    remark = Remark(_for_others(answer.text), parent_id=place.comment_id)
    post_id, thread = place.post_id, place.thread
    comments.add(session, place.person, post_id, thread, remark, command_id=command_id, now=now)
    return True


def note_trouble(session: Session, failure: str, now: datetime) -> None:
    """Answers cannot be fetched; empty: they can."""
    session.execute(delete(InboundTrouble))
    if failure:
        row = {"id": 1, "failure": queues.told(failure), "since": now}
        session.execute(insert(InboundTrouble), [row])


def tell_refused(session: Session, place: Place, refused: Refused, now: datetime) -> None:
    """Whoever answered shall not believe that it was heard."""
    if place.person.user_id is None:
        return
    language = mail.languages(session, [place.person.user_id])[place.person.user_id]
    key, number = session.execute(
        select(col(Client.key), col(Post.number))
        .join(Post, col(Post.client_id) == col(Client.id))
        .where(col(Post.id) == place.post_id)
    ).one()
    subject = text(language).gettext(
        "Your answer about {post} was not taken", post=f"{key}-{number}"
    )
    about = About(language=language)
    letter = Letter(subject, say(refused, language))
    mail.enqueue(session, place.person.user_id, letter, "/", now, about)


def _for_others(words: str) -> str:
    """As long as a comment may be; without what only its writer may follow, if they quote it."""
    words = _SECRETS.sub("…", words)
    return words if len(words) <= COMMENT_MAX else words[: COMMENT_MAX - 1] + "…"
