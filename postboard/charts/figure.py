"""A chart as the figure that Plotly draws in a browser.

Words and colours are still the reader's to choose: a text is `{"t": [lines]}`, its lines as
`spec.node` writes them, and a colour is a token of assets/postboard.css, `var(--accent)`. The
browser (`ui/wrappers/figure.js`) puts in both, so that a change of language or theme asks no
server, and one figure serves light and dark. Plotly's own template and colours are used nowhere.

A click says its trace's `meta`, `[panel, series, points of one mark]`, and the point's number;
`clicked` finds the mark, with the ids that the browser never got. A heat map is drawn as bars,
since the basic bundle has none.
"""

from collections.abc import Sequence
from typing import Final

from postboard.charts.drawing import draw, strips
from postboard.charts.drawing.columns import COLUMN_PX
from postboard.charts.drawing.ground import columns_of, has_long_names
from postboard.charts.drawing.paint import Json
from postboard.charts.spec import Chart, Kind, Mark, Panel, Scale, node

_PANEL_PX: Final = 208
_ROW_PX: Final = 34
_LABELLED_ROW_PX: Final = 46
_SQUARE_PX: Final = 30
_BETWEEN_PX: Final = 62
_TOP_PX: Final = 34
_BOTTOM_PX: Final = 44
_LEGEND_PX: Final = 26
_LINE_END_PX: Final = 112


def figure(chart: Chart) -> Json:
    """`data` and `layout`, with the height in px; nothing to draw gives no traces."""
    panels = chart.panels
    low = strips.strips(panels)
    heights = [strips.STRIP_PX if low else _height(panel) for panel in panels]
    between = strips.BETWEEN_PX if low else _BETWEEN_PX
    total = sum(heights) + between * max(0, len(heights) - 1)
    margin = strips.margins(panels) if low else {"r": _right(panels), "t": _TOP_PX}
    layout = _layout(total, margin)
    data: list[Json] = []
    top = float(total)
    for place, (panel, height) in enumerate(zip(panels, heights, strict=True)):
        domain = [max(0.0, (top - height) / total), top / total]
        drawn = draw(place, panel, height, domain, low[place] if low else None)
        data += drawn.traces
        layout["shapes"] += drawn.shapes
        layout["annotations"] += drawn.annotations
        layout |= drawn.axes
        top -= height + between
    _legend(data, layout)
    return {"data": data, "layout": layout}


def clicked(chart: Chart, meta: Sequence[int], point: int) -> Mark | None:
    """The mark a browser names, which may name anything."""
    match meta:
        case [int(panel), int(series), int(points)] if points > 0:
            return chart.mark(panel, series, point // points)
        case _:
            return None


def for_browser(chart: Chart) -> Json:
    """What a page needs of a chart: its words, its figure and its size; neither ids nor table."""
    return {
        "key": chart.key,
        "title": node(chart.title),
        "facts": [node(fact) for fact in chart.facts],
        "benchmarks": [{"says": node(one.sentence), "url": one.url} for one in chart.benchmarks],
        "notes": [node(note) for note in chart.notes],
        "empty": chart.empty and node(chart.empty.sentence),
        "doing": chart.empty and chart.empty.doing,
        "figure": None if chart.empty else figure(chart),
    }


def _height(panel: Panel) -> int:
    if any(series.kind is Kind.SQUARES for series in panel.series):
        return _SQUARE_PX * len(panel.values.categories)
    if panel.sideways and panel.base.scale is Scale.CATEGORY:
        row = _LABELLED_ROW_PX if has_long_names(panel.base) else _ROW_PX
        return row * len(panel.base.categories)
    return _PANEL_PX


def _layout(drawn_px: int, margin: Json) -> Json:
    return {
        "height": drawn_px + margin["t"] + _BOTTOM_PX,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12, "color": "var(--n11)"},
        "margin": {"l": 40, "b": _BOTTOM_PX, **margin},
        "barmode": "overlay",
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "var(--n12)",
            "bordercolor": "var(--n12)",
            "font": {"size": 12, "color": "var(--n1)"},
            "align": "left",
        },
        "showlegend": False,
        "legend": {
            "orientation": "h",
            "xref": "container",
            "x": 0,
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "font": {"size": 12, "color": "var(--n11)"},
        },
        "dragmode": False,
        "shapes": [],
        "annotations": [],
    }


def _right(panels: tuple[Panel, ...]) -> int:
    """Room for what stands at the ends of lines or bars, or for columns of figures."""
    columns = max((len(columns_of(panel)) for panel in panels), default=0)
    if columns:
        return COLUMN_PX * columns + 12
    across = [s for panel in panels if not panel.sideways for s in panel.series if s.name]
    if any(series.kind in {Kind.LINE, Kind.STEPS, Kind.RULES} for series in across):
        return _LINE_END_PX
    return 84 if any(panel.sideways for panel in panels) else 16


def _legend(data: list[Json], layout: Json) -> None:
    """For what is not named beside itself, each name once; a single one needs none."""
    names: list[object] = []
    for trace in data:
        if trace["showlegend"] and trace["name"] not in names:
            names.append(trace["name"])
        else:
            trace["showlegend"] = False
    if len(names) > 1:
        layout["showlegend"] = True
        layout["margin"]["b"] += _LEGEND_PX
        layout["height"] += _LEGEND_PX
