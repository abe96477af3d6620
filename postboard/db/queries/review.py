"""The client's page: what waits for a decision, and what became of the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Client,
    Event,
    Post,
    Revision,
    SocialAccount,
)
from postboard.db.queries import turns
from postboard.db.queries.board import stamp
from postboard.db.queries.revisions import Compared, as_parts, side_of, words_in
from postboard.db.queries.scope import revision_for_client, visible_clients, visible_posts
from postboard.db.queries.turns import Turn
from postboard.db.review_models import Decision, ReviewRequest
from postboard.db.types import Instant
from postboard.domain.chains import Side
from postboard.domain.content import words_as_json
from postboard.domain.differences import compare
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import (
    BY_HAND,
    CLIENT_STATES,
    SPECS,
    STEPS,
    Action,
    Policy,
    State,
    steps_for,
)

WAITING: Final = frozenset(
    s.state for s in STEPS if s.permission is Permission.DECIDE_AS_CLIENT and s.action in BY_HAND
)
"""The states in which the client decides."""
PLANNED: Final = frozenset(s for s in CLIENT_STATES - WAITING if not SPECS[s].finished)
PUBLISHED: Final = frozenset(s for s in CLIENT_STATES if SPECS[s].finished)

QUEUE_MAX: Final = 300
PLANNED_MAX: Final = 60
_FROM_THE_PLAN: Final = frozenset({Action.HOLD, Action.RELEASE})
_ANY_POLICY: Final = Policy()
"""Holding asks for none."""
PUBLISHED_MAX: Final = 20
_TEXT_MAX: Final = 140
_QUEUE: Final = (
    col(Post.planned_at).is_(None),
    col(Post.planned_at),
    col(Post.state_since),
    col(Post.id),
)
_TOLD: Final = tuple(
    f"post.{action}"
    for action in (
        Action.SEND_TO_CLIENT,
        Action.SUBMIT,
        Action.APPROVE,
        Action.REQUEST_CHANGES,
        Action.RECONSIDER,
        Action.RECALL,
    )
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
class LastRound:
    """How the round before ended: what the client asked for, if anything.

    `changed`: words, pictures or channels are others now.
    """

    who: str
    mine: bool
    at: str
    text: str
    tags: list[str]
    changed: bool


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


@dataclass(frozen=True, slots=True)
class Look:
    """A post for the previews: `words` is `domain.content.Words` as plain JSON, `accounts` the
    client's handle on each network.
    """

    id: str = ""
    words: dict[str, Any] = field(default_factory=dict[str, Any])
    accounts: dict[str, str] = field(default_factory=dict[str, str])
    client: dict[str, str | int] = field(default_factory=dict[str, str | int])


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """One line of the plan; `text` is the beginning of the words."""

    id: str
    brand: str
    zone: str
    state: str
    text: str
    picture: str
    networks: list[str]
    at: str
    link: str
    certificate: bool = False
    """Whether the certificate of its approval is this person's to take."""
    step: str = ""
    """What this person may do with it here: hold, release or nothing."""
    version: int = 0
    """That the step is taken on; 0 without one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes, by date, and what was published, newest first; each with its whole count."""

    coming: list[PlannedPost] = field(default_factory=list[PlannedPost])
    coming_total: int = 0
    published: list[PlannedPost] = field(default_factory=list[PlannedPost])
    published_total: int = 0


def queue(session: Session, actor: Actor) -> Queue:
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
    for row, people in zip(rows, turns.missing(session, rows), strict=True):
        (own if actor.user_id in people else others).append(row.id.hex)
    return Queue(own, others)


