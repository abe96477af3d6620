"""Files of figures: whose upload it is, and that a page's answers reach the services."""

import json
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from postboard.db.queries import measured
from postboard.domain.permissions import Actor
from tests.exports import INSTAGRAM, instagram, written
from tests.ui.attack.browser import Tab, opened
from tests.ui.attack.handlers import Handler
from tests.ui.attack.stage import Stage

PATIENCE_S = 20


@pytest.fixture
def named(handlers: list[Handler]):
    def full(name: str) -> str:
        [found] = [one.name for one in handlers if one.name.endswith(f"performance_import.{name}")]
        return found

    return full


def test_an_upload_is_its_owners_alone(stage: Stage, named, tmp_path: Path) -> None:
    upload = _send(stage, stage.world.cora, tmp_path)
    told = {}
    for person in (stage.world.cora, stage.world.aron):
        with opened(stage.address, stage.cookie(person)) as tab:
            tab.call(named("load"), {})
            tab.call(named("choose_client"), {"client": "ACME"})
            tab.call(named("take"), {"upload": upload, "filename": "export.csv"})
            told[person.name] = [text for text in tab.raw if "Acme secret of February" in text]
    assert len(told["Cora"]) > 0
    assert told["Aron"] == []


def test_what_is_answered_on_the_page_is_what_comes_in(stage: Stage, named, tmp_path: Path) -> None:
    upload = _send(stage, stage.world.cora, tmp_path)
    with opened(stage.address, stage.cookie(stage.world.cora)) as tab:
        tab.call(named("load"), {})
        tab.call(named("choose_client"), {"client": "ACME"})
        tab.call(named("take"), {"upload": upload, "filename": "export.csv"})
        tab.call(named("take_zone"), {"zone": "Asia/Tokyo"})
        tab.call(named("take_zone"), {"zone": "Nowhere/Here"})
        tab.call(named("commit"), {})
        posts = _until_measured(stage, tab)
        assert [(post.text, post.published_at.hour) for post in posts] == [
            ("Acme secret of February", 1)
        ]
        [one] = [one for one in _imports(stage) if one.file_name == "export.csv"]
        assert (one.who, one.file_name, one.new) == ("Cora", "export.csv", 1)
        tab.call(named("ask_undo"), {"import_id": one.id})
        tab.call(named("undo"), {"import_id": one.id})
        until = time.monotonic() + PATIENCE_S
        while _measured(stage) and time.monotonic() < until:
            tab.read_all()
    assert _measured(stage) == []


def _send(stage: Stage, person: Actor, folder: Path) -> str:
    row = instagram(1, text="Acme secret of February", at="02/20/2026 10:00")
    file = written(folder, "export.csv", INSTAGRAM, [row])
    given = {"Cookie": f"postboard_session={stage.cookie(person)}"}
    address = f"{stage.address}/uploads/metrics"
    with urlopen(Request(address, file.path.read_bytes(), given, method="POST")) as answer:
        return json.load(answer)["upload"]


def _until_measured(stage: Stage, tab: Tab):
    until = time.monotonic() + PATIENCE_S
    while not _measured(stage) and time.monotonic() < until:
        tab.read_all()
    return _measured(stage)


def _measured(stage: Stage):
    with stage.database.read() as session:
        posts = measured.measured_posts(session, stage.world.ana)
    return [post for post in posts if "February" in post.text]


def _imports(stage: Stage):
    with stage.database.read() as session:
        return measured.metric_imports(session, stage.world.ana, now=datetime.now(UTC))
