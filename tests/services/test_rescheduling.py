"""A day chosen on the calendar: when it is refused, when it is only warned of, and ideas on it."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.review_models import Idea
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import Actor
from postboard.domain.planning import TooLittleTime
from postboard.domain.workflow import State
from postboard.services import clients, ideas, planning, posting_days, posts, rescheduling
from postboard.services.clients import NewClient
from postboard.services.posts import NewPost
from postboard.services.rescheduling import (
    ClosedDay,
    Rescheduled,
    TimeStands,
    TooClose,
    UnnamedClosedDay,
)
from postboard.services.steps import TimePassed
from tests.requests import agree, utc
from tests.world import NOW, WORDS, World, found

FRIDAY = datetime.fromisoformat("2026-03-13T15:00")
"""On whichever clock: a wall time."""


def draft(database: Database, world: World, at: datetime, words: Words = WORDS) -> UUID:
    with database.write() as session:
        return posts.create(session, world.ana, world.acme.id, NewPost(words, at), now=NOW)


def move(
    database: Database, actor: Actor, post_id: UUID, at: datetime, *, version: int | None = None
) -> Rescheduled:
    version = version or found(database, actor, post_id).version
    with database.write() as session:
        return rescheduling.reschedule(session, actor, post_id, at, version=version, now=NOW)


def test_a_time_without_a_zone_is_read_on_the_clients_clock(
    database: Database, world: World
) -> None:
    post_id = draft(database, world, utc("10T09:00"))
    moved = move(database, world.cora, post_id, FRIDAY)
    assert (moved.before, moved.post.planned_at) == (utc("10T09:00"), utc("13T14:00"))
    assert moved.warnings == ()
    assert move(database, world.cora, post_id, utc("14T14:00")).post.planned_at == utc("14T14:00")


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30+00:00"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30+00:00"),
        ("Pacific/Apia", "2026-03-10T00:00", "2026-03-09T11:00+00:00"),
        ("Asia/Kathmandu", "2028-02-29T23:59", "2028-02-29T18:14+00:00"),
    ],
)
def test_hours_that_clocks_skip_or_show_twice_are_one_instant(
    database: Database, world: World, zone: str, wall: str, instant: str
) -> None:
    post_id = draft(database, world, utc("10T09:00"))
    with database.write() as session:
        moved_there = NewClient("Acme", zone, world.acme.policy)
        clients.change_client(
            session, world.ana, world.acme.id, moved_there, rounds_included=3, now=NOW
        )
    moved = move(database, world.ana, post_id, datetime.fromisoformat(wall))
    assert moved.post.planned_at == datetime.fromisoformat(instant)


def test_what_is_over_keeps_its_time_and_says_so(database: Database, world: World) -> None:
    for state in (State.PUBLISHED, State.CANCELLED):
        with pytest.raises(TimeStands):
            move(database, world.ana, world.acme.posts[state], FRIDAY)


def test_a_scheduled_post_goes_into_no_past_but_a_draft_may(
    database: Database, world: World
) -> None:
    yesterday = NOW - timedelta(days=1)
    with pytest.raises(TimePassed):
        move(database, world.ana, world.acme.posts[State.SCHEDULED], yesterday)
    moved = move(database, world.ana, world.acme.posts[State.DRAFT], yesterday)
    assert moved.post.planned_at == yesterday


def test_others_are_refused(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    for actor, refusal in (
        (world.ben, NotAllowed),
        (world.cleo, NotAllowed),
        (world.dora, NotFound),
        (world.bodil, NotFound),
    ):
        version = found(database, world.ana, post_id).version
        with pytest.raises(refusal):
            move(database, actor, post_id, FRIDAY, version=version)
    with pytest.raises(Stale):
        move(database, world.ana, post_id, FRIDAY, version=99)
    for year in (1, 1999, 2101, 9999):
        with pytest.raises(BadInput):
            move(database, world.ana, post_id, FRIDAY.replace(year=year))


def test_a_closed_day_is_warned_of_by_its_name(database: Database, world: World) -> None:
    post_id = draft(database, world, utc("10T09:00"))
    for day, name in (("2026-03-17", "Stocktaking"), ("2026-03-18", "")):
        on = date.fromisoformat(day)
        with database.write() as session:
            posting_days.black_out(session, world.cora, world.acme.id, on, on, name, now=NOW)
    agree(database, world, country="DE", region="BE")
    (named,) = move(
        database, world.ana, post_id, datetime.fromisoformat("2026-03-17T09:00")
    ).warnings
    assert (type(named), named.facts) == (ClosedDay, {"name": "Stocktaking"})
    (unnamed,) = move(
        database, world.ana, post_id, datetime.fromisoformat("2026-03-18T09:00")
    ).warnings
    assert type(unnamed) is UnnamedClosedDay
    (holiday,) = move(
        database, world.ana, post_id, datetime.fromisoformat("2026-04-03T09:00")
    ).warnings
    assert holiday.facts == {"name": "Good Friday"}


def test_a_neighbour_on_the_same_network_is_warned_of(database: Database, world: World) -> None:
    draft(database, world, utc("13T14:30"), Words("On X", networks=("x",)))
    near = draft(database, world, utc("13T15:30"))
    post_id = draft(database, world, utc("10T09:00"))
    assert move(database, world.ana, post_id, FRIDAY).warnings == ()
    (close,) = move(database, world.ana, post_id, FRIDAY + timedelta(minutes=31)).warnings
    with database.read() as session:
        number = session.execute(_number(near)).scalar_one()
    assert (type(close), close.facts) == (TooClose, {"post": f"ACME-{number}"})


def test_too_little_time_is_said_of_a_post_that_was_planned_backwards(
    database: Database, world: World
) -> None:
    post_id = draft(database, world, utc("20T14:00"))
    soon = NOW + timedelta(hours=3)
    assert move(database, world.ana, post_id, soon).warnings == ()
    move(database, world.ana, post_id, utc("20T14:00"))
    version = found(database, world.ana, post_id).version
    with database.write() as session:
        planning.plan(session, world.ana, post_id, {}, version=version, now=NOW)
    (warning,) = move(database, world.ana, post_id, soon).warnings
    assert type(warning) is TooLittleTime


def test_an_idea_becomes_a_draft_of_the_chosen_day(database: Database, world: World) -> None:
    with database.write() as session:
        new = NewIdea("Show the oven at night")
        idea_id = ideas.add(session, world.cleo, world.acme.id, new, now=NOW)
    for actor, refusal in ((world.ben, NotAllowed), (world.bodil, NotFound)):
        with pytest.raises(refusal), database.write() as session:
            rescheduling.place_idea(session, actor, idea_id, FRIDAY, version=1, now=NOW)
    with database.write() as session:
        placed = rescheduling.place_idea(session, world.cora, idea_id, FRIDAY, version=1, now=NOW)
    assert (placed.post.state, placed.post.planned_at) == (State.DRAFT, utc("13T14:00"))
    with database.read() as session:
        became = session.execute(select(col(Idea.post_id)).where(col(Idea.id) == idea_id))
        assert became.scalar_one() == placed.post.id
    with pytest.raises(Stale), database.write() as session:
        rescheduling.place_idea(session, world.cora, idea_id, FRIDAY, version=1, now=NOW)


def test_the_time_that_a_day_offers_is_free_and_on_that_day(
    database: Database, world: World
) -> None:
    def offered(day: str) -> str:
        with database.read() as session:
            wall = rescheduling.free_time(
                session, world.ben, world.acme.id, date.fromisoformat(day), now=NOW
            )
        return wall.isoformat()

    assert offered("2026-03-10") == "2026-03-10T10:00:00"
    assert offered("2026-03-14") == "2026-03-14T10:00:00"  # a Saturday: nothing goes out as a rule
    assert offered("2026-03-02") == "2026-03-02T11:00:00"  # ten o’clock has come
    day = date(2026, 3, 10)
    for actor in (world.cleo, world.bodil):
        with pytest.raises(NotFound), database.read() as session:
            rescheduling.free_time(session, actor, world.acme.id, day, now=NOW)


def test_a_new_post_stands_on_its_day(database: Database, world: World) -> None:
    with database.write() as session:
        post_id = rescheduling.create_at(session, world.ben, world.acme.id, WORDS, FRIDAY, now=NOW)
    assert found(database, world.ben, post_id).planned_at == utc("13T14:00")
    for actor, refusal in ((world.dina, NotAllowed), (world.bodil, NotFound)):
        with pytest.raises(refusal), database.write() as session:
            rescheduling.create_at(session, actor, world.acme.id, WORDS, FRIDAY, now=NOW)


def _number(post_id: UUID):
    from postboard.db.models import Post

    return select(col(Post.number)).where(col(Post.id) == post_id)
