"""What stands at one value: dots, and short lines across their category."""

from collections.abc import Sequence
from typing import Any, Final

from postboard.charts.drawing.ground import Ground
from postboard.charts.drawing.paint import (
    SURFACE,
    TOKENS,
    Json,
    dashes,
    one_or_all,
    rounded,
    text,
    tones,
    words_token,
)
from postboard.charts.spec import Series

_TICK: Final = 0.36
_TICK_PX: Final = 12
"""Half of a mark's length, as Plotly counts the size of a line."""
_JITTER: Final = (0.0, 0.14, -0.14, 0.22, -0.07, 0.07, -0.22)


def dots(on: Ground, number: int, series: Series) -> None:
    at = _jittered([on.spot(mark) for mark in series.marks], still=series.labelled)
    values = [rounded(mark.value) for mark in series.marks]
    written = series.labelled and not on.panel.sideways
    labels = {"text": [text(m.label) for m in series.marks], "textposition": "top center"}
    on.trace(
        number,
        series,
        type="scatter",
        mode="markers+text" if written else "markers",
        **on.xy(at, values),
        **(labels if written else {}),
        textfont={"size": 12, "color": words_token(series.tone)},
        marker={
            "size": 12 if series.labelled else 7,
            "color": tones(series),
            "opacity": 1 if series.labelled else 0.8,
            "symbol": one_or_all(["circle-open" if m.hatched else "circle" for m in series.marks]),
            "line": {"width": 1.5 if series.labelled else 1, "color": SURFACE},
        },
        **on.hover(series),
    )


def ticks(on: Ground, number: int, series: Series) -> None:
    """A short line across its category: a mark of its own or, since marks cannot be dashed, two
    ends and a gap.
    """
    spots = [on.spot(mark) for mark in series.marks]
    values = [rounded(mark.value) for mark in series.marks]
    hover = [on.said(series, mark) for mark in series.marks]
    labels = [text(mark.label) for mark in series.marks]
    drawn: Json = {"mode": "markers", "marker": _tick(on, series)}
    if series.dashed:
        spots = [end for spot in spots for end in (spot - _TICK, spot + _TICK, None)]
        values = [value for one in values for value in (one, one, None)]
        hover = [said for one in hover for said in (one, one, "")]
        labels = [said for one in labels for said in ("", one, "")]
        drawn = {"mode": "lines", "line": dashes(TOKENS[series.tone], 2, dashed=True)}
    if series.labelled and not on.panel.sideways:
        drawn |= {"mode": f"{drawn['mode']}+text", "text": labels, "textposition": "top right"}
    on.trace(
        number,
        series,
        3 if series.dashed else 1,
        type="scatter",
        **on.xy(spots, values),
        **drawn,
        textfont={"size": 12, "color": words_token(series.tone)},
        hovertext=hover,
        hoverinfo="text",
    )


def _tick(on: Ground, series: Series) -> Json:
    return {
        "symbol": "line-ns" if on.panel.sideways else "line-ew",
        "size": _TICK_PX,
        "line": {"width": 2, "color": TOKENS[series.tone]},
    }


def _jittered(spots: Sequence[Any], *, still: bool) -> list[Any]:
    """Dots of one category beside one another, the same way each time."""
    if still or not all(isinstance(spot, int) for spot in spots):
        return list(spots)
    seen: dict[int, int] = {}
    found: list[float] = []
    for spot in spots:
        turn = seen[spot] = seen.get(spot, -1) + 1
        found.append(round(spot + _JITTER[turn % len(_JITTER)], 2))
    return found
