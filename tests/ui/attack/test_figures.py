"""Files of figures: whose upload it is, and that a page's answers reach the services."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import UUID

import pytest

from postboard.db.queries import measured
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from tests.exports import INSTAGRAM, instagram, written
from tests.ui.attack.browser import Tab, opened
from tests.ui.attack.handlers import Handler
from tests.ui.attack.stage import Stage

PATIENCE_S = 20
FEBRUARY = "Acme secret of February"


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
            told[person.name] = [text for text in tab.raw if FEBRUARY in text]
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
        assert [(post.text, post.published_at.hour) for post in posts] == [(FEBRUARY, 1)]
        until = time.monotonic() + PATIENCE_S
        while not _offered(tab, posts[0].id) and time.monotonic() < until:
            tab.read_all()
        assert _offered(tab, posts[0].id)  # it is none of ours so far
        [one] = [one for one in _imports(stage) if one.file_name == "export.csv"]
        assert (one.who, one.file_name, one.new) == ("Cora", "export.csv", 1)
        tab.call(named("ask_undo"), {"import_id": one.id})
        tab.call(named("undo"), {"import_id": one.id})
        until = time.monotonic() + PATIENCE_S
        while _measured(stage) and time.monotonic() < until:
            tab.read_all()
    assert _measured(stage) == []


def test_what_a_column_counts_is_said_on_the_page_or_refused_there(
    stage: Stage, named, tmp_path: Path
) -> None:
    upload = _send(stage, stage.world.cora, tmp_path)
    with opened(stage.address, stage.cookie(stage.world.cora)) as tab:
        tab.call(named("load"), {})
        tab.call(named("choose_client"), {"client": "ACME"})
        tab.call(named("take"), {"upload": upload, "filename": "export.csv"})
        told = tab.call(named("take_column"), {"header": "Replays", "metric": "video_views"})
        assert '"counts":"video_views"' in _plain(told)
        assert '"metric":"video_views","total":"41"' in _plain(told)
        told = tab.call(named("take_column"), {"header": "Mood", "metric": "saves"})
        assert "its values are no such numbers" in _plain(told)
        told = tab.call(named("take_column"), {"header": "Replays", "metric": ""})
        assert '"counts":"video_views"' not in _plain(told)
        assert '"counts":""' in _plain(told)


def test_a_measured_post_is_linked_by_whom_it_is_for_alone(
    stage: Stage, handlers: list[Handler]
) -> None:
    """Whoever opened the dialog of one's own post cannot name another brand's there."""
    called = {one.name.rpartition(".")[2]: one.name for one in handlers if "link_post." in one.name}
    [measured_post] = _measured(stage, "Acme secret of the figures 1")
    ours = stage.world.acme.posts[State.PUBLISHED]
    of_borealis = stage.world.borealis.posts[State.PUBLISHED]

    def link(person: Actor, post_id: UUID) -> str:
        with opened(stage.address, stage.cookie(person)) as tab:
            tab.call(called["ask"], {"metric_post_id": measured_post.id})
            tab.call(called["search"], {"words": "secret"})
            tab.call(called["choose"], {"post_id": post_id.hex})
            tab.settle()
        return _measured(stage, measured_post.text)[0].post_id

    assert link(stage.world.bodil, ours) == ""
    assert link(stage.world.ben, ours) == ""
    assert link(stage.world.ana, of_borealis) == ""
    assert link(stage.world.cora, ours) == ours.hex
    with opened(stage.address, stage.cookie(stage.world.cora)) as tab:
        tab.call(called["ask"], {"metric_post_id": measured_post.id})
        tab.call(called["unlink"], {})
        tab.settle()
    assert _measured(stage, measured_post.text)[0].post_id == ""


def _plain(frames: object) -> str:
    return json.dumps(frames, separators=(",", ":"))


def _send(stage: Stage, person: Actor, folder: Path) -> str:
    row = instagram(900, text=FEBRUARY, at="02/20/2026 10:00")
    header, more = (*INSTAGRAM, "Replays", "Mood"), ["41", "calm"]
    file = written(folder, "export.csv", header, [[*row, *more]])
    given = {"Cookie": f"postboard_session={stage.cookie(person)}"}
    address = f"{stage.address}/uploads/metrics"
    with urlopen(Request(address, file.path.read_bytes(), given, method="POST")) as answer:
        return json.load(answer)["upload"]


def _offered(tab: Tab, measured_id: str) -> bool:
    return any('"outside' in text and measured_id in text for text in tab.raw)


def _until_measured(stage: Stage, tab: Tab):
    until = time.monotonic() + PATIENCE_S
    while not _measured(stage) and time.monotonic() < until:
        tab.read_all()
    return _measured(stage)


def _measured(stage: Stage, text: str = FEBRUARY):
    """The posts with those words: the stage has others."""
    with stage.database.read() as session:
        found = measured.measured_posts(session, stage.world.ana)
    return [post for post in found if post.text == text]


def _imports(stage: Stage):
    with stage.database.read() as session:
        return measured.metric_imports(session, stage.world.ana, now=datetime.now(UTC))
