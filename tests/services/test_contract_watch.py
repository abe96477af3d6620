"""The month's meter, and the terms of an agreement that come near and pass."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice, Person, Post
from postboard.db.queries import keeping, meter
from postboard.db.queries.meter import Delivered, Lacking, Meter, Plan
from postboard.domain.contract import Contract, Deliverable, Payment
from postboard.domain.permissions import Actor
from postboard.domain.planning import PostKind
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.services import letters, posts, preferences
from postboard.services.posts import NewPost
from tests.contracts import CONTRACT, accepted
from tests.requests import agree, run, utc
from tests.world import NOW, WORDS, World, bring_to, count_queries, found, step


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
        Plan("2026-04-01", "2026-03-20", 0, 6, is_whole=False, is_late=False),
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
    terms = Contract(starts_on=date(2026, 3, 2), deliverables=posts)
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


PLAN = Contract(starts_on=date(2026, 3, 2), scope="A plan a month.", plan_day=20)
THREE = replace(PLAN, deliverables=(Deliverable("x", 2), Deliverable("threads", 1)))


def planned(
    database: Database, world: World, *plans: tuple[str, str], media: bool = True
) -> list[UUID]:
    """Drafts of Acme, each for one network at its time."""
    made: list[UUID] = []
    with database.write() as session:
        for network, at in plans:
            words = replace(WORDS, networks=(network,), media=WORDS.media if media else ())
            planned_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
            new = NewPost(words, planned_at)
            made.append(posts.create(session, world.ana, world.acme.id, new, now=NOW))
    return made


def about_plans(database: Database) -> list[tuple[str, str, int, int]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.content))
            .where(col(Event.kind) == "agreement.term")
            .order_by(col(Event.id))
        ).scalars()
        return [
            (said["level"], said["when"], said.get("reached", 0), said.get("agreed", 0))
            for said in rows
            if said["term"] == "plan_day"
        ]


def test_a_plan_that_is_due_soon_and_is_not_whole_is_told_to_the_agency_once(
    database: Database, world: World
) -> None:
    accepted(database, world, THREE)
    planned(database, world, ("x", "2026-04-02T09:00"), ("mastodon", "2026-04-02T09:00"))
    for day in ("12T09:00", "13T06:59"):
        run(database, utc(day))
    assert about_plans(database) == []
    for day in ("13T09:00", "16T09:00", "20T09:00", "21T09:00", "22T09:00"):
        run(database, utc(day))
    assert about_plans(database) == [
        ("nearing", "2026-03-20", 1, 3),
        ("passed", "2026-03-20", 1, 3),
    ]
    assert told(database) == ["Aron", "Aron"]


def test_a_plan_that_was_whole_in_time_is_noted_and_nobody_is_told(
    database: Database, world: World
) -> None:
    accepted(database, world, THREE)
    # More posts of one network do not stand in for those of another.
    planned(database, world, *[("x", f"2026-04-0{day}T09:00") for day in (1, 2, 3)])
    with database.read() as session:
        (march,) = meter.of_mine(session, world.ben, utc("15T09:00"))
    assert march.plan == Plan("2026-04-01", "2026-03-20", 2, 3, is_whole=False, is_late=False)
    planned(database, world, ("threads", "2026-04-30T21:30"))
    run(database, utc("15T09:00"))
    assert about_plans(database) == []
    run(database, utc("21T09:00"))
    with database.write() as session:
        session.execute(update(Post).values(planned_at=None))
    run(database, utc("25T09:00"))
    assert about_plans(database) == [("kept", "2026-03-20", 3, 3)]
    assert told(database) == []


@pytest.mark.parametrize("at", ["2026-03-31T21:59", "2026-04-30T22:00"])
def test_a_plan_begins_and_ends_with_the_month_on_the_clients_clock(
    database: Database, world: World, at: str
) -> None:
    """Berlin's clocks went forward on the 29th: its April is two hours ahead of UTC."""
    accepted(database, world, PLAN)
    planned(database, world, ("x", at))
    run(database, utc("21T09:00"))
    assert about_plans(database) == [("passed", "2026-03-20", 0, 0)]


def test_where_no_number_is_agreed_one_post_makes_a_plan(database: Database, world: World) -> None:
    accepted(database, world, PLAN)
    planned(database, world, ("x", "2026-03-31T22:00"))
    run(database, utc("21T09:00"))
    assert about_plans(database) == [("kept", "2026-03-20", 1, 0)]


