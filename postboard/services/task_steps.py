"""What becomes of a task: taken on, done, sent back, withdrawn or changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Person, Task, table_of
from postboard.db.queries.agreements import zone_of
from postboard.domain.content import REASON_MAX, clean
from postboard.domain.errors import NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import OPEN_TO, Expectation, NoticeKind, TaskAction, TaskStatus
from postboard.domain.workflow import Action, find_step
from postboard.services import notices, post_rows, steps, task_list
from postboard.services.events import Fact, record
from postboard.services.must_read import refuse_unread
from postboard.services.post_rows import Found
from postboard.services.steps import NeedsReason

_TASK = table_of(Task)
_CHANGE = update(_TASK).where(
    _TASK.c.id == bindparam("task"),
    _TASK.c.version == bindparam("found_version"),
    _TASK.c.status == bindparam("found_status"),
)


class TaskIsOver(Refused):
    sentence = "This task is over already."


class LastInProduction(Refused):
    sentence = (
        "Somebody has to hold a post in production. Assign it to somebody else first, or mark it"
        " as ready."
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """A task as its writers need it."""

    id: UUID
    assignee_id: UUID
    assignee: str
    status: TaskStatus
    version: int
    due_at: datetime | None
    created_by: UUID | None


def accept(session: Session, actor: Actor, task_id: UUID, *, version: int, now: datetime) -> None:
    """The assignee says that they will do it."""
    post, task = _find(session, actor, task_id, version, TaskAction.ACCEPT)
    _need_to_be(actor, task)
    refuse_unread(session, actor, post.client_id)
    _turn(session, task, {"status": TaskStatus.ACCEPTED, "accepted_at": now})
    notices.settle(session, [task.assignee_id], [task.id], now)
    _record(session, actor, post, task, "post.task_accepted", now)


def finish(session: Session, actor: Actor, task_id: UUID, *, version: int, now: datetime) -> None:
    """It is done, says who holds it or who may assign it.

    A post in production goes on with its last task.
    """
    post, task = _find(session, actor, task_id, version, TaskAction.FINISH)
    if not actor.may(Permission.ASSIGN, post.client_id):
        _need_to_be(actor, task)
    refuse_unread(session, actor, post.client_id)
    _turn(session, task, {"status": TaskStatus.DONE, "ended_at": now})
    notices.settle(session, [task.assignee_id], [task.id], now)
    _record(session, actor, post, task, "post.task_done", now)
    left = task_list.waiting(session, post.id)
    if not left and find_step(post.state, Action.FINISH, post.policy):
        steps.take_step(session, actor, post.id, Action.FINISH, version=post.version, now=now)
    else:
        post_rows.hold(session, post, task_list.holder(left) or post.assignee_id)


def send_back(
    session: Session, actor: Actor, task_id: UUID, reason: str, *, version: int, now: datetime
) -> None:
    """The assignee cannot do it, and says why; whoever assigned it decides how it goes on.

    The post stays where it is, so that it does not go on half done.
    """
    post, task = _find(session, actor, task_id, version, TaskAction.SEND_BACK)
    _need_to_be(actor, task)
    reason = clean(reason, REASON_MAX, many_lines=True)
    if not reason:
        raise NeedsReason
    _turn(session, task, {"status": TaskStatus.SENT_BACK, "reason": reason, "ended_at": now})
    notices.settle(session, [task.assignee_id], [task.id], now)
    _record(session, actor, post, task, "post.task_sent_back", now, reason=reason)
    if task.created_by:
        people = [task.created_by]
        kind = NoticeKind.TASK_SENT_BACK
        notices.tell(session, actor, people, kind, post.id, task.id, now)
    post_rows.hold(session, post, task_list.holder(task_list.waiting(session, post.id)))


def withdraw(session: Session, actor: Actor, task_id: UUID, *, version: int, now: datetime) -> None:
    """Nobody needs it any more.

    Raises:
        LastInProduction: nobody would be at a post in production.
    """
    post, task = _find(session, actor, task_id, version, TaskAction.WITHDRAW)
    if not actor.may(Permission.ASSIGN, post.client_id):
        raise NotAllowed
    left = [one for one in task_list.waiting(session, post.id) if one.id != task.id]
    if not left and find_step(post.state, Action.FINISH, post.policy):
        raise LastInProduction
    _turn(session, task, {"status": TaskStatus.DROPPED, "ended_at": now})
    notices.settle(session, [task.assignee_id, task.created_by], [task.id], now)
    _record(session, actor, post, task, "post.task_withdrawn", now)
    held_by_them = post.assignee_id == task.assignee_id
    post_rows.hold(
        session, post, task_list.holder(left) or (None if held_by_them else post.assignee_id)
    )


def change(
    session: Session,
    actor: Actor,
    task_id: UUID,
    expected: Expectation,
    *,
    version: int,
    now: datetime,
) -> None:
    """Other instructions, links or time; the assignee is told."""
    post, task = _find(session, actor, task_id, version, TaskAction.CHANGE)
    if not actor.may(Permission.ASSIGN, post.client_id):
        raise NotAllowed
    expected = expected.checked()
    due_at = expected.due_at(zone_of(session, post.client_id).key, now, kept=task.due_at)
    changes = {
        "instructions": expected.instructions,
        "links": list(expected.links),
        "urgent": expected.urgent,
        "due_at": due_at,
    }
    _turn(session, task, changes)
    task = replace(task, due_at=due_at)
    _record(session, actor, post, task, "post.task_changed", now)
    people = [task.assignee_id]
    notices.tell(session, actor, people, NoticeKind.TASK, post.id, task.id, now)
    holder = task_list.holder(task_list.waiting(session, post.id))
    post_rows.hold(session, post, holder or post.assignee_id)


def _find(
    session: Session, actor: Actor, task_id: UUID, version: int, action: TaskAction
) -> tuple[Found, _Task]:
    """The post and its task, which nobody else writes until this transaction ends.

    Raises:
        NotFound: it is not there, or not this actor's; the client's side knows of no tasks.
        Stale, TaskIsOver: as they say.
    """
    post_id = session.execute(
        select(_TASK.c.post_id).where(_TASK.c.id == task_id)
    ).scalar_one_or_none()
    if post_id is None:
        raise NotFound
    task_list.lock(session, [post_id])
    post = post_rows.find(session, actor, post_id)
    if not actor.may(Permission.SEE_ALL_STATES, post.client_id):
        raise NotFound
    row: Any = session.execute(
        select(
            _TASK.c.id,
            _TASK.c.assignee_id,
            col(Person.name),
            _TASK.c.status,
            _TASK.c.version,
            _TASK.c.due_at,
            _TASK.c.created_by,
        )
        .join(Person, col(Person.id) == _TASK.c.assignee_id)
        .where(_TASK.c.id == task_id)
    ).one()
    task = _Task(*row)
    if task.version != version:
        raise Stale
    if task.status not in OPEN_TO[action]:
        raise TaskIsOver
    return post, task


def _need_to_be(actor: Actor, task: _Task) -> None:
    if task.assignee_id != actor.user_id:
        raise NotAllowed("This is {name}’s task.", name=task.assignee)


def _turn(session: Session, task: _Task, changes: Mapping[str, Any]) -> None:
    found = {"task": task.id, "found_version": task.version, "found_status": task.status}
    done = session.execute(_CHANGE, {**found, **changes, "version": task.version + 1})
    if not changed_one_row(done):
        raise Stale


def _record(
    session: Session,
    actor: Actor,
    post: Found,
    task: _Task,
    kind: str,
    now: datetime,
    *,
    reason: str = "",
) -> None:
    content: dict[str, Any] = {
        "tasks": [task.id.hex],
        "people": [task.assignee_id.hex],
        "names": [task.assignee],
        "due": task.due_at.isoformat() if task.due_at else None,
    }
    if reason:
        content["reason"] = reason
    event_id = record(session, actor, Fact(post.id, kind, post.client_id, content), now)
    post_rows.touched(session, post, event_id, private=True)
