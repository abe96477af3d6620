"""The month's meter, and the terms of an agreement that come near and pass."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice, Person
from postboard.db.queries import keeping, meter
from postboard.db.queries.meter import Delivered, Meter
from postboard.domain.contract import Contract, Deliverable, Payment
from postboard.domain.permissions import Actor
from postboard.domain.planning import PostKind
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.services import letters, preferences
from tests.contracts import CONTRACT, accepted
from tests.requests import agree, run, utc
from tests.world import NOW, World, bring_to, count_queries, step


def noted(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.content))
            .where(col(Event.kind) == "agreement.term")
            .order_by(col(Event.id))
        ).scalars()
        return [(said["term"], said["level"], said["when"]) for said in rows]


def told(database: Database) -> list[str]:
    with database.read() as session:
        rows = session.execute(
            select(col(Person.name))
            .join(Notice, col(Notice.person_id) == col(Person.id))
            .where(col(Notice.kind) == NoticeKind.AGREEMENT_TERM)
            .order_by(col(Notice.at), col(Person.name))
        )
        return [*rows.scalars()]


def meters(database: Database, who: Actor, now: datetime = NOW, months_ago: int = 0) -> list[Meter]:
    with database.read() as session:
        if months_ago:
            (client_id,) = who.roles
            return meter.of_clients(session, [client_id], now, months_ago=months_ago)
        return meter.of_mine(session, who, now)


def publish(database: Database, world: World, now: datetime) -> UUID:
    """A picture on Instagram."""
    return bring_to(
        database,
        world.acme.id,
        State.PUBLISHED,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=now,
    )


def test_the_meter_counts_by_network_and_format_for_both_sides(
    database: Database, world: World
) -> None:
    assert meters(database, world.cleo) == []
    version_id = accepted(database, world)
    # Of Acme's posts one is out, one was cancelled, and each is on both networks.
    march = Meter(
        "Acme",
        "2026-03-01",
        1,
        version_id.hex,
        [Delivered("instagram", "image", 4, 1, 11), Delivered("linkedin", "", 2, 1, 11)],
    )
    assert meters(database, world.cleo) == [march]
    assert meters(database, world.ben) == [march]
    assert meters(database, world.dora) == []
    publish(database, world, NOW)
    assert meters(database, world.cleo)[0].lines[0] == Delivered("instagram", "image", 4, 2, 11)
    assert meters(database, world.vera, months_ago=1) == [Meter("Acme", "2026-02-01")]
    assert meters(database, world.cleo, utc("31T22:00") + timedelta(days=300)) == []


def test_the_meter_costs_as_many_statements_for_two_clients(
    database: Database, world: World
) -> None:
    accepted(database, world)
    with count_queries(database) as one:
        meters(database, world.cleo)
    with count_queries(database) as two:
        meters(database, world.ana)
    assert len(one) == len(two)


def test_posts_that_are_nearly_all_or_more_than_agreed_are_noted_once(
    database: Database, world: World
) -> None:
    videos = Deliverable("instagram", 3, PostKind.VIDEO)
    posts = (Deliverable("linkedin", 2), videos)
    terms = replace(CONTRACT, deliverables=posts, review_days=None, ends_on=None, payments=())
    accepted(database, world, terms)
    run(database, NOW)
    run(database, NOW + timedelta(days=2))
    assert noted(database) == [("deliverables.linkedin", "nearing", "2026-03-01")]
    assert told(database) == ["Aron"]
    run(database, utc("31T22:00") + timedelta(hours=9))
    assert noted(database)[1:] == [
        ("deliverables.linkedin", "missed", "2026-03-01"),
        ("deliverables.instagram.video", "missed", "2026-03-01"),
    ]


def test_more_than_agreed_is_passed(database: Database, world: World) -> None:
    once = (Deliverable("instagram", 1),)
    one = replace(CONTRACT, deliverables=once, review_days=None, ends_on=None, payments=())
    accepted(database, world, one)
    publish(database, world, NOW)
    run(database, NOW)
    assert noted(database) == [("deliverables.instagram", "passed", "2026-03-01")]


def test_its_end_and_its_payments_are_told_to_both_sides(database: Database, world: World) -> None:
    terms = Contract(
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 4, 10),
        scope="A pilot.",
        currency="EUR",
        payments=(Payment(date(2026, 3, 20), "300"),),
    )
    accepted(database, world, terms)
    for day in ("02T09:00", "11T09:00", "13T09:00", "20T09:00"):
        run(database, utc(day))
    assert noted(database) == [
        ("ends_on", "nearing", "2026-04-10"),
        ("payments", "nearing", "2026-03-20"),
        ("payments", "passed", "2026-03-20"),
    ]
    assert told(database) == ["Aron", "Cleo"] * 3
    run(database, utc("31T09:00") + timedelta(days=12))
    assert noted(database)[3:] == [("ends_on", "passed", "2026-04-10")]
    # It is over: nobody looks any more.
    run(database, utc("31T09:00") + timedelta(days=40))
    assert len(noted(database)) == 4


def test_whoever_has_quiet_hours_is_told_after_them(database: Database, world: World) -> None:
    with database.write() as session:
        preferences.live_in(session, world.cleo, "America/Los_Angeles", now=NOW)
    terms = Contract(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 20), scope="A pilot.")
    accepted(database, world, terms)
    run(database, NOW)
    assert told(database) == ["Aron"]
    run(database, utc("02T15:59"))
    assert told(database) == ["Aron"]
    run(database, utc("02T16:00"))
    assert told(database) == ["Aron", "Cleo"]


def test_posts_that_should_be_with_the_client_by_now_are_noted_for_the_agency(
    database: Database, world: World
) -> None:
    """Acme's posts go out on the 5th; those that it does not see yet are late on the 3rd."""
    terms = replace(CONTRACT, deliverables=(), review_days=2, ends_on=None, payments=())
    accepted(database, world, terms)
    run(database, NOW)
    assert noted(database) == []
    for day in ("03T09:00", "04T09:00"):
        run(database, utc(day))
    assert noted(database) == [("review_days", "passed", "2026-03-05")]
    assert told(database) == ["Aron"]


