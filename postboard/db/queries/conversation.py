"""What is said of a post. Staff read both threads; the client's question knows only its own."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Comment,
    CommentAttachment,
    MediaAsset,
    Membership,
    Person,
    Post,
    Reaction,
)
from postboard.db.queries.board import stamp
from postboard.db.queries.scope import visible_posts
from postboard.db.types import Choice
from postboard.domain.content import TAG_MAX
from postboard.domain.conversation import REACTIONS, READS, UNDO_FOR, WRITES, Thread
from postboard.domain.errors import NotFound
from postboard.domain.permissions import (
    CLIENT_ROLES,
    PERMISSIONS,
    STAFF_ROLES,
    Actor,
    Permission,
    Role,
)
from postboard.domain.workflow import CLIENT_STATES

SHOWN: Final = 30
"""Conversations at once; older ones on demand."""
REPLIES_SHOWN: Final = 20
REPLIES_MAX: Final = 500
"""Of a conversation that is asked for whole."""
PINS_MAX: Final = 300
FILES_MAX: Final = 60
PEOPLE_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Reacted:
    emoji: str
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the library under a comment."""

    asset: str
    kind: str
    name: str
    alt: str
    thumb: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One comment; a deleted one has no words left. Ids are hex, instants ISO text.

    `field` (on one `network`) or a spot on a picture is what it points at: of a spot there are
    `asset`, x, y (0..1) and `pin`, its number.
    """

    id: str
    who: str
    mine: bool
    of_client: bool
    text: str
    at: str
    edited: bool
    deleted: bool
    may_restore: bool
    version: int
    revision: int
    field: str
    network: str
    asset: str
    x: float
    y: float
    pin: int
    names: list[str]
    reactions: list[Reacted]
    attached: list[Attached]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A first comment with the newest answers to it, in the order of time."""

    id: str
    head: Spoken
    replies: list[Spoken]
    replies_total: int
    resolved: bool
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered spot on a picture."""

    id: str
    asset: str
    x: float
    y: float
    number: int
    resolved: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can be mentioned."""

    id: str
    name: str
    of_client: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """One thread of one post; the newest conversation first."""

    may_write: bool = False
    conversations: list[Conversation] = field(default_factory=list[Conversation])
    total: int = 0
    """Conversations, also those not shown."""
    open: int = 0
    comments: int = 0
    pins: list[Pin] = field(default_factory=list[Pin])
    people: list[Reader] = field(default_factory=list[Reader])


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


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that a comment had before; `at` is when it was written."""

    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of a thread is asked for; `whole` names conversations to be shown in full."""

    shown: int = SHOWN
    whole: frozenset[UUID] = frozenset()
    revision: int = 0


def for_staff(
    session: Session, actor: Actor, post_id: UUID, wish: Wish = Wish(), *, now: datetime
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
    session: Session, actor: Actor, post_id: UUID, wish: Wish = Wish(), *, now: datetime
) -> Talk:
    """The client's thread: there is no way to ask for another one here.

    Raises:
        NotFound: the post is not there, or not this actor's to see.
    """
    post = _post(session, actor, post_id)
    told = _told(session, actor, post, (Thread.CLIENT,), wish, now)
    return told.talks[Thread.CLIENT]


def earlier(session: Session, actor: Actor, comment_id: UUID) -> list[Earlier]:
    """A comment's texts before the one it has, the newest first.

    Raises:
        NotFound: it is not there, deleted, or in a thread that is not this actor's.
    """
    return _earlier(session, actor, comment_id, tuple(Thread))


def earlier_for_client(session: Session, actor: Actor, comment_id: UUID) -> list[Earlier]:
    """The same of the client's thread alone."""
    return _earlier(session, actor, comment_id, (Thread.CLIENT,))


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
    return [_file(*row) for row in session.execute(newest)]


