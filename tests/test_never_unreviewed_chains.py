"""Nothing goes out unreviewed where a chain, the clock or an undo has a hand in it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Person
from postboard.db.review_models import Decision as Said
from postboard.db.review_models import ReviewRequest
from postboard.domain.agreement import LateApproval, Silence
from postboard.domain.chains import Rule, Side, Stage, preset
from postboard.domain.errors import Refused, Stale
from postboard.domain.permissions import THE_CLOCK, Actor, Role
from postboard.domain.workflow import Action, Approval, State
from postboard.jobs.kinds import DOING
from postboard.services import chains, clients, jobs, queues, reminders, reviews
from postboard.services.chains import Scope
from postboard.services.post_rows import Found
from postboard.services.requests import DecidedAlready, NotAsked
from postboard.services.reviews import Decision
from postboard.services.steps import TooLate, take_step
from tests.requests import DUE, agree, ask, run
from tests.services.test_at_once import just_before, need_postgres
from tests.services.test_chains import (
    OPEN_CLIENT,
    OPEN_INTERNAL,
    approve,
    ids,
    leave,
    new_post,
    of_acme,
    open_request,
    set_chain,
    submitted,
)
from tests.test_never_unreviewed import TO_OUT, change, post_in
from tests.unreviewed import APPROVED, OUT, all_reviewed
from tests.world import NOW, World, actor_of, at_once, found, full_answer, step

LATE = NOW + timedelta(days=4)
"""After the time that the world's posts are planned for."""
MOMENT = timedelta(seconds=1)


def of_client(*people: Actor, rule: Rule = Rule.ANY) -> Stage:
    return Stage(Side.CLIENT, people=ids(*people), rule=rule)


def of_agency(*people: Actor, rule: Rule = Rule.ANY) -> Stage:
    return Stage(Side.INTERNAL, people=ids(*people), rule=rule)


def with_client(database: Database, world: World, *stages: Stage) -> UUID:
    """A post that waits for the client under these stages of its side."""
    set_chain(database, world.aron, of_acme(world), OPEN_INTERNAL, *stages)
    post_id = new_post(database, world)
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    return post_id


def state(database: Database, post_id: UUID) -> State:
    return found(database, THE_CLOCK, post_id).state


def stays_in(database: Database, world: World, post_id: UUID, where: State) -> bool:
    """Nobody brings it out from there by one step."""
    assert state(database, post_id) is where
    for actor in (*world.everybody(), THE_CLOCK):
        for action in TO_OUT:
            with pytest.raises(Refused):
                step(database, actor, post_id, action)
    return all_reviewed(database)


def decide(
    database: Database,
    actor: Actor,
    post_id: UUID,
    request_id: UUID | None = None,
    *,
    revision: int | None = None,
) -> Found:
    """The client's approval, as its page sends it."""
    post = found(database, THE_CLOCK, post_id)
    decision = Decision(
        post_id, revision or post.revision, post.rounds, Action.APPROVE, request_id=request_id
    )
    with database.write() as session:
        return reviews.decide(session, actor, decision, now=NOW)


def undo(database: Database, actor: Actor, post_id: UUID, now: datetime = NOW) -> Found:
    """Of what was said to the request that was answered last."""
    with database.write() as session:
        request_id = session.execute(
            select(col(ReviewRequest.id))
            .outerjoin(Said, col(Said.request_id) == col(ReviewRequest.id))
            .where(col(ReviewRequest.post_id) == post_id)
            .order_by(
                col(Said.request_id).is_(None),
                col(ReviewRequest.stage).desc(),
                col(ReviewRequest.asked_at).desc(),
            )
            .limit(1)
        ).scalar_one()
        return reviews.undo(session, actor, post_id, request_id, now=now)


def asked(database: Database, post_id: UUID) -> UUID:
    return open_request(database, post_id).id


