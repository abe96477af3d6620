"""The plan in people's own calendars, read by a parser that is not the one that wrote it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import vobject
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Membership, Person
from postboard.db.queries.calendar import Entry
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import CLIENT_STATES, State
from postboard.services import clients, feeds, post_rows, posts, sign_in, sign_in_links
from postboard.services.feeds import Shown
from postboard.services.posts import NewPost
from tests.api.conftest import Visit
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def at_the_worlds_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postboard.api.feeds.now", lambda: NOW)


def subscribe(database: Database, actor: Actor, client_id: UUID | None) -> str:
    with database.write() as session:
        return feeds.subscribe(session, actor, client_id, now=NOW)


def read(visit: Visit, token: str) -> dict[str, dict[str, str]]:
    """Every event by its UID, with the properties as they stand in the file."""
    answer = visit().get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    told = vobject.readOne(answer.text, validate=True)
    return {
        event.uid.value: {name: lines[0].value for name, lines in event.contents.items()}
        for event in getattr(told, "vevent_list", [])
    }


def plan(database: Database, world: World, at: datetime, caption: str = "Buns") -> UUID:
    with database.write() as session:
        new = NewPost(Words(caption, networks=("x",)), at)
        return posts.create(session, world.ana, world.acme.id, new, now=NOW)


def test_a_post_is_an_event_on_the_clock_of_its_client(
    database: Database, world: World, visit: Visit
) -> None:
    at = datetime(2026, 7, 1, 16, tzinfo=UTC)
    post_id = plan(database, world, at, "Buns, warm; 早上六点\nNow")
    token = subscribe(database, world.ben, world.acme.id)
    event = read(visit, token)[f"{post_id.hex}@postboard"]
    number = 1 + len(State)
    start = event.pop("dtstart")
    assert (start, start.utcoffset()) == (at, timedelta(hours=2))
    assert event == {
        "uid": f"{post_id.hex}@postboard",
        "sequence": "1",
        "dtstamp": NOW,
        "duration": timedelta(minutes=15),
        "summary": f"ACME-{number} Buns, warm; 早上六点 Now",
        "categories": ["x"],
        "status": "TENTATIVE",
        "transp": "TRANSPARENT",
        "url": f"http://board.example/post/?key=ACME-{number}",
    }


def test_the_zone_comes_with_its_rules(database: Database, world: World, visit: Visit) -> None:
    winter = plan(database, world, datetime(2026, 12, 1, 8, tzinfo=UTC))
    summer = plan(database, world, datetime(2026, 8, 1, 8, tzinfo=UTC))
    # Half past two comes twice on 25 October: here is the second one.
    twice = plan(database, world, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    text = visit().get(f"/feeds/{subscribe(database, world.ben, world.acme.id)}.ics").text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "TZID:Europe/Berlin" in text
    assert "DTSTART;TZID=Europe/Berlin:20261201T090000" in text
    # A change begins at what the clocks showed just before it.
    assert [f"DTSTART:2026{day}" in text for day in ("0329T020000", "1025T030000")] == [True, True]
    told = vobject.readOne(text)
    starts = {event.uid.value: event.dtstart.value for event in told.vevent_list}
    assert [starts[f"{one.hex}@postboard"] for one in (winter, summer, twice)] == [
        datetime(2026, 12, 1, 8, tzinfo=UTC),
        datetime(2026, 8, 1, 8, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


def test_an_event_that_moves_keeps_its_name_and_counts_on(
    database: Database, world: World, visit: Visit
) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    token = subscribe(database, world.aron, world.acme.id)
    uid = f"{post_id.hex}@postboard"
    before = read(visit, token)[uid]
    with database.write() as session:
        version = post_rows.find(session, world.aron, post_id).version
        later = NOW + timedelta(days=9)
        posts.replan(session, world.aron, post_id, later, version=version, now=NOW)
    after = read(visit, token)[uid]
    assert (before["status"], after["dtstart"]) == ("CONFIRMED", later)
    assert int(after["sequence"]) == int(before["sequence"]) + 1


def test_a_feed_shows_what_its_owner_may_see(
    database: Database, world: World, visit: Visit
) -> None:
    acme = {f"{id_.hex}@postboard": state for state, id_ in world.acme.posts.items()}
    borealis = {f"{id_.hex}@postboard": state for state, id_ in world.borealis.posts.items()}

    def states(actor: Actor, client_id: UUID | None) -> set[State]:
        return {acme[uid] for uid in read(visit, subscribe(database, actor, client_id))}

    planned = set(State) - {State.CANCELLED}
    assert states(world.dina, world.acme.id) == planned
    assert states(world.cleo, world.acme.id) == planned & CLIENT_STATES
    # What one holds; to the client's side all of it is theirs.
    assert states(world.ben, None) == planned
    assert states(world.dina, None) == set()
    assert states(world.cleo, None) == planned & CLIENT_STATES
    theirs = read(visit, subscribe(database, world.cleo, None)).values()
    assert not any("url" in event for event in theirs)
    assert set(read(visit, subscribe(database, world.dora, None))) <= set(borealis)
    for actor, client in [(world.cleo, world.borealis), (world.bodil, world.acme)]:
        with pytest.raises(NotFound):
            subscribe(database, actor, client.id)


def test_a_feed_ends_with_its_owners_word_and_with_their_right(
    database: Database, world: World, visit: Visit
) -> None:
    token, other = (subscribe(database, world.ben, world.acme.id) for _ in range(2))
    assert visit().get(f"/feeds/{token}.ics").status_code == 200
    with database.read() as session:
        known = feeds.mine(session, world.ben)
        assert feeds.mine(session, world.ana) == []
    assert sorted(one.used_at is not None for one in known) == [False, True]
    used = next(one for one in known if one.used_at)
    with pytest.raises(NotFound), database.write() as session:
        feeds.revoke(session, world.ana, used.id, now=NOW)
    with database.write() as session:
        feeds.revoke(session, world.ben, used.id, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        feeds.revoke(session, world.ben, used.id, now=NOW)
    assert [visit().get(f"/feeds/{one}.ics").status_code for one in (token, other)] == [404, 200]
    with database.write() as session:
        session.execute(
            select(Person).where(col(Person.id) == world.ben.user_id)
        ).scalar_one().disabled_at = NOW
    assert visit().get(f"/feeds/{other}.ics").status_code == 404
    assert visit().get("/feeds/nobody.ics").status_code == 404


def test_whoever_came_by_a_link_for_one_client_makes_no_calendar_of_another(
    database: Database, world: World, visit: Visit
) -> None:
    cleo = world.cleo.user_id
    assert cleo
    with database.write() as session:
        by_link = sign_in.actor_of(session, cleo, world.acme.id)
        assert by_link
        session.add(
            Membership(person_id=cleo, client_id=world.borealis.id, role=Role.CLIENT_REVIEWER)
        )
    token = subscribe(database, by_link, None)
    keys = {event["summary"].split("-")[0] for event in read(visit, token).values()}
    assert keys == {"ACME"}
    with pytest.raises(NotFound):
        subscribe(database, by_link, world.borealis.id)


def test_a_calendar_outlives_the_link_it_was_made_by_and_ends_with_its_owners_part(
    database: Database, world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo, ben = world.cleo.user_id, world.ben.user_id
    assert cleo
    assert ben
    with database.write() as session:
        by_link = sign_in.actor_of(session, cleo, world.acme.id)
        clients.make_review_link(session, world.ana, world.acme.id, cleo, now=NOW)
    assert by_link
    tokens = [
        subscribe(database, by_link, None),
        subscribe(database, world.ben, world.acme.id),
        subscribe(database, world.ben, None),
    ]
    later = NOW + sign_in_links.REVIEW_LINK_LIFETIME + timedelta(days=1)
    monkeypatch.setattr("postboard.api.feeds.now", lambda: later)
    assert [visit().get(f"/feeds/{one}.ics").status_code for one in tokens] == [200] * 3
    with database.write() as session:
        for who, role in ((cleo, Role.CLIENT_REVIEWER), (ben, Role.COPYWRITER)):
            clients.remove_person(session, world.ana, world.acme.id, who, now=later)
            # Whoever comes back makes their calendars anew; that of one's own posts stays.
            session.add(Membership(person_id=who, client_id=world.acme.id, role=role))
    assert [visit().get(f"/feeds/{one}.ics").status_code for one in tokens] == [404, 404, 200]


def test_calendars_end_with_the_links_of_a_reviewer(
    database: Database, world: World, visit: Visit
) -> None:
    cleo, vera = world.cleo.user_id, world.vera.user_id
    assert cleo
    assert vera
    theirs = [subscribe(database, world.cleo, client) for client in (world.acme.id, None)]
    others = [
        subscribe(database, actor, world.acme.id) for actor in (world.vera, world.ben, world.ana)
    ] + [subscribe(database, world.dora, None)]
    with database.write() as session:
        clients.end_review_links(session, world.ana, world.acme.id, cleo, now=NOW)
    codes = [visit().get(f"/feeds/{token}.ics").status_code for token in (*theirs, *others)]
    assert codes == [404] * 2 + [200] * 4


def test_nobody_has_more_calendars_than_they_can_look_after(
    database: Database, world: World
) -> None:
    for _ in range(feeds.FEEDS_MAX):
        subscribe(database, world.ben, None)
    with pytest.raises(BadInput):
        subscribe(database, world.ben, None)


@pytest.mark.parametrize(
    "city",
    [
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Australia/Lord_Howe",
        "Asia/Shanghai",
        "Asia/Kathmandu",
        "Pacific/Kiritimati",
    ],
)
def test_every_hour_of_a_year_is_read_as_it_was_meant(city: str) -> None:
    around = [NOW + timedelta(hours=n) for n in range(-24 * 80, 24 * 390, 3)]
    changes = [datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 10, 11)]
    close = [at + timedelta(minutes=30 * n) for at in changes for n in range(-500, 500)]
    every = sorted({*around, *close})
    entries = tuple(
        Entry(f"{n:032x}", "ACME", n, 1, "draft", at, "", (), "") for n, at in enumerate(every)
    )
    shown = Shown("Acme", entries, {"ACME": city}, is_staff=True)
    told = vobject.readOne(feeds.as_icalendar(shown, "http://b.example", now=NOW).decode())
    assert [event.dtstart.value for event in told.vevent_list] == every
