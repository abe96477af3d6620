"""Does work pile up? Posts that had come so far by the end of each day; rework apart."""

from collections.abc import Sequence

from postboard.charts.facts import period_of
from postboard.charts.flow_facts import nothing_approved
from postboard.charts.spec import (
    Axis,
    Cell,
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
from postboard.domain.flow import STAGES
from postboard.domain.flow_counts import FlowDay
from postboard.domain.flow_report import Report
from postboard.domain.workflow import Column as Stage
from postboard.locale.languages import N_, MessageId

KEY = "flow_cumulative"
TITLE = N_("Does work pile up?")
DAYS_SHOWN = 40
SHOWN: tuple[tuple[Stage, MessageId, Tone], ...] = (
    (Stage.DRAFT, N_("Made"), Tone.MAKING),
    (Stage.INTERNAL_REVIEW, N_("Submitted"), Tone.REVIEWING),
    (Stage.READY_FOR_CLIENT, N_("Approved by us"), Tone.OURS),
    (Stage.CLIENT_REVIEW, N_("Sent to the client"), Tone.CLIENT),
    (Stage.APPROVED, N_("Approved"), Tone.APPROVED),
    (Stage.PUBLISHED, N_("Published"), Tone.PUBLISHED),
)


def cumulative(report: Report) -> Chart:
    """The room between two lines is what came no further; a line that is as steep keeps up."""
    days = report.flow
    if not days or not days[-1].reached[0]:
        return Chart(KEY, TITLE, empty=nothing_approved(report.figures.period))
    shown = _some(days)
    return Chart(
        KEY,
        TITLE,
        facts=(
            says(N_("n = {n} posts"), n=figure_text(days[-1].reached[0])),
            period_of(report.figures.period),
            N_("first entries: nothing that comes back is counted twice or taken off"),
        ),
        panels=(_panel(shown), _rework(shown)),
        notes=(
            N_("Posts over before the period began are left out of every line."),
            N_("A cancelled post has left: it counts in every line."),
        ),
        table=Table(_columns(), tuple(_row(day) for day in days)),
    )


def _panel(days: Sequence[FlowDay]) -> Panel:
    return Panel(
        Axis(Scale.DAY),
        Axis(unit=Unit.COUNT, title=N_("Posts that came so far"), from_zero=True),
        tuple(
            Series(
                Kind.AREA,
                name,
                tuple(Mark(day.day.isoformat(), day.reached[STAGES.index(stage)]) for day in days),
                tone,
            )
            for stage, name, tone in SHOWN
        ),
    )


def _rework(days: Sequence[FlowDay]) -> Panel:
    first = days[0].came_back
    marks = tuple(Mark(day.day.isoformat(), day.came_back - first) for day in days)
    return Panel(
        Axis(Scale.DAY),
        Axis(unit=Unit.COUNT, title=N_("Requests for changes since then"), from_zero=True),
        (Series(Kind.STEPS, N_("rework"), marks, Tone.REWORK),),
    )


def _some(days: Sequence[FlowDay]) -> list[FlowDay]:
    """Evenly, the first and the last among them."""
    if len(days) <= DAYS_SHOWN:
        return list(days)
    step = (len(days) - 1) / (DAYS_SHOWN - 1)
    return [days[round(place * step)] for place in range(DAYS_SHOWN)]


def _columns() -> tuple[Column, ...]:
    stages = (Column(name, Unit.COUNT) for _, name, _ in SHOWN)
    return (Column(N_("Day")), *stages, Column(N_("Requests for changes"), Unit.COUNT))


def _row(day: FlowDay) -> tuple[Cell, ...]:
    counts: tuple[Said | int, ...] = tuple(day.reached[STAGES.index(s)] for s, _, _ in SHOWN)
    return (day.day, *counts, day.came_back)
