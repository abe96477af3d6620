"""What is stuck now? Every post that waits for its approval, by state and age."""

from collections.abc import Sequence

from postboard.charts.flow_facts import Names, key_of, label_of, state_name
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
from postboard.domain.flow_report import Report
from postboard.domain.flow_times import FEW, REVIEWED, Aged, Band
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
        panels=(_panel(aged, report.bands, names),),
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


def _panel(aged: Sequence[Aged], bands: Sequence[Band], names: Names) -> Panel:
    dots = tuple(_dot(one, names) for one in aged[:MARKS_MAX])
    parts: list[tuple[Said, Tone, list[Mark]]] = [
        (N_("half were over by then"), Tone.GOOD, []),
        (N_("85% were"), Tone.WARNING, []),
        (N_("95% were"), Tone.BAD, []),
    ]
    for band in bands:
        edges = (0.0, band.ages.p50, band.ages.p85, band.ages.p95)
        for part, low, high in zip(parts, edges, edges[1:], strict=False):
            part[2].append(Mark(band.state, None, low=low, high=high))
    series = [Series(Kind.BANDS, name, tuple(marks), tone) for name, tone, marks in parts if marks]
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple((one, state_name(one)) for one in REVIEWED)),
        Axis(unit=Unit.DAYS, title=N_("Age in days"), from_zero=True),
        (*series, Series(Kind.DOTS, N_("a post"), dots, Tone.INK)),
    )


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
    notes: list[Said] = []
    if len(report.ageing) > MARKS_MAX:
        sentence = N_("Shown: the {shown} oldest of {n}")
        notes.append(says(sentence, shown=MARKS_MAX, n=figure_text(len(report.ageing))))
    if report.bands:
        sentence = N_("Bands: at which age the posts approved in 90 days left each state, n = {n}")
        return [*notes, says(sentence, n=figure_text(report.rolling_n))]
    sentence = N_("No bands yet: {n} of {needed} posts were approved in 90 days.")
    return [*notes, says(sentence, n=report.rolling_n, needed=FEW)]
