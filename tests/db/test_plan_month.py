"""The client's plan as a month: each post on its day, nobody else's, and never one too many."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Post
from postboard.db.queries.plan_month import Month, month
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from tests.requests import utc
from tests.world import NOW, World


def plan(database: Database, post_id: UUID, at: datetime | None) -> None:
    with database.write() as session:
        session.execute(update(Post).where(col(Post.id) == post_id).values(planned_at=at))


def seen(database: Database, who: Actor, name: str = "", now: datetime = NOW) -> Month:
    with database.read() as session:
        return month(session, who, name, now)


def days_of(shown: Month, post_id: UUID) -> list[str]:
    return [day.on for day in shown.days for post in day.posts if post.id == post_id.hex]


def test_a_post_stands_on_the_day_of_its_clients_clock(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    plan(database, post_id, utc("09T23:30"))
    assert days_of(seen(database, world.cleo, "2026-03"), post_id) == ["2026-03-10"]
    with database.write() as session:
        here = col(Client.id) == world.acme.id
        session.execute(update(Client).where(here).values(zone="America/New_York"))
    shown = seen(database, world.cleo, "2026-03")
    assert (days_of(shown, post_id), shown.zones) == (["2026-03-09"], ["America/New_York"])


def test_the_ends_of_a_month_are_those_of_the_clients_clock(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    for at, name, days in (
        (datetime.fromisoformat("2026-02-28T23:30+00:00"), "2026-03", ["2026-03-01"]),
        (datetime.fromisoformat("2026-02-28T22:30+00:00"), "2026-03", []),
        (datetime.fromisoformat("2026-03-31T22:30+00:00"), "2026-03", []),
        (datetime.fromisoformat("2026-03-31T22:30+00:00"), "2026-04", ["2026-04-01"]),
    ):
        plan(database, post_id, at)
        assert days_of(seen(database, world.cleo, name), post_id) == days


def test_without_a_name_it_is_todays_with_those_beside_it(database: Database, world: World) -> None:
    late_in_utc = utc("31T22:30")
    shown = seen(database, world.cleo, now=late_in_utc)
    assert (shown.name, shown.before, shown.after) == ("2026-04", "2026-03", "2026-05")
    assert [day.on for day in shown.days if day.today] == ["2026-04-01"]
    assert (len(shown.days), shown.days[0].column, shown.days[-1].number) == (30, 3, 30)


def test_a_client_sees_no_more_than_in_the_list(database: Database, world: World) -> None:
    for post_id in [*world.acme.posts.values(), *world.borealis.posts.values()]:
        plan(database, post_id, NOW + timedelta(days=3))
    state_of = {post_id.hex: state.name for state, post_id in world.acme.posts.items()}
    shown = seen(database, world.cleo, "2026-03")
    assert {state_of[post.id] for day in shown.days for post in day.posts} == {
        "CLIENT_REWORK",
        "APPROVED",
        "ON_HOLD",
        "SCHEDULED",
        "PUBLISH_FAILED",
        "PUBLISHED",
    }


def test_what_has_no_date_stands_in_the_list_only(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    plan(database, post_id, None)
    assert days_of(seen(database, world.cleo, "2026-03"), post_id) == []


@pytest.mark.parametrize(
    "name",
    ["2026-13", "2026-1", "202603", "1999-12", "2101-01", "x", "2026-03-04", "-", "２０２６-03"],
)
def test_what_is_no_month_is_refused(database: Database, world: World, name: str) -> None:
    with pytest.raises(BadInput):
        seen(database, world.cleo, name)
