"""Every page in both lights, both languages, at a desk and on a phone."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from postboard.domain.content import Words
from postboard.domain.ideas import NewIdea
from postboard.domain.workflow import State
from postboard.services import ideas, shared_links
from postboard.ui.pages.post.page import PARTS
from tests.browser.conftest import PHONE
from tests.browser.server import Server
from tests.contracts import CONTRACT, accepted, offered
from tests.world import bring_to

Visit = Callable[..., Page]

PAGES = {
    "/board/": ("ana", ".card[data-post]"),
    "/calendar/": ("ana", ".cal-grid .cal-event"),
    "/calendar/?view=week": ("ana", ".cal-grid [data-date]"),
    "/import/": ("ana", ".file-drop"),
    "/library/": ("ana", ".library-none"),
    "/post/?key=ACME-1": ("ana", ".save-line"),
    "/work/": ("ben", ".work-item"),
    "/clients/": ("ana", ".client-line"),
    "/clients/?client=ACME": ("ana", ".agreement"),
    "/people/": ("ana", ".people-there .people-now"),
    "/people/?client=ACME": ("ana", ".people-there .people-now"),
    "/campaigns/": ("ana", ".campaign"),
    "/performance/": ("ana", ".week-group, .chart .plot, .chart-empty"),
    "/ideas/": ("ana", ".nothing-yet, .ideas-list"),
    "/guidelines/": ("ana", ".nothing-yet, .guideline-open"),
    "/review/": ("cleo", ".deck-buttons button"),
    "/sign-in/": (None, "#email"),
    "/nothing/here": (None, "a.button"),
}
"""Who looks, and what tells that the page is whole."""

TWICE = {"width": 720, "height": 450}
"""What a desk's screen holds at 200 %."""

COLOURS = ("color-contrast",)
"""What can be wrong in the dark alone."""

_STILL = """() => document
  .getAnimations()
  .filter((one) => one instanceof CSSTransition)
  .every((one) => !one.effect.target.checkVisibility({ contentVisibilityAuto: true }))"""
