"""Will it be on time? The odds of what goes out soon and is not approved yet."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from postboard.charts.flow_facts import state_name
from postboard.charts.spec import (
    LABEL_MAX,
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
from postboard.domain.flow_report import Upcoming
from postboard.locale.languages import N_

KEY = "flow_upcoming"
TITLE = N_("Will it be on time?")
SHOWN = 20
NO_HISTORY = N_("not enough history")
_COLUMNS = (
    Column(N_("Post")),
    Column(N_("Planned")),
    Column(N_("State")),
    Column(N_("Odds"), Unit.PERCENT),
    Column(N_("Comparable cases"), Unit.COUNT),
    Column(N_("Working hours left"), Unit.HOURS),
)


def upcoming(posts: Sequence[Upcoming], zone: ZoneInfo) -> Chart:
    """Days on the clock of `zone`. What is less likely stands above, what nobody knows below."""
    if not posts:
        sentence = N_("Everything that goes out in the next 14 days is approved.")
        return Chart(KEY, TITLE, empty=Empty(sentence))
    ranked = sorted(
        posts, key=lambda one: (one.percent is None, one.percent or 0, one.planned_at, one.post_id)
    )
    facts = (
        says(N_("n = {n} not approved"), n=figure_text(len(posts))),
        N_("the next 14 days"),
        N_("odds: of the client’s posts that took longer than this one waited, those in time"),
    )
    return Chart(
        KEY,
        TITLE,
        facts=facts,
        panels=(_panel(ranked[:SHOWN]),),
        notes=tuple(_notes(posts)),
        table=Table(_COLUMNS, tuple(_row(one, zone) for one in ranked)),
    )


def _panel(ranked: Sequence[Upcoming]) -> Panel:
    marks = tuple(
        Mark(
            one.post_id.hex,
            one.percent,
            NO_HISTORY if one.percent is None else figure_text(one.percent, Unit.PERCENT),
            hover=(
                says(
                    N_("{state}, {hours} working hours left"),
                    state=state_name(one.held_in),
                    hours=one.left_h,
                ),
            ),
            posts=(one.post_id.hex,),
            tone=Tone.BAD if one.at_risk else Tone.GOOD,
        )
        for one in ranked
    )
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple((one.post_id.hex, _label(one)) for one in ranked)),
        Axis(unit=Unit.PERCENT, title=N_("Odds of being approved in time"), from_zero=True),
        (Series(Kind.BARS, N_("a post"), marks, Tone.GOOD, labelled=True),),
        sideways=True,
    )


def _notes(posts: Sequence[Upcoming]) -> list[Said]:
    notes: list[Said] = []
    unknown = sum(one.percent is None for one in posts)
    if unknown:
        notes.append(says(N_("Not enough history, under 8 comparable cases: {n}"), n=unknown))
    if len(posts) > SHOWN:
        notes.append(says(N_("Shown: the {shown} least likely of {n}"), shown=SHOWN, n=len(posts)))
    return notes


def _label(one: Upcoming) -> str:
    line = f"{one.name.key} {one.name.text}"
    return line if len(line) <= LABEL_MAX else f"{line[: LABEL_MAX - 1].rstrip()}…"


def _row(one: Upcoming, zone: ZoneInfo) -> tuple[Said | int | None, ...]:
    planned_on = one.planned_at.astimezone(zone).date()
    state = state_name(one.held_in)
    return (one.name.key, planned_on, state, one.percent, one.cases, one.left_h)
