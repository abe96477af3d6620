"""Performance on a Monday: the week in words, charts, the posts behind them, goals."""

import csv
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.test_looks import english_in, violations, width_beyond
from tests.exports import INSTAGRAM, commit, instagram, written

Visit = Callable[..., Page]
BERLIN = ZoneInfo("Europe/Berlin")
"""Weeks are those of whoever looks."""
PATIENCE_S = 30
STAR = "The bakers at four in the morning"


@pytest.fixture(scope="module")
def measured(running: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Acme's last ten weeks, three posts each; one of last week's was liked ten times as much."""
    now = datetime.now(BERLIN)
    monday = (now - timedelta(days=now.weekday())).replace(hour=9, minute=0)
    days = [monday - timedelta(days=7 * week + 2 * n + 1) for week in range(10) for n in range(3)]
    rows = [
        instagram(
            n,
            "1000",
            text=STAR if n == 1 else f"Buns of day {n}",
            at=f"{day:%m/%d/%Y %H:%M}",
            likes="400" if n == 1 else "40",
        )
        for n, day in enumerate(days, 1)
    ]
    folder = tmp_path_factory.mktemp("exports")
    commit(running.database, running.world.ana, written(folder, "a.csv", INSTAGRAM, rows), now=now)
    return running


AT_ONCE = """
const Watch = window.IntersectionObserver;
window.IntersectionObserver = class extends Watch {
  constructor(told, options) {
    const kept = [];
    super((entries, watch) => {
      kept.push(...entries);
      if (entries.at(-1).isIntersecting) told(kept.splice(0), watch);
    }, options);
  }
};
"""
"""Tells what it saw when it sees something near, and with it all that went before."""


def chart(page: Page, key: str) -> Locator:
    return page.locator(f"[data-chart={key}]")


def drawn(page: Page, key: str) -> Locator:
    """The chart, once it is drawn: those above it grow meanwhile and push it away."""
    found = chart(page, key)
    figure = found.locator(".main-svg").first
    until = time.monotonic() + PATIENCE_S
    while not figure.is_visible() and time.monotonic() < until:
        found.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
    figure.wait_for()
    return found


def test_monday_morning(measured: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(measured, "/performance/", measured.world.ana)
    words = page.locator(".week-words")
    expect(words).to_contain_text("Posts published: 3, in the days before 3.")
    expect(words).to_contain_text(re.compile(rf"9\.4× our median: “{STAR}” \(Instagram\)"))
    page.get_by_label("Client").select_option("ACME")
    page.get_by_label("Period", exact=True).select_option("12weeks")
    expect(page).to_have_url(re.compile("period=12weeks"))
    best = drawn(page, "best_posts")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollHeight - {root}.clientHeight") == 0  # the page scrolls
    expect(best.locator(".chart-facts")).to_contain_text("n = 30")
    best.locator(".point path").first.click(force=True)
    dialog = page.locator("dialog")
    expect(dialog.locator(".behind-posts li")).to_have_count(1)
    expect(dialog.get_by_role("link", name=STAR)).to_have_attribute(
        "href", "https://www.instagram.com/p/code1/"
    )
    expect(dialog).to_contain_text("Interactions: 403")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # Whoever gets the address sees the same.
    shared = visit(
        measured, urlsplit(page.url).path + "?" + urlsplit(page.url).query, measured.world.aron
    )
    expect(shared.get_by_label("Period", exact=True)).to_have_value("12weeks")
    expect(drawn(shared, "best_posts").locator(".chart-facts")).to_contain_text("n = 30")


def test_numbers_are_a_table_and_come_along(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/?period=12weeks&client=ACME", measured.world.ana)
    best = drawn(page, "best_posts")
    best.get_by_role("button", name="Numbers").click()
    table = best.get_by_role("table")
    expect(table.get_by_role("row").nth(1)).to_contain_text("403")
    assert violations(page) == []
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("CSV", b"\xef\xbb\xbf")):
        best.locator(".chart-menu summary").click()
        with page.expect_download() as caught:
            best.get_by_role("button", name=kind).click()
        assert caught.value.suggested_filename == f"best_posts.{kind.lower()}"
        assert Path(caught.value.path()).read_bytes().startswith(begins)
    rows = list(csv.reader(Path(caught.value.path()).read_text("utf-8-sig").splitlines()))
    best_of_all = next(row for row in rows if "403" in row)
    assert any(cell.startswith(STAR[:20]) for cell in best_of_all)


def test_the_keyboard_walks_over_the_marks(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/?period=12weeks&client=ACME", measured.world.ana)
    best = drawn(page, "best_posts")
    best.locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    expect(best.get_by_role("status")).to_contain_text("403")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .behind-posts li")).to_have_count(1)


def test_days_of_ones_own_and_days_that_are_none(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/", measured.world.ana)
    page.locator(".week-group").first.wait_for()
    page.get_by_label("Period", exact=True).select_option("own")
    first = page.get_by_label("From", exact=True)
    first.fill("2025-01-06")
    first.blur()
    expect(page).to_have_url(re.compile("since=2025-01-06"))
    page.get_by_label("To", exact=True).fill("2025-01-05")
    page.get_by_label("To", exact=True).blur()
    expect(page.locator(".toast")).to_contain_text("The last day lies before the first.")
    assert parse_qs(urlsplit(page.url).query)["since"] == ["2025-01-06"]


def test_a_benchmark_brings_its_basis_and_a_mismatch_is_refused(
    measured: Server, visit: Visit
) -> None:
    page = visit(measured, "/performance/?client=ACME", measured.world.ana)
    page.get_by_label("Benchmark", exact=True).locator("visible=true").last.select_option(
        "Rival IQ"
    )
    expect(page.get_by_label("Divided by").last).to_have_value("followers")
    page.get_by_label("Divided by").last.select_option("reach")
    expect(page.locator(".toast")).to_contain_text("not compared")
    expect(page.get_by_label("Divided by").last).to_have_value("followers")


def test_without_figures_each_chart_says_what_to_do(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/?client=BORE", measured.world.bodil)
    empty = chart(page, "against_benchmark").locator(".chart-empty")
    expect(empty).to_contain_text("No posts published")
    expect(empty.get_by_role("link", name="Import figures")).to_have_attribute(
        "href", "/performance/import/"
    )
    expect(page.locator(".week-words")).to_contain_text("No figures of posts of these days")


def test_a_goal_is_set_changed_and_taken_away(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/?client=ACME", measured.world.aron)
    page.get_by_role("button", name="Set a goal").click()
    dialog = page.locator("dialog")
    dialog.get_by_label("To reach").fill("0")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Aim at a number above 0.")
    dialog.get_by_label("To reach").fill("10,000")
    dialog.get_by_label("First day").fill(f"{datetime.now(UTC) - timedelta(days=200):%Y-%m-%d}")
    dialog.get_by_label("Last day").fill(f"{datetime.now(UTC) + timedelta(days=200):%Y-%m-%d}")
    dialog.get_by_role("button", name="Save").click()
    goal = page.locator(".goals > li")
    expect(goal).to_contain_text("of 10,000")
    expect(goal).to_contain_text(re.compile(r"1,[0-9]{3}"))
    goal.get_by_role("button", name="Change…").click()
    dialog.get_by_label("To reach").fill("1000")
    dialog.get_by_role("button", name="Save").click()
    expect(goal).to_contain_text("reached")
    goal.get_by_role("button", name="Change…").click()
    dialog.get_by_role("button", name="Delete the goal").click()
    expect(goal).to_have_count(0)


def test_a_goal_that_was_deleted_comes_back_by_button_and_by_key(
    measured: Server, visit: Visit
) -> None:
    page = visit(measured, "/performance/?client=ACME", measured.world.aron)
    page.get_by_role("button", name="Set a goal").click()
    page.locator("dialog").get_by_label("To reach").fill("4321")
    page.locator("dialog").get_by_role("button", name="Save").click()
    goal = page.locator(".goals > li", has_text="of 4,321")
    bar = page.locator(".undo-bar")
    for take_back in (
        lambda: bar.get_by_role("button", name="Undo").click(),
        lambda: page.keyboard.press("Control+z"),
    ):
        goal.get_by_role("button", name="Change…").click()
        page.locator("dialog").get_by_role("button", name="Delete the goal").click()
        expect(goal).to_have_count(0)
        expect(bar).to_contain_text("The goal is gone.")
        take_back()
        expect(goal).to_have_count(1)
        expect(bar).to_have_count(0)


def test_a_client_is_led_to_its_own_page(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/", measured.world.cleo)
    page.wait_for_url("**/review/**")
    assert STAR not in page.content()


def test_the_theme_is_followed_without_asking_anybody(measured: Server, visit: Visit) -> None:
    page = visit(measured, "/performance/?period=12weeks&client=ACME", measured.world.ana)
    drawn(page, "weekly")
    ink = page.locator("[data-chart=weekly] .xtick text").first
    light = ink.evaluate("(tick) => getComputedStyle(tick).fill")
    page.evaluate("document.documentElement.classList.add('dark')")
    expect(ink).not_to_have_css("fill", light)


def test_a_chart_that_came_near_while_the_browser_was_busy_is_drawn(
    measured: Server, visit: Visit
) -> None:
    """A busy browser tells at once that the chart was far away and that it is near."""
    page = visit(measured, "/performance/?period=12weeks&client=ACME", measured.world.ana)
    page.add_init_script(AT_ONCE)
    page.reload()
    drawn(page, "best_posts")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(("dark", "phone"), [(False, False), (True, True)], ids=["desk", "phone"])
def test_what_is_drawn_fits_and_can_be_read(
    measured: Server, visit: Visit, language: str, *, dark: bool, phone: bool
) -> None:
    page = visit(
        measured,
        "/performance/?period=12weeks&client=ACME",
        measured.world.ana,
        language=language,
        dark=dark,
        phone=phone,
    )
    for key in ("against_benchmark", "weekly", "best_posts", "flow_ageing"):
        drawn(page, key)
    assert width_beyond(page) == 0
    assert violations(page) == []
    if language == "zh-CN":
        assert english_in(page, ".chart-head") == []
