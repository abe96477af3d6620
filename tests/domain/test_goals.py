"""How far a goal is: from the posts of its days alone, and never from what is not known."""

from datetime import date
from typing import Any

import pytest

from postboard.domain.errors import BadInput
from postboard.domain.goals import Aim, GoalMetric, Progress, progress
from tests.charts.rows import post, rate

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 10)
TODAY = date(2026, 3, 6)  # five of the ten days have passed


def aim(metric: GoalMetric, target: float, network: str = "") -> Aim:
    return Aim(metric, target, FIRST, LAST, network)


def test_sums_are_of_the_goals_days_and_network() -> None:
    posts = [
        rate(FIRST, 30),
        rate(LAST, 20, network="x"),
        rate(date(2026, 2, 28), 1_000),
        rate(date(2026, 3, 11), 1_000),
    ]
    assert progress(aim(GoalMetric.INTERACTIONS, 200), posts, TODAY) == Progress(50, 2, 2, 25, 50)
    assert progress(aim(GoalMetric.INTERACTIONS, 200, "x"), posts, TODAY) == Progress(
        20, 1, 1, 10, 50
    )
    assert progress(aim(GoalMetric.POSTS, 2), posts, TODAY) == Progress(2, 2, 2, 100, 50)
    assert progress(aim(GoalMetric.RATE, 5), posts, TODAY) == Progress(2.5, 2, 2, 50, 50)


def test_what_no_post_tells_has_no_progress_and_is_not_zero() -> None:
    posts = [post(FIRST, likes=3), rate(LAST, 5)]
    assert progress(aim(GoalMetric.LINK_CLICKS, 10), posts, TODAY) == Progress(None, 0, 2, None, 50)
    assert progress(aim(GoalMetric.INTERACTIONS, 10), posts, TODAY) == Progress(5, 1, 2, 50, 50)


@pytest.mark.parametrize(("today", "elapsed"), [(FIRST, 0), (LAST, 90), (date(2027, 1, 1), 100)])
def test_days_pass_from_the_first_to_the_last(today: date, elapsed: float) -> None:
    assert progress(aim(GoalMetric.POSTS, 1), [], today).elapsed == elapsed
    assert progress(aim(GoalMetric.POSTS, 1), [], date(2026, 2, 1)).elapsed == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": 0},
        {"target": -1},
        {"target": float("nan")},
        {"target": float("inf")},
        {"target": 1.5},
        {"target": 1e-320, "metric": GoalMetric.RATE},
        {"starts_on": date(1, 1, 1), "ends_on": date(1, 1, 2)},
        {"starts_on": date(9999, 12, 30), "ends_on": date(9999, 12, 31)},
        {"target": 101, "metric": GoalMetric.RATE},
        {"ends_on": date(2026, 2, 1)},
        {"ends_on": date(2031, 2, 1)},
        {"network": "myspace"},
    ],
)
def test_an_aim_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    given = {"metric": GoalMetric.POSTS, "target": 10, "starts_on": FIRST, "ends_on": LAST, **wrong}
    with pytest.raises(BadInput):
        Aim(**given).checked()
