"""What waits for the client's decision, and what was decided last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries import turns
from postboard.db.queries.instants import stamp
from postboard.db.queries.review_rounds import WAITING, LastRound, Told, last_round, told_of
from postboard.db.queries.scope import visible_clients, visible_posts
from postboard.db.queries.sent_words import TEXT_MAX, beginning, thumb, with_words
from postboard.db.queries.turns import Turn
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.chains import Side
from postboard.domain.permissions import Actor, Permission

QUEUE_MAX: Final = 300
_QUEUE: Final = (
    col(Post.planned_at).is_(None),
    col(Post.planned_at),
    col(Post.state_since),
    col(Post.id),
)


@dataclass(frozen=True, slots=True)
class Brand:
    """A client as its own people see it."""

    name: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`asset` is its id in the library, or its address.

    `ratio` is its width by its height; 0 where only its bytes tell.
    """

    url: str
    alt: str
    asset: str
    ratio: float = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post that waits for the client, whole. Instants are ISO text."""

    id: str
    revision: int
    round: int
    rounds_included: int
    brand: str
    hue: int
    zone: str
    title: str
    caption: str
    link: str
    first_comment: str
    networks: list[str]
    pictures: list[Picture]
    planned_at: str
    sent_by: str
    sent_at: str
    before: LastRound | None
    turn: Turn


@dataclass(frozen=True, slots=True)
class Choice:
    """A waiting post in a list to choose from; `text` is the beginning of the words."""

    id: str
    revision: int
    round: int
    request: str
    text: str
    picture: str
    at: str
    zone: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The posts that wait for the client, the soonest first; at most `QUEUE_MAX` together.

    `others` wait for somebody else of their side. Who decides nowhere reads all as their own.
    """

    own: list[str]
    others: list[str]


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided at one moment, which may have been on many posts at once."""

    at: datetime
    approved: bool
    answered: list[tuple[UUID, UUID]]
    """Post and request."""


def queue(session: Session, actor: Actor, now: datetime) -> Queue:
    rows: Any = session.execute(
        select(col(Post.id), col(Post.client_id), *turns.ASKED)
        .outerjoin(ReviewRequest, turns.OPEN)
        .where(visible_posts(actor), col(Post.state).in_(WAITING))
        .order_by(*_QUEUE)
        .limit(QUEUE_MAX)
    ).all()
    if not actor.may_somewhere(Permission.DECIDE_AS_CLIENT):
        return Queue([row.id.hex for row in rows], [])
    own: list[str] = []
    others: list[str] = []
    for row, people in zip(rows, turns.missing(session, rows, now), strict=True):
        (own if actor.user_id in people else others).append(row.id.hex)
    return Queue(own, others)


def in_full(
    session: Session, actor: Actor, post_ids: Sequence[UUID], now: datetime
) -> list[Waiting]:
    """Those of the posts that wait for this actor's side, in the order asked for."""
    rows: Any = session.execute(
        with_words(
            col(Post.id),
            col(Post.client_id),
            col(Post.revision),
            col(Post.rounds),
            col(Client.rounds_included),
            col(Client.name),
            col(Client.hue),
            col(Client.zone),
            col(Revision.title),
            col(Revision.caption),
            col(Revision.link),
            col(Revision.first_comment),
            col(Revision.networks),
            col(Revision.media),
            col(Post.planned_at),
            *turns.IN_FULL,
        )
        .outerjoin(ReviewRequest, turns.OPEN)
        .where(visible_posts(actor), col(Post.id).in_(post_ids), col(Post.state).in_(WAITING))
    ).all()
    told = told_of(session, [row.id for row in rows])
    whose = turns.turns(session, actor, rows, now)
    found = {row.id: _waiting(actor, row, told[row.id], whose[row.id]) for row in rows}
    return [found[post_id] for post_id in post_ids if post_id in found]


def choices(session: Session, actor: Actor, now: datetime) -> list[Choice]:
    """Every post that waits for this actor's own decision, in the order of the queue."""
    if not actor.may_somewhere(Permission.DECIDE_AS_CLIENT):
        return []
    rows: Any = session.execute(
        with_words(
            col(Post.id),
            col(Post.revision),
            col(Post.rounds),
            func.substr(col(Revision.title), 1, TEXT_MAX).label("title"),
            func.substr(col(Revision.caption), 1, TEXT_MAX).label("caption"),
            col(Revision.media),
            col(Post.planned_at),
            col(Client.zone),
            col(ReviewRequest.id).label("request"),
        )
        .outerjoin(ReviewRequest, turns.OPEN)
        .where(col(Post.id).in_([UUID(one) for one in queue(session, actor, now).own]))
        .order_by(*_QUEUE)
    )
    return [
        Choice(
            id=row.id.hex,
            revision=row.revision,
            round=row.rounds,
            request=row.request.hex if row.request else "",
            text=beginning(row.title, row.caption),
            picture=thumb(row.media),
            at=stamp(row.planned_at),
            zone=row.zone,
        )
        for row in rows
    ]


def last_decided(session: Session, actor: Actor, since: datetime) -> Decided | None:
    """What this actor decided last, if that was since then and was not taken back."""
    rows = session.execute(
        select(
            col(Decision.at),
            col(Decision.approved),
            col(ReviewRequest.post_id),
            col(ReviewRequest.id),
        )
        .join(ReviewRequest, col(ReviewRequest.id) == col(Decision.request_id))
        .where(
            col(Decision.person_id) == actor.user_id,
            col(Decision.at) >= since,
            col(ReviewRequest.side) == Side.CLIENT,
        )
        .order_by(col(Decision.at).desc())
        .limit(QUEUE_MAX)
    ).all()
    if not rows:
        return None
    last, approved, *_ = rows[0]
    return Decided(last, approved, [(post, asked) for at, _, post, asked in rows if at == last])


def brands(session: Session, actor: Actor) -> list[Brand]:
    """The actor's clients by name."""
    rows = session.execute(
        select(col(Client.id), col(Client.name))
        .where(visible_clients(actor))
        .order_by(func.lower(col(Client.name)))
    )
    decide = Permission.DECIDE_AS_CLIENT
    return [Brand(name, actor.may(decide, client_id)) for client_id, name in rows]


def _waiting(actor: Actor, row: Any, told: Told, turn: Turn) -> Waiting:
    return Waiting(
        id=row.id.hex,
        revision=row.revision,
        round=row.rounds,
        rounds_included=row.rounds_included,
        brand=row.name,
        hue=row.hue,
        zone=row.zone,
        title=row.title,
        caption=row.caption,
        link=row.link,
        first_comment=row.first_comment,
        networks=row.networks,
        pictures=[_picture(one) for one in row.media],
        planned_at=stamp(row.planned_at),
        sent_by=told.sent.actor_name if told.sent else "",
        sent_at=stamp(told.sent.at) if told.sent else "",
        before=last_round(actor, told.rounds[-1], row.revision) if told.rounds else None,
        turn=turn,
    )


def _picture(media: dict[str, Any]) -> Picture:
    width, height = media.get("width", 0), media.get("height", 0)
    return Picture(
        media["url"],
        media.get("alt", ""),
        media.get("asset") or media["url"],
        round(width / height, 4) if width and height else 0,
    )
