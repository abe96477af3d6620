"""The client's decision: once, on the words and in the round it was made for."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Comment
from postboard.db.queries import history, post_page
from postboard.db.queries import review as query
from postboard.db.queries.post_page import SeenBy
from postboard.db.review_models import ReviewRequest
from postboard.domain.content import Reason, Words
from postboard.domain.conversation import Spot, Thread
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, ChangeTag, State
from postboard.services import post_rows, posts, reviews
from postboard.services.post_rows import Found
from postboard.services.reviews import Decision
from postboard.services.steps import NeedsReason, NoSuchStep, TooLate
from tests.world import NOW, REASON, World, at_once, everything_in, found, step


def decide(database: Database, actor: Actor, decision: Decision) -> Found:
    with database.write() as session:
        return reviews.decide(session, actor, decision, now=NOW)


def waiting(world: World) -> UUID:
    return world.acme.posts[State.CLIENT_REVIEW]


def approval(world: World) -> Decision:
    return Decision(waiting(world), 1, 1, Action.APPROVE)


def request(world: World, reason: Reason = REASON) -> Decision:
    return Decision(waiting(world), 1, 1, Action.REQUEST_CHANGES, reason)


@pytest.mark.parametrize(
    ("action", "state"),
    [(Action.APPROVE, State.APPROVED), (Action.REQUEST_CHANGES, State.CLIENT_REWORK)],
)
def test_the_reviewer_decides(
    database: Database, world: World, action: Action, state: State
) -> None:
    before = found(database, world.ana, waiting(world))
    decision = Decision(waiting(world), 1, 1, action, REASON)  # pyright: ignore[reportArgumentType]

    decided = decide(database, world.cleo, decision)

    assert decided == replace(before, state=state, version=before.version + 1, rank=decided.rank)
    assert found(database, world.ana, waiting(world)) == decided


@pytest.mark.parametrize("kind", [approval, request])
def test_a_decision_sent_twice_is_taken_once(database: Database, world: World, kind) -> None:
    first = decide(database, world.cleo, kind(world))
    after_first = everything_in(database)

    assert decide(database, world.cleo, kind(world)) == first
    assert everything_in(database) == after_first


def test_a_late_copy_changes_nothing_even_after_the_agency_went_on(
    database: Database, world: World
) -> None:
    decide(database, world.cleo, approval(world))
    scheduled = step(database, world.ana, waiting(world), Action.SCHEDULE)

    assert decide(database, world.cleo, approval(world)) == scheduled


def test_two_taps_at_once_are_one_decision(database: Database, world: World) -> None:
    results = at_once(*[lambda: decide(database, world.cleo, approval(world))] * 4)

    now = found(database, world.ana, waiting(world))
    taken = [result for result in results if isinstance(result, Found)]
    assert taken == [now] * len(taken)
    assert len(taken) >= 1
    assert {type(result) for result in results} <= {Found, Stale}
    assert now.state is State.APPROVED


def test_the_other_decision_comes_too_late(database: Database, world: World) -> None:
    decide(database, world.cleo, approval(world))
    before = everything_in(database)

    with pytest.raises(NoSuchStep):
        decide(database, world.cleo, request(world))

    assert everything_in(database) == before


def test_other_words_are_another_request(database: Database, world: World) -> None:
    decide(database, world.cleo, request(world))

    with pytest.raises(NoSuchStep):
        decide(database, world.cleo, request(world, Reason("And the sky.", (ChangeTag.COPY,))))


def test_a_post_that_was_taken_back_is_not_there(database: Database, world: World) -> None:
    step(database, world.ana, waiting(world), Action.RECALL)
    before = everything_in(database)

    with pytest.raises(NotFound):
        decide(database, world.cleo, approval(world))

    assert everything_in(database) == before


def test_a_decision_on_other_words_is_refused(database: Database, world: World) -> None:
    send_again(database, world, Words(caption="Quite other words.", networks=("x",)))

    with pytest.raises(Stale):
        decide(database, world.cleo, approval(world))
    with pytest.raises(Stale):
        decide(database, world.cleo, replace(approval(world), round=2))
    decided = decide(database, world.cleo, replace(approval(world), round=2, revision=2))
    assert decided.state is State.APPROVED


def test_a_copy_of_an_earlier_round_decides_nothing_in_the_next(
    database: Database, world: World
) -> None:
    send_again(database, world, None)
    before = everything_in(database)

    with pytest.raises(Stale):
        decide(database, world.cleo, request(world))

    assert everything_in(database) == before


def test_a_request_needs_tags_and_words(database: Database, world: World) -> None:
    before = everything_in(database)

    for reason in (Reason(), Reason("Bigger logo"), Reason(" ", (ChangeTag.IMAGE,))):
        with pytest.raises(NeedsReason):
            decide(database, world.cleo, request(world, reason))

    assert everything_in(database) == before


def test_nobody_else_decides_for_the_client(database: Database, world: World) -> None:
    before = everything_in(database)

    for somebody in (actor for actor in world.everybody() if actor != world.cleo):
        for kind in (approval, request):
            expected = NotFound if somebody in (world.dora, world.bodil) else NotAllowed
            with pytest.raises(expected):
                decide(database, somebody, kind(world))

    assert everything_in(database) == before


BOTH_DECISIONS = pytest.mark.parametrize("kind", [approval, request])


@BOTH_DECISIONS
def test_a_decision_is_taken_back_as_if_it_had_not_been(
    database: Database, world: World, kind
) -> None:
    before, seen = found(database, world.ana, waiting(world)), seen_by(database, world.cleo)
    asked = answered(database, world.cleo, kind(world))

    undone = undo(database, world.cleo, asked, NOW + timedelta(seconds=15))

    assert undone == replace(before, version=before.version + 2, rank=undone.rank)
    assert found(database, world.ana, waiting(world)) == undone
    assert seen_by(database, world.cleo) == seen


@BOTH_DECISIONS
def test_after_that_either_decision_is_open_again(database: Database, world: World, kind) -> None:
    undo(database, world.cleo, answered(database, world.cleo, approval(world)))
    undo(database, world.cleo, answered(database, world.cleo, request(world)))

    decided = decide(database, world.cleo, kind(world))

    assert decided.state is {approval: State.APPROVED, request: State.CLIENT_REWORK}[kind]
    assert decided.rounds == 1


def test_an_earlier_request_is_told_again_when_the_next_decision_is_taken_back(
    database: Database, world: World
) -> None:
    send_again(database, world, None)
    seen = seen_by(database, world.cleo)

    undo(database, world.cleo, answered(database, world.cleo, replace(approval(world), round=2)))

    assert seen_by(database, world.cleo) == seen
    assert [(post.round, post.before and post.before.text) for post in seen] == [(2, REASON.text)]


@BOTH_DECISIONS
def test_undo_sent_twice_is_done_once(database: Database, world: World, kind) -> None:
    asked = answered(database, world.cleo, kind(world))
    undone = undo(database, world.cleo, asked)
    after_first = everything_in(database)

    assert undo(database, world.cleo, asked) == undone
    assert everything_in(database) == after_first


@BOTH_DECISIONS
def test_after_a_quarter_of_a_minute_it_stands(database: Database, world: World, kind) -> None:
    asked = answered(database, world.cleo, kind(world))
    before = everything_in(database)

    with pytest.raises(TooLate):
        undo(database, world.cleo, asked, NOW + timedelta(seconds=16))

    assert everything_in(database) == before


def test_what_the_agency_did_since_is_not_undone(database: Database, world: World) -> None:
    asked = answered(database, world.cleo, approval(world))

    for action in (Action.SCHEDULE, Action.UNSCHEDULE):
        step(database, world.ana, waiting(world), action)
        before = everything_in(database)
        with pytest.raises(TooLate):
            undo(database, world.cleo, asked)
        assert everything_in(database) == before


@BOTH_DECISIONS
def test_nobody_else_takes_it_back(database: Database, world: World, kind) -> None:
    asked = answered(database, world.cleo, kind(world))
    before = everything_in(database)

    for somebody in (actor for actor in world.everybody() if actor != world.cleo):
        expected = NotFound if somebody in (world.dora, world.bodil) else NotAllowed
        with pytest.raises(expected):
            undo(database, somebody, asked)

    assert everything_in(database) == before


def test_a_second_reviewer_does_not_undo_the_first_ones_decision(
    database: Database, world: World
) -> None:
    asked = answered(database, world.cleo, approval(world))
    cleos_colleague = replace(world.cleo, user_id=world.vera.user_id)
    before = everything_in(database)

    with pytest.raises(TooLate):
        undo(database, cleos_colleague, asked)

    assert everything_in(database) == before


def test_a_bare_step_takes_nothing_back(database: Database, world: World) -> None:
    decide(database, world.cleo, approval(world))

    with pytest.raises(NoSuchStep):
        step(database, world.cleo, waiting(world), Action.RECONSIDER)


def test_what_is_meant_where_is_said_in_the_same_breath(database: Database, world: World) -> None:
    asset = "https://images.example/acme-client_review.jpg"
    spot = Spot(asset=asset, x=0.25, y=0.5, text="Cut off here.")
    asked = replace(request(world), spots=[spot])

    answers = answered(database, world.cleo, asked)
    decide(database, world.cleo, asked)

    assert said_of(database, world) == [
        ("Cut off here.", {"asset": asset, "x": 0.25, "y": 0.5}, False)
    ]
    undo(database, world.cleo, answers)
    assert [deleted for _, _, deleted in said_of(database, world)] == [True]


def test_a_spot_on_nothing_refuses_the_whole_request(database: Database, world: World) -> None:
    before = everything_in(database)

    for spot, refusal in (
        (Spot(asset="elsewhere", x=0.5, y=0.5, text="Here."), NotFound),
        (Spot(asset="https://images.example/acme-client_review.jpg", x=2, y=0, text="?"), BadInput),
        (Spot(asset="https://images.example/acme-client_review.jpg", x=0, y=0, text=" "), BadInput),
    ):
        with pytest.raises(refusal):
            decide(database, world.cleo, replace(request(world), spots=[spot]))

    assert everything_in(database) == before


def said_of(database: Database, world: World) -> list[tuple[str, dict[str, object], bool]]:
    """What the client's thread holds: words, where, and whether it was taken back."""
    with database.read() as session:
        rows = session.execute(
            select(Comment).where(
                col(Comment.post_id) == waiting(world), col(Comment.thread) == Thread.CLIENT
            )
        ).scalars()
        return [(one.text, one.anchor, one.deleted_at is not None) for one in rows]


