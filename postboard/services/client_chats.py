"""The agency's own chats about one client: they hear what its people say, and what is late."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, OutgoingMail, Post
from postboard.db.notify_models import ChatAddress
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action
from postboard.locale import LANGUAGES, N_, Language, text
from postboard.locale.languages import MessageId
from postboard.services import chats
from postboard.services.chats import MOST
from postboard.services.clients import need_to_manage
from postboard.services.events import Fact, record
from postboard.services.mail import Letter, known_language

SETTLE: Final = timedelta(seconds=20)
"""What the client takes back at once is not told: longer than an answer can be taken back."""
QUOTE_MAX: Final = 1_500
DECIDED: Final[Mapping[Action, MessageId]] = MappingProxyType(
    {
        Action.APPROVE: N_("{who} approved {post}"),
        Action.REQUEST_CHANGES: N_("{who} asks for changes to {post}"),
        Action.HOLD: N_("{who} put {post} on hold"),
        Action.RELEASE: N_("{who} released {post}"),
    }
)
_COMMENTED: Final = N_("{who} commented on {post}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message for a try goes, and what it says."""

    url: str
    letter: Letter


def add(
    session: Session,
    actor: Actor,
    client_id: UUID,
    url: str,
    service: str,
    language: str,
    *,
    now: datetime,
) -> None:
    """From now on it hears of the client; the caller has found out which service it is.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not manage it.
        BadInput: there is no such language, or they are too many.
    """
    need_to_manage(session, actor, client_id)
    if language not in LANGUAGES:
        raise BadInput
    there = select(func.count()).where(col(ChatAddress.client_id) == client_id)
    if session.execute(there).scalar_one() >= MOST:
        raise BadInput("A client can have at most {limit} chats.", limit=MOST)
    row = {"client_id": client_id, "url": url, "service": service, "language": language}
    session.execute(insert(ChatAddress), [row | {"id": uuid4(), "created_at": now}])
    content = {"service": service, "language": language}
    record(session, actor, Fact(client_id, "client.chat_added", client_id, content), now)


def remove(
    session: Session, actor: Actor, client_id: UUID, chat_id: UUID, *, now: datetime
) -> None:
    """Nothing more goes there, not even what waits.

    Raises:
        NotFound: it is not there, or not of this client, or the client is not this actor's.
        NotAllowed: the actor does not manage the client.
    """
    need_to_manage(session, actor, client_id)
    service = chats.drop(
        session, (col(ChatAddress.id) == chat_id, col(ChatAddress.client_id) == client_id)
    )
    content = {"service": service}
    record(session, actor, Fact(client_id, "client.chat_removed", client_id, content), now)


def trial(session: Session, actor: Actor, client_id: UUID, chat_id: UUID) -> Target:
    """A message that only shows that the chat is reached, in the chat's language.

    Raises:
        NotFound: it is not there, or not of this client, or the client is not this actor's.
        NotAllowed: the actor does not manage the client.
    """
    need_to_manage(session, actor, client_id)
    row: Any = session.execute(
        select(col(ChatAddress.url), col(ChatAddress.language), col(Client.name))
        .join(Client, col(Client.id) == col(ChatAddress.client_id))
        .where(col(ChatAddress.id) == chat_id, col(ChatAddress.client_id) == client_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    words = text(known_language(row.language))
    subject = words.gettext("Postboard reaches this chat")
    body = words.gettext("News about {client} comes here.", client=row.name)
    return Target(row.url, Letter(subject, body))


def is_there(session: Session, client_id: UUID) -> bool:
    chat = select(col(ChatAddress.id)).where(col(ChatAddress.client_id) == client_id).limit(1)
    return session.execute(chat).first() is not None


def tell(
    session: Session,
    client_id: UUID,
    post_id: UUID,
    kind: NoticeKind,
    letter: Callable[[Language], Letter],
    now: datetime,
    *,
    due_at: datetime | None = None,
    comment_id: UUID | None = None,
) -> None:
    """Every chat of the client hears of it, in its own language, once this is committed."""
    there: Any = session.execute(
        select(col(ChatAddress.id), col(ChatAddress.language)).where(
            col(ChatAddress.client_id) == client_id
        )
    ).all()
    if not there:
        return
    path = f"/post/?key={_key(session, post_id)}"
    written = {language: letter(known_language(language)) for _, language in there}
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "chat_id": chat_id,
            "subject": written[language].subject,
            "body": written[language].body,
            "path": path,
            "language": language,
            "kinds": [kind.value],
            "post_id": post_id,
            "comment_id": comment_id,
            "due_at": due_at or now,
            "attempts": 0,
            "failure": "",
            "created_at": now,
        }
        for chat_id, language in there
    ]
    session.execute(insert(OutgoingMail), rows)


def tell_decision(
    session: Session,
    actor: Actor,
    client_id: UUID,
    post_id: UUID,
    action: Action,
    reason: str,
    now: datetime,
) -> None:
    """What somebody of the client's side decided; what they take back at once is not told."""
    if action is Action.RECONSIDER:
        _take_back(session, actor, client_id, post_id)
        return
    if (sentence := DECIDED.get(action)) is None:
        return

    def letter(language: Language) -> Letter:
        return Letter(_said(session, actor, post_id, sentence, language), reason[:QUOTE_MAX])

    kind = NoticeKind.DECISION
    tell(session, client_id, post_id, kind, letter, now, due_at=now + SETTLE)


def tell_comment(
    session: Session,
    actor: Actor,
    client_id: UUID,
    post_id: UUID,
    comment_id: UUID,
    said: str,
    now: datetime,
) -> None:
    """What somebody of the client's side wrote; what they delete at once is not told."""

    def letter(language: Language) -> Letter:
        return Letter(_said(session, actor, post_id, _COMMENTED, language), said[:QUOTE_MAX])

    kind, due_at = NoticeKind.CLIENT_COMMENT, now + SETTLE
    tell(session, client_id, post_id, kind, letter, now, due_at=due_at, comment_id=comment_id)


def drop_comment(session: Session, comment_id: UUID) -> None:
    """It was deleted before anybody was told."""
    _drop(session, col(OutgoingMail.comment_id) == comment_id)


def _take_back(session: Session, actor: Actor, client_id: UUID, post_id: UUID) -> None:
    """This actor's answer only: others of their side may have answered in the same seconds."""
    answers = [DECIDED[Action.APPROVE], DECIDED[Action.REQUEST_CHANGES]]
    said = [_said(session, actor, post_id, one, lang) for one in answers for lang in LANGUAGES]
    of_client = select(col(ChatAddress.id)).where(col(ChatAddress.client_id) == client_id)
    _drop(
        session,
        col(OutgoingMail.post_id) == post_id,
        col(OutgoingMail.chat_id).in_(of_client),
        col(OutgoingMail.subject).in_(said),
    )


def _drop(session: Session, *which: Any) -> None:
    waiting = (col(OutgoingMail.sent_at).is_(None), col(OutgoingMail.attempts) == 0)
    of_chats: Sequence[Any] = (col(OutgoingMail.person_id).is_(None), *waiting)
    session.execute(delete(OutgoingMail).where(*which, *of_chats))


def _said(
    session: Session, actor: Actor, post_id: UUID, sentence: MessageId, language: Language
) -> str:
    told = text(language).gettext(sentence, who=actor.name, post=_key(session, post_id))
    return told[:300]


def _key(session: Session, post_id: UUID) -> str:
    key, number = session.execute(
        select(col(Client.key), col(Post.number))
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id) == post_id)
    ).one()
    return f"{key}-{number}"
