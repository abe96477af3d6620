"""Two answers at the same moment: each counts once or is refused, and nothing is half done."""

import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice
from postboard.db.review_models import ReviewRequest
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.errors import NotFound, Refused, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import chains, posts, reviews, steps
from postboard.services.chains import Scope
from postboard.services.post_rows import Found
from postboard.services.posts import NewPost
from postboard.services.requests import DecidedAlready
from postboard.services.reviews import Decision
from postboard.services.steps import NoSuchStep, TooLate
from tests.requests import REMINDED, agree, facts, run, told
from tests.services.test_chains import decisions_of, ids, requests_of
from tests.world import (
    NOW,
    REASON,
    WORDS,
    World,
    at_once,
    found,
    full_answer,
    step,
)

TIMES = 3
"""A race that is lost seldom is lost in one of these."""
Call = Callable[[], Any]


@pytest.fixture(params=range(TIMES))
def _again(request: pytest.FixtureRequest) -> int:
    return request.param


pytestmark = pytest.mark.usefixtures("_again")


@pytest.fixture
def post_id(database: Database, world: World, carl: Actor) -> UUID:
    """Waits for Cleo and Carl, both of whom are needed."""
    brand = Stage(Side.CLIENT, "Brand", people=ids(world.cleo, carl), rule=Rule.ALL, due_hours=16)
    with database.write() as session:
        chains.set_chain(
            session, world.aron, Scope(world.acme.id), [Stage(Side.INTERNAL), brand],
            version=0, now=NOW,
        )  # fmt: skip
        new = NewPost(WORDS, NOW + timedelta(days=3))
        post_id = posts.create(session, world.ben, world.acme.id, new, now=NOW)
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    return post_id