def test_who_of_the_clients_side_has_seen_it_is_told_to_staff(
    database: Database, world: World
) -> None:
    see(database, world, world.vera)
    see(database, world, world.cleo, NOW + timedelta(hours=1))
    see(database, world, world.vera, NOW + timedelta(hours=2))

    with database.read() as session:
        opened = post_page.opened(session, world.ana, waiting(world), now=NOW)
        told = history.timeline(session, world.ana, waiting(world)).lines
    assert opened.seen_by == [
        SeenBy("Cleo", "2026-03-02T10:00Z"),
        SeenBy("Vera", "2026-03-02T11:00Z"),
    ]
    assert [line.who for line in told if line.kind == "post.seen"] == [
        "Cleo",
        "Vera",
    ]  # newest first


def test_new_words_were_seen_by_nobody(database: Database, world: World) -> None:
    see(database, world, world.cleo)
    send_again(database, world, Words(caption="Quite other words.", networks=("x",)))

    with database.read() as session:
        assert post_page.opened(session, world.ana, waiting(world), now=NOW).seen_by == []


def test_a_look_is_of_the_client_on_words_that_wait(database: Database, world: World) -> None:
    before = everything_in(database)

    for somebody in (world.ana, world.aron, world.dora, world.bodil):
        with pytest.raises(NotFound):
            see(database, world, somebody)
    with pytest.raises(Stale):
        see(database, world, world.cleo, revision=2)
    with pytest.raises(NotFound), database.write() as session:
        reviews.saw(session, world.cleo, world.acme.posts[State.APPROVED], revision=1, now=NOW)

    assert everything_in(database) == before


