"""A plan as the post's page shows it: what is proposed, what stands, what moves along."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.permissions import Actor
from postboard.domain.planning import LeadStep, LeadTimes, PostKind
from postboard.domain.workflow import Action, State
from postboard.services import clients, plan_view, planning, posting_days, posts, step_times
from postboard.services.clients import NewClient
from postboard.services.plan_view import Moved, Proposal, StepPlanned, StepProposed
from postboard.services.posts import NewPost
from postboard.services.steps import NeedsTime, NoSuchStep
from tests.requests import utc
from tests.world import NOW, WORDS, World, found, step

PUBLISH = utc("13T14:00")
"""A Friday, 15:00 in Berlin, where Acme works from nine to five: 42 working hours fit before."""
WEEK = timedelta(7)


def new_post(database: Database, world: World, planned_at: datetime | None) -> UUID:
    with database.write() as session:
        new = NewPost(WORDS, planned_at)
        return posts.create(session, world.ana, world.acme.id, new, now=NOW)


def propose(database: Database, actor: Actor, post_id: UUID, now: datetime = NOW) -> Proposal:
    with database.read() as session:
        return plan_view.propose(session, actor, post_id, now=now)


def plan(database: Database, world: World, post_id: UUID) -> None:
    people = {
        LeadStep(one.step): UUID(one.person)
        for one in propose(database, world.aron, post_id).steps
        if one.person
    }
    version = found(database, world.aron, post_id).version
    with database.write() as session:
        planning.plan(session, world.aron, post_id, people, squeezed=True, version=version, now=NOW)


def move(database: Database, world: World, post_id: UUID, at: datetime | None) -> Moved:
    version = found(database, world.aron, post_id).version
    with database.write() as session:
        return plan_view.move(session, world.aron, post_id, at, version=version, now=NOW)


def steps_of(
    database: Database, actor: Actor, post_id: UUID, now: datetime = NOW
) -> list[StepPlanned]:
    with database.read() as session:
        return plan_view.seen(session, actor, post_id, now=now).steps


def due(database: Database, post_id: UUID, step: LeadStep) -> datetime:
    with database.read() as session:
        return step_times.dues(session, post_id)[step]


def test_a_proposal_names_every_step_its_time_and_who_usually_makes_it(
    database: Database, world: World
) -> None:
    post_id = new_post(database, world, PUBLISH)
    asked = propose(database, world.cora, post_id)
    ben, dina = world.ben.user_id, world.dina.user_id
    assert ben
    assert dina
    assert asked.steps == [
        StepProposed("copy", "2026-03-06T12:00Z", "2026-03-09T12:00Z", 480, 480, True, ben.hex),
        StepProposed("design", "2026-03-09T12:00Z", "2026-03-10T12:00Z", 480, 480, True, dina.hex),
        StepProposed(
            "internal_review", "2026-03-10T12:00Z", "2026-03-11T08:00Z", 240, 240, False, ""
        ),
        StepProposed("rework", "2026-03-11T08:00Z", "2026-03-11T12:00Z", 240, 240, True, ""),
        StepProposed(
            "client_review", "2026-03-11T12:00Z", "2026-03-13T12:00Z", 960, 960, False, ""
        ),
        StepProposed("buffer", "2026-03-13T12:00Z", "2026-03-13T14:00Z", 120, 120, False, ""),
    ]
    told = (asked.zone, asked.needed_h, asked.left_h, asked.earliest_at, asked.is_over)
    assert told == ("Europe/Berlin", 42, 77, "", False)
    assert (asked.post_id, asked.version) == (post_id.hex, 1)
    assert {"Ben", "Dina", "Aron"} <= {one.name for one in asked.people}
    assert "Cleo" not in {one.name for one in asked.people}


def test_the_earliest_time_still_works_for_whoever_reads_for_a_while(
    database: Database, world: World
) -> None:
    post_id = new_post(database, world, NOW + timedelta(hours=2))
    asked = propose(database, world.aron, post_id, NOW)
    assert (asked.earliest_at, asked.left_h) == ("2026-03-09T11:30Z", 2)
    assert sum(one.minutes for one in asked.steps) <= 120
    move(database, world, post_id, datetime.fromisoformat(asked.earliest_at))
    later = NOW + timedelta(minutes=29)
    assert propose(database, world.aron, post_id, later).earliest_at == ""


def test_the_earliest_time_lies_on_no_day_without_posts(database: Database, world: World) -> None:
    post_id = new_post(database, world, NOW + timedelta(hours=2))
    monday = utc("09T00:00").date()
    with database.write() as session:
        asked = (world.cora, world.acme.id, monday, monday, "Stocktaking")
        posting_days.black_out(session, *asked, now=NOW)
    asked = propose(database, world.aron, post_id, NOW)
    assert (asked.earliest_at, asked.skips_closed) == ("2026-03-10T08:00Z", True)
    move(database, world, post_id, datetime.fromisoformat(asked.earliest_at))
    asked = propose(database, world.aron, post_id, NOW)
    assert (asked.earliest_at, asked.skips_closed) == ("", False)


def test_a_time_that_has_passed_cannot_be_squeezed_into(database: Database, world: World) -> None:
    post_id = new_post(database, world, NOW - timedelta(hours=1))
    asked = propose(database, world.aron, post_id)
    assert (asked.is_over, asked.earliest_at != "") == (True, True)


def test_what_is_planned_stands_there_with_who_does_it_and_is_ticked_once_over(
    database: Database, world: World
) -> None:
    post_id = new_post(database, world, PUBLISH)
    assert steps_of(database, world.ben, post_id) == []
    plan(database, world, post_id)
    assert steps_of(database, world.ben, post_id)[:2] == [
        StepPlanned("copy", "2026-03-09T12:00Z", ["Ben"], is_over=False, is_late=False),
        StepPlanned("design", "2026-03-10T12:00Z", ["Dina"], is_over=False, is_late=False),
    ]
    step(database, world.ben, post_id, Action.SUBMIT)
    later = utc("11T09:00")
    assert [
        (one.step, one.is_over, one.is_late)
        for one in steps_of(database, world.ben, post_id, later)
    ] == [
        ("copy", True, False),
        ("design", True, False),
        ("internal_review", False, True),
        ("rework", False, False),
        ("client_review", False, False),
        ("buffer", False, False),
    ]


def test_moving_says_what_went_along_and_whether_it_is_tight(
    database: Database, world: World
) -> None:
    post_id = new_post(database, world, PUBLISH)
    assert move(database, world, post_id, PUBLISH + WEEK) == Moved([], squeezed=False)
    plan(database, world, post_id)
    every = [str(one) for one in LeadStep]
    assert move(database, world, post_id, PUBLISH) == Moved(every, squeezed=False)
    assert move(database, world, post_id, NOW + timedelta(1)) == Moved(every, squeezed=True)
    assert move(database, world, post_id, None) == Moved([], squeezed=False)
    assert steps_of(database, world.ben, post_id) == []


def test_a_client_that_moves_to_another_city_is_planned_on_its_new_clock(
    database: Database, world: World
) -> None:
    post_id = new_post(database, world, PUBLISH)
    plan(database, world, post_id)
    in_tokyo = NewClient("Acme", "Asia/Tokyo", world.acme.policy)
    with database.write() as session:
        clients.change_client(
            session, world.ana, world.acme.id, in_tokyo, rounds_included=3, now=NOW
        )
    # What people were told stands until the post moves.
    assert due(database, post_id, LeadStep.CLIENT_REVIEW) == utc("13T12:00")
    assert propose(database, world.aron, post_id).zone == "Asia/Tokyo"
    move(database, world, post_id, PUBLISH + WEEK)
    # It goes out on Friday at 23:00 in Tokyo: the buffer are the last two hours of the office.
    assert due(database, post_id, LeadStep.CLIENT_REVIEW) == utc("20T06:00")


@pytest.mark.parametrize(
    ("publish", "design_due"),
    [
        # Monday noon in Berlin, after the night in which an hour is left out, and the other one.
        ("2026-03-30T10:00+00:00", "2026-03-23T08:00+00:00"),
        ("2026-10-26T11:00+00:00", "2026-10-19T07:00+00:00"),
        # 29 February 2028 is a Tuesday.
        ("2028-03-01T11:00+00:00", "2028-02-23T08:00+00:00"),
    ],
)
def test_the_same_clock_time_before_and_after_the_clocks_change(
    database: Database, world: World, publish: str, design_due: str
) -> None:
    post_id = new_post(database, world, datetime.fromisoformat(publish))
    lead = LeadTimes(internal_review=8, rework=8, client_review=24, buffer=3)
    with database.write() as session:
        planning.change_lead_times(
            session, world.aron, world.acme.id, PostKind.IMAGE, lead, version=0, now=NOW
        )
    plan(database, world, post_id)
    assert due(database, post_id, LeadStep.DESIGN) == datetime.fromisoformat(design_due)


def test_only_who_may_move_dates_is_shown_a_proposal(database: Database, world: World) -> None:
    post_id = new_post(database, world, PUBLISH)
    answers = {}
    for actor in world.everybody():
        try:
            answers[actor.name] = len(propose(database, actor, post_id).steps)
        except (NotAllowed, NotFound) as no:
            answers[actor.name] = type(no)
    assert answers == {
        **dict.fromkeys(("Alma", "Ana", "Aron", "Cora"), 6),
        **dict.fromkeys(("Ben", "Dina", "Iris"), NotAllowed),
        **dict.fromkeys(("Cleo", "Vera", "Dora", "Bodil"), NotFound),
    }
    for actor in (world.cleo, world.vera, world.dora, world.bodil):
        with pytest.raises(NotFound):
            steps_of(database, actor, post_id)


def test_without_a_date_or_once_it_is_out_there_is_nothing_to_plan(
    database: Database, world: World
) -> None:
    with pytest.raises(NeedsTime):
        propose(database, world.aron, new_post(database, world, None))
    with pytest.raises(NoSuchStep):
        propose(database, world.aron, world.acme.posts[State.PUBLISHED])