def asked(database: Database, post_id: UUID) -> UUID:
    with database.read() as session:
        return session.execute(
            select(col(ReviewRequest.id)).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()


def test_two_approvals_of_an_all_of_stage_are_both_noted_and_the_post_goes_on_once(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    say = [decision(database, who, post_id) for who in (world.cleo, carl)]
    assert [type(one) for one in at_once(*say)] == [Found, Found]
    assert found(database, world.ana, post_id).state is State.APPROVED
    assert decisions_of(database, post_id)[-2:] == [(1, "Carl", True), (1, "Cleo", True)]
    assert kinds(database, post_id, since=3) == {"post.decided": 1, "post.approve": 1}
    assert requests_of(database, post_id) == [
        (1, 0, "internal", "approved"),
        (1, 1, "client", "approved"),
    ]


def test_the_same_persons_two_taps_are_one_approval(
    database: Database, world: World, post_id: UUID
) -> None:
    results = at_once(*[decision(database, world.cleo, post_id)] * 3)
    assert [type(one) for one in results if isinstance(one, Refused)] in (
        [],
        [DecidedAlready],
        [DecidedAlready] * 2,
    )
    assert decisions_of(database, post_id)[1:] == [(1, "Cleo", True)]
    assert kinds(database, post_id, since=3) == {"post.decided": 1}


def test_changes_win_over_an_approval_that_waits_for_another(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    yes, no = at_once(
        decision(database, world.cleo, post_id),
        decision(database, carl, post_id, Action.REQUEST_CHANGES),
    )
    assert type(no) is Found
    assert type(yes) in {Found, Stale, NoSuchStep}
    assert found(database, world.ana, post_id).state is State.CLIENT_REWORK
    said = [(1, "Carl", False)] + [(1, "Cleo", True)] * isinstance(yes, Found)
    assert decisions_of(database, post_id)[1:] == said
    assert requests_of(database, post_id)[1:] == [(1, 1, "client", "changes_requested")]


def test_the_last_approval_and_a_recall_are_not_both_done(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    decision(database, world.cleo, post_id)()
    version = found(database, world.ana, post_id).version
    results = at_once(
        decision(database, carl, post_id),
        stepping(database, world.ana, post_id, Action.RECALL, version),
    )
    done = [isinstance(one, Found) for one in results]
    state = found(database, world.ana, post_id).state
    outcome = requests_of(database, post_id)[1:]
    assert (done, state, outcome) in (
        ([True, False], State.APPROVED, [(1, 1, "client", "approved")]),
        ([False, True], State.READY_FOR_CLIENT, [(1, 1, "client", "recalled")]),
    )
    refusal = next(one for one in results if not isinstance(one, Found))
    assert type(refusal) in {Stale, NoSuchStep, NotFound}


def test_a_decision_taken_back_and_a_schedule_are_not_both_done(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    decision(database, world.cleo, post_id)()
    request_id = asked(database, post_id)
    version = decision(database, carl, post_id)().version

    def undo() -> Found:
        with database.write() as session:
            return reviews.undo(session, carl, post_id, request_id, now=NOW)

    results = at_once(undo, stepping(database, world.ana, post_id, Action.SCHEDULE, version))
    state = found(database, world.ana, post_id).state
    outcome = requests_of(database, post_id)[1:]
    assert ([isinstance(one, Found) for one in results], state, outcome) in (
        ([True, False], State.CLIENT_REVIEW, [(1, 1, "client", "open")]),
        ([False, True], State.SCHEDULED, [(1, 1, "client", "approved")]),
    )
    refusal = next(one for one in results if not isinstance(one, Found))
    assert type(refusal) in {Stale, NoSuchStep, TooLate}


def test_a_decision_and_an_undo_sent_twice_leave_one_decision(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    decision(database, world.cleo, post_id)()
    request_id = asked(database, post_id)
    decision(database, carl, post_id)()

    def undo() -> Found:
        with database.write() as session:
            return reviews.undo(session, carl, post_id, request_id, now=NOW)

    results = at_once(undo, undo)
    assert Found in {type(one) for one in results}
    assert {type(one) for one in results} <= {Found, Stale, NoSuchStep}
    assert found(database, world.ana, post_id).state is State.CLIENT_REVIEW
    assert kinds(database, post_id, since=3) == {
        "post.decided": 1,
        "post.approve": 1,
        "post.reconsider": 1,
    }


def test_nobody_is_reminded_of_what_they_have_just_decided(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    agree(database, world, quiet_from=0, quiet_until=0)
    decision(database, world.cleo, post_id)()
    worker = Runner(database, DOING)
    worker.run_once(lambda: NOW)
    at_once(decision(database, carl, post_id), *[lambda: worker.run_once(lambda: REMINDED)] * 2)
    while worker.run_once(lambda: REMINDED):
        pass
    order = [kind for kind in in_order(database, post_id) if kind != "post.seen"]
    reminded = facts(database, post_id)
    assert order[-1] == "post.approve"
    assert reminded in ([], [("post.reminded", "response_hours")])
    assert len(told(database, post_id)) == len(reminded)


def test_nobody_approves_words_that_came_while_they_pressed(
    database: Database, world: World, post_id: UUID
) -> None:
    need_postgres(database)

    def send_other_words() -> None:
        step(database, world.ana, post_id, Action.RECALL)
        version = found(database, world.ana, post_id).version
        with database.write() as session:
            words = replace(WORDS, caption="Other buns.")
            posts.edit(session, world.ana, post_id, words, version=version, now=NOW)
        for action in (Action.APPROVE, Action.SEND_TO_CLIENT):
            step(database, world.ana, post_id, action)

    approve = decision(database, world.cleo, post_id)
    with just_before("FROM reviewrequest", "FOR UPDATE", database=database, do=send_other_words):
        assert type(at_once(approve)[0]) is Stale
    assert [one for one in decisions_of(database, post_id) if one[1] == "Cleo"] == []


def test_a_reminder_that_was_under_way_is_old_news_once_it_is_decided(
    database: Database, world: World, carl: Actor, post_id: UUID
) -> None:
    need_postgres(database)
    agree(database, world, quiet_from=0, quiet_until=0)
    decision(database, world.cleo, post_id)()
    deciding = threading.Thread(target=decision(database, carl, post_id))

    def decide() -> None:
        deciding.start()
        deciding.join(1)  # it may have to wait for the reminder

    with just_before("INSERT INTO notice", post_id.hex, database=database, do=decide):
        run(database, REMINDED)
    deciding.join()
    assert found(database, world.ana, post_id).state is State.APPROVED
    with database.read() as session:
        about = (col(Notice.post_id) == post_id, col(Notice.person_id) == carl.user_id)
        unread = select(col(Notice.kind)).where(*about, col(Notice.read_at).is_(None))
        assert list(session.execute(unread).scalars()) == []


def need_postgres(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's writers queue: nothing comes in between")


@contextmanager
def just_before(*words: str, database: Database, do: Call) -> Generator[None]:
    """Do something else once, just before the first statement with these words or ids is run."""
    todo = [do]

    def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said = statement + repr(parameters).replace("-", "")
        if todo and all(word in said for word in words):
            todo.pop()()

    event.listen(database.engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", look)
    assert todo == []


def decision(
    database: Database, who: Actor, post_id: UUID, action: Any = Action.APPROVE
) -> Callable[[], Found]:
    post = found(database, who, post_id)
    reason = REASON if action is Action.REQUEST_CHANGES else replace(REASON, text="", tags=())
    said = Decision(post_id, post.revision, post.rounds, action, reason)

    def decide() -> Found:
        with database.write() as session:
            return reviews.decide(session, who, said, now=NOW)

    return decide


def stepping(
    database: Database, who: Actor, post_id: UUID, action: Action, version: int
) -> Callable[[], Found]:
    def take() -> Found:
        with database.write() as session:
            return steps.take_step(
                session, who, post_id, action, version=version, answer=full_answer(action), now=NOW
            )

    return take


def kinds(database: Database, post_id: UUID, *, since: int) -> Counter[str]:
    """How often each thing happened, after so many steps."""
    steps = [kind for kind in in_order(database, post_id) if kind != "post.created"]
    return Counter(steps[since:])


def in_order(database: Database, post_id: UUID) -> list[str]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position))
        )
        return list(rows.scalars())
