"""Did we publish the plan? Planned and published posts per ISO week, network by network."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from postboard.charts.facts import network_name, period_of
from postboard.charts.spec import (
    FEW_PANELS,
    Axis,
    BenchmarkNote,
    Cell,
    Chart,
    Column,
    Doing,
    Empty,
    Kind,
    Mark,
    Panel,
    Said,
    Scale,
    Series,
    Table,
    Tone,
    Unit,
    figure_text,
    says,
)
from postboard.domain.benchmarks import Benchmark, posts_per_week
from postboard.domain.periods import Period, monday_of, week_number
from postboard.locale.languages import N_
from postboard.names import NETWORKS

KEY = "plan_kept"
TITLE = N_("Did we publish the plan?")
WEEKS_MAX = 13
_COLUMNS = (
    Column(N_("Week")),
    Column(N_("Week from")),
    Column(N_("Network")),
    Column(N_("Planned posts"), Unit.COUNT),
    Column(N_("Published posts"), Unit.COUNT),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A post on one network: when it was to go out and when it did, on its client's clock.

    `planned_on` is None for what was published without a plan.
    """

    id: str
    network: str
    planned_on: date | None
    published_on: date | None

    @property
    def day(self) -> date | None:
        """It counts by its planned date: late, it still keeps its own week's plan."""
        return self.planned_on or self.published_on


def plan_kept(slots: Sequence[Slot], period: Period, today: date, source: str = "") -> Chart:
    """With the benchmark of posts per week that `source` has for a network, if it has one."""
    mine = _within(slots, period)
    if not mine:
        sentence = says(N_("No posts planned or published {period}."), period=period_of(period))
        return Chart(KEY, TITLE, empty=Empty(sentence, Doing.IMPORT_PLAN))
    planned = [slot for slot in mine if slot.planned_on]
    beside = {
        network: found
        for network in _networks(mine)
        if (found := posts_per_week(network, source)) is not None
    }
    notes = _notes(mine, period, today)
    return Chart(
        KEY,
        TITLE,
        facts=(*_facts(mine, period), *_past(slots, period)),
        panels=tuple(
            _panel(network, mine, period, beside.get(network), has_plan=bool(planned))
            for network in _networks(mine)
        ),
        benchmarks=tuple(_benchmark_note(one) for one in beside.values()),
        notes=tuple(notes),
        table=Table(_COLUMNS, tuple(_rows(mine, period))),
    )


def _within(slots: Iterable[Slot], period: Period) -> list[Slot]:
    return [slot for slot in slots if slot.day and period.holds(slot.day)]


def _networks(slots: Iterable[Slot]) -> list[str]:
    order = {network: place for place, network in enumerate(NETWORKS)}
    found = {slot.network for slot in slots}
    return sorted(found, key=lambda network: (order.get(network, len(order)), network))


def _panel(
    network: str, slots: list[Slot], period: Period, beside: Benchmark | None, *, has_plan: bool
) -> Panel:
    mine = [slot for slot in slots if slot.network == network]
    mondays = _mondays(period)
    planned = _bars([slot for slot in mine if slot.planned_on], mondays)
    published = _bars([slot for slot in mine if slot.published_on], mondays)
    rule = [Mark(None, beside.value, _per_week(beside))] if beside else []
    series = [
        Series(Kind.BARS, N_("planned"), tuple(planned), Tone.PLAN),
        Series(Kind.BARS, N_("published"), tuple(published), Tone.ACCENT),
        Series(Kind.RULES, N_("benchmark"), tuple(rule), Tone.INK, dashed=True, labelled=True),
    ]
    shown = series if has_plan else series[1:]
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple((_key(one), _week(one)) for one in mondays)),
        Axis(title=N_("Posts"), from_zero=True),
        tuple(one for one in shown if one.marks),
        title=network_name(network),
        aside=_kept(mine) if has_plan else figure_text(sum(1 for s in mine if s.published_on)),
    )


