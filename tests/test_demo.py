from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Event, Person, Post, Revision, Waiver
from postboard.db.planning_models import LeadTimeTemplate, StepDue
from postboard.db.queries import guidelines, measured
from postboard.db.queries.measured import MeasuredDay
from postboard.db.queries.scope import visible_posts
from postboard.db.review_models import Decision, ReviewRequest
from postboard.demo import NotADemo, make_demo
from postboard.demo.agency import CAST, Part
from postboard.demo.catalogue import BRANDS, WRITTEN, stories
from postboard.demo.pictures import PICTURES
from postboard.demo.story import beats
from postboard.domain.chains import Rule
from postboard.domain.content import Media, Words
from postboard.domain.errors import BadInput
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import CLIENT_STATES, SPECS, Action, State
from postboard.services import (
    audit,
    guideline_failing,
    performance,
    person_rows,
    post_rows,
    sign_in,
    sign_in_links,
)
from postboard.services.look import Look
from tests.databases import Ground
from tests.world import World

pytestmark = pytest.mark.once  # the demo lies in a file of SQLite

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOON = timedelta(days=1)
ASSETS = Path(__file__).parent.parent / "assets" / "demo"


@dataclass(frozen=True)
class Demo:
    database: Database
    links: list[tuple[str, str]]


@pytest.fixture(scope="module")
def demo(ground: Ground) -> Generator[Demo]:
    """A world of sixty posts, for tests that only look; other tests empty a database of theirs."""
    with ground.unmigrated() as database:
        database.migrate()
        yield Demo(database, make_demo(database, 60, NOW))


def test_every_role_signs_in_by_its_link(demo: Demo) -> None:
    links = demo.links
    assert [role for role, _ in links] == [role.value for role in Role]
    assert {role: follow(demo.database, path).every_role for role, path in links} == {
        role.value: frozenset({role}) for role in Role
    }


def test_links_are_good_for_many_visits(demo: Demo) -> None:
    links = demo.links
    assert [follow(demo.database, path) for _, path in links] == [
        follow(demo.database, path) for _, path in links
    ]


def test_guidelines_hold_most_have_read_them_and_one_finding_was_let_pass(demo: Demo) -> None:
    with demo.database.read() as session:
        held = guidelines.holding(session)
        unread = {
            one.client: sum(
                reader.number < one.number
                for reader in guidelines.readers(session, client_id_of(session, one.client))
            )
            for one in held
        }
        ana = person_rows.by_email(session, CAST["ana"].email)
        manager = Actor(ana, CAST["ana"].name, Role.MANAGER)
        failing = [
            one.post.title
            for one in guideline_failing.fails(
                session, manager, client_id_of(session, "Acme Coffee"), now=NOW
            )
        ]
    waived = all_rows(demo.database, Waiver)
    assert [(one.client, one.number, one.must_be_read) for one in held] == [
        ("", 1, False),
        ("Acme Coffee", 2, False),
        ("Borealis Outdoor", 1, False),
        ("Little Harbour Museum", 1, True),
        ("星河茶 Xinghe Tea", 1, False),
    ]
    assert unread == {
        "": 2,
        "Acme Coffee": 4,
        "Borealis Outdoor": 2,
        "Little Harbour Museum": 0,
        "星河茶 Xinghe Tea": 3,
    }
    assert "Iced filter" in failing
    assert [one.person_name for one in waived] == ["Ana Kovač"]


