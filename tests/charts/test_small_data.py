"""With little data a chart says less: nothing without posts, no median of four, a warning of 19."""

import json
from datetime import date, time, timedelta
from pathlib import Path

import pytest

import postboard
from postboard.charts import figure
from postboard.charts.against_benchmark import against_benchmark
from postboard.charts.by_group import Grouping, by_group
from postboard.charts.by_hour import by_hour
from postboard.charts.facts import SMALL_SAMPLE, TOO_FEW
from postboard.charts.spec import BYTES_MAX, Chart, Doing, Kind, sent, sent_table, size
from postboard.charts.weekly import weekly
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.locale import extraction
from tests.charts.every import BASIS, EVERY, LAST, QUARTER, RIVAL_IQ
from tests.charts.reading import sentences
from tests.charts.rows import BERLIN, NOW, post, rate


def drawn(chart: Chart) -> list[tuple[str, str, int]]:
    """Kind, name and number of marks with a value, of each series."""
    return [
        (one.kind, str(one.name), sum(mark.value is not None for mark in one.marks))
        for panel in chart.panels
        for one in panel.series
    ]


def of_five_networks(each: int, marks: int) -> list[tuple[str, str, int]]:
    """Rival IQ has none for LinkedIn."""
    medians = [(Kind.DOTS, "median before", 5), (Kind.DOTS, "median", 5)] if each >= 5 else []
    spans = [(Kind.SPANS, "quartiles", 5)] if each >= 20 else []
    dots = [(Kind.DOTS, "a post", marks)] if marks else []
    return [*spans, (Kind.TICKS, "benchmark", 4), *dots, *medians]


@pytest.mark.parametrize("name", EVERY)
def test_without_posts_there_are_no_axes_but_a_sentence_and_what_to_do(name):
    chart = EVERY[name](0)
    assert (chart.panels, chart.table.rows, figure.for_browser(chart)["figure"]) == ((), (), None)
    assert chart.empty is not None
    assert "2026-01-05 – 2026-03-29" in str(chart.empty.sentence)
    expected = {"plan kept": Doing.IMPORT_PLAN, "audience": Doing.IMPORT_DAYS}
    assert chart.empty.doing == expected.get(name, Doing.IMPORT_METRICS)


@pytest.mark.parametrize(("n", "each", "marks"), [(10, 2, 10), (30, 6, 30), (150, 30, 0)])
def test_against_the_benchmark(n, each, marks):
    assert drawn(EVERY["against benchmark"](n)) == of_five_networks(each, marks)


@pytest.mark.parametrize(
    ("n", "notes", "expected"),
    [
        (3, [TOO_FEW], [(Kind.RULES, "benchmark", 1), (Kind.DOTS, "a post", 3)]),
        (
            10,
            [SMALL_SAMPLE],
            [
                (Kind.RULES, "benchmark", 1),
                (Kind.DOTS, "a post", 10),
                (Kind.RULES, "median", 1),
                (Kind.LINE, "over 4 weeks", 8),
                (Kind.LINE, "per week", 10),
            ],
        ),
        (
            30,
            [],
            [
                (Kind.RULES, "benchmark", 1),
                (Kind.LINE, "over 4 weeks", 10),
                (Kind.LINE, "per week", 12),
            ],
        ),
    ],
)
def test_week_by_week(n, notes, expected):
    chart = EVERY["weekly"](n)
    assert drawn(chart) == expected
    assert [note for note in chart.notes if note in (TOO_FEW, SMALL_SAMPLE)] == notes


def test_a_week_without_posts_is_a_gap_and_never_0():
    posts = [rate(LAST - timedelta(weeks=back), 10) for back in (1, 2, 5, 6, 7, 8)]
    chart = weekly(posts, LAST, RIVAL_IQ, NOW, BERLIN)
    line = next(one for one in chart.panels[0].series if str(one.name) == "per week")
    assert [mark.value for mark in line.marks] == [
        *[None] * 3,
        *[1.0] * 4,
        *[None] * 2,
        *[1.0] * 2,
        None,
    ]
    assert "Weeks without a rate, left open: 6" in map(str, chart.notes)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (3, [(Kind.BARS, "all posts", 3)]),
        (9, [(Kind.BARS, "all posts", 9)]),
        (10, [(Kind.BARS, "top 5", 5), (Kind.BARS, "bottom 5", 5)]),
        (30, [(Kind.BARS, "top 5", 5), (Kind.BARS, "bottom 5", 5)]),
    ],
)
def test_the_best_posts(n, expected):
    assert drawn(EVERY["best posts"](n)) == expected


@pytest.mark.parametrize(
    ("n", "medians"),
    [(3, 0), (10, 0), (30, 6)],
)
def test_groups_under_five_have_no_median(n, medians):
    found = drawn(EVERY["by format"](n))
    counts = {
        name: sum(count for _, other, count in found if other == name)
        for name in ("a post", "median")
    }
    assert counts == {"a post": n, "median": medians}


@pytest.mark.parametrize(
    ("n", "kinds"),
    [
        (3, {Kind.DOTS}),  # two have a time of day
        (10, {Kind.DOTS}),  # no slot has three
        (50, {Kind.DOTS}),  # 30 have a time of day, no three of them in one slot
    ],
)
def test_by_hour(n, kinds):
    assert {kind for kind, _, _ in drawn(EVERY["by hour"](n))} == kinds


