"""The server goes away under an open page, and comes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server

Visit = Callable[..., Page]


@pytest.mark.parametrize("path", ["/review/", "/sign-in/"])
def test_a_page_says_so_while_the_server_is_away(mortal: Server, visit: Visit, path: str):
    page = visit(mortal, path, mortal.world.cleo if path == "/review/" else None, phone=True)
    page.locator("button:not([disabled])").first.wait_for()
    away = page.locator(".connection")
    expect(away).to_have_count(0)
    mortal.kill()
    expect(away).to_have_text("No connection. Trying again…", timeout=30_000)
    mortal.start()
    expect(away).to_have_count(0, timeout=30_000)
