"""Agreements: who may read and change them, and what is written of a change."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event
from postboard.domain.agreement import LateApproval, Silence, Terms
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.services import agreements
from postboard.services.deadlines import deadline
from tests.requests import utc
from tests.world import NOW, World, at_once, everything_in

TERMS = Terms(
    week=(((600, 720), (780, 1080)),) * 5 + (((600, 720),), ()),
    country="DE",
    region="BY",
    days_off=(date(2026, 5, 15),),
    response_hours=24,
    reminder_hours=(2, 8),
    silence=Silence.CONSENT,
    late_approval=LateApproval.HOLD,
    quiet_from=0,
    quiet_until=0,
)


def change(database: Database, actor: Actor, world: World, terms: Terms, version: int) -> int:
    with database.write() as session:
        return agreements.change(
            session, actor, world.acme.id, terms, version=version, now=NOW
        ).version


def test_without_an_agreement_the_usual_terms_hold(database: Database, world: World) -> None:
    with database.read() as session:
        agreed = agreements.find(session, world.cleo, world.acme.id)
    assert (agreed.version, agreed.terms, agreed.calendar.zone.key) == (
        0,
        Terms(),
        "Europe/Berlin",
    )


def test_what_was_agreed_is_read_as_it_was_written_and_its_change_is_a_fact(
    database: Database, world: World
) -> None:
    assert change(database, world.aron, world, TERMS, 0) == 1
    assert change(database, world.ana, world, replace(TERMS, response_hours=8), 1) == 2
    # The same again is no change.
    assert change(database, world.ana, world, replace(TERMS, response_hours=8), 2) == 2
    with database.read() as session:
        agreed = agreements.find(session, world.ben, world.acme.id)
        rows = session.execute(
            select(col(Event.actor_name), col(Event.content))
            .where(col(Event.kind) == "client.agreement_changed")
            .order_by(col(Event.position))
        ).all()
    assert (agreed.version, agreed.terms) == (2, replace(TERMS, response_hours=8))
    assert [(who, sorted(content["changed"])) for who, content in rows] == [
        (
            "Aron",
            [
                "country",
                "days_off",
                "late_approval",
                "quiet_from",
                "quiet_until",
                "region",
                "reminder_hours",
                "response_hours",
                "silence",
                "week",
            ],
        ),
        ("Ana", ["response_hours"]),
    ]
    assert rows[1][1] == {"version": 2, "changed": {"response_hours": [24, 8]}}


def test_only_who_manages_the_client_changes_them(database: Database, world: World) -> None:
    before = everything_in(database)
    answers: dict[str, type[Exception] | None] = {}
    for actor in world.everybody():
        try:
            with database.write() as session:
                agreements.change(session, actor, world.acme.id, TERMS, version=0, now=NOW)
                session.rollback()
        except (NotAllowed, NotFound) as no:
            answers[actor.name] = type(no)
        else:
            answers[actor.name] = None
    assert answers == {
        "Alma": None,
        "Ana": None,
        "Aron": None,
        "Cora": NotAllowed,
        "Ben": NotAllowed,
        "Dina": NotAllowed,
        "Iris": NotAllowed,
        "Cleo": NotAllowed,
        "Vera": NotAllowed,
        "Dora": NotFound,
        "Bodil": NotFound,
    }
    assert everything_in(database) == before
    with pytest.raises(NotFound), database.read() as session:
        agreements.find(session, world.dora, world.acme.id)


def test_of_two_changes_at_once_one_is_refused(database: Database, world: World) -> None:
    for version in (0, 1):
        calls = [
            lambda hours=hours, version=version: change(
                database, world.ana, world, replace(TERMS, response_hours=hours), version
            )
            for hours in (30 + version, 40 + version)
        ]
        done = at_once(*calls)
        assert sorted(map(str, done)) == sorted([str(version + 1), str(Stale())])


def test_terms_outside_their_limits_are_not_written(database: Database, world: World) -> None:
    before = everything_in(database)
    with pytest.raises(BadInput):
        change(database, world.ana, world, replace(TERMS, country="XX"), 0)
    assert everything_in(database) == before


def test_an_answer_is_due_in_working_hours_of_the_clients_office(
    database: Database, world: World
) -> None:
    friday = utc("06T15:00")  # 16:00 in Berlin, 10:00 in New York
    with database.read() as session:
        assert deadline(session, world.acme.id, friday, 2) == utc("09T09:00")
        # New York has changed its clocks over the weekend.
        assert deadline(session, world.borealis.id, friday, 8) == utc("09T14:00")
        assert deadline(session, world.acme.id, NOW) == utc("04T09:00")