def _kept(slots: Iterable[Slot]) -> Said:
    """How many of those planned went out; nothing where none was planned."""
    planned = [slot for slot in slots if slot.planned_on]
    out = [slot for slot in planned if slot.published_on]
    if not planned:
        return ""
    return says(N_("{n} of {planned}"), n=figure_text(len(out)), planned=figure_text(len(planned)))


def _mondays(period: Period) -> list[date]:
    """The newest weeks, as many as can be read."""
    return period.weeks()[-WEEKS_MAX:]


def _bars(slots: list[Slot], mondays: list[date]) -> list[Mark]:
    """A count of nothing is 0 here: that nothing was planned is known."""
    of: dict[date, list[str]] = {monday: [] for monday in mondays}
    for slot in slots:
        if (monday := _monday(slot)) and monday in of:
            of[monday].append(slot.id)
    return [
        Mark(_key(monday), len(ids), figure_text(len(ids)), posts=tuple(ids))
        for monday, ids in of.items()
    ]


def _monday(slot: Slot) -> date | None:
    return monday_of(slot.day) if slot.day else None


def _facts(mine: list[Slot], period: Period) -> list[Said]:
    planned = sum(1 for slot in mine if slot.planned_on)
    published = sum(1 for slot in mine if slot.published_on)
    figures = {"planned": figure_text(planned), "published": figure_text(published)}
    if not planned:
        return [
            says(N_("published {published}"), published=figures["published"]),
            period_of(period),
        ]
    kept = says(N_("planned {planned}, published {published}"), **figures)
    return [kept, period_of(period), N_("counted by planned date")]


def _past(slots: Sequence[Slot], period: Period) -> list[Said]:
    past = period.before()
    mine = _within(slots, past)
    if not mine:
        return []
    return [
        says(
            N_("before ({period}): planned {planned}, published {published}"),
            period=period_of(past),
            planned=figure_text(sum(1 for slot in mine if slot.planned_on)),
            published=figure_text(sum(1 for slot in mine if slot.published_on)),
        )
    ]


def _notes(mine: list[Slot], period: Period, today: date) -> list[Said]:
    notes: list[Said] = []
    if not any(slot.planned_on for slot in mine):
        notes.append(N_("No plan here: only what was published is shown."))
    elif len(_networks(mine)) > FEW_PANELS:
        notes.append(N_("At the end of a row: how many of the planned posts were published."))
    later = [s for s in mine if s.published_on is None and s.planned_on and s.planned_on >= today]
    if later:
        notes.append(says(N_("Still to come: {n}"), n=figure_text(len(later))))
    unplanned = [slot for slot in mine if not slot.planned_on]
    if unplanned and len(unplanned) < len(mine):
        sentence = N_("Published without a plan, counted on their own day: {n}")
        notes.append(says(sentence, n=figure_text(len(unplanned))))
    hidden = len(period.weeks()) - WEEKS_MAX
    if hidden > 0:
        notes.append(says(N_("Earlier weeks, in the table only: {n}"), n=hidden))
    return notes


def _rows(mine: list[Slot], period: Period) -> Iterable[tuple[Cell, ...]]:
    planned = Counter((_monday(s), s.network) for s in mine if s.planned_on)
    published = Counter((_monday(s), s.network) for s in mine if s.published_on)
    for monday in period.weeks():
        for network in _networks(mine):
            counts = (planned[monday, network], published[monday, network])
            yield (_week(monday), monday, network_name(network), *counts)


def _benchmark_note(one: Benchmark) -> BenchmarkNote:
    year = str(one.year) if one.year else N_("year not stated")
    sentence = N_("{network}: {value} posts a week, {source} ({year}), mean or median not stated")
    facts = {"network": network_name(one.network), "source": one.source, "year": year}
    return BenchmarkNote(says(sentence, value=f"{one.value:g}", **facts), one.url)


def _per_week(one: Benchmark) -> str:
    return f"{one.value:g}"


def _key(monday: date) -> str:
    return monday.isoformat()


def _week(monday: date) -> Said:
    return says(N_("W{week}"), week=week_number(monday))
