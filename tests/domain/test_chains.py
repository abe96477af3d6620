from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.chains import (
    RIGHTS,
    SIDE_OF,
    Chain,
    Rule,
    Side,
    Stage,
    chain_from_json,
    is_complete,
    preset,
)
from postboard.domain.errors import BadInput
from postboard.domain.permissions import PERMISSIONS, Role
from postboard.domain.workflow import Approval, State

ANN, BOB = UUID(int=1), UUID(int=2)
INTERNAL, CLIENT = Stage(Side.INTERNAL), Stage(Side.CLIENT)

people = st.lists(st.uuids(version=4), max_size=3, unique=True).map(tuple)
stages = st.builds(
    Stage,
    side=st.sampled_from(Side),
    name=st.text(max_size=10),
    people=people,
    role=st.none() | st.sampled_from(Role),
    rule=st.sampled_from(Rule),
    due_hours=st.none() | st.integers(-1, 500),
)


def test_two_states_wait_for_a_side() -> None:
    assert SIDE_OF == {State.INTERNAL_REVIEW: Side.INTERNAL, State.CLIENT_REVIEW: Side.CLIENT}


@pytest.mark.parametrize(
    ("approval", "chain"),
    [
        (Approval.NOBODY, Chain()),
        (Approval.INTERNAL_ONLY, Chain((INTERNAL,))),
        (Approval.CLIENT_ONLY, Chain((CLIENT,))),
        (Approval.INTERNAL_AND_CLIENT, Chain((INTERNAL, CLIENT))),
    ],
)
def test_a_preset_is_one_open_stage_per_side(approval: Approval, chain: Chain) -> None:
    assert preset(approval) == chain
    assert (chain.approval, chain.preset) == (approval, approval)


def test_a_chain_of_ones_own_is_no_preset_yet_asks_the_same_sides() -> None:
    own = Chain((Stage(Side.INTERNAL, "Legal", people=(ANN,)), CLIENT))
    assert (own.approval, own.preset) == (Approval.INTERNAL_AND_CLIENT, None)


def test_what_comes_next_stays_on_its_side() -> None:
    chain = Chain((INTERNAL, INTERNAL, CLIENT, CLIENT))
    assert [chain.first(side) for side in Side] == [0, 2]
    assert [chain.after(stage) for stage in range(4)] == [1, None, 3, None]


def test_a_side_that_was_promised_is_asked_even_if_the_chain_forgot_it() -> None:
    assert Chain((CLIENT,)).asking(Side.INTERNAL) == Chain((INTERNAL, CLIENT))
    assert Chain((INTERNAL,)).asking(Side.CLIENT) == Chain((INTERNAL, CLIENT))
    assert Chain((INTERNAL,)).asking(Side.INTERNAL) == Chain((INTERNAL,))


@pytest.mark.parametrize(
    ("rule", "asked", "approved", "complete"),
    [
        (Rule.ANY, (), (), False),
        (Rule.ANY, (), (ANN,), True),
        (Rule.ANY, (ANN, BOB), (BOB,), True),
        (Rule.ANY, (ANN,), (BOB,), False),
        (Rule.ALL, (ANN, BOB), (BOB,), False),
        (Rule.ALL, (ANN, BOB), (BOB, ANN), True),
        (Rule.ALL, (), (ANN,), True),
    ],
)
def test_when_a_stage_is_through(
    rule: Rule, asked: tuple[UUID, ...], approved: tuple[UUID, ...], complete: bool
) -> None:
    assert is_complete(rule, asked, approved) is complete


@pytest.mark.parametrize(
    ("chain", "sentence"),
    [
        (Chain((CLIENT, INTERNAL)), "The agency’s stages come before the client’s."),
        (Chain((INTERNAL,) * 9), "A chain has at most 8 stages."),
        (
            Chain((Stage(Side.CLIENT, rule=Rule.ALL),)),
            "Choose the people or the role of whom all must approve.",
        ),
        (
            Chain((Stage(Side.INTERNAL, people=(ANN,), role=Role.ART_DIRECTOR),)),
            "A stage names people or a role, not both.",
        ),
        (
            Chain((Stage(Side.INTERNAL, role=Role.COPYWRITER),)),
            "That role may not approve on this side.",
        ),
        (Chain((Stage(Side.CLIENT, due_hours=0),)), "Hours are a number from 1 to 400."),
        (
            Chain((Stage(Side.CLIENT, people=tuple(uuid4() for _ in range(21))),)),
            "A stage asks at most 20 people.",
        ),
    ],
)
def test_a_chain_that_cannot_work_is_refused(chain: Chain, sentence: str) -> None:
    with pytest.raises(BadInput) as no:
        chain.checked()
    assert str(no.value) == sentence


@given(st.lists(stages, max_size=4))
def test_what_is_kept_of_a_chain_is_read_back_whole_and_checking_twice_changes_nothing(
    drawn: list[Stage],
) -> None:
    chain = Chain(tuple(drawn))
    assert chain_from_json(chain.as_json()) == chain
    try:
        checked = chain.checked()
    except BadInput:
        return
    assert checked.checked() == checked
    assert all(RIGHTS[s.side] in PERMISSIONS[s.role] for s in checked.stages if s.role)


@given(people, people, st.sampled_from(Rule))
def test_one_more_yes_never_undoes_a_stage(
    asked: tuple[UUID, ...], approved: tuple[UUID, ...], rule: Rule
) -> None:
    for count in range(len(approved)):
        if is_complete(rule, asked, approved[:count]):
            assert is_complete(rule, asked, approved)
    assert is_complete(rule, asked, {*asked, *approved}) is bool(asked or approved)
