"""What many tabs hold alike is in memory once."""

from datetime import UTC, datetime

from postboard.db.engine import Database
from postboard.db.queries.choices import Choice
from postboard.db.queries.post_filters import Filters
from postboard.domain.permissions import Actor
from postboard.ui.pages.board.state import _everything
from postboard.ui.sharing import shared, shared_rows
from tests.world import World


def loaded(database: Database, actor: Actor):
    with database.read() as session:
        return _everything(session, actor, Filters(), 12, now=datetime.now(UTC))


def test_two_boards_hold_the_same_clients_people_and_steps(
    database: Database, world: World
) -> None:
    one, other = loaded(database, world.ana), loaded(database, world.ana)
    assert one.people is other.people
    assert one.clients is other.clients
    assert one.campaigns is other.campaigns
    assert {key: id(row) for key, row in one.steps.items()} == {
        key: id(row) for key, row in other.steps.items()
    }


def test_who_sees_other_clients_has_a_copy_of_their_own(database: Database, world: World) -> None:
    everywhere, here = loaded(database, world.ana), loaded(database, world.aron)
    assert list(everywhere.clients) == [world.acme.key, world.borealis.key]
    assert list(here.clients) == [world.acme.key]


def test_what_is_not_equal_is_not_shared() -> None:
    assert shared([Choice("1", "Ana")]) == [Choice("1", "Ana")]
    assert shared([Choice("1", "Anna")]) == [Choice("1", "Anna")]
    assert shared_rows({"a": 1, "b": 2}) == {"a": 1, "b": 2}
    assert list(shared_rows({"b": 2, "a": 1})) == ["b", "a"]
