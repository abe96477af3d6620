"""One panel of a chart in Plotly's terms: traces, shapes, annotations and axes."""

from postboard.charts.drawing.axes import base_axis, titles, values_axis
from postboard.charts.drawing.bars import bar_groups, bars, spans, squares
from postboard.charts.drawing.columns import columns
from postboard.charts.drawing.ground import Ground
from postboard.charts.drawing.lines import bands, ends, line, rules
from postboard.charts.drawing.points import dots, ticks
from postboard.charts.drawing.strips import Strip, as_strip
from postboard.charts.spec import Kind, Panel


def draw(
    place: int, panel: Panel, height: int, domain: list[float], strip: Strip | None = None
) -> Ground:
    """`domain` is from where to where up the figure the panel reaches, 0..1."""
    on = Ground(place, panel, height)
    _axes(on, domain)
    if strip:
        as_strip(on, strip)
    else:
        titles(on)
    _marks(on)
    if not strip:
        ends(on)
    columns(on)
    return on


def _axes(on: Ground, domain: list[float]) -> None:
    base, values = base_axis(on), values_axis(on)
    across, up = (values, base) if on.panel.sideways else (base, values)
    on.axes[f"xaxis{on.suffix}"] = {**across, "anchor": f"y{on.suffix}"}
    on.axes[f"yaxis{on.suffix}"] = {**up, "anchor": f"x{on.suffix}", "domain": domain}


def _marks(on: Ground) -> None:
    groups = bar_groups(on.panel.series)
    stacks: dict[tuple[int, object], float] = {}
    for number, series in enumerate(on.panel.series):
        match series.kind:
            case Kind.BARS:
                bars(on, number, series, groups, stacks)
            case Kind.SPANS:
                spans(on, number, series)
            case Kind.SQUARES:
                squares(on, number, series)
            case Kind.TICKS:
                ticks(on, number, series)
            case Kind.BANDS:
                bands(on, series)
            case Kind.RULES:
                rules(on, series)
            case Kind.DOTS:
                dots(on, number, series)
            case Kind.LINE | Kind.STEPS | Kind.AREA:
                line(on, number, series)
