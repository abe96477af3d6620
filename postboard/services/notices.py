"""Notices: what somebody should know of, kept until they have read it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Notice, Post, table_of
from postboard.db.queries.scope import roles_for
from postboard.domain.permissions import CLIENT_ROLES, STAFF_ROLES, Actor
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import SPECS, State
from postboard.services import preferences

NOTHING: Mapping[str, str] = MappingProxyType({})
# Every step of a post tells and settles: built once, past the ORM.
_NOTICE, _POST = table_of(Notice), table_of(Post)
_TELL = insert(_NOTICE)
_SETTLE = update(_NOTICE).where(
    _NOTICE.c.subject_id.in_(bindparam("subjects", expanding=True)), _NOTICE.c.read_at.is_(None)
)
_SETTLE_FOR = _SETTLE.where(_NOTICE.c.person_id.in_(bindparam("people", expanding=True)))
_STANDS = select(_POST.c.client_id, _POST.c.state).where(_POST.c.id == bindparam("post"))


def tell(
    session: Session,
    actor: Actor,
    people: Iterable[UUID],
    kind: NoticeKind,
    post_id: UUID,
    subject_id: UUID | None,
    now: datetime,
    *,
    said: Mapping[str, str] = NOTHING,
    by_mail: bool = True,
) -> None:
    """Let people know of a task, a comment or a decision, also by mail as each of them wants it:
    nobody of their own doing, and only of a post that they may see.

    Of a task whoever assigns it says whether a mail is sent.
    """
    others = {person for person in people if person != actor.user_id}
    if not others:
        return
    seeing = sorted(who_may_see(session, others, post_id))
    those = [(person, post_id, subject_id) for person in seeing]
    told = tell_each(session, actor, kind, those, now)
    if told and by_mail and kind is not NoticeKind.TASK:
        preferences.postpone(session, kind, told, now, said=said)


def tell_beside_posts(
    session: Session,
    actor: Actor,
    people: Iterable[UUID],
    kind: NoticeKind,
    client_id: UUID,
    subject_id: UUID,
    now: datetime,
) -> None:
    """As `tell`, of an idea or an agreement: those of these people who still have to do with its
    client.
    """
    seeing = sorted(roles_for(session, client_id, {*people}))
    told = tell_each(session, actor, kind, [(person, None, subject_id) for person in seeing], now)
    if told:
        preferences.postpone(session, kind, told, now)


def tell_each(
    session: Session,
    actor: Actor,
    kind: NoticeKind,
    told: Sequence[tuple[UUID, UUID | None, UUID | None]],
    now: datetime,
) -> list[tuple[UUID, UUID]]:
    """Many at once, not by mail: person, post and subject, for people who are known to see it.

    Returns:
        The notices, each with its person.
    """
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "person_id": person_id,
            "kind": kind,
            "post_id": post_id,
            "subject_id": subject_id,
            "actor_name": actor.name,
            "at": now,
        }
        for person_id, post_id, subject_id in told
        if person_id != actor.user_id
    ]
    if rows:
        session.execute(_TELL, rows)
    return [(row["id"], row["person_id"]) for row in rows]


def read(session: Session, actor: Actor, notice_ids: Sequence[UUID], *, now: datetime) -> None:
    """The actor has read these; of other people's notices nothing happens."""
    _mark(session, [col(Notice.id).in_(notice_ids), col(Notice.person_id) == actor.user_id], now)


def read_all(session: Session, actor: Actor, *, now: datetime) -> None:
    _mark(session, [col(Notice.person_id) == actor.user_id], now)


def settle(
    session: Session, people: Iterable[UUID | None] | None, subjects: Sequence[UUID], now: datetime
) -> None:
    """What the notices of these people (None: of everybody) were about has been dealt with."""
    which: dict[str, Any] = {"subjects": [*subjects], "read_at": now}
    if people is None:
        session.execute(_SETTLE, which)
    else:
        session.execute(_SETTLE_FOR, which | {"people": [person for person in people if person]})


def unsettle(session: Session, subject_id: UUID, settled_at: datetime) -> None:
    """It was not dealt with after all."""
    session.execute(
        update(Notice)
        .where(col(Notice.subject_id) == subject_id, col(Notice.read_at) == settled_at)
        .values(read_at=None)
        .execution_options(synchronize_session=False)
    )


def who_may_see(session: Session, people: set[UUID], post_id: UUID) -> set[UUID]:
    """Those of these people who may see the post as it stands now."""
    post: Any = session.execute(_STANDS, {"post": post_id}).one()
    seen = STAFF_ROLES | CLIENT_ROLES if SPECS[State(post.state)].client_sees else STAFF_ROLES
    roles = roles_for(session, post.client_id, people)
    return {person for person, role in roles.items() if role in seen}


def _mark(session: Session, which: Sequence[Any], now: datetime) -> None:
    session.execute(
        update(Notice)
        .where(*which, col(Notice.read_at).is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
