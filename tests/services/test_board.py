"""A move from a browser: carried out once, by who may, on what they saw."""

import threading
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from postboard.db.engine import Database, Signal
from postboard.domain.errors import NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.services import board, commands, post_rows, posts, steps
from postboard.services.board import Move
from postboard.services.commands import ForeignCommand
from postboard.services.post_rows import Found
from tests.world import NOW, World, at_once, everything_in, found, full_answer


def move(database: Database, actor: Actor, asked: Move) -> Found:
    with database.write() as session:
        return board.move(session, actor, asked, now=NOW)


def submit(database: Database, world: World) -> Move:
    post = found(database, world.ben, world.acme.posts[State.DRAFT])
    return Move(uuid4(), post.id, post.version, Action.SUBMIT)


def test_a_move_sent_twice_is_carried_out_once(database: Database, world: World) -> None:
    asked = submit(database, world)
    first = move(database, world.ben, asked)
    after_first = everything_in(database)
    assert first.state is State.INTERNAL_REVIEW
    assert move(database, world.ben, asked) == first
    assert everything_in(database) == after_first


def test_the_second_answer_tells_how_the_post_stands_now(database: Database, world: World) -> None:
    asked = submit(database, world)
    move(database, world.ben, asked)
    with database.write() as session:
        newest = steps.take_step(
            session, world.ana, asked.post_id, Action.APPROVE, revision=1, now=NOW
        )
    assert move(database, world.ben, asked) == newest


def test_a_place_sent_twice_is_taken_once(database: Database, world: World) -> None:
    post = found(database, world.ben, world.acme.posts[State.DRAFT])
    asked = Move(uuid4(), post.id, post.version)
    placed = move(database, world.ben, asked)
    assert placed.version == post.version + 1
    assert move(database, world.ben, asked) == placed


def test_a_command_number_belongs_to_one_person_and_one_move(
    database: Database, world: World
) -> None:
    asked = submit(database, world)
    move(database, world.ben, asked)
    before = everything_in(database)
    others = [
        (world.ana, asked),
        (world.dora, asked),
        (world.ben, replace(asked, version=asked.version + 1)),
        (world.ben, replace(asked, post_id=world.acme.posts[State.APPROVED])),
        (world.ben, replace(asked, action=None)),
    ]
    for actor, other in others:
        with pytest.raises(ForeignCommand):
            move(database, actor, other)
    assert everything_in(database) == before


def test_a_refused_move_may_be_sent_again(database: Database, world: World) -> None:
    asked = submit(database, world)
    before = everything_in(database)
    with pytest.raises(Stale):
        move(database, world.ben, replace(asked, version=77))
    with pytest.raises(NotAllowed):
        move(database, world.dina, asked)
    with pytest.raises(NotFound):
        move(database, world.dora, asked)
    assert everything_in(database) == before
    assert move(database, world.ben, asked).state is State.INTERNAL_REVIEW


def test_a_move_of_a_post_that_is_not_there(database: Database, world: World) -> None:
    with pytest.raises(NotFound):
        move(database, world.alma, Move(uuid4(), uuid4(), 1, Action.SUBMIT))


def test_old_command_numbers_are_forgotten(database: Database, world: World) -> None:
    asked = submit(database, world)
    move(database, world.ben, asked)
    for age, kept in ((commands.KEPT, True), (commands.KEPT * 1.01, False)):
        with database.write() as session:
            commands.forget_old(session, NOW + age)
        with database.read() as session:
            what = (asked.post_id, asked.version, asked.action)
            assert commands.applied_before(session, world.ben, asked.command_id, *what) is kept


def test_listeners_hear_of_a_move_after_it_is_kept(database: Database, world: World) -> None:
    heard: list[tuple[str, str, int, bool]] = []

    def listen(signals: tuple[Signal, ...]) -> None:
        for told in signals:
            kept = found(database, world.ana, told.post_id).version == told.version
            heard.append((told.old_state, told.state, told.rank, kept))

    database.on_commit(listen)
    asked = submit(database, world)
    with pytest.raises(Stale):
        move(database, world.ben, replace(asked, version=77))
    moved = move(database, world.ben, asked)
    assert heard == [(State.DRAFT, State.INTERNAL_REVIEW, moved.rank, True)]


def test_of_many_moves_at_once_exactly_one_wins(database: Database, world: World) -> None:
    post = found(database, world.ana, world.acme.posts[State.APPROVED])
    actions = (Action.SCHEDULE, Action.HOLD, None)
    asked = [
        Move(uuid4(), post.id, post.version, actions[n % 3], answer=full_answer(Action.HOLD))
        for n in range(9)
    ]
    outcomes = at_once(*(lambda m=m: move(database, world.ana, m) for m in asked))
    assert [o for o in outcomes if isinstance(o, Found)] == [found(database, world.ana, post.id)]
    assert {type(o) for o in outcomes} == {Found, Stale}


def test_the_same_move_at_once_from_two_tabs_is_carried_out_once(
    database: Database, world: World
) -> None:
    asked = submit(database, world)
    outcomes = at_once(*[lambda: move(database, world.ben, asked)] * 6)
    assert found(database, world.ben, asked.post_id).version == asked.version + 1
    assert {type(o) for o in outcomes} <= {Found, Stale}


def test_one_number_for_two_posts_at_once_moves_one(database: Database, world: World) -> None:
    number = uuid4()
    asked = [
        Move(number, post.id, post.version)
        for state in list(State)[:6]
        for post in [found(database, world.ana, world.acme.posts[state])]
    ]
    before = everything_in(database)["post"]
    outcomes = at_once(*(lambda m=m: move(database, world.ana, m) for m in asked))
    kinds = [type(o) for o in outcomes]
    assert kinds.count(Found) == 1
    assert set(kinds) <= {Found, Stale, ForeignCommand}
    assert len(set(everything_in(database)["post"]) - set(before)) == 1


def test_many_cards_into_one_place_at_once_all_arrive(database: Database, world: World) -> None:
    """Renumbering a column locks many rows: nobody may be told of a deadlock."""
    with database.write() as session:
        new = posts.NewPost(posts.Words("Bun"))
        ids = posts.create_many(session, world.ben, world.acme.id, [new] * 40, now=NOW)
    top = ids[0]

    def place_until_done(card: UUID) -> None:
        for _ in range(50):
            try:
                move(
                    database,
                    world.ben,
                    Move(uuid4(), card, found(database, world.ben, card).version, after_id=top),
                )
            except Stale:
                continue
            return
        raise AssertionError("never placed")

    outcomes = at_once(
        *(
            lambda cards=ids[1 + n :: 4]: [place_until_done(card) for card in cards]
            for n in range(4)
        )
    )
    assert [o for o in outcomes if isinstance(o, BaseException)] == []


def test_two_writes_that_wait_for_each_other_end_with_one_refused(
    database: Database, world: World
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's writers queue: they never wait for each other")
    one, two = (world.acme.posts[state] for state in (State.APPROVED, State.ON_HOLD))
    both_hold_a_row = threading.Barrier(2)

    def place(first: UUID, second: UUID) -> None:
        with database.write() as session:
            for post_id in (first, second):
                version = post_rows.find(session, world.ana, post_id).version
                posts.place(session, world.ana, post_id, None, version=version)
                if post_id == first:
                    both_hold_a_row.wait(10)

    outcomes = at_once(lambda: place(one, two), lambda: place(two, one))
    assert {type(outcome) for outcome in outcomes} == {type(None), Stale}
