"""How far a goal is: from the posts of its days alone, and never from what is not known."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from postboard.domain.benchmarks import OWN, OWN_NEEDED
from postboard.domain.errors import BadInput
from postboard.domain.goals import Aim, GoalMetric, Progress, Source, Told, progress, source_of
from postboard.domain.team import Department
from tests import flow_world
from tests.charts.rows import NOW, post, rate

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
    assert progress(aim(GoalMetric.INTERACTIONS, 200), Told(posts, NOW), TODAY) == Progress(
        50, 2, 2, 25, 50
    )
    assert progress(aim(GoalMetric.INTERACTIONS, 200, "x"), Told(posts, NOW), TODAY) == Progress(
        20, 1, 1, 10, 50
    )
    assert progress(aim(GoalMetric.POSTS, 2), Told(posts, NOW), TODAY) == Progress(2, 2, 2, 100, 50)
    assert progress(aim(GoalMetric.RATE, 5), Told(posts, NOW), TODAY) == Progress(2.5, 2, 2, 50, 50)


def test_what_no_post_tells_has_no_progress_and_is_not_zero() -> None:
    posts = [post(FIRST, likes=3), rate(LAST, 5)]
    assert progress(aim(GoalMetric.LINK_CLICKS, 10), Told(posts, NOW), TODAY) == Progress(
        None, 0, 2, None, 50
    )
    assert progress(aim(GoalMetric.INTERACTIONS, 10), Told(posts, NOW), TODAY) == Progress(
        5, 1, 2, 50, 50
    )


@pytest.mark.parametrize(("today", "elapsed"), [(FIRST, 0), (LAST, 90), (date(2027, 1, 1), 100)])
def test_days_pass_from_the_first_to_the_last(today: date, elapsed: float) -> None:
    assert progress(aim(GoalMetric.POSTS, 1), Told([], NOW), today).elapsed == elapsed
    assert progress(aim(GoalMetric.POSTS, 1), Told([], NOW), date(2026, 2, 1)).elapsed == 0


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
        {"network": "x", "metric": GoalMetric.ON_TIME},
        {"target": 101, "metric": GoalMetric.FIRST_PASS},
        {"target": 5_000, "metric": GoalMetric.RESPONSE},
        {"metric": GoalMetric.ABOVE_BENCHMARK, "benchmark": "a friend"},
    ],
)
def test_an_aim_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    given = {"metric": GoalMetric.POSTS, "target": 10, "starts_on": FIRST, "ends_on": LAST, **wrong}
    with pytest.raises(BadInput):
        Aim(**given).checked()


def of_record(
    metric: GoalMetric, target: float, **more: Any
) -> tuple[float | None, int, float | None]:
    """Value, n and percent, of the golden week and a day."""
    told = Told([], flow_world.NOW, [*flow_world.golden().values()], WORKED_ON)
    whole = Aim(metric, target, date(2026, 3, 2), date(2026, 3, 9), **more)
    found = progress(whole.checked(), told, date(2026, 3, 9))
    return found.value, found.known, found.percent


WORKED_ON = {Department.COPY: {UUID(int=1)}, Department.DESIGN: {UUID(int=2)}}


def test_what_the_record_tells_is_the_figure_of_the_charts() -> None:
    # Worked out by hand in test_flow.
    assert of_record(GoalMetric.FIRST_PASS, 100) == (75, 4, 75)
    assert of_record(GoalMetric.ON_TIME, 80) == (50, 4, 62.5)


def test_of_answers_less_is_better() -> None:
    assert of_record(GoalMetric.RESPONSE, 2) == (2, 7, 100)
    assert of_record(GoalMetric.CLIENT_RESPONSE, 16) == (8, 5, 100)
    assert of_record(GoalMetric.CLIENT_RESPONSE, 4) == (8, 5, 50)


def test_a_departments_goal_is_of_what_it_worked_on() -> None:
    first = {"metric": GoalMetric.FIRST_PASS, "target": 100}
    assert of_record(**first, department=Department.COPY) == (100, 1, 100)
    assert of_record(**first, department=Department.DESIGN) == (0, 1, 0)
    assert of_record(**first, department=Department.ACCOUNTS) == (None, 0, None)


def test_posts_are_held_beside_their_own_networks_benchmark() -> None:
    before = [rate(FIRST - timedelta(days=30 + n), 20) for n in range(OWN_NEEDED)]
    mine = [
        rate(FIRST, 30),
        rate(FIRST, 20),
        rate(FIRST, 10),
        post(FIRST),
        rate(FIRST, 9, network="x"),
    ]
    told = Told([*before, *mine], NOW)
    ours = aim(GoalMetric.ABOVE_BENCHMARK, 100).checked()
    assert ours.benchmark == OWN
    assert progress(ours, told, TODAY) == Progress(100 * 2 / 3, 3, 5, 100 * 2 / 3, 50)
    theirs = replace(ours, benchmark="Rival IQ")  # by followers: 0.47 % on Instagram, 0.035 % on X
    assert progress(theirs, told, TODAY) == Progress(100, 4, 5, 100, 50)
    assert progress(ours, Told(mine, NOW), TODAY) == Progress(None, 0, 5, None, 50)


def test_a_number_says_where_it_is_from() -> None:
    of = {metric: source_of(metric) for metric in GoalMetric}
    assert {metric for metric, source in of.items() if source is Source.RECORD} == {
        GoalMetric.ON_TIME,
        GoalMetric.FIRST_PASS,
        GoalMetric.RESPONSE,
        GoalMetric.CLIENT_RESPONSE,
    }
