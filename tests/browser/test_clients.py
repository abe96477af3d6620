from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from postboard.ui.session import KNOWN_FOR_S
from tests.browser.server import Server

Visit = Callable[..., Page]


def dialog_of(page: Page, button: str) -> Locator:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()
    dialog = page.locator("dialog")
    dialog.wait_for()
    return dialog


def new_client(visit: Visit, server: Server) -> tuple[Page, str]:
    name = f"Cafe {uuid4().hex[:6]}"
    page = visit(server, "/clients/", server.world.ana)
    dialog = dialog_of(page, "Add a client")
    expect(dialog.locator("[name=zone]")).to_have_value("Europe/Berlin")
    dialog.locator("[name=name]").fill(name)
    dialog.get_by_role("button", name="Add the client").click()
    page.wait_for_url("**/clients/?client=**")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page, name


def add_reviewer(page: Page, name: str) -> Locator:
    dialog = dialog_of(page, "Add a reviewer")
    dialog.locator("[name=name]").fill(name)
    dialog.locator("[name=email]").fill(f"{uuid4().hex[:8]}@client.example")
    dialog.get_by_role("button", name="Add", exact=True).click()
    line = page.locator(".lines li", has_text=name)
    expect(line).to_be_visible()
    return line


def review_link(page: Page, line: Locator) -> str:
    line.get_by_role("button", name="Copy review link").click()
    link = page.locator("#fresh-link").input_value()
    page.locator("dialog").get_by_role("button", name="Close").last.click()
    expect(page.locator("dialog")).to_have_count(0)
    return link


def test_a_new_client_gets_a_reviewer_who_comes_in_by_their_link(running: Server, visit: Visit):
    page, client = new_client(visit, running)
    line = add_reviewer(page, "Carla")
    expect(line).to_contain_text("No link yet")
    link = review_link(page, line)
    expect(line).to_contain_text("1 link, good until")
    theirs = visit(running, link.removeprefix(running.url), phone=True)
    theirs.wait_for_url("**/review/")
    expect(theirs.locator("h1")).to_have_text(client)
    expect(theirs.locator("h2").first).to_have_text("Nothing waits for you")


def test_ending_the_links_shuts_who_came_in_by_them_out(running: Server, visit: Visit):
    page, _ = new_client(visit, running)
    line = add_reviewer(page, "Carla")
    link = review_link(page, line).removeprefix(running.url)
    theirs = visit(running, link, phone=True)
    theirs.wait_for_url("**/review/")
    line.get_by_role("button", name="Change Carla").click()
    page.get_by_role("button", name="End links…").click()
    page.get_by_role("button", name="End links", exact=True).click()
    expect(line).to_contain_text("No link yet")
    theirs.wait_for_timeout(1000 * KNOWN_FOR_S + 200)
    theirs.goto(f"{running.url}/review/")
    theirs.wait_for_url("**/sign-in/**")
    theirs.goto(running.url + link)
    expect(theirs.locator("h1")).to_have_text("This page cannot be opened")


def test_a_time_zone_that_does_not_exist_is_refused_in_the_dialog(running: Server, visit: Visit):
    page = visit(running, "/clients/", running.world.ana)
    dialog = dialog_of(page, "Add a client")
    dialog.locator("[name=name]").fill("Base")
    dialog.locator("[name=zone]").fill("Mars/Base")
    dialog.get_by_role("button", name="Add the client").click()
    expect(dialog.locator(".problem")).not_to_be_empty()
    expect(dialog.locator("[name=name]")).to_have_value("Base")


def test_a_campaign_and_an_account_are_added_to_a_client(running: Server, visit: Visit):
    page, _ = new_client(visit, running)
    page.locator(".add-line [name=name]").fill("Spring")
    page.get_by_role("button", name="Add campaign").click()
    expect(page.locator(".line-name", has_text="Spring")).to_be_visible()
    page.locator("[name=network]").select_option("instagram")
    page.locator("[name=handle]").fill("@cafe")
    page.get_by_role("button", name="Add account").click()
    expect(page.locator(".line-name", has_text="@cafe")).to_be_visible()


def test_the_terms_of_deadlines_are_agreed_and_read_again(running: Server, visit: Visit):
    page, _ = new_client(visit, running)
    terms = page.locator("form.terms")
    expect(terms.locator("[name=day_0]")).to_have_value("09:00-17:00")
    terms.locator("[name=day_5]").fill("10:00-12:00, 13:00-14:00")
    terms.locator("[name=country]").fill("de")
    terms.locator("[name=region]").fill("BY")
    terms.locator("[name=reminder_hours]").fill("8, 2")
    terms.locator("[name=silence]").select_option("consent")
    terms.locator("[name=quiet_from]").fill("19:30")
    terms.get_by_role("button", name="Save").click()
    expect(terms.locator("[name=version]")).to_have_value("1")
    page.reload()
    shown = {
        "day_5": "10:00-12:00, 13:00-14:00",
        "day_6": "",
        "country": "DE",
        "region": "BY",
        "reminder_hours": "8, 2",
        "silence": "consent",
        "late_approval": "remind",
        "quiet_from": "19:30",
    }
    for name, value in shown.items():
        expect(terms.locator(f"[name={name}]")).to_have_value(value)


def test_a_copywriter_has_no_door_to_the_clients(running: Server, visit: Visit):
    page = visit(running, "/clients/", running.world.ben)
    page.wait_for_url("**/board/**")
    page.locator(".card[data-post]").first.wait_for()
    expect(page.get_by_role("link", name="Clients")).to_have_count(0)
