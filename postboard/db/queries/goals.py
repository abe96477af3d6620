"""Goals as the performance page shows them, and whose posts they are of."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import Goal
from postboard.db.models import Client, Membership, Person, Post, Task
from postboard.db.queries.scope import measured_clients
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import TaskStatus
from postboard.domain.team import DEPARTMENT_OF, Department
from postboard.domain.workflow import SPECS

SHOWN_MAX: Final = 60
_FINISHED: Final = sorted(state for state, spec in SPECS.items() if spec.finished)


def goals(
    session: Session, actor: Actor, client: str
) -> list[tuple[Goal, str | None, str | None, str | None]]:
    """Those that the actor sees, with their client's key and name and their owner's, what ends
    first at the top; of one client where its key is given, and then those of the agency are left
    out.
    """
    rows: Any = session.execute(
        select(Goal, col(Client.key), col(Client.name), col(Person.name))
        .outerjoin(Client, col(Client.id) == col(Goal.client_id))
        .outerjoin(Person, col(Person.id) == col(Goal.owner_id))
        .where(
            col(Goal.ended_at).is_(None),
            visible_goals(actor),
            *([col(Client.key) == client] if client else []),
        )
        .order_by(col(Goal.ends_on).desc(), col(Goal.created_at), col(Goal.id))
        .limit(SHOWN_MAX)
    )
    return [(goal, key, name, owner) for goal, key, name, owner in rows]


def visible_goals(actor: Actor) -> ColumnElement[bool]:
    """Those of the agency are for its staff."""
    if actor.clients_with(Permission.SEE_PERFORMANCE) is None:
        return true()
    mine = select(col(Client.id)).where(measured_clients(actor))
    ours = col(Goal.client_id).is_(None) if actor.is_staff else false()
    return or_(ours, col(Goal.client_id).in_(mine))


def client_id_of(session: Session, actor: Actor, key: str) -> UUID | None:
    """Of a client whose figures the actor sees."""
    return session.execute(
        select(col(Client.id)).where(col(Client.key) == key, measured_clients(actor))
    ).scalar_one_or_none()


def posts_of_clients(session: Session, actor: Actor, since: date) -> dict[UUID, str]:
    """The key of the client of each post that was open on that day or later."""
    began = datetime.combine(since, time(), UTC) - timedelta(days=1)
    rows: Any = session.execute(
        select(col(Post.id), col(Client.key))
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(
            measured_clients(actor),
            or_(col(Post.state).not_in(_FINISHED), col(Post.state_since) >= began),
        )
    )
    return {post_id: key for post_id, key in rows}  # noqa: C416 - a Row is no pair to dict()


def worked_on(session: Session, actor: Actor) -> dict[Department, set[UUID]]:
    """The posts for which somebody of a department had a task, by their role for the client."""
    rows: Any = session.execute(
        select(col(Task.post_id), col(Membership.role))
        .join(Post, col(Post.id) == col(Task.post_id))
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Membership,
            and_(
                col(Membership.person_id) == col(Task.assignee_id),
                col(Membership.client_id) == col(Post.client_id),
            ),
        )
        .where(measured_clients(actor), col(Task.status) != TaskStatus.DROPPED)
        .distinct()
    )
    found: dict[Department, set[UUID]] = {}
    for post_id, role in rows:
        if department := DEPARTMENT_OF.get(role):
            found.setdefault(department, set()).add(post_id)
    return found