def place_of(session: Session, actor: Actor, comment_id: UUID) -> tuple[Thread, UUID]:
    """In which thread a comment is, and its conversation; for staff.

    Raises:
        NotFound: it is not there, or not this actor's to see.
    """
    row: Any = session.execute(
        select(
            col(Comment.thread),
            func.coalesce(col(Comment.parent_id), col(Comment.id)),
            col(Post.client_id),
        )
        .join(Post, col(Post.id) == col(Comment.post_id))
        .where(col(Comment.id) == comment_id, visible_posts(actor))
    ).one_or_none()
    if row is None or not actor.may(READS[Thread.INTERNAL], row[2]):
        raise NotFound
    return row[0], row[1]


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
    heads = [row for thread in threads for row in _heads(session, post, thread, wish)]
    replies = _replies(session, there, [row.id for row in heads], wish)
    ids = [row.id for row in (*heads, *replies)]
    pins = _pins(session, there)
    people = _people(session, post.client_id)
    counts = _counts(session, there)
    shown = _Shown(
        actor=actor,
        now=now,
        pins={pin.id: pin.number for of_thread in pins.values() for pin in of_thread},
        names={person_id.hex: name for person_id, name, _role in people},
        reactions=_reactions(session, actor, ids),
        attached=_attached(session, ids),
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


def _heads(session: Session, post: _Post, thread: Thread, wish: Wish) -> Sequence[Any]:
    there = and_(col(Comment.post_id) == post.id, col(Comment.thread) == thread)
    query = _comments(there).where(col(Comment.parent_id).is_(None))
    if wish.revision:
        of_revision = select(func.coalesce(col(Comment.parent_id), col(Comment.id))).where(
            there, col(Comment.revision) == wish.revision
        )
        query = query.where(col(Comment.id).in_(of_revision))
    order = col(Comment.created_at).desc(), col(Comment.id)
    newest = session.execute(query.order_by(*order).limit(wish.shown)).all()
    if not wish.whole:
        return newest
    asked = session.execute(query.where(col(Comment.id).in_(wish.whole)).order_by(*order)).all()
    shown = {row.id for row in newest}
    return [*newest, *(row for row in asked if row.id not in shown)]


def _replies(
    session: Session, there: ColumnElement[bool], heads: Sequence[UUID], wish: Wish
) -> Sequence[Any]:
    """The newest of each conversation, in the order of time; `n` is how many there are."""
    newest_first = (col(Comment.created_at).desc(), col(Comment.id).desc())
    together = col(Comment.parent_id)
    ranked = (
        select(
            col(Comment.id),
            func.row_number().over(partition_by=together, order_by=newest_first).label("place"),
            func.count().over(partition_by=together).label("n"),
        )
        .where(there, together.in_(heads))
        .subquery()
    )
    wanted = or_(
        ranked.c.place <= REPLIES_SHOWN,
        and_(together.in_(wish.whole), ranked.c.place <= REPLIES_MAX),
    )
    return session.execute(
        _comments(there, ranked.c.n)
        .join(ranked, ranked.c.id == col(Comment.id))
        .where(wanted)
        .order_by(col(Comment.created_at), col(Comment.id))
    ).all()


def _comments(there: ColumnElement[bool], *more: Any) -> Any:
    """Comments with the side their author is on now."""
    return (
        select(
            col(Comment.id),
            col(Comment.thread),
            col(Comment.parent_id),
            col(Comment.author_id),
            col(Comment.author_name),
            col(Comment.revision),
            col(Comment.text),
            col(Comment.anchor),
            col(Comment.mentions),
            col(Comment.version),
            col(Comment.created_at),
            col(Comment.edited_at),
            col(Comment.deleted_at),
            col(Comment.resolved_at),
            col(Comment.resolved_by),
            col(Membership.role),
            *more,
        )
        .join(Post, col(Post.id) == col(Comment.post_id))
        .outerjoin(
            Membership,
            and_(
                col(Membership.person_id) == col(Comment.author_id),
                col(Membership.client_id) == col(Post.client_id),
            ),
        )
        .where(there)
    )


def _reactions(
    session: Session, actor: Actor, comment_ids: Sequence[UUID]
) -> Mapping[UUID, list[Reacted]]:
    mine = func.max(case((col(Reaction.person_id) == actor.user_id, 1), else_=0))
    rows = session.execute(
        select(col(Reaction.comment_id), col(Reaction.emoji), func.count(), mine)
        .where(col(Reaction.comment_id).in_(comment_ids), col(Reaction.emoji).in_(REACTIONS))
        .group_by(col(Reaction.comment_id), col(Reaction.emoji))
    )
    found: dict[UUID, list[Reacted]] = {}
    for comment_id, emoji, count, is_mine in rows:
        found.setdefault(comment_id, []).append(Reacted(emoji, count, bool(is_mine)))
    for given in found.values():
        given.sort(key=lambda one: REACTIONS.index(one.emoji))
    return found


def _attached(session: Session, comment_ids: Sequence[UUID]) -> Mapping[UUID, list[Attached]]:
    rows = session.execute(
        select(
            col(CommentAttachment.comment_id),
            col(MediaAsset.id),
            col(MediaAsset.kind),
            col(MediaAsset.name),
            col(MediaAsset.alt),
        )
        .join(MediaAsset, col(MediaAsset.id) == col(CommentAttachment.asset_id))
        .where(col(CommentAttachment.comment_id).in_(comment_ids))
        .order_by(col(MediaAsset.name), col(MediaAsset.id))
    )
    found: dict[UUID, list[Attached]] = {}
    for comment_id, asset, kind, name, alt in rows:
        found.setdefault(comment_id, []).append(_file(asset, kind, name, alt))
    return found


def _file(asset: UUID, kind: str, name: str, alt: str) -> Attached:
    return Attached(asset.hex, kind, name, alt, f"/media/{asset.hex}/thumb")


def _pins(session: Session, there: ColumnElement[bool]) -> Mapping[Thread, list[Pin]]:
    """Every spot in the order in which they were set; a deleted one keeps its number."""
    rows: Any = session.execute(
        select(
            col(Comment.id),
            col(Comment.thread),
            col(Comment.anchor),
            col(Comment.resolved_at),
            col(Comment.deleted_at),
        )
        .where(
            there,
            col(Comment.parent_id).is_(None),
            cast(col(Comment.anchor), String).like('%"asset"%'),
        )
        .order_by(col(Comment.created_at), col(Comment.id))
        .limit(PINS_MAX * len(Thread))
    )
    found: dict[Thread, list[Pin]] = {}
    numbers: Counter[Thread] = Counter()
    for row in rows:
        numbers[row.thread] += 1
        if row.deleted_at is None:
            spot = row.anchor["asset"], row.anchor["x"], row.anchor["y"]
            pin = Pin(row.id.hex, *spot, numbers[row.thread], row.resolved_at is not None)
            found.setdefault(row.thread, []).append(pin)
    return found


@dataclass(frozen=True, slots=True)
class _Count:
    """How many comments of a revision are of one kind."""

    thread: Thread
    revision: int
    head: bool
    standing: bool
    """Not deleted."""
    open: bool
    """The first of a conversation that is not resolved."""
    n: int


def _counts(session: Session, there: ColumnElement[bool]) -> list[_Count]:
    kinds = (
        col(Comment.thread),
        col(Comment.revision),
        col(Comment.parent_id).is_(None),
        col(Comment.deleted_at).is_(None),
        col(Comment.resolved_at).is_(None),
    )
    rows: Any = session.execute(select(*kinds, func.count()).where(there).group_by(*kinds))
    return [
        _Count(thread, revision, bool(head), bool(standing), bool(head and standing and opn), n)
        for thread, revision, head, standing, opn, n in rows
    ]


def _sum(counts: Iterable[_Count], wanted: Callable[[_Count], bool]) -> int:
    return sum(one.n for one in counts if wanted(one))


def _of_revisions(counts: Iterable[_Count]) -> list[OfRevision]:
    found: dict[int, Counter[Thread]] = {}
    for one in counts:
        if one.standing:
            found.setdefault(one.revision, Counter())[one.thread] += one.n
    return [
        OfRevision(revision, of[Thread.INTERNAL], of[Thread.CLIENT])
        for revision, of in sorted(found.items())
    ]


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


@dataclass(frozen=True, slots=True)
class _Shown:
    """Rows as this actor is shown them."""

    actor: Actor
    now: datetime
    pins: Mapping[str, int]
    names: Mapping[str, str]
    reactions: Mapping[UUID, list[Reacted]]
    attached: Mapping[UUID, list[Attached]]

    def conversation(self, head: Any, replies: Sequence[Any]) -> Conversation:
        answers = [row for row in replies if row.parent_id == head.id]
        return Conversation(
            id=head.id.hex,
            head=self.spoken(head),
            replies=[self.spoken(row) for row in answers],
            replies_total=answers[0].n if answers else 0,
            resolved=head.resolved_at is not None,
            resolved_by=head.resolved_by,
        )

    def spoken(self, row: Any) -> Spoken:
        deleted, mine = row.deleted_at is not None, row.author_id == self.actor.user_id
        anchor: Mapping[str, Any] = {} if deleted else row.anchor
        field, _, network = anchor.get("field", "").partition("@")
        return Spoken(
            id=row.id.hex,
            who=row.author_name,
            mine=mine,
            of_client=row.role in CLIENT_ROLES,
            text="" if deleted else row.text,
            at=stamp(row.created_at),
            edited=row.edited_at is not None and not deleted,
            deleted=deleted,
            may_restore=mine and deleted and self.now - row.deleted_at <= UNDO_FOR,
            version=row.version,
            revision=row.revision,
            field=field,
            network=network,
            asset=anchor.get("asset", ""),
            x=anchor.get("x", 0.0),
            y=anchor.get("y", 0.0),
            pin=self.pins.get(row.id.hex, 0),
            names=[] if deleted else [self.names[one] for one in row.mentions if one in self.names],
            reactions=[] if deleted else self.reactions.get(row.id, []),
            attached=[] if deleted else self.attached.get(row.id, []),
        )


def _earlier(
    session: Session, actor: Actor, comment_id: UUID, threads: Collection[Thread]
) -> list[Earlier]:
    row: Any = session.execute(
        select(col(Comment.earlier), col(Comment.thread), col(Post.client_id))
        .join(Post, col(Post.id) == col(Comment.post_id))
        .where(
            col(Comment.id) == comment_id,
            col(Comment.thread).in_(threads),
            col(Comment.deleted_at).is_(None),
            visible_posts(actor),
        )
    ).one_or_none()
    if row is None or not actor.may(READS[row.thread], row.client_id):
        raise NotFound
    return [Earlier(one["text"], one["at"]) for one in reversed(row.earlier)]