def test_a_look_neither_stops_nor_spends_an_undo(database: Database, world: World) -> None:
    asked = answered(database, world.cleo, approval(world))
    undone = undo(database, world.cleo, asked)
    see(database, world, world.cleo)

    assert undo(database, world.cleo, asked) == undone


def see(
    database: Database, world: World, actor: Actor, now: datetime = NOW, revision: int = 1
) -> None:
    with database.write() as session:
        reviews.saw(session, actor, waiting(world), revision=revision, now=now)


def undo(database: Database, actor: Actor, request_id: UUID, now: datetime = NOW) -> Found:
    with database.write() as session:
        post_id = session.get_one(ReviewRequest, request_id).post_id
        return reviews.undo(session, actor, post_id, request_id, now=now)


def answered(database: Database, actor: Actor, decision: Decision) -> UUID:
    """Carry it out; the request that it answered."""
    with database.read() as session:
        request_id = session.execute(
            select(col(ReviewRequest.id)).where(
                col(ReviewRequest.post_id) == decision.post_id,
                col(ReviewRequest.closed_at).is_(None),
            )
        ).scalar_one()
    decide(database, actor, decision)
    return request_id


def seen_by(database: Database, actor: Actor) -> list[query.Waiting]:
    with database.read() as session:
        waiting = query.queue(session, actor, NOW)
        keys = [UUID(one) for one in [*waiting.own, *waiting.others]]
        return query.in_full(session, actor, keys, NOW)


def send_again(database: Database, world: World, words: Words | None) -> None:
    """Cleo asks for changes, the agency answers with `words` and sends it once more."""
    decide(database, world.cleo, request(world))
    if words:
        with database.write() as session:
            version = post_rows.find(session, world.ana, waiting(world)).version
            posts.edit(session, world.ana, waiting(world), words, version=version, now=NOW)
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, waiting(world), action)
