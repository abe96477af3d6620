"""A planned post's due times as rows, and how they follow when it moves or takes a step."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Post, Revision, Task, table_of
from postboard.db.planning_models import StepDue
from postboard.db.queries import agreements
from postboard.db.queries.lead_times import of_kind
from postboard.domain.content import words_from_json
from postboard.domain.permissions import Actor
from postboard.domain.planning import (
    BackwardPlan,
    LeadStep,
    PostKind,
    leaves_by,
    left_in,
    plan_back,
)
from postboard.domain.tasks import UNFINISHED, NoticeKind
from postboard.domain.workflow import State
from postboard.services import notices, posting_days, task_list
from postboard.services.post_rows import Found

_STEP_DUE, _TASK = table_of(StepDue), table_of(Task)
# Every step of every post asks here: built once, past the ORM.
_DUES = select(_STEP_DUE.c.step, _STEP_DUE.c.due_at).where(_STEP_DUE.c.post_id == bindparam("post"))
_TO_COME = update(_TASK).where(
    _TASK.c.post_id == bindparam("post"),
    _TASK.c.step == bindparam("of_step"),
    _TASK.c.status.in_(UNFINISHED),
)


def dues(session: Session, post_id: UUID) -> dict[LeadStep, datetime]:
    """By when each step has to be over; empty where the post was never planned backwards."""
    rows: Any = session.execute(_DUES, {"post": post_id})
    return {step: due_at for step, due_at in rows}  # noqa: C416 - a Row is no pair to dict()


def due_in(session: Session, post_id: UUID, state: State) -> dict[str, datetime | None]:
    """What a step into `state` changes of the post's due time: nothing where it has no plan."""
    planned = dues(session, post_id)
    return {"due_at": leaves_by(state, planned)} if planned else {}


def backward(session: Session, post: Found, publish_at: datetime, now: datetime) -> BackwardPlan:
    """The plan of what is left, by the client's lead times for this kind of post."""
    agreed = agreements.of_client(session, post.client_id)
    lead = of_kind(session, post.client_id, kind_of(session, post.id), agreed.terms).lead
    asking = lead.asking(post.policy.approval)
    plan = plan_back(asking, agreed.calendar, publish_at, now=now, left=left_in(post.state))
    if plan.earliest_at is None:
        return plan
    closed = posting_days.of_client(session, post.client_id).closed
    return plan.beside(closed, agreed.calendar)


def move(
    session: Session, actor: Actor, post: Found, publish_at: datetime | None, now: datetime
) -> dict[str, datetime | None]:
    """Let what is not done follow the post to its new time.

    Returns:
        What changes of the post: its own due time, if it was planned backwards at all.
    """
    known = dues(session, post.id)
    if not known:
        return {}
    if publish_at is None:
        session.execute(delete(_STEP_DUE).where(_STEP_DUE.c.post_id == post.id))
        return {"due_at": None}
    plan = backward(session, post, publish_at, now)
    moved = {one.step: one.due_at for one in plan.steps}
    keep(session, post.id, moved, over=set(LeadStep) - set(left_in(post.state)))
    move_tasks(session, actor, post.id, moved, now)
    return {"due_at": leaves_by(post.state, {**known, **moved})}


def keep(
    session: Session,
    post_id: UUID,
    planned: Mapping[LeadStep, datetime],
    *,
    over: Iterable[LeadStep] = (),
) -> None:
    """Put these due times in place of all but those that are `over`."""
    gone = _STEP_DUE.c.step.not_in(sorted(over))
    session.execute(delete(_STEP_DUE).where(_STEP_DUE.c.post_id == post_id, gone))
    rows = [
        {"post_id": post_id, "step": step, "due_at": due_at} for step, due_at in planned.items()
    ]
    if rows:
        session.execute(insert(_STEP_DUE), rows)


def move_tasks(
    session: Session,
    actor: Actor,
    post_id: UUID,
    planned: Mapping[LeadStep, datetime],
    now: datetime,
) -> None:
    """Tasks of these steps that are not over are due anew, and their people hear of it."""
    task_list.lock(session, [post_id])
    told: list[tuple[UUID, UUID, UUID | None]] = []
    for step, due_at in planned.items():
        changes = {"due_at": due_at, "version": _TASK.c.version + 1}
        other = _TASK.c.due_at.is_(None) | (_TASK.c.due_at != due_at)
        statement = _TO_COME.where(other).values(**changes)
        rows: Any = session.execute(
            statement.returning(_TASK.c.id, _TASK.c.assignee_id), {"post": post_id, "of_step": step}
        )
        told += [(person_id, post_id, task_id) for task_id, person_id in rows]
    notices.settle(session, None, [task_id for _, _, task_id in told if task_id], now)
    notices.tell_each(session, actor, NoticeKind.TASK, told, now)


def kind_of(session: Session, post_id: UUID) -> PostKind:
    """Of the words as they stand now."""
    media = session.execute(
        select(col(Revision.media))
        .join(Post, col(Post.id) == col(Revision.post_id))
        .where(col(Post.id) == post_id, col(Revision.number) == col(Post.revision))
    ).scalar_one()
    return PostKind.of(words_from_json({"media": media}).media)
