"""Outgoing mail: written with what it tells of, sent later, not lost and not sent twice at once."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Client, OutgoingMail, Person, Post, table_of
from postboard.db.notify_models import ChatAddress, MailToken
from postboard.domain.conversation import Thread
from postboard.domain.tasks import NEVER_OFF, Expectation, NoticeKind
from postboard.locale import LANGUAGES, Language, text
from postboard.locale.languages import SOURCE
from postboard.services import chats, queues, shared_codes, sign_in_links, tokens
from postboard.services.queues import LEASE, MAIL

MAILED_LINK_LIFETIME: Final = timedelta(days=14)
ANSWERED_FOR: Final = timedelta(days=90)
"""How long an answer to a mail is taken."""
STOPPED_FOR: Final = timedelta(days=180)
"""How long the link at a mail's foot opens its reader's settings."""
NAMED: Final = 10
"""Posts that a mail names; of the others it says how many."""

# Built once, past the ORM: thousands may be written in one minute.
_PERSON = table_of(Person)
_LANGUAGES: Final = select(_PERSON.c.id, _PERSON.c.language).where(
    _PERSON.c.id.in_(bindparam("people", expanding=True))
)
_WRITE: Final = insert(table_of(OutgoingMail))


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str
    """Plain text."""


@dataclass(frozen=True, slots=True)
class About:
    """What a mail is about, beside its words.

    `kinds` are the notices it tells of. Mails about one post make one thread, and an answer to
    one goes to its `thread`, under its comment. `review_of` is the client whose review its button
    opens, by a link for its recipient alone.
    """

    language: Language = "en"
    kinds: tuple[NoticeKind, ...] = ()
    post_id: UUID | None = None
    thread: Thread | None = None
    comment_id: UUID | None = None
    review_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this worker alone may send until its lease ends."""

    id: UUID
    lease: UUID
    name: str
    address: str
    letter: Letter
    language: Language
    path: str
    post_id: UUID | None
    for_review: bool
    stop_token: str
    """Ends mails of its kinds; empty where there are none."""
    reply_token: str
    """Says where an answer goes; empty where it goes nowhere."""
    chat_url: str
    """Where it goes instead of by mail; empty for a mail."""
    attempts: int
    told_too: tuple[UUID, ...] = ()
    """What is said to the same chat in the same message."""


def about_tasks(
    who: str,
    posts: Sequence[tuple[str, datetime | None]],
    expected: Expectation,
    language: Language = "en",
) -> Letter:
    """What is expected of somebody: the posts' keys, and when each is due on its client's clock."""
    words = text(language)
    subject = words.ngettext(
        "{who} assigned {post} to you",
        "{who} assigned {n} posts to you",
        len(posts),
        who=who,
        post=posts[0][0],
    )
    if expected.urgent:
        subject = words.gettext("Urgent: {subject}", subject=subject)
    lines = [
        words.gettext("{post}, due {when}", post=key, when=due_at) if due_at else key
        for key, due_at in posts[:NAMED]
    ]
    if (more := len(posts) - NAMED) > 0:
        lines.append(words.ngettext("and {n} more", "and {n} more", more))
    said = [expected.instructions, "\n".join(expected.links)]
    return Letter(subject[:300], "\n\n".join(["\n".join(lines), *(part for part in said if part)]))


def about_review(
    key: str, due_at: datetime, zone: ZoneInfo, now: datetime, language: Language = "en"
) -> Letter:
    """An answer is due; `due_at` is told on the clock of the post's client."""
    words = text(language)
    late = due_at < now
    subject = words.gettext("{post} waits for your answer", post=key)
    if late:
        subject = words.gettext("Overdue: {subject}", subject=subject)
    body = words.gettext("{post}, due {when}", post=key, when=due_at.astimezone(zone))
    return Letter(subject[:300], body)


def about_overdue(
    key: str, due_at: datetime, zone: ZoneInfo, names: Sequence[str], language: Language = "en"
) -> Letter:
    """For those who look after the post: who has not answered."""
    words = text(language)
    subject = words.gettext("No answer on {post} yet", post=key)
    body = words.gettext("{post}, due {when}", post=key, when=due_at.astimezone(zone))
    asked = words.gettext("Asked: {names}", names=", ".join(names)) if names else ""
    return Letter(subject[:300], "\n\n".join(part for part in (body, asked) if part))


