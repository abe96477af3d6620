"""Ideas of both sides, as the client's side and the agency read them."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Person, Post
from postboard.db.queries.scope import visible_ideas
from postboard.db.review_models import Idea, IdeaVote
from postboard.domain.ideas import OPEN_MAX, IdeaState
from postboard.domain.permissions import CLIENT_ROLES, Actor, Permission

SHOWN: Final = 2 * OPEN_MAX
"""So that all that wait are among them, the agency's own too."""
OPEN_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class IdeaSeen:
    """Days and instants are ISO; `wished_on` is empty without a wish."""

    id: str
    version: int
    brand: str
    author: str
    text: str
    link: str
    wished_on: str
    state: str
    answer: str
    created_at: str
    post: str
    """The key of the draft it became, for staff only."""
    votes: int = 0
    voted: bool = False
    """By this actor, where there is one."""
    internal: bool = False
    """The client's side does not see it."""


@dataclass(frozen=True, slots=True)
class OpenIdea:
    """An idea that waits for an answer, wherever it is shown; ids are hex, times ISO."""

    id: str
    version: int
    client_id: str
    client: str
    """Its key."""
    brand: str
    hue: int
    author: str
    text: str
    link: str
    wished_on: str
    created_at: str
    votes: int
    voted: bool
    """By this actor."""
    internal: bool
    may_vote: bool
    may_take_up: bool


@dataclass(frozen=True, slots=True)
class IdeasOfClient:
    new: int = 0
    """All that wait for an answer."""
    ideas: list[IdeaSeen] = field(default_factory=list[IdeaSeen])


@dataclass(frozen=True, slots=True)
class BrandForIdeas:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class IdeasOfMine:
    ideas: list[IdeaSeen] = field(default_factory=list[IdeaSeen])
    brands: list[BrandForIdeas] = field(default_factory=list[BrandForIdeas])
    """Where the actor may add one and vote."""


def of_mine(session: Session, actor: Actor) -> IdeasOfMine:
    """Of the actor's own brands, those that wait first; nothing of a draft that one became."""
    mine = [client for client, role in actor.roles.items() if role in CLIENT_ROLES]
    adds = [client for client in mine if actor.may(Permission.ADD_IDEA, client)]
    brands = session.execute(
        select(col(Client.id), col(Client.name))
        .where(col(Client.id).in_(adds))
        .order_by(func.lower(col(Client.name)), col(Client.id))
    )
    shared = col(Idea.client_id).in_(mine) & ~col(Idea.internal)
    return IdeasOfMine(
        [_seen(row, "") for row in _rows(session, shared, OPEN_MAX, actor.user_id)],
        [BrandForIdeas(client.hex, name) for client, name in brands],
    )


def of_client(session: Session, client_id: UUID) -> IdeasOfClient:
    """What waits for an answer first, the most wanted topmost; for staff who may see the client."""
    rows = _rows(session, col(Idea.client_id) == client_id, SHOWN)
    return IdeasOfClient(
        sum(row.state is IdeaState.NEW for row in rows),
        [_seen(row, f"{row.key}-{row.number}" if row.number else "") for row in rows],
    )


def open_ideas(session: Session, actor: Actor) -> list[OpenIdea]:
    """What waits for an answer and the actor may see, of all clients; the most wanted first."""
    votes = _votes()
    rows: Any = session.execute(
        _ideas(votes, actor.user_id, col(Idea.client_id), col(Client.hue))
        .where(col(Idea.state) == IdeaState.NEW, visible_ideas(actor))
        .order_by(votes.desc(), col(Idea.created_at).desc(), col(Idea.id))
        .limit(OPEN_SHOWN)
    )
    return [_open(row, actor) for row in rows]


def _open(row: Any, actor: Actor) -> OpenIdea:
    return OpenIdea(
        id=row.id.hex,
        version=row.version,
        client_id=row.client_id.hex,
        client=row.key,
        brand=row.brand,
        hue=row.hue,
        author=row.author,
        text=row.text,
        link=row.link,
        wished_on=row.wished_on.isoformat() if row.wished_on else "",
        created_at=row.created_at.isoformat(),
        votes=row.votes,
        voted=row.voted,
        internal=row.internal,
        may_vote=actor.may(Permission.ADD_IDEA, row.client_id),
        may_take_up=actor.may(Permission.EDIT_PLAN, row.client_id),
    )


def _ideas(votes: ColumnElement[int], person_id: UUID | None, *more: Any) -> Any:
    columns: list[Any] = [
        col(Idea.id),
        col(Idea.version),
        col(Idea.text),
        col(Idea.link),
        col(Idea.wished_on),
        col(Idea.created_at),
        col(Idea.internal),
        col(Client.key),
        col(Client.name).label("brand"),
        col(Person.name).label("author"),
        votes.label("votes"),
        _voted(person_id).label("voted"),
        *more,
    ]
    return (
        select(*columns)
        .join(Client, col(Client.id) == col(Idea.client_id))
        .join(Person, col(Person.id) == col(Idea.author_id))
    )


def _votes() -> ColumnElement[int]:
    return (
        select(func.count())
        .where(col(IdeaVote.idea_id) == col(Idea.id))
        .correlate(Idea)
        .scalar_subquery()
    )


def _voted(person_id: UUID | None) -> ColumnElement[bool]:
    return (
        exists()
        .where(col(IdeaVote.idea_id) == col(Idea.id), col(IdeaVote.person_id) == person_id)
        .correlate(Idea)
    )


def _rows(
    session: Session, which: ColumnElement[bool], limit: int, person_id: UUID | None = None
) -> list[Any]:
    votes, waits = _votes(), col(Idea.state) == IdeaState.NEW
    rows: Any = session.execute(
        _ideas(votes, person_id, col(Idea.state), col(Idea.answer), col(Post.number))
        .outerjoin(Post, col(Post.id) == col(Idea.post_id))
        .where(which)
        .order_by(
            waits.desc(),
            case((waits, votes), else_=0).desc(),
            col(Idea.created_at).desc(),
            col(Idea.id),
        )
        .limit(limit)
    )
    return [*rows]


def _seen(row: Any, post: str) -> IdeaSeen:
    return IdeaSeen(
        id=row.id.hex,
        version=row.version,
        brand=row.brand,
        author=row.author,
        text=row.text,
        link=row.link,
        wished_on=row.wished_on.isoformat() if row.wished_on else "",
        state=row.state,
        answer=row.answer,
        created_at=row.created_at.isoformat(),
        post=post,
        votes=row.votes,
        voted=row.voted,
        internal=row.internal,
    )
