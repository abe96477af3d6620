"""Several of the client's side decide, and one of them takes a decision back within seconds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Notice, Person, Post
from postboard.db.queries import review as query
from postboard.db.queries.turns import Turn
from postboard.db.review_models import Decision as Said
from postboard.db.review_models import ReviewRequest
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.errors import Stale
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.services import chains, posts, reviews
from postboard.services.chains import Scope
from postboard.services.post_rows import Found
from postboard.services.reviews import Decision
from postboard.services.steps import TooLate
from tests.requests import REMINDED, agree, run, told
from tests.world import (
    NOW,
    REASON,
    WORDS,
    World,
    bring_to,
    everything_in,
    reviewer,
)

LATER = NOW + timedelta(seconds=4)
"""When it is taken back."""


def stage(name: str, rule: Rule, *people: Actor) -> Stage:
    return Stage(Side.CLIENT, name, tuple(one.user_id for one in people if one.user_id), None, rule)


def sent(database: Database, world: World, *stages: Stage) -> UUID:
    """A post that waits for the client under these stages."""
    scope = Scope(world.acme.id)
    internal = Stage(Side.INTERNAL)
    with database.write() as session:
        chains.set_chain(
            session, world.aron, scope, [internal, *stages], version=0, reason="", now=NOW
        )
    return bring_to(
        database,
        world.acme.id,
        State.CLIENT_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
    )


def both(world: World, carl: Actor) -> Sequence[Stage]:
    return [stage("Brand", Rule.ALL, world.cleo, carl)]


def one_after_the_other(world: World, carl: Actor) -> Sequence[Stage]:
    return [stage("Brand", Rule.ANY, world.cleo), stage("Law", Rule.ANY, world.cleo, carl)]


def turn(database: Database, actor: Actor, post_id: UUID) -> Turn:
    with database.read() as session:
        return query.in_full(session, actor, [post_id], NOW)[0].turn


def judged(database: Database, actor: Actor, post_id: UUID) -> Decision:
    """An approval of what the actor has before their eyes."""
    request_id = UUID(turn(database, actor, post_id).request)
    return Decision(post_id, 1, 1, Action.APPROVE, request_id=request_id)


def decide(database: Database, actor: Actor, decision: Decision, now: datetime = NOW) -> Found:
    with database.write() as session:
        return reviews.decide(session, actor, decision, now=now)


def undo(database: Database, actor: Actor, decision: Decision) -> Found:
    assert decision.request_id
    with database.write() as session:
        return reviews.undo(session, actor, decision.post_id, decision.request_id, now=LATER)


def requests_of(database: Database, post_id: UUID) -> list[tuple[int, str]]:
    """Stage and outcome of the client's requests, as they were asked."""
    with database.read() as session:
        rows = session.execute(
            select(ReviewRequest)
            .where(col(ReviewRequest.post_id) == post_id, col(ReviewRequest.side) == Side.CLIENT)
            .order_by(col(ReviewRequest.asked_at), col(ReviewRequest.stage))
        ).scalars()
        return [(row.stage, row.outcome if row.closed_at else "open") for row in rows]


def said_of(database: Database, post_id: UUID) -> list[str]:
    with database.read() as session:
        rows = session.execute(
            select(col(Said.person_name))
            .join(ReviewRequest, col(ReviewRequest.id) == col(Said.request_id))
            .where(col(ReviewRequest.post_id) == post_id, col(ReviewRequest.side) == Side.CLIENT)
            .order_by(col(Said.person_name))
        )
        return [*rows.scalars()]


def asked_of(database: Database, post_id: UUID) -> list[tuple[str, bool]]:
    """Who was told of a request for review, and whether that still stands."""
    with database.read() as session:
        rows = session.execute(
            select(col(Person.name), col(Notice.read_at))
            .join(Person, col(Person.id) == col(Notice.person_id))
            .where(col(Notice.post_id) == post_id, col(Notice.kind) == NoticeKind.TO_REVIEW)
            .order_by(col(Person.name), col(Notice.at), col(Notice.id))
        )
        return sorted((name, read_at is None) for name, read_at in rows)


def since(database: Database, post_id: UUID) -> object:
    with database.read() as session:
        return session.get_one(Post, post_id).state_since


def queue(database: Database, actor: Actor) -> tuple[set[str], set[str]]:
    with database.read() as session:
        waiting = query.queue(session, actor, NOW)
        return {*waiting.own}, {*waiting.others}