def test_without_any_time_of_day_the_networks_are_named():
    posts = [rate(LAST, 10, network=network, at=None) for network in ("x", "youtube")]
    chart = by_hour(posts, QUARTER, BASIS, NOW)
    assert chart.empty is not None
    assert str(chart.empty.sentence) == (
        "Posts published 2026-01-05 – 2026-03-29: 2, none with a time of day, "
        "which is not in the files of: X, YouTube."
    )


def test_posts_whose_rate_is_not_known_are_no_posts_of_0_percent():
    posts = [post(date(2026, 3, 2), likes=5, comments=0, shares=0, followers=None)]
    chart = weekly(posts, LAST, RIVAL_IQ, NOW, BERLIN)
    assert chart.empty is not None
    assert (str(chart.empty.sentence), chart.empty.doing, [str(note) for note in chart.notes]) == (
        (
            "Posts published 2026-01-05 – 2026-03-29: 1. "
            "No rate is known: likes, comments, shares and saves per followers."
        ),
        Doing.CHOOSE_BENCHMARK,
        ["Instagram: posts without followers, left out: 1"],
    )


@pytest.mark.parametrize("n", [3, 10, 30, 300, 3_000])
@pytest.mark.parametrize("name", EVERY)
def test_a_browser_gets_at_most_20_kb_of_a_chart(name, n):
    chart = EVERY[name](n)
    as_drawn = json.dumps(figure.for_browser(chart), ensure_ascii=False, separators=(",", ":"))
    assert size(chart) <= BYTES_MAX
    assert len(as_drawn.encode()) <= BYTES_MAX


@pytest.fixture(scope="module")
def in_browser() -> set[str]:
    found = extraction.sentences(Path(postboard.__file__).parent)
    return {one.one for one in found if isinstance(one, extraction.Sentence) and one.in_browser}


@pytest.mark.parametrize("n", [0, 3, 30, 300])
@pytest.mark.parametrize("name", EVERY)
def test_every_sentence_of_a_chart_is_one_that_browsers_have(name, n, in_browser):
    chart = EVERY[name](n)
    used = sentences([sent(chart), sent_table(chart.table), figure.for_browser(chart)])
    assert used - in_browser == set()


def test_many_dots_are_thinned_and_it_says_so():
    chart = EVERY["by format"](3_000)
    assert sum(count for _, name, count in drawn(chart) if name == "a post") == 90
    assert "Dots: 90 of 3,000, evenly by rank; medians count all" in map(str, chart.notes)


@pytest.mark.parametrize(
    ("n", "median", "quartiles", "note"),
    [
        (4, False, False, TOO_FEW),
        (5, True, False, SMALL_SAMPLE),
        (19, True, False, SMALL_SAMPLE),
        (20, True, True, None),
    ],
)
def test_five_posts_have_a_median_and_twenty_quartiles(n, median, quartiles, note):
    posts = [rate(LAST - timedelta(days=3 * back), 10 + back) for back in range(n)]
    names = {name for _, name, _ in drawn(against_benchmark(posts, QUARTER, RIVAL_IQ, NOW))}
    chart = weekly(posts, LAST, RIVAL_IQ, NOW, BERLIN)
    said = [one for one in (TOO_FEW, SMALL_SAMPLE) if one in chart.notes]
    lines = {name for kind, name, _ in drawn(chart) if kind is Kind.LINE}
    assert ("median" in names, "quartiles" in names) == (median, quartiles)
    assert ("per week" in lines, said) == (median, [note] if note else [])


def test_the_last_week_is_young_even_where_its_only_post_has_settled():
    posts = [rate(date(2026, 3, 23), 10, at=time(), captured=NOW) for _ in range(5)]
    # Its week ended with Sunday the 29th; seven days later it is Monday, 6 April.
    found = [
        weekly(posts, LAST, RIVAL_IQ, NOW + timedelta(days=later), BERLIN).panels[0].series[-1]
        for later in (0, 6, 7)
    ]
    assert [line.marks[-1].hatched for line in found] == [True, True, False]


def test_groups_too_small_come_after_one_of_0_percent():
    posts = [
        *(rate(LAST, 0, kind="video") for _ in range(5)),
        rate(LAST, 90, kind="carousel"),
    ]
    chart = by_group(posts, QUARTER, BASIS, Grouping.FORMAT, NOW)
    assert [key for key, _ in chart.panels[0].base.categories] == ["video", "carousel"]


def test_what_is_missing_is_named_and_0_is_not_missing():
    by_reach = Basis(Engagement.PLATFORM, Denominator.REACH)
    posts = [
        rate(LAST, 10, network="x", reach=None, engagements=30),
        rate(LAST, 10, reach=None),
        rate(LAST, 10, network="linkedin", other_clicks=3),
        rate(LAST, 10, network="linkedin", reach=0, other_clicks=3),
    ]
    chart = by_group(posts, QUARTER, by_reach, Grouping.FORMAT, NOW)
    assert [str(note) for note in chart.notes][2:5] == [
        "Instagram gives no engagements as the network counts them; posts left out: 1",
        "Instagram: posts without reach, left out: 1",
        "X gives no reach; posts left out: 1",
    ]
    assert str(chart.notes[5]) == "LinkedIn: posts with 0 reach, left out: 1"
