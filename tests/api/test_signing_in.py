"""Signing in and out, and the first admin of an empty installation."""

from datetime import UTC, datetime

import httpx
import pytest

from postboard.db.engine import Database
from postboard.services import sign_in
from postboard.services.sign_in import TRIES_PER_ADDRESS_AND_EMAIL
from tests.api.conftest import Browser, Visit
from tests.world import PASSWORD, World, email_of

ALMA = {"email": email_of("Alma"), "password": PASSWORD}
FIRST = {"name": "Alma", "email": email_of("Alma"), "password": PASSWORD}


def name_of(database: Database, browser: Browser) -> str:
    """Who the browser's cookie stands for; empty for nobody."""
    token = browser.cookies.get("postboard_session")
    with database.read() as session:
        found = sign_in.signed_in(session, token or "", now=datetime.now(UTC))
    return found.actor.name if found else ""


def test_the_right_password_opens_a_session(database: Database, world: World, visit: Visit) -> None:
    browser = visit()
    answer = browser.post("/auth/sign-in", data=ALMA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert name_of(database, browser) == world.alma.name
    flags = answer.headers["set-cookie"].partition("; ")[2].lower().split("; ")
    assert sorted(flags) == ["httponly", "max-age=2592000", "path=/", "samesite=lax"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.usefixtures("world")
def test_over_https_the_cookie_belongs_to_this_very_host(visit: Visit) -> None:
    answer = visit("https://board.example").post("/auth/sign-in", data=ALMA)
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-postboard_session"
    assert "Secure" in rest.split("; ")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "form",
    [
        {**ALMA, "password": "wrong horse battery"},
        {**ALMA, "password": ""},
        {**ALMA, "email": "nobody@postboard.example"},
        {**ALMA, "email": "nul\0@postboard.example"},
        {**ALMA, "password": "x" * 100_000},
        {},
    ],
)
def test_whatever_is_wrong_gets_the_same_answer(visit: Visit, form: dict[str, str]) -> None:
    answer = visit().post("/auth/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/?error=wrong")
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("world")
def test_guessing_is_stopped(visit: Visit) -> None:
    browser = visit()
    wrong = {**ALMA, "password": "wrong horse battery"}
    for _ in range(TRIES_PER_ADDRESS_AND_EMAIL):
        browser.post("/auth/sign-in", data=wrong)
    assert browser.post("/auth/sign-in", data=ALMA).headers["location"] == (
        "/sign-in/?error=throttled"
    )


def test_one_address_cannot_keep_the_server_busy_with_forms(visit: Visit) -> None:
    browser = visit()
    answers = [browser.post("/auth/sign-out").status_code for _ in range(70)]
    assert (answers[0], answers[-1]) == (303, 429)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/board/?client=1", "/board/?client=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_server(visit: Visit, asked: str, leads_to: str) -> None:
    answer = visit().post("/auth/sign-in", data={**ALMA, "next": asked})
    assert answer.headers["location"] == leads_to


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/set-up", "/auth/sign-out", "/link/x"])
def test_a_form_of_another_site_is_refused(
    visit: Visit, path: str, headers: dict[str, str]
) -> None:
    assert visit().post(path, data=ALMA, headers=headers).status_code == 403


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://board.example"}, {"Sec-Fetch-Site": "same-origin"}, {}],
)
def test_a_form_of_our_own_is_taken(visit: Visit, headers: dict[str, str]) -> None:
    assert visit().post("/auth/sign-in", data=ALMA, headers=headers).status_code == 303


@pytest.mark.usefixtures("world")
def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(
    database: Database, visit: Visit, left: list[str]
) -> None:
    browser = visit()
    browser.post("/auth/sign-in", data=ALMA)
    copy = visit()
    copy.cookies = httpx.Cookies(browser.cookies)
    token = browser.cookies["postboard_session"]
    answer = browser.post("/auth/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/")
    assert browser.cookies.get("postboard_session") is None
    assert name_of(database, copy) == ""
    assert left == [token]


def test_the_first_visitor_becomes_the_first_admin_and_is_signed_in(
    database: Database, visit: Visit
) -> None:
    browser = visit()
    answer = browser.post("/auth/set-up", data=FIRST)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert name_of(database, browser) == "Alma"


def test_there_is_only_one_first_admin(database: Database, visit: Visit) -> None:
    visit().post("/auth/set-up", data=FIRST)
    second = visit()
    answer = second.post("/auth/set-up", data={**FIRST, "email": "eve@postboard.example"})
    assert answer.headers["location"] == "/sign-in/?error=set_up"
    assert name_of(database, second) == ""


@pytest.mark.parametrize("field", ["name", "email", "password"])
def test_a_first_admin_without_one_of_the_three_is_sent_back(visit: Visit, field: str) -> None:
    answer = visit().post("/auth/set-up", data={**FIRST, field: ""})
    assert answer.headers["location"] == "/set-up/?error=input"


def test_the_server_says_that_it_is_well(visit: Visit) -> None:
    answer = visit().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_pages_cannot_be_framed_and_say_little_of_where_one_came_from(visit: Visit) -> None:
    headers = visit().get("/health").headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
