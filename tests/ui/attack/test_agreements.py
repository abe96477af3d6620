"""An agreement as browsers speak of it: written and offered by the agency, answered by a press."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.queries import contracts as query
from postboard.domain.contract import Contract, ContractState
from postboard.services import contracts
from postboard.ui.pages.clients.agreement_form import form_of
from tests.ui.attack.browser import Frame, events, opened
from tests.ui.attack.stage import Stage
from tests.ui.attack.test_handlers import NOT_HERE
from tests.ui.test_agreement_form import sent

STATE = (
    "reflex___state____state.postboard___ui___pages___clients___agreement_state____agreement_state"
)
THEIRS = "reflex___state____state.postboard___ui___pages___review___agreement____client_agreement"


@pytest.fixture(autouse=True)
def none_yet(stage: Stage) -> None:
    with stage.database.write() as session:
        session.execute(delete(AgreementVersion))


def said(frames: list[Frame], state: str, name: str) -> Any:
    """The last value of a field of the page."""
    found = None
    for frame in frames:
        for key, value in frame.get("delta", {}).get(state, {}).items():
            if key.startswith(name + "_rx_state"):
                found = value
    return found


def rows(stage: Stage) -> list[tuple[ContractState, str]]:
    with stage.database.read() as session:
        found = session.execute(
            select(col(AgreementVersion.state), col(AgreementVersion.answered_name))
        )
        return [(state, who) for state, who in found]


def offered(stage: Stage) -> tuple[UUID, str]:
    acme, aron, at = stage.world.acme.id, stage.world.aron, datetime.now(UTC)
    terms = Contract(title="Care", scope="Posts.", starts_on=at.date())
    with stage.database.write() as session:
        version_id = contracts.begin(session, aron, acme, terms, now=at)
        return version_id, contracts.offer(session, aron, version_id, version=1, now=at)


def test_it_is_written_with_a_word_at_the_wrong_field_and_offered(stage: Stage) -> None:
    acme, today = stage.world.acme.id, datetime.now(UTC).date()
    with opened(stage.address, stage.cookie(stage.world.aron)) as tab:
        tab.call(f"{STATE}.look", {"client_id": acme.hex})
        tab.call(f"{STATE}.begin", {"template": "monthly"})
        with stage.database.read() as session:
            version_id = session.execute(select(col(AgreementVersion.id))).scalar_one()
            one = contracts.find(session, stage.world.aron, version_id)
        draft = form_of(one.id.hex, one.number, one.kind.value, one.version, "", one.terms)
        tab.call(f"{STATE}.write", {"version_id": version_id.hex})
        form = {**sent(draft), "starts_on": today.isoformat(), "ends_on": "2001-01-01"}
        wrong = tab.call(f"{STATE}.save", {"form": form})
        assert said(wrong, STATE, "problem_at") == "ends_on"
        assert said(wrong, STATE, "problem")["en"] == "It ends before it starts."
        tab.call(f"{STATE}.save", {"form": {**form, "ends_on": ""}})
        tab.call(f"{STATE}.offer", {"version_id": version_id.hex, "version": 2})
    assert rows(stage) == [(ContractState.OFFERED, "")]


def test_a_reviewer_accepts_by_a_press_and_nothing_less(stage: Stage) -> None:
    version_id, digest = offered(stage)
    answer = {"form": {"agreement": version_id.hex, "digest": digest, "read": "on"}}
    for staff in (stage.world.alma, stage.world.ana, stage.world.aron):
        with opened(stage.address, stage.cookie(staff)) as tab:
            assert events(tab.call(f"{THEIRS}.accept", answer)) == [NOT_HERE]
    with opened(stage.address, stage.cookie(stage.world.vera)) as tab:
        assert events(tab.call(f"{THEIRS}.accept", answer)) == [NOT_HERE]
    with opened(stage.address, stage.cookie(stage.world.cleo), page="/review/") as tab:
        tab.settle()
        seen = tab.call(f"{THEIRS}.look", {})
        assert [one["digest"] for one in said(seen, THEIRS, "offers")] == [digest]
        # Opening and looking answered nothing; another text than the one shown is no answer either.
        other = {"form": {"agreement": version_id.hex, "digest": "0" * 64}}
        tab.call(f"{THEIRS}.accept", other)
        assert rows(stage) == [(ContractState.OFFERED, "")]
        done = tab.call(f"{THEIRS}.accept", answer)
        assert said(done, THEIRS, "answered") == "accepted"
        assert [one["number"] for one in said(done, THEIRS, "holding")] == [1]
    assert rows(stage) == [(ContractState.ACCEPTED, "Cleo")]
    with stage.database.read() as session:
        held = query.of_client(session, stage.world.acme.id, datetime.now(UTC))
    assert held
    assert held.id == version_id


def test_a_reviewer_says_what_does_not_fit(stage: Stage) -> None:
    version_id, digest = offered(stage)
    form = {"agreement": version_id.hex, "digest": digest, "why_not": ""}
    with opened(stage.address, stage.cookie(stage.world.cleo)) as tab:
        empty = tab.call(f"{THEIRS}.decline", {"form": form})
        assert said(empty, THEIRS, "problem")["en"].startswith("Say in a few words")
        tab.call(f"{THEIRS}.decline", {"form": {**form, "why_not": "Too few rounds."}})
    assert rows(stage) == [(ContractState.DECLINED, "Cleo")]
