"""The odds of being approved in time, with answers worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.odds import WAITING, Case, Moved, Odds, history, odds
from postboard.domain.workflow import Action, State
from postboard.domain.working_time import NINE_TO_FIVE, WorkingCalendar

BERLIN = WorkingCalendar(ZoneInfo("Europe/Berlin"), NINE_TO_FIVE, "DE", "BE")
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Nine o'clock in Berlin: four weeks of work lie before the clocks change."""
METER = BERLIN.meter(MONDAY - timedelta(30), MONDAY + timedelta(60))
HOUR = timedelta(hours=1)
REVIEW = State.CLIENT_REVIEW
TEN = {REVIEW: [Case(UUID(int=n), n * HOUR) for n in range(1, 11)]}
"""Ten posts that took one, two … ten working hours."""


def at(hours: float) -> datetime:
    return BERLIN.add_working(MONDAY, hours * HOUR)


def moves(post: int, *steps: tuple[str, State, float]) -> list[Moved]:
    return [Moved(UUID(int=post), action, state, at(hours)) for action, state, hours in steps]


def past(*walks: Sequence[Moved]) -> dict[State, list[float]]:
    """Hours per state."""
    known = history([move for walk in walks for move in walk], METER)
    return {state: [case.took / HOUR for case in cases] for state, cases in known.items()}


@pytest.mark.parametrize(
    ("waited", "left", "cases", "chance", "usually"),
    [
        # All ten took longer than nothing; five of them at most five hours.
        (0, 5, 10, 0.5, 5.5),
        (0, 10, 10, 1.0, 5.5),
        (0, 0.5, 10, 0.0, 5.5),
        # Of the nine that took longer than an hour, 2…4 are in time; the median of 2…10 is 6.
        (1, 3, 9, 3 / 9, 5.0),
        # Eight are left that took longer than two hours: 3…7 of 3…10, whose median is 6.5.
        (2, 5, 8, 5 / 8, 4.5),
        # Seven are too few.
        (3, 5, 7, None, None),
        (99, 5, 0, None, None),
        # Whatever the history: what is late is not in time.
        (0, -1, 10, 0.0, 5.5),
        (99, 0, 0, 0.0, None),
    ],
)
def test_of_those_that_took_longer_it_is_the_share_that_was_in_time(
    waited: float, left: float, cases: int, chance: float | None, usually: float | None
) -> None:
    told = odds(TEN, REVIEW, waited * HOUR, left * HOUR)
    more = None if usually is None else usually * HOUR
    assert told == Odds(REVIEW, waited * HOUR, left * HOUR, cases, chance, more)


def test_one_post_that_came_back_often_is_no_history() -> None:
    again = {REVIEW: [Case(UUID(int=1), n * HOUR) for n in range(1, 21)]}
    assert odds(again, REVIEW, timedelta(), HOUR) == Odds(REVIEW, timedelta(), HOUR, 1, None)


def test_below_one_half_it_is_at_risk() -> None:
    told = [odds(TEN, REVIEW, timedelta(), hours * HOUR) for hours in (4, 5)]
    assert [one and one.at_risk for one in told] == [True, False]
    unknown = odds({}, REVIEW, timedelta(), HOUR)
    assert unknown
    assert not unknown.at_risk


@pytest.mark.parametrize("state", sorted(set(State) - WAITING))
def test_what_is_approved_or_over_has_no_odds(state: State) -> None:
    assert odds(TEN, state, timedelta(), HOUR) is None


def test_a_state_is_timed_from_entering_it_until_the_approval_in_working_hours() -> None:
    walk = moves(
        1,
        ("created", State.DRAFT, 0),
        ("submit", State.INTERNAL_REVIEW, 10),
        ("approve", State.READY_FOR_CLIENT, 12),
        ("send_to_client", REVIEW, 13),
        ("request_changes", State.CLIENT_REWORK, 20),
        ("submit", REVIEW, 30),
        ("approve", State.APPROVED, 34),
        ("schedule", State.SCHEDULED, 40),
    )
    assert past(walk) == {
        State.DRAFT: [34],
        State.INTERNAL_REVIEW: [24],
        State.READY_FOR_CLIENT: [22],
        REVIEW: [21, 4],
        State.CLIENT_REWORK: [14],
    }


def test_what_is_open_or_was_cancelled_is_no_case() -> None:
    waiting = moves(1, ("created", State.DRAFT, 0), ("submit", State.INTERNAL_REVIEW, 1))
    cancelled = moves(
        2,
        ("created", State.DRAFT, 0),
        ("cancel", State.CANCELLED, 1),
        ("reopen", State.DRAFT, 50),
        ("submit", State.APPROVED, 53),
    )
    assert past(waiting, cancelled) == {State.DRAFT: [3]}


def test_new_words_after_the_approval_begin_anew() -> None:
    walk = moves(
        1,
        ("created", REVIEW, 0),
        ("approve", State.APPROVED, 2),
        ("revise", State.INTERNAL_REVIEW, 10),
        ("approve", REVIEW, 11),
        ("approve", State.APPROVED, 15),
    )
    assert past(walk) == {REVIEW: [2, 4], State.INTERNAL_REVIEW: [5]}


@pytest.mark.parametrize(
    "first", [("approve", State.APPROVED, 2), ("request_changes", State.CLIENT_REWORK, 2)]
)
def test_a_decision_that_was_taken_back_was_none(first: tuple[str, State, float]) -> None:
    back = (Action.RECONSIDER.value, REVIEW, 2.001)
    walk = moves(1, ("created", REVIEW, 0), first, back, ("approve", State.APPROVED, 9))
    assert past(walk) == {REVIEW: [9]}


_INSTANT = st.integers(-30 * 24 * 60, 60 * 24 * 60).map(lambda m: MONDAY + timedelta(minutes=m))


@given(start=_INSTANT, end=_INSTANT)
def test_a_meter_measures_what_the_calendar_does(start: datetime, end: datetime) -> None:
    assert METER.between(start, end) == BERLIN.working_between(start, end)