def about_late_approval(key: str, language: Language = "en") -> Letter:
    words = text(language)
    subject = words.gettext("{post} was approved after its time", post=key)
    return Letter(subject[:300], words.gettext("Give it another time, then schedule it."))


def languages(session: Session, people: Collection[UUID]) -> dict[UUID, Language]:
    """What mail to each of them is written in."""
    rows: Any = session.execute(_LANGUAGES, {"people": [*people]})
    return {person: known_language(language) for person, language in rows}


def enqueue(
    session: Session,
    person_id: UUID,
    letter: Letter,
    path: str,
    now: datetime,
    about: About = About(),
) -> UUID:
    """Send it once this transaction is committed; what tells of notices goes to chats too."""
    mail_id = uuid4()
    row: dict[str, Any] = {
        "id": mail_id,
        "person_id": person_id,
        "subject": letter.subject,
        "body": letter.body,
        "path": path,
        "language": about.language,
        "kinds": [kind.value for kind in about.kinds],
        "post_id": about.post_id,
        "thread": about.thread,
        "comment_id": about.comment_id,
        "review_of": about.review_of,
        "due_at": now,
        "attempts": 0,
        "failure": "",
        "created_at": now,
    }
    rows = [row | {"chat_id": None}]
    if about.kinds and about.review_of is None:
        rows += [row | {"id": uuid4(), "chat_id": chat} for chat in chats.of(session, person_id)]
    session.execute(_WRITE, rows)
    return mail_id


def due(session: Session, now: datetime, *, most: int, to_chats: bool = False) -> list[UUID]:
    """Mail that nobody is sending, what waits longest in front; `to_chats`: nothing else."""
    which = (col(OutgoingMail.chat_id).is_not(None),) if to_chats else ()
    rows = session.execute(
        select(col(OutgoingMail.id))
        .outerjoin(Person, col(Person.id) == col(OutgoingMail.person_id))
        .where(*MAIL.is_due(now), col(Person.disabled_at).is_(None), *which)
        .order_by(col(OutgoingMail.due_at))
        .limit(most)
    )
    return list(rows.scalars())


