"""A post planned backwards: its due times, its tasks, and what follows when it moves."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice, Post, Task
from postboard.db.queries.lead_times import Lead
from postboard.domain.errors import NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor
from postboard.domain.planning import (
    BackwardPlan,
    LeadStep,
    LeadTimes,
    PostKind,
    TooLittleOpenTime,
    TooLittleTime,
)
from postboard.domain.tasks import NoticeKind, TaskStatus
from postboard.domain.workflow import Action, State
from postboard.services import planning, post_rows, posting_days, posts, step_times
from postboard.services.posts import NewPost
from postboard.services.steps import NeedsTime, NoSuchStep, TimePassed
from tests.requests import agree, utc
from tests.world import NOW, WORDS, World, found, step

PUBLISH = utc("13T14:00")
"""A Friday, 15:00 in Berlin, where Acme works from nine to five."""
DUES = {
    LeadStep.COPY: utc("09T12:00"),
    LeadStep.DESIGN: utc("10T12:00"),
    LeadStep.INTERNAL_REVIEW: utc("11T08:00"),
    LeadStep.REWORK: utc("11T12:00"),
    LeadStep.CLIENT_REVIEW: utc("13T12:00"),
    LeadStep.BUFFER: PUBLISH,
}


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    with database.write() as session:
        new = NewPost(WORDS, PUBLISH)
        return posts.create(session, world.ana, world.acme.id, new, now=NOW)


def plan(
    database: Database, actor: Actor, post_id: UUID, people=None, *, squeezed=False
) -> BackwardPlan:
    version = found(database, actor, post_id).version
    with database.write() as session:
        return planning.plan(
            session, actor, post_id, people or {}, squeezed=squeezed, version=version, now=NOW
        )


def plan_for_two(database: Database, world: World, post_id: UUID) -> None:
    people = {LeadStep.COPY: world.ben.user_id, LeadStep.DESIGN: world.dina.user_id}
    plan(database, world.aron, post_id, people)


def replan(database: Database, actor: Actor, post_id: UUID, at: datetime | None) -> None:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        posts.replan(session, actor, post_id, at, version=version, now=NOW)


def tasks(database: Database, post_id: UUID) -> list[tuple]:
    with database.read() as session:
        rows = session.execute(
            select(col(Task.step), col(Task.assignee_id), col(Task.status), col(Task.due_at))
            .where(col(Task.post_id) == post_id)
            .order_by(col(Task.due_at))
        )
        return [tuple(row) for row in rows]


def dues(database: Database, post_id: UUID) -> dict[LeadStep, datetime]:
    with database.read() as session:
        return step_times.dues(session, post_id)


def due_of(database: Database, post_id: UUID) -> datetime | None:
    with database.read() as session:
        return session.execute(select(col(Post.due_at)).where(col(Post.id) == post_id)).scalar_one()


def test_a_post_gets_due_times_and_tasks_from_the_time_it_goes_out(
    database: Database, world: World, post_id: UUID
) -> None:
    plan_for_two(database, world, post_id)
    assert dues(database, post_id) == DUES
    assert tasks(database, post_id) == [
        (LeadStep.COPY, world.ben.user_id, TaskStatus.OPEN, DUES[LeadStep.COPY]),
        (LeadStep.DESIGN, world.dina.user_id, TaskStatus.OPEN, DUES[LeadStep.DESIGN]),
    ]
    post = found(database, world.ana, post_id)
    assert (post.state, post.assignee_id) == (State.IN_PRODUCTION, world.ben.user_id)
    assert due_of(database, post_id) == DUES[LeadStep.DESIGN]
    with database.read() as session:
        told = session.execute(
            select(col(Event.kind), col(Event.actor_name), col(Event.content))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position).desc())
        ).first()
    steps = {step.value: at.isoformat() for step, at in DUES.items()}
    content = {"steps": steps, "due": DUES[LeadStep.DESIGN].isoformat()}
    assert told is not None
    assert tuple(told) == ("post.planned_back", "Aron", content)


def test_a_post_that_moves_takes_along_what_is_not_done(
    database: Database, world: World, post_id: UUID
) -> None:
    plan_for_two(database, world, post_id)
    with database.write() as session:
        task = session.execute(
            select(Task).where(col(Task.post_id) == post_id, col(Task.step) == LeadStep.COPY)
        ).scalar_one()
        task.status, task.ended_at = TaskStatus.DONE, NOW
    replan(database, world.aron, post_id, PUBLISH + timedelta(7))
    assert tasks(database, post_id) == [
        (LeadStep.COPY, world.ben.user_id, TaskStatus.DONE, DUES[LeadStep.COPY]),
        (
            LeadStep.DESIGN,
            world.dina.user_id,
            TaskStatus.OPEN,
            DUES[LeadStep.DESIGN] + timedelta(7),
        ),
    ]
    assert due_of(database, post_id) == DUES[LeadStep.DESIGN] + timedelta(7)
    with database.read() as session:
        unread = session.execute(
            select(col(Notice.person_id)).where(
                col(Notice.post_id) == post_id,
                col(Notice.kind) == NoticeKind.TASK,
                col(Notice.read_at).is_(None),
            )
        ).scalars()
        assert sorted(unread) == sorted([world.ben.user_id, world.dina.user_id])


def test_steps_that_are_over_keep_the_time_they_had(
    database: Database, world: World, post_id: UUID
) -> None:
    plan(database, world.aron, post_id)
    due = [due_of(database, post_id)]
    for actor, action in [
        (world.ben, Action.SUBMIT),
        (world.iris, Action.APPROVE),
        (world.aron, Action.SEND_TO_CLIENT),
    ]:
        step(database, actor, post_id, action)
        due.append(due_of(database, post_id))
    assert due == [
        DUES[LeadStep.DESIGN],
        DUES[LeadStep.INTERNAL_REVIEW],
        DUES[LeadStep.REWORK],
        DUES[LeadStep.CLIENT_REVIEW],
    ]
    replan(database, world.aron, post_id, PUBLISH + timedelta(7))
    later = {LeadStep.CLIENT_REVIEW, LeadStep.BUFFER}
    assert dues(database, post_id) == {
        one: at + timedelta(7) if one in later else at for one, at in DUES.items()
    }
    assert due_of(database, post_id) == DUES[LeadStep.CLIENT_REVIEW] + timedelta(7)


def test_planning_anew_gives_nobody_the_same_task_twice(
    database: Database, world: World, post_id: UUID
) -> None:
    plan_for_two(database, world, post_id)
    plan_for_two(database, world, post_id)
    assert [(one, who) for one, who, *_ in tasks(database, post_id)] == [
        (LeadStep.COPY, world.ben.user_id),
        (LeadStep.DESIGN, world.dina.user_id),
    ]


def test_a_post_without_a_time_has_no_due_times(
    database: Database, world: World, post_id: UUID
) -> None:
    plan(database, world.aron, post_id)
    replan(database, world.aron, post_id, None)
    assert (dues(database, post_id), due_of(database, post_id)) == ({}, None)
    with pytest.raises(NeedsTime):
        plan(database, world.aron, post_id)


def test_a_post_that_nobody_planned_backwards_moves_without_due_times(
    database: Database, world: World, post_id: UUID
) -> None:
    replan(database, world.aron, post_id, PUBLISH + timedelta(7))
    assert (dues(database, post_id), due_of(database, post_id)) == ({}, None)


def test_too_little_time_is_said_with_the_earliest_that_works(
    database: Database, world: World, post_id: UUID
) -> None:
    replan(database, world.aron, post_id, utc("04T09:00"))
    with pytest.raises(TooLittleTime) as no:
        plan(database, world.aron, post_id)
    # 42 working hours after a Monday's ten o'clock.
    assert no.value.facts == {"at": "2026-03-09 12:00"}
    planned = plan(database, world.aron, post_id, squeezed=True)
    assert planned.earliest_at == utc("09T11:00")
    assert dues(database, post_id) == {one.step: one.due_at for one in planned.steps}
    assert min(dues(database, post_id).values()) > NOW


def test_the_earliest_that_works_is_no_day_without_posts(
    database: Database, world: World, post_id: UUID
) -> None:
    replan(database, world.aron, post_id, utc("04T09:00"))
    agree(database, world, country="DE", region="BE")
    # The 8th is the women's day, on a Sunday; the office opens again on Wednesday.
    for day, name in ((9, "Stocktaking"), (10, "")):
        on = PUBLISH.date().replace(day=day)
        with database.write() as session:
            posting_days.black_out(session, world.cora, world.acme.id, on, on, name, now=NOW)
    with pytest.raises(TooLittleOpenTime) as no:
        plan(database, world.aron, post_id)
    assert no.value.facts == {"at": "2026-03-11 09:00"}
    assert plan(database, world.aron, post_id, squeezed=True).earliest_at == utc("11T08:00")
    replan(database, world.aron, post_id, utc("11T08:00"))
    assert plan(database, world.aron, post_id) == plan(database, world.aron, post_id, squeezed=True)


def test_what_cannot_be_planned_is_refused(database: Database, world: World, post_id: UUID) -> None:
    tries: list[tuple[Actor, UUID, dict, type[Refused]]] = [
        (world.dora, post_id, {}, NotFound),
        (world.bodil, post_id, {}, NotFound),
        (world.ben, post_id, {}, NotAllowed),
        (world.cleo, world.acme.posts[State.CLIENT_REVIEW], {}, NotFound),
        (world.aron, world.acme.posts[State.PUBLISHED], {}, NoSuchStep),
        (
            world.aron,
            world.acme.posts[State.APPROVED],
            {LeadStep.COPY: world.ben.user_id},
            NoSuchStep,
        ),
    ]
    for actor, which, people, refused in tries:
        version = found(database, world.ana, which).version
        with pytest.raises(refused), database.write() as session:
            planning.plan(session, actor, which, people, version=version, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        planning.plan(session, world.aron, post_id, {}, version=9, now=NOW)
    replan(database, world.aron, post_id, NOW)
    with pytest.raises(TimePassed):
        plan(database, world.aron, post_id, squeezed=True)


def test_a_client_has_lead_times_of_its_own(
    database: Database, world: World, post_id: UUID
) -> None:
    agree(database, world, response_hours=24)
    with database.read() as session:
        usual = planning.lead_times(session, world.ben, world.acme.id, PostKind.IMAGE)
    assert (usual.version, usual.lead) == (0, LeadTimes(design=8, client_review=24))
    own = LeadTimes(copy=1, design=1, internal_review=1, rework=1, client_review=1, buffer=1)

    def change(actor: Actor, version: int) -> int:
        with database.write() as session:
            return planning.change_lead_times(
                session, actor, world.acme.id, PostKind.IMAGE, own, version=version, now=NOW
            ).version

    refused = [(world.cora, 0, NotAllowed), (world.cleo, 0, NotFound), (world.bodil, 0, NotFound)]
    for actor, version, no in [*refused, (world.aron, 3, Stale)]:
        with pytest.raises(no):
            change(actor, version)
    assert change(world.aron, 0) == 1
    assert change(world.ana, 1) == 1
    plan(database, world.aron, post_id)
    assert [dues(database, post_id)[one] for one in LeadStep] == [
        PUBLISH - timedelta(hours=left) for left in (5, 4, 3, 2, 1, 0)
    ]


def test_a_client_may_follow_its_agreement_again(database: Database, world: World) -> None:
    own, kind = LeadTimes(copy=1), PostKind.IMAGE

    def follow(actor: Actor, version: int) -> Lead:
        with database.write() as session:
            return planning.follow_usual_times(
                session, actor, world.acme.id, kind, version=version, now=NOW
            )

    def change(version: int) -> None:
        with database.write() as session:
            planning.change_lead_times(
                session, world.aron, world.acme.id, kind, own, version=version, now=NOW
            )

    assert follow(world.aron, 0).version == 0
    change(0)
    refused = [(world.cora, 1, NotAllowed), (world.cleo, 1, NotFound), (world.aron, 0, Stale)]
    for actor, version, no in refused:
        with pytest.raises(no):
            follow(actor, version)
    assert follow(world.ana, 1) == Lead(2, LeadTimes(), is_usual=True)
    agree(database, world, response_hours=24)
    with database.read() as session:
        followed = planning.lead_times(session, world.ben, world.acme.id, kind)
    assert followed == Lead(2, LeadTimes(client_review=24), is_usual=True)
    # No version comes twice: whoever still shows the first one is told.
    with pytest.raises(Stale):
        change(1)
