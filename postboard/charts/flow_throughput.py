"""How much gets approved? Posts a day, the empty days too, or a week of a long period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from postboard.charts.facts import period_of
from postboard.charts.flow_facts import approved_of, ids_of, nothing_approved
from postboard.charts.spec import (
    Axis,
    Chart,
    Column,
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
from postboard.domain.flow import Passage
from postboard.domain.flow_report import Report
from postboard.domain.forecast import TooFew
from postboard.domain.periods import monday_of
from postboard.locale.languages import N_

KEY = "flow_throughput"
TITLE = N_("How much gets approved?")
DAYS_MAX = 92
"""A longer period is told by the week."""
_COLUMNS = (
    Column(N_("From")),
    Column(N_("Approved"), Unit.COUNT),
    Column(N_("In so many sittings"), Unit.COUNT),
)


@dataclass(frozen=True, slots=True)
class _Bar:
    first: date
    approved: int
    sittings: int
    done: list[Passage]


def throughput(report: Report) -> Chart:
    told = report.figures
    if not told.done:
        return Chart(KEY, TITLE, empty=nothing_approved(told.period))
    weekly = told.period.days > DAYS_MAX
    bars = _bars(report, weekly=weekly)
    marks = tuple(
        Mark(bar.first.isoformat(), bar.approved, hover=(_said(bar),), posts=ids_of(bar.done))
        for bar in bars
    )
    title = N_("Approved per week") if weekly else N_("Approved per day")
    panel = Panel(
        Axis(Scale.DAY),
        Axis(unit=Unit.COUNT, title=title, from_zero=True),
        (Series(Kind.BARS, N_("approved"), marks, Tone.ACCENT),),
    )
    return Chart(
        KEY,
        TITLE,
        facts=(approved_of(len(told.done)), period_of(told.period), *_before(report)),
        panels=(panel,),
        notes=tuple(_foreseen(report)),
        table=Table(_COLUMNS, tuple((bar.first, bar.approved, bar.sittings) for bar in bars)),
    )


def _bars(report: Report, *, weekly: bool) -> list[_Bar]:
    bars: dict[date, _Bar] = {}
    behind: dict[date, list[Passage]] = {}
    for one in report.figures.done:
        if one.ended_on:
            behind.setdefault(one.ended_on, []).append(one)
    for day in report.days:
        first = monday_of(day.day) if weekly else day.day
        known = bars.get(first) or _Bar(first, 0, 0, [])
        done = [*known.done, *behind.get(day.day, [])]
        counted = known.approved + day.finished, known.sittings + day.batches
        bars[first] = _Bar(first, *counted, done)
    return list(bars.values())


def _said(bar: _Bar) -> Said:
    return says(N_("{n} approved, in {m} sittings"), n=bar.approved, m=bar.sittings)


def _before(report: Report) -> Iterable[Said]:
    n = figure_text(len(report.before.done))
    return [says(N_("the period before: {n}"), n=n)]


def _foreseen(report: Report) -> list[Said]:
    """What is foreseen stands with what it takes for granted."""
    told = report.forecast
    if isinstance(told, TooFew):
        return [says(N_("No forecast: {n} more have to be approved within 90 days."), n=told.more)]
    open_now = sum(one.n for one in report.wip)
    by_then = says(
        N_("In the next 14 days: at least {half} (50%), {most} (85%)"),
        half=told.by_then[50],
        most=told.by_then[85],
    )
    notes: list[Said] = [by_then]
    if open_now and told.within[85] is not None:
        sentence = N_("All {n} in progress: within {half} days (50%), {most} days (85%)")
        facts = {"n": open_now, "half": told.within[50], "most": told.within[85]}
        notes.insert(0, says(sentence, **facts))
    return [*notes, N_("If the days to come are like the last 90, without new posts and rounds.")]
