"""What the parts of one panel are drawn on: where a mark stands, and what its trace says."""

from collections.abc import Sequence
from typing import Any, Final

from postboard.charts.drawing.paint import Json, is_number, rounded, text
from postboard.charts.spec import Axis, Kind, Mark, Panel, Scale, Series, figure_text

_LONG_NAME: Final = 18
"""Letters; longer names stand above their bar, not before it."""
_IN_LEGEND: Final = frozenset({Kind.DOTS, Kind.BARS, Kind.SPANS, Kind.TICKS, Kind.AREA})
"""Others are named beside themselves."""


class Ground:
    """One panel, with the traces, shapes, annotations and axes it has so far."""

    def __init__(self, place: int, panel: Panel, height: int) -> None:
        self.place = place
        self.panel = panel
        self.height = height
        self.suffix = "" if place == 0 else str(place + 1)
        self.traces: list[Json] = []
        self.shapes: list[Json] = []
        self.annotations: list[Json] = []
        self.axes: Json = {}
        self.places = {key: spot for spot, (key, _) in enumerate(panel.base.categories)}
        self.names = dict(panel.base.categories)

    def trace(self, number: int, series: Series, points: int = 1, **more: Any) -> None:
        self.traces.append(
            {
                "xaxis": f"x{self.suffix}",
                "yaxis": f"y{self.suffix}",
                "name": text(series.name),
                "meta": [self.place, number, points],
                "showlegend": series.kind in _IN_LEGEND and series not in columns_of(self.panel),
                **more,
            }
        )

    def hover(self, series: Series) -> Json:
        """In full where a mark says it, else the value at its place, which costs a browser less."""
        if all(not (mark.hover or mark.label) for mark in series.marks):
            value = "%{x}" if self.panel.sideways else "%{y}"
            day = "%{x|%Y-%m-%d}<br>" if self.panel.base.scale is Scale.DAY else ""
            return {"hovertemplate": f"{day}{value}<extra></extra>"}
        return {
            "hovertext": [self.said(series, mark) for mark in series.marks],
            "hoverinfo": "text",
        }

    def said(self, series: Series, mark: Mark) -> Json:
        """What it is, where, and how much, each once."""
        value = figure_text(mark.value, self.panel.values.unit) if is_number(mark.value) else ""
        told = mark.hover or str(mark.label).startswith(value)
        seen = series.kind is Kind.SQUARES or (series.kind is Kind.DOTS and not series.labelled)
        named = "" if seen else self.names.get(str(mark.at), "")
        kind = series.name if series.labelled else ""
        lines = (kind, named, mark.label, "" if told else value, *mark.hover)
        return text(*[line for line in lines if line])

    def spot(self, mark: Mark) -> Any:
        if self.panel.base.scale is Scale.CATEGORY:
            return self.places[str(mark.at)]
        return rounded(mark.at)

    def xy(self, at: Sequence[object], values: Sequence[object]) -> Json:
        return {"x": values, "y": at} if self.panel.sideways else {"x": at, "y": values}

    def at(self, x: object, y: object, *, xref: str) -> Json:
        return {
            "xref": xref.replace("x", f"x{self.suffix}", 1),
            "yref": f"y{self.suffix}",
            "x": x,
            "y": y,
            "showarrow": False,
        }

    def box(self, base: Sequence[object], values: Sequence[object], *, whole: bool) -> Json:
        """Corners along base and values; a whole one goes from end to end of the base."""
        across, up = (values, base) if self.panel.sideways else (base, values)
        refs = {"x": f"x{self.suffix}", "y": f"y{self.suffix}"}
        if whole:
            refs["y" if self.panel.sideways else "x"] += " domain"
        return {
            "xref": refs["x"],
            "yref": refs["y"],
            "x0": across[0],
            "x1": across[1],
            "y0": up[0],
            "y1": up[1],
        }

    def numbers(self) -> list[float]:
        marks = (mark for series in self.panel.series for mark in series.marks)
        return [float(mark.value) for mark in marks if is_number(mark.value)]


def columns_of(panel: Panel) -> list[Series]:
    """Whose labels stand in a column of their own."""
    if not panel.sideways:
        return []
    return [s for s in panel.series if s.labelled and s.kind in {Kind.DOTS, Kind.TICKS}]


def has_long_names(axis: Axis) -> bool:
    return any(len(str(name)) > _LONG_NAME for _, name in axis.categories)