@pytest.mark.parametrize(
    ("starts_on", "plan_day", "noted_on", "due"),
    [
        # A leap year's February has one day more.
        (date(2028, 2, 1), 28, datetime(2028, 2, 29, 9, tzinfo=UTC), "2028-02-28"),
        # The last day of another is followed by March.
        (date(2027, 2, 1), 28, datetime(2027, 3, 1, 9, tzinfo=UTC), "2027-02-28"),
        # December's plan is of the next year's January.
        (date(2026, 12, 1), 20, datetime(2026, 12, 21, 9, tzinfo=UTC), "2026-12-20"),
        # Clocks go back on the 25th.
        (date(2026, 10, 1), 25, datetime(2026, 10, 26, 7, tzinfo=UTC), "2026-10-25"),
    ],
)
def test_a_plan_has_passed_the_morning_after_its_day(
    database: Database, world: World, starts_on: date, plan_day: int, noted_on: datetime, due: str
) -> None:
    first = datetime(starts_on.year, starts_on.month, 1, 9, tzinfo=UTC)
    accepted(database, world, replace(PLAN, starts_on=starts_on, plan_day=plan_day), now=first)
    run(database, noted_on - timedelta(days=1))
    assert [one[0] for one in about_plans(database)] == ["nearing"]
    run(database, noted_on)
    assert about_plans(database)[1:] == [("passed", due, 0, 0)]


def test_a_plan_due_on_the_first_is_near_in_the_month_before(
    database: Database, world: World
) -> None:
    accepted(database, world, replace(PLAN, plan_day=1))
    run(database, utc("25T09:00"))
    assert about_plans(database) == [("nearing", "2026-04-01", 0, 0)]


def test_no_plan_is_owed_from_before_an_agreement_or_for_after_it(
    database: Database, world: World
) -> None:
    accepted(database, world, replace(PLAN, plan_day=1, ends_on=date(2026, 3, 31)))
    for day in ("02T09:00", "20T09:00", "31T09:00"):
        run(database, utc(day))
    assert about_plans(database) == []


MATERIAL = Contract(starts_on=date(2026, 3, 2), scope="Posts.", material_days=8)


def test_material_that_lacks_is_told_to_both_sides_before_its_day_and_after(
    database: Database, world: World
) -> None:
    accepted(database, world, MATERIAL)
    bare = [("instagram", "2026-03-20T09:00"), ("tiktok", "2026-03-20T12:00")]
    planned(database, world, *bare, ("linkedin", "2026-03-18T09:00"), media=False)
    planned(database, world, ("instagram", "2026-03-19T09:00"))
    run(database, utc("08T09:00"))
    assert noted(database) == []
    for day in ("09T09:00", "12T09:00", "13T09:00", "20T08:30"):
        run(database, utc(day))
    assert noted(database) == [
        ("material_days", "nearing", "2026-03-12"),
        ("material_days", "passed", "2026-03-12"),
    ]
    assert told(database) == ["Aron", "Cleo"] * 2


def test_material_that_came_in_time_is_no_news(database: Database, world: World) -> None:
    accepted(database, world, MATERIAL)
    (post_id,) = planned(database, world, ("instagram", "2026-03-20T09:00"), media=False)
    run(database, utc("09T09:00"))
    version = found(database, world.ana, post_id).version
    with database.write() as session:
        posts.edit(session, world.ana, post_id, WORDS, version=version, now=utc("10T09:00"))
    run(database, utc("13T09:00"))
    assert noted(database) == [("material_days", "nearing", "2026-03-12")]


def test_the_day_of_a_post_is_that_of_the_clients_clock(database: Database, world: World) -> None:
    """It goes out on the 30th in Berlin, the first night of summer time."""
    accepted(database, world, replace(MATERIAL, material_days=2))
    planned(database, world, ("instagram", "2026-03-29T22:00"), media=False)
    run(database, utc("29T06:01"))
    assert noted(database)[-1] == ("material_days", "passed", "2026-03-28")


def test_material_is_not_owed_from_before_an_agreement_or_for_after_it(
    database: Database, world: World
) -> None:
    accepted(database, world, replace(MATERIAL, ends_on=date(2026, 3, 12)))
    early, late = "2026-03-09T09:00", "2026-03-13T09:00"
    planned(database, world, ("instagram", early), ("instagram", late), media=False)
    for day in ("02T09:00", "04T09:00", "05T09:00", "06T09:00", "08T09:00"):
        run(database, utc(day))
    assert [one for one in noted(database) if one[0] == "material_days"] == []


def test_both_sides_see_the_plan_and_the_material_on_the_meter(
    database: Database, world: World
) -> None:
    accepted(database, world, replace(THREE, material_days=8))
    bare = [("instagram", f"2026-03-{day}T09:00") for day in (12, 13, 28)]
    planned(database, world, *bare, ("x", "2026-04-02T09:00"), media=False)
    for who in (world.cleo, world.ben):
        (march,) = meters(database, who)
        assert march.plan == Plan("2026-04-01", "2026-03-20", 1, 3, is_whole=False, is_late=False)
        assert march.lacking == Lacking("2026-03-04", 2, is_late=False)
        (march,) = meters(database, who, utc("21T09:00"))
        assert march.plan
        assert march.plan.is_late
        assert march.lacking == Lacking("2026-03-20", 1, is_late=True)
    assert meters(database, world.dora) == []


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
