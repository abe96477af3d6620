"""Are we above the benchmark? A dot per network: the median rate of its posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from postboard.charts.facts import (
    FEW,
    SMALL,
    Rated,
    before_of,
    benchmark_note,
    by_network,
    collecting_note,
    counted,
    dot,
    facts_of,
    ids_of,
    left_out,
    network_name,
    networks_of,
    no_rates,
    nothing_published,
    rated,
    rates_of,
    sample_note,
    thinned,
    thinned_note,
    why_not,
)
from postboard.charts.spec import (
    MARKS_MAX,
    Axis,
    Cell,
    Chart,
    Column,
    Kind,
    Mark,
    Panel,
    Said,
    Series,
    Table,
    Tone,
    Unit,
    figure_text,
    listed,
    says,
)
from postboard.domain.benchmarks import Benchmark, Choice, NoBenchmark, Statistic, held_beside
from postboard.domain.benchmarks import own as own_median
from postboard.domain.engagement import Basis, median, pooled, quartiles
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period
from postboard.locale.languages import N_

KEY = "against_benchmark"
TITLE = N_("Are we above the benchmark?")
_COLUMNS = (
    Column(N_("Network")),
    Column(N_("Posts"), Unit.COUNT),
    Column(N_("Median"), Unit.PERCENT),
    Column(N_("Lower quartile"), Unit.PERCENT),
    Column(N_("Upper quartile"), Unit.PERCENT),
    Column(N_("Pooled rate"), Unit.PERCENT),
    Column(N_("Benchmark"), Unit.PERCENT),
    Column(N_("Posts before"), Unit.COUNT),
    Column(N_("Median before"), Unit.PERCENT),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A network in the period and before, and what it is held beside or why not."""

    network: str
    now: Rated
    past: Rated
    beside: Benchmark | NoBenchmark

    @property
    def median(self) -> float | None:
        return _median(self.now)


def against_benchmark(
    posts: Sequence[MeasuredPost], period: Period, choice: Choice, now: datetime
) -> Chart:
    """`posts` reach back far enough for the period before and for our own last 90 days."""
    mine = period.of(posts)
    if not mine:
        return Chart(KEY, TITLE, empty=nothing_published(period))
    known = rated(mine, choice.basis)
    if not known:
        return no_rates(KEY, TITLE, mine, period, choice.basis)
    rows = [_row(network, posts, period, choice) for network in networks_of(p for p, _ in known)]
    dots = _dots(rows)
    notes = [
        *_sample_notes(rows),
        *_shown_note(rows, dots),
        *_benchmark_notes(rows, posts, period, choice),
    ]
    notes += [*left_out(mine, choice.basis), *collecting_note(post for post, _ in known)]
    beside = [row.beside for row in rows if isinstance(row.beside, Benchmark)]
    return Chart(
        KEY,
        TITLE,
        facts=(*facts_of(known, period, choice.basis, now), before_of(period.before())),
        panels=(_panel(rows, dots),),
        benchmarks=tuple(benchmark_note(one) for one in beside),
        notes=tuple(notes),
        table=Table(_COLUMNS, tuple(_table_row(row, choice.basis) for row in rows)),
    )


def _row(network: str, posts: Sequence[MeasuredPost], period: Period, choice: Choice) -> _Row:
    mine = [post for post in posts if post.network == network]
    try:
        beside = held_beside(choice, network, mine, period.last)
    except NoBenchmark as none:
        beside = none
    now = rated(period.of(mine), choice.basis)
    return _Row(network, now, rated(period.before().of(mine), choice.basis), beside)


def _panel(rows: list[_Row], dots: list[Mark]) -> Panel:
    past = [
        Mark(row.network, middle, posts=ids_of(row.past), hover=(_counted_rate(middle, row.past),))
        for row in rows
        if (middle := _median(row.past)) is not None
    ]
    beside = [
        Mark(row.network, row.beside.value, figure_text(row.beside.value, Unit.PERCENT))
        for row in rows
        if isinstance(row.beside, Benchmark)
    ]
    series = (
        Series(Kind.SPANS, N_("quartiles"), tuple(_spans(rows)), Tone.ACCENT),
        Series(Kind.TICKS, N_("benchmark"), tuple(beside), Tone.INK, dashed=True, labelled=True),
        Series(Kind.DOTS, N_("a post"), tuple(dots), Tone.SMALL),
        Series(Kind.DOTS, N_("median before"), tuple(past), Tone.PAST),
        Series(Kind.DOTS, N_("median"), tuple(_medians(rows)), Tone.ACCENT, labelled=True),
    )
    return Panel(
        by_network(row.network for row in rows),
        Axis(unit=Unit.PERCENT, title=N_("Engagement rate"), from_zero=True),
        tuple(one for one in series if one.marks),
        sideways=True,
    )


