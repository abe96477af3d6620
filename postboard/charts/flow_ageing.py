"""What is stuck now? Every post that waits for its approval, by state and age."""

from postboard.charts.flow_facts import Names, key_of, label_of, state_name, state_with_limit
from postboard.charts.spec import (
    MARKS_MAX,
    Axis,
    Chart,
    Column,
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
from postboard.domain.flow_counts import StateWip
from postboard.domain.flow_report import Report
from postboard.domain.flow_times import FEW, Aged
from postboard.locale.languages import N_

KEY = "flow_ageing"
TITLE = N_("What is stuck now?")
_COLUMNS = (
    Column(N_("Post")),
    Column(N_("State")),
    Column(N_("Age in days"), Unit.DAYS),
    Column(N_("Days in this state"), Unit.DAYS),
    Column(N_("Rounds"), Unit.COUNT),
)


def ageing(report: Report, names: Names) -> Chart:
    """Beside how long approval took: what never ends is in no cycle time."""
    aged = report.ageing
    if not aged:
        sentence = N_("Nothing waits for an approval.")
        return Chart(KEY, TITLE, empty=Empty(sentence))
    facts = (
        says(N_("n = {n} in progress"), n=figure_text(len(aged))),
        N_("now"),
        N_("age: days since it was first submitted"),
    )
    return Chart(
        KEY,
        TITLE,
        facts=facts,
        panels=(_panel(report, names),),
        notes=tuple(_notes(report)),
        table=Table(
            _COLUMNS,
            tuple(
                (
                    key_of(one.passage.post_id, names),
                    state_name(one.passage.state),
                    one.age_days,
                    one.in_state.days,
                    one.passage.rounds,
                )
                for one in aged[:MARKS_MAX]
            ),
        ),
    )


def _panel(report: Report, names: Names) -> Panel:
    dots = tuple(_dot(one, names) for one in report.ageing[:MARKS_MAX])
    parts: list[tuple[Said, Tone, list[Mark]]] = [
        (N_("half were over by then"), Tone.GOOD, []),
        (N_("85% were"), Tone.WARNING, []),
        (N_("95% were"), Tone.BAD, []),
    ]
    for band in report.bands:
        edges = (0.0, band.ages.p50, band.ages.p85, band.ages.p95)
        for part, low, high in zip(parts, edges, edges[1:], strict=False):
            part[2].append(Mark(band.state, None, low=low, high=high))
    series = [Series(Kind.BANDS, name, tuple(marks), tone) for name, tone, marks in parts if marks]
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple((w.state, _category(w)) for w in report.wip)),
        Axis(unit=Unit.DAYS, title=N_("Age in days"), from_zero=True),
        (*series, Series(Kind.DOTS, N_("a post"), dots, Tone.INK)),
    )


def _category(one: StateWip) -> Said:
    """With what stands there now, where that is limited."""
    if one.limit is None:
        return state_name(one.state)
    sentence = N_("▲ {state} {n}/{limit}") if one.over else N_("{state} {n}/{limit}")
    return says(sentence, state=state_name(one.state), n=one.n, limit=one.limit)


def _dot(one: Aged, names: Names) -> Mark:
    post_id = one.passage.post_id
    said = says(
        N_("{days} d old, {here} d in this state"), days=one.age_days, here=one.in_state.days
    )
    return Mark(
        one.passage.state,
        one.age_days,
        label_of(post_id, names),
        hover=(said,),
        posts=(post_id.hex,),
    )


def _notes(report: Report) -> list[Said]:
    notes = [state_with_limit(one) for one in report.wip if one.over]
    if len(report.ageing) > MARKS_MAX:
        sentence = N_("Shown: the {shown} oldest of {n}")
        notes.append(says(sentence, shown=MARKS_MAX, n=figure_text(len(report.ageing))))
    if report.bands:
        sentence = N_("Bands: at which age the posts approved in 90 days left each state, n = {n}")
        return [*notes, says(sentence, n=figure_text(report.rolling_n))]
    sentence = N_("No bands yet: {n} of {needed} posts were approved in 90 days.")
    return [*notes, says(sentence, n=report.rolling_n, needed=FEW)]
