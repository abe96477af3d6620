"""What do changes ask for? Requests for changes by what they were about."""

from postboard.charts.facts import period_of
from postboard.charts.spec import (
    Axis,
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
from postboard.domain.flow_report import Report
from postboard.domain.workflow import ChangeTag
from postboard.locale.languages import N_
from postboard.names import TAGS

KEY = "flow_reasons"
TITLE = N_("What do changes ask for?")
_COLUMNS = (
    Column(N_("About")),
    Column(N_("Requests"), Unit.COUNT),
    Column(N_("The period before"), Unit.COUNT),
)


def reasons(report: Report) -> Chart:
    now, before = report.figures.reasons, report.before.reasons
    period = report.figures.period
    if not now.requests:
        sentence = says(N_("No changes were requested {period}."), period=period_of(period))
        return Chart(KEY, TITLE, empty=Empty(sentence, Doing.WIDEN_PERIOD))
    names = {tag: _name(tag) for tag in now.by_tag}
    panel = Panel(
        Axis(Scale.CATEGORY, categories=tuple(names.items())),
        Axis(unit=Unit.COUNT, title=N_("Requests for changes"), from_zero=True),
        (
            Series(
                Kind.BARS,
                N_("requests"),
                tuple(
                    Mark(tag, n, figure_text(n), hover=(_share(n, now.requests),))
                    for tag, n in now.by_tag.items()
                ),
                Tone.REWORK,
                labelled=True,
            ),
        ),
        sideways=True,
    )
    return Chart(
        KEY,
        TITLE,
        facts=(
            says(N_("n = {n} requests"), n=figure_text(now.requests)),
            period_of(period),
            says(N_("the period before: {n}"), n=figure_text(before.requests)),
        ),
        panels=(panel,),
        notes=(N_("One request may be about several things."),),
        table=Table(
            _COLUMNS,
            tuple((names[tag], n, before.by_tag.get(tag, 0)) for tag, n in now.by_tag.items()),
        ),
    )


def _share(n: int, requests: int) -> Said:
    share = figure_text(n / requests * 100, Unit.PERCENT)
    return says(N_("in {share} of the requests"), share=share)


def _name(tag: str) -> Said:
    return TAGS[ChangeTag(tag)] if tag in {*ChangeTag} else tag
