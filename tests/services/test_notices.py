"""What people are told of, and of what nobody hears."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Notice, Person
from postboard.db.notify_models import PendingMail
from postboard.db.queries import work
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.services import notices
from tests.world import NOW, World, step


@pytest.fixture(autouse=True)
def quiet(database: Database, world: World) -> None:
    """Without what the world's own making told."""
    with database.write() as session:
        session.execute(delete(PendingMail))
        session.execute(delete(Notice))


def tell(database: Database, world: World, people: list[UUID], state: State) -> set[UUID]:
    """Who was told by Cora."""
    with database.write() as session:
        subject, post_id = uuid4(), world.acme.posts[state]
        kind = NoticeKind.MENTION
        notices.tell(session, world.cora, people, kind, post_id, subject, NOW)
        found = session.execute(
            select(col(Notice.person_id)).where(col(Notice.subject_id) == subject)
        )
        told = list(found.scalars())
    assert len(told) == len(set(told))
    return set(told)


def everybody(world: World) -> list[UUID]:
    return [person.user_id for person in world.everybody() if person.user_id]


def ids(*people: Actor) -> set[UUID]:
    return {person.user_id for person in people if person.user_id}


def test_the_team_is_told_and_nobody_of_their_own_doing(database: Database, world: World) -> None:
    team = ids(world.alma, world.ana, world.aron, world.ben, world.dina, world.iris)
    twice = everybody(world) * 2
    assert tell(database, world, twice, State.DRAFT) == team


def test_the_client_hears_of_what_the_client_sees(database: Database, world: World) -> None:
    staff = ids(world.alma, world.ana, world.aron, world.ben, world.dina, world.iris)
    told = tell(database, world, everybody(world), State.CLIENT_REVIEW)
    assert told == staff | ids(world.cleo, world.vera)


def test_whoever_is_disabled_is_not_told(database: Database, world: World) -> None:
    with database.write() as session:
        session.get_one(Person, world.ben.user_id).disabled_at = NOW
    assert tell(database, world, [*ids(world.ben, world.dina)], State.DRAFT) == ids(world.dina)


def test_one_reads_ones_own_notices_only(database: Database, world: World) -> None:
    tell(database, world, [*ids(world.ben, world.dina)], State.DRAFT)
    tell(database, world, [*ids(world.ben)], State.APPROVED)

    def unread(actor: Actor) -> tuple[list[bool], int]:
        with database.read() as session:
            seen = work.work(session, actor, now=NOW).notices
            return [one.unread for one in seen], work.count(session, actor) - tasks_of(actor)

    def tasks_of(actor: Actor) -> int:
        return 1 if actor is world.ben else 0  # the world's post in production

    with database.read() as session:
        every = list(session.execute(select(col(Notice.id))).scalars())
    with database.write() as session:
        notices.read(session, world.dina, every, now=NOW)
    assert (unread(world.ben), unread(world.dina)) == (([True, True], 2), ([False], 0))
    with database.write() as session:
        notices.read_all(session, world.ben, now=NOW)
    assert unread(world.ben) == ([False, False], 0)


@pytest.mark.parametrize(
    ("state", "action"), [(State.APPROVED, Action.HOLD), (State.ON_HOLD, Action.RELEASE)]
)
def test_the_agency_hears_that_the_client_holds_a_post_and_lets_it_go(
    database: Database, world: World, state: State, action: Action
) -> None:
    step(database, world.cleo, world.acme.posts[state], action)
    with database.read() as session:
        heard = session.execute(
            select(col(PendingMail.kind), col(PendingMail.said)).where(
                col(PendingMail.person_id) == world.aron.user_id
            )
        ).all()
    assert [(kind, said["action"]) for kind, said in heard] == [(NoticeKind.DECISION, action)]
