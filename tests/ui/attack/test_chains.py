"""The dialog that says who approves, as a browser speaks to it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from postboard.db.queries import approvals
from postboard.domain.chains import Chain, Rule, Side, Stage
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import chains
from tests.ui.attack.browser import Frame, Tab, opened
from tests.ui.attack.stage import Stage as Running
from tests.world import bring_to

STATE = "reflex___state____state.postboard___ui___components___chain____chain_state"
PAGE = "reflex___state____state.postboard___ui___pages___post___state____post_page"


@pytest.fixture
def post_id(stage: Running) -> UUID:
    """A draft of Acme, new for each test."""
    world = stage.world
    return bring_to(
        stage.database,
        world.acme.id,
        State.DRAFT,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=datetime.now(UTC),
    )


def of_post(stage: Running, post_id: UUID) -> dict[str, str]:
    return {"client_id": stage.world.acme.id.hex, "campaign_id": "", "post_id": post_id.hex}


def legal(*people: Actor, **more: Any) -> dict[str, Any]:
    named = [person.user_id.hex for person in people if person.user_id]
    plain = {"side": "internal", "name": "Legal", "role": "", "rule": "all", "hours": 8}
    return {**plain, "people": named, **more}


def save(
    tab: Tab, scope: dict[str, str], *stages: dict[str, Any], version: int = 0, reason: str = "Why."
) -> Any:
    """What the dialog says of it."""
    said = {"version": version, "reason": reason, "stages": list(stages)}
    return problem_in(tab.call(f"{STATE}.save", {**scope, **said}))


def problem_in(frames: list[Frame]) -> Any:
    """The last word on what was refused: its stage, whether it was stale, and the sentence."""
    found = None
    for frame in frames:
        of_dialog = frame.get("delta", {}).get(STATE, {})
        for name, value in of_dialog.items():
            if name.startswith("problem"):
                found = value and (value["stage"], value["stale"], value["said"]["en"])
    return found


def chain_of(stage: Running, post_id: UUID) -> Chain:
    with stage.database.read() as session:
        return chains.chain_for(session, stage.world.acme.id, None, post_id)


def test_a_chain_is_set_refused_at_its_stage_and_dropped(stage: Running, post_id: UUID) -> None:
    world, scope = stage.world, of_post(stage, post_id)
    usual = chain_of(stage, post_id)
    iris = tuple(one.user_id for one in [world.iris] if one.user_id)
    own = Chain((Stage(Side.INTERNAL, "Legal", iris, rule=Rule.ALL, due_hours=8),))
    with opened(stage.address, stage.cookie(world.aron)) as tab:
        opening = tab.call(f"{STATE}.open", scope)
        assert '"Alma"' in "".join(tab.raw)
        assert problem_in(opening) is None

        wrong = (legal(world.iris), legal(world.ben))
        sentence = "Choose people who may approve on this side."
        assert save(tab, scope, *wrong) == (1, False, sentence)
        hours = "Hours are a number from 1 to 400."
        assert save(tab, scope, legal(world.iris, hours=-1)) == (0, False, hours)
        why = "Say in a few words why, so that the next person knows what to do."
        assert save(tab, scope, legal(world.iris), reason=" ") == (-1, False, why)
        assert chain_of(stage, post_id) == usual

        assert save(tab, scope, legal(world.iris)) is None
        assert chain_of(stage, post_id) == own
        stale = "Somebody changed this meanwhile. Here is the newest version."
        assert save(tab, scope, legal(world.cora)) == (-1, True, stale)
        assert chain_of(stage, post_id) == own

        assert problem_in(tab.call(f"{STATE}.drop", {**scope, "version": 2})) == (-1, True, stale)
        tab.call(f"{STATE}.drop", {**scope, "version": 1})
    assert chain_of(stage, post_id) == usual


def test_nobody_else_sets_one(stage: Running, post_id: UUID) -> None:
    world, scope = stage.world, of_post(stage, post_id)
    before = stage.everything()
    said = {"version": 0, "reason": "Why.", "stages": [legal(world.iris)]}
    others = [actor for actor in world.everybody() if actor.name not in {"Alma", "Ana", "Aron"}]
    for person in others:
        with opened(stage.address, stage.cookie(person)) as tab:
            tab.call(f"{STATE}.open", scope)
            tab.call(f"{STATE}.save", {**scope, **said})
            tab.call(f"{STATE}.drop", {**scope, "version": 1})
        assert [text for text in tab.raw if "Legal" in text or "Alma" in text] == []
    assert stage.everything() == before


def test_a_message_goes_with_the_question(stage: Running, post_id: UUID) -> None:
    payload = {
        "command_id": post_id.hex,
        "post_id": post_id.hex,
        "version": 1,
        "action": "submit",
        "reason": "",
        "tags": [],
        "person": "",
        "link": "",
        "message": "Look at the logo.",
    }
    with opened(stage.address, stage.cookie(stage.world.ana)) as tab:
        tab.call(f"{PAGE}.step", payload)
    with stage.database.read() as session:
        found = approvals.of_post(session, stage.world.ana, post_id, now=datetime.now(UTC))
    assert found.asked
    assert (found.asked.message, found.asked.who) == ("Look at the logo.", "Ana")
