"""Ideas of the client's side, as that side and the agency read them."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Person, Post
from postboard.db.review_models import Idea
from postboard.domain.ideas import OPEN_MAX, IdeaState
from postboard.domain.permissions import CLIENT_ROLES, Actor, Permission

SHOWN: Final = OPEN_MAX
"""So that all that wait are among them."""


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
    """Where the actor may add one."""


def of_mine(session: Session, actor: Actor) -> IdeasOfMine:
    """Of the actor's own brands, the newest first; nothing of a draft that one became."""
    mine = [client for client, role in actor.roles.items() if role in CLIENT_ROLES]
    adds = [client for client in mine if actor.may(Permission.ADD_IDEA, client)]
    brands = session.execute(
        select(col(Client.id), col(Client.name))
        .where(col(Client.id).in_(adds))
        .order_by(func.lower(col(Client.name)), col(Client.id))
    )
    return IdeasOfMine(
        [_seen(row, "") for row in _rows(session, col(Idea.client_id).in_(mine))],
        [BrandForIdeas(client.hex, name) for client, name in brands],
    )


def of_client(session: Session, client_id: UUID) -> IdeasOfClient:
    """What waits for an answer first, then the newest; for staff who may see the client."""
    rows = _rows(
        session, col(Idea.client_id) == client_id, (col(Idea.state) == IdeaState.NEW).desc()
    )
    return IdeasOfClient(
        sum(row.state is IdeaState.NEW for row in rows),
        [_seen(row, f"{row.key}-{row.number}" if row.number else "") for row in rows],
    )


def _rows(session: Session, which: ColumnElement[bool], *first: ColumnElement[Any]) -> list[Any]:
    columns: list[Any] = [
        col(Idea.id),
        col(Idea.version),
        col(Idea.text),
        col(Idea.link),
        col(Idea.wished_on),
        col(Idea.state),
        col(Idea.answer),
        col(Idea.created_at),
        col(Client.name).label("brand"),
        col(Client.key),
        col(Person.name).label("author"),
        col(Post.number),
    ]
    rows: Any = session.execute(
        select(*columns)
        .join(Client, col(Client.id) == col(Idea.client_id))
        .join(Person, col(Person.id) == col(Idea.author_id))
        .outerjoin(Post, col(Post.id) == col(Idea.post_id))
        .where(which)
        .order_by(*first, col(Idea.created_at).desc(), col(Idea.id))
        .limit(SHOWN)
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
    )
