"""Posts at risk in a world whose past is known: ten of Acme's posts, approved after 1…10 hours."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.db.queries import at_risk, board
from postboard.db.queries import odds as query
from postboard.db.queries.at_risk import NOT_KNOWN, Chance
from postboard.db.queries.odds import Past
from postboard.db.queries.post_filters import Due, Filters
from postboard.domain.odds import Odds
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.services import clients, posts
from postboard.services.clients import NewClient
from postboard.services.posts import NewPost
from tests.requests import utc
from tests.world import WORDS, World, count_queries, step

MONDAY = utc("09T08:00")
"""Nine o'clock in Berlin, a week after the world began."""
HOUR = timedelta(hours=1)


def after(hours: int) -> datetime:
    """So many working hours later."""
    return MONDAY + timedelta(days=hours // 8, hours=hours % 8)


def waiting(database: Database, world: World, planned_at: datetime, at: datetime) -> UUID:
    """A post that its client has before it since then."""
    with database.write() as session:
        new = NewPost(WORDS, planned_at)
        post_id = posts.create(session, world.ana, world.acme.id, new, now=at)
    for actor, action in [
        (world.ben, Action.SUBMIT),
        (world.iris, Action.APPROVE),
        (world.aron, Action.SEND_TO_CLIENT),
    ]:
        step(database, actor, post_id, action, now=at)
    return post_id


@pytest.fixture
def known(database: Database, world: World) -> World:
    for hours in range(1, 11):
        post_id = waiting(database, world, after(30), MONDAY)
        step(database, world.cleo, post_id, Action.APPROVE, now=after(hours))
    return world


def ask(database: Database, actor: Actor, ids: list[UUID], now: datetime, **more):
    with database.read() as session:
        return query.of_posts(session, actor, ids, now=now, **more)


def test_the_odds_are_those_of_the_clients_own_past(database: Database, known: World) -> None:
    # Sent on Friday at nine; on Friday at eleven it has two hours behind it.
    post_id = waiting(database, known, after(32 + 7), after(32))
    now = after(34)
    # Eight took longer than two hours; of them 3…7 five hours more or less.
    state, usually = State.CLIENT_REVIEW, 4.5 * HOUR
    expected = Odds(state, 2 * HOUR, 5 * HOUR, 8, 5 / 8, usually)
    assert ask(database, known.ben, [post_id], now) == {post_id: expected}
    # With two working hours before the publishing: 3…5.
    told = ask(database, known.ben, [post_id], now, spare=2 * HOUR)
    assert told == {post_id: Odds(state, 2 * HOUR, 3 * HOUR, 8, 3 / 8, usually)}
    # An hour later seven are left.
    too_few = Odds(state, 3 * HOUR, 4 * HOUR, 7, None)
    assert ask(database, known.ben, [post_id], after(35)) == {post_id: too_few}


def test_weekends_do_not_count(database: Database, known: World) -> None:
    post_id = waiting(database, known, after(32) + timedelta(3, hours=2), after(39))
    told = ask(database, known.ben, [post_id], after(39))[post_id]
    # From Friday at four: an hour, and two on Monday; 1…3 of ten are in time.
    assert (told.left, told.cases, told.chance) == (3 * HOUR, 10, 0.3)


def test_another_clients_past_says_nothing(database: Database, known: World) -> None:
    post_id = known.borealis.posts[State.CLIENT_REVIEW]
    told = ask(database, known.ana, [post_id], after(1))
    assert {one.chance for one in told.values()} <= {None, 0.0}
    assert told[post_id].cases < 8


def test_only_staff_are_told_and_only_of_what_waits(database: Database, known: World) -> None:
    ids = list(known.acme.posts.values())
    waiting_states = {
        State.DRAFT,
        State.IN_PRODUCTION,
        State.INTERNAL_REVIEW,
        State.INTERNAL_REWORK,
        State.READY_FOR_CLIENT,
        State.CLIENT_REVIEW,
        State.CLIENT_REWORK,
    }
    told = {actor.name: ask(database, actor, ids, MONDAY) for actor in known.everybody()}
    assert {name: len(found) for name, found in told.items()} == {
        **dict.fromkeys(("Alma", "Ana", "Aron", "Cora", "Ben", "Dina", "Iris"), 7),
        **dict.fromkeys(("Cleo", "Vera", "Dora", "Bodil"), 0),
    }
    assert {one.held_in for one in told["Ben"].values()} == waiting_states


def test_a_post_without_a_time_has_no_odds(database: Database, known: World) -> None:
    with database.write() as session:
        post_id = posts.create(session, known.ana, known.acme.id, NewPost(WORDS), now=MONDAY)
    assert ask(database, known.ben, [post_id], MONDAY) == {}


def test_many_posts_cost_as_many_statements_as_one(database: Database, known: World) -> None:
    ids = [waiting(database, known, after(40), after(n)) for n in range(5)]

    def cost(some: list[UUID]) -> int:
        with count_queries(database) as statements:
            ask(database, known.ben, some, after(8))
        return sum(one.startswith("SELECT") for one in statements)

    assert [cost(ids[:1]), cost(ids)] == [3, 3]


def rows(database: Database, actor: Actor, ids: list[UUID], now: datetime) -> list[Chance]:
    with database.read() as session:
        return at_risk.chances(session, actor, ids, now=now)


def test_pages_are_told_how_likely_it_is_and_what_holds_it(
    database: Database, known: World
) -> None:
    post_id = waiting(database, known, after(32 + 7), after(32))
    draft = known.acme.posts[State.DRAFT]
    row = Chance(post_id.hex, "client_review", 62, 8, 5, 4, over=False, at_risk=False)
    assert rows(database, known.ben, [post_id, known.acme.posts[State.APPROVED]], after(34)) == [
        row
    ]
    # Due two working hours earlier only 3…5 of the eight make it.
    with database.write() as session:
        posts.replan(session, known.aron, post_id, after(32 + 5), version=4, now=after(34))
    (risky,) = rows(database, known.ben, [post_id], after(34))
    assert (risky.percent, risky.left_h, risky.at_risk, risky.over) == (37, 3, True, False)
    # Once its time has come it is late, and no longer at risk.
    (late,) = rows(database, known.ben, [post_id], after(38))
    assert (late.percent, late.at_risk, late.over) == (0, False, True)
    (unknown,) = rows(database, known.ben, [draft], MONDAY - 6 * 24 * HOUR)
    assert (unknown.percent, unknown.usually_h, unknown.at_risk) == (NOT_KNOWN, NOT_KNOWN, False)
    assert rows(database, known.cleo, [post_id, draft], after(34)) == []


def test_the_board_can_be_narrowed_to_what_is_at_risk(database: Database, known: World) -> None:
    risky = waiting(database, known, after(32 + 5), after(32))
    waiting(database, known, after(32 + 7), after(32))
    seen = {}
    for actor in known.everybody():
        with database.read() as session:
            filters, now = Filters(due=Due.AT_RISK), after(34)
            columns = board.columns(session, actor, filters, now=now, size=5)
            totals = board.totals(session, actor, filters, now=now)
        cards = [card.id for column in columns for card in column.cards]
        seen[actor.name] = (cards, sum(totals.values()))
    assert seen == {
        **dict.fromkeys(("Alma", "Ana", "Aron", "Cora", "Ben", "Dina", "Iris"), ([risky.hex], 1)),
        **dict.fromkeys(("Cleo", "Vera", "Dora", "Bodil"), ([], 0)),
    }


def test_a_past_that_was_read_is_believed_for_some_minutes(
    database: Database, known: World
) -> None:
    post_id = waiting(database, known, after(32 + 7), after(32))
    past, now = Past(), after(34)

    def cases(minutes: int) -> tuple[int, int]:
        at = now + timedelta(minutes=minutes)
        with count_queries(database) as statements:
            told = ask(database, known.ben, [post_id], at, past=past)
        return told[post_id].cases, sum(one.startswith("SELECT") for one in statements)

    assert cases(0) == (8, 3)
    slow = waiting(database, known, after(60), after(10))
    step(database, known.cleo, slow, Action.APPROVE, now=now)
    assert [cases(1), cases(4), cases(6)] == [(8, 2), (8, 2), (9, 3)]


def test_a_client_that_moves_to_another_city_is_measured_on_its_new_clock(
    database: Database, known: World
) -> None:
    post_id = waiting(database, known, after(32 + 7), after(32))
    past = Past()
    assert ask(database, known.ben, [post_id], after(34), past=past)[post_id].left == 5 * HOUR
    in_lisbon = NewClient("Acme", "Europe/Lisbon", known.acme.policy)
    with database.write() as session:
        clients.change_client(
            session, known.ana, known.acme.id, in_lisbon, rounds_included=3, now=after(34)
        )
    # Lisbon opens an hour later: of the two hours it waited one counts.
    told = ask(database, known.ben, [post_id], after(34), past=past)[post_id]
    assert (told.waited, told.left) == (HOUR, 5 * HOUR)
