"""The media library, as people use it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.media import files

Visit = Callable[..., Page]
BUNS = {"name": "buns.png", "mimeType": "image/png", "buffer": files.picture(400, 300)}
LOOKED_AT_MS = 20_000
"""The first file of a server waits until the process that looks at files has started."""
PROGRAM = {"name": "cat.jpg", "mimeType": "image/jpeg", "buffer": b"\x7fELF" + bytes(200)}


def test_files_come_in_are_described_found_archived_and_brought_back(mortal: Server, visit: Visit):
    page = visit(mortal, "/library/?client=ACME", mortal.world.dina)
    expect(page.locator(".library-none")).to_contain_text("Drop pictures and videos here")
    page.wait_for_load_state("networkidle")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files([BUNS, PROGRAM])
    expect(page.locator(".library-name")).to_have_text(["buns.png"], timeout=LOOKED_AT_MS)
    expect(page.locator(".library-facts")).to_have_text(["400 × 300"])
    expect(page.locator(".uploads .problem")).to_have_text(
        ["This is a program, not a picture or a video."]
    )
    page.get_by_role("button", name="Dismiss cat.jpg").click()
    expect(page.locator(".uploads")).to_have_count(0)

    page.locator(".library-tile").click()
    page.locator("[name=alt]").fill("A tray of buns")
    page.locator("[name=tags]").fill("Spring, 早餐")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".library-tags .tag")).to_have_text(["spring 1", "早餐 1"])
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.locator(".library-none")).to_contain_text("No file fits.")
    page.get_by_role("searchbox").fill("TRAY 早餐")
    expect(page.get_by_role("img", name="A tray of buns")).to_be_visible()

    page.locator(".library-tile").click()
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".library-tile")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".library-name")).to_have_text(["buns.png"])


def test_who_may_not_edit_media_finds_the_library_but_adds_nothing(mortal: Server, visit: Visit):
    page = visit(mortal, "/library/", mortal.world.ben)
    expect(page.locator(".library-none")).to_have_text("Nothing here yet.")
    expect(page.get_by_role("button", name="Add files")).to_have_count(0)