def test_accounts_with_figures_have_their_days_until_yesterday(demo: Demo) -> None:
    with demo.database.read() as session:
        ana = person_rows.by_email(session, CAST["ana"].email)
        manager = Actor(ana, CAST["ana"].name, Role.MANAGER)
        days = measured.account_days(session, manager)
        posts = measured.measured_posts(session, manager)
        month = Look(Period(date(2026, 2, 2), date(2026, 3, 1)))
        drawn = performance.chart(session, manager, "audience", month, now=NOW)
    accounts = {(brand.name, *one) for brand in BRANDS for one in brand.accounts}
    told: dict[tuple[str, str], list[MeasuredDay]] = {}
    for day in days:
        told.setdefault((day.network, day.account), []).append(day)
    assert {*told} == {one[1:] for one in accounts if one[1] in {"instagram", "facebook"}}
    for of_account in told.values():
        oldest, newest = of_account[0], of_account[-1]
        assert (newest.day, len(of_account)) == (date(2026, 3, 1), 7 * 27)
        assert all(one.followers and one.reach for one in of_account)
        assert 1.02 < (newest.followers or 0) / (oldest.followers or 1) < 1.4
    assert [post.id for post in posts if post.followers is None] == []
    assert drawn
    assert drawn.empty is None
    assert len(drawn.panels) == 2
    # The same world for everybody.
    acme = told["instagram", "@acmecoffee"][-1]
    assert (acme.followers, acme.follower_delta, acme.reach) == (16_793, 21, 2_374)


def client_id_of(session: Session, name: str) -> UUID | None:
    return session.execute(select(col(Client.id)).where(col(Client.name) == name)).scalar()


def test_staff_see_some_clients_and_reviewers_one(demo: Demo) -> None:
    links = dict(demo.links)
    seen = {
        role: clients_seen(demo.database, follow(demo.database, path))
        for role, path in links.items()
    }
    every = {brand.name for brand in BRANDS}
    acme, borealis, xinghe, museum = (brand.name for brand in BRANDS)
    assert seen == {
        "admin": every,
        "manager": every,
        "account_manager": {acme, xinghe},
        "content_manager": {acme, borealis, museum},
        "copywriter": {acme, borealis},
        "designer": {acme, borealis},
        "art_director": {acme, borealis, xinghe},
        "client_reviewer": {acme},
        "client_viewer": {acme},
    }


@pytest.mark.parametrize("size", [13, 90])
def test_every_state_occurs(database: Database, size: int) -> None:
    make_demo(database, size, NOW)
    states = Counter(post.state for post in all_posts(database))
    assert (set(states), states.total()) == (set(State), size)


def test_a_small_demo_has_twelve_states_in_twelve_posts() -> None:
    assert len({story.state for _, story in stories(12)}) == 12


