"""The doors that a file of figures comes in by: who finds them, and what they make of nonsense."""

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from postboard.domain.permissions import Actor
from tests.exports import INSTAGRAM, instagram, written
from tests.ui.attack.browser import Frame, events, opened
from tests.ui.attack.stage import Stage
from tests.ui.attack.test_handlers import FAILED

STATE = (
    "reflex___state____state.postboard___ui___pages___performance_import___state"
    "____performance_import"
)
NAMES = ("../../etc/passwd", "x" * 90_000, "." * 22)
ANSWERS = (
    *(("take_account", {"account": one}) for one in ("x" * 90_000, "\u202e", "<b>")),
    *(("take_zone", {"zone": one}) for one in ("../../etc/passwd", "x" * 90_000)),
    *(("take_year", {"year": one}) for one in ("0000", "9999", "٢٠٢٦", "-1")),
    *(("take_captured", {"day": one}) for one in ("0001-01-01", "9999-12-31", "2100-12-31")),
    ("take_network", {"network": "myspace"}),
    ("take_order", {"order": "x"}),
    ("choose_client", {"client": "BORE"}),
    ("commit", {}),
    ("undo", {"import_id": "0" * 32}),
)


def test_the_route_is_there_for_those_alone_who_may_import(stage: Stage) -> None:
    world = stage.world
    people = (world.alma, world.ana, world.cora, world.ben, world.dina, world.cleo, world.dora)
    found = {person.name: _sent(stage, person, b"x")[0] for person in (*people, stage.nils)}
    assert found == {
        **dict.fromkeys(("Alma", "Ana", "Cora"), 200),
        **dict.fromkeys(("Ben", "Dina", "Cleo", "Dora", "Nils"), 404),
    }
    assert _sent(stage, None, b"x")[0] == 404
    assert _sent(stage, world.cora, b"x", {"Origin": "https://evil.example"})[0] == 403


def test_hostile_answers_are_refused_and_break_nothing(stage: Stage, tmp_path: Path) -> None:
    cora, before = stage.world.cora, stage.everything()["metricimport"]
    file = written(tmp_path, "export.csv", INSTAGRAM, [instagram(1)])
    _, upload = _sent(stage, cora, file.path.read_bytes())
    frames: list[Frame] = []
    for name in (upload, *NAMES):
        with opened(stage.address, stage.cookie(cora)) as tab:
            tab.call(f"{STATE}.load", {})
            tab.call(f"{STATE}.choose_client", {"client": "ACME"})
            file_named = {"upload": name, "filename": "../\u202e<img>\n"}
            frames += tab.call(f"{STATE}.take", file_named)
            for handler, payload in ANSWERS:
                frames += tab.call(f"{STATE}.{handler}", payload)
            assert max(map(len, tab.raw)) < 50_000
    assert FAILED not in events(frames)
    assert stage.everything()["metricimport"] == before


def _sent(
    stage: Stage, person: Actor | None, body: bytes, more: dict[str, str] | None = None
) -> tuple[int, str]:
    """The route's status, and the upload's name if it took it."""
    given = {"Cookie": f"postboard_session={stage.cookie(person)}"} if person else {}
    asked = Request(f"{stage.address}/uploads/metrics", body, {**given, **(more or {})})
    try:
        with urlopen(asked) as answer:
            return answer.status, json.load(answer)["upload"]
    except HTTPError as refused:
        return refused.code, ""
