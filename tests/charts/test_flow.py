"""Charts of flow: the hand-made week read off them, and what they say of little and of much."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import plotly.graph_objects as go
import pytest

import postboard
from postboard.charts import figure, flow_figures, table
from postboard.charts.facts import TOO_FEW
from postboard.charts.flow_ageing import ageing
from postboard.charts.flow_cumulative import cumulative
from postboard.charts.flow_cycle import cycle
from postboard.charts.flow_figures import DEFINITIONS, TOO_LITTLE
from postboard.charts.flow_first_pass import first_pass
from postboard.charts.flow_reasons import reasons
from postboard.charts.flow_throughput import throughput
from postboard.charts.flow_upcoming import upcoming
from postboard.charts.spec import BYTES_MAX, Chart, Doing, Kind, Tone, node, sent, sent_table, size
from postboard.domain.flow import CREATED, Agreed, Walk
from postboard.domain.flow_report import Known, PostName, Report, Upcoming, report
from postboard.domain.periods import Period
from postboard.domain.workflow import Action, State
from postboard.locale import extraction
from postboard.locale.catalogue import text
from tests.charts.reading import readable, sentences
from tests.flow_world import METER, NOW, OFFICE, ZONE, golden, march, walked

PERIOD: Final = Period(date(2026, 3, 2), date(2026, 3, 9))
ENGLISH: Final = text("en")


def told(walks: list[Walk], period: Period = PERIOD, now=NOW) -> Report:
    found = report(Known(walks, now), period, now.date(), {State.CLIENT_REVIEW: 0})
    assert found
    return found


def names_of(walks: list[Walk]) -> dict[UUID, PostName]:
    return {w.post_id: PostName(f"ACME-{w.post_id.int}", "清晨六点 fresh buns " * 9) for w in walks}


WALKS: Final = list(golden().values())
WEEK: Final = told(WALKS)
NAMES: Final = names_of(WALKS)


def many(count: int) -> list[Walk]:
    """Of March and April: one in seven waits for its client, one in five comes back."""
    return [_one(n) for n in range(count)]


def _one(n: int) -> Walk:
    at = march(2) + timedelta(days=n % 56, hours=n % 5)
    took = timedelta(hours=3 + n * 7 % 200)
    back = [(at + took / 4, Action.REQUEST_CHANGES, "copy image"), (at + took / 3, Action.SUBMIT)]
    steps = [
        (at, CREATED),
        (at, Action.SUBMIT),
        *(back if n % 5 == 0 else []),
        (at + took / 2, Action.APPROVE),
        (at + took / 2, Action.SEND_TO_CLIENT),
        *([] if n % 7 == 0 else [(at + took, Action.APPROVE)]),
    ]
    return walked(n, *steps, planned_at=at + timedelta(days=9))


SPRING: Final = Period(date(2026, 3, 2), date(2026, 5, 10))


def spring(count: int) -> tuple[Report, dict[UUID, PostName]]:
    walks = many(count)
    return told(walks, SPRING, march(2) + timedelta(days=70)), names_of(walks)


def soon(count: int) -> list[Upcoming]:
    return [
        Upcoming(
            UUID(int=n),
            PostName(f"ACME-{n}", "Morning buns"),
            march(10 + n % 14),
            State.CLIENT_REVIEW,
            None if n % 4 == 3 else n * 13 % 101,
            8 + n,
            5,
            at_risk=n * 13 % 101 < 50 and n % 4 != 3,
        )
        for n in range(count)
    ]


EVERY: Final[dict[str, Callable[[int], Chart]]] = {
    "ageing": lambda n: ageing(*spring(n)),
    "cycle": lambda n: cycle(*spring(n)),
    "first pass": lambda n: first_pass(spring(n)[0]),
    "cumulative": lambda n: cumulative(spring(n)[0]),
    "throughput": lambda n: throughput(spring(n)[0]),
    "reasons": lambda n: reasons(spring(n)[0]),
    "upcoming": lambda n: upcoming(soon(n), ZONE),
}


def rows(chart: Chart) -> list[list[str]]:
    return table.rows(chart, ENGLISH)[1:]


def words(chart: Chart) -> list[str]:
    return [*map(str, chart.facts), *map(str, chart.notes)]


def drawn(chart: Chart, panel: int = 0) -> list[tuple[str, str, list[object]]]:
    return [
        (one.kind, str(one.name), [mark.value for mark in one.marks])
        for one in chart.panels[panel].series
    ]


def test_what_is_stuck_now():
    chart = ageing(WEEK, NAMES)
    assert drawn(chart) == [(Kind.DOTS, "a post", [7, 5])]
    assert [(mark.at, mark.posts) for mark in chart.panels[0].series[0].marks] == [
        ("client_review", (UUID(int=4).hex,)),
        ("internal_review", (UUID(int=7).hex,)),
    ]
    assert [str(name) for _, name in chart.panels[0].base.categories] == [
        "Internal review",
        "Internal rework",
        "Ready for client",
        "▲ Client review 1/0",
        "Client rework",
    ]
    assert rows(chart) == [
        ["ACME-4", "Client review", "7", "5", "1"],
        ["ACME-7", "Internal review", "5", "4", "0"],
    ]
    assert words(chart) == [
        "n = 2 in progress",
        "now",
        "age: days since it was first submitted",
        "Client review: 1 of at most 0, over the limit",
        "No bands yet: 3 of 10 posts were approved in 90 days.",
    ]


def test_how_long_it_takes_of_few_is_dots_alone():
    chart = cycle(WEEK, NAMES)
    assert len(chart.panels) == 1
    assert drawn(chart) == [(Kind.DOTS, "a post", [1, 2, 2, 8])]
    assert words(chart) == [
        "n = 4 approved",
        "2026-03-02 – 2026-03-09",
        "start: first submitted; finish: approved for publishing",
        "flow efficiency 24.3%",
        "Under 10 posts: each is shown, with no lines and no shares.",
    ]
    assert rows(chart)[0] == ["ACME-2", "Mon, Mar 2, 2026", "Mon, Mar 9, 2026", "8", "42", "2"]


def test_how_long_it_takes_of_many_has_lines_and_both_sides():
    chart = cycle(*spring(70))
    assert [(kind, name) for kind, name, _ in drawn(chart)] == [
        (Kind.RULES, "half within"),
        (Kind.RULES, "85% within"),
        (Kind.DOTS, "a post"),
    ]
    sides = {one.tone: [mark.at for mark in one.marks] for one in chart.panels[1].series}
    assert sides == {
        Tone.OURS: ["internal_review", "internal_rework", "ready_for_client"],
        Tone.CLIENT: ["client_review"],
    }
    shares = [mark.value for one in chart.panels[1].series for mark in one.marks]
    assert sum(shares) == pytest.approx(100)


def test_right_first_time():
    chart = first_pass(WEEK)
    assert drawn(chart) == [(Kind.DOTS, "per week", [100, 0])]
    assert drawn(chart, 1) == [(Kind.DOTS, "per week", [1, 2])]
    assert TOO_FEW in chart.notes
    assert rows(chart) == [
        ["W10", "Mon, Mar 2, 2026", "3", "3", "100.0%", "1.0×"],
        ["W11", "Mon, Mar 9, 2026", "1", "0", "0%", "2.0×"],
    ]


def test_a_week_in_which_nothing_was_approved_is_a_gap():
    quiet = told(WALKS, Period(date(2026, 3, 2), date(2026, 3, 22)), march(22))
    assert drawn(first_pass(quiet))[0][2] == [100, 0, None]


def test_much_or_little_gets_approved():
    chart = throughput(WEEK)
    assert drawn(chart) == [(Kind.BARS, "approved", [1, 1, 1, 0, 0, 0, 0, 1])]
    assert "No forecast: 7 more have to be approved within 90 days." in words(chart)
    half_a_year = told(WALKS, Period(date(2025, 9, 10), date(2026, 3, 9)))
    weekly = drawn(throughput(half_a_year))[0][2]
    assert (len(weekly), weekly[-2:]) == (27, [3, 1])


def test_whether_work_piles_up():
    chart = cumulative(WEEK)
    assert [(name, values[-1]) for _, name, values in drawn(chart)] == [
        ("Made", 9),
        ("Submitted", 9),
        ("Approved by us", 9),
        ("Sent to the client", 8),
        ("Approved", 7),
        ("Published", 1),
    ]
    assert drawn(chart, 1) == [(Kind.STEPS, "rework", [0, 0, 1, 1, 1, 1, 1, 1])]


def test_what_changes_ask_for():
    chart = reasons(WEEK)
    assert rows(chart) == [["Brand", "1", "0"], ["Copy", "1", "0"], ["Image", "1", "0"]]
    assert str(chart.panels[0].series[0].marks[0].hover[0]) == "in 50.0% of the requests"


def test_what_goes_out_soon_the_least_likely_first():
    chart = upcoming(soon(4), ZONE)
    assert [(mark.value, str(mark.label)) for mark in chart.panels[0].series[0].marks] == [
        (0, "0%"),
        (13, "13.0%"),
        (26, "26.0%"),
        (None, "not enough history"),
    ]
    assert "Not enough history, under 8 comparable cases: 1" in words(chart)


def test_figures_in_words():
    said = {one.key: (str(one.value), [*map(str, one.facts)]) for one in flow_figures.told(WEEK)}
    assert said == {
        "wip": (
            "2",
            [
                "Internal review: 1",
                "Internal rework: 0",
                "Ready for client: 0",
                "Client review: 1 of at most 0, over the limit",
                "Client rework: 0",
            ],
        ),
        "cycle": (
            "2 d half, 8 d 85%, 8 d 95%, n = 4",
            ["11 h half, 42 h 85%, 42 h 95%, working hours"],
        ),
        "lead": (
            "2 d half, 8 d 85%, 8 d 95%, n = 4",
            ["12 h half, 43 h 85%, 43 h 95%, working hours"],
        ),
        "efficiency": ("24.3%, n = 4", []),
        "first_pass": (
            "75.0%, n = 4",
            ["by us: 75.0%, n = 4", "by the client: 75.0%, n = 4", "rolled: 56.2%"],
        ),
        "rework": ("20.0%, n = 5", ["new words after an approval: 1"]),
        "rounds": ("1.2, n = 4", ["rounds: 1, posts: 3", "rounds: 2, posts: 1"]),
        "on_time": ("50.0%, n = 4", ["approved without a time: 1"]),
        "client": (
            "8 h half, 19 h 85%, 19 h 95%, working hours",
            ["in time: 66.7%, n = 6", "people with under 10 answers, not named: 1"],
        ),
        "agency": ("2 h half, 4 h 85%, 8 h 95%, working hours", ["in time: 87.5%, n = 8"]),
        "promise": ("too little to say", ["3 of 10 posts approved in 90 days"]),
        "bottleneck": ("too little to say", []),
        "stability": (
            "too little to say",
            ["6 came, 4 left", "Little’s law says 5.2 days, measured were 2.2"],
        ),
        "left_out": ("1", ["approved without anybody being asked: 1"]),
    }
    assert {one.key for one in flow_figures.told(WEEK)} | {"throughput"} == set(DEFINITIONS)
    nothing = flow_figures.told(told([]))
    figures = {one.key: one.value for one in nothing}
    assert {key for key, value in figures.items() if value != TOO_LITTLE} == {"wip", "left_out"}


def test_answers_are_in_time_by_what_was_agreed_when_they_were_asked_for():
    """With 40 hours from noon of the 4th on, what was asked for before is as late as it was."""
    longer = Agreed(march(4, "12:00"), METER, timedelta(hours=40))
    changed = replace(OFFICE, agreed=(longer, *OFFICE.agreed))
    walks = [
        replace(
            one,
            office=changed,
            passages=tuple(replace(passage, office=changed) for passage in one.passages),
        )
        for one in WALKS
    ]
    said = {one.key: [*map(str, one.facts)] for one in flow_figures.told(told(walks))}
    assert said["client"] == ["in time: 83.3%, n = 6", "people with under 10 answers, not named: 1"]
    assert said["agency"] == ["in time: 100.0%, n = 7"]


def test_reviewers_are_named_from_ten_answers_on():
    def of_client(n: int) -> list[str]:
        found = {one.key: one for one in flow_figures.told(spring(n)[0])}
        return [*map(str, found["client"].facts[1:])]

    # One of seven waits: of eleven nine are answered, of twelve ten.
    assert of_client(11) == ["people with under 10 answers, not named: 1"]
    (cleo,) = of_client(12)
    assert cleo.startswith("Cleo: ")
    assert cleo.endswith("n = 10")


@pytest.mark.parametrize("name", EVERY)
def test_without_any_there_are_no_axes_but_a_sentence(name):
    chart = EVERY[name](0)
    assert (chart.panels, chart.table.rows) == ((), ())
    assert chart.empty
    nothing_to_do = name in {"ageing", "upcoming"}
    assert chart.empty.doing == (None if nothing_to_do else Doing.WIDEN_PERIOD)


@pytest.mark.parametrize("n", [1, 8, 30, 700])
@pytest.mark.parametrize("name", EVERY)
def test_a_browser_gets_at_most_20_kb_that_plotly_takes(name, n):
    chart = EVERY[name](n)
    as_drawn = figure.for_browser(chart)
    assert size(chart) <= BYTES_MAX
    packed = json.dumps(as_drawn, ensure_ascii=False, separators=(",", ":"))
    assert len(packed.encode()) <= BYTES_MAX
    if not chart.empty:
        assert len(go.Figure(readable(figure.figure(chart))).data) > 0


@pytest.fixture(scope="module")
def in_browser() -> set[str]:
    found = extraction.sentences(Path(postboard.__file__).parent)
    return {one.one for one in found if isinstance(one, extraction.Sentence) and one.in_browser}


@pytest.mark.parametrize("n", [0, 1, 30])
@pytest.mark.parametrize("name", EVERY)
def test_every_sentence_is_one_that_browsers_have(name, n, in_browser):
    chart = EVERY[name](n)
    said = [sent(chart), sent_table(chart.table)]
    for one in flow_figures.told(spring(n)[0]):
        said += [[node(part) for part in (one.title, one.value, one.before, *one.facts)]]
        said += [node(one.definition)]
    assert sentences(said) - in_browser == set()