def send_anew(database: Database, world: World, post_id: UUID, caption: str = "") -> None:
    """Taken back, given other words if any, and before the client again."""
    step(database, world.ana, post_id, Action.RECALL)
    if caption:
        change(database, world.ben, post_id, caption)
        step(database, world.ana, post_id, Action.APPROVE)
    step(database, world.ana, post_id, Action.SEND_TO_CLIENT)


# The clock


@pytest.mark.parametrize("caption", ["", "Other words"])
def test_silence_on_a_request_that_was_closed_consents_to_nothing(
    database: Database, world: World, caption: str
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    post_id = with_client(database, world, OPEN_CLIENT)
    ask(database, world, post_id=post_id, due_at=DUE)
    run(database, NOW)
    send_anew(database, world, post_id, caption)
    ask(database, world, post_id=post_id, due_at=DUE + timedelta(days=1))
    run(database, DUE)
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)
    run(database, DUE + timedelta(days=1))
    assert state(database, post_id) is State.APPROVED
    assert all_reviewed(database)


def test_silence_on_what_was_taken_back_or_refused_consents_to_nothing(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    recalled, refused = (with_post_due(database, world) for _ in range(2))
    run(database, NOW)
    step(database, world.ana, recalled, Action.RECALL)
    step(database, world.cleo, refused, Action.REQUEST_CHANGES)
    run(database, DUE)
    assert stays_in(database, world, recalled, State.READY_FOR_CLIENT)
    assert stays_in(database, world, refused, State.CLIENT_REWORK)


def test_silence_ends_its_own_stage_only(database: Database, world: World, carl: Actor) -> None:
    agree(database, world, silence=Silence.CONSENT)
    stages = of_client(world.cleo, carl, rule=Rule.ALL), of_client(carl)
    post_id = with_client(database, world, *stages)
    decide(database, world.cleo, post_id)
    ask(database, world, post_id=post_id, due_at=DUE)
    run(database, DUE)
    assert open_request(database, post_id).stage == 2
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)
    decide(database, carl, post_id)
    assert state(database, post_id) is State.APPROVED
    assert all_reviewed(database)


def test_silence_of_the_agencys_own_people_consents_to_nothing(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    post_id = submitted(database, world, of_agency(world.iris))
    ask(database, world, post_id=post_id, due_at=DUE)
    run(database, DUE + timedelta(days=9))
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)


def test_a_worker_that_was_taken_for_dead_consents_to_nothing(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    post_id = with_post_due(database, world)
    run(database, NOW)
    claimed = claim(database, reminders.REMIND, DUE)
    later = DUE + queues.LEASE + MOMENT
    run(database, later)
    assert state(database, post_id) is State.APPROVED
    change(database, world.ben, post_id, "Other words")
    for action in (Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    for job in claimed:
        with pytest.raises(Stale):
            work_on(database, job, later)
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)


@pytest.mark.parametrize("term", LateApproval)
@pytest.mark.parametrize("since", ["edited", "taken back", "held", "approved anew"])
def test_what_follows_on_a_late_approval_is_only_for_what_was_approved(
    database: Database, world: World, term: LateApproval, since: str
) -> None:
    agree(database, world, late_approval=term)
    post_id = approved_late(database, world)
    ends = {
        "edited": State.INTERNAL_REVIEW,
        "taken back": State.CLIENT_REVIEW,
        "held": State.ON_HOLD,
        "approved anew": State.APPROVED,
    }[since]
    if since == "edited":
        change(database, world.ben, post_id, "Other words")
    elif since == "held":
        step(database, world.cleo, post_id, Action.HOLD)
    else:
        undo(database, world.cleo, post_id, LATE)
    if since == "approved anew":
        step(database, world.cleo, post_id, Action.APPROVE, now=LATE)
    run(database, LATE)
    if since == "approved anew":
        ends = {LateApproval.HOLD: State.ON_HOLD, LateApproval.PUBLISH_AT_ONCE: State.SCHEDULED}
        assert state(database, post_id) is ends.get(term, State.APPROVED)
        assert all_reviewed(database)
    else:
        assert stays_in(database, world, post_id, ends)


def test_a_late_worker_schedules_no_other_words(database: Database, world: World) -> None:
    agree(database, world, late_approval=LateApproval.PUBLISH_AT_ONCE)
    post_id = approved_late(database, world)
    (job,) = claim(database, jobs.APPROVED_LATE, LATE)
    later = LATE + queues.LEASE + MOMENT
    run(database, later)
    assert state(database, post_id) is State.SCHEDULED
    change(database, world.ben, post_id, "Other words")
    with pytest.raises(Stale):
        work_on(database, job, later)
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)


