from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from postboard.services import sign_in_links
from tests import world
from tests.browser.server import Server

Visit = Callable[..., Page]


@pytest.fixture
def nobody_yet(frontend: Path, tmp_path: Path) -> Generator[Server]:
    """A server as it stands after the installation."""
    server = Server(tmp_path / "data", populated=False)
    server.start()
    yield server
    server.stop()


def fill_in(page: Page, email: str, password: str) -> None:
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")


def test_the_first_visit_makes_the_first_admin(nobody_yet: Server, visit: Visit):
    page = visit(nobody_yet, "/")
    page.wait_for_url("**/set-up/")
    page.locator("[data-door=open]").wait_for()
    page.locator("#name").fill("Alma")
    fill_in(page, "alma@agency.example", world.PASSWORD)
    page.wait_for_url("**/board/")
    page.get_by_role("link", name="Add a client").click()
    page.wait_for_url("**/clients/")
    expect(page.get_by_role("heading", name="Add your first client")).to_be_visible()
    second = visit(nobody_yet, "/set-up/")
    expect(second.locator("h1")).to_have_text("There is nothing at this address")


def test_a_wrong_password_says_so_and_the_right_one_goes_on(running: Server, visit: Visit):
    page = visit(running, "/sign-in/")
    fill_in(page, world.email_of("Alma"), "not the password")
    expect(page.locator(".entry-error")).to_have_text("E-mail and password do not belong together.")
    fill_in(page, world.email_of("Alma"), world.PASSWORD)
    page.wait_for_url("**/board/")


def test_what_was_asked_for_follows_the_sign_in(running: Server, visit: Visit):
    page = visit(running, "/clients/?client=ACME")
    page.wait_for_url("**/sign-in/?next=**")
    expect(page.locator("[name=next]")).to_have_value("/clients/?client=ACME")
    fill_in(page, world.email_of("Alma"), "not the password")
    expect(page.locator(".entry-error")).not_to_be_empty()
    expect(page.locator("[name=next]")).to_have_value("/clients/?client=ACME")
    fill_in(page, world.email_of("Alma"), world.PASSWORD)
    page.wait_for_url("**/clients/?client=ACME")
    expect(page.get_by_role("heading", name="Acme", exact=True)).to_be_visible()


def test_signing_out_closes_every_page(running: Server, visit: Visit):
    page = visit(running, "/board/", running.world.ana)
    page.locator(".card[data-post]").first.wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    page.goto(f"{running.url}/board/")
    page.wait_for_url("**/sign-in/?next=**")
    assert "secret" not in page.content()


def test_an_ended_link_says_what_to_do(running: Server, visit: Visit):
    long_ago = datetime.now(UTC) - timedelta(days=400)
    person = running.world.cleo.user_id
    assert person
    with running.database.write() as session:
        token = sign_in_links.make(session, person, now=long_ago)
    page = visit(running, f"/link/{token}", phone=True)
    expect(page.locator("h1")).to_have_text("This page cannot be opened")
    expect(page.locator("p")).to_contain_text("link")
    page.goto(f"{running.url}/link/nobody-made-this")
    expect(page.locator("h1")).to_have_text("This page cannot be opened")


def test_a_link_for_one_use_asks_before_it_signs_in(running: Server, visit: Visit):
    person = running.world.ben.user_id
    assert person
    with running.database.write() as session:
        token = sign_in_links.make(session, person, now=datetime.now(UTC))
    page = visit(running, f"/link/{token}")
    page.reload()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/board/")
    again = visit(running, f"/link/{token}")
    expect(again.locator("h1")).to_have_text("This page cannot be opened")


def test_an_address_without_a_page_leads_back_to_the_start(running: Server, visit: Visit):
    page = visit(running, "/nothing/here", running.world.ana)
    page.get_by_role("link", name="Go to the start").click()
    page.wait_for_url("**/board/")
