"""What a client sees beside the queue: what comes, and what was published."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries.instants import stamp
from postboard.db.queries.review_rounds import WAITING
from postboard.db.queries.scope import visible_posts
from postboard.db.queries.sent_words import TEXT_MAX, beginning, thumb, with_words
from postboard.db.types import Instant
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import CLIENT_STATES, SPECS, Action, Policy, State, steps_for

PLANNED: Final = frozenset(s for s in CLIENT_STATES - WAITING if not SPECS[s].finished)
PUBLISHED: Final = frozenset(s for s in CLIENT_STATES if SPECS[s].finished)
PLANNED_MAX: Final = 60
PUBLISHED_MAX: Final = 20
MONTH_MAX: Final = 300
_FROM_THE_PLAN: Final = frozenset({Action.HOLD, Action.RELEASE})
_ANY_POLICY: Final = Policy()
"""Holding asks for none."""


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


def planned_between(
    session: Session, actor: Actor, since: datetime, until: datetime
) -> tuple[list[PlannedPost], int]:
    """What the plan has then, by time, and how many it has beyond `MONTH_MAX`."""
    at = func.coalesce(col(Post.planned_at), col(Post.state_since), type_=Instant())
    states = PLANNED | PUBLISHED
    dated = or_(col(Post.planned_at).is_not(None), col(Post.state).in_(PUBLISHED))
    then = (dated, at >= since, at < until)
    lines = _lines(actor, states, at).where(*then).order_by(at, col(Post.id)).limit(MONTH_MAX)
    posts = [_offered(actor, *row) for row in session.execute(lines)]
    total = session.execute(
        select(func.count()).where(visible_posts(actor), col(Post.state).in_(states), *then)
    ).scalar_one()
    return posts, total - len(posts)


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
    return with_words(
        col(Post.client_id),
        col(Post.id),
        col(Client.name),
        col(Client.zone),
        col(Post.state),
        func.substr(col(Revision.title), 1, TEXT_MAX),
        func.substr(col(Revision.caption), 1, TEXT_MAX),
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
        text=beginning(title, caption),
        picture=thumb(media),
        networks=networks,
        at=stamp(at),
        link=link or "",
    )