@pytest.mark.parametrize("term", [LateApproval.NEXT_FREE_DAY, LateApproval.PUBLISH_AT_ONCE])
def test_a_late_approval_an_undo_and_an_edit_at_once_never_meet(
    database: Database, world: World, term: LateApproval
) -> None:
    agree(database, world, late_approval=term)
    for _ in range(4):
        post_id = approved_late(database, world)
        calls = [
            lambda p=post_id: change(database, world.ben, p, f"Other {uuid4()}"),
            lambda p=post_id: undo(database, world.cleo, p, LATE),
            lambda: run(database, LATE),
            lambda p=post_id: step(database, world.aron, p, Action.SCHEDULE),
        ]
        assert no_bugs(at_once(*calls))
        run(database, LATE)
        assert all_reviewed(database)


# Taken back


@pytest.mark.parametrize("order", [*permutations(["undo", "schedule", "edit"])])
def test_an_undo_a_schedule_and_an_edit_in_any_order(
    database: Database, world: World, order: Sequence[str]
) -> None:
    post_id = post_in(database, world, State.APPROVED)
    calls: dict[str, Callable[[], Any]] = {
        "undo": lambda: undo(database, world.cleo, post_id),
        "schedule": lambda: step(database, world.aron, post_id, Action.SCHEDULE),
        "edit": lambda: change(database, world.ben, post_id, "Other words"),
    }
    for name in order:
        with suppress(Refused):
            calls[name]()
        assert all_reviewed(database)
    ends = State.CLIENT_REVIEW if order[0] == "undo" else State.INTERNAL_REVIEW
    assert stays_in(database, world, post_id, ends)


def test_an_undo_a_schedule_and_an_edit_at_once_never_meet(
    database: Database, world: World
) -> None:
    for _ in range(8):
        post_id = post_in(database, world, State.APPROVED)
        version = found(database, world.cleo, post_id).version
        calls = [
            lambda p=post_id: undo(database, world.cleo, p),
            lambda p=post_id: undo(database, world.cleo, p),
            lambda p=post_id: change(database, world.ben, p, "Other words"),
            lambda p=post_id, v=version: schedule(database, world.aron, p, v),
        ]
        assert no_bugs(at_once(*calls))
        assert all_reviewed(database)
        no = [one for one in OUT if state(database, post_id) is one]
        assert no in ([], [State.SCHEDULED])


def test_a_request_for_changes_that_was_answered_already_is_not_taken_back(
    database: Database, world: World
) -> None:
    """The words that would stand before the client again are others than those it was asked."""
    post_id = post_in(database, world, State.CLIENT_REVIEW)
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES)
    change(database, world.ben, post_id, "Nobody of the agency has read this.")
    with pytest.raises(TooLate):
        undo(database, world.cleo, post_id)
    assert stays_in(database, world, post_id, State.CLIENT_REWORK)


def test_an_approval_taken_back_is_none_for_anybody(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = with_client(database, world, of_client(world.cleo, carl, rule=Rule.ALL))
    decide(database, world.cleo, post_id)
    decide(database, carl, post_id)
    for actor in (world.cleo, world.dora, world.ana, THE_CLOCK):
        with pytest.raises(Refused):
            undo(database, actor, post_id)
    assert state(database, post_id) is State.APPROVED
    for _ in range(2):
        undo(database, carl, post_id)
    decide(database, world.cleo, post_id)  # hers stood all the time
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)
    decide(database, carl, post_id)
    assert state(database, post_id) is State.APPROVED
    assert all_reviewed(database)