def _medians(rows: list[_Row]) -> list[Mark]:
    return [
        Mark(
            row.network,
            middle,
            figure_text(middle, Unit.PERCENT),
            hover=(counted(row.now),),
            posts=ids_of(row.now),
        )
        for row in rows
        if (middle := row.median) is not None
    ]


def _spans(rows: list[_Row]) -> list[Mark]:
    """Quartiles, of enough posts."""
    spread = [(row, quartiles(rates_of(row.now))) for row in rows if len(row.now) >= SMALL]
    return [
        Mark(row.network, of.median, posts=ids_of(row.now), low=of.low, high=of.high)
        for row, of in spread
        if of is not None
    ]


def _dots(rows: list[_Row]) -> list[Mark]:
    """The posts themselves where there are few."""
    few = [row for row in rows if len(row.now) < SMALL]
    room = max(1, MARKS_MAX // max(1, len(few)))
    return [dot(post, rate, row.network) for row in few for post, rate in thinned(row.now, room)]


def _shown_note(rows: list[_Row], dots: list[Mark]) -> list[Said]:
    return thinned_note(len(dots), sum(len(row.now) for row in rows if len(row.now) < SMALL))


def _sample_notes(rows: list[_Row]) -> list[Said]:
    """By network, since each has its own sample; in one sentence where they are all alike."""
    if len({tuple(sample_note(len(row.now))) for row in rows}) == 1:
        return sample_note(len(rows[0].now))
    few = [network_name(row.network) for row in rows if len(row.now) < FEW]
    small = [network_name(row.network) for row in rows if FEW <= len(row.now) < SMALL]
    notes = (
        (N_("{networks}: under 5 posts, each is shown, with no median and no trend."), few),
        (N_("{networks}: a small sample, under 20 posts; one can move the median far."), small),
    )
    return [says(sentence, networks=listed(names)) for sentence, names in notes if names]


def _benchmark_notes(
    rows: list[_Row], posts: Sequence[MeasuredPost], period: Period, choice: Choice
) -> list[Said]:
    """Why there is none, with what our own median is instead; and where ours is held beside a
    mean.
    """
    notes: list[Said] = []
    for row in rows:
        if isinstance(row.beside, NoBenchmark):
            notes.append(why_not(row.beside))
            notes += _own_instead(row, posts, period, choice)
        elif row.beside.statistic is Statistic.MEAN:
            pooled_rate = pooled((post for post, _ in row.now), choice.basis)
            sentence = N_("{network}: the benchmark is a mean; our pooled rate is {value}.")
            value = figure_text(pooled_rate, Unit.PERCENT)
            notes.append(says(sentence, network=network_name(row.network), value=value))
    return notes


def _own_instead(
    row: _Row, posts: Sequence[MeasuredPost], period: Period, choice: Choice
) -> list[Said]:
    try:
        own = own_median(posts, row.network, choice.basis, period.last)
    except NoBenchmark:
        return []
    sentence = N_("{network}: the median of our own last 90 days is {value} (n = {n}).")
    value = figure_text(own.value, Unit.PERCENT)
    return [says(sentence, network=network_name(row.network), value=value, n=own.n)]


def _table_row(row: _Row, basis: Basis) -> tuple[Cell, ...]:
    spread = quartiles(rates_of(row.now)) if len(row.now) >= SMALL else None
    return (
        network_name(row.network),
        len(row.now),
        row.median,
        spread and spread.low,
        spread and spread.high,
        pooled((post for post, _ in row.now), basis) if len(row.now) >= FEW else None,
        row.beside.value if isinstance(row.beside, Benchmark) else None,
        len(row.past),
        _median(row.past),
    )


def _median(posts: Rated) -> float | None:
    """None of fewer than five."""
    return median(rates_of(posts)) if len(posts) >= FEW else None


def _counted_rate(rate: float, posts: Rated) -> Said:
    return says(N_("{value}, n = {n}"), value=figure_text(rate, Unit.PERCENT), n=len(posts))
