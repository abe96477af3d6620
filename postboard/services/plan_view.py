"""A post's plan as its page shows it: what stands, what is proposed, and what moves along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Membership, Person, Task
from postboard.db.queries import agreements, tasks
from postboard.db.queries.choices import Choice
from postboard.db.queries.instants import stamp
from postboard.db.queries.lead_times import of_kind
from postboard.domain.errors import NotAllowed
from postboard.domain.permissions import Actor, Permission, Role
from postboard.domain.planning import LeadStep, StepTime, left_in, plan_back
from postboard.domain.tasks import UNFINISHED, TaskStatus
from postboard.domain.working_time import WorkingCalendar
from postboard.services import post_rows, posting_days, posts, step_times
from postboard.services.post_rows import Found
from postboard.services.steps import NeedsTime, NoSuchStep

MADE_BY: Final[Mapping[LeadStep, Role | None]] = {
    LeadStep.COPY: Role.COPYWRITER,
    LeadStep.DESIGN: Role.DESIGNER,
    LeadStep.REWORK: None,
}
"""Who of the team makes a step as a rule. Reviews are asked for by the approval, not by tasks."""
TO_READ: Final = timedelta(minutes=30)
"""Working time that passes between the question how early it can be and the answer."""
_FAR: Final = timedelta(days=5 * 366)
"""More working time than that is plenty, and takes long to count."""
_QUARTER: Final = timedelta(minutes=15)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StepPlanned:
    """A step with its due time. Instants are ISO text."""

    step: str
    due_at: str
    who: list[str]
    """Who has a task for it."""
    is_over: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """What stands; without steps the post was never planned backwards."""

    zone: str
    may_plan: bool
    steps: list[StepPlanned]


@dataclass(frozen=True, slots=True)
class StepProposed:
    """`minutes` of working time are given to it, and `usual_min` where there is time enough."""

    step: str
    starts_at: str
    due_at: str
    minutes: int
    usual_min: int
    may_name: bool
    """Somebody can be given a task for it."""
    person: str
    """Who is suggested, or nobody."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What planning backwards would give, as of `version` of the post."""

    post_id: str
    version: int
    zone: str
    planned_at: str
    steps: list[StepProposed]
    people: list[Choice]
    needed_h: int
    left_h: int
    """Working hours, begun ones for what is needed and whole ones for what is left."""
    earliest_at: str
    """Where too little time is left: a time that works, also for whoever reads for a while."""
    skips_closed: bool
    """It would be sooner, were it not for days without posts."""
    is_over: bool
    """The time of publishing has passed: nothing can be squeezed in before it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Which due times went along with a post, and whether they had to be squeezed."""

    steps: list[str]
    squeezed: bool


