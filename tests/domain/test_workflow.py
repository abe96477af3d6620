from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from postboard.db.engine import Database
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import (
    BOARD_COLUMNS,
    CLIENT_STATES,
    SPECS,
    Action,
    Column,
    Policy,
    State,
    find_step,
    opens_round,
    steps_for,
)
from postboard.services import clients, steps
from postboard.services.clients import NewClient
from postboard.services.steps import NoSuchStep
from tests.product_table import (
    AGENCY_ONLY,
    BOTH,
    BOTH_STRAIGHT_BACK,
    CLIENT_ONLY,
    CLIENT_SEES,
    COLUMN_OF,
    NOBODY,
    NOT_BY_HAND,
    POLICIES,
    REVISED,
    TABLE,
    WRITERS,
    next_state,
)
from tests.world import NOW, World, full_answer


@pytest.mark.parametrize("policy", POLICIES)
def test_every_role_may_take_the_steps_of_the_table_and_no_other(policy: Policy) -> None:
    offered = {
        (state.value, step.action.value, role.value): step.next_state.value
        for state in State
        for role in Role
        for step in steps_for(state, role, policy)
    }
    assert offered == {
        (state, action, role): next_state(state, action, policy)
        for (state, action), (_, roles) in TABLE.items()
        for role in roles
    }


@pytest.mark.parametrize("policy", POLICIES)
def test_each_action_means_one_step_or_none(policy: Policy) -> None:
    meant = {
        (state.value, action.value): step.next_state.value
        for state in State
        for action in Action
        if (step := find_step(state, action, policy))
    }
    by_hand = {key: next_state(*key, policy) for key in {*TABLE, *REVISED}}
    assert meant == by_hand | NOT_BY_HAND


def test_a_stranger_is_offered_nothing() -> None:
    assert {steps_for(state, None, BOTH) for state in State} == {()}


def test_columns_and_what_the_client_sees() -> None:
    assert {state.value for state in CLIENT_STATES} == CLIENT_SEES
    assert {state.value: spec.column.value for state, spec in SPECS.items()} == {
        state.value: COLUMN_OF.get(state.value, state.value) for state in State
    }
    assert Column.CANCELLED not in BOARD_COLUMNS


def test_a_card_is_dropped_on_each_column_for_one_reason() -> None:
    dropped: dict[tuple[str, str], str] = {}
    for state in State:
        for step in steps_for(state, Role.MANAGER, BOTH):
            column = SPECS[step.next_state].column
            if column is not SPECS[state].column:
                dropped.setdefault((state.value, column.value), step.action.value)
    assert dropped == {
        ("draft", "in_production"): "assign",
        ("draft", "internal_review"): "submit",
        ("draft", "cancelled"): "cancel",
        ("in_production", "draft"): "finish",
        ("in_production", "internal_review"): "submit",
        ("internal_review", "ready_for_client"): "approve",
        ("internal_review", "rework"): "request_changes",
        ("internal_rework", "internal_review"): "submit",
        ("ready_for_client", "client_review"): "send_to_client",
        ("client_review", "ready_for_client"): "recall",
        ("client_rework", "internal_review"): "submit",
        ("approved", "scheduled"): "schedule",
        ("scheduled", "approved"): "unschedule",
        ("publish_failed", "published"): "mark_published",
        ("cancelled", "draft"): "reopen",
    }


def test_only_the_way_to_the_client_opens_a_round() -> None:
    opening = {
        (step.state.value, step.action.value)
        for state in State
        for action in Action
        if (step := find_step(state, action, BOTH_STRAIGHT_BACK)) and opens_round(step)
    }
    assert opening == {("ready_for_client", "send_to_client"), ("client_rework", "submit")}


@pytest.mark.parametrize("policy", [BOTH, BOTH_STRAIGHT_BACK, AGENCY_ONLY, CLIENT_ONLY, NOBODY])
def test_the_services_answer_every_role_in_every_state_as_the_table_says(
    database: Database, world: World, policy: Policy
) -> None:
    with database.write() as session:
        clients.change_client(
            session,
            world.ana,
            world.acme.id,
            NewClient("Acme", policy=policy),
            rounds_included=3,
            now=NOW,
        )
    cast = {role.value: actor for role, actor in world.of_acme().items()}
    cast |= {"a stranger": Actor(None, "Nobody"), "dora": world.dora, "bodil": world.bodil}
    if policy != BOTH:  # the rights do not hang on the policy: a few people show the way it turns
        cast = {who: cast[who] for who in ("manager", "copywriter", "client_reviewer", "dora")}
    asked = [(s, a, who) for s in State for a in Action for who in cast]
    with database.read() as session:
        answers = {
            (s.value, a.value, who): _try(session, cast[who], world.acme.posts[s], a)
            for s, a, who in asked
        }
    assert answers == {(s.value, a.value, who): _due(s, a, who, policy) for s, a, who in asked}


def _try(session: Session, actor: Actor, post_id: UUID, action: Action) -> str:
    """The answer in a word; nothing is kept."""
    answer = full_answer(action)
    try:
        done = steps.take_step(session, actor, post_id, action, revision=1, answer=answer, now=NOW)
    except (NotFound, NotAllowed, NoSuchStep) as no:
        return type(no).__name__
    session.rollback()
    return done.state.value


def _due(state: str, action: str, who: str, policy: Policy) -> str:
    if who in {"a stranger", "dora", "bodil"}:
        return "NotFound"
    if who in {"client_reviewer", "client_viewer"} and state not in CLIENT_SEES:
        return "NotFound"
    if (state, action) not in TABLE:
        # Only the clock publishes or fails; only an edit revises.
        return (
            "NotAllowed" if action in {"publish", "fail"} and state == "scheduled" else "NoSuchStep"
        )
    # A task is finished by Ben, who holds it, or by those who hand tasks out.
    roles = WRITERS if action == "finish" else TABLE[state, action][1]
    # Whoever is asked already is asked by the old policy.
    asked_by = BOTH if (state, action) == ("internal_review", "approve") else policy
    return next_state(state, action, asked_by) if who in roles else "NotAllowed"
