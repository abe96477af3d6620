"""A clock that goes forwards a day, backwards an hour, or over the hour that a spring has not."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Notice
from postboard.domain.contract import Payment
from postboard.domain.handing_over import UndoIsOver
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.services import absences, guideline_news, handing_back, handing_over
from postboard.services.guideline_news import ToldToday
from postboard.services.stand_ins import begins_at
from tests.contracts import CONTRACT, accepted
from tests.requests import run, utc
from tests.services.test_contract_watch import noted
from tests.services.test_guidelines import TONE, publish
from tests.services.test_handing_over import asked_all, id_of, to
from tests.world import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def there_and_back(database: Database, *instants: datetime) -> None:
    """Whatever the clock shows, one after the other."""
    for at in instants:
        run(database, at)


def test_a_term_is_noted_once_whatever_the_clock_does(database: Database, world: World) -> None:
    """In the night to the 29th of March Berlin has no hour from two to three."""
    payments = (Payment(date(2026, 3, 29), "600"),)
    accepted(database, world, replace(CONTRACT, payments=payments, deliverables=()))
    there_and_back(
        database,
        NOW,
        NOW - HOUR,
        utc("22T07:00"),
        utc("22T06:00"),
        utc("28T23:30"),
        utc("29T06:00"),
        utc("29T05:00"),
        utc("31T06:00"),
        utc("29T07:00"),
    )
    assert [one for one in noted(database) if one[0] == "payments"] == [
        ("payments", "nearing", "2026-03-29"),
        ("payments", "passed", "2026-03-29"),
    ]


def test_a_stand_in_hears_once_and_of_a_time_that_was_jumped_over_nothing(
    database: Database, world: World
) -> None:
    runs, over = (
        Period(date(2026, 3, 9), date(2026, 3, 13)),
        Period(date(2026, 3, 20), date(2026, 3, 20)),
    )
    post_id = asked_all(database, world, world.iris)
    with database.write() as session:
        for period in (runs, over):
            absences.add(session, world.aron, id_of(world.iris), period, id_of(world.cora), now=NOW)
    midnight = begins_at(runs, "UTC")
    there_and_back(database, midnight, midnight - HOUR, midnight + HOUR, utc("22T09:00"))
    assert told(database, world.cora, post_id) == [midnight]


def told(database: Database, who: Actor, post_id: UUID) -> list[datetime]:
    """When they were told of it."""
    with database.read() as session:
        rows = session.execute(
            select(col(Notice.at))
            .where(col(Notice.person_id) == who.user_id, col(Notice.post_id) == post_id)
            .order_by(col(Notice.at))
        )
        return [*rows.scalars()]


def test_readers_are_not_reminded_twice_by_a_clock_that_goes_back(
    database: Database, world: World
) -> None:
    publish(database, world.aron, world.acme.id, TONE)

    def remind(at: datetime) -> int:
        with database.write() as session:
            return guideline_news.remind(session, world.aron, world.acme.id, now=at)

    with pytest.raises(ToldToday):
        remind(NOW - HOUR)
    people = remind(NOW + DAY)
    for early in (NOW + DAY - HOUR, NOW + DAY, NOW + 2 * DAY - HOUR):
        with pytest.raises(ToldToday):
            remind(early)
    assert remind(NOW + 2 * DAY) == people


def test_a_hand_over_is_taken_back_after_an_hour_backwards_and_not_after_a_day(
    database: Database, world: World
) -> None:
    def hand_over() -> UUID:
        with database.write() as session:
            heirs = to(world, world.cora, agency=world.cora)
            return handing_over.hand_over(session, world.alma, id_of(world.ben), heirs, now=NOW)

    def undo(row: UUID, at: datetime) -> int:
        with database.write() as session:
            return handing_back.undo(session, world.alma, row, now=at)

    row = hand_over()
    with pytest.raises(UndoIsOver):
        undo(row, NOW + DAY)
    assert undo(row, NOW - HOUR) == 0
    with pytest.raises(UndoIsOver):
        undo(row, NOW)
