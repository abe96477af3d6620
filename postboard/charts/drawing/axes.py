"""The two axes of a panel, and what stands above it."""

from datetime import date, timedelta
from typing import Final

from postboard.charts.drawing.ground import Ground, has_long_names
from postboard.charts.drawing.paint import QUIET, WORDS, Json, text
from postboard.charts.spec import Axis, Scale, Unit

_GRID: Final = "var(--n4)"
_BASELINE: Final = "var(--n7)"
_TICKS: Final = 6
_TICKS_OF_CATEGORIES: Final = 13
_SUFFIX: Final = {Unit.PERCENT: "%", Unit.TIMES: "×"}
_AXIS: Final[Json] = {
    "tickangle": 0,
    "tickfont": {"size": 12, "color": QUIET},
    "gridcolor": _GRID,
    "linecolor": _BASELINE,
    "zeroline": False,
    "fixedrange": True,
    "ticks": "",
}


def base_axis(on: Ground) -> Json:
    base, sideways = on.panel.base, on.panel.sideways
    if base.scale is Scale.CATEGORY:
        axis = _category_axis(base, reverse=sideways)
        if sideways and has_long_names(base):
            axis |= {"showticklabels": False}
            _names_above(on)
        return axis
    if base.scale is Scale.DAY:
        return _day_axis(on)
    return {**_AXIS, **_number_axis(base), "showgrid": sideways}


def values_axis(on: Ground) -> Json:
    values = on.panel.values
    if values.scale is Scale.CATEGORY:
        return _category_axis(values, reverse=not on.panel.sideways)
    return {**_AXIS, **_number_axis(values), **_whole_steps(on)}


def titles(on: Ground) -> None:
    """What the panel is of, and what its values are, above it: nothing is written sideways."""
    parts = [said for said in (on.panel.title, on.panel.values.title) if said]
    if on.panel.shade:
        parts = [on.panel.shade.title]
    if not parts:
        return
    on.annotations.append(
        {
            "xref": f"x{on.suffix} domain",
            "yref": f"y{on.suffix} domain",
            "x": 0,
            "y": 1,
            "xanchor": "left",
            "yanchor": "bottom",
            "yshift": 8,
            "text": text(*parts, by=" · "),
            "showarrow": False,
            "font": {"size": 12, "color": QUIET},
        }
    )


def _category_axis(axis: Axis, *, reverse: bool) -> Json:
    last = len(axis.categories) - 0.5
    every = 1 if reverse else -(-len(axis.categories) // _TICKS_OF_CATEGORIES)
    shown = list(enumerate(axis.categories))[:: max(1, every)]
    return {
        **_AXIS,
        "showgrid": False,
        "zeroline": False,
        "range": [last, -0.5] if reverse else [-0.5, last],
        "tickvals": [spot for spot, _ in shown],
        "ticktext": [text(name) for _, (_, name) in shown],
        "automargin": True,
    }


def _day_axis(on: Ground) -> Json:
    """Evenly from the first to the last, whether or not there is a mark on them."""
    marked = [str(m.at)[:10] for s in on.panel.series for m in s.marks if m.at]
    if not marked:
        return {**_AXIS, "type": "date", "showgrid": False}
    first, last = (date.fromisoformat(day) for day in (min(marked), max(marked)))
    step = max(1, -(-((last - first).days + 1) // _TICKS))
    shown = range(0, (last - first).days + 1, step)
    days = [(first + timedelta(days=away)).isoformat() for away in shown]
    return {
        **_AXIS,
        "type": "date",
        "showgrid": False,
        "tickvals": days,
        "ticktext": [{"t": [{"d": day, "short": True}]} for day in days],
    }


def _number_axis(axis: Axis) -> Json:
    return {
        "ticksuffix": _SUFFIX.get(axis.unit, ""),
        "separatethousands": True,
        "nticks": _TICKS,
        "rangemode": "tozero" if axis.from_zero else "normal",
    }


def _whole_steps(on: Ground) -> Json:
    """A count of few has no fifths."""
    highest = max(on.numbers(), default=0)
    return {"dtick": 1} if on.panel.values.unit is Unit.COUNT and 0 < highest <= _TICKS else {}


def _names_above(on: Ground) -> None:
    for key, name in on.panel.base.categories:
        on.annotations.append(
            {
                **on.at(0, on.places[key], xref="x domain"),
                "text": text(name),
                "xanchor": "left",
                "yanchor": "bottom",
                "yshift": 9,
                "font": {"size": 12, "color": WORDS},
            }
        )
