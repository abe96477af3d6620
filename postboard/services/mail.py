"""Outgoing mail: written with what it tells of, sent later, never lost and not sent twice at once.

People have no language of their own yet, so mail is in English.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import OutgoingMail, Person
from postboard.domain.tasks import Expectation
from postboard.locale import text

LEASE: Final = timedelta(minutes=5)
"""How long a worker may take over one mail before another takes it for dead."""
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360))
"""After the first failure, the second, and so on."""
MOST_ATTEMPTS: Final = 12
FAILURE_MAX: Final = 300
NAMED: Final = 10
"""Posts that a mail names; of the others it says how many."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str
    """Plain text."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this worker alone may send until its lease ends."""

    id: UUID
    lease: UUID
    name: str
    address: str
    letter: Letter
    path: str
    attempts: int


def about_tasks(
    who: str, posts: Sequence[tuple[str, datetime | None]], expected: Expectation
) -> Letter:
    """What is expected of somebody: the posts' keys, and when each is due on its client's clock."""
    words = text("en")
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


def about_review(key: str, due_at: datetime, zone: ZoneInfo, now: datetime) -> Letter:
    """An answer is due; `due_at` is told on the clock of the post's client."""
    words = text("en")
    late = due_at < now
    subject = words.gettext("{post} waits for your answer", post=key)
    if late:
        subject = words.gettext("Overdue: {subject}", subject=subject)
    body = words.gettext("{post}, due {when}", post=key, when=due_at.astimezone(zone))
    return Letter(subject[:300], body)


def about_overdue(key: str, due_at: datetime, zone: ZoneInfo, names: Sequence[str]) -> Letter:
    """For those who look after the post: who has not answered."""
    words = text("en")
    subject = words.gettext("No answer on {post} yet", post=key)
    body = words.gettext("{post}, due {when}", post=key, when=due_at.astimezone(zone))
    asked = words.gettext("Asked: {names}", names=", ".join(names)) if names else ""
    return Letter(subject[:300], "\n\n".join(part for part in (body, asked) if part))


def about_late_approval(key: str) -> Letter:
    words = text("en")
    subject = words.gettext("{post} was approved after its time", post=key)
    return Letter(subject[:300], words.gettext("Give it another time, then schedule it."))


def enqueue(session: Session, person_id: UUID, letter: Letter, path: str, now: datetime) -> UUID:
    """Send it once this transaction is committed."""
    mail_id = uuid4()
    row = {
        "id": mail_id,
        "person_id": person_id,
        "subject": letter.subject,
        "body": letter.body,
        "path": path,
        "due_at": now,
        "attempts": 0,
        "failure": "",
        "created_at": now,
    }
    session.execute(insert(OutgoingMail), [row])
    return mail_id


def due(session: Session, now: datetime, *, most: int) -> list[UUID]:
    """Mail that nobody is sending, what waits longest in front."""
    rows = session.execute(
        select(col(OutgoingMail.id))
        .join(Person, col(Person.id) == col(OutgoingMail.person_id))
        .where(*_is_due(now), col(Person.disabled_at).is_(None))
        .order_by(col(OutgoingMail.due_at))
        .limit(most)
    )
    return list(rows.scalars())


def claim(session: Session, mail_id: UUID, now: datetime) -> Claimed | None:
    """Take it for this worker; None when another was first."""
    lease = uuid4()
    taken = session.execute(
        update(OutgoingMail)
        .where(col(OutgoingMail.id) == mail_id, *_is_due(now))
        .values(lease=lease, leased_until=now + LEASE, attempts=col(OutgoingMail.attempts) + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(taken):
        return None
    row: Any = session.execute(
        select(
            col(Person.name),
            col(Person.email),
            col(OutgoingMail.subject),
            col(OutgoingMail.body),
            col(OutgoingMail.path),
            col(OutgoingMail.attempts),
        )
        .join(Person, col(Person.id) == col(OutgoingMail.person_id))
        .where(col(OutgoingMail.id) == mail_id)
    ).one()
    name, address, subject, body, path, attempts = row
    return Claimed(mail_id, lease, name, address, Letter(subject, body), path, attempts)


def note_sent(session: Session, claimed: Claimed, now: datetime) -> None:
    # Whoever holds the lease by now: the mail server has it, and it shall not go out again.
    _note(session, col(OutgoingMail.id) == claimed.id, sent_at=now, failure="")


def note_failed(session: Session, claimed: Claimed, failure: str, now: datetime) -> None:
    """Try again later, the longer the more often it failed."""
    pause = PAUSES[min(claimed.attempts, len(PAUSES)) - 1]
    _note(
        session,
        col(OutgoingMail.lease) == claimed.lease,
        failure=" ".join(failure.split())[:FAILURE_MAX],
        due_at=now + pause,
    )


def _note(session: Session, which: Any, **values: Any) -> None:
    session.execute(
        update(OutgoingMail)
        .where(which, col(OutgoingMail.sent_at).is_(None))
        .values(lease=None, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )


def _is_due(now: datetime) -> tuple[Any, ...]:
    return (
        col(OutgoingMail.sent_at).is_(None),
        col(OutgoingMail.due_at) <= now,
        col(OutgoingMail.attempts) < MOST_ATTEMPTS,
        or_(col(OutgoingMail.leased_until).is_(None), col(OutgoingMail.leased_until) <= now),
    )
