"""What Plotly is given: figures it takes, with words and colours left to the reader."""

import json
from datetime import date

import plotly.graph_objects as go
import pytest

from postboard.charts.drawing.paint import TOKENS
from postboard.charts.figure import clicked, figure, for_browser
from postboard.charts.spec import (
    Axis,
    Chart,
    Kind,
    Mark,
    Panel,
    Scale,
    Series,
    Tone,
    Unit,
    says,
)
from postboard.locale import N_
from tests.charts.every import EVERY
from tests.charts.reading import readable

STEPS = Axis(Scale.CATEGORY, categories=(("review", "Review"), ("client", "Client")))
DAYS = Axis(unit=Unit.DAYS, title="Days", from_zero=True)


def chart_of(*series: Series, base: Axis = STEPS, sideways: bool = False) -> Chart:
    return Chart("flow", "What is stuck?", panels=(Panel(base, DAYS, series, sideways=sideways),))


@pytest.mark.parametrize("n", [3, 10, 30, 300])
@pytest.mark.parametrize("name", EVERY)
def test_plotly_takes_every_chart(name, n):
    drawn = readable(figure(EVERY[name](n)))
    found = go.Figure(drawn)
    assert len(found.data) == len(drawn["data"]) > 0
    assert json.loads(json.dumps(drawn)) == drawn


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("sideways", [False, True])
def test_plotly_takes_every_kind_of_mark(kind, sideways):
    marks = (
        Mark("review", 3.0, "3", low=1, high=4, size=2, posts=("a",)),
        Mark("client", None, "", low=2, high=5, hatched=True),
    )
    drawn = readable(
        figure(chart_of(Series(kind, "Age", marks, dashed=True, labelled=True), sideways=sideways))
        if kind is not Kind.SQUARES
        else figure(_grid())
    )
    assert len(go.Figure(drawn).layout.shapes) == {Kind.BANDS: 2, Kind.RULES: 2}.get(kind, 0)


def _grid() -> Chart:
    square = Mark("review", "client", size=2)
    panel = Panel(STEPS, STEPS, (Series(Kind.SQUARES, "Age", (square,)),))
    return Chart("flow", "What is stuck?", panels=(panel,))


def test_no_colour_is_written_out_and_no_sentence_is_finished():
    chart = chart_of(
        Series(Kind.DOTS, N_("a post"), (Mark("review", 3.0, says(N_("n = {n}"), n=3)),))
    )
    trace = figure(chart)["data"][0]
    assert (trace["name"], trace["hovertext"], trace["marker"]["color"]) == (
        {"t": [{"s": "a post"}]},
        [{"t": [{"s": "n = {n}", "f": {"n": 3}}, "3"]}],
        "var(--accent)",
    )
    assert set(TOKENS) == set(Tone)
    assert all(token.startswith(("var(", "oklch(var(")) for token in TOKENS.values())


def test_a_trace_says_which_marks_it_draws():
    chart = chart_of(
        Series(Kind.BARS, "a", (Mark("review", 1), Mark("client", 2))),
        Series(Kind.TICKS, "b", (Mark("review", 1), Mark("client", 2)), dashed=True),
    )
    bars, ticks = figure(chart)["data"]
    # Panel, series, and how many points of the trace are one mark: two ends and a gap.
    assert ([bars["meta"], len(bars["x"])], [ticks["meta"], len(ticks["x"])]) == (
        [[0, 0, 1], 2],
        [[0, 1, 3], 6],
    )


def test_a_click_leads_to_its_mark():
    marks = (Mark("review", 1, posts=("a",)), Mark("client", 2, posts=("b", "c")))
    chart = chart_of(Series(Kind.DOTS, "a", marks), Series(Kind.TICKS, "b", marks, dashed=True))
    dots, ticks = figure(chart)["data"]
    found = [clicked(chart, dots["meta"], 1), *(clicked(chart, ticks["meta"], n) for n in (0, 4))]
    assert [mark and mark.posts for mark in found] == [("b", "c"), ("a",), ("b", "c")]
    lies = [([0, 0, 0], 0), ([], 0), ([0, 9, 1], 0), ([0, 0, 1], 99), ([0, 0, 1], -1), ([0, 0], 0)]
    assert [clicked(chart, meta, point) for meta, point in lies] == [None] * len(lies)


def test_bars_stand_side_by_side_or_on_one_another():
    marks = (Mark("review", 1), Mark("client", 2))
    beside = figure(chart_of(Series(Kind.BARS, "a", marks), Series(Kind.BARS, "b", marks)))["data"]
    stacked = figure(
        chart_of(Series(Kind.BARS, "a", marks), Series(Kind.BARS, "b", marks, stacked=True))
    )["data"]
    assert beside[0]["offset"] + beside[0]["width"] <= beside[1]["offset"]
    assert (stacked[0]["offset"], stacked[1]["base"]) == (stacked[1]["offset"], [1.0, 2.0])


def test_gaps_stay_gaps():
    line = Series(Kind.LINE, "a", (Mark("review", 1), Mark("client", None)))
    trace = figure(chart_of(line))["data"][0]
    assert (trace["y"], trace["connectgaps"]) == ([1, None], False)


def test_bars_of_days_and_stacks_of_areas_are_drawn_too():
    base = Axis(Scale.DAY)
    marks = tuple(Mark(date(2026, 3, day).isoformat(), day) for day in (2, 3, 4))
    chart = chart_of(
        Series(Kind.AREA, "started", marks),
        Series(Kind.AREA, "finished", marks, Tone.APPROVED),
        Series(Kind.BARS, "a day", marks),
        base=base,
    )
    drawn = readable(figure(chart))
    found = go.Figure(drawn)
    assert [found.data[0].fill, found.layout.xaxis.type] == ["tozeroy", "date"]
    assert drawn["layout"]["xaxis"]["ticktext"] == ["2026-03-02", "2026-03-03", "2026-03-04"]


def test_many_panels_are_low_strips_on_one_scale_above_one_axis():
    weeks = Axis(Scale.CATEGORY, categories=tuple((str(n), f"W{n}") for n in range(13)))

    def panel(n: int) -> Panel:
        marks = tuple(Mark(str(week), n) for week in range(13))
        bars = Series(Kind.BARS, "published", marks)
        return Panel(weeks, Axis(from_zero=True), (bars,), title=f"Network {n}", aside=f"{n} of 9")

    two, all_networks = (
        readable(figure(Chart("plan", "Kept?", panels=tuple(panel(n + 1) for n in range(count)))))
        for count in (2, 14)
    )
    layout = all_networks["layout"]
    assert layout["height"] < 600 < 14 * two["layout"]["height"] / 2
    up = [axis for name, axis in layout.items() if name.startswith("yaxis")]
    across = [axis for name, axis in layout.items() if name.startswith("xaxis")]
    assert [axis["range"] for axis in up] == [[0, pytest.approx(14.7)]] * 14
    assert [axis["showticklabels"] for axis in across] == [False] * 13 + [True]
    beside = {(one["x"], one["text"]) for one in layout["annotations"]}
    assert beside == {
        *((0, f"Network {n}") for n in range(1, 15)),
        *((1, f"{n} of 9") for n in range(1, 15)),
    }
    assert layout["margin"]["l"] > 7 * len("Network 14")
    go.Figure(all_networks)


def test_a_page_gets_no_ids():
    chart = EVERY["best posts"](30)
    ids = {one for s in chart.panels[0].series for mark in s.marks for one in mark.posts}
    written = json.dumps(for_browser(chart))
    assert len(ids) == 10
    assert [one for one in ids if one in written] == []
