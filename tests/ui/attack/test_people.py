"""The people's page and the dialog that assigns, as a browser speaks of them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Person
from postboard.db.people_models import Responsibility
from postboard.domain.team import Deliverable, Part
from postboard.domain.workflow import State
from tests.ui.attack.browser import Frame, opened
from tests.ui.attack.stage import Stage
from tests.world import actor_of

ROOT = "reflex___state____state"
PEOPLE = f"{ROOT}.postboard___ui___pages___people___state____people_state"
ASSIGN = f"{ROOT}.postboard___ui___components___assign____assign_state"
PART = {"deliverable": "reel_cover", "network": "", "part": "responsible"}


def last(frames: list[Frame], state: str, name: str) -> Any:
    """What the page was told of a variable last."""
    told = [
        value
        for frame in frames
        for field, value in frame.get("delta", {}).get(state, {}).items()
        if field.startswith(name)
    ]
    return told[-1] if told else None


def parts(stage: Stage) -> list[tuple[Any, Deliverable, Part]]:
    with stage.database.read() as session:
        rows = session.execute(select(Responsibility)).scalars()
        return [(one.person_id, one.deliverable, one.part) for one in rows]


def test_a_part_is_given_and_whoever_is_asked_for_answers(stage: Stage) -> None:
    dina = stage.world.dina.user_id
    assert dina
    with opened(stage.address, stage.cookie(stage.world.aron)) as tab:
        tab.call(f"{PEOPLE}.show", {"client_key": "ACME"})
        tab.call(f"{PEOPLE}.save_part", {"form": {**PART, "person": dina.hex}})
    assert parts(stage) == [(dina, Deliverable.REEL_COVER, Part.RESPONSIBLE)]
    with opened(stage.address, stage.cookie(stage.world.ben)) as tab:
        frames = tab.call(f"{PEOPLE}.search", {"form": {"question": "谁做封面"}})
        refused = tab.call(f"{PEOPLE}.save_part", {"form": {**PART, "person": dina.hex}})
    found = last(frames, PEOPLE, "answers")
    assert [(one["client"], one["name"], one["why"]["en"]) for one in found["lines"]] == [
        ("Acme", "Dina", "Responsible: Reel covers.")
    ]
    assert last(refused, PEOPLE, "team") is None
    with opened(stage.address, stage.cookie(stage.world.bodil)) as tab:
        frames = tab.call(f"{PEOPLE}.search", {"form": {"question": "reel cover for Acme"}})
        seen = tab.call(f"{PEOPLE}.show", {"client_key": "ACME"})
    assert {one["client"] for one in last(frames, PEOPLE, "answers")["lines"]} == {"Borealis"}
    assert last(seen, PEOPLE, "team") is None


def test_the_dialog_suggests_and_says_why(stage: Stage) -> None:
    post_id = stage.world.acme.posts[State.DRAFT].hex
    with opened(stage.address, stage.cookie(stage.world.cora)) as tab:
        frames = tab.call(f"{ASSIGN}.open", {"post_ids": [post_id]})
        why = {one["name"]: one["why"][0]["en"] for one in last(frames, ASSIGN, "people")}
        assert why["Ben"] == "Of the department that makes it."
        frames = tab.call(f"{ASSIGN}.weigh", {"deliverable": "invoice"})
        assert last(frames, ASSIGN, "people")[0]["name"] == "Aron"
        year = datetime.now(UTC).year
        frames = tab.call(f"{ASSIGN}.weigh_due", {"due": f"{year - 1}-01-01T10:00"})
        assert not any(one["free"] for one in last(frames, ASSIGN, "people"))


def test_an_admin_hands_over_and_takes_it_back(stage: Stage) -> None:
    ben, cora = stage.world.ben.user_id, stage.world.cora.user_id
    assert ben
    assert cora
    with opened(stage.address, stage.cookie(stage.world.alma)) as tab:
        tab.call(f"{PEOPLE}.show", {"client_key": ""})
        frames = tab.call(f"{PEOPLE}.ask_leave", {"person_id": ben.hex})
        asked = last(frames, PEOPLE, "leaver")["open"]
        assert [one["client"] for one in asked] == ["Acme"]
        refused = tab.call(f"{PEOPLE}.hand_over", {"form": {"leaves": "on"}})
        assert last(refused, PEOPLE, "problem")["en"] == "Choose who takes over for Acme."
        chosen = {asked[0]["id"]: cora.hex, "leaves": "on"}
        frames = tab.call(f"{PEOPLE}.hand_over", {"form": chosen})
        assert _left(stage) == {"Ben"}
        done = last(frames, PEOPLE, "done")["id"]
        tab.call(f"{PEOPLE}.undo_hand_over", {"hand_over_id": done})
    assert _left(stage) == set()
    assert actor_of(stage.database, ben, datetime.now(UTC)) == stage.world.ben


def _left(stage: Stage) -> set[str]:
    with stage.database.read() as session:
        gone = select(col(Person.name)).where(col(Person.disabled_at).is_not(None))
        return {*session.execute(gone).scalars()}
