"""What it means that the date of an approved post moves: as the client's agreement says."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Event, Notice
from postboard.domain.contract import DateMove
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.services import posts
from tests.contracts import CONTRACT, accepted
from tests.world import NOW, World, bring_to, found, step


def moved(database: Database, world: World, state: State) -> tuple[State, int]:
    post = found(database, world.aron, world.acme.posts[state])
    assert post.planned_at
    later = post.planned_at + timedelta(days=1)
    with database.write() as session:
        moved = posts.replan(session, world.aron, post.id, later, version=post.version, now=NOW)
    assert moved.planned_at == later
    return moved.state, moved.revision - post.revision


def told(database: Database) -> list[tuple[UUID, UUID | None]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Notice.person_id), col(Notice.post_id)).where(
                col(Notice.kind) == NoticeKind.DATE_MOVED
            )
        )
        return [(person, post) for person, post in rows]


@pytest.mark.parametrize("term", [None, DateMove.FREE])
def test_without_a_word_of_it_the_approval_stands(
    database: Database, world: World, term: DateMove | None
) -> None:
    if term:
        accepted(database, world, replace(CONTRACT, date_move=term))
    assert moved(database, world, State.SCHEDULED) == (State.SCHEDULED, 0)
    assert told(database) == []


def test_the_clients_reviewers_are_told(database: Database, world: World) -> None:
    accepted(database, world, replace(CONTRACT, date_move=DateMove.TELL))
    assert moved(database, world, State.SCHEDULED) == (State.SCHEDULED, 0)
    assert moved(database, world, State.DRAFT) == (State.DRAFT, 0)
    assert told(database) == [(world.cleo.user_id, world.acme.posts[State.SCHEDULED])]


def test_the_post_goes_back_for_review_with_its_new_date(database: Database, world: World) -> None:
    accepted(database, world, replace(CONTRACT, date_move=DateMove.AGAIN))
    assert moved(database, world, State.SCHEDULED) == (State.INTERNAL_REVIEW, 1)
    assert moved(database, world, State.CLIENT_REVIEW) == (State.CLIENT_REVIEW, 0)


def test_the_last_round_that_is_included_is_told(database: Database, world: World) -> None:
    with database.write() as session:
        session.get_one(Client, world.acme.id).rounds_included = 2
    post_id = bring_to(
        database,
        world.acme.id,
        State.CLIENT_REWORK,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
    )
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    with database.read() as session:
        kinds = session.execute(
            select(col(Event.kind), col(Event.content)).where(
                col(Event.stream_id) == post_id, col(Event.kind) == "post.last_round"
            )
        ).all()
        people = session.execute(
            select(col(Notice.person_id)).where(
                col(Notice.post_id) == post_id, col(Notice.kind) == NoticeKind.LAST_ROUND
            )
        ).scalars()
        assert [*people] == [world.aron.user_id]
    assert [tuple(row) for row in kinds] == [
        ("post.last_round", {"term": "rounds_included", "round": 2, "included": 2})
    ]
