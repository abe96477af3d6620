import os
import shutil
from collections.abc import Generator

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from postboard.db.engine import Database
from postboard.domain.permissions import Actor
from postboard.services import sign_in
from tests.databases import Ground, PostgresSchemas, SqliteFiles
from tests.world import World, reviewer

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

POSTGRES = "POSTBOARD_TEST_DATABASE_URL"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On Postgres, only what keeps data there: the rest comes out as it does beside SQLite."""
    if not os.environ.get(POSTGRES):
        return
    elsewhere = {
        one
        for one in items
        if "ground" not in getattr(one, "fixturenames", ()) or one.get_closest_marker("once")
    }
    config.hook.pytest_deselected(items=list(elsewhere))
    items[:] = [one for one in items if one not in elsewhere]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Generator[None]:
    """Argon2 at its cheapest: what a password costs is one test's business."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in, "_hasher", quick)
        patch.setattr(sign_in, "_unknown_person", quick.hash("nobody's password"))
        yield


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Generator[Ground]:
    """Postgres when POSTBOARD_TEST_DATABASE_URL names one, else SQLite."""
    url = os.environ.get(POSTGRES)
    ground = PostgresSchemas(url) if url else SqliteFiles(tmp_path_factory.mktemp("databases"))
    yield ground
    ground.close()


@pytest.fixture
def database(ground: Ground) -> Generator[Database]:
    """Migrated and empty."""
    with ground.empty() as database:
        yield database


@pytest.fixture
def world(ground: Ground, database: Database) -> World:
    """The named world, in `database`."""
    return ground.fill(database)


@pytest.fixture
def carl(database: Database, world: World) -> Actor:
    """Acme's second reviewer, not a part of the world."""
    return reviewer(database, world, "Carl")


@pytest.fixture(scope="session")
def chromium() -> Generator[Browser]:
    path = os.environ.get("POSTBOARD_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("POSTBOARD_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required here and is not installed.")
        pytest.skip("needs Chromium: apt-get install chromium, or name it in POSTBOARD_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