def test_a_mail_says_which_agreement_and_leads_the_client_to_its_page(
    database: Database, world: World
) -> None:
    from postboard.db.models import OutgoingMail

    accepted(database, world, replace(CONTRACT, ends_on=date(2026, 3, 20), payments=()))
    run(database, NOW)
    assert world.cleo.user_id
    assert world.aron.user_id
    with database.write() as session:
        for person in (world.cleo.user_id, world.aron.user_id):
            letters.write(session, person, NOW + timedelta(minutes=5))
    with database.read() as session:
        rows = session.execute(
            select(col(OutgoingMail.person_id), col(OutgoingMail.body)).where(
                col(OutgoingMail.body).contains("Care of the channels")
            )
        ).all()
    assert {person for person, _ in rows} == {world.cleo.user_id, world.aron.user_id}


def test_answers_and_rounds_are_held_against_what_was_agreed_then(
    database: Database, world: World
) -> None:
    accepted(database, world, replace(CONTRACT, response_hours=8, rounds_included=2))
    with database.read() as session:
        (march,) = keeping.of_mine(session, world.cleo, utc("20T12:00"))
    assert (march.response_hours, march.rounds_included, march.agency_hours) == (8, 2, 12)
    # What is changed in April says nothing of March.
    more = replace(CONTRACT, response_hours=40, rounds_included=9, starts_on=date(2026, 4, 1))
    accepted(database, world, more, now=utc("25T09:00"))
    april = utc("31T22:00") + timedelta(hours=1)
    run(database, april)
    with database.read() as session:
        (now,) = keeping.of_mine(session, world.cleo, april)
        (before,) = keeping.of_clients(session, [world.acme.id], april, months_ago=1)
    assert [(one.response_hours, one.rounds_included) for one in (before, now)] == [
        (8, 2),
        (40, 9),
    ]


def test_terms_changed_by_hand_have_their_history_too(database: Database, world: World) -> None:
    agree(database, world, response_hours=40)
    with database.read() as session:
        (march,) = keeping.of_mine(session, world.cleo, NOW + timedelta(hours=1))
        (before,) = keeping.of_clients(session, [world.acme.id], NOW, months_ago=1)
    assert (before.response_hours, march.response_hours) == (16, 40)


def test_the_agency_keeps_its_hours_or_does_not(database: Database, world: World) -> None:
    accepted(database, world, replace(CONTRACT, agency_hours=4, rounds_included=9))
    for back in ("02T12:00", "03T12:00"):
        post_id = bring_to(
            database,
            world.acme.id,
            State.CLIENT_REWORK,
            staff=world.ana,
            reviewer=world.cleo,
            holder=world.ben,
            now=NOW,
        )
        for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
            step(database, world.ana, post_id, action, now=utc(back))
    with database.read() as session:
        (march,) = keeping.of_mine(session, world.cleo, utc("20T12:00"))
    assert (march.reworks, march.rework_due, march.rework_in_time) == (2, 2, 1)
