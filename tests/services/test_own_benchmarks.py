"""Own values to hold rates beside: of one client, made as they were when they were given."""

import pytest

from postboard.db.engine import Database
from postboard.db.queries.own_benchmarks import own_values
from postboard.domain.benchmarks import OWN_VALUE, Benchmark, Measure
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import Actor
from postboard.services import own_benchmarks
from tests.world import NOW, World

BASIS = Basis(Engagement.PUBLIC, Denominator.REACH)


def give(database: Database, who: Actor, rates: dict[str, float]) -> None:
    with database.write() as session:
        own_benchmarks.give(session, who, "ACME", rates, BASIS, now=NOW)


def known(database: Database, who: Actor, client: str = "ACME") -> tuple[Benchmark, ...]:
    with database.read() as session:
        return own_values(session, who, client)


def rate(network: str, value: float) -> Benchmark:
    made_of = (Measure.ENGAGEMENT_RATE, Denominator.REACH, Engagement.PUBLIC, None)
    return Benchmark(network, *made_of, value, 2026, str(OWN_VALUE))


def test_the_newest_values_are_what_rates_are_held_beside(database: Database, world: World) -> None:
    give(database, world.aron, {"instagram": 3.5, "x": 0.4})
    give(database, world.ana, {"instagram": 4})
    assert known(database, world.ben) == (rate("instagram", 4),)
    assert known(database, world.ben, "BORE") == ()
    give(database, world.ana, {})
    assert known(database, world.ben) == ()


def test_only_whoever_looks_after_the_client_gives_them(database: Database, world: World) -> None:
    give(database, world.aron, {"x": 1})
    for stranger in (world.bodil, world.cleo, world.dora):
        assert known(database, stranger) == ()
        with pytest.raises(NotFound):
            give(database, stranger, {"x": 2})
    for colleague in (world.ben, world.cora, world.dina):
        with pytest.raises(NotAllowed):
            give(database, colleague, {"x": 2})


@pytest.mark.parametrize("wrong", [{"x": 0.0}, {"x": -1.0}, {"x": float("inf")}, {"myspace": 1.0}])
def test_what_is_no_rate_is_refused(
    database: Database, world: World, wrong: dict[str, float]
) -> None:
    with pytest.raises(BadInput):
        give(database, world.aron, wrong)