def in_full(
    session: Session, actor: Actor, post_ids: Sequence[UUID], now: datetime
) -> list[Waiting]:
    """Those of the posts that wait for this actor's side, in the order asked for."""
    rows: Any = session.execute(
        _with_words(
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
    told = _told(session, [row.id for row in rows])
    whose = turns.turns(session, actor, rows, now)
    found = {row.id: _waiting(actor, row, told[row.id], whose[row.id]) for row in rows}
    return [found[post_id] for post_id in post_ids if post_id in found]


def choices(session: Session, actor: Actor) -> list[Choice]:
    """Every post that waits for this actor's own decision, in the order of the queue."""
    if not actor.may_somewhere(Permission.DECIDE_AS_CLIENT):
        return []
    rows: Any = session.execute(
        _with_words(
            col(Post.id),
            col(Post.revision),
            col(Post.rounds),
            func.substr(col(Revision.title), 1, _TEXT_MAX).label("title"),
            func.substr(col(Revision.caption), 1, _TEXT_MAX).label("caption"),
            col(Revision.media),
            col(Post.planned_at),
            col(Client.zone),
            col(ReviewRequest.id).label("request"),
        )
        .outerjoin(ReviewRequest, turns.OPEN)
        .where(col(Post.id).in_([UUID(one) for one in queue(session, actor).own]))
        .order_by(*_QUEUE)
    )
    return [
        Choice(
            id=row.id.hex,
            revision=row.revision,
            round=row.rounds,
            request=row.request.hex if row.request else "",
            text=_beginning(row.title, row.caption),
            picture=_thumb(row.media),
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


def look(session: Session, actor: Actor, post_id: UUID) -> Look:
    """A waiting post as the previews draw it.

    Raises:
        NotFound: it does not wait, or not for this actor's side.
    """
    post, client = _waiting_row(session, actor, post_id)
    revision = _revision(session, post.id, post.revision)
    accounts = session.execute(
        select(col(SocialAccount.network), col(SocialAccount.handle))
        .where(col(SocialAccount.client_id) == client.id)
        .order_by(col(SocialAccount.handle).desc())
    )
    return Look(
        id=post.id.hex,
        words=words_as_json(words_in(revision)),
        accounts={network: handle for network, handle in accounts},  # noqa: C416 - a Row is no pair
        client={"name": client.name, "hue": client.hue},
    )


def changes(session: Session, actor: Actor, post_id: UUID) -> Compared:
    """What became of a waiting post since the client's last round with it.

    Who wrote it stays among the agency.

    Raises:
        NotFound: it does not wait for this actor's side, or was not there before.
    """
    post, _ = _waiting_row(session, actor, post_id)
    ended = _told(session, [post.id])[post.id].rounds
    if not ended:
        raise NotFound
    before = _revision(session, post.id, ended[-1].content["revision"])
    after = _revision(session, post.id, post.revision)
    return as_parts(
        compare(words_in(before), words_in(after)),
        side_of(post, before, ""),
        side_of(post, after, ""),
    )


def brands(session: Session, actor: Actor) -> list[Brand]:
    """The actor's clients by name."""
    rows = session.execute(
        select(col(Client.id), col(Client.name))
        .where(visible_clients(actor))
        .order_by(func.lower(col(Client.name)))
    )
    decide = Permission.DECIDE_AS_CLIENT
    return [Brand(name, actor.may(decide, client_id)) for client_id, name in rows]


def plan(session: Session, actor: Actor) -> Plan:
    """What the client may see beside the queue."""
    totals = _totals(session, actor)
    at = func.coalesce(col(Post.planned_at), col(Post.state_since), type_=Instant())
    coming = _lines(actor, PLANNED, col(Post.planned_at)).order_by(
        col(Post.planned_at).is_(None), col(Post.planned_at), col(Post.id)
    )
    published = _lines(actor, PUBLISHED, at).order_by(at.desc(), col(Post.id))
    return Plan(
        [_offered(actor, *row) for row in session.execute(coming.limit(PLANNED_MAX))],
        _count(totals, PLANNED),
        [_offered(actor, *row) for row in session.execute(published.limit(PUBLISHED_MAX))],
        _count(totals, PUBLISHED),
    )


def _waiting_row(session: Session, actor: Actor, post_id: UUID) -> tuple[Post, Client]:
    row = session.execute(
        select(Post, Client)
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id) == post_id, visible_posts(actor), col(Post.state).in_(WAITING))
    ).one_or_none()
    if row is None:
        raise NotFound
    post, client = row
    return post, client


def _revision(session: Session, post_id: UUID, number: int) -> Revision:
    return session.execute(
        select(Revision).where(col(Revision.post_id) == post_id, col(Revision.number) == number)
    ).scalar_one()


def _with_words(*columns: Any) -> Any:
    """A post's columns beside its client's and those of the words that the client was sent."""
    return (
        select(*columns)
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(
                col(Revision.post_id) == col(Post.id),
                col(Revision.number) == revision_for_client(),
            ),
        )
    )


@dataclass(slots=True)
class _Told:
    """What the client may know of a post's history: who sent it, how the last round ended."""

    sent: Any = None
    rounds: list[Any] = field(default_factory=list[Any])
    """The steps that ended one, oldest first; an end that was taken back is none."""


def _told(session: Session, post_ids: Sequence[UUID]) -> dict[UUID, _Told]:
    """Steps into and out of the client's hands; steps among the agency stay its own."""
    told = {post_id: _Told() for post_id in post_ids}
    rows: Any = session.execute(
        select(
            col(Event.stream_id),
            col(Event.actor_id),
            col(Event.actor_name),
            col(Event.at),
            col(Event.kind),
            col(Event.content),
        )
        .where(col(Event.stream_id).in_(post_ids), col(Event.kind).in_(_TOLD))
        .order_by(col(Event.position))
    )
    for row in rows:
        if row.kind == f"post.{Action.RECONSIDER}":
            if row.content["from"] not in WAITING:  # else it ended no round
                told[row.stream_id].rounds.pop()
        elif row.content.get("to") in WAITING:
            told[row.stream_id].sent = row
        elif row.content.get("from") in WAITING:
            told[row.stream_id].rounds.append(row)
    return told


def _waiting(actor: Actor, row: Any, told: _Told, turn: Turn) -> Waiting:
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
        before=_last_round(actor, told.rounds[-1], row.revision) if told.rounds else None,
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


def _last_round(actor: Actor, ended: Any, revision: int) -> LastRound:
    """A request's words are the client's own; why the agency took a post back is not for them."""
    requested = ended.kind == f"post.{Action.REQUEST_CHANGES}"
    return LastRound(
        who=ended.actor_name if requested else "",
        mine=requested and ended.actor_id == actor.user_id,
        at=stamp(ended.at),
        text=ended.content.get("reason", "") if requested else "",
        tags=ended.content.get("tags", []) if requested else [],
        changed=ended.content.get("revision") != revision,
    )


def _totals(session: Session, actor: Actor) -> dict[State, int]:
    rows = session.execute(
        select(col(Post.state), func.count())
        .where(visible_posts(actor), col(Post.state).in_(PLANNED | PUBLISHED))
        .group_by(col(Post.state))
    )
    return {state: count for state, count in rows}  # noqa: C416 - a Row is no pair to dict()


def _count(totals: dict[State, int], states: Iterable[State]) -> int:
    return sum(totals.get(state, 0) for state in states)


def _lines(actor: Actor, states: Iterable[State], at: Any) -> Any:
    return _with_words(
        col(Post.client_id),
        col(Post.id),
        col(Client.name),
        col(Client.zone),
        col(Post.state),
        func.substr(col(Revision.title), 1, _TEXT_MAX),
        func.substr(col(Revision.caption), 1, _TEXT_MAX),
        col(Revision.media),
        col(Revision.networks),
        at,
        col(Post.published_link),
        col(Post.version),
    ).where(visible_posts(actor), col(Post.state).in_(states))


def _offered(actor: Actor, client_id: UUID, *line: Any) -> PlannedPost:
    """Words that are written anew are approved no more."""
    *shown, version = line
    post = _line(*shown)
    state = State(post.state)
    decides = actor.may(Permission.DECIDE_AS_CLIENT, client_id)
    open_steps = steps_for(state, actor.role_for(client_id), _ANY_POLICY)
    step = next((s.action for s in open_steps if s.action in _FROM_THE_PLAN), None)
    return replace(
        post,
        certificate=decides and not SPECS[state].open_to_edits,
        step=step or "",
        version=version if step else 0,
    )


def _line(
    post_id: UUID,
    brand: str,
    zone: str,
    state: State,
    title: str,
    caption: str,
    media: list[dict[str, str]],
    networks: list[str],
    at: datetime | None,
    link: str | None,
) -> PlannedPost:
    return PlannedPost(
        id=post_id.hex,
        brand=brand,
        zone=zone,
        state=state,
        text=_beginning(title, caption),
        picture=_thumb(media),
        networks=networks,
        at=stamp(at),
        link=link or "",
    )


def _beginning(title: str, caption: str) -> str:
    return " ".join((title or caption).split())


def _thumb(media: list[dict[str, str]]) -> str:
    return media[0]["url"] if media else ""
