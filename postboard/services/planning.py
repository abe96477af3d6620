"""Planning posts backwards from the time they go out: due times and tasks for each step."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Task, table_of
from postboard.db.planning_models import LeadTimeTemplate
from postboard.db.queries import agreements
from postboard.db.queries.lead_times import Lead, of_kind
from postboard.domain.errors import Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.planning import (
    BackwardPlan,
    LeadStep,
    LeadTimes,
    PostKind,
    leaves_by,
    left_in,
    too_little,
)
from postboard.domain.tasks import UNFINISHED, Expectation
from postboard.services import assigning, post_rows, posts, step_times
from postboard.services.events import Fact, record
from postboard.services.steps import NeedsTime, NoSuchStep, TimePassed

_TASK = table_of(Task)
_MARK = update(_TASK).where(_TASK.c.id == bindparam("task"))


def lead_times(session: Session, actor: Actor, client_id: UUID, kind: PostKind) -> Lead:
    """How long the steps of such a post take for this client.

    Raises:
        NotFound: the actor is none of the client's team.
    """
    post_rows.need_team(actor, client_id)
    return of_kind(session, client_id, kind, agreements.of_client(session, client_id).terms)


def change_lead_times(
    session: Session,
    actor: Actor,
    client_id: UUID,
    kind: PostKind,
    lead: LeadTimes,
    *,
    version: int,
    now: datetime,
) -> Lead:
    """Put other times in place of those of `version`; posts that are planned keep theirs.

    Raises:
        NotFound, NotAllowed: the client is not this actor's, or not theirs to manage.
        Stale: somebody changed them since.
        BadInput: a limit is passed.
    """
    old = _to_change(session, actor, client_id, kind, version)
    new, before = asdict(lead.checked()), asdict(old.lead)
    changed = {step: [before[step], hours] for step, hours in new.items() if hours != before[step]}
    if not changed:
        return old
    _write_template(session, client_id, kind, version, {"hours": new, "changed_at": now})
    content = {"kind": kind, "version": version + 1, "changed": changed}
    record(session, actor, Fact(client_id, "client.lead_times_changed", client_id, content), now)
    return Lead(version + 1, lead)


def follow_usual_times(
    session: Session,
    actor: Actor,
    client_id: UUID,
    kind: PostKind,
    *,
    version: int,
    now: datetime,
) -> Lead:
    """Give up the client's own times of `version`: those of its agreement hold again.

    Raises:
        NotFound, NotAllowed: the client is not this actor's, or not theirs to manage.
        Stale: somebody changed them since.
    """
    old = _to_change(session, actor, client_id, kind, version)
    if old.is_usual:
        return old
    # The row stays, so that no later version has the number of an earlier one.
    _write_template(session, client_id, kind, version, {"hours": {}, "changed_at": now})
    content = {"kind": kind, "version": version + 1, "usual": True}
    record(session, actor, Fact(client_id, "client.lead_times_changed", client_id, content), now)
    return lead_times(session, actor, client_id, kind)


def plan(
    session: Session,
    actor: Actor,
    post_id: UUID,
    people: Mapping[LeadStep, UUID],
    *,
    squeezed: bool = False,
    version: int,
    now: datetime,
) -> BackwardPlan:
    """Give each step that is left its due time, and each of these people the task of theirs.

    A post that is planned anew keeps its tasks; whoever has one of a step already has it moved.
    `squeezed`: where too little time is left, share it in proportion.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
        NeedsTime, TimePassed: there is nothing to plan back from.
        NoSuchStep: the post is over, or somebody is named for a step that is.
        TooLittleTime: it says the earliest time that works, on the client's clock.
    """
    post = post_rows.find(session, actor, post_id)
    post_rows.need_team(actor, post.client_id)
    post_rows.need(actor, Permission.EDIT_PLAN, post.client_id)
    post_rows.refuse_stale(post, version)
    if post.planned_at is None:
        raise NeedsTime
    if not left_in(post.state):
        raise NoSuchStep
    planned = step_times.backward(session, post, post.planned_at, now)
    if post.planned_at <= now:
        raise TimePassed
    if not people.keys() <= {one.step for one in planned.steps}:
        raise NoSuchStep
    short = too_little(planned, agreements.zone_of(session, post.client_id))
    if short and not squeezed:
        raise short
    due = {one.step: one.due_at for one in planned.steps}
    over = set(LeadStep) - set(left_in(post.state))
    step_times.keep(session, post.id, due, over=over)
    step_times.move_tasks(session, actor, post.id, due, now)
    for step in sorted(people, key=list(LeadStep).index):
        _give(session, actor, post.id, step, people[step], due[step], now)
    post = post_rows.find(session, actor, post.id)
    every = step_times.dues(session, post.id)
    posts.set_due(session, actor, post, leaves_by(post.state, every), due, now)
    return planned


def _to_change(
    session: Session, actor: Actor, client_id: UUID, kind: PostKind, version: int
) -> Lead:
    old = lead_times(session, actor, client_id, kind)
    post_rows.need(actor, Permission.MANAGE_CLIENT, client_id)
    if old.version != version:
        raise Stale
    return old


def _give(
    session: Session,
    actor: Actor,
    post_id: UUID,
    step: LeadStep,
    person_id: UUID,
    due_at: datetime,
    now: datetime,
) -> None:
    has_it = select(_TASK.c.id).where(
        _TASK.c.post_id == post_id,
        _TASK.c.assignee_id == person_id,
        _TASK.c.step == step,
        _TASK.c.status.in_(UNFINISHED),
    )
    if session.execute(has_it).first():
        return
    post = post_rows.find(session, actor, post_id)
    zone = agreements.of_client(session, post.client_id).calendar.zone
    expected = Expectation(due=due_at.astimezone(zone).replace(tzinfo=None, fold=0))
    given = assigning.assign(
        session, actor, {post_id: post.version}, [person_id], expected, now=now
    )
    for task_id in given:
        # The instant itself: a clock that shows an hour twice names the first of the two.
        session.execute(_MARK, {"task": task_id, "step": step, "due_at": due_at})


def _write_template(
    session: Session, client_id: UUID, kind: PostKind, version: int, values: dict[str, Any]
) -> None:
    if version == 0:  # a second first one hits the key, which is a lost race
        row = {"client_id": client_id, "kind": kind, "version": 1, **values}
        session.execute(insert(LeadTimeTemplate), [row])
        return
    written = session.execute(
        update(LeadTimeTemplate)
        .where(
            col(LeadTimeTemplate.client_id) == client_id,
            col(LeadTimeTemplate.kind) == kind,
            col(LeadTimeTemplate.version) == version,
        )
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale
