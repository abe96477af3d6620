"""Rooms and what is said in them, without a socket."""

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import MANY, Database, Signal
from postboard.db.models import Event
from postboard.domain.conversation import Thread
from postboard.domain.permissions import Actor, Role
from postboard.domain.tasks import Expectation
from postboard.domain.workflow import State
from postboard.services import assigning, comments, post_rows, reviews
from postboard.services.comments import Remark
from postboard.ui.live import _signals, by_room, merged, rooms_of
from tests.contracts import offered
from tests.world import NOW, World

ACME, BOREALIS, POST, OTHER = uuid4(), uuid4(), uuid4(), uuid4()
SENT = Signal(
    event_id=7,
    client_id=ACME,
    post_id=POST,
    version=4,
    old_state="ready_for_client",
    state="client_review",
    column="client_review",
    rank=2048,
    rounds=1,
    whole=False,
)
INTERNAL = replace(SENT, old_state="draft", state="internal_review", column="internal_review")


def test_rooms_follow_roles() -> None:
    assert rooms_of(Actor(uuid4(), "Ana", Role.MANAGER)) == {"staff:*"}
    assert rooms_of(
        Actor(uuid4(), "Ben", None, {ACME: Role.COPYWRITER, BOREALIS: Role.DESIGNER})
    ) == {f"staff:{ACME.hex}", f"staff:{BOREALIS.hex}"}
    assert rooms_of(Actor(uuid4(), "Cleo", None, {ACME: Role.CLIENT_VIEWER})) == {
        f"client:{ACME.hex}"
    }
    assert rooms_of(Actor(uuid4(), "Nils")) == frozenset()


def test_staff_hear_places_and_clients_hear_that_something_changed() -> None:
    for_staff = [
        POST.hex,
        4,
        "ready_for_client",
        "client_review",
        2048,
        "client_review",
        ACME.hex,
        1,
        False,
        7,
    ]
    assert by_room([SENT]) == {
        "staff:*": [for_staff],
        f"staff:{ACME.hex}": [for_staff],
        f"client:{ACME.hex}": [[POST.hex, 4]],
    }


def test_a_client_hears_when_a_post_is_taken_back_but_nothing_of_what_is_internal() -> None:
    taken_back = replace(SENT, old_state="client_review", state="ready_for_client")
    assert f"client:{ACME.hex}" in by_room([taken_back])
    assert f"client:{ACME.hex}" not in by_room([INTERNAL])


def test_changes_of_a_moment_become_one_for_each_post() -> None:
    first = replace(INTERNAL, version=2, whole=True)
    last = replace(SENT, version=3, old_state="internal_review")
    other = replace(SENT, post_id=OTHER)
    assert merged([last, other, first]) == [
        replace(last, old_state="draft", whole=True),
        other,
    ]


def test_many_changes_stay_apart_for_each_client() -> None:
    many = replace(SENT, post_id=MANY)
    assert merged([many, replace(many, client_id=BOREALIS)]) == [
        many,
        replace(many, client_id=BOREALIS),
    ]


def test_of_another_processes_writes_the_client_hears_no_more_than_of_ours(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]

    def newest(session: Session) -> frozenset[int]:
        number = col(Event.id)
        return frozenset(session.execute(select(number).order_by(number.desc()).limit(1)).scalars())

    def hear() -> tuple[bool, bool]:
        """Whether the client hears, and whether the post itself is as it was."""
        with database.read() as session:
            signals = _signals(session, newest(session))
        return f"client:{world.acme.id.hex}" in by_room(signals), signals[0].beside

    def say(thread: Thread) -> None:
        with database.write() as session:
            comments.add(
                session, world.ana, post_id, thread, Remark("Hm."), command_id=uuid4(), now=NOW
            )

    say(Thread.CLIENT)
    assert hear() == (True, True)
    say(Thread.INTERNAL)
    assert hear() == (False, True)
    with database.write() as session:
        reviews.saw(session, world.cleo, post_id, revision=1, now=NOW)
    assert hear() == (False, True)
    with database.write() as session:
        seen = {post_id: post_rows.find(session, world.ana, post_id).version}
        people: list[UUID] = [world.ben.user_id]  # type: ignore[list-item]
        assigning.assign(session, world.ana, seen, people, Expectation("Look."), now=NOW)
    assert hear() == (False, True)


def test_of_another_processes_offer_the_client_hears_too(database: Database, world: World) -> None:
    offered(database, world)
    with database.read() as session:
        told = session.execute(
            select(col(Event.id)).where(col(Event.kind) == "agreement.offered")
        ).scalars()
        signals = _signals(session, frozenset(told))
    assert [(one.post_id, one.beside) for one in signals] == [(world.acme.id, True)]
    assert f"client:{world.acme.id.hex}" in by_room(signals)