def test_a_stage_that_was_taken_back_is_asked_again(
    database: Database, world: World, carl: Actor
) -> None:
    post_id = with_client(database, world, of_client(world.cleo), of_client(carl))
    decide(database, world.cleo, post_id)
    second = asked(database, post_id)
    undo(database, world.cleo, post_id)
    for request_id in (second, None):
        with pytest.raises(Refused):
            decide(database, carl, post_id, request_id)
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)


# Chains


@pytest.mark.parametrize("rule", Rule)
def test_every_stage_is_passed_by_its_own_people(
    database: Database, world: World, carl: Actor, rule: Rule
) -> None:
    agency = (of_agency(world.iris, world.cora, rule=rule), of_agency(world.ana))
    client = (of_client(world.cleo, carl, rule=rule), of_client(carl))
    set_chain(database, world.aron, of_acme(world), *agency, *client)
    post_id = new_post(database, world)
    step(database, world.ben, post_id, Action.SUBMIT)
    everybody = (*world.everybody(), carl, THE_CLOCK)
    for stage, named in enumerate((*agency, *client)):
        people = [who for who in everybody if who.user_id in named.people]
        while open_request(database, post_id).stage == stage:
            for other in everybody:
                if other not in people:
                    with pytest.raises(Refused):
                        approve(database, other, post_id)
            approve(database, people.pop(), post_id)
            assert state(database, post_id) not in OUT
            if state(database, post_id) is State.READY_FOR_CLIENT:
                step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
            if state(database, post_id) is State.APPROVED:
                break
        assert len(people) == (0 if named.rule is Rule.ALL else len(named.people) - 1)
    assert all_reviewed(database)


@pytest.mark.parametrize("stages", [(), (OPEN_INTERNAL,), (OPEN_CLIENT,)])
def test_a_chain_that_changes_under_way_lets_through_nothing_that_was_asked(
    database: Database, world: World, stages: tuple[Stage, ...]
) -> None:
    legal = of_agency(world.ana)
    post_id = submitted(database, world, of_agency(world.iris), legal, OPEN_CLIENT)
    approve(database, world.iris, post_id)
    own = Scope(world.acme.id, post_id=post_id)
    set_chain(database, world.aron, own, *stages, reason="In a hurry.")
    set_chain(database, world.aron, of_acme(world), *stages, version=1)
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)
    with pytest.raises(NotAsked):
        approve(database, world.iris, post_id)
    approve(database, world.ana, post_id)
    assert stays_in(database, world, post_id, State.READY_FOR_CLIENT)
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)


def test_an_override_that_is_dropped_under_way_keeps_its_people(
    database: Database, world: World
) -> None:
    set_chain(database, world.aron, of_acme(world))
    post_id = new_post(database, world)
    own = Scope(world.acme.id, post_id=post_id)
    both = of_agency(world.iris, world.cora, rule=Rule.ALL)
    set_chain(database, world.aron, own, both, reason="Delicate.")
    step(database, world.ben, post_id, Action.SUBMIT)
    approve(database, world.iris, post_id)
    with database.write() as session:
        chains.drop_override(session, world.aron, own, version=1, now=NOW)
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)
    approve(database, world.cora, post_id)
    assert state(database, post_id) is State.APPROVED
    assert all_reviewed(database)


