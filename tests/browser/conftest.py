"""Stories of real use in one production build, with the system's Chromium."""

import sys
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from postboard.domain.permissions import Actor
from postboard.launch.frontend import find_frontend
from tests import world
from tests.browser.server import Server

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def frontend() -> Path:
    return find_frontend(lambda line: print(line, file=sys.stderr))


@pytest.fixture(scope="session")
def running(frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """One server for all stories that leave it running."""
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mortal(frontend: Path, tmp_path: Path) -> Generator[Server]:
    """A server of one's own, to be killed."""
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.stop()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser) -> Generator[Visit]:
    """Open a page as somebody; a script error in any page opened fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[Error] = []

    def open_page(
        server: Server,
        path: str,
        actor: Actor | None = None,
        *,
        phone: bool = False,
        language: str = "en",
        dark: bool = False,
        zone: str = "Europe/Berlin",
    ) -> Page:
        context = chromium.new_context(
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            locale="en-GB",
            timezone_id=zone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = {"lang": language}
        if actor:
            token = world.cookie_of(server.database, actor, datetime.now(UTC))
            cookies["postboard_session"] = token
        context.add_cookies(
            [{"name": n, "value": v, "url": server.url} for n, v in cookies.items()]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - it marks what it is given
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [str(error) for error in errors] == []
