from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from tests.browser.server import Server

Visit = Callable[..., Page]
PLANS = Path(__file__).parent.parent / "fixtures" / "plans"


def open_import(visit: Visit, server: Server) -> Page:
    return visit(server, "/import/?client=ACME", server.world.ana)


def upload(page: Page, name: str) -> None:
    page.locator("input[type=file]").set_input_files(PLANS / name)


def counts(page: Page) -> Locator:
    return page.locator(".import-counts dd")


def posts_of(server: Server) -> int:
    with server.database.read() as session:
        return session.execute(text("SELECT count(*) FROM post")).scalar_one()


def test_a_plan_is_shown_then_imported_and_the_second_time_changes_nothing(
    running: Server, visit: Visit
):
    page = open_import(visit, running)
    before = posts_of(running)
    upload(page, "publer.csv")
    expect(counts(page)).to_have_text(["2", "0", "0"])
    expect(page.locator(".table").first).to_contain_text("Bread without hurry")
    assert posts_of(running) == before
    page.get_by_role("button", name="Import 2 posts").click()
    expect(page.locator(".import-summary[role=status]")).to_contain_text("2 created, 0 updated.")
    assert posts_of(running) == before + 2
    page.get_by_role("button", name="Import another plan").click()
    upload(page, "publer.csv")
    expect(counts(page)).to_have_text(["0", "0", "2"])
    expect(page.get_by_role("button", name="Import 2 posts")).to_have_count(0)
    assert posts_of(running) == before + 2


def test_the_way_on_leads_to_the_board_of_that_client(running: Server, visit: Visit):
    page = open_import(visit, running)
    upload(page, "date_time_platform_format.csv")
    page.get_by_role("button", name="Import 2 posts").click()
    page.get_by_role("link", name="Open the board").click()
    page.wait_for_url("**/board/?client=ACME**")
    expect(page.locator(".card", has_text="One till for every shop")).to_be_visible()


def test_a_file_of_results_says_what_it_is(running: Server, visit: Visit):
    page = open_import(visit, running)
    before = posts_of(running)
    upload(page, "instagram_results.csv")
    refusal = page.locator(".import-summary[role=alert]")
    expect(refusal).to_contain_text("This file cannot be imported.")
    expect(refusal.locator("p")).to_have_text(
        "This looks like an Instagram metrics export, not a content plan."
    )
    page.get_by_role("button", name="Take another file").click()
    expect(page.locator(".file-drop")).to_be_visible()
    assert posts_of(running) == before


def test_a_sheet_without_words_says_what_is_missing(running: Server, visit: Visit):
    page = open_import(visit, running)
    upload(page, "no_words.csv")
    expect(page.locator(".import-summary[role=alert] p")).not_to_be_empty()
