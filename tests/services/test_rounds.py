"""Rounds with the client beyond those of the agreement: counted, told, and on record."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Event, Notice, Person
from postboard.db.queries import history
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from tests.world import World, step


def another_round(database: Database, world: World, post_id: UUID, by: Actor) -> None:
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES)
    step(database, world.ana, post_id, Action.SUBMIT)
    step(database, world.ana, post_id, Action.APPROVE)
    step(database, by, post_id, Action.SEND_TO_CLIENT)


def of_terms(database: Database, post_id: UUID) -> list[tuple[str, str, dict[str, object]]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.actor_name), col(Event.content))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position))
        )
        return [(kind, who, content) for kind, who, content in rows if "term" in content]


def warned(database: Database, post_id: UUID) -> list[str]:
    with database.read() as session:
        rows = session.execute(
            select(col(Person.name))
            .join(Notice, col(Notice.person_id) == col(Person.id))
            .where(col(Notice.post_id) == post_id, col(Notice.kind) == NoticeKind.EXTRA_ROUND)
        )
        return list(rows.scalars())


def test_a_round_that_is_not_included_names_its_term_and_the_account_manager_hears(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    with database.write() as session:
        session.get_one(Client, world.acme.id).rounds_included = 2
    another_round(database, world, post_id, world.ana)
    second = {"term": "rounds_included", "round": 2, "included": 2}
    last = ("post.last_round", "Ana", second)
    assert (of_terms(database, post_id), warned(database, post_id)) == ([last], [])
    another_round(database, world, post_id, world.ana)
    third = {"term": "rounds_included", "round": 3, "included": 2}
    assert of_terms(database, post_id) == [last, ("post.extra_round", "Ana", third)]
    assert warned(database, post_id) == ["Aron"]
    with database.read() as session:
        newest = history.timeline(session, world.ana, post_id).lines[0]
    assert (newest.kind, [(fact.name, fact.after) for fact in newest.facts]) == (
        "post.extra_round",
        [("round", "3"), ("included", "2")],
    )


def test_whoever_opens_it_hears_too_where_they_manage_the_account(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    with database.write() as session:
        session.get_one(Client, world.acme.id).rounds_included = 1
    another_round(database, world, post_id, world.aron)
    assert warned(database, post_id) == ["Aron"]


def test_a_post_taken_back_and_sent_anew_is_in_another_round(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    with database.write() as session:
        session.get_one(Client, world.acme.id).rounds_included = 1
    step(database, world.ana, post_id, Action.RECALL)
    step(database, world.ana, post_id, Action.SEND_TO_CLIENT)
    assert [content["round"] for _, _, content in of_terms(database, post_id)] == [2]
