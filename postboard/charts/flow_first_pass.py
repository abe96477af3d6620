"""Right first time? What was approved without a request for changes, and in how many rounds."""

from collections.abc import Callable, Sequence

from postboard.charts.facts import FEW, SMALL, SMALL_SAMPLE, TOO_FEW, period_of
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
from postboard.domain.flow_quality import Week, Yield
from postboard.domain.flow_report import Report
from postboard.domain.periods import monday_of, week_number
from postboard.locale.languages import N_, MessageId

KEY = "flow_first_pass"
TITLE = N_("Right first time?")
_COLUMNS = (
    Column(N_("Week")),
    Column(N_("Week from")),
    Column(N_("Approved"), Unit.COUNT),
    Column(N_("Without changes"), Unit.COUNT),
    Column(N_("First-pass yield"), Unit.PERCENT),
    Column(N_("Rounds per post"), Unit.TIMES),
)


def first_pass(report: Report) -> Chart:
    """Two lines by ISO week: one could rise while the other hides what it cost."""
    told = report.figures
    if not told.done:
        return Chart(KEY, TITLE, empty=nothing_approved(told.period))
    return Chart(
        KEY,
        TITLE,
        facts=(
            approved_of(len(told.done)),
            period_of(told.period),
            N_("approved without a request for changes, of all approved"),
        ),
        panels=(
            _panel(report, N_("First-pass yield"), Unit.PERCENT, percent_of),
            _panel(report, N_("Rounds with the client per post"), Unit.COUNT, _rounds),
        ),
        notes=tuple(_notes(report)),
        table=Table(_COLUMNS, tuple(_row(week) for week in report.weeks)),
    )


def percent_of(week: Week) -> float | None:
    share = week.whole.share
    return None if share is None else share * 100


def _rounds(week: Week) -> float | None:
    return week.rounds


def _panel(
    report: Report, title: MessageId, unit: Unit, figure: Callable[[Week], float | None]
) -> Panel:
    by_week: dict[str, list[Passage]] = {}
    for one in report.figures.done:
        if one.ended_on:
            by_week.setdefault(monday_of(one.ended_on).isoformat(), []).append(one)
    marks = tuple(
        _mark(week, figure(week), unit, by_week.get(week.monday.isoformat(), []))
        for week in report.weeks
    )
    kind = Kind.DOTS if len(report.figures.done) < FEW else Kind.LINE
    return Panel(
        Axis(
            Scale.CATEGORY,
            categories=tuple((week.monday.isoformat(), _name(week)) for week in report.weeks),
        ),
        Axis(unit=unit, title=title, from_zero=True),
        (Series(kind, N_("per week"), marks, Tone.ACCENT),),
    )


def _mark(week: Week, value: float | None, unit: Unit, done: Sequence[Passage]) -> Mark:
    at = week.monday.isoformat()
    if value is None:
        return Mark(at, None)
    shown = figure_text(round(value, 2), unit)
    said = says(N_("{value}, n = {n}"), value=shown, n=week.whole.n)
    return Mark(at, value, hover=(said,), posts=ids_of(done))


def _notes(report: Report) -> list[Said]:
    now, before = report.figures.quality, report.before.quality
    n = now.whole.n
    notes: list[Said] = [TOO_FEW] if n < FEW else [SMALL_SAMPLE] if n < SMALL else []
    if n >= FEW:
        notes.append(says(N_("All weeks: {value}"), value=yield_text(now.whole)))
    if before.whole.n >= FEW:
        notes.append(says(N_("The period before: {value}"), value=yield_text(before.whole)))
    gaps = sum(week.whole.n == 0 for week in report.weeks)
    sentence = N_("Weeks in which nothing was approved, left open: {n}")
    return [*notes, says(sentence, n=gaps)] if gaps else notes


def yield_text(one: Yield) -> Said:
    share = one.share
    shown = figure_text(None if share is None else share * 100, Unit.PERCENT)
    return says(N_("{value}, n = {n}"), value=shown, n=figure_text(one.n))


def _name(week: Week) -> Said:
    return says(N_("W{week}"), week=week_number(week.monday))


def _row(week: Week) -> tuple[Said | float | int | None, ...]:
    return (
        _name(week),
        week.monday,
        week.whole.n,
        week.whole.first_pass,
        percent_of(week),
        week.rounds,
    )
