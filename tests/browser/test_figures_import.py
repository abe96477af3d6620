from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from postboard.db.queries import measured
from tests.browser.server import Server
from tests.exports import FOLLOWERS, INSTAGRAM, instagram, written

Visit = Callable[..., Page]


def open_import(visit: Visit, server: Server, **more) -> Page:
    return visit(server, "/performance/import/?client=ACME", server.world.ana, **more)


def upload(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)


def measured_posts(server: Server) -> list[str]:
    with server.database.read() as session:
        return sorted(post.text for post in measured.measured_posts(session, server.world.ana))


def test_figures_are_shown_then_come_in_and_can_be_taken_back(
    running: Server, visit: Visit, tmp_path: Path
):
    file = written(tmp_path, "export.csv", INSTAGRAM, [instagram(1), instagram(2, "1100")])
    page = open_import(visit, running)
    upload(page, file.path)
    expect(page.locator(".import-counts dd")).to_have_text(["2", "0", "0"])
    expect(page.locator(".import-sums")).to_contain_text("1,200")
    expect(page.get_by_label("On which clock is")).to_have_value("Europe/Berlin")
    assert measured_posts(running) == []
    page.get_by_role("button", name="Import 2 rows").click()
    done = page.locator(".import-summary[role=status]")
    expect(done).to_contain_text("2 new, 0 updated, 0 left out.")
    assert measured_posts(running) == ["Post 1", "Post 2"]
    page.get_by_role("button", name="Import another file").click()
    upload(page, file.path)
    expect(page.get_by_text("This very file came in")).to_be_visible()
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_disabled()
    page.get_by_role("button", name="Undo the import of export.csv").click()
    page.get_by_role("button", name="Take them away").click()
    expect(page.locator(".import-past")).to_contain_text("Undone")
    page.set_viewport_size({"width": 1440, "height": 600})
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollHeight - {root}.clientHeight") == 0  # the page scrolls
    assert measured_posts(running) == []
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_enabled()


def test_what_the_file_leaves_open_is_asked_before_anything_comes_in(
    running: Server, visit: Visit, tmp_path: Path
):
    rows = [["February 18", "900", "3"], ["February 19", "910", "10"]]
    file = written(tmp_path, "FollowerHistory.csv", FOLLOWERS, rows)
    page = open_import(visit, running)
    upload(page, file.path)
    expect(page.get_by_label("Which account are these figures of?")).to_be_visible()
    expect(page.get_by_text("Something has to be said first")).to_be_visible()
    page.get_by_label("Which year is").fill("2026")
    account = page.get_by_label("Which account are these figures of?")
    account.fill("acme.bakery")
    account.blur()
    expect(page.locator(".import-counts dd")).to_have_text(["2", "0", "0"])
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.locator(".import-summary[role=status]")).to_contain_text("2 new")


def test_a_plan_is_no_export_of_figures(running: Server, visit: Visit):
    page = open_import(visit, running)
    upload(page, Path(__file__).parent.parent / "fixtures" / "plans" / "publer.csv")
    expect(page.locator(".import-summary[role=alert]")).to_contain_text(
        "This file cannot be imported."
    )
