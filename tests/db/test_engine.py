from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import StatementError
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Post
from postboard.domain.errors import Stale
from postboard.domain.workflow import Action, Approval, State
from postboard.services import post_rows, posts, steps
from postboard.services.post_rows import Found
from tests.world import NOW, World, at_once, everything_in, found, step


def test_instants_come_back_as_the_same_moment_in_utc(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    for moment in (
        datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=kathmandu),
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2100, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ):
        with database.write() as session:
            version = post_rows.find(session, world.ana, post_id).version
            posts.replan(session, world.ana, post_id, moment, version=version, now=NOW)
        kept = found(database, world.ana, post_id).planned_at
        assert (kept, kept.tzinfo) == (moment, UTC)


@pytest.mark.usefixtures("world")
def test_a_naive_time_is_refused_loudly(database: Database) -> None:
    before = everything_in(database)
    naive = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="naive datetime"), database.write() as session:
        session.execute(update(Post).values(planned_at=naive))
    assert everything_in(database) == before


@pytest.mark.usefixtures("world")
def test_a_choice_is_kept_as_its_word_and_no_other(database: Database) -> None:
    assert {row[0] for row in _raw(database, "SELECT approval FROM client")} == {
        "internal_and_client"
    }
    with database.read() as session:
        kept = session.execute(select(col(Client.approval))).scalars().first()
    assert kept is Approval.INTERNAL_AND_CLIENT
    with pytest.raises(StatementError), database.write() as session:
        session.execute(update(Post).values(state="approved by nobody"))


def test_a_failed_write_leaves_nothing_and_tells_nobody(database: Database, world: World) -> None:
    heard: list[object] = []
    database.on_commit(heard.append)
    before = everything_in(database)
    with pytest.raises(ZeroDivisionError):
        _submit_and_break(database, world)
    assert (everything_in(database), heard) == (before, [])


def test_writers_and_readers_go_on_side_by_side(database: Database, world: World) -> None:
    """Readers are not blocked by a writer; writers wait for each other and all come through."""
    states = [State.DRAFT, State.INTERNAL_REWORK, State.READY_FOR_CLIENT, State.APPROVED]
    actions = [Action.SUBMIT, Action.SUBMIT, Action.SEND_TO_CLIENT, Action.SCHEDULE]
    acts = [
        lambda b=b, s=s, a=a: step(database, world.ana, b.posts[s], a).state
        for b in (world.acme, world.borealis)
        for s, a in zip(states, actions, strict=True)
    ]
    post_id = world.acme.posts[State.PUBLISHED]
    reads = [lambda: found(database, world.cleo, post_id).state] * 8
    outcomes = at_once(*acts, *reads)
    done = [
        State.INTERNAL_REVIEW,
        State.INTERNAL_REVIEW,
        State.CLIENT_REVIEW,
        State.SCHEDULED,
    ]
    assert outcomes == [*done, *done, *[State.PUBLISHED] * 8]


def test_two_servers_on_one_database_take_a_step_once(database: Database, world: World) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    post_id = world.acme.posts[State.APPROVED]
    version = found(database, world.ana, post_id).version

    def schedule(server: Database) -> Found:
        with server.write() as session:
            return steps.take_step(
                session, world.ana, post_id, Action.SCHEDULE, version=version, now=NOW
            )

    outcomes = at_once(*[partial(schedule, database), partial(schedule, other)] * 3)
    other.close()
    assert [type(o) for o in outcomes if not isinstance(o, Stale)] == [Found]


def test_a_reader_sees_one_moment(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    with database.read() as session:
        first = post_rows.find(session, world.ana, post_id)
        step(database, world.ana, post_id, Action.SCHEDULE)
        assert post_rows.find(session, world.ana, post_id) == first
    assert found(database, world.ana, post_id).state is State.SCHEDULED


def _raw(database: Database, statement: str) -> list[tuple]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def _submit_and_break(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    with database.write() as session:
        steps.take_step(session, world.ben, post_id, Action.SUBMIT, version=1, now=NOW)
        _ = 1 / 0