def test_the_record_holds_together(database: Database) -> None:
    make_demo(database, 75, NOW)
    with database.read() as session:
        assert audit.verify(session).first_break is None


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # a Sunday, as clocks in Vienna change
        datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 9, 30, tzinfo=UTC),  # a Sunday, as clocks in Vancouver change
        datetime(2026, 7, 17, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_history_is_told_in_order_and_ends_before_now(database: Database, now: datetime) -> None:
    make_demo(database, 30, now)
    told = [event.at for event in all_events(database)]
    assert told == sorted(told)
    assert told[-1] <= now


def test_people_act_in_office_hours(demo: Demo) -> None:
    zones = {person.name: ZoneInfo(person.zone) for person in CAST.values()}
    by_hand = [
        event.at.astimezone(zones[event.actor_name])
        for event in all_events(demo.database)
        if event.actor_name in zones and event.kind != f"post.{Action.MARK_PUBLISHED}"
    ]
    assert {at.hour for at in by_hand} <= set(range(9, 19))
    assert {at.weekday() for at in by_hand} <= set(range(5))


def test_some_are_late_some_undated_and_one_is_over_its_rounds(demo: Demo) -> None:
    told = all_posts(demo.database)
    included = {brand.name: brand.rounds_included for brand in BRANDS}
    names = {client.id: client.name for client in all_rows(demo.database, Client)}
    late = [p for p in told if p.planned_at and p.planned_at < NOW and not SPECS[p.state].finished]
    over = [post for post in told if post.rounds > included[names[post.client_id]]]
    undated = [post for post in told if post.planned_at is None]
    by_hand = [post for post in told if post.published_link]
    assert (len(late), len(over), len(undated), len(by_hand)) == (6, 1, 4, 2)


@pytest.mark.parametrize("now", [NOW, NOW + timedelta(days=2), NOW + timedelta(days=4)])
def test_some_answers_are_overdue_some_due_soon_and_one_needs_two_people(
    database: Database, now: datetime
) -> None:
    make_demo(database, 60, now)
    asked = [one for one in all_rows(database, ReviewRequest) if one.due_at and not one.closed_at]
    by_time = sorted(one.due_at for one in asked)
    assert by_time[0] < now < by_time[-1]
    assert any(now < due_at <= now + SOON for due_at in by_time)
    (of_all,) = (one for one in asked if one.rule == Rule.ALL)
    yes = [one for one in all_rows(database, Decision) if one.request_id == of_all.id]
    assert [(one.person_name, one.approved) for one in yes] == [("Lena Brandt", True)]
    assert len(of_all.reviewers) == 2


def test_one_client_has_lead_times_and_posts_that_are_planned_by_them(demo: Demo) -> None:
    names = {client.id: client.name for client in all_rows(demo.database, Client)}
    templates = all_rows(demo.database, LeadTimeTemplate)
    assert {names[one.client_id] for one in templates} == {BRANDS[0].name}
    planned = {one.post_id for one in all_rows(demo.database, StepDue)}
    of = Counter(names[post.client_id] for post in all_posts(demo.database) if post.id in planned)
    assert of == {BRANDS[0].name: 6}


def test_the_round_beyond_those_included_is_on_record(demo: Demo) -> None:
    told = [event for event in all_events(demo.database) if event.kind == "post.extra_round"]
    assert [event.content for event in told] == [
        {"term": "rounds_included", "round": 3, "included": 2}
    ]


def test_a_second_call_takes_the_world_that_is_there(database: Database) -> None:
    first = dict(make_demo(database, 20, NOW))
    told = snapshot(database)
    second = dict(make_demo(database, 60, NOW))
    assert snapshot(database) == told
    assert {role: follow(database, path) for role, path in first.items()} == {
        role: follow(database, path) for role, path in second.items()
    }


def test_the_same_moment_makes_the_same_world(ground: Ground) -> None:
    worlds: list[Any] = []
    for _ in range(2):
        with ground.empty() as database:
            make_demo(database, 30, NOW)
            worlds.append(snapshot(database))
    assert worlds[0] == worlds[1]


def test_other_peoples_work_is_left_alone(database: Database, world: World) -> None:
    assert world.alma
    before = len(all_events(database))
    with pytest.raises(NotADemo):
        make_demo(database, 60, NOW)
    assert len(all_events(database)) == before


def test_sixty_are_written_a_third_of_them_in_chinese() -> None:
    captions = [story.caption for _, story in WRITTEN]
    chinese = [text for text in captions if any("\u4e00" <= char <= "\u9fff" for char in text)]
    assert (len(captions), len(set(captions)), len(chinese)) == (60, 60, 18)


def test_every_request_that_was_answered_changed_the_words() -> None:
    for brand, story in stories(400):
        words = story.words
        for beat in beats(story, brand.policy):
            if isinstance(beat.what, Words):
                assert beat.what != words, story.caption
                words = beat.what


def test_no_client_decides_where_the_agency_does() -> None:
    museum = BRANDS[-1]
    decided = [
        beat.part
        for brand, story in stories(400)
        if brand is museum and story.state is not State.ON_HOLD
        for beat in beats(story, brand.policy)
    ]
    assert Part.CLIENT not in decided


def test_a_reviewer_finds_posts_to_decide_on(demo: Demo) -> None:
    links = dict(demo.links)
    cleo = follow(demo.database, links[Role.CLIENT_REVIEWER.value])
    with demo.database.read() as session:
        found = [post_rows.find(session, cleo, post.id) for post in posts_of(demo.database, cleo)]
    states = Counter(post.state for post in found)
    assert states[State.CLIENT_REVIEW] == 2
    assert set(states) <= CLIENT_STATES


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_small_and_only_pictures(name: str) -> None:
    content = (ASSETS / f"{name}.svg").read_bytes()
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(content).iter()}  # noqa: S314
    assert len(content) < 4096
    assert not tags & {"script", "text", "image", "foreignObject", "style", "a"}
    assert b'href="http' not in content


