"""What a chart says, whoever draws it: Plotly today, a report's PDF or slides later.

A chart's words are sentences of the catalogue with their facts, never finished text, and its
colours are tones, never values: language and theme are the reader's. Figures within a sentence are
text already (`figure_text`), since English and Chinese write them alike.

`sent` is what a browser gets: JSON without the ids of the posts, which stay with whoever made the
chart; a click names its mark (`Chart.mark`). Nodes of that JSON are text as it is, `{"s": sentence,
"f": facts}` or `{"d": ISO day}`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from postboard.locale.languages import N_, Filled, MessageId
from postboard.locale.typography import holes

Said: TypeAlias = Filled | MessageId | date | str
"""A sentence with facts, one without, a day, or words of people and networks as they are."""
Cell: TypeAlias = Said | int | float | None

BYTES_MAX: Final = 20_000
"""Of one chart as a browser gets it."""
MARKS_MAX: Final = 90
"""Of single posts in one panel: what 20 KB hold, and more than an eye tells apart."""
FEW_PANELS: Final = 2
"""More of them are alike, and are drawn as low strips on one scale."""
LABEL_MAX: Final = 32
"""Letters of a post's words that stand for it on a mark."""


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    TIMES = "times"
    """So many times something else, our median for example."""
    DAYS = "days"
    HOURS = "hours"
    SECONDS = "seconds"
    MONEY = "money"
    """In the account's currency."""


class Kind(StrEnum):
    """How the marks of a series are drawn."""

    DOTS = "dots"
    LINE = "line"
    """Marks in their order; one whose value is None is a gap, never a zero."""
    STEPS = "steps"
    """A line that keeps its value until the next mark."""
    AREA = "area"
    """Filled below; several lie on one another in their order (cumulative flow)."""
    BARS = "bars"
    SQUARES = "squares"
    """Category by category, as dark as `size`; None is a blank square."""
    SPANS = "spans"
    """A bar from `low` to `high`: quartiles."""
    TICKS = "ticks"
    """A short dashed line across one category: a benchmark or a median."""
    BANDS = "bands"
    """The room from `low` to `high`, across one category or, with `at` None, the whole panel."""
    RULES = "rules"
    """A line across the whole panel at the mark's value."""


class Tone(StrEnum):
    """What a colour means; never the only sign of it."""

    ACCENT = "accent"
    """The one thing to see."""
    INK = "ink"
    PLAN = "plan"
    """What was meant to be."""
    PAST = "past"
    """The period before."""
    SMALL = "small"
    """Too few cases to be ranked."""
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    OURS = "ours"
    CLIENT = "client"
    """Time or work that lies with the client."""
    MAKING = "making"
    REVIEWING = "reviewing"
    REWORK = "rework"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


class Scale(StrEnum):
    NUMBER = "number"
    CATEGORY = "category"
    DAY = "day"
    """ISO days or instants."""


class Doing(StrEnum):
    """What can be done about an empty chart."""

    IMPORT_METRICS = "import_metrics"
    IMPORT_DAYS = "import_days"
    IMPORT_PLAN = "import_plan"
    WIDEN_PERIOD = "widen_period"
    CHOOSE_BENCHMARK = "choose_benchmark"


