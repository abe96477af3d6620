"""What the dialogs show that change many posts at once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Pillar, Post
from postboard.db.queries.choices import Choice, campaigns
from postboard.db.queries.scope import visible_posts
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen posts; campaigns and pillars only where all of them are one client's."""

    keys: list[str]
    clients: list[str]
    campaigns: list[Choice]
    pillars: list[str]


def chosen(session: Session, actor: Actor, post_ids: Collection[UUID]) -> Chosen:
    """Raises:
    NotFound: none of them is this actor's.
    """
    rows = _posts(session, actor, post_ids)
    if not rows:
        raise NotFound
    clients = {row.client_id: row.name for row in rows}
    one = list(clients) if len(clients) == 1 else []
    pillars = select(col(Pillar.name)).where(col(Pillar.client_id).in_(one))
    return Chosen(
        keys=[f"{row.key}-{row.number}" for row in rows],
        clients=list(clients.values()),
        campaigns=campaigns(session, one) if one else [],
        pillars=list(session.execute(pillars.order_by(func.lower(col(Pillar.name)))).scalars()),
    )


def keys_of(session: Session, actor: Actor, post_ids: Collection[UUID]) -> dict[UUID, str]:
    """What those posts are called that are this actor's."""
    return {row.id: f"{row.key}-{row.number}" for row in _posts(session, actor, post_ids)}


def _posts(session: Session, actor: Actor, post_ids: Collection[UUID]) -> list[Any]:
    rows: Any = session.execute(
        select(
            col(Post.id), col(Post.number), col(Client.key), col(Client.name), col(Post.client_id)
        )
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id).in_(post_ids), visible_posts(actor))
        .order_by(col(Client.key), col(Post.number))
    )
    return [row for row in rows if actor.may(Permission.SEE_ALL_STATES, row.client_id)]