def test_every_picture_is_described_and_used() -> None:
    used = {name for _, story in WRITTEN for name in story.pictures}
    assert {file.stem for file in ASSETS.iterdir()} == set(PICTURES) == used


def test_a_picture_may_lie_on_this_server() -> None:
    words = Words(media=(Media("/demo/acme-cup.svg", "A cup"), Media("https://x.example/a.jpg")))
    assert words.checked() == words


@pytest.mark.parametrize(
    "address",
    [
        "//elsewhere.example/a.svg",
        "/\\elsewhere.example/a.svg",
        "\\\\elsewhere.example",
        " //elsewhere.example/a.svg",
        "/\x00/elsewhere.example/a.svg",
        "demo/acme-cup.svg",
        "javascript:alert(1)",
        "data:image/svg+xml,<svg/>",
        "file:///etc/passwd",
    ],
)
def test_a_picture_lies_nowhere_else(address: str) -> None:
    with pytest.raises(BadInput):
        Words(media=(Media(address),)).checked()


@pytest.mark.parametrize("link", ["/demo/acme-cup.svg", "//elsewhere.example"])
def test_a_posts_link_is_a_whole_address(link: str) -> None:
    with pytest.raises(BadInput):
        Words(caption="Buns", link=link).checked()


def follow(database: Database, path: str) -> Actor:
    """Who one is after opening the link."""
    with database.write() as session:
        token, _ = sign_in_links.follow(session, path.removeprefix("/link/"), now=NOW)
        found = sign_in.signed_in(session, token, now=NOW)
    assert found
    return found.actor


def clients_seen(database: Database, actor: Actor) -> set[str]:
    return {
        client.name
        for client in all_rows(database, Client)
        if actor.role_for(client.id) is not None
    }


def posts_of(database: Database, actor: Actor) -> list[Post]:
    with database.read() as session:
        return list(session.execute(select(Post).where(visible_posts(actor))).scalars())


def all_posts(database: Database) -> list[Post]:
    return all_rows(database, Post)


def all_events(database: Database) -> list[Event]:
    with database.read() as session:
        return list(session.execute(select(Event).order_by(col(Event.id))).scalars())


def all_rows(database: Database, table: type[Any]) -> list[Any]:
    with database.read() as session:
        return list(session.execute(select(table)).scalars())


def snapshot(database: Database) -> dict[str, Any]:
    """The world with names for ids, and without the links."""
    people = {person.id: person.name for person in all_rows(database, Person)}
    brands = {client.id: client.name for client in all_rows(database, Client)}
    names = people | brands
    numbered = {p.id: f"{brands[p.client_id]} {p.number}" for p in all_posts(database)}
    return {
        "people": sorted(people.values()),
        "posts": sorted(
            (
                numbered[p.id],
                p.state,
                p.rank,
                p.version,
                p.revision,
                p.rounds,
                str(p.planned_at),
                str(p.state_since),
                names.get(p.assignee_id),
                p.published_link,
            )
            for p in all_posts(database)
        ),
        "words": sorted(
            (numbered[r.post_id], r.number, r.title, r.caption, r.networks, repr(r.media))
            for r in all_rows(database, Revision)
        ),
        "events": [
            (event.at, event.kind, event.actor_name, numbered.get(event.stream_id))
            for event in all_events(database)
            if event.kind != "client.link_made"
        ],
    }
