"""Planning backwards, lead times and odds, as a browser speaks of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Task
from postboard.db.planning_models import LeadTimeTemplate
from postboard.domain.planning import LeadStep
from postboard.domain.workflow import State
from postboard.services import posts, step_times
from postboard.services.posts import NewPost
from tests.ui.attack.browser import Frame, opened
from tests.ui.attack.stage import Stage
from tests.world import WORDS, found

ROOT = "reflex___state____state"
PLAN = f"{ROOT}.postboard___ui___pages___post___backward____backward_state"
LEAD = f"{ROOT}.postboard___ui___pages___clients___lead_times____lead_times_state"
BOARD = f"{ROOT}.postboard___ui___pages___board___state____board_state"
WORK = f"{ROOT}.postboard___ui___pages___work___state____work_state"
STALE = "Somebody changed this meanwhile. Here is the newest version."


@pytest.fixture
def post_id(stage: Stage) -> UUID:
    """A draft of Acme with time enough."""
    with stage.database.write() as session:
        now = datetime.now(UTC)
        new = NewPost(WORDS, now + timedelta(days=30))
        return posts.create(session, stage.world.ana, stage.world.acme.id, new, now=now)


def last(frames: list[Frame], state: str, name: str) -> Any:
    """What the page was told of a variable last."""
    told = [
        value
        for frame in frames
        for field, value in frame.get("delta", {}).get(state, {}).items()
        if field.startswith(name)
    ]
    return told[-1] if told else None


def dues(stage: Stage, post_id: UUID) -> dict[LeadStep, datetime]:
    with stage.database.read() as session:
        return step_times.dues(session, post_id)


def tasks(stage: Stage, post_id: UUID) -> list[UUID]:
    with stage.database.read() as session:
        return list(
            session.execute(
                select(col(Task.assignee_id)).where(col(Task.post_id) == post_id)
            ).scalars()
        )


def test_what_was_proposed_is_planned_once_and_never_over_somebodys_change(
    stage: Stage, post_id: UUID
) -> None:
    world, one = stage.world, {"post_id": post_id.hex}
    ben = world.ben.user_id
    assert ben
    form = {"form": {"person_copy": ben.hex, "person_design": "", "person_buffer": ""}}
    with opened(stage.address, stage.cookie(world.aron)) as tab:
        before = stage.everything()
        tab.call(f"{PLAN}.plan_it", form)
        tab.call(f"{PLAN}.move_there", {})
        assert stage.everything() == before

        proposal = last(tab.call(f"{PLAN}.propose", one), PLAN, "proposal")
        assert [step["step"] for step in proposal["steps"]] == [str(step) for step in LeadStep]
        assert stage.everything() == before
        with stage.database.write() as session:
            at = datetime.now(UTC) + timedelta(days=40)
            posts.replan(
                session, world.ana, post_id, at, version=proposal["version"], now=datetime.now(UTC)
            )
        refused = last(tab.call(f"{PLAN}.plan_it", form), PLAN, "problem")
        assert refused["en"] == STALE
        assert dues(stage, post_id) == {}

        # What was refused is proposed anew, so that the next try is of what stands.
        told = tab.call(f"{PLAN}.plan_it", form)
        assert last(told, PLAN, "plan_rx")["steps"][0]["who"] == ["Ben"]
        assert (set(dues(stage, post_id)), tasks(stage, post_id)) == (set(LeadStep), [ben])
        tab.call(f"{PLAN}.plan_it", form)
        assert tasks(stage, post_id) == [ben]


def test_the_earliest_time_is_taken_on_the_version_that_was_seen(stage: Stage) -> None:
    world, now = stage.world, datetime.now(UTC)
    with stage.database.write() as session:
        new = NewPost(WORDS, now + timedelta(hours=1))
        post_id = posts.create(session, world.ana, world.acme.id, new, now=now)
    with opened(stage.address, stage.cookie(world.cora)) as tab:
        asked = last(tab.call(f"{PLAN}.propose", {"post_id": post_id.hex}), PLAN, "proposal")
        assert asked["earliest_at"]
        refused = last(tab.call(f"{PLAN}.plan_it", {"form": {}}), PLAN, "problem")
        assert refused["en"].startswith("Too little time is left for this.")
        moved = last(tab.call(f"{PLAN}.move_there", {}), PLAN, "proposal")
        assert (moved["planned_at"], moved["earliest_at"]) == (asked["earliest_at"], "")
    planned_at = found(stage.database, world.ana, post_id).planned_at
    assert planned_at == datetime.fromisoformat(asked["earliest_at"])


def test_whoever_may_not_move_dates_neither_proposes_nor_plans(stage: Stage, post_id: UUID) -> None:
    before = stage.everything()
    planners = {"Alma", "Ana", "Aron", "Cora"}
    others = [actor for actor in stage.world.everybody() if actor.name not in planners]
    for person in others:
        with opened(stage.address, stage.cookie(person)) as tab:
            frames = tab.call(f"{PLAN}.propose", {"post_id": post_id.hex})
            tab.call(f"{PLAN}.squeeze", {})
            tab.call(f"{PLAN}.plan_it", {"form": {}})
            tab.call(f"{PLAN}.move_there", {})
        assert last(frames, PLAN, "proposal") is None
    assert stage.everything() == before


def test_lead_times_are_refused_at_their_field_and_written_on_their_version(
    stage: Stage,
) -> None:
    world = stage.world
    client = {"client_id": world.acme.id.hex}

    def form_of(rows: list[Any], **changed: str) -> dict[str, Any]:
        cells = [cell for row in rows for cell in row["cells"]]
        return {"form": {cell["name"]: str(cell["hours"]) for cell in cells} | changed}

    with opened(stage.address, stage.cookie(world.aron)) as tab:
        rows = last(tab.call(f"{LEAD}.open", client), LEAD, "rows")
        wrong = {"video_design": "4.5", "text_copy": "-1", "image_buffer": "401", "image_copy": ""}
        told = tab.call(f"{LEAD}.save", form_of(rows, **wrong))
        assert last(told, LEAD, "wrong").keys() == wrong.keys()
        tab.call(f"{LEAD}.save", form_of(rows, video_design="40"))
        assert templates(stage) == {("video", 1, 40)}
        # Another tab still shows the usual times.
        tab.call(f"{LEAD}.open", client)
        with opened(stage.address, stage.cookie(world.ana)) as other:
            other.call(f"{LEAD}.open", client)
            other.call(f"{LEAD}.save", form_of(rows, video_design="48"))
        told = tab.call(f"{LEAD}.save", form_of(rows, video_design="56"))
        assert last(told, LEAD, "problem")["en"] == STALE
        assert templates(stage) == {("video", 2, 48)}
        old = tab.call(f"{LEAD}.follow_usual", {"kind": "video", "version": 1})
        assert last(old, LEAD, "problem")["en"] == STALE
        assert templates(stage) == {("video", 2, 48)}
        tab.call(f"{LEAD}.follow_usual", {"kind": "video", "version": 2})
        assert templates(stage) == {("video", 3, None)}
        again = last(tab.call(f"{LEAD}.open", client), LEAD, "rows")
    assert again == rows


def test_nobody_else_changes_lead_times(stage: Stage) -> None:
    before = stage.everything()
    client = {"client_id": stage.world.acme.id.hex}
    keepers = {"Alma", "Ana", "Aron"}
    for person in stage.world.everybody():
        if person.name in keepers:
            continue
        with opened(stage.address, stage.cookie(person)) as tab:
            told = tab.call(f"{LEAD}.open", client)
            tab.call(f"{LEAD}.save", {"form": {"text_copy": "1"}})
            tab.call(f"{LEAD}.follow_usual", {"kind": "text", "version": 0})
        assert not last(told, LEAD, "rows")
    assert stage.everything() == before


def test_odds_are_told_of_ones_own_posts_only(stage: Stage) -> None:
    acme, borealis = stage.world.acme.posts, stage.world.borealis.posts
    ids = [one[State.CLIENT_REVIEW].hex for one in (acme, borealis)]
    with opened(stage.address, stage.cookie(stage.world.bodil)) as tab:
        for post_id in ids:
            tab.call(f"{PLAN}.look_ahead", {"post_id": post_id})
        tab.call(f"{BOARD}.look_ahead", {"post_ids": ids * 400})
        tab.call(f"{WORK}.look_ahead", {})
    told = "".join(tab.raw)
    assert f'"post_id":"{ids[1]}"' in told.replace(" ", "")
    assert f'"post_id":"{ids[0]}"' not in told.replace(" ", "")


def templates(stage: Stage) -> set[tuple[str, int, int | None]]:
    with stage.database.read() as session:
        rows = session.execute(select(LeadTimeTemplate)).scalars()
        return {(str(one.kind), one.version, one.hours.get("design")) for one in rows}
