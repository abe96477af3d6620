"""What has a length or an area: bars, spans and the squares of a grid."""

from collections.abc import Sequence
from typing import Final

from postboard.charts.drawing.ground import Ground
from postboard.charts.drawing.paint import (
    SURFACE,
    TOKENS,
    WORDS,
    Json,
    is_number,
    rounded,
    text,
    tones,
)
from postboard.charts.spec import Kind, Mark, Said, Scale, Series, Unit, figure_text

_DAY_MS: Final = 86_400_000
_BAR: Final = 0.72
_SIDEWAYS: Final = 0.45
"""Of a bar's width, where names stand above bars."""
_PALEST: Final = 0.06
_DARKEST: Final = 0.5
"""Letters can be read on it in both themes."""


def bars(
    on: Ground,
    number: int,
    series: Series,
    groups: Sequence[int],
    stacks: dict[tuple[int, object], float],
) -> None:
    """Side by side, or on one another; widths are ours, so that both go together."""
    count = max(groups) + 1
    unit = _DAY_MS if on.panel.base.scale is Scale.DAY else 1
    width = _BAR / count * unit
    group = groups[number]
    under = [stacks.get((group, mark.at), 0.0) if series.stacked else 0.0 for mark in series.marks]
    for mark, lower in zip(series.marks, under, strict=True):
        stacks[group, mark.at] = lower + (float(mark.value) if is_number(mark.value) else 0)
    labels = {"text": [text(m.label) for m in series.marks], "textposition": "outside"}
    on.trace(
        number,
        series,
        type="bar",
        orientation="h" if on.panel.sideways else "v",
        **on.xy([on.spot(m) for m in series.marks], [rounded(m.value) for m in series.marks]),
        **({"base": under} if any(under) else {}),
        width=width * 0.94 * (_SIDEWAYS if on.panel.sideways else 1),
        offset=(-_BAR * unit / 2 + width * group) * (_SIDEWAYS if on.panel.sideways else 1),
        **(labels if series.labelled else {}),
        textfont={"size": 12, "color": WORDS},
        constraintext="none",
        cliponaxis=False,
        marker={
            "color": tones(series),
            "pattern": _pattern(series),
        },
        **on.hover(series),
    )


def spans(on: Ground, number: int, series: Series) -> None:
    lows = [rounded(mark.low) for mark in series.marks]
    lengths = [rounded((m.high or 0) - (m.low or 0)) for m in series.marks]
    on.trace(
        number,
        series,
        type="bar",
        orientation="h" if on.panel.sideways else "v",
        **on.xy([on.spot(mark) for mark in series.marks], lengths),
        base=lows,
        width=0.2,
        marker={"color": tones(series), "opacity": 0.3},
        hovertext=[text(*_span_lines(on, series, mark)) for mark in series.marks],
        hoverinfo="text",
    )


def squares(on: Ground, number: int, series: Series) -> None:
    """Bars one row high: a faint one for every cell, and over it the cells with posts."""
    rows = {key: spot for spot, (key, _) in enumerate(on.panel.values.categories)}
    cells = [(x, y) for y in rows.values() for x in on.places.values()]
    box = {"type": "bar", "width": 0.94, "xaxis": f"x{on.suffix}", "yaxis": f"y{on.suffix}"}
    on.traces.append(
        {
            **box,
            "x": [x for x, _ in cells],
            "y": [0.92] * len(cells),
            "base": [y - 0.46 for _, y in cells],
            "marker": {"color": "var(--n3)"},
            "hoverinfo": "skip",
            "showlegend": False,
            "meta": [],
        }
    )
    highest = max((mark.size or 0 for mark in series.marks), default=0) or 1
    shades = [
        0 if m.size is None else round(_PALEST + (_DARKEST - _PALEST) * m.size / highest, 2)
        for m in series.marks
    ]
    unit = on.panel.shade.unit if on.panel.shade else Unit.COUNT
    on.trace(
        number,
        series,
        **box,
        x=[on.spot(mark) for mark in series.marks],
        y=[0.92] * len(series.marks),
        base=[rows[str(mark.value)] - 0.46 for mark in series.marks],
        marker={"color": TOKENS[series.tone], "opacity": shades},
        text=["" if m.size is None else figure_text(m.size, unit) for m in series.marks],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={
            "size": 11,
            "color": "var(--n12)",
        },
        **on.hover(series),
    )


def bar_groups(series: Sequence[Series]) -> list[int]:
    """Which bars stand side by side: those of series that share a place, unless stacked."""
    groups: list[int] = []
    taken: list[set[object]] = []
    for one in series:
        if one.kind is not Kind.BARS:
            groups.append(0)
            continue
        places: set[object] = {mark.at for mark in one.marks}
        free = (n for n, of in enumerate(taken) if one.stacked or not of & places)
        group = next(free, len(taken))
        if group == len(taken):
            taken.append(set())
        taken[group] |= places
        groups.append(group)
    return groups


def _span_lines(on: Ground, series: Series, mark: Mark) -> tuple[Said, ...]:
    unit = on.panel.values.unit
    return (series.name, f"{figure_text(mark.low, unit)} – {figure_text(mark.high, unit)}")


def _pattern(series: Series) -> Json:
    if not any(mark.hatched for mark in series.marks):
        return {}
    shapes = ["/" if mark.hatched else "" for mark in series.marks]
    return {
        "shape": shapes,
        "fillmode": "overlay",
        "fgcolor": SURFACE,
        "size": 6,
        "solidity": 0.35,
    }
