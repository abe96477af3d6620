"""Goals: set, changed, taken away and brought back by whoever looks after the client, or leads the
agency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.metric_models import Goal
from postboard.db.models import Client
from postboard.db.queries import flow, measured, team
from postboard.db.queries import goals as query
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.measured import Filter
from postboard.db.queries.scope import measured_clients
from postboard.domain.benchmarks import OWN_DAYS
from postboard.domain.errors import NotAllowed, NotFound, Stale
from postboard.domain.goals import (
    OF_RECORD,
    Aim,
    GoalMetric,
    Progress,
    Source,
    Told,
    progress,
    source_of,
)
from postboard.domain.permissions import Actor, Permission
from postboard.services import post_rows
from postboard.services.events import Fact, record

_DAY: Final = timedelta(days=1)
_OWN: Final = timedelta(days=OWN_DAYS)


def add(session: Session, actor: Actor, client_id: UUID | None, aim: Aim, *, now: datetime) -> UUID:
    """Of a client's posts, or without one of all the agency's.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not look after it, or does not lead the agency.
        BadInput: it does not fit.
        NeedsPerson: who is to see to it is none of the team.
    """
    _need_client(session, actor, client_id)
    aim = aim.checked()
    _need_owner(session, client_id, aim.owner_id)
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
    _need_owner(session, client_id, aim.owner_id)
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
    _end(session, goal_id, version, now)
    _record(session, actor, goal_id, client_id, "goal.removed", {}, now)


def bring_back(
    session: Session, actor: Actor, goal_id: UUID, *, version: int, now: datetime
) -> None:
    """As it was when it was removed, which made it of this version.

    Raises:
        NotFound: none was removed, or it is not this actor's to see.
        NotAllowed: the actor may not set it.
        Stale: it was brought back and removed once more.
    """
    client_id = _client_of(session, actor, goal_id, removed=True)
    _end(session, goal_id, version, None)
    _record(session, actor, goal_id, client_id, "goal.brought_back", {}, now)


def _end(session: Session, goal_id: UUID, version: int, ended_at: datetime | None) -> None:
    written = session.execute(
        update(Goal)
        .where(col(Goal.id) == goal_id, col(Goal.version) == version)
        .values(version=version + 1, ended_at=ended_at)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale


@dataclass(frozen=True, slots=True)
class GoalSeen:
    """`client` is a key, empty for the agency's own. Days are ISO, `owner_id` is hex."""

    id: str
    version: int
    client: str
    client_name: str
    metric: str
    target: float
    network: str
    department: str
    benchmark: str
    starts_on: str
    ends_on: str
    owner_id: str
    owner: str
    """Who sees to it; empty for nobody."""
    source: Source
    may_change: bool
    progress: Progress


def seen(session: Session, actor: Actor, client: str, *, now: datetime) -> list[GoalSeen]:
    """With their progress: those that run or come first, what is over at the end.

    An agency's goal counts the posts of all clients that the actor sees.
    """
    rows = query.goals(session, actor, client)
    goals = [_Row(goal, key or "", name or "", owner or "") for goal, key, name, owner in rows]
    if not goals:
        return []
    told = _told_of(session, actor, client, goals, now)
    today = now.date()
    found = [_seen(actor, one, told, today) for one in goals]
    return sorted(found, key=lambda one: (one.ends_on < today.isoformat(), one.ends_on))


@dataclass(frozen=True, slots=True)
class _Row:
    goal: Goal
    key: str
    name: str
    owner: str

    @property
    def aim(self) -> Aim:
        return _aim(self.goal)


@dataclass(frozen=True, slots=True)
class _All:
    """What all goals are reckoned from, and the client of each walk's post."""

    told: Told
    client_of: Mapping[UUID, str]

    def of(self, key: str) -> Told:
        """Of one client, or with an empty key of all."""
        if not key:
            return self.told
        posts = [post for post in self.told.posts if post.client == key]
        walks = [one for one in self.told.walks if self.client_of.get(one.post_id) == key]
        return replace(self.told, posts=posts, walks=walks)


def _told_of(
    session: Session, actor: Actor, client: str, rows: Sequence[_Row], now: datetime
) -> _All:
    """Only what some of the goals needs is read, and for all of them at once."""
    aims = [one.aim for one in rows]
    own = [one.starts_on - _OWN for one in aims if one.metric is GoalMetric.ABOVE_BENCHMARK]
    since = min([*own, *(one.starts_on for one in aims)])
    until = max(one.ends_on for one in aims)
    posts = measured.measured_posts(
        session, actor, Filter(client), since=since - _DAY, until=until + _DAY
    )
    by_department = any(one.department for one in aims)
    told = Told(posts, now, worked_on=query.worked_on(session, actor) if by_department else None)
    walked = [one.starts_on for one in aims if one.metric in OF_RECORD]
    if not walked:
        return _All(told, {})
    known = flow.read(session, actor, FlowFilters(client), since=min(walked), now=now)
    client_of = query.posts_of_clients(session, actor, min(walked))
    return _All(replace(told, walks=known.walks), client_of)


def _client_of(
    session: Session, actor: Actor, goal_id: UUID, *, removed: bool = False
) -> UUID | None:
    ended_at = col(Goal.ended_at)
    row: Any = session.execute(
        select(col(Goal.client_id)).where(
            col(Goal.id) == goal_id,
            ended_at.is_not(None) if removed else ended_at.is_(None),
            query.visible_goals(actor),
        )
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


def _seen(actor: Actor, row: _Row, told: _All, today: date) -> GoalSeen:
    goal, aim = row.goal, row.aim
    return GoalSeen(
        id=goal.id.hex,
        version=goal.version,
        client=row.key,
        client_name=row.name,
        metric=aim.metric.value,
        target=aim.target,
        network=aim.network,
        department=aim.department.value if aim.department else "",
        benchmark=aim.benchmark,
        starts_on=aim.starts_on.isoformat(),
        ends_on=aim.ends_on.isoformat(),
        owner_id=aim.owner_id.hex if aim.owner_id else "",
        owner=row.owner,
        source=source_of(aim.metric),
        may_change=actor.may(Permission.MANAGE_CLIENT, goal.client_id),
        progress=progress(aim, told.of(row.key), today),
    )


def _need_owner(session: Session, client_id: UUID | None, owner_id: UUID | None) -> None:
    """Somebody of the client's team, or of the agency's own people.

    Raises:
        NeedsPerson: they are not.
    """
    if owner_id is None:
        return
    if client_id is not None:
        post_rows.check_people(session, client_id, {owner_id})
    elif owner_id not in {one.id for one in team.staff_of(session, None)}:
        raise post_rows.NeedsPerson


def _aim(goal: Goal) -> Aim:
    return Aim(
        GoalMetric(goal.metric),
        goal.target,
        goal.starts_on,
        goal.ends_on,
        goal.network or "",
        goal.department,
        goal.owner_id,
        goal.benchmark or "",
    )


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
        "department": aim.department,
        "owner_id": aim.owner_id,
        "benchmark": aim.benchmark or None,
        "starts_on": aim.starts_on,
        "ends_on": aim.ends_on,
    }


def _told(aim: Aim) -> dict[str, Any]:
    days = {"starts_on": aim.starts_on.isoformat(), "ends_on": aim.ends_on.isoformat()}
    owner = {"owner_id": str(aim.owner_id) if aim.owner_id else None}
    return {**_columns(aim), **days, **owner}
