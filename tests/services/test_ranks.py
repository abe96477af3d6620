"""A card stands where it was put, however often cards are moved."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Post
from postboard.domain.content import Words
from postboard.domain.errors import Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import SPECS, Action, Column, State
from postboard.services import post_rows, posts, ranks, steps
from postboard.services.posts import NewPost
from tests.databases import Ground
from tests.world import NOW, World, everything_in


def column(database: Database, name: str) -> list[UUID]:
    with database.read() as session:
        rows = select(col(Post.id)).where(col(Post.board_column) == name)
        return list(session.execute(rows.order_by(col(Post.rank), col(Post.id))).scalars())


def drafts(database: Database, actor: Actor, client_id: UUID, count: int) -> list[UUID]:
    news = [NewPost(Words(f"Number {n}", networks=("x",))) for n in range(count)]
    with database.write() as session:
        return posts.create_many(session, actor, client_id, news, now=NOW)


def put(database: Database, actor: Actor, post_id: UUID, after_id: UUID | None) -> None:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        posts.place(session, actor, post_id, after_id, version=version)


def put_in_list(order: Sequence[UUID], card: UUID, after: UUID | None) -> list[UUID]:
    if card == after:
        return list(order)
    rest = [c for c in order if c != card]
    rest.insert(rest.index(after) + 1 if after else 0, card)
    return rest


@settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=25))
def test_any_moves_keep_the_order_of_a_plain_list(
    ground: Ground, moves: list[tuple[int, int]]
) -> None:
    with ground.empty() as database:
        world = ground.fill(database)
        cards = drafts(database, world.ben, world.acme.id, 6)
        order = column(database, "draft")
        assert order[:6] == cards
        for card, after in moves:
            below = cards[after] if after >= 0 else None
            put(database, world.ben, cards[card], below)
            order = put_in_list(order, cards[card], below)
            assert column(database, "draft") == order


def test_one_place_takes_any_number_of_cards(database: Database, world: World) -> None:
    """Between two neighbours there is room for 28; then the cards below make room."""
    first, *rest = drafts(database, world.ben, world.acme.id, 100)
    order = column(database, "draft")
    for card in rest[10:90]:
        put(database, world.ben, card, first)
        order = put_in_list(order, card, first)
    assert column(database, "draft") == order


def test_making_room_moves_no_card_of_another_column(database: Database, world: World) -> None:
    first, *rest = drafts(database, world.ben, world.acme.id, 40)
    others = [name for name in Column if name is not Column.DRAFT]
    before = {name: column(database, name) for name in others}
    for card in rest:
        put(database, world.ben, card, first)
    assert {name: column(database, name) for name in others} == before


def test_many_new_posts_stand_on_top_in_their_order(database: Database, world: World) -> None:
    old = column(database, "draft")
    new = drafts(database, world.ben, world.acme.id, 300)
    newer = drafts(database, world.bodil, world.borealis.id, 3)
    assert column(database, "draft") == [*newer, *new, *old]
    with database.read() as session:
        spread = session.execute(select(col(Post.rank)).order_by(col(Post.rank)).limit(1))
        assert abs(spread.scalar_one()) < 2**53, "a browser's numbers are exact to there"


def test_a_step_puts_the_card_below_the_named_one_or_on_top(
    database: Database, world: World
) -> None:
    one, two, three = drafts(database, world.ben, world.acme.id, 3)
    old = column(database, "internal_review")
    for card, after in ((one, None), (two, one), (three, old[-1])):
        with database.write() as session:
            steps.take_step(
                session, world.ben, card, Action.SUBMIT, version=1, after_id=after, now=NOW
            )
    assert column(database, "internal_review") == [one, two, *old, three]


def test_a_neighbour_that_went_away_means_the_top(database: Database, world: World) -> None:
    one, two, three = drafts(database, world.ben, world.acme.id, 3)
    with database.write() as session:
        steps.take_step(session, world.ben, one, Action.SUBMIT, version=1, now=NOW)
    put(database, world.ben, three, one)
    assert column(database, "draft")[:2] == [three, two]


def test_placing_is_refused_when_the_card_changed_meanwhile(
    database: Database, world: World
) -> None:
    card = world.acme.posts[State.DRAFT]
    before = everything_in(database)
    with pytest.raises(Stale), database.write() as session:
        posts.place(session, world.ben, card, None, version=99)
    assert everything_in(database) == before


def test_placing_is_no_fact_of_the_posts_life(database: Database, world: World) -> None:
    before = everything_in(database)
    put(database, world.ben, world.acme.posts[State.APPROVED], None)
    after = everything_in(database)
    assert {name for name in after if after[name] != before[name]} == {"post"}


def test_columns_follow_from_states(database: Database, world: World) -> None:
    with database.read() as session:
        rows = session.execute(select(col(Post.state), col(Post.board_column))).all()
    assert [tuple(row) for row in rows] == [(s, SPECS[s].column) for s, _ in rows]
    assert ranks.GAP == 2**28
    assert len(world.acme.posts) == len(State)
