"""One panel of a chart in Plotly's terms: traces, shapes, annotations and axes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeGuard

from postboard.charts.spec import (
    Axis,
    Kind,
    Mark,
    Panel,
    Said,
    Scale,
    Series,
    Tone,
    Unit,
    figure_text,
    node,
)

Json = dict[str, Any]

TOKENS: Final[dict[Tone, str]] = {
    Tone.ACCENT: "var(--accent)",
    Tone.INK: "var(--n11)",
    Tone.PLAN: "var(--n7)",
    Tone.PAST: "var(--n9)",
    Tone.SMALL: "var(--n9)",
    Tone.GOOD: "var(--green)",
    Tone.WARNING: "var(--amber)",
    Tone.BAD: "var(--red)",
    Tone.OURS: "var(--accent)",
    Tone.CLIENT: "var(--amber)",
    Tone.MAKING: "oklch(var(--state-l) 0.03 var(--making))",
    Tone.REVIEWING: "oklch(var(--state-l) var(--state-c) var(--reviewing))",
    Tone.REWORK: "oklch(var(--state-l) var(--state-c) var(--rework))",
    Tone.APPROVED: "oklch(var(--state-l) var(--state-c) var(--approved))",
    Tone.SCHEDULED: "oklch(var(--state-l) var(--state-c) var(--scheduled))",
    Tone.PUBLISHED: "var(--n11)",
}
_TEXT: Final = "var(--n11)"
_QUIET: Final = "var(--n10)"
_GRID: Final = "var(--n4)"
_BASELINE: Final = "var(--n7)"
_SURFACE: Final = "var(--surface)"
_LABEL_PX: Final = 15
_FILLED: Final = 0.93
"""Of a panel's height, by its highest mark."""
COLUMN_PX: Final = 70
_LONG_NAME: Final = 18
"""Letters; longer names stand above their bar, not before it."""
_TICKS: Final = 6
_TICKS_OF_CATEGORIES: Final = 13
_DAY_MS: Final = 86_400_000
_BAR: Final = 0.72
_SIDEWAYS: Final = 0.45
"""Of a bar's width, where names stand above bars."""
_TICK: Final = 0.36
_TICK_PX: Final = 12
"""Half of a mark's length, as Plotly counts the size of a line."""
_JITTER: Final = (0.0, 0.14, -0.14, 0.22, -0.07, 0.07, -0.22)
_MANY: Final = 20
"""Points, past which a line has no dots."""
_PALEST: Final = 0.06
_DARKEST: Final = 0.5
"""Letters can be read on it in both themes."""
_IN_LEGEND: Final = frozenset({Kind.DOTS, Kind.BARS, Kind.SPANS, Kind.TICKS, Kind.AREA})
"""Others are named beside themselves."""
_SUFFIX: Final = {Unit.PERCENT: "%", Unit.TIMES: "×"}
_AXIS: Final[Json] = {
    "tickangle": 0,
    "tickfont": {"size": 12, "color": _QUIET},
    "gridcolor": _GRID,
    "linecolor": _BASELINE,
    "zeroline": False,
    "fixedrange": True,
    "ticks": "",
}


def words_token(tone: Tone) -> str:
    """For letters, which need more contrast than lines and dots."""
    if tone in {Tone.PAST, Tone.SMALL, Tone.PLAN}:
        return _QUIET
    return TOKENS[tone].replace("--state-l", "--word-l")


def text(*lines: Said, by: str = "") -> Json:
    """Lines of one text, or its parts on one line where `by` stands between them."""
    return {"t": [node(line) for line in lines], **({"by": by} if by else {})}


