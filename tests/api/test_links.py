"""Links that sign in: what opening one does, and what only a person's click does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from postboard.api import link_page
from postboard.db.engine import Database
from postboard.db.models import WebSession
from postboard.domain.permissions import Actor
from postboard.locale import Language, text
from postboard.services import clients, sign_in_links
from tests.api.conftest import Visit
from tests.api.test_signing_in import name_of
from tests.world import World, cookie_of, everything_in


@pytest.fixture
def own_link(database: Database, world: World) -> str:
    """Ben's, for one use."""
    assert world.ben.user_id
    with database.write() as session:
        return sign_in_links.make(session, world.ben.user_id, now=datetime.now(UTC))


@pytest.fixture
def review_link(database: Database, world: World) -> str:
    """Cleo's for Acme, for many visits."""
    assert world.cleo.user_id
    with database.write() as session:
        return clients.make_review_link(
            session, world.ana, world.acme.id, world.cleo.user_id, now=datetime.now(UTC)
        )


def test_opening_a_link_for_one_use_changes_nothing(
    database: Database, visit: Visit, own_link: str
) -> None:
    before = everything_in(database)
    for method in ("GET", "HEAD", "GET"):
        answer = visit().request(method, f"/link/{own_link}")
        assert answer.is_success
        assert "set-cookie" not in answer.headers
    assert everything_in(database) == before


def test_its_button_signs_in_once(
    database: Database, world: World, visit: Visit, own_link: str
) -> None:
    browser, late = visit(), visit()
    answer = browser.post(f"/link/{own_link}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert name_of(database, browser) == world.ben.name
    again = late.post(f"/link/{own_link}")
    assert again.status_code == 404
    assert "This link has ended." in again.text
    assert name_of(database, late) == ""


def test_pressed_many_times_at_once_it_still_signs_in_once(visit: Visit, own_link: str) -> None:
    browsers = [visit() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda browser: browser.post(f"/link/{own_link}"), browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404, 404, 404]


def test_a_reviewers_link_leads_straight_to_the_review_as_often_as_needed(
    database: Database, world: World, visit: Visit, review_link: str
) -> None:
    for _ in range(2):
        browser = visit()
        answer = browser.get(f"/link/{review_link}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/review/")
        assert name_of(database, browser) == world.cleo.name
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch"}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Sec-Fetch-Dest": "image"}),
        ("GET", {"Sec-Fetch-Dest": "iframe"}),
    ],
)
def test_looking_ahead_opens_no_session(
    database: Database, visit: Visit, review_link: str, method: str, headers: dict[str, str]
) -> None:
    before = _sessions(database)
    answer = visit().request(method, f"/link/{review_link}", headers=headers)
    assert answer.is_success
    assert "set-cookie" not in answer.headers
    assert _sessions(database) == before


def test_staff_who_try_a_reviewers_link_are_asked_before_they_lose_their_own_session(
    database: Database, world: World, visit: Visit, review_link: str
) -> None:
    browser = _signed_in(visit, database, world.ana)
    answer = browser.get(f"/link/{review_link}")
    assert answer.status_code == 200
    assert "You are signed in as Ana. Going on signs you out here, and in as Cleo." in answer.text
    assert "set-cookie" not in answer.headers
    assert name_of(database, browser) == world.ana.name
    assert browser.post(f"/link/{review_link}").headers["location"] == "/review/"
    assert name_of(database, browser) == world.cleo.name


def test_so_is_a_reviewer_who_is_led_to_the_link_of_another(
    database: Database, world: World, visit: Visit, review_link: str
) -> None:
    browser = _signed_in(visit, database, world.dora)
    assert "You are signed in as Dora." in browser.get(f"/link/{review_link}").text
    assert name_of(database, browser) == world.dora.name


def test_a_reviewer_who_is_in_already_is_asked_nothing(
    database: Database, world: World, visit: Visit, review_link: str
) -> None:
    browser = _signed_in(visit, database, world.cleo)
    assert browser.get(f"/link/{review_link}").headers["location"] == "/review/"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_no_other_page_presses_the_button(
    database: Database,
    world: World,
    visit: Visit,
    review_link: str,
    own_link: str,
    headers: dict[str, str],
) -> None:
    browser = _signed_in(visit, database, world.ana)
    for link in (review_link, own_link):
        assert browser.post(f"/link/{link}", headers=headers).status_code == 403
    assert name_of(database, browser) == world.ana.name
    assert browser.post(f"/link/{own_link}").status_code == 303


def test_a_scanner_of_mail_changes_nothing_but_its_own_session(
    database: Database, world: World, visit: Visit, review_link: str
) -> None:
    before = everything_in(database)
    scanner = visit()
    scanner.get(f"/link/{review_link}", headers={"Accept-Language": "zh-CN"})
    after = everything_in(database)
    own = WebSession.__tablename__
    assert before.pop(own) != after.pop(own)
    assert after == before


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["nothing", "%00", "x" * 3_000, "..%2f..%2fhealth", "%E4%BD%A0"])
def test_a_made_up_link_has_ended(visit: Visit, method: str, token: str) -> None:
    answer = visit().request(method, f"/link/{token}")
    assert answer.status_code == 404


def test_links_taken_back_have_ended_and_so_have_their_sessions(
    database: Database, world: World, visit: Visit, review_link: str
) -> None:
    browser = visit()
    browser.get(f"/link/{review_link}")
    assert world.cleo.user_id
    with database.write() as session:
        clients.end_review_links(
            session, world.ana, world.acme.id, world.cleo.user_id, now=datetime.now(UTC)
        )
    assert name_of(database, browser) == ""
    assert visit().get(f"/link/{review_link}").status_code == 404


def test_a_link_ends_by_itself(database: Database, world: World, visit: Visit) -> None:
    assert world.ben.user_id
    with database.write() as session:
        long_ago = datetime.now(UTC) - timedelta(days=8)
        link = sign_in_links.make(session, world.ben.user_id, now=long_ago)
    assert visit().get(f"/link/{link}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"Accept-Language": "zh-CN,zh;q=0.9"}, "zh-CN"),
        ({"Accept-Language": "zh", "Cookie": "lang=en"}, "en"),
    ],
)
def test_the_page_with_the_button_speaks_the_readers_language_and_loads_nothing(
    visit: Visit, own_link: str, headers: dict[str, str], language: Language
) -> None:
    answer = visit().get(f"/link/{own_link}", headers=headers)
    assert f'<html lang="{language}">' in answer.text
    assert f"<h1>{text(language).gettext('Open Postboard')}</h1>" in answer.text
    assert [
        word for word in ("src=", "href=", "url(", "@import", own_link) if word in answer.text
    ] == []
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src ")


def test_names_on_that_page_are_text() -> None:
    name = "<img src=x onerror=alert(1)>"
    assert "<img" not in link_page.asking("en", name, name)


def _signed_in(visit: Visit, database: Database, person: Actor):
    browser = visit()
    cookie = cookie_of(database, person, datetime.now(UTC))
    browser.cookies.set("postboard_session", cookie, "board.example")
    return browser


def _sessions(database: Database) -> int:
    with database.read() as session:
        return session.execute(select(func.count()).select_from(WebSession)).scalar_one()
