"""What is late now: posts whose time has come while they are not ready to go out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from postboard.db.models import Client, Pillar, Post, Revision, table_of
from postboard.db.queries.measured import Filter
from postboard.db.queries.post_filters import Due, Filters, conditions
from postboard.db.queries.scope import measured_clients, visible_posts
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State

SHOWN_MAX: Final = 10
_POST, _REVISION = table_of(Post), table_of(Revision)
_CLIENT, _PILLAR = table_of(Client), table_of(Pillar)


@dataclass(frozen=True, slots=True)
class Late:
    id: UUID
    key: str
    text: str
    state: State
    since: datetime
    """When it was due."""


def late(session: Session, actor: Actor, asked: Filter, *, now: datetime) -> tuple[list[Late], int]:
    """The longest overdue first, and how many there are in all; as the board's filter has it."""
    where = narrowing(session, actor, asked, now, due=Due.LATE)
    at = func.coalesce(_POST.c.due_at, _POST.c.planned_at, type_=_POST.c.due_at.type)
    rows: Any = session.execute(
        select(
            _POST.c.id,
            _CLIENT.c.key,
            _POST.c.number,
            _POST.c.state,
            at,
            _REVISION.c.title,
            _REVISION.c.caption,
        )
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(
            _REVISION,
            and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision),
        )
        .where(measured_clients(actor), *where)
        .order_by(at, _POST.c.id)
    ).all()
    found = [
        Late(post_id, f"{key}-{number}", " ".join((title or caption).split()), state, since)
        for post_id, key, number, state, since, title, caption in rows[:SHOWN_MAX]
    ]
    return found, len(rows)


def narrowing(
    session: Session, actor: Actor, asked: Filter, now: datetime, *, due: str = ""
) -> list[Any]:
    """What the page's filters ask of a post of ours."""
    filters = Filters(
        client=asked.client,
        person=asked.person,
        campaign=asked.campaign,
        network=asked.network,
        due=due,
    )
    named = select(_PILLAR.c.id).where(_PILLAR.c.name == asked.pillar)
    pillar = [_POST.c.pillar_id.in_(named)] if asked.pillar else []
    return [visible_posts(actor), *conditions(session, actor, filters, now), *pillar]
