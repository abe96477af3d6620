"""A guideline to download: for its readers only, in both forms."""

from datetime import UTC, datetime

import pytest

from postboard.db.engine import Database
from postboard.domain.guidelines import Guideline, Section, Topic
from postboard.domain.permissions import Actor
from postboard.services import guidelines
from tests.api.conftest import Browser, Visit
from tests.world import NOW, World, cookie_of

TONE = Section("tone", Topic.TONE, "语气", "Warm. <script>x</script>")


@pytest.fixture
def of_acme(database: Database, world: World) -> str:
    with database.write() as session:
        acme, written = world.acme.id, Guideline((TONE,))
        guidelines.write(session, world.aron, acme, written, version=0, now=NOW)
        guidelines.publish(session, world.aron, acme, version=1, now=NOW)
    return f"/guidelines/{acme.hex}"


def as_person(database: Database, visit: Visit, who: Actor) -> Browser:
    browser = visit()
    browser.cookies.set(
        "postboard_session", cookie_of(database, who, datetime.now(UTC)), "board.example"
    )
    return browser


def test_its_readers_get_it(database: Database, world: World, visit: Visit, of_acme: str) -> None:
    browser = as_person(database, visit, world.ben)
    markdown, told = browser.get(f"{of_acme}/1.md"), browser.get(f"{of_acme}/1.json")
    assert (markdown.status_code, told.status_code) == (200, 200)
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert markdown.headers["x-content-type-options"] == "nosniff"
    assert "## 语气\n\nWarm. <script>x</script>" in markdown.text
    assert told.json()["sections"][0]["title"] == "语气"
    assert browser.get(f"{of_acme}/draft.json").json()["version"] is None


def test_nobody_else_does_and_no_other_address_answers(
    database: Database, world: World, visit: Visit, of_acme: str
) -> None:
    for who in (world.bodil, world.cleo, world.vera, world.dora):
        browser = as_person(database, visit, who)
        for kind in ("md", "json"):
            assert browser.get(f"{of_acme}/1.{kind}").status_code == 404
            assert browser.get(f"{of_acme}/draft.{kind}").status_code == 404
    browser = as_person(database, visit, world.ben)
    for wrong in ("2", "0", "-1", "x", "9999999"):
        assert browser.get(f"{of_acme}/{wrong}.md").status_code == 404
    assert browser.get("/guidelines/nobody/1.md").status_code == 404
    assert browser.get("/guidelines/agency/1.json").status_code == 404