@pytest.mark.parametrize("way", ["removed", "disabled", "another role"])
def test_a_stage_of_all_waits_for_whoever_is_left(
    database: Database, world: World, way: str
) -> None:
    three = of_agency(world.iris, world.cora, world.ana, rule=Rule.ALL)
    post_id = submitted(database, world, three)
    approve(database, world.iris, post_id)
    cora = world.cora.user_id
    assert cora
    if way == "removed":
        leave(database, world, world.cora)
    elif way == "disabled":
        with database.write() as session:
            session.get_one(Person, cora).disabled_at = NOW
    else:
        with database.write() as session:
            clients.change_role(session, world.ana, world.acme.id, cora, Role.COPYWRITER, now=NOW)
        with pytest.raises(Refused):
            approve(database, actor_of(database, cora), post_id)
    with pytest.raises(DecidedAlready):
        approve(database, world.iris, post_id)
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)
    approve(database, world.ana, post_id)
    assert state(database, post_id) is State.APPROVED
    assert all_reviewed(database, ids(world.cora))


def test_a_request_of_another_stage_post_or_round_is_not_answered(
    database: Database, world: World
) -> None:
    stages = of_client(world.cleo), of_client(world.cleo)
    post_id = with_client(database, world, *stages)
    first = asked(database, post_id)
    send_anew(database, world, post_id)
    second = asked(database, post_id)
    other = asked(database, world.acme.posts[State.CLIENT_REVIEW])
    for request_id in (first, other, uuid4()):
        with pytest.raises(Stale):
            decide(database, world.cleo, post_id, request_id)
    decide(database, world.cleo, post_id, second)
    assert open_request(database, post_id).stage == 2
    for request_id in (first, other, uuid4()):
        with pytest.raises(Stale):
            decide(database, world.cleo, post_id, request_id)
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)


def test_a_second_tap_does_not_pass_the_next_stage(database: Database, world: World) -> None:
    post_id = with_client(database, world, of_client(world.cleo), of_client(world.cleo))
    first = asked(database, post_id)
    for request_id in (first, first, None):
        decide(database, world.cleo, post_id, request_id)
        assert open_request(database, post_id).stage == 2
    assert stays_in(database, world, post_id, State.CLIENT_REVIEW)
    decide(database, world.cleo, post_id, asked(database, post_id))
    assert state(database, post_id) is State.APPROVED
    assert all_reviewed(database)


def test_two_taps_at_once_do_not_pass_the_next_stage(database: Database, world: World) -> None:
    for _ in range(6):
        post_id = submitted_under(
            database, world, of_agency(world.iris), of_agency(world.iris, world.cora, rule=Rule.ALL)
        )
        version = found(database, world.iris, post_id).version
        taps = [lambda p=post_id, v=version: approve_at(database, world.iris, p, v)] * 3
        assert no_bugs(at_once(*taps))
        assert yes_of(database, post_id) == []
        approve(database, world.cora, post_id)
        assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)


def test_a_tap_that_was_under_way_does_not_join_the_next_stage(
    database: Database, world: World
) -> None:
    need_postgres(database)
    post_id = submitted_under(
        database, world, of_agency(world.iris), of_agency(world.iris, world.cora, rule=Rule.ALL)
    )
    version = found(database, world.iris, post_id).version

    def first_tap() -> None:
        approve_at(database, world.iris, post_id, version)

    with (
        just_before("FROM reviewrequest", "FOR UPDATE", database=database, do=first_tap),
        pytest.raises(Stale),
    ):
        approve_at(database, world.iris, post_id, version)
    assert yes_of(database, post_id) == []
    approve(database, world.cora, post_id)
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)


def test_an_edit_while_all_approve_leaves_no_half_of_it(database: Database, world: World) -> None:
    both = of_agency(world.iris, world.cora, rule=Rule.ALL)
    for _ in range(6):
        post_id = submitted_under(database, world, both)
        version = found(database, world.iris, post_id).version
        calls = [
            lambda p=post_id, v=version: approve_at(database, world.iris, p, v),
            lambda p=post_id: change(database, world.ben, p, "Other words"),
            lambda p=post_id, v=version: approve_at(database, world.cora, p, v),
        ]
        assert no_bugs(at_once(*calls))
        assert all_reviewed(database)
        if found(database, world.iris, post_id).revision == 1:
            change(database, world.ben, post_id, "Other words")
        assert yes_of(database, post_id) == []
        approve(database, world.cora, post_id)
        assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)


