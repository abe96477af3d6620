"""Goals: set, changed and taken away by whoever looks after the client, or leads the agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.metric_models import Goal
from postboard.db.models import Client
from postboard.db.queries import goals as query
from postboard.db.queries import measured
from postboard.db.queries.measured import Filter
from postboard.db.queries.scope import measured_clients
from postboard.domain.errors import NotAllowed, NotFound, Stale
from postboard.domain.figures import MeasuredPost
from postboard.domain.goals import Aim, GoalMetric, Progress, progress
from postboard.domain.permissions import Actor, Permission
from postboard.services.events import Fact, record

_DAY: Final = timedelta(days=1)


def add(session: Session, actor: Actor, client_id: UUID | None, aim: Aim, *, now: datetime) -> UUID:
    """Of a client's posts, or without one of all the agency's.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not look after it, or does not lead the agency.
        BadInput: it does not fit.
    """
    _need_client(session, actor, client_id)
    aim = aim.checked()
    goal = Goal(client_id=client_id, created_by=actor.user_id, created_at=now, **_columns(aim))
    session.add(goal)
    session.flush()
    _record(session, actor, goal.id, client_id, "goal.added", _told(aim), now)
    return goal.id


def change(
    session: Session, actor: Actor, goal_id: UUID, aim: Aim, *, version: int, now: datetime
) -> None:
    """Raises:
    NotFound: there is none, or it is not this actor's to see.
    NotAllowed: the actor may not set it.
    Stale: somebody changed it since.
    BadInput: it does not fit.
    """
    client_id = _client_of(session, actor, goal_id)
    aim = aim.checked()
    written = session.execute(
        update(Goal)
        .where(col(Goal.id) == goal_id, col(Goal.version) == version)
        .values(version=version + 1, **_columns(aim))
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale
    _record(session, actor, goal_id, client_id, "goal.changed", _told(aim), now)


def remove(session: Session, actor: Actor, goal_id: UUID, *, version: int, now: datetime) -> None:
    """Raises:
    NotFound: there is none, or it is not this actor's to see.
    NotAllowed: the actor may not set it.
    Stale: somebody changed it since.
    """
    client_id = _client_of(session, actor, goal_id)
    gone = session.execute(
        delete(Goal)
        .where(col(Goal.id) == goal_id, col(Goal.version) == version)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(gone):
        raise Stale
    _record(session, actor, goal_id, client_id, "goal.removed", {}, now)


@dataclass(frozen=True, slots=True)
class GoalSeen:
    """`client` is a key, empty for the agency's own. Days are ISO."""

    id: str
    version: int
    client: str
    client_name: str
    metric: str
    target: float
    network: str
    starts_on: str
    ends_on: str
    may_change: bool
    progress: Progress


def seen(session: Session, actor: Actor, client: str, *, today: date) -> list[GoalSeen]:
    """With their progress: those that run or come first, what is over at the end.

    An agency's goal counts the posts of all clients that the actor sees.
    """
    rows = query.goals(session, actor, client)
    aims = [(goal, key, name, _aim(goal)) for goal, key, name in rows]
    if not aims:
        return []
    since = min(aim.starts_on for *_, aim in aims)
    until = max(aim.ends_on for *_, aim in aims)
    days = {"since": since - _DAY, "until": until + _DAY}
    posts = measured.measured_posts(session, actor, Filter(client), **days)
    found = [_seen(actor, goal, key, name, aim, posts, today) for goal, key, name, aim in aims]
    return sorted(found, key=lambda one: (one.ends_on < today.isoformat(), one.ends_on))


def _client_of(session: Session, actor: Actor, goal_id: UUID) -> UUID | None:
    row: Any = session.execute(
        select(col(Goal.client_id)).where(col(Goal.id) == goal_id, query.visible_goals(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    _need_client(session, actor, row.client_id)
    return row.client_id


def _need_client(session: Session, actor: Actor, client_id: UUID | None) -> None:
    if client_id is not None:
        known = select(col(Client.id)).where(col(Client.id) == client_id, measured_clients(actor))
        if session.execute(known).first() is None:
            raise NotFound
    if not actor.may(Permission.MANAGE_CLIENT, client_id):
        raise NotAllowed


def _seen(
    actor: Actor,
    goal: Goal,
    key: str | None,
    name: str | None,
    aim: Aim,
    posts: Sequence[MeasuredPost],
    today: date,
) -> GoalSeen:
    mine = [post for post in posts if key is None or post.client == key]
    return GoalSeen(
        id=goal.id.hex,
        version=goal.version,
        client=key or "",
        client_name=name or "",
        metric=aim.metric.value,
        target=aim.target,
        network=aim.network,
        starts_on=aim.starts_on.isoformat(),
        ends_on=aim.ends_on.isoformat(),
        may_change=actor.may(Permission.MANAGE_CLIENT, goal.client_id),
        progress=progress(aim, mine, today),
    )


def _aim(goal: Goal) -> Aim:
    metric = GoalMetric(goal.metric)
    return Aim(metric, goal.target, goal.starts_on, goal.ends_on, goal.network or "")


def _record(
    session: Session,
    actor: Actor,
    goal_id: UUID,
    client_id: UUID | None,
    kind: str,
    content: dict[str, Any],
    now: datetime,
) -> None:
    record(session, actor, Fact(goal_id, kind, client_id, content), now)


def _columns(aim: Aim) -> dict[str, Any]:
    return {
        "metric": aim.metric.value,
        "target": aim.target,
        "network": aim.network or None,
        "starts_on": aim.starts_on,
        "ends_on": aim.ends_on,
    }


def _told(aim: Aim) -> dict[str, Any]:
    days = {"starts_on": aim.starts_on.isoformat(), "ends_on": aim.ends_on.isoformat()}
    return {**_columns(aim), **days}