"""In what is closed or far away a transition begins and never moves on."""
_NOT_OURS = re.compile("built-with-reflex|Built with Reflex|reflex.dev")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
_NAMES = {"Postboard", "English", "Ana", "Ben", "Acme", "ACME", "Borealis", "Instagram", "LinkedIn"}
_NAMES |= {"CSV", "XLSX", "JSON", "PDF", "UTM", "Spring", "Markdown"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_page_fits_and_can_be_read(running: Server, visit: Visit, path: str, *, phone: bool):
    page = whole_page(running, visit, path, phone=phone)
    page.wait_for_timeout(150)
    assert (width_beyond(page), violations(page)) == (0, [])
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(150)
    assert (width_beyond(page), violations(page, COLOURS)) == (0, [])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_can_be_read_in_chinese(running: Server, visit: Visit, path: str):
    page = whole_page(running, visit, path, language="zh-CN")
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.wait_for_timeout(150)
    assert (width_beyond(page), violations(page), english_in(page)) == (0, [], [])
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(150)
    assert width_beyond(page) == 0


def whole_page(running: Server, visit: Visit, path: str, **seen: Any) -> Page:
    name, whole = PAGES[path]
    actor = getattr(running.world, name) if name else None
    page = visit(running, path, actor, **seen)
    page.locator(whole).first.wait_for(state="attached")
    return page


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


def test_a_long_link_of_an_idea_widens_neither_sides_page(mortal: Server, visit: Visit):
    link = "https://acme.example/" + "a-very-long-part-of-an-address-" * 8
    with mortal.database.write() as session:
        new = NewIdea("A giveaway", link)
        ideas.add(session, mortal.world.cleo, mortal.world.acme.id, new, now=datetime.now(UTC))
    page = visit(mortal, "/clients/?client=ACME", mortal.world.ana, phone=True)
    page.get_by_role("link", name=link).wait_for()
    assert (
        page.locator(".client-pane").evaluate("(pane) => pane.scrollWidth - pane.clientWidth") == 0
    )
    page = visit(mortal, "/review/", mortal.world.cleo, phone=True)
    page.get_by_role("button", name="What is planned").tap()
    shown = page.get_by_role("link", name=link)
    assert shown.evaluate("(link) => link.getBoundingClientRect().right <= innerWidth")
    assert (width_beyond(page), violations(page)) == (0, [])


def test_an_agreement_and_its_change_can_be_read_by_both_sides(mortal: Server, visit: Visit):
    """Offered at first, and then changed."""
    world, now = mortal.world, datetime.now(UTC)
    terms = replace(CONTRACT, starts_on=now.date(), ends_on=None, payments=())
    accepted(mortal.database, world, terms, now=now)
    offered(mortal.database, world, replace(terms, rounds_included=4), now=now)
    for phone in (False, True):
        for dark in (False, True):
            page = visit(mortal, "/clients/?client=ACME", world.ana, phone=phone, dark=dark)
            page.locator("#agreement summary", has_text="Read it").first.click()
            page.locator("[data-changed]").first.wait_for()
            assert (width_beyond(page), violations(page)) == (0, [])
            page = visit(mortal, "/review/", world.cleo, phone=phone, dark=dark)
            page.locator("[data-changed]").first.wait_for()
            assert (width_beyond(page), violations(page)) == (0, [])


def test_the_doors_of_a_shared_link_can_be_read(mortal: Server, visit: Visit):
    with mortal.database.write() as session:
        client_id, now = mortal.world.acme.id, datetime.now(UTC)
        token = shared_links.make(session, mortal.world.ana, client_id, now=now)
    for dark in (False, True):
        page = visit(mortal, f"/shared/{token}", phone=True, dark=dark)
        assert (width_beyond(page), violations(page)) == (0, [])
        page.get_by_role("button", name="Cleo").tap()
        page.get_by_label("Code").wait_for()
        assert (width_beyond(page), violations(page)) == (0, [])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_floats_over_the_review_and_its_end_can_be_read(
    mortal: Server, visit: Visit, *, dark: bool
):
    world = mortal.world
    for caption in ("☕️✨🎄", "冬季拼配上市：来自哥伦比亚慧兰产区的日晒豆" * 3):
        bring_to(
            mortal.database,
            world.acme.id,
            State.CLIENT_REVIEW,
            staff=world.ana,
            reviewer=world.cleo,
            holder=world.ben,
            words=Words(caption, title="A title of many words " * 5, networks=("linkedin",)),
            now=datetime.now(UTC),
        )
    page = visit(mortal, "/review/", world.cleo, phone=True, dark=dark)
    page.locator("first-look").wait_for(state="detached")  # its buttons sleep
    for name in ("Request changes", "Approve all"):
        door = page.get_by_role("button", name=name, exact=True)
        door.focus()
        page.keyboard.press("Enter")
        page.locator("dialog .sheet-buttons").wait_for()
        assert (name, width_beyond(page), violations(page)) == (name, 0, [])
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
        expect(door).to_be_focused()
    page.get_by_role("button", name="Approve all").tap()
    page.locator("dialog .button-primary").tap()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert (width_beyond(page), violations(page)) == (0, [])


@pytest.mark.parametrize("path", ["/clients/?client=ACME", "/work/"])
def test_a_page_fits_at_twice_its_size_as_on_a_phone(running: Server, visit: Visit, path: str):
    name, whole = PAGES[path]
    page = visit(running, path, getattr(running.world, name or ""))
    page.set_viewport_size(TWICE)
    page.locator(whole).first.wait_for(state="attached")
    assert (width_beyond(page), violations(page)) == (0, [])


def test_the_chains_dialog_fits_at_twice_its_size(running: Server, visit: Visit):
    page = visit(running, "/clients/?client=ACME", running.world.ana)
    page.set_viewport_size(TWICE)
    door = page.get_by_role("button", name="Change who approves")
    door.click()
    save = page.locator("dialog .chain-form").get_by_role("button", name="Save")
    expect(save).to_be_in_viewport(ratio=1)
    assert (width_beyond(page), violations(page)) == (0, [])
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    expect(door).to_be_focused()


def width_beyond(page: Page) -> int:
    root = "document.documentElement"
    return page.evaluate(f"Math.max(0, {root}.scrollWidth - {root}.clientWidth)")


def violations(page: Page, rules: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What axe finds by these rules, or by all, once no colour changes, but for the badge that
    Reflex puts on every page.
    """
    page.wait_for_function(_STILL)
    options = {"runOnly": list(rules)} if rules else {}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
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
