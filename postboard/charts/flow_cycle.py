"""How long does approval take, and where does it wait? Finished posts, and their time by state."""

from collections.abc import Sequence

from postboard.charts.facts import period_of
from postboard.charts.flow_facts import (
    ENDS,
    TURN_TONES,
    TURNS,
    Names,
    approved_of,
    key_of,
    label_of,
    nothing_approved,
    state_name,
    thinned,
)
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
from postboard.domain.flow_report import Figures, Report
from postboard.domain.flow_times import FEW, StateTime, time_by_turn
from postboard.locale.languages import N_

KEY = "flow_cycle"
TITLE = N_("How long does approval take, and where does it wait?")
TABLE_MAX = 500
_COLUMNS = (
    Column(N_("Post")),
    Column(N_("Started")),
    Column(N_("Approved")),
    Column(N_("Days"), Unit.DAYS),
    Column(N_("Working hours"), Unit.HOURS),
    Column(N_("Rounds"), Unit.COUNT),
)


def cycle(report: Report, names: Names) -> Chart:
    told = report.figures
    if not told.done:
        return Chart(KEY, TITLE, empty=nothing_approved(told.period))
    few = len(told.done) < FEW
    panels = (_scatter(told, names),) if few else (_scatter(told, names), _by_state(report.states))
    return Chart(
        KEY,
        TITLE,
        facts=(approved_of(len(told.done)), period_of(told.period), ENDS, *_efficiency(told)),
        panels=panels,
        notes=tuple(_notes(report)),
        table=Table(_COLUMNS, tuple(_row(one, names) for one in _newest(told.done))),
    )


def _scatter(told: Figures, names: Names) -> Panel:
    dots = tuple(_dot(one, names) for one in thinned(told.done))
    days = told.times.cycle_days
    lines: tuple[Series, ...] = ()
    if days and days.n >= FEW:
        lines = tuple(
            Series(Kind.RULES, name, (Mark(None, value, label),), tone, dashed=True, labelled=True)
            for name, value, tone in (
                (N_("half within"), days.p50, Tone.SMALL),
                (N_("85% within"), days.p85, Tone.INK),
            )
            for label in [figure_text(value, Unit.DAYS)]
        )
    return Panel(
        Axis(Scale.DAY),
        Axis(unit=Unit.DAYS, title=N_("Days from start to finish"), from_zero=True),
        (*lines, Series(Kind.DOTS, N_("a post"), dots)),
    )


def _dot(one: Passage, names: Names) -> Mark:
    hours = figure_text(round(one.cycle_worked.total_seconds() / 3600, 1), Unit.HOURS)
    said = says(
        N_("{days} d, {hours} working hours, rounds: {rounds}"),
        days=one.cycle_days,
        hours=hours,
        rounds=one.rounds,
    )
    return Mark(
        one.ended_on.isoformat() if one.ended_on else None,
        one.cycle_days,
        label_of(one.post_id, names),
        hover=(said,),
        posts=(one.post_id.hex,),
    )


def _by_state(states: Sequence[StateTime]) -> Panel:
    """A bar for each state, in the colour of whom it waits for: the longest is where it waits."""
    return Panel(
        Axis(
            Scale.CATEGORY,
            categories=tuple((one.state, state_name(one.state)) for one in states),
        ),
        Axis(unit=Unit.PERCENT, title=N_("Share of the time between start and finish")),
        tuple(
            Series(
                Kind.BARS,
                name,
                tuple(_share(one) for one in states if one.turn is turn),
                TURN_TONES[turn],
                labelled=True,
            )
            for turn, name in TURNS.items()
        ),
        sideways=True,
    )


def _share(one: StateTime) -> Mark:
    percent = one.share * 100
    return Mark(one.state, percent, figure_text(percent, Unit.PERCENT), hover=(_said(one),))


def _said(one: StateTime) -> Said:
    return says(
        N_("{state}: {share}, {hours} working hours in all"),
        state=state_name(one.state),
        share=figure_text(one.share * 100, Unit.PERCENT),
        hours=figure_text(round(one.worked.total_seconds() / 3600)),
    )


def _efficiency(told: Figures) -> list[Said]:
    share = told.efficiency.share
    if share is None:
        return []
    shown = figure_text(share * 100, Unit.PERCENT)
    return [says(N_("flow efficiency {share}"), share=shown)]


def _notes(report: Report) -> list[Said]:
    told, before = report.figures, report.before.times.cycle_days
    notes: list[Said] = []
    if len(told.done) < FEW:
        sentence = N_("Under {n} posts: each is shown, with no lines and no shares.")
        return [says(sentence, n=FEW)]
    shares = time_by_turn(report.states)
    for turn, name in TURNS.items():
        value = figure_text(shares[turn] * 100, Unit.PERCENT)
        notes.append(says(N_("{whose}: {value} of the time"), whose=name, value=value))
    if before and before.n >= FEW:
        sentence = N_("The period before: half within {half}, 85% within {most} days, n = {n}")
        facts = {"half": before.p50, "most": before.p85, "n": before.n}
        notes.append(says(sentence, **{k: figure_text(v) for k, v in facts.items()}))
    notes.append(N_("Posts that wait still are not in it: see what is stuck now."))
    shown = len(thinned(told.done))
    if shown < len(told.done):
        sentence = N_("Dots: {shown} of {n}, evenly by how long they took; lines count all")
        notes.append(says(sentence, shown=shown, n=figure_text(len(told.done))))
    return notes


def _newest(done: Sequence[Passage]) -> list[Passage]:
    return sorted(done, key=lambda one: (one.ended_at, one.post_id), reverse=True)[:TABLE_MAX]


def _row(one: Passage, names: Names) -> tuple[str | int | float | Said | None, ...]:
    return (
        key_of(one.post_id, names),
        one.started_on,
        one.ended_on,
        one.cycle_days,
        round(one.cycle_worked.total_seconds() / 3600, 1),
        one.rounds,
    )
