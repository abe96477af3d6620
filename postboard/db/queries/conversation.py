"""What is said of a post. Staff read both threads; the client's question knows only its own."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Comment,
    MediaAsset,
    Membership,
    Person,
    Post,
)
from postboard.db.queries.comment_rows import (
    NEWEST,
    Count,
    Wish,
    attached_to,
    counts_of,
    heads_of,
    pins_of,
    reactions_of,
    replies_of,
)
from postboard.db.queries.scope import visible_posts
from postboard.db.queries.spoken import Attached, Reader, Shown, Talk, file_of
from postboard.db.types import Choice
from postboard.domain.content import TAG_MAX
from postboard.domain.conversation import READS, WRITES, Thread
from postboard.domain.errors import NotFound
from postboard.domain.permissions import (
    CLIENT_ROLES,
    PERMISSIONS,
    STAFF_ROLES,
    Actor,
    Permission,
    Role,
)
from postboard.domain.workflow import (
    CLIENT_STATES,
)

FILES_MAX: Final = 60
PEOPLE_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class OfRevision:
    """How many comments were made while a revision stood."""

    revision: int
    internal: int
    client: int


@dataclass(frozen=True, slots=True)
class BothThreads:
    internal: Talk
    client: Talk
    revisions: list[OfRevision]
    client_sees: bool
    """Whether the client's people can see the post as it stands."""
    may_upload: bool


def for_staff(
    session: Session, actor: Actor, post_id: UUID, wish: Wish = NEWEST, *, now: datetime
) -> BothThreads:
    """Both threads.

    Raises:
        NotFound: the post is not there, or not this actor's, or the actor is the client.
    """
    post = _post(session, actor, post_id)
    if not actor.may(READS[Thread.INTERNAL], post.client_id):
        raise NotFound
    told = _told(session, actor, post, tuple(Thread), wish, now)
    return BothThreads(
        told.talks[Thread.INTERNAL],
        told.talks[Thread.CLIENT],
        told.revisions,
        client_sees=post.state in CLIENT_STATES,
        may_upload=actor.may(Permission.EDIT_MEDIA, post.client_id),
    )


def for_client(
    session: Session, actor: Actor, post_id: UUID, wish: Wish = NEWEST, *, now: datetime
) -> Talk:
    """The client's thread: there is no way to ask for another one here.

    Raises:
        NotFound: the post is not there, or not this actor's to see.
    """
    post = _post(session, actor, post_id)
    told = _told(session, actor, post, (Thread.CLIENT,), wish, now)
    return told.talks[Thread.CLIENT]


def library(session: Session, actor: Actor, post_id: UUID, text: str) -> list[Attached]:
    """The newest files of the post's client that can be attached, by a word of their names.

    Raises:
        NotFound: the post is not there, or not this actor's, or the actor is the client.
    """
    post = _post(session, actor, post_id)
    if not actor.may(READS[Thread.INTERNAL], post.client_id):
        raise NotFound
    query = select(
        col(MediaAsset.id), col(MediaAsset.kind), col(MediaAsset.name), col(MediaAsset.alt)
    ).where(
        col(MediaAsset.client_id) == post.client_id,
        col(MediaAsset.archived_at).is_(None),
        col(MediaAsset.search_text).contains(text.strip().casefold()[:TAG_MAX], autoescape=True),
    )
    newest = query.order_by(col(MediaAsset.created_at).desc(), col(MediaAsset.id)).limit(FILES_MAX)
    return [file_of(*row) for row in session.execute(newest)]


@dataclass(frozen=True, slots=True)
class _Post:
    id: UUID
    client_id: UUID
    state: str


def _post(session: Session, actor: Actor, post_id: UUID) -> _Post:
    row: Any = session.execute(
        select(col(Post.id), col(Post.client_id), col(Post.state)).where(
            col(Post.id) == post_id, visible_posts(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _Post(*row)


@dataclass(frozen=True, slots=True)
class _Told:
    talks: Mapping[Thread, Talk]
    revisions: list[OfRevision]


def _told(
    session: Session,
    actor: Actor,
    post: _Post,
    threads: Sequence[Thread],
    wish: Wish,
    now: datetime,
) -> _Told:
    """These threads and nothing of another: every statement below stands on `there`."""
    there = and_(col(Comment.post_id) == post.id, col(Comment.thread).in_(threads))
    heads = [row for thread in threads for row in heads_of(session, post.id, thread, wish)]
    replies = replies_of(session, there, [row.id for row in heads], wish)
    ids = [row.id for row in (*heads, *replies)]
    pins = pins_of(session, there)
    people = _people(session, post.client_id)
    counts = counts_of(session, there)
    shown = Shown(
        actor=actor,
        now=now,
        pins={pin.id: pin.number for of_thread in pins.values() for pin in of_thread},
        names={person_id.hex: name for person_id, name, _role in people},
        reactions=reactions_of(session, actor, ids),
        attached=attached_to(session, ids),
    )
    talks = {
        thread: Talk(
            may_write=actor.may(WRITES[thread], post.client_id),
            conversations=[
                shown.conversation(row, replies) for row in heads if row.thread == thread
            ],
            total=_sum(counts, lambda one, of=thread: one.thread == of and one.head),
            open=_sum(counts, lambda one, of=thread: one.thread == of and one.open),
            comments=_sum(counts, lambda one, of=thread: one.thread == of and one.standing),
            pins=pins.get(thread, []),
            people=_mentionable(actor, post, thread, people),
        )
        for thread in threads
    }
    return _Told(talks, _of_revisions(counts))


def _people(session: Session, client_id: UUID) -> list[tuple[UUID, str, Role]]:
    """Who can sign in and has a role for the client, by name."""
    mine = and_(col(Membership.person_id) == col(Person.id), col(Membership.client_id) == client_id)
    role = func.coalesce(col(Person.agency_role), col(Membership.role), type_=Choice(Role))
    query = (
        select(col(Person.id), col(Person.name), role)
        .outerjoin(Membership, mine)
        .where(col(Person.disabled_at).is_(None), role.is_not(None))
        .order_by(func.lower(col(Person.name)), col(Person.id))
        .limit(PEOPLE_MAX)
    )
    return [(person_id, name, theirs) for person_id, name, theirs in session.execute(query)]


def _mentionable(
    actor: Actor, post: _Post, thread: Thread, people: Sequence[tuple[UUID, str, Role]]
) -> list[Reader]:
    """Those who read the thread; the client's side is offered those who speak with it."""
    outside = actor.role_for(post.client_id) in CLIENT_ROLES
    return [
        Reader(person_id.hex, name, role in CLIENT_ROLES)
        for person_id, name, role in people
        if person_id != actor.user_id
        and READS[thread] in PERMISSIONS[role]
        and not (outside and role in STAFF_ROLES and WRITES[thread] not in PERMISSIONS[role])
    ]


def _of_revisions(counts: Iterable[Count]) -> list[OfRevision]:
    found: dict[int, Counter[Thread]] = {}
    for one in counts:
        if one.standing:
            found.setdefault(one.revision, Counter())[one.thread] += one.n
    return [
        OfRevision(revision, of[Thread.INTERNAL], of[Thread.CLIENT])
        for revision, of in sorted(found.items())
    ]


def _sum(counts: Iterable[Count], wanted: Callable[[Count], bool]) -> int:
    return sum(one.n for one in counts if wanted(one))
