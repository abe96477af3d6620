"""The charts wrapper: what it shows comes by `tell`, part by part, as somebody comes near it."""

import json
from collections.abc import Callable
from typing import Any, Final

import reflex as rx

from postboard.charts.spec import DOINGS, Doing
from postboard.ui.layout import Shell
from postboard.ui.words import _
from postboard.ui.wrappers import CHART

PLOTLY: Final = "plotly.js-basic-dist-min@3.1.0"
"""The newest that stays below 360 KB."""


class Charts(rx.Component):
    """Around all charts of a page. `names` are the address's, set by `tell("filtered", ...)`."""

    library = CHART
    tag = "Charts"
    lib_dependencies: list[str] = [PLOTLY]

    names: rx.Var[list[str]]
    networks: rx.Var[dict[str, str]]
    may_link: rx.Var[bool]

    on_look: rx.EventHandler[rx.event.passthrough_event_spec(int, str)]
    on_behind: rx.EventHandler[rx.event.passthrough_event_spec(str, int, int, int)]
    on_numbers: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_link: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_file: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


class _Chart(rx.Component):
    library = CHART
    tag = "Chart"

    name: rx.Var[str]
    part: rx.Var[str]
    doings: rx.Var[dict[str, Any]]


class Week(rx.Component):
    """The week in words."""

    library = CHART
    tag = "Week"

    part: rx.Var[str]


class FlowFigures(rx.Component):
    """The figures of flow, each with what exactly it is."""

    library = CHART
    tag = "FlowFigures"

    part: rx.Var[str]


def chart(name: str, part: str, chooser: Callable[[], rx.Component] | None = None) -> rx.Component:
    """`chooser` is what changes this chart alone, beside its title."""
    choosers = [chooser()] if chooser else []
    return _Chart.create(*choosers, name=name, part=part, doings=_doings())


def tell(what: str, *arguments: object) -> rx.event.EventSpec:
    """Say something to the charts of the page that asked; each is heard once and in order."""
    said = json.dumps([what, *arguments], separators=(",", ":"), ensure_ascii=False)
    return rx.call_script(f"window.postboard?.charts?.(...{said})")


def _doings() -> rx.Var[Any]:
    """What can be done about an empty chart, by whoever may do it; else there is no way to it."""
    figures = rx.cond(Shell.may_import_figures, "/performance/import/", "")
    plan = rx.cond(Shell.may_import, "/import/", "")
    ways = {
        Doing.IMPORT_METRICS: figures,
        Doing.IMPORT_DAYS: figures,
        Doing.IMPORT_PLAN: plan,
        Doing.WIDEN_PERIOD: "#days",
        Doing.CHOOSE_BENCHMARK: "#benchmarks",
    }
    named = {str(one): {"name": _(DOINGS[one]), "href": way} for one, way in ways.items()}
    return rx.Var.create(named)
