"""The calendar's days: whose posts stand there, in which words, and at what cost."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from postboard.db.engine import Database
from postboard.db.queries import calendar
from postboard.db.queries.calendar import Entry, View
from postboard.db.queries.post_filters import Filters
from postboard.domain.clock import to_utc
from postboard.domain.content import Words
from postboard.domain.permissions import Actor
from postboard.domain.workflow import CLIENT_STATES, Action, State
from postboard.services import post_rows, posts
from postboard.services.posts import NewPost
from tests.world import NOW, WORDS, World, count_queries, found, step

MARCH = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
PLANNED = NOW + timedelta(days=3)
EVERYTHING = Filters()


def see(database: Database, actor: Actor, filters: Filters = EVERYTHING, **asked) -> View:
    since, until = asked.pop("days", MARCH)
    with database.read() as session:
        return calendar.between(session, actor, filters, since, until, now=NOW, **asked)


def states(view: View) -> set[str]:
    return {entry.state for entry in view.entries}


def add(database: Database, world: World, *planned: datetime, words: Words = WORDS) -> None:
    with database.write() as session:
        news = [NewPost(words, at) for at in planned]
        posts.create_many(session, world.ben, world.acme.id, news, now=NOW)


def test_a_post_is_one_small_row(database: Database, world: World) -> None:
    post = found(database, world.ana, world.acme.posts[State.IN_PRODUCTION])
    shown = see(database, world.ben, states=[State.IN_PRODUCTION])
    assert shown == View(
        MARCH[0],
        (
            Entry(
                id=post.id.hex,
                client="ACME",
                number=2,
                version=post.version,
                state="in_production",
                planned_at=PLANNED,
                text="Acme in_production",
                networks=("instagram", "linkedin"),
                who="Ben",
            ),
        ),
        more=False,
    )
    minutes = (4 * 24 + 9) * 60
    row = [post.id.hex, 0, 2, post.version, 0, minutes, "Acme in_production", [0, 1], 0]
    assert shown.as_json() == {
        "since": "2026-03-01T00:00Z",
        "clients": ["ACME"],
        "states": ["in_production"],
        "networks": ["instagram", "linkedin"],
        "people": ["Ben"],
        "rows": [row],
        "more": False,
    }


def test_everybody_sees_what_is_theirs_to_see(database: Database, world: World) -> None:
    planned = {state for state in State if state is not State.CANCELLED}
    seen = {actor.name: see(database, actor) for actor in world.everybody()}
    whose = {
        name: "+".join(sorted({one.client for one in view.entries})) for name, view in seen.items()
    }
    acme, borealis = world.acme.key, world.borealis.key
    team, clients = ("Aron", "Cora", "Ben", "Dina", "Iris"), ("Cleo", "Vera")
    assert whose == {
        **dict.fromkeys(("Alma", "Ana"), f"{acme}+{borealis}"),
        **dict.fromkeys((*team, *clients), acme),
        **dict.fromkeys(("Dora", "Bodil"), borealis),
    }
    assert {name: states(view) for name, view in seen.items()} == {
        **dict.fromkeys(seen, planned),
        **dict.fromkeys((*clients, "Dora"), planned & CLIENT_STATES),
    }


def test_the_client_reads_the_words_it_was_sent_and_nobodys_name(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REWORK]
    with database.write() as session:
        version = post_rows.find(session, world.ben, post_id).version
        words = Words(caption="Not sent yet", networks=("x",))
        posts.edit(session, world.ana, post_id, words, version=version, now=NOW)

    def read(actor: Actor, filters: Filters = EVERYTHING) -> list[tuple[str, tuple[str, ...], str]]:
        entries = see(database, actor, filters).entries
        return [(one.text, one.networks, one.who) for one in entries if one.id == post_id.hex]

    assert read(world.ben) == [("Not sent yet", ("x",), "Ben")]
    sent = [("Acme client_rework", ("instagram", "linkedin"), "")]
    assert read(world.cleo) == sent
    # No filter tells them what stands there now.
    for filters in (Filters(text="Not sent"), Filters(text="no such"), Filters(network="tiktok")):
        assert read(world.cleo, filters) == sent
    assert read(world.ben, Filters(text="no such")) == []


def test_filters_narrow_it_as_they_do_the_board(database: Database, world: World) -> None:
    counts = {
        name: len(see(database, world.ana, filters).entries)
        for name, filters in {
            "all": EVERYTHING,
            "client": Filters(client=world.acme.key),
            "campaign": Filters(campaign=world.acme.campaign_id.hex),
            "person": Filters(person=world.bodil.user_id.hex if world.bodil.user_id else ""),
            "network": Filters(network="linkedin"),
            "other network": Filters(network="tiktok"),
            "text": Filters(text="Acme secret of the draft"),
            "cancelled": Filters(cancelled=True),
        }.items()
    }
    each = len(State) - 1
    assert counts == {
        "all": 2 * each,
        "client": each,
        "campaign": each,
        "person": each,
        "network": 2 * each,
        "other network": 0,
        "text": 1,
        "cancelled": 2 * len(State),
    }
    assert states(see(database, world.ana, states=[State.CANCELLED])) == {State.CANCELLED}


@pytest.mark.parametrize(
    ("city", "first", "last"),
    [
        # A week around the jump in spring, the fold in autumn, and a leap day.
        ("Europe/Berlin", "2026-03-23", "2026-03-30"),
        ("America/New_York", "2026-10-26", "2026-11-02"),
        ("Asia/Shanghai", "2028-02-28", "2028-03-06"),
        ("Pacific/Kiritimati", "2026-12-28", "2027-01-04"),
        # Clocks that jump over midnight: the day begins at one.
        ("America/Santiago", "2026-09-06", "2026-09-13"),
    ],
)
def test_a_week_ends_where_the_next_begins(
    database: Database, world: World, city: str, first: str, last: str
) -> None:
    zone = ZoneInfo(city)
    since, until = (to_utc(datetime.fromisoformat(day), zone) for day in (first, last))
    second = timedelta(seconds=1)
    add(database, world, since - second, since, until - second, until)
    week = see(database, world.ana, days=(since, until)).entries
    next_week = see(database, world.ana, days=(until, until + second)).entries
    assert [one.planned_at for one in week] == [since, until - second]
    assert [one.planned_at for one in next_week] == [until]


def test_text_is_cut_between_characters(database: Database, world: World) -> None:
    at = datetime(2027, 5, 1, tzinfo=UTC)
    add(database, world, at, words=Words(caption="早上六点\n开门 " * 10))
    shown = see(database, world.ana, days=(at, at + timedelta(1))).entries[0].text
    assert shown == "早上六点 开门 早上六点 开门"


def test_a_month_of_many_posts_is_one_query_and_stays_small(
    database: Database, world: World
) -> None:
    june = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    words = Words(
        caption="早上六点开门，欢迎光临我们的面包店，新鲜面包等着你来品尝。" * 3,
        networks=("instagram", "linkedin"),
    )
    add(database, world, *(june[0] + timedelta(hours=n) for n in range(500)), words=words)
    with count_queries(database) as statements:
        view = see(database, world.ben, days=june)
    reads = [one for one in statements if one.startswith("SELECT")]
    assert (len(reads), len(view.entries), view.more) == (1, 500, False)
    sent = json.dumps(view.as_json(), ensure_ascii=False)
    assert len(sent.encode()) <= 60 * 1024


def test_more_than_fits_is_said(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "SHOWN_MAX", 3)
    view = see(database, world.ben)
    assert (len(view.entries), view.more) == (3, True)


def test_what_moves_is_read_where_it_went(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    with database.write() as session:
        version = post_rows.find(session, world.ben, post_id).version
        posts.replan(session, world.aron, post_id, MARCH[1], version=version, now=NOW)
    step(database, world.aron, world.acme.posts[State.APPROVED], Action.SCHEDULE)
    ids = {one.id: one.state for one in see(database, world.ben).entries}
    assert post_id.hex not in ids
    assert ids[world.acme.posts[State.APPROVED].hex] == State.SCHEDULED
