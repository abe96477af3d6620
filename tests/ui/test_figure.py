"""A figure's words and colours in the browser."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import postboard

pytestmark = pytest.mark.browser

FIGURE = Path(postboard.__file__).parent / "ui" / "wrappers" / "figure.js"
READ = """async ([source, figure]) => {
  const { readable, coloursAt } = await import(`data:text/javascript;base64,${source}`);
  document.body.style.cssText = "--accent: oklch(51% 0.16 264); --n1: #fff";
  const words = {
    language: "en",
    t: (sentence, facts = {}) => sentence.replace(/{(\\w+)}/g, (_, name) => facts[name]),
    date: (day) => `on ${day}`,
  };
  return readable(figure, words, coloursAt(document.body));
}"""
FIT = """async ([source, figure, width]) => {
  const { fitted } = await import(`data:text/javascript;base64,${source}`);
  return fitted(figure, width).layout.xaxis.ticktext;
}"""


def ask(chromium: Browser, script: str, *given: object):
    page = chromium.new_page()
    answer = page.evaluate(script, [base64.b64encode(FIGURE.read_bytes()).decode(), *given])
    page.close()
    return answer


def test_words_days_and_colours_are_put_in(chromium: Browser) -> None:
    nested = {"s": "{several}, {one}", "f": {"several": "X", "one": {"d": "2026-03-02"}}}
    figure = {
        "name": {"t": [nested, "1.2%"]},
        "title": {"t": ["Posts", {"s": "all"}], "by": " · "},
        "tick": {"t": [{"d": "2026-03-02", "short": True}]},
        "y": [1, None, 0],
        "colours": ["var(--accent)", "var(--n1)", "rgba(0,0,0,0)"],
        "auto": True,
    }
    found = ask(chromium, READ, figure)
    accent = found["colours"].pop(0)
    assert found == {
        "name": "X, on 2026-03-02<br>1.2%",
        "title": "Posts · all",
        "tick": "Mar 2",
        "y": [1, None, 0],
        "colours": ["rgb(255,255,255)", "rgba(0,0,0,0)"],
        "auto": True,
    }
    red, green, blue = (int(part) for part in accent.removeprefix("rgb(")[:-1].split(","))
    assert red < green < blue


def test_a_posts_words_are_no_html(chromium: Browser) -> None:
    found = ask(chromium, READ, {"text": {"t": ["<a href='https://x.example'>you & me</a>"]}})
    assert found["text"] == "&lt;a href='https://x.example'&gt;you &amp; me&lt;/a&gt;"


@pytest.mark.parametrize(("width", "shown"), [(900, 12), (260, 3)])
def test_a_narrow_chart_names_fewer_weeks(chromium: Browser, width: int, shown: int) -> None:
    weeks = [f"W{number}" for number in range(2, 14)]
    layout = {"height": 1, "margin": {"l": 40, "r": 100, "b": 1}}
    layout |= {"xaxis": {"ticktext": weeks, "tickvals": [*range(12)]}}
    found = ask(chromium, FIT, {"data": [], "layout": layout}, width)
    assert (len(found), found[0]) == (shown, "W2")


@pytest.mark.parametrize(
    ("names", "width", "shown"),
    [
        (["Internal review", "Ready for client"], 900, ["Internal review", "Ready for client"]),
        (
            ["Internal review", "Ready for client"],
            330,
            ["Internal<br>review", "Ready for<br>client"],
        ),
        (["内部审核中", "客户审核中"], 260, ["内部审<br>核中", "客户审<br>核中"]),
    ],
)
def test_a_name_goes_over_lines_before_it_is_left_out(
    chromium: Browser, names: list[str], width: int, shown: list[str]
) -> None:
    layout = {"height": 1, "margin": {"l": 40, "r": 100, "b": 1}}
    layout |= {"xaxis": {"ticktext": names, "tickvals": [0, 1]}}
    assert ask(chromium, FIT, {"data": [], "layout": layout}, width) == shown


@pytest.mark.parametrize(("width", "height"), [(900, 300), (300, 338)])
def test_a_legend_that_takes_rows_makes_its_figure_higher(
    chromium: Browser, width: int, height: int
) -> None:
    data = [{"showlegend": True, "name": f"A name that is long {n}"} for n in range(3)]
    layout = {"height": 300, "margin": {"l": 40, "r": 16, "b": 70}, "showlegend": True}
    script = FIT.replace(".xaxis.ticktext", ".height")
    assert ask(chromium, script, {"data": data, "layout": layout}, width) == height
