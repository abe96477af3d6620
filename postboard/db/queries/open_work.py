"""What somebody of the staff has open, counted by client: what a hand-over moves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import Goal
from postboard.db.models import Client, Person, Post, Task, table_of
from postboard.db.people_models import Absence, DepartmentHead, HandOver, Responsibility
from postboard.db.review_models import ApprovalChain, ReviewRequest
from postboard.domain.handing_over import UNDO_WITHIN, Open
from postboard.domain.permissions import Actor
from postboard.domain.tasks import UNFINISHED, TaskStatus
from postboard.domain.workflow import SPECS

FINISHED: Final = sorted(state for state, spec in SPECS.items() if spec.finished)
_DAY: Final = timedelta(days=1)
_TASK, _POST, _GOAL = table_of(Task), table_of(Post), table_of(Goal)
_CHAIN, _REQUEST = table_of(ApprovalChain), table_of(ReviewRequest)
_PART, _HEAD = table_of(Responsibility), table_of(DepartmentHead)
_N = func.count().label("n")
_Counted = Select[Any, str, int]


@dataclass(frozen=True, slots=True)
class Undoable:
    """A hand-over that can still be undone; instants are ISO."""

    id: str
    name: str
    """Of whoever handed over."""
    until: str


def of_person(session: Session, person_id: UUID, now: datetime) -> list[Open]:
    """By client's name, what is of no single client last; only where there is something."""
    counts = union_all(*_counts(person_id, now.date())).subquery()
    rows: Any = session.execute(
        select(counts.c.client_id, col(Client.name), col(Client.key), counts.c.what, counts.c.n)
        .outerjoin(Client, col(Client.id) == counts.c.client_id)
        .order_by(col(Client.name).is_(None), func.lower(col(Client.name)), col(Client.key))
    )
    found: dict[UUID | None, dict[str, Any]] = {}
    for client_id, name, key, what, n in rows:
        if n:
            mine = found.setdefault(client_id, {"client": name or "", "key": key or ""})
            mine[what] = n
    return [Open(client_id, **told) for client_id, told in found.items()]


def open_tasks(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return col(Task.assignee_id) == person_id, col(Task.status).in_(UNFINISHED)


def returned_tasks(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return col(Task.created_by) == person_id, col(Task.status) == TaskStatus.SENT_BACK


def held_posts(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return col(Post.assignee_id) == person_id, col(Post.state).not_in(FINISHED)


def stood_in(person_id: UUID, today: date) -> tuple[ColumnElement[bool], ...]:
    """That have not passed on any clock."""
    return (
        col(Absence.stand_in_id) == person_id,
        col(Absence.ended_at).is_(None),
        col(Absence.ends_on) >= today - _DAY,
    )


def running_goals(person_id: UUID, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Goal.owner_id) == person_id,
        col(Goal.ended_at).is_(None),
        col(Goal.ends_on) >= today - _DAY,
    )


def stages_naming(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Of chains; those of single posts only while the post is not finished."""
    unfinished = select(_POST.c.id).where(_POST.c.state.not_in(FINISHED))
    return (
        cast(_CHAIN.c.stages, String).contains(person_id.hex),
        or_(_CHAIN.c.post_id.is_(None), _CHAIN.c.post_id.in_(unfinished)),
    )


def asked_of(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Of requests: open ones that name somebody now or in a later stage."""
    return (
        _REQUEST.c.closed_at.is_(None),
        or_(
            cast(_REQUEST.c.reviewers, String).contains(person_id.hex),
            cast(_REQUEST.c.chain, String).contains(person_id.hex),
        ),
    )


def undoable(session: Session, actor: Actor, *, now: datetime) -> Undoable | None:
    """The newest hand-over that the actor made and can take back."""
    row: Any = session.execute(
        select(col(HandOver.id), col(HandOver.at), col(Person.name))
        .join(Person, col(Person.id) == col(HandOver.person_id))
        .where(
            col(HandOver.by) == actor.user_id,
            col(HandOver.undone_at).is_(None),
            col(HandOver.at) > now - UNDO_WITHIN,
        )
        .order_by(col(HandOver.at).desc())
        .limit(1)
    ).one_or_none()
    return Undoable(row.id.hex, row.name, (row.at + UNDO_WITHIN).isoformat()) if row else None


def _counts(person_id: UUID, today: date) -> list[_Counted]:
    of_post = _TASK.join(_POST, _POST.c.id == _TASK.c.post_id)
    nobodys = cast(null(), _POST.c.client_id.type)
    return [
        _counted("tasks", _POST.c.client_id, *open_tasks(person_id)).select_from(of_post),
        _counted("returned", _POST.c.client_id, *returned_tasks(person_id)).select_from(of_post),
        _counted("posts", _POST.c.client_id, *held_posts(person_id)),
        _counted("parts", _PART.c.client_id, _PART.c.person_id == person_id),
        _counted("heads", _HEAD.c.client_id, _HEAD.c.person_id == person_id),
        _counted("chains", _CHAIN.c.client_id, *stages_naming(person_id)),
        _counted("requests", _REQUEST.c.client_id, *asked_of(person_id)),
        _counted("goals", _GOAL.c.client_id, *running_goals(person_id, today)),
        select(nobodys.label("client_id"), literal("stand_ins").label("what"), _N).where(
            *stood_in(person_id, today)
        ),
    ]


def _counted(what: str, client_id: Any, *where: ColumnElement[bool]) -> _Counted:
    named = client_id.label("client_id")
    return select(named, literal(what).label("what"), _N).where(*where).group_by(client_id)