def test_an_all_of_stage_says_who_has_said_yes_and_who_is_missing(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = sent(database, world, *both(world, carl))
    before = turn(database, carl, post_id)

    decide(database, world.cleo, judged(database, world.cleo, post_id))

    assert (before.mine, before.waits_for, before.agreed) == (True, ["Cleo", "Carl"], [])
    assert (before.needs_too, turn(database, carl, post_id)) == (
        ["Cleo"],
        replace(before, waits_for=["Carl"], needs_too=[], agreed=["Cleo"]),
    )
    assert turn(database, world.cleo, post_id) == replace(
        before, mine=False, waits_for=["Carl"], needs_too=[], said_yes=True
    )
    assert turn(database, world.vera, post_id) == replace(
        before, mine=False, waits_for=["Carl"], needs_too=[], agreed=["Cleo"]
    )


def test_the_stages_to_come_are_named(database: Database, world: World, carl: Actor) -> None:
    unnamed = stage("", Rule.ANY, carl)
    post_id = sent(database, world, stage("Brand", Rule.ANY, world.cleo), unnamed)

    assert turn(database, world.cleo, post_id).follows == ["Carl"]
    decide(database, world.cleo, judged(database, world.cleo, post_id))
    after = turn(database, carl, post_id)

    assert (after.mine, after.agreed, after.follows) == (True, ["Cleo"], [])


def test_what_others_are_asked_waits_behind_what_is_mine(
    database: Database, world: World, carl: Actor
) -> None:
    own = world.acme.posts[State.CLIENT_REVIEW].hex
    post_id = sent(database, world, stage("Law", Rule.ANY, carl))

    assert queue(database, world.cleo) == ({own}, {post_id.hex})
    assert queue(database, carl) == ({own, post_id.hex}, set())
    assert queue(database, world.vera) == ({own, post_id.hex}, set())
    with database.read() as session:
        assert [one.id for one in query.choices(session, world.cleo, NOW)] == [own]


def test_a_double_tap_never_answers_the_next_stage_unseen(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = sent(database, world, *one_after_the_other(world, carl))
    first = judged(database, world.cleo, post_id)

    decide(database, world.cleo, first)
    after_first = everything_in(database)
    decide(database, world.cleo, first)

    assert everything_in(database) == after_first
    assert requests_of(database, post_id) == [(1, "approved"), (2, "open")]


def test_an_answer_to_another_request_is_refused(
    database: Database, world: World, carl: Actor
) -> None:
    either = stage("Brand", Rule.ANY, world.cleo, carl)
    post_id = sent(database, world, either, stage("Law", Rule.ANY, carl))
    seen = judged(database, carl, post_id)
    decide(database, world.cleo, judged(database, world.cleo, post_id))
    before = everything_in(database)

    with pytest.raises(Stale):
        decide(database, carl, seen)

    assert everything_in(database) == before


@pytest.mark.parametrize("stages", [both, one_after_the_other])
def test_an_approval_that_did_not_move_the_post_is_taken_back(
    database: Database, world: World, carl: Actor, stages
) -> None:
    post_id = sent(database, world, *stages(world, carl))
    before, asked = turn(database, world.cleo, post_id), asked_of(database, post_id)
    approval = judged(database, world.cleo, post_id)
    decide(database, world.cleo, approval)

    undone = undo(database, world.cleo, approval)

    assert (undone.state, undone.rounds) == (State.CLIENT_REVIEW, 1)
    assert turn(database, world.cleo, post_id) == before
    assert said_of(database, post_id) == []
    assert [one for one in asked_of(database, post_id) if one[1]] == asked
    assert requests_of(database, post_id)[0] == (1, "open")
    assert [outcome for _, outcome in requests_of(database, post_id)[1:]] in ([], ["superseded"])


def test_it_is_told_to_the_agency_as_the_approval_was(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = sent(database, world, *both(world, carl))
    approval = judged(database, world.cleo, post_id)

    decide(database, world.cleo, approval)
    undo(database, world.cleo, approval)

    with database.read() as session:
        heard = session.execute(
            select(col(Person.name))
            .join(Notice, col(Notice.person_id) == col(Person.id))
            .where(col(Notice.post_id) == post_id, col(Notice.kind) == NoticeKind.DECISION)
            .order_by(col(Person.name))
        )
        assert [*heard.scalars()] == ["Aron", "Aron", "Ben", "Ben"]


def test_only_ones_own_word_is_void_when_others_joined(
    database: Database, world: World, carl: Actor
) -> None:
    vera = stage("Brand", Rule.ALL, world.cleo, carl, reviewer(database, world, "Nils"))
    post_id = sent(database, world, vera)
    approval = judged(database, world.cleo, post_id)
    decide(database, world.cleo, approval)
    decide(database, carl, judged(database, carl, post_id))

    undo(database, world.cleo, approval)

    assert said_of(database, post_id) == ["Carl"]
    assert turn(database, world.cleo, post_id).waits_for == ["Cleo", "Nils"]


def test_once_the_next_stage_has_spoken_it_is_too_late(
    database: Database, world: World, carl: Actor
) -> None:
    all_of_law = stage("Law", Rule.ALL, carl, reviewer(database, world, "Nils"))
    post_id = sent(database, world, stage("Brand", Rule.ANY, world.cleo), all_of_law)
    approval = judged(database, world.cleo, post_id)
    decide(database, world.cleo, approval)
    decide(database, carl, judged(database, carl, post_id))
    before = everything_in(database)

    with pytest.raises(TooLate):
        undo(database, world.cleo, approval)

    assert everything_in(database) == before


def test_the_last_yes_of_all_is_taken_back_alone(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = sent(database, world, *both(world, carl))
    decide(database, world.cleo, judged(database, world.cleo, post_id))
    last = judged(database, carl, post_id)
    second_later = NOW + timedelta(seconds=1)
    assert decide(database, carl, last, second_later).state is State.APPROVED

    undo(database, carl, last)

    assert said_of(database, post_id) == ["Cleo"]
    assert requests_of(database, post_id) == [(1, "open")]
    assert asked_of(database, post_id) == [("Carl", True), ("Cleo", False)]


def test_a_second_undo_of_it_changes_nothing(database: Database, world: World, carl: Actor) -> None:
    post_id = sent(database, world, *one_after_the_other(world, carl))
    approval = judged(database, world.cleo, post_id)
    decide(database, world.cleo, approval)
    undone = undo(database, world.cleo, approval)
    before = everything_in(database)

    assert undo(database, world.cleo, approval) == undone
    assert everything_in(database) == before


def test_the_wait_is_as_old_as_before(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    hour_later = NOW + timedelta(hours=1)
    approval = judged(database, world.cleo, post_id)
    with database.write() as session:
        reviews.decide(session, world.cleo, approval, now=hour_later)
    assert since(database, post_id) == hour_later

    assert approval.request_id
    with database.write() as session:
        reviews.undo(session, world.cleo, post_id, approval.request_id, now=hour_later)

    assert since(database, post_id) == NOW


def test_a_reminder_that_fell_into_the_gap_is_sent_after_all(
    database: Database, world: World
) -> None:
    agree(database, world, reminder_hours=(4,))
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    approval = judged(database, world.cleo, post_id)
    assert approval.request_id
    with database.write() as session:
        reviews.decide(session, world.cleo, approval, now=REMINDED - timedelta(seconds=2))
    run(database, REMINDED)
    assert told(database, post_id) == []

    with database.write() as session:
        at = REMINDED + timedelta(seconds=2)
        reviews.undo(session, world.cleo, post_id, approval.request_id, now=at)
    run(database, REMINDED + timedelta(seconds=3))

    assert [(name, kind) for name, kind, _ in told(database, post_id)] == [("Cleo", "review_open")]


def test_what_was_decided_in_one_gesture_is_found_together(
    database: Database, world: World
) -> None:
    waiting = [world.acme.posts[State.CLIENT_REVIEW]]
    waiting.append(sent(database, world, stage("Brand", Rule.ANY, world.cleo)))
    approvals = [judged(database, world.cleo, post_id) for post_id in waiting]
    for approval in approvals:
        decide(database, world.cleo, approval, LATER)

    with database.read() as session:
        last = query.last_decided(session, world.cleo, NOW)
        too_late = query.last_decided(session, world.cleo, LATER + timedelta(seconds=1))
        nobody = query.last_decided(session, world.vera, NOW)
    together = {(one.post_id, one.request_id) for one in approvals}
    assert last
    assert (last.at, last.approved, {*last.answered}) == (LATER, True, together)
    assert (too_late, nobody) == (None, None)


def test_once_the_agency_has_written_on_it_is_too_late(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = sent(database, world, *both(world, carl))
    no = replace(
        judged(database, world.cleo, post_id), action=Action.REQUEST_CHANGES, reason=REASON
    )
    sent_back = decide(database, world.cleo, no)
    with database.write() as session:
        words = replace(WORDS, caption="Fresh buns from seven.")
        posts.edit(session, world.ben, post_id, words, version=sent_back.version, now=NOW)
    before = everything_in(database)
    with pytest.raises(TooLate):
        undo(database, world.cleo, no)
    assert everything_in(database) == before
