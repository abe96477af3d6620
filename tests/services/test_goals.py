"""Goals: who sets and sees them, and that nobody overwrites another's change."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event
from postboard.db.queries import open_work
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.goals import Aim, GoalMetric, Progress, Source
from postboard.domain.permissions import Actor
from postboard.domain.team import Department
from postboard.services import goals
from postboard.services.goals import GoalSeen
from postboard.services.post_rows import NeedsPerson
from tests.exports import INSTAGRAM, commit, instagram, written
from tests.world import NOW, World, count_queries

AIM = Aim(GoalMetric.INTERACTIONS, 20, date(2026, 2, 1), date(2026, 3, 31))


def seen(database: Database, who: Actor, client: str = "") -> list[GoalSeen]:
    with database.read() as session:
        return goals.seen(session, who, client, now=NOW)


@pytest.fixture
def goal(database: Database, world: World):
    with database.write() as session:
        return goals.add(session, world.aron, world.acme.id, AIM, now=NOW)


def test_a_goal_is_shown_with_how_far_it_is(
    database: Database, world: World, goal, tmp_path
) -> None:
    rows = [instagram(1), instagram(2, likes="")]
    commit(database, world.ana, written(tmp_path, "export.csv", INSTAGRAM, rows))
    assert seen(database, world.ben) == [
        GoalSeen(
            id=goal.hex,
            version=1,
            client="ACME",
            client_name="Acme",
            metric="interactions",
            target=20,
            network="",
            department="",
            benchmark="",
            starts_on="2026-02-01",
            ends_on="2026-03-31",
            owner_id="",
            owner="",
            source=Source.IMPORTS,
            may_change=False,
            progress=Progress(10, 1, 2, 50, 100 * 29 / 59),
        )
    ]
    assert [one.may_change for one in seen(database, world.aron)] == [True]


def test_only_the_clients_own_staff_see_a_goal(database: Database, world: World, goal) -> None:
    for stranger in (world.bodil, world.cleo, world.vera, world.dora):
        assert seen(database, stranger) == []
        with pytest.raises(NotFound), database.write() as session:
            goals.change(session, stranger, goal, AIM, version=1, now=NOW)
        with pytest.raises(NotFound), database.write() as session:
            goals.remove(session, stranger, goal, version=1, now=NOW)


def test_whoever_manages_the_client_sets_it_and_the_agencys_is_the_managers(
    database: Database, world: World, goal
) -> None:
    for who in (world.cora, world.ben, world.dina, world.iris):
        with pytest.raises(NotAllowed), database.write() as session:
            goals.add(session, who, world.acme.id, AIM, now=NOW)
        with pytest.raises(NotAllowed), database.write() as session:
            goals.change(session, who, goal, AIM, version=1, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        goals.add(session, world.aron, world.borealis.id, AIM, now=NOW)
    with pytest.raises(NotAllowed), database.write() as session:
        goals.add(session, world.aron, None, AIM, now=NOW)
    with database.write() as session:
        goals.add(session, world.ana, None, AIM, now=NOW)
    assert [one.client for one in seen(database, world.bodil)] == [""]
    assert seen(database, world.cleo) == []


def test_a_change_is_of_the_version_that_was_seen(database: Database, world: World, goal) -> None:
    more = replace(AIM, target=30)
    with database.write() as session:
        goals.change(session, world.aron, goal, more, version=1, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        goals.change(session, world.ana, goal, AIM, version=1, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        goals.remove(session, world.ana, goal, version=1, now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        goals.change(session, world.ana, goal, replace(AIM, target=0), version=2, now=NOW)
    assert [(one.target, one.version) for one in seen(database, world.ana)] == [(30, 2)]
    with database.write() as session:
        goals.remove(session, world.ana, goal, version=2, now=NOW)
    assert seen(database, world.ana) == []
    with database.read() as session:
        told = session.execute(
            select(col(Event.kind), col(Event.actor_name))
            .where(col(Event.stream_id) == goal)
            .order_by(col(Event.position))
        ).all()
    assert [tuple(row) for row in told] == [
        ("goal.added", "Aron"),
        ("goal.changed", "Aron"),
        ("goal.removed", "Ana"),
    ]


def test_what_was_removed_comes_back_once_as_it_was(database: Database, world: World, goal) -> None:
    before = seen(database, world.aron)
    for who in (world.bodil, world.cleo):
        with pytest.raises(NotFound), database.write() as session:
            goals.bring_back(session, who, goal, version=1, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        goals.bring_back(session, world.aron, goal, version=1, now=NOW)
    with database.write() as session:
        goals.remove(session, world.aron, goal, version=1, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        goals.change(session, world.aron, goal, AIM, version=2, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        goals.bring_back(session, world.bodil, goal, version=2, now=NOW)
    with pytest.raises(NotAllowed), database.write() as session:
        goals.bring_back(session, world.ben, goal, version=2, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        goals.bring_back(session, world.aron, goal, version=1, now=NOW)
    with database.write() as session:
        goals.bring_back(session, world.aron, goal, version=2, now=NOW)
    assert seen(database, world.aron) == [replace(one, version=3) for one in before]
    with pytest.raises(NotFound), database.write() as session:
        goals.bring_back(session, world.aron, goal, version=3, now=NOW)


def test_a_removed_goal_is_nobodys_open_work(database: Database, world: World) -> None:
    iris = world.iris.user_id
    aim = replace(AIM, owner_id=iris)

    def goals_of_iris() -> list[int]:
        with database.read() as session:
            return [one.goals for one in open_work.of_person(session, iris, NOW) if one.goals]

    with database.write() as session:
        goal = goals.add(session, world.aron, world.acme.id, aim, now=NOW)
    assert goals_of_iris() == [1]
    with database.write() as session:
        goals.remove(session, world.aron, goal, version=1, now=NOW)
    assert goals_of_iris() == []


def test_many_goals_cost_what_one_costs(database: Database, world: World, goal) -> None:
    with count_queries(database) as one:
        seen(database, world.ana)
    with database.write() as session:
        for _ in range(20):
            goals.add(session, world.ana, world.acme.id, AIM, now=NOW)
    with count_queries(database) as many:
        seen(database, world.ana)
    assert len(many) == len(one)


def test_a_goal_of_the_record_is_of_its_client_and_has_an_owner(
    database: Database, world: World
) -> None:
    assert world.cora.user_id
    assert world.bodil.user_id
    month = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
    first = Aim(GoalMetric.FIRST_PASS, 100, **month, owner_id=world.cora.user_id)
    copies = replace(first, department=Department.COPY, owner_id=None)
    with database.write() as session:
        goals.add(session, world.aron, world.acme.id, first, now=NOW)
        goals.add(session, world.aron, world.acme.id, copies, now=NOW)
        goals.add(session, world.ana, world.borealis.id, replace(first, owner_id=None), now=NOW)
    found = {(one.client, one.department): one for one in seen(database, world.ana)}
    mine = found["ACME", ""]
    assert (mine.owner, mine.owner_id, mine.source) == (
        "Cora",
        world.cora.user_id.hex,
        Source.RECORD,
    )
    # Approved, on hold, scheduled, published, not published.
    assert {key: (one.progress.known, one.progress.value) for key, one in found.items()} == {
        ("ACME", ""): (5, 100),
        ("ACME", "copy"): (0, None),
        ("BORE", ""): (5, 100),
    }
    assert {one.client for one in seen(database, world.ben, "ACME")} == {"ACME"}
    for stranger in (world.bodil, world.cleo):
        wrong = replace(first, owner_id=stranger.user_id)
        with pytest.raises(NeedsPerson), database.write() as session:
            goals.add(session, world.aron, world.acme.id, wrong, now=NOW)


def test_goals_of_every_kind_cost_the_same_for_few_and_for_many(
    database: Database, world: World
) -> None:
    kinds = [
        replace(AIM, metric=metric, target=10, department=department)
        for metric in GoalMetric
        for department in (None, Department.DESIGN)
    ]

    def add_each() -> None:
        with database.write() as session:
            for aim in kinds:
                goals.add(session, world.ana, world.acme.id, aim, now=NOW)

    add_each()
    seen(database, world.ana)  # the walks are known now
    with count_queries(database) as few:
        seen(database, world.ana)
    add_each()
    with count_queries(database) as many:
        found = seen(database, world.ana)
    assert (len(found), len(many)) == (2 * len(kinds), len(few))
