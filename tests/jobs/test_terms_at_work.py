"""What was agreed, carried out by the clock: over stages, zones, holidays, and odd hours."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Person
from postboard.db.review_models import ReviewRequest
from postboard.domain.agreement import Silence
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.workflow import Action, State
from postboard.services import chains, clients
from postboard.services.chains import Scope
from postboard.services.clients import NewClient
from tests.requests import (
    ACCOUNT_MANAGER,
    DUE,
    MANAGER,
    REMINDED,
    agree,
    ask,
    facts,
    run,
    told,
    utc,
)
from tests.world import NOW, World, bring_to, found, step

MOMENT = timedelta(seconds=1)
CAST_ZONES = ("UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")


def sent(database: Database, world: World, at: datetime) -> UUID:
    """A new post that waits for Cleo since then."""
    return bring_to(
        database,
        world.acme.id,
        State.CLIENT_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=at,
    )


def requests_of(database: Database, post_id: UUID) -> list[tuple[str, datetime | None, str]]:
    """Of the client's side: the stage, when it was due, and how it ended."""
    with database.read() as session:
        rows = session.execute(
            select(col(ReviewRequest.name), col(ReviewRequest.due_at), col(ReviewRequest.outcome))
            .where(col(ReviewRequest.post_id) == post_id, col(ReviewRequest.side) == Side.CLIENT)
            .order_by(col(ReviewRequest.asked_at))
        )
        return [(name, due_at, outcome) for name, due_at, outcome in rows]


def move_to(database: Database, world: World, zone: str) -> None:
    new = NewClient("Acme", zone, world.acme.policy)
    with database.write() as session:
        clients.change_client(
            session,
            world.aron,
            world.acme.id,
            new,
            rounds_included=3,
            keep_chain=True,
            now=NOW,
        )


def test_silence_ends_one_stage_of_the_client_after_the_other(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.CONSENT, reminder_hours=())
    assert world.cleo.user_id
    stages = (
        Stage(Side.INTERNAL),
        Stage(Side.CLIENT, "Marketing", due_hours=8),
        Stage(Side.CLIENT, "Legal", people=(world.cleo.user_id,), rule=Rule.ALL, due_hours=4),
    )
    with database.write() as session:
        chains.set_chain(session, world.aron, Scope(world.acme.id), stages, version=0, now=NOW)
    post_id = sent(database, world, NOW)
    marketing, legal = utc("03T09:00"), utc("03T13:00")
    run(database, marketing)
    assert found(database, world.ana, post_id).state is State.CLIENT_REVIEW
    run(database, legal - MOMENT)
    assert found(database, world.ana, post_id).state is State.CLIENT_REVIEW
    run(database, legal)
    assert found(database, world.ana, post_id).state is State.APPROVED
    assert requests_of(database, post_id) == [
        ("Marketing", marketing, "approved"),
        ("Legal", legal, "approved"),
    ]
    assert facts(database, post_id) == [
        ("post.silence", "silence.consent"),
        ("post.decided", ""),
        ("post.silence", "silence.consent"),
        ("post.approve", ""),
    ]


def test_a_client_that_moves_keeps_its_deadlines_and_is_reminded_by_its_new_clock(
    database: Database, world: World
) -> None:
    ask(database, world)
    run(database, NOW)
    move_to(database, world, "America/New_York")
    reminded, morning = utc("03T18:00"), utc("04T13:00")
    # It is due at four in New York's night: Cleo hears at eight, four working hours later Aron.
    for at in (NOW, REMINDED, reminded, DUE, morning, utc("04T18:00")):
        run(database, at)
    assert told(database) == [
        ("Cleo", "review_open", reminded),
        ("Cleo", "review_open", morning),
        ("Aron", "review_overdue", utc("04T18:00")),
    ]
    assert requests_of(database, world.acme.posts[State.CLIENT_REVIEW]) == [("", DUE, "")]


def test_a_client_that_moves_east_is_reminded_earlier(database: Database, world: World) -> None:
    move_to(database, world, "America/New_York")
    ask(database, world, due_at=DUE)
    run(database, NOW)
    move_to(database, world, "Europe/Berlin")
    for at in (NOW, REMINDED, DUE, ACCOUNT_MANAGER, MANAGER):
        run(database, at)
    assert told(database) == [
        ("Cleo", "review_open", REMINDED),
        ("Cleo", "review_open", DUE),
        ("Aron", "review_overdue", ACCOUNT_MANAGER),
        ("Ana", "review_overdue", MANAGER),
    ]


@pytest.mark.parametrize(
    ("asked", "reminded", "due"),
    [
        # Berlin's clocks go forward over the weekend.
        ("2026-03-27T14:00", "2026-03-31T09:00", "2026-03-31T13:00"),
        # Good Friday and Easter Monday.
        ("2026-04-02T13:00", "2026-04-08T09:00", "2026-04-08T13:00"),
    ],
)
def test_reminders_know_summer_time_and_holidays(
    database: Database, world: World, asked: str, reminded: str, due: str
) -> None:
    agree(database, world, country="DE")
    at, early, late = (
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (asked, reminded, due)
    )
    post_id = sent(database, world, at)
    for moment in (early - MOMENT, early, late - MOMENT, late):
        run(database, moment)
    assert told(database, post_id) == [
        ("Cleo", "review_open", early),
        ("Cleo", "review_open", late),
    ]
    assert requests_of(database, post_id) == [("", late, "")]


@settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    silence=st.sampled_from(Silence),
    reminder_hours=st.sets(st.integers(1, 14), max_size=3).map(tuple),
    quiet=st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    zone=st.sampled_from(CAST_ZONES),
    asked_after=st.integers(0, 7 * 24 * 60),
    decided_after=st.integers(0, 5 * 24 * 60),
    every=st.integers(47, 180),
)
def test_nobody_is_reminded_in_quiet_hours_or_once_it_is_decided(
    database: Database,
    world: World,
    silence: Silence,
    reminder_hours: tuple[int, ...],
    quiet: tuple[int, int],
    zone: str,
    asked_after: int,
    decided_after: int,
    every: int,
) -> None:
    since, until = quiet
    agree(
        database,
        world,
        silence=silence,
        reminder_hours=reminder_hours,
        quiet_from=since,
        quiet_until=until,
    )
    with database.write() as session:
        cleo = session.get_one(Person, world.cleo.user_id)
        cleo.zone, cleo.zone_chosen = zone, True
    asked_at = NOW + timedelta(minutes=asked_after)
    decided_at = asked_at + timedelta(minutes=decided_after)
    post_id = sent(database, world, asked_at)
    at = asked_at
    while at < decided_at:
        run(database, at)
        at += timedelta(minutes=every)
    if found(database, world.ana, post_id).state is State.CLIENT_REVIEW:
        step(database, world.cleo, post_id, Action.APPROVE, now=decided_at)
    for hours in (0, 12, 24, 72):
        run(database, decided_at + timedelta(hours=hours))
    quiet_minutes = {(since + passed) % 1440 for passed in range((until - since) % 1440)}
    zones = {"Cleo": ZoneInfo(zone)}
    for name, kind, heard_at in told(database, post_id):
        there = heard_at.astimezone(zones.get(name, ZoneInfo("Europe/Berlin")))
        if kind in {"review_open", "review_overdue"}:
            assert there.hour * 60 + there.minute not in quiet_minutes
            assert heard_at <= decided_at