def seen(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> PlanSeen:
    """The post's plan as it stands.

    Raises:
        NotFound: the post is not this actor's, or they are the client.
    """
    post = _find(session, actor, post_id)
    may_plan = bool(left_in(post.state)) and actor.may(Permission.EDIT_PLAN, post.client_id)
    dues = step_times.dues(session, post_id)
    given = _tasks(session, post_id) if dues else {}
    left = left_in(post.state)
    steps = [
        _planned(step, dues[step], given.get(step, []), step in left, now)
        for step in LeadStep
        if step in dues
    ]
    return PlanSeen(agreements.zone_of(session, post.client_id).key, may_plan, steps)


def propose(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> Proposal:
    """What planning the post backwards from the time it has would give.

    Raises:
        NotFound, NotAllowed: the post is not this actor's, or not theirs to plan.
        NeedsTime, NoSuchStep: there is nothing to plan back from, or nothing left to plan.
    """
    post = _find(session, actor, post_id)
    if not actor.may(Permission.EDIT_PLAN, post.client_id):
        raise NotAllowed
    if post.planned_at is None:
        raise NeedsTime
    left = left_in(post.state)
    if not left:
        raise NoSuchStep
    agreed = agreements.of_client(session, post.client_id)
    kind = step_times.kind_of(session, post_id)
    lead = of_kind(session, post.client_id, kind, agreed.terms).lead.asking(post.policy.approval)
    plan = plan_back(lead, agreed.calendar, post.planned_at, now=now, left=left)
    needed = sum((timedelta(hours=lead.hours(one.step)) for one in plan.steps), timedelta())
    there_is = agreed.calendar.working_between(now, min(post.planned_at, now + _FAR))
    if plan.earliest_at:
        works = replace(plan, earliest_at=_workable(agreed.calendar, now, needed))
        closed = posting_days.of_client(session, post.client_id).closed
        plan = works.beside(closed, agreed.calendar)
    chosen = tasks.assignable(session, actor, [post_id])
    named = _suggested(session, post, {one.step for one in plan.steps})
    return Proposal(
        post_id=post_id.hex,
        version=post.version,
        zone=agreed.calendar.zone.key,
        planned_at=stamp(post.planned_at),
        steps=[_proposed(one, lead.hours(one.step), agreed.calendar, named) for one in plan.steps],
        people=chosen.people,
        needed_h=ceil(needed / timedelta(hours=1)),
        left_h=max(0, there_is // timedelta(hours=1)),
        earliest_at=stamp(plan.earliest_at) if plan.earliest_at else "",
        skips_closed=plan.skips_closed,
        is_over=post.planned_at <= now,
    )


def move(
    session: Session,
    actor: Actor,
    post_id: UUID,
    planned_at: datetime | None,
    *,
    version: int,
    now: datetime,
) -> Moved:
    """`posts.replan`, and what went along with it."""
    before = step_times.dues(session, post_id)
    post = posts.replan(session, actor, post_id, planned_at, version=version, now=now)
    after = step_times.dues(session, post_id)
    moved = [step for step in LeadStep if step in after and after[step] != before.get(step)]
    return Moved([str(step) for step in moved], bool(moved) and _squeezed(session, post, now))


def _find(session: Session, actor: Actor, post_id: UUID) -> Found:
    post = post_rows.find(session, actor, post_id)
    post_rows.need_team(actor, post.client_id)
    return post


def _squeezed(session: Session, post: Found, now: datetime) -> bool:
    if post.planned_at is None:
        return False
    return step_times.backward(session, post, post.planned_at, now).earliest_at is not None


def _workable(calendar: WorkingCalendar, now: datetime, needed: timedelta) -> datetime:
    """The first quarter of an hour that still works once the proposal was read."""
    at = calendar.add_working(now, needed + TO_READ)
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - past + _QUARTER if past else at


def _planned(
    step: LeadStep,
    due_at: datetime,
    given: list[tuple[str, TaskStatus]],
    is_left: bool,
    now: datetime,
) -> StepPlanned:
    is_done = bool(given) and all(status is TaskStatus.DONE for _, status in given)
    is_over = is_done or not is_left
    who = list(dict.fromkeys(name for name, _ in given))
    return StepPlanned(step, stamp(due_at), who, is_over, not is_over and due_at < now)


def _proposed(
    one: StepTime, hours: int, calendar: WorkingCalendar, named: Mapping[LeadStep, str]
) -> StepProposed:
    return StepProposed(
        step=one.step,
        starts_at=stamp(one.starts_at),
        due_at=stamp(one.due_at),
        minutes=round(calendar.working_between(one.starts_at, one.due_at) / _MINUTE),
        usual_min=hours * 60,
        may_name=one.step in MADE_BY,
        person=named.get(one.step, ""),
    )


def _tasks(session: Session, post_id: UUID) -> dict[LeadStep, list[tuple[str, TaskStatus]]]:
    """Of each step: who was given a task for it, and how far it is."""
    rows: Any = session.execute(
        select(col(Task.step), col(Person.name), col(Task.status))
        .join(Person, col(Person.id) == col(Task.assignee_id))
        .where(
            col(Task.post_id) == post_id,
            col(Task.step).is_not(None),
            col(Task.status).not_in([TaskStatus.DROPPED, TaskStatus.SENT_BACK]),
        )
        .order_by(col(Task.created_at), col(Task.id))
    )
    given: dict[LeadStep, list[tuple[str, TaskStatus]]] = {}
    for step, name, status in rows:
        given.setdefault(step, []).append((name, status))
    return given


def _suggested(session: Session, post: Found, steps: Iterable[LeadStep]) -> dict[LeadStep, str]:
    """Whoever has the step's task, else the one whose part it is; the words stay with the holder
    where that is a copywriter.
    """
    asked = [step for step in steps if step in MADE_BY]
    rows: Any = session.execute(
        select(col(Task.step), col(Task.assignee_id)).where(
            col(Task.post_id) == post.id,
            col(Task.step).in_(asked),
            col(Task.status).in_(sorted(UNFINISHED)),
        )
    )
    has_it = {step: person_id.hex for step, person_id in rows}
    team = _team(session, post.client_id)
    named: dict[LeadStep, str] = {}
    for step in asked:
        role = MADE_BY[step]
        parts = [person_id for person_id, theirs in team if theirs == role]
        mine = [person_id for person_id in parts if person_id == post.assignee_id]
        first = next(iter([*mine, *parts]), None)
        named[step] = has_it.get(step) or (first.hex if first else "")
    return named


def _team(session: Session, client_id: UUID) -> list[tuple[UUID, Role]]:
    rows: Any = session.execute(
        select(col(Person.id), col(Membership.role))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.client_id) == client_id, col(Person.disabled_at).is_(None))
        .order_by(col(Person.name), col(Person.id))
    )
    return [(person_id, role) for person_id, role in rows]
