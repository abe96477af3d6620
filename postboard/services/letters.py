"""Letters about notices: pending ones become mails, each once, with whatever else is due."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Person, table_of
from postboard.db.notify_models import PendingMail
from postboard.domain.tasks import NoticeKind
from postboard.locale import Language, Text, text
from postboard.services import mail
from postboard.services.letter_items import Item, items_of
from postboard.services.mail import About, Letter

SHOWN: Final = 30
"""Of one mail; of the others it says how many."""
_PENDING = table_of(PendingMail)


def waiting(session: Session, now: datetime) -> list[UUID]:
    """The people for whom something is due."""
    rows = session.execute(
        select(_PENDING.c.person_id)
        .join(Person, col(Person.id) == _PENDING.c.person_id)
        .where(_PENDING.c.due_at <= now, col(Person.disabled_at).is_(None))
        .distinct()
    )
    return list(rows.scalars())


def write(session: Session, person_id: UUID, now: datetime) -> int:
    """Turn what is due for somebody into mails; whoever comes second finds nothing left.

    What they read meanwhile, may not see any more, or what has been taken back is left out.

    Returns:
        How many mails were written.
    """
    due: Any = session.execute(
        delete(_PENDING)
        .where(_PENDING.c.person_id == person_id, _PENDING.c.due_at <= now)
        .returning(_PENDING.c.notice_id, _PENDING.c.kind, _PENDING.c.digest, _PENDING.c.said)
    ).all()
    if not due:
        return 0
    language = mail.languages(session, [person_id])[person_id]
    groups = _grouped(items_of(session, person_id, due))
    for group in groups:
        _send(session, person_id, group, language, now)
    return len(groups)


def _grouped(items: Sequence[Item]) -> list[list[Item]]:
    """What is told at once is told post by post; digests, and posts to review, come together."""

    def together(item: Item) -> tuple[str, ...]:
        side = item.client_id.hex if item.client_id and item.for_client else ""
        if item.digest:
            return ("digest", side)
        if item.kind is NoticeKind.TO_REVIEW:
            return ("review", side)
        return ("post", side, item.about.hex)

    in_order: Callable[[Item], tuple[str, ...]] = together
    return [list(group) for _, group in groupby(sorted(items, key=in_order), key=in_order)]


def _send(
    session: Session, person_id: UUID, items: Sequence[Item], language: Language, now: datetime
) -> None:
    first, one_post = items[0], len({item.about for item in items}) == 1
    words = text(language)
    about = About(
        language=language,
        kinds=tuple(dict.fromkeys(item.kind for item in items)),
        post_id=first.post_id if one_post else None,
        thread=first.thread if one_post else None,
        comment_id=first.comment_id if one_post else None,
        review_of=first.client_id if first.for_client else None,
    )
    path = first.path if one_post else "/work/"
    letter = Letter(_subject(items, words, one_post=one_post)[:300], _body(items, words))
    mail.enqueue(session, person_id, letter, path, now, about)


def _subject(items: Sequence[Item], words: Text, *, one_post: bool) -> str:
    posts = len({item.post_id for item in items})
    if len(items) == 1:
        return items[0].told(words)
    if any(item.post_id is None for item in items):
        return words.ngettext("{n} piece of news", "{n} pieces of news", len(items))
    if all(item.kind is NoticeKind.TO_REVIEW for item in items):
        return words.ngettext(
            "{n} post waits for your review", "{n} posts wait for your review", posts
        )
    if one_post:
        return words.gettext("News about {post}", post=items[0].key)
    return words.ngettext("News about {n} post", "News about {n} posts", posts)


def _body(items: Sequence[Item], words: Text) -> str:
    """A paragraph for each: what happened, the post's first words, what was said."""
    parts = [
        "\n".join(part for part in (_headline(item, words), item.quoted) if part)
        for item in items[:SHOWN]
    ]
    if (more := len(items) - SHOWN) > 0:
        parts.append(words.ngettext("and {n} more", "and {n} more", more))
    return "\n\n".join(parts)


def _headline(item: Item, words: Text) -> str:
    told = item.told(words)
    return f"{told} · {item.title}" if item.title else told
