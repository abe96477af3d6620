"""How an agreement is kept: what a month counts, and where it has nothing to say."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client
from postboard.db.queries import keeping
from postboard.db.queries.keeping import Followed, Keeping
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.agreement import LateApproval, Silence
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from tests.requests import DUE, agree, ask, run, utc
from tests.world import World, bring_to, count_queries, step

LATER = utc("20T12:00")
MARCH = Keeping("Acme", "2026-03-01", response_hours=16, rounds_included=3)


@pytest.fixture(autouse=True)
def quiet(database: Database, world: World) -> None:
    """Without what the world's own making asked."""
    with database.write() as session:
        for decision in session.execute(select(Decision)).scalars():
            session.delete(decision)
        session.flush()
        for request in session.execute(select(ReviewRequest)).scalars():
            session.delete(request)


def sent(database: Database, world: World, at: str) -> UUID:
    """A new post that waits for Cleo since then."""
    return bring_to(
        database,
        world.acme.id,
        State.CLIENT_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=utc(at),
    )


def kept(
    database: Database, actor: Actor, now: datetime = LATER, months_ago: int = 0
) -> list[Keeping]:
    with database.read() as session:
        mine = keeping.of_mine(session, actor, now)
        ids = session.execute(select(col(Client.id)).where(col(Client.key) == "ACME")).scalars()
        earlier = keeping.of_clients(session, ids.all(), now, months_ago=months_ago)
    return earlier if months_ago else mine


def test_a_month_without_anything_has_no_figures(database: Database, world: World) -> None:
    assert kept(database, world.cleo) == [MARCH]


def test_answers_count_in_working_hours_and_in_time_or_not(
    database: Database, world: World
) -> None:
    in_time, late, still_open = (sent(database, world, at) for at in ("02T08:00",) * 3)
    sent(database, world, "19T08:00")  # due on the 20th at 16:00 UTC
    step(database, world.cleo, in_time, Action.APPROVE, now=utc("02T14:00"))
    step(database, world.cleo, late, Action.APPROVE, now=utc("06T10:00"))
    # 9:00 to 15:00 on a Monday; 9:00 on a Monday to 11:00 on a Friday.
    assert kept(database, world.cleo) == [
        replace(MARCH, due=3, in_time=1, answers=2, answer_hours=20, posts=4, within_rounds=4)
    ]
    # The last comes after its time, in this month still.
    step(database, world.cleo, still_open, Action.APPROVE, now=utc("20T09:00"))
    (acme,) = kept(database, world.cleo)
    assert (acme.due, acme.in_time, acme.answers) == (3, 1, 3)


def test_what_is_taken_back_before_its_time_asks_for_no_answer(
    database: Database, world: World
) -> None:
    early, late = sent(database, world, "02T08:00"), sent(database, world, "02T08:00")
    step(database, world.ana, early, Action.RECALL, now=utc("02T10:00"))
    step(database, world.ana, late, Action.RECALL, now=utc("10T10:00"))
    assert kept(database, world.cleo) == [
        replace(MARCH, due=1, posts=2, within_rounds=2),
    ]


def test_the_agencys_rework_counts_too_and_so_do_rounds(database: Database, world: World) -> None:
    with database.write() as session:
        session.get_one(Client, world.acme.id).rounds_included = 1
    post_id = sent(database, world, "02T08:00")
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES, now=utc("02T10:00"))
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action, now=utc("03T10:00"))
    assert kept(database, world.cleo, utc("03T12:00")) == [
        replace(
            MARCH,
            due=1,
            in_time=1,
            answers=1,
            answer_hours=2,
            reworks=1,
            rework_hours=8,
            posts=1,
            rounds_included=1,
            extra_rounds=1,
        )
    ]


@pytest.mark.parametrize("silence", [Silence.CONSENT, Silence.HOLD])
def test_silence_is_no_answer_and_its_effect_is_counted(
    database: Database, world: World, silence: Silence
) -> None:
    agree(database, world, silence=silence)
    ask(database, world, post_id=sent(database, world, "02T09:00"))
    run(database, DUE)
    assert kept(database, world.cleo) == [
        replace(MARCH, due=1, posts=1, within_rounds=1, silences=[Followed(silence, 1)])
    ]


def test_late_approvals_are_counted_by_what_followed(database: Database, world: World) -> None:
    agree(database, world, late_approval=LateApproval.HOLD)
    post_id = sent(database, world, "02T09:00")
    step(database, world.cleo, post_id, Action.APPROVE, now=utc("06T10:00"))
    run(database, utc("06T10:00"))
    (acme,) = kept(database, world.cleo)
    assert acme.late_approvals == [Followed("hold", 1)]


def test_a_month_ends_at_midnight_on_the_clients_clock(database: Database, world: World) -> None:
    sent(database, world, "31T21:30")  # 23:30 in Berlin, in summer time by then
    sent(database, world, "31T22:30")  # the first of April there
    april = utc("31T22:00") + timedelta(days=9)
    (now,), (before,) = kept(database, world.cleo, april), kept(database, world.cleo, april, 1)
    assert [(one.month, one.posts) for one in (before, now)] == [
        ("2026-03-01", 1),
        ("2026-04-01", 1),
    ]


def test_one_sees_ones_own_clients_only(database: Database, world: World) -> None:
    sent(database, world, "02T08:00")
    names = {
        actor.name: [one.client for one in kept(database, actor)]
        for actor in (world.cleo, world.vera, world.dora, world.aron, world.ana)
    }
    assert names == {
        "Cleo": ["Acme"],
        "Vera": ["Acme"],
        "Dora": ["Borealis"],
        "Aron": ["Acme"],
        "Ana": ["Acme", "Borealis"],
    }


def test_many_clients_cost_as_many_statements_as_one(database: Database, world: World) -> None:
    for _ in range(3):
        sent(database, world, "02T08:00")
    with count_queries(database) as for_one:
        kept(database, world.cleo)
    with count_queries(database) as for_two:
        kept(database, world.ana)
    assert len(for_one) == len(for_two)