# Nobody


@pytest.mark.parametrize("where", sorted(set(State) - APPROVED - {State.CANCELLED}))
def test_where_nobody_was_asked_for_a_while_the_others_are_asked_as_before(
    database: Database, world: World, where: State
) -> None:
    post_id = world.acme.posts[where]
    for approval in (Approval.NOBODY, Approval.INTERNAL_AND_CLIENT):
        version = int(approval is not Approval.NOBODY)
        chain = preset(approval).stages
        set_chain(database, world.aron, of_acme(world), *chain, version=version)
        assert stays_in(database, world, post_id, where)


@pytest.mark.parametrize("where", [State.APPROVED, State.ON_HOLD, State.SCHEDULED])
def test_what_passed_while_nobody_was_asked_is_asked_about_with_its_next_words(
    database: Database, world: World, where: State
) -> None:
    post_id = post_in(database, world, where)
    set_chain(database, world.aron, of_acme(world))
    change(database, world.ben, post_id, "Nobody has to read this.")
    assert state(database, post_id) in {State.APPROVED, State.ON_HOLD}
    assert all_reviewed(database)
    set_chain(database, world.aron, of_acme(world), OPEN_INTERNAL, OPEN_CLIENT, version=1)
    assert all_reviewed(database)
    change(database, world.ben, post_id, "This is asked about.")
    assert stays_in(database, world, post_id, State.INTERNAL_REVIEW)


def with_post_due(database: Database, world: World) -> UUID:
    post_id = post_in(database, world, State.CLIENT_REVIEW)
    ask(database, world, post_id=post_id, due_at=DUE)
    return post_id


def approved_late(database: Database, world: World) -> UUID:
    post_id = post_in(database, world, State.CLIENT_REVIEW)
    step(database, world.cleo, post_id, Action.APPROVE, now=LATE)
    return post_id


def submitted_under(database: Database, world: World, *stages: Stage) -> UUID:
    """A post in review under a chain of its own."""
    post_id = new_post(database, world)
    set_chain(database, world.aron, Scope(world.acme.id, post_id=post_id), *stages, reason="Why.")
    step(database, world.ben, post_id, Action.SUBMIT)
    return post_id


def approve_at(database: Database, actor: Actor, post_id: UUID, version: int) -> Found:
    with database.write() as session:
        return take_step(session, actor, post_id, Action.APPROVE, version=version, now=NOW)


def schedule(database: Database, actor: Actor, post_id: UUID, version: int) -> Found:
    answer = full_answer(Action.SCHEDULE)
    with database.write() as session:
        return take_step(
            session, actor, post_id, Action.SCHEDULE, version=version, answer=answer, now=NOW
        )


def claim(database: Database, kind: str, at: datetime) -> list[jobs.Claimed]:
    """What a worker has taken on and not begun."""
    with database.write() as session:
        claimed = jobs.claim(session, [kind], at, most=20)
    assert claimed
    return claimed


def work_on(database: Database, job: jobs.Claimed, at: datetime) -> None:
    """As a worker does that does not know that its lease has ended."""
    with database.write() as session:
        DOING[job.kind](session, job, at)
        jobs.note_done(session, job, at)


def yes_of(database: Database, post_id: UUID) -> list[str]:
    """Who has approved in the stage that is open."""
    with database.read() as session:
        rows = session.execute(
            select(col(Said.person_name))
            .join(ReviewRequest, col(ReviewRequest.id) == col(Said.request_id))
            .where(col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None))
        )
        return sorted(rows.scalars())


def no_bugs(results: Sequence[Any]) -> bool:
    bugs = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert bugs == []
    return True