def claim(session: Session, mail_id: UUID, now: datetime) -> Claimed | None:
    """Take it for this worker; None when another was first."""
    lease = uuid4()
    taken = session.execute(
        update(OutgoingMail)
        .where(col(OutgoingMail.id) == mail_id, *MAIL.is_due(now))
        .values(lease=lease, leased_until=now + LEASE, attempts=col(OutgoingMail.attempts) + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(taken):
        return None
    row: Any = session.execute(
        select(OutgoingMail, col(Person.name), col(Person.email), col(ChatAddress.url))
        .outerjoin(Person, col(Person.id) == col(OutgoingMail.person_id))
        .outerjoin(ChatAddress, col(ChatAddress.id) == col(OutgoingMail.chat_id))
        .where(col(OutgoingMail.id) == mail_id)
    ).one()
    mail: OutgoingMail = row[0]
    if mail.chat_id and row[3] is None:  # the chat was removed while this was written
        session.delete(mail)
        return None
    if mail.person_id is None and (others := _take_along(session, mail, lease, now)):
        return _together(session, mail, others, lease, row[3])
    code = shared_codes.for_mail(session, mail_id, now)
    return Claimed(
        id=mail_id,
        lease=lease,
        name=row[1] or "",
        address=row[2] or "",
        letter=Letter(mail.subject, f"{code}\n\n{mail.body}" if code else mail.body),
        language=known_language(mail.language),
        path=_path(session, mail, now),
        post_id=mail.post_id,
        for_review=mail.review_of is not None,
        stop_token=_stop_token(session, mail, now),
        reply_token=_reply_token(session, mail, now),
        chat_url=row[3] or "",
        attempts=mail.attempts,
    )


def note_sent(session: Session, claimed: Claimed, now: datetime) -> None:
    # Whoever holds the lease by now: the mail server has it, and it shall not go out again.
    ids = (claimed.id, *claimed.told_too)
    _note(session, col(OutgoingMail.id).in_(ids), sent_at=now, failure="")


def note_failed(session: Session, claimed: Claimed, failure: str, now: datetime) -> None:
    """Try again later, the longer the more often it failed."""
    _note(
        session,
        col(OutgoingMail.lease) == claimed.lease,
        failure=queues.told(failure),
        due_at=queues.next_try(claimed.attempts, now),
    )


def _take_along(
    session: Session, mail: OutgoingMail, lease: UUID, now: datetime
) -> Sequence[OutgoingMail]:
    """What the same chat of a client is told of one moment: so is an approval of all."""
    session.execute(
        update(OutgoingMail)
        .where(
            col(OutgoingMail.chat_id) == mail.chat_id,
            col(OutgoingMail.person_id).is_(None),
            col(OutgoingMail.due_at) == mail.due_at,
            col(OutgoingMail.id) != mail.id,
            *MAIL.is_due(now),
        )
        .values(lease=lease, leased_until=now + LEASE, attempts=col(OutgoingMail.attempts) + 1)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(
        select(OutgoingMail).where(
            col(OutgoingMail.lease) == lease, col(OutgoingMail.id) != mail.id
        )
    )
    return list(rows.scalars())


def _together(
    session: Session, mail: OutgoingMail, others: Sequence[OutgoingMail], lease: UUID, url: str
) -> Claimed:
    """One message of several, in the order of their posts."""
    numbers: Any = session.execute(
        select(col(Post.id), col(Post.number)).where(
            col(Post.id).in_([one.post_id for one in (mail, *others)])
        )
    )
    number = {post_id: number for post_id, number in numbers}  # noqa: C416 - a Row is no pair to dict()
    those = sorted((mail, *others), key=lambda one: number.get(one.post_id, 0))
    key = session.execute(
        select(col(Client.key))
        .join(ChatAddress, col(ChatAddress.client_id) == col(Client.id))
        .where(col(ChatAddress.id) == mail.chat_id)
    ).scalar_one()
    language = known_language(mail.language)
    posts = len({one.post_id for one in those})
    subject = text(language).ngettext("News about {n} post", "News about {n} posts", posts)
    said = ["\n".join(part for part in (one.subject, one.body) if part) for one in those]
    return Claimed(
        id=mail.id,
        lease=lease,
        name="",
        address="",
        letter=Letter(subject, "\n\n".join(said)),
        language=language,
        path=f"/board/?client={key}",
        post_id=None,
        for_review=False,
        stop_token="",
        reply_token="",
        chat_url=url,
        attempts=mail.attempts,
        told_too=tuple(one.id for one in others),
    )


def _path(session: Session, mail: OutgoingMail, now: datetime) -> str:
    """A reviewer's link is made for this very sending: no table keeps its token."""
    if mail.review_of is None or mail.person_id is None:
        return mail.path
    token = sign_in_links.make(
        session,
        mail.person_id,
        client_id=mail.review_of,
        single_use=False,
        lifetime=MAILED_LINK_LIFETIME,
        now=now,
    )
    return f"/link/{token}"


def _stop_token(session: Session, mail: OutgoingMail, now: datetime) -> str:
    kinds = [kind for kind in mail.kinds if kind not in NEVER_OFF]
    return _new_token(session, mail, now, kinds=kinds) if kinds and mail.chat_id is None else ""


def _reply_token(session: Session, mail: OutgoingMail, now: datetime) -> str:
    if not (mail.thread and mail.post_id) or mail.chat_id:
        return ""
    where = {"thread": mail.thread, "post_id": mail.post_id, "comment_id": mail.comment_id}
    return _new_token(session, mail, now, **where, client_id=mail.review_of)


def _new_token(session: Session, mail: OutgoingMail, now: datetime, **means: Any) -> str:
    # Mail servers may write the name before the @ in small letters.
    token = secrets.token_hex(20)
    row: dict[str, Any] = {
        "digest": tokens.digest_of(token),
        "person_id": mail.person_id,
        "kinds": [],
        "thread": "",
        "created_at": now,
    }
    _forget_old_tokens(session, now)
    session.execute(insert(MailToken), [row | means])
    return token


def _forget_old_tokens(session: Session, now: datetime) -> None:
    made_at, for_answers = col(MailToken.created_at), col(MailToken.post_id).is_not(None)
    ended = or_(made_at <= now - STOPPED_FOR, and_(for_answers, made_at <= now - ANSWERED_FOR))
    session.execute(delete(MailToken).where(ended))


def known_language(name: str) -> Language:
    """The language of that name; what is none speaks as the source does."""
    known: dict[str, Language] = {language: language for language in LANGUAGES}
    return known.get(name, SOURCE)


def _note(session: Session, which: Any, **values: Any) -> None:
    session.execute(
        update(OutgoingMail)
        .where(which, col(OutgoingMail.sent_at).is_(None))
        .values(lease=None, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
