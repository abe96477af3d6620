"""Lines along the base, bands and lines across the panel, and the names at their ends."""

from typing import Final

from postboard.charts.drawing.ground import Ground
from postboard.charts.drawing.paint import (
    SURFACE,
    TOKENS,
    Json,
    dashes,
    is_number,
    rounded,
    text,
    words_token,
)
from postboard.charts.spec import Kind, Mark, Said, Series, Tone

_LABEL_PX: Final = 15
_FILLED: Final = 0.93
"""Of a panel's height, by its highest mark."""
_MANY: Final = 20
"""Points, past which a line has no dots."""


def line(on: Ground, number: int, series: Series) -> None:
    dotted = len(series.marks) <= _MANY and series.tone is not Tone.PAST
    area = series.kind is Kind.AREA
    on.trace(
        number,
        series,
        type="scatter",
        mode="lines" if area else "lines+markers",
        **on.xy([on.spot(m) for m in series.marks], [rounded(m.value) for m in series.marks]),
        connectgaps=False,
        line={
            "color": TOKENS[series.tone],
            "width": 0 if area else 2 if series.tone is Tone.ACCENT else 1.5,
            "dash": "dash" if series.dashed else "solid",
            "shape": "hv" if series.kind is Kind.STEPS else "linear",
        },
        **({"fill": "tozeroy", "fillcolor": TOKENS[series.tone]} if area else {}),
        marker={
            "size": 7 if dotted else 3.5,
            "color": [SURFACE if m.hatched else TOKENS[series.tone] for m in series.marks]
            if any(m.hatched for m in series.marks)
            else TOKENS[series.tone],
            "line": {"width": 1.5 if dotted else 0, "color": TOKENS[series.tone]},
        },
        **on.hover(series),
    )


def bands(on: Ground, series: Series) -> None:
    for mark in series.marks:
        whole = mark.at is None
        spot = None if whole else on.spot(mark)
        base = [0, 1] if spot is None else [spot - 0.42, spot + 0.42]
        on.shapes.append(
            {
                **on.box(base, [mark.low, mark.high], whole=whole),
                "type": "rect",
                "layer": "below",
                "line": {"width": 0},
                "fillcolor": TOKENS[mark.tone or series.tone],
                "opacity": 0.14,
            }
        )
        if mark.label:
            _note(on, mark.label, mark.high, series.tone)


def rules(on: Ground, series: Series) -> None:
    for mark in series.marks:
        on.shapes.append(
            {
                **on.box([0, 1], [mark.value, mark.value], whole=True),
                "type": "line",
                "line": dashes(TOKENS[mark.tone or series.tone], 1.5, dashed=series.dashed),
            }
        )
        if series.labelled and on.panel.sideways:
            _note(on, mark.label, mark.value, series.tone, series.name)


def ends(on: Ground) -> None:
    """The name of each line, and of each across the panel, at its end: pushed apart where they
    would lie on one another.
    """
    ends = [end for series in on.panel.series for end in _ends_of(on, series)]
    ends.sort(key=lambda end: end[0])
    shown = [0.0, *on.numbers()]
    span = max(shown) - min(shown) or 1
    lowest = -float("inf")
    for value, words, tone in ends:
        wanted = value / span * on.height * _FILLED
        placed = max(wanted, lowest)
        lowest = placed + _LABEL_PX
        on.annotations.append(
            {
                **on.at(1, rounded(value), xref="x domain"),
                "text": words,
                "xanchor": "left",
                "xshift": 6,
                "yshift": round(placed - wanted),
                "font": {"size": 12, "color": words_token(tone)},
            }
        )


def _ends_of(on: Ground, series: Series) -> list[tuple[float, Json, Tone]]:
    if series.kind in {Kind.LINE, Kind.STEPS} and series.name:
        last = _last(series)
        value = last.value if last else None
        return [(value, text(series.name), series.tone)] if is_number(value) else []
    if series.kind is not Kind.RULES or not series.labelled or on.panel.sideways:
        return []
    return [
        (mark.value, text(series.name, mark.label, by=" "), series.tone)
        for mark in series.marks
        if is_number(mark.value)
    ]


def _note(on: Ground, label: Said, value: object, tone: Tone, name: Said = "") -> None:
    """Beside a line across the panel, at its far end."""
    parts = [part for part in (name, label) if part]
    on.annotations.append(
        {
            **on.at(0 if on.panel.sideways else 1, value, xref="x domain"),
            "text": text(*parts, by=" "),
            "xanchor": "right",
            "yanchor": "bottom",
            "font": {"size": 12, "color": words_token(tone)},
        }
    )


def _last(series: Series) -> Mark | None:
    return next((mark for mark in reversed(series.marks) if is_number(mark.value)), None)
