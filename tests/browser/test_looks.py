"""Every page in both lights, both languages, at a desk and on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from postboard.ui.pages.post.page import PARTS
from tests.browser.server import Server

Visit = Callable[..., Page]

PAGES = {
    "/board/": ("ana", ".card[data-post]"),
    "/import/": ("ana", ".file-drop"),
    "/library/": ("ana", ".library-none"),
    "/post/?key=ACME-1": ("ana", ".save-line"),
    "/work/": ("ben", ".work-item"),
    "/clients/": ("ana", ".client-line"),
    "/clients/?client=ACME": ("ana", ".agreement"),
    "/campaigns/": ("ana", ".campaign"),
    "/ideas/": ("ana", ".nothing-yet, .ideas-list"),
    "/review/": ("cleo", ".deck-buttons button"),
    "/sign-in/": (None, "#email"),
    "/nothing/here": (None, "a.button"),
}
"""Who looks, and what tells that the page is whole."""

_NOT_OURS = re.compile("built-with-reflex|Built with Reflex|reflex.dev")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
_NAMES = {"Postboard", "English", "Ana", "Ben", "Acme", "ACME", "Borealis", "Instagram", "LinkedIn"}
_NAMES |= {"CSV", "XLSX", "JSON", "PDF", "UTM", "Spring"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_page_fits_and_can_be_read(
    running: Server, visit: Visit, path: str, language: str, *, dark: bool, phone: bool
):
    name, whole = PAGES[path]
    actor = getattr(running.world, name) if name else None
    page = visit(running, path, actor, language=language, dark=dark, phone=phone)
    page.locator(whole).first.wait_for(state="attached")
    if language == "zh-CN":
        page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.wait_for_timeout(150)
    assert width_beyond(page) == 0
    assert violations(page) == []
    if language == "zh-CN":
        assert english_in(page) == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(("dark", "phone"), [(False, False), (True, True)], ids=["desk", "phone"])
def test_each_part_of_a_post_fits_and_can_be_read(
    running: Server, visit: Visit, language: str, *, dark: bool, phone: bool
):
    page = visit(
        running, "/post/?key=ACME-4", running.world.ana, language=language, dark=dark, phone=phone
    )
    page.locator(".save-line").wait_for(state="attached")
    for part in PARTS:
        page.locator(f"#tab-{part}").evaluate("(tab) => tab.click()")
        page.locator(f"#part-{part}").wait_for()
        page.wait_for_timeout(200)
        assert (part, width_beyond(page), violations(page)) == (part, 0, [])
        if language == "zh-CN":
            assert (part, english_in(page, f"#part-{part}")) == (part, [])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_what_floats_over_the_board_can_be_read(
    running: Server, visit: Visit, *, dark: bool, phone: bool
):
    page = visit(
        running, "/board/?text=nothing+says+this", running.world.ana, dark=dark, phone=phone
    )
    page.locator(".board-empty").wait_for()
    assert (width_beyond(page), violations(page)) == (0, [])
    for keys, shown in (("?", ".keys"), ("Control+k", "[role=option]"), ("c", "[name=caption]")):
        page.keyboard.press(keys)
        page.locator(f"dialog {shown}").first.wait_for()
        page.wait_for_timeout(200)
        assert (keys, width_beyond(page), violations(page)) == (keys, 0, [])
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")


def width_beyond(page: Page) -> int:
    root = "document.documentElement"
    return page.evaluate(f"Math.max(0, {root}.scrollWidth - {root}.clientWidth)")


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds, but for the badge that Reflex puts on every page."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        (violation["id"], node["html"][:200])
        for violation in found
        for node in violation["nodes"]
        if not _NOT_OURS.search(node["html"])
    ]


def english_in(page: Page, place: str = "nav.rail") -> list[str]:
    """Words left in English in headings and in the doors of the rail, or of another place."""
    said = f"h1, h3, {place} h2, {place} a, {place} button"
    texts: list[str] = page.locator(said).all_inner_texts()
    return [
        text
        for text in texts
        if any(word not in _NAMES for word in _ENGLISH.findall(text)) and text.strip()
    ]
