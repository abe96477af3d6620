"""One post's tasks, and what the dialog that assigns needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, Post, Task
from postboard.db.queries.choices import Choice
from postboard.db.queries.instants import stamp
from postboard.db.queries.post import local_time
from postboard.db.queries.scope import visible_posts
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.tasks import OPEN_TO, WAITING, TaskAction, TaskStatus

SHOWN = 100


@dataclass(frozen=True, slots=True)
class TaskOfPost:
    """A task as its post shows it. Ids are hex, instants ISO text; `may` names its actions."""

    id: str
    version: int
    status: str
    assignee: str
    is_mine: bool
    instructions: str
    links: list[str]
    urgent: bool
    due_at: str
    due_local: str
    overdue: bool
    reason: str
    by: str
    ended_at: str
    may: list[str]


@dataclass(frozen=True, slots=True)
class Assignable:
    """The chosen posts, and who works for every one of their clients."""

    keys: list[str]
    versions: dict[str, int]
    people: list[Choice]
    zone: str
    """The clients' clock; empty where they have several."""


def of_post(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> list[TaskOfPost]:
    """What is expected for the post: what is open in front, then what is over.

    Raises:
        NotFound: the post is not there, not this actor's, or the actor is the client.
    """
    client: Any = session.execute(
        select(col(Client.id), col(Client.zone))
        .join(Post, col(Post.client_id) == col(Client.id))
        .where(col(Post.id) == post_id, visible_posts(actor))
    ).one_or_none()
    if client is None or not actor.may(Permission.SEE_ALL_STATES, client.id):
        raise NotFound
    by = aliased(Person)
    rows: Any = session.execute(
        select(Task, col(Person.name), col(by.name))
        .join(Person, col(Person.id) == col(Task.assignee_id))
        .outerjoin(by, col(by.id) == col(Task.created_by))
        .where(col(Task.post_id) == post_id, col(Task.status) != TaskStatus.DROPPED)
        .order_by(
            col(Task.status).not_in(WAITING),
            col(Task.ended_at).desc(),
            col(Task.due_at).is_(None),
            col(Task.due_at),
            col(Task.created_at),
            col(Task.id),
        )
        .limit(SHOWN)
    )
    return [_task(actor, *row, client=client, now=now) for row in rows]


def actions_for(actor: Actor, status: TaskStatus, assignee_id: UUID, client_id: UUID) -> list[str]:
    """What this actor may do with a task in that state."""
    mine = actor.user_id == assignee_id
    assigns = actor.may(Permission.ASSIGN, client_id)
    may = {
        TaskAction.ACCEPT: mine,
        TaskAction.FINISH: mine or assigns,
        TaskAction.SEND_BACK: mine,
        TaskAction.CHANGE: assigns,
        TaskAction.WITHDRAW: assigns,
    }
    return [action for action, allowed in may.items() if allowed and status in OPEN_TO[action]]


def assignable(session: Session, actor: Actor, post_ids: Sequence[UUID]) -> Assignable:
    """What is chosen, as it stands now.

    Raises:
        NotFound: one of the posts is not this actor's to assign.
    """
    rows: list[Any] = list(
        session.execute(
            select(
                col(Post.id),
                col(Client.key),
                col(Post.number),
                col(Post.version),
                col(Client.id),
                col(Client.zone),
            )
            .join(Client, col(Client.id) == col(Post.client_id))
            .where(col(Post.id).in_(post_ids), visible_posts(actor))
            .order_by(col(Client.key), col(Post.number))
        )
    )
    clients = {row[4] for row in rows}
    may = all(actor.may(Permission.ASSIGN, client_id) for client_id in clients)
    if not rows or not may or len(rows) != len(set(post_ids)):
        raise NotFound
    zones = {row[5] for row in rows}
    return Assignable(
        keys=[f"{row[1]}-{row[2]}" for row in rows],
        versions={row[0].hex: row[3] for row in rows},
        people=_team_of_all(session, clients),
        zone=zones.pop() if len(zones) == 1 else "",
    )


def _team_of_all(session: Session, clients: set[UUID]) -> list[Choice]:
    rows: Any = session.execute(
        select(col(Person.id), col(Person.name), col(Person.agency_role), col(Membership.client_id))
        .outerjoin(
            Membership,
            and_(
                col(Membership.person_id) == col(Person.id),
                col(Membership.client_id).in_(clients),
                col(Membership.role).in_(STAFF_ROLES),
            ),
        )
        .where(col(Person.disabled_at).is_(None))
        .order_by(col(Person.name), col(Person.id))
    )
    names: dict[UUID, str] = {}
    of: dict[UUID, set[UUID]] = {}
    for person_id, name, agency_role, client_id in rows:
        names[person_id] = name
        of.setdefault(person_id, set()).update(clients if agency_role else {client_id})
    return [Choice(key.hex, name) for key, name in names.items() if of[key] >= clients]


def _task(
    actor: Actor, task: Task, assignee: str, by: str | None, *, client: Any, now: datetime
) -> TaskOfPost:
    is_open = task.status in WAITING
    return TaskOfPost(
        id=task.id.hex,
        version=task.version,
        status=task.status,
        assignee=assignee,
        is_mine=task.assignee_id == actor.user_id,
        instructions=task.instructions,
        links=task.links,
        urgent=task.urgent and is_open,
        due_at=stamp(task.due_at),
        due_local=local_time(task.due_at, client.zone),
        overdue=is_open and task.due_at is not None and task.due_at < now,
        reason=task.reason,
        by=by or "",
        ended_at=stamp(task.ended_at),
        may=actions_for(actor, task.status, task.assignee_id, client.id),
    )
