"""A post's tasks as rows, and what becomes of them when the post takes a step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.orm import Session

from postboard.db.models import Person, Post, Task, table_of
from postboard.domain.errors import NotAllowed, Refused
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import UNFINISHED, WAITING, NoticeKind, TaskStatus
from postboard.domain.workflow import Action, Step
from postboard.services import notices

# Every step of every post asks here: built once, past the ORM.
_POST, _TASK, _PERSON = table_of(Post), table_of(Task), table_of(Person)
SOONEST = (_TASK.c.due_at.is_(None), _TASK.c.due_at, _TASK.c.created_at, _TASK.c.id)
"""Whoever is due first; those without a date come last."""
_WAITING = (
    select(_TASK.c.id, _TASK.c.assignee_id, _PERSON.c.name, _TASK.c.status)
    .join(_PERSON, _PERSON.c.id == _TASK.c.assignee_id)
    .where(_TASK.c.post_id == bindparam("post"), _TASK.c.status.in_(WAITING))
    .order_by(*SOONEST)
)


class OthersStillWork(Refused):
    sentence = "{names} still work on it. It goes on by itself with the last task."


class SentBack(Refused):
    sentence = "{names} sent a task of it back. Whoever assigned it decides how it goes on."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that is not over."""

    id: UUID
    person_id: UUID
    name: str
    status: TaskStatus

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED


def waiting(session: Session, post_id: UUID) -> list[Waiting]:
    """The post's tasks that are not over, those due first in front."""
    rows: Any = session.execute(_WAITING, {"post": post_id})
    return [Waiting(*row) for row in rows]


def holder(tasks: Sequence[Waiting]) -> UUID | None:
    """Who holds a post with these tasks: whoever's turn comes first."""
    return next((task.person_id for task in tasks if task.is_unfinished), None)


def lock(session: Session, post_ids: Iterable[UUID]) -> None:
    """One after the other: who ends the last of a post's tasks must see that it is the last.

    SQLite's writers queue anyway.
    """
    chosen = select(_POST.c.id).where(_POST.c.id.in_(list(post_ids))).order_by(_POST.c.id)
    session.execute(chosen.with_for_update())


def refuse_early_finish(
    session: Session,
    actor: Actor,
    step: Step,
    *,
    post_id: UUID,
    client_id: UUID,
    holder_id: UUID | None,
) -> None:
    """A post is finished by who holds it once nobody else is at it, or by who may assign it.

    Raises:
        NotAllowed, OthersStillWork, SentBack: as they say.
    """
    if step.action is not Action.FINISH or actor.may(Permission.ASSIGN, client_id):
        return
    tasks = waiting(session, post_id)
    if actor.user_id not in {holder_id, *(task.person_id for task in tasks)}:
        raise NotAllowed("Only the person who holds this post can finish it.")
    others = [task for task in tasks if task.person_id != actor.user_id]
    if at_work := _names(task for task in others if task.is_unfinished):
        raise OthersStillWork(names=at_work)
    if others:
        raise SentBack(names=_names(others))


def follow(
    session: Session,
    actor: Actor,
    post_id: UUID,
    step: Step,
    assignee_id: UUID | None,
    now: datetime,
) -> bool:
    """Give the assignee a task, or end what the step has made needless.

    Returns:
        Whether any task changed.
    """
    of_post = _TASK.c.post_id == post_id
    mine = _TASK.c.assignee_id == actor.user_id
    if step.action is Action.ASSIGN and assignee_id:
        return _give(session, actor, post_id, assignee_id, now)
    if step.action is Action.FINISH:
        # Whoever took this step was not refused: only their own are left, or they may end all.
        done = _end(session, (of_post,), UNFINISHED, TaskStatus.DONE, now)
        return _end(session, (of_post,), WAITING, TaskStatus.DROPPED, now) or done
    if step.action is Action.SUBMIT:
        return _end(session, (of_post, mine), UNFINISHED, TaskStatus.DONE, now)
    if step.action is Action.CANCEL:
        return _end(session, (of_post,), WAITING, TaskStatus.DROPPED, now)
    return False


def answer_sent_back(session: Session, post_ids: Iterable[UUID], now: datetime) -> None:
    """Assigning a post anew is the answer to what was sent back."""
    of_posts = _TASK.c.post_id.in_(list(post_ids))
    _end(session, (of_posts,), {TaskStatus.SENT_BACK}, TaskStatus.DROPPED, now)


def add(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(_TASK), rows)


def new_row(
    actor: Actor, task_id: UUID, post_id: UUID, person_id: UUID, now: datetime
) -> dict[str, Any]:
    """A task of which nothing more is said."""
    return {
        "id": task_id,
        "post_id": post_id,
        "assignee_id": person_id,
        "status": TaskStatus.OPEN,
        "instructions": "",
        "links": [],
        "urgent": False,
        "due_at": None,
        "reason": "",
        "version": 1,
        "created_by": actor.user_id,
        "created_at": now,
    }


def _give(session: Session, actor: Actor, post_id: UUID, assignee_id: UUID, now: datetime) -> bool:
    tasks = waiting(session, post_id)
    if any(task.is_unfinished and task.person_id == assignee_id for task in tasks):
        return False
    row = new_row(actor, uuid4(), post_id, assignee_id, now)
    add(session, [row])
    notices.tell(session, actor, [assignee_id], NoticeKind.TASK, post_id, row["id"], now)
    return True


def _end(
    session: Session,
    which: Sequence[ColumnElement[bool]],
    found: Iterable[TaskStatus],
    status: TaskStatus,
    now: datetime,
) -> bool:
    ended: Any = session.execute(
        update(_TASK)
        .where(*which, _TASK.c.status.in_(found))
        .values(status=status, ended_at=now, version=_TASK.c.version + 1)
        .returning(_TASK.c.id, _TASK.c.assignee_id, _TASK.c.created_by)
    ).all()
    if ended:
        people = {person for row in ended for person in row[1:]}
        notices.settle(session, people, [row[0] for row in ended], now)
    return bool(ended)


def _names(tasks: Iterable[Waiting]) -> str:
    return ", ".join(dict.fromkeys(task.name for task in tasks))