class Drawing:
    """One panel's traces, shapes, annotations and axes."""

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

    def draw(self, domain: list[float]) -> None:
        sideways = self.panel.sideways
        base = self._base_axis()
        values = self._values_axis()
        across, up = (values, base) if sideways else (base, values)
        self.axes[f"xaxis{self.suffix}"] = {**across, "anchor": f"y{self.suffix}"}
        self.axes[f"yaxis{self.suffix}"] = {**up, "anchor": f"x{self.suffix}", "domain": domain}
        self._titles()
        groups = _bar_groups(self.panel.series)
        stacks: dict[tuple[int, object], float] = {}
        for number, series in enumerate(self.panel.series):
            match series.kind:
                case Kind.BARS:
                    self._bars(number, series, groups, stacks)
                case Kind.SPANS:
                    self._spans(number, series)
                case Kind.SQUARES:
                    self._squares(number, series)
                case Kind.TICKS:
                    self._ticks(number, series)
                case Kind.BANDS:
                    self._bands(series)
                case Kind.RULES:
                    self._rules(series)
                case Kind.DOTS:
                    self._dots(number, series)
                case Kind.LINE | Kind.STEPS | Kind.AREA:
                    self._line(number, series)
        self._ends()
        self._columns()

    def _base_axis(self) -> Json:
        base, sideways = self.panel.base, self.panel.sideways
        if base.scale is Scale.CATEGORY:
            axis = self._category_axis(base, reverse=sideways)
            if sideways and has_long_names(base):
                axis |= {"showticklabels": False}
                self._names_above()
            return axis
        if base.scale is Scale.DAY:
            return self._day_axis()
        return {**_AXIS, **_number_axis(base), "showgrid": sideways}

    def _values_axis(self) -> Json:
        values = self.panel.values
        if values.scale is Scale.CATEGORY:
            return self._category_axis(values, reverse=not self.panel.sideways)
        return {**_AXIS, **_number_axis(values), **self._whole_steps()}

    def _whole_steps(self) -> Json:
        """A count of few has no fifths."""
        highest = max(self._numbers(), default=0)
        return (
            {"dtick": 1} if self.panel.values.unit is Unit.COUNT and 0 < highest <= _TICKS else {}
        )

    def _numbers(self) -> list[float]:
        marks = (mark for series in self.panel.series for mark in series.marks)
        return [float(mark.value) for mark in marks if is_number(mark.value)]

    def _category_axis(self, axis: Axis, *, reverse: bool) -> Json:
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

    def _day_axis(self) -> Json:
        """Evenly from the first to the last, whether or not there is a mark on them."""
        marked = [str(m.at)[:10] for s in self.panel.series for m in s.marks if m.at]
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

    def _names_above(self) -> None:
        for key, name in self.panel.base.categories:
            self.annotations.append(
                {
                    **self._at(0, self.places[key], xref="x domain"),
                    "text": text(name),
                    "xanchor": "left",
                    "yanchor": "bottom",
                    "yshift": 9,
                    "font": {"size": 12, "color": _TEXT},
                }
            )

    def _titles(self) -> None:
        """What the panel is of, and what its values are, above it: nothing is written sideways."""
        parts = [said for said in (self.panel.title, self.panel.values.title) if said]
        if self.panel.shade:
            parts = [self.panel.shade.title]
        if not parts:
            return
        self.annotations.append(
            {
                "xref": f"x{self.suffix} domain",
                "yref": f"y{self.suffix} domain",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "yshift": 8,
                "text": text(*parts, by=" · "),
                "showarrow": False,
                "font": {"size": 12, "color": _QUIET},
            }
        )

    def _trace(self, number: int, series: Series, points: int = 1, **more: Any) -> None:
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

    def _dots(self, number: int, series: Series) -> None:
        at = _jittered([self._spot(mark) for mark in series.marks], still=series.labelled)
        values = [_rounded(mark.value) for mark in series.marks]
        written = series.labelled and not self.panel.sideways
        labels = {"text": [text(m.label) for m in series.marks], "textposition": "top center"}
        self._trace(
            number,
            series,
            type="scatter",
            mode="markers+text" if written else "markers",
            **self._xy(at, values),
            **(labels if written else {}),
            textfont={"size": 12, "color": words_token(series.tone)},
            marker={
                "size": 12 if series.labelled else 7,
                "color": _tones(series),
                "opacity": 1 if series.labelled else 0.8,
                "symbol": _one_or_all(
                    ["circle-open" if m.hatched else "circle" for m in series.marks]
                ),
                "line": {"width": 1.5 if series.labelled else 1, "color": _SURFACE},
            },
            **self._hover(series),
        )

    def _line(self, number: int, series: Series) -> None:
        dotted = len(series.marks) <= _MANY and series.tone is not Tone.PAST
        area = series.kind is Kind.AREA
        self._trace(
            number,
            series,
            type="scatter",
            mode="lines" if area else "lines+markers",
            **self._xy(
                [self._spot(m) for m in series.marks], [_rounded(m.value) for m in series.marks]
            ),
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
                "color": [_SURFACE if m.hatched else TOKENS[series.tone] for m in series.marks]
                if any(m.hatched for m in series.marks)
                else TOKENS[series.tone],
                "line": {"width": 1.5 if dotted else 0, "color": TOKENS[series.tone]},
            },
            **self._hover(series),
        )

    def _ends(self) -> None:
        """The name of each line, and of each across the panel, at its end: pushed apart where they
        would lie on one another.
        """
        ends = [end for series in self.panel.series for end in self._ends_of(series)]
        ends.sort(key=lambda end: end[0])
        shown = [0.0, *self._numbers()]
        span = max(shown) - min(shown) or 1
        lowest = -float("inf")
        for value, words, tone in ends:
            wanted = value / span * self.height * _FILLED
            placed = max(wanted, lowest)
            lowest = placed + _LABEL_PX
            self.annotations.append(
                {
                    **self._at(1, _rounded(value), xref="x domain"),
                    "text": words,
                    "xanchor": "left",
                    "xshift": 6,
                    "yshift": round(placed - wanted),
                    "font": {"size": 12, "color": words_token(tone)},
                }
            )

    def _ends_of(self, series: Series) -> list[tuple[float, Json, Tone]]:
        if series.kind in {Kind.LINE, Kind.STEPS} and series.name:
            last = _last(series)
            value = last.value if last else None
            return [(value, text(series.name), series.tone)] if is_number(value) else []
        if series.kind is not Kind.RULES or not series.labelled or self.panel.sideways:
            return []
        return [
            (mark.value, text(series.name, mark.label, by=" "), series.tone)
            for mark in series.marks
            if is_number(mark.value)
        ]

    def _columns(self) -> None:
        """Beside a panel that lies on its side the figures stand in columns, as in a table."""
        for column, series in enumerate(columns_of(self.panel)):
            place = {"xanchor": "left", "xshift": 10 + COLUMN_PX * column}
            font = {"size": 12, "color": words_token(series.tone)}
            self.annotations.append(
                {
                    **self._at(1, 1, xref="x domain"),
                    "yref": f"y{self.suffix} domain",
                    "yanchor": "bottom",
                    "yshift": 8,
                    "text": text(series.name),
                    **place,
                    "font": font,
                }
            )
            self.annotations += [
                {
                    **self._at(1, self._spot(mark), xref="x domain"),
                    "text": text(mark.label),
                    **place,
                    "font": font,
                }
                for mark in series.marks
            ]

    def _bars(
        self,
        number: int,
        series: Series,
        groups: Sequence[int],
        stacks: dict[tuple[int, object], float],
    ) -> None:
        """Side by side, or on one another; widths are ours, so that both go together."""
        count = max(groups) + 1
        unit = _DAY_MS if self.panel.base.scale is Scale.DAY else 1
        width = _BAR / count * unit
        group = groups[number]
        under = [
            stacks.get((group, mark.at), 0.0) if series.stacked else 0.0 for mark in series.marks
        ]
        for mark, lower in zip(series.marks, under, strict=True):
            stacks[group, mark.at] = lower + (float(mark.value) if is_number(mark.value) else 0)
        labels = {"text": [text(m.label) for m in series.marks], "textposition": "outside"}
        self._trace(
            number,
            series,
            type="bar",
            orientation="h" if self.panel.sideways else "v",
            **self._xy(
                [self._spot(m) for m in series.marks], [_rounded(m.value) for m in series.marks]
            ),
            **({"base": under} if any(under) else {}),
            width=width * 0.94 * (0.45 if self.panel.sideways else 1),
            offset=(-_BAR * unit / 2 + width * group) * (0.45 if self.panel.sideways else 1),
            **(labels if series.labelled else {}),
            textfont={"size": 12, "color": _TEXT},
            constraintext="none",
            cliponaxis=False,
            marker={
                "color": _tones(series),
                "pattern": _pattern(series),
            },
            **self._hover(series),
        )

    def _spans(self, number: int, series: Series) -> None:
        lows = [_rounded(mark.low) for mark in series.marks]
        lengths = [_rounded((m.high or 0) - (m.low or 0)) for m in series.marks]
        self._trace(
            number,
            series,
            type="bar",
            orientation="h" if self.panel.sideways else "v",
            **self._xy([self._spot(mark) for mark in series.marks], lengths),
            base=lows,
            width=0.2,
            marker={"color": _tones(series), "opacity": 0.3},
            hovertext=[text(*self._span_lines(series, mark)) for mark in series.marks],
            hoverinfo="text",
        )

    def _span_lines(self, series: Series, mark: Mark) -> tuple[Said, ...]:
        unit = self.panel.values.unit
        return (series.name, f"{figure_text(mark.low, unit)} – {figure_text(mark.high, unit)}")

    def _squares(self, number: int, series: Series) -> None:
        """Bars one row high: a faint one for every cell, and over it the cells with posts."""
        rows = {key: spot for spot, (key, _) in enumerate(self.panel.values.categories)}
        cells = [(x, y) for y in rows.values() for x in self.places.values()]
        box = {"type": "bar", "width": 0.94, "xaxis": f"x{self.suffix}", "yaxis": f"y{self.suffix}"}
        self.traces.append(
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
        unit = self.panel.shade.unit if self.panel.shade else Unit.COUNT
        self._trace(
            number,
            series,
            **box,
            x=[self._spot(mark) for mark in series.marks],
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
            **self._hover(series),
        )

    def _ticks(self, number: int, series: Series) -> None:
        """A short line across its category: a mark of its own or, since marks cannot be dashed, two
        ends and a gap.
        """
        spots = [self._spot(mark) for mark in series.marks]
        values = [_rounded(mark.value) for mark in series.marks]
        hover = [self._said(series, mark) for mark in series.marks]
        labels = [text(mark.label) for mark in series.marks]
        drawn: Json = {"mode": "markers", "marker": self._tick(series)}
        if series.dashed:
            spots = [end for spot in spots for end in (spot - _TICK, spot + _TICK, None)]
            values = [value for one in values for value in (one, one, None)]
            hover = [said for one in hover for said in (one, one, "")]
            labels = [said for one in labels for said in ("", one, "")]
            drawn = {"mode": "lines", "line": _dashes(TOKENS[series.tone], 2, dashed=True)}
        if series.labelled and not self.panel.sideways:
            drawn |= {"mode": f"{drawn['mode']}+text", "text": labels, "textposition": "top right"}
        self._trace(
            number,
            series,
            3 if series.dashed else 1,
            type="scatter",
            **self._xy(spots, values),
            **drawn,
            textfont={"size": 12, "color": words_token(series.tone)},
            hovertext=hover,
            hoverinfo="text",
        )

    def _tick(self, series: Series) -> Json:
        return {
            "symbol": "line-ns" if self.panel.sideways else "line-ew",
            "size": _TICK_PX,
            "line": {"width": 2, "color": TOKENS[series.tone]},
        }

    def _bands(self, series: Series) -> None:
        for mark in series.marks:
            whole = mark.at is None
            spot = None if whole else self._spot(mark)
            base = [0, 1] if spot is None else [spot - 0.42, spot + 0.42]
            self.shapes.append(
                {
                    **self._box(base, [mark.low, mark.high], whole=whole),
                    "type": "rect",
                    "layer": "below",
                    "line": {"width": 0},
                    "fillcolor": TOKENS[mark.tone or series.tone],
                    "opacity": 0.14,
                }
            )
            if mark.label:
                self._note(mark.label, mark.high, series.tone)

    def _rules(self, series: Series) -> None:
        for mark in series.marks:
            self.shapes.append(
                {
                    **self._box([0, 1], [mark.value, mark.value], whole=True),
                    "type": "line",
                    "line": _dashes(TOKENS[mark.tone or series.tone], 1.5, dashed=series.dashed),
                }
            )
            if series.labelled and self.panel.sideways:
                self._note(mark.label, mark.value, series.tone, series.name)

    def _note(self, label: Said, value: object, tone: Tone, name: Said = "") -> None:
        """Beside a line across the panel, at its far end."""
        parts = [part for part in (name, label) if part]
        self.annotations.append(
            {
                **self._at(0 if self.panel.sideways else 1, value, xref="x domain"),
                "text": text(*parts, by=" "),
                "xanchor": "right",
                "yanchor": "bottom",
                "font": {"size": 12, "color": words_token(tone)},
            }
        )

    def _hover(self, series: Series) -> Json:
        """In full where a mark says it, else the value at its place, which costs a browser less."""
        if all(not (mark.hover or mark.label) for mark in series.marks):
            value = "%{x}" if self.panel.sideways else "%{y}"
            day = "%{x|%Y-%m-%d}<br>" if self.panel.base.scale is Scale.DAY else ""
            return {"hovertemplate": f"{day}{value}<extra></extra>"}
        return {
            "hovertext": [self._said(series, mark) for mark in series.marks],
            "hoverinfo": "text",
        }

    def _said(self, series: Series, mark: Mark) -> Json:
        """What it is, where, and how much, each once."""
        value = figure_text(mark.value, self.panel.values.unit) if is_number(mark.value) else ""
        told = mark.hover or str(mark.label).startswith(value)
        seen = series.kind is Kind.SQUARES or (series.kind is Kind.DOTS and not series.labelled)
        named = "" if seen else self.names.get(str(mark.at), "")
        kind = series.name if series.labelled else ""
        lines = (kind, named, mark.label, "" if told else value, *mark.hover)
        return text(*[line for line in lines if line])

    def _spot(self, mark: Mark) -> Any:
        if self.panel.base.scale is Scale.CATEGORY:
            return self.places[str(mark.at)]
        return _rounded(mark.at)

    def _xy(self, at: Sequence[object], values: Sequence[object]) -> Json:
        return {"x": values, "y": at} if self.panel.sideways else {"x": at, "y": values}

    def _at(self, x: object, y: object, *, xref: str) -> Json:
        return {
            "xref": xref.replace("x", f"x{self.suffix}", 1),
            "yref": f"y{self.suffix}",
            "x": x,
            "y": y,
            "showarrow": False,
        }

    def _box(self, base: Sequence[object], values: Sequence[object], *, whole: bool) -> Json:
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


def columns_of(panel: Panel) -> list[Series]:
    """Whose labels stand in a column of their own."""
    if not panel.sideways:
        return []
    return [s for s in panel.series if s.labelled and s.kind in {Kind.DOTS, Kind.TICKS}]


def has_long_names(axis: Axis) -> bool:
    return any(len(str(name)) > _LONG_NAME for _, name in axis.categories)


def is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float)


def _number_axis(axis: Axis) -> Json:
    return {
        "ticksuffix": _SUFFIX.get(axis.unit, ""),
        "separatethousands": True,
        "nticks": _TICKS,
        "rangemode": "tozero" if axis.from_zero else "normal",
    }


def _bar_groups(series: Sequence[Series]) -> list[int]:
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


def _rounded(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _tones(series: Series) -> str | list[str]:
    return _one_or_all([TOKENS[mark.tone or series.tone] for mark in series.marks])


def _dashes(colour: str, width: float, *, dashed: bool) -> Json:
    return {"color": colour, "width": width, "dash": "5px,4px" if dashed else "solid"}


def _pattern(series: Series) -> Json:
    if not any(mark.hatched for mark in series.marks):
        return {}
    shapes = ["/" if mark.hatched else "" for mark in series.marks]
    return {
        "shape": shapes,
        "fillmode": "overlay",
        "fgcolor": _SURFACE,
        "size": 6,
        "solidity": 0.35,
    }


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(set(values)) == 1 else values


def _last(series: Series) -> Mark | None:
    return next((mark for mark in reversed(series.marks) if is_number(mark.value)), None)