DOINGS: Final[Mapping[Doing, MessageId]] = {
    Doing.IMPORT_METRICS: N_("Import figures"),
    Doing.IMPORT_DAYS: N_("Import an account’s days"),
    Doing.IMPORT_PLAN: N_("Import a plan"),
    Doing.WIDEN_PERIOD: N_("Choose a longer period"),
    Doing.CHOOSE_BENCHMARK: N_("Choose another benchmark"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to see and to click.

    `at` is its place on the panel's base axis: a category's key, an ISO day or instant, or a
    number. `value` lies on the other axis; of a square it is the key of its row.
    """

    at: str | float | None
    value: float | str | None
    label: Said = ""
    """Written beside it, where the series shows labels."""
    hover: tuple[Said, ...] = ()
    """Lines that say it in full."""
    posts: tuple[str, ...] = ()
    """Ids of the posts behind it."""
    low: float | None = None
    high: float | None = None
    size: float | None = None
    """How dark a square is, in the unit of the panel's `shade`."""
    tone: Tone | None = None
    """Where it differs from its series."""
    hatched: bool = False
    """Still collecting: the figure grows."""


@dataclass(frozen=True, slots=True)
class Series:
    kind: Kind
    name: Said
    marks: tuple[Mark, ...]
    tone: Tone = Tone.ACCENT
    dashed: bool = False
    labelled: bool = False
    """Its marks' labels are written beside them."""
    stacked: bool = False
    """Bars that lie on those of the series before, at the same place."""


@dataclass(frozen=True, slots=True)
class Axis:
    scale: Scale = Scale.NUMBER
    unit: Unit = Unit.COUNT
    title: Said = ""
    categories: tuple[tuple[str, Said], ...] = ()
    """Key and name, in the order they are drawn: from the left, or from the top."""
    from_zero: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One coordinate system; most charts have one."""

    base: Axis
    """Where marks are: across, or downwards where the panel lies on its side."""
    values: Axis
    series: tuple[Series, ...]
    sideways: bool = False
    """Bars go to the right: `base` is the vertical axis."""
    title: Said = ""
    aside: Said = ""
    """What it comes to; written behind it where it is a strip."""
    shade: Axis | None = None
    """What the darkness of squares means."""


@dataclass(frozen=True, slots=True)
class BenchmarkNote:
    """What has to stand beside a benchmark's line."""

    sentence: Said
    url: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    sentence: Said
    doing: Doing | None = None


@dataclass(frozen=True, slots=True)
class Column:
    name: Said
    unit: Unit | None = None
    """None: words or a day."""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """One question and its answer. With `empty` there is nothing to draw."""

    key: str
    title: Said
    facts: tuple[Said, ...] = ()
    """The subtitle: n, period, age of the figures, what they are divided by."""
    panels: tuple[Panel, ...] = ()
    benchmarks: tuple[BenchmarkNote, ...] = ()
    notes: tuple[Said, ...] = ()
    table: Table = field(default_factory=Table)
    empty: Empty | None = None

    def mark(self, panel: int, series: int, mark: int) -> Mark | None:
        """The mark that a click named, by its places; None for one that is not there."""
        if min(panel, series, mark) < 0:
            return None
        try:
            return self.panels[panel].series[series].marks[mark]
        except IndexError:
            return None


def says(sentence: MessageId, /, **facts: object) -> Filled:
    """A sentence with its facts; ValueError where they do not fill its holes."""
    if holes(sentence) != facts.keys():
        raise ValueError(f"{sentence!r} is given {sorted(facts)}")
    return Filled(sentence, facts)


def listed(names: Sequence[Said]) -> Said:
    """Names as one fact of a sentence: "X, TikTok"."""
    if not names:
        return ""
    first, *others = names
    whole: Said = first
    for other in others:
        whole = says(N_("{several}, {one}"), several=whole, one=other)
    return whole


def figure_text(value: float | None, unit: Unit = Unit.COUNT) -> str:
    """Like "1,234", "1.16%" or "3.4×"; a dash where it is not known."""
    if value is None:
        return "–"
    match unit:
        case Unit.COUNT:
            return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
        case Unit.PERCENT:
            return f"{value:,.{percent_digits(value)}f}%"
        case Unit.TIMES:
            return f"{value:,.1f}×"
        case Unit.MONEY:
            return f"{value:,.2f}"
        case Unit.DAYS | Unit.HOURS | Unit.SECONDS:
            return f"{value:,.1f}".removesuffix(".0")


def percent_digits(value: float) -> int:
    """As many as tell two rates apart: 0.063 and 0.06, but 16.3."""
    limits = ((10, 1), (0.1, 2), (0.0001, 3))
    return next((digits for limit, digits in limits if abs(value) >= limit), 0)


def node(said: Cell) -> object:
    """Words as JSON, still to be put into the reader's language."""
    match said:
        case MessageId():
            return {"s": str(said)}
        case Filled():
            return {"s": str(said.sentence), "f": {k: _fact(v) for k, v in said.facts.items()}}
        case date():
            return {"d": said.isoformat()}
        case _:
            return said


def sent(chart: Chart) -> dict[str, object]:
    """All but the ids of the posts and the table, as JSON for a browser."""
    return {
        "key": chart.key,
        "title": node(chart.title),
        "facts": _nodes(chart.facts),
        "panels": [_sent_panel(panel) for panel in chart.panels],
        "benchmarks": [{"says": node(b.sentence), "url": b.url} for b in chart.benchmarks],
        "notes": _nodes(chart.notes),
        "empty": chart.empty
        and {"says": node(chart.empty.sentence), "doing": chart.empty.doing or ""},
    }


def sent_table(table: Table) -> dict[str, object]:
    """The table of a chart's numbers, as JSON for a browser: asked for, not sent along."""
    return {
        "columns": [{"name": node(c.name), "unit": c.unit or ""} for c in table.columns],
        "rows": [[node(cell) for cell in row] for row in table.rows],
    }


def size(chart: Chart) -> int:
    """Bytes of what a browser gets."""
    return len(json.dumps(sent(chart), ensure_ascii=False, separators=(",", ":")).encode())


def _sent_panel(panel: Panel) -> dict[str, object]:
    return _filled_in(
        {
            "title": node(panel.title),
            "aside": node(panel.aside),
            "base": _sent_axis(panel.base),
            "values": _sent_axis(panel.values),
            "shade": panel.shade and _sent_axis(panel.shade),
            "sideways": panel.sideways,
            "series": [_sent_series(series) for series in panel.series],
        }
    )


def _sent_axis(axis: Axis) -> dict[str, object]:
    return _filled_in(
        {
            "scale": axis.scale,
            "unit": axis.unit,
            "title": node(axis.title),
            "categories": [[key, node(name)] for key, name in axis.categories],
            "from_zero": axis.from_zero,
        }
    )


def _sent_series(series: Series) -> dict[str, object]:
    return _filled_in(
        {
            "kind": series.kind,
            "name": node(series.name),
            "tone": series.tone,
            "dashed": series.dashed,
            "labelled": series.labelled,
            "stacked": series.stacked,
            "marks": [_sent_mark(mark) for mark in series.marks],
        }
    )


def _sent_mark(mark: Mark) -> dict[str, object]:
    return _filled_in(
        {
            "at": mark.at,
            "value": _short(mark.value),
            "label": node(mark.label),
            "hover": _nodes(mark.hover),
            "n": len(mark.posts) or None,
            "low": _short(mark.low),
            "high": _short(mark.high),
            "size": _short(mark.size),
            "tone": mark.tone,
            "hatched": mark.hatched,
        }
    )


def _filled_in(fields: dict[str, object]) -> dict[str, object]:
    """Without what is not said; a zero that was counted stays."""
    return {
        name: value
        for name, value in fields.items()
        if not (value is None or value is False or value in ("", [], ()))
    }


def _short(value: float | str | None) -> float | str | None:
    """Six digits that count are more than a screen shows."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _nodes(many: Iterable[Said]) -> list[object]:
    return [node(one) for one in many]


def _fact(fact: object) -> object:
    match fact:
        case Filled() | date() | str() | int() | float() | None:
            return node(fact)
        case _:
            return str(fact)
