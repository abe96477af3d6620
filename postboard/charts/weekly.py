"""Is it getting better? The pooled rate of each ISO week, twelve of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from postboard.charts.facts import (
    FEW,
    SMALL,
    age_of,
    basis_of,
    before_of,
    benchmark_note,
    collecting_note,
    counted,
    dot,
    left_out,
    networks_of,
    nothing_known,
    nothing_published,
    period_of,
    rated,
    rates_of,
    sample_note,
    thinned,
    thinned_note,
    why_not,
)
from postboard.charts.spec import (
    Axis,
    BenchmarkNote,
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
from postboard.domain.benchmarks import Choice, NoBenchmark, held_beside
from postboard.domain.engagement import (
    SETTLED_AFTER,
    Basis,
    Denominator,
    engagement_rate,
    is_settled,
    median,
    pooled,
)
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period, day_of, monday_of, week_number, weeks_back
from postboard.locale.languages import N_

KEY = "weekly"
TITLE = N_("Is it getting better?")
WEEKS = 12
ROLLING = 4
ROLLING_NEEDS = 3
"""Weeks with posts within the four."""
_WEEK = timedelta(days=7)
_COLUMNS = (
    Column(N_("Week")),
    Column(N_("Week from")),
    Column(N_("Posts"), Unit.COUNT),
    Column(N_("Rate"), Unit.PERCENT),
    Column(N_("Over 4 weeks"), Unit.PERCENT),
    Column(N_("Rate 12 weeks before"), Unit.PERCENT),
)


@dataclass(frozen=True, slots=True)
class _Week:
    monday: date
    posts: tuple[MeasuredPost, ...]
    rate: float | None
    rolling: float | None
    past: tuple[MeasuredPost, ...]
    past_rate: float | None
    young: bool

    @property
    def key(self) -> str:
        return self.monday.isoformat()

    @property
    def name(self) -> Said:
        return says(N_("W{week}"), week=week_number(self.monday))


def weekly(
    posts: Sequence[MeasuredPost], last: date, choice: Choice, now: datetime, zone: ZoneInfo
) -> Chart:
    """The twelve ISO weeks that end with the one of `last`, on the client's clock (`zone`)."""
    mondays = weeks_back(last, WEEKS)
    period = Period(mondays[0], min(mondays[-1] + timedelta(days=6), now.astimezone(zone).date()))
    mine = period.of(posts)
    if not mine:
        return Chart(KEY, TITLE, empty=nothing_published(period))
    known = [post for post, _ in rated(mine, choice.basis)]
    if not known:
        empty = nothing_known(mine, period, choice.basis)
        return Chart(KEY, TITLE, notes=tuple(left_out(mine, choice.basis)), empty=empty)
    weeks = _weeks(posts, mondays, choice.basis, now, zone)
    lines, beside, notes = _benchmark(known, posts, choice, last)
    dots = _dots(weeks, choice.basis, len(known))
    kept = len(known) if len(known) < SMALL else 0
    notes = [*sample_note(len(known)), *thinned_note(len(dots), kept), *_gaps(weeks), *notes]
    notes += [*left_out(mine, choice.basis), *_young(weeks), *collecting_note(known)]
    past = Period(mondays[0] - WEEKS * _WEEK, mondays[0] - timedelta(days=1))
    facts = (
        counted(known),
        period_of(period),
        age_of(known, now),
        _how(choice.basis),
        basis_of(choice.basis),
    )
    return Chart(
        KEY,
        TITLE,
        facts=(*facts, before_of(past)),
        panels=(_panel(weeks, dots, lines, len(known)),),
        benchmarks=beside,
        notes=tuple(notes),
        table=Table(_COLUMNS, tuple(_table_row(week, len(known)) for week in weeks)),
    )


def _weeks(
    posts: Sequence[MeasuredPost], mondays: list[date], basis: Basis, now: datetime, zone: ZoneInfo
) -> list[_Week]:
    """Posts without a rate belong to no week's figure, so a week of such posts is a gap too."""
    by_monday: dict[date, list[MeasuredPost]] = {}
    first = mondays[0] - WEEKS * _WEEK
    for post in Period(first, mondays[-1] + timedelta(days=6)).of(posts):
        if engagement_rate(post, basis) is not None:
            by_monday.setdefault(monday_of(day_of(post)), []).append(post)
    today = now.astimezone(zone).date()
    return [_week(monday, by_monday, basis, today) for monday in mondays]


def _week(
    monday: date, by_monday: dict[date, list[MeasuredPost]], basis: Basis, today: date
) -> _Week:
    mine = tuple(by_monday.get(monday, ()))
    past = tuple(by_monday.get(monday - WEEKS * _WEEK, ()))
    window = [by_monday.get(monday - _WEEK * back, []) for back in range(ROLLING)]
    enough = sum(1 for week in window if week) >= ROLLING_NEEDS
    over = [post for week in window for post in week]
    young = today < monday + _WEEK + SETTLED_AFTER or not all(map(is_settled, mine))
    return _Week(
        monday,
        mine,
        rate_of(mine, basis),
        rate_of(over, basis) if enough else None,
        past,
        rate_of(past, basis),
        young and bool(mine),
    )


def rate_of(posts: Sequence[MeasuredPost], basis: Basis) -> float | None:
    """Pooled; by reach, which is never summed, the median of the posts."""
    if basis.denominator is Denominator.REACH:
        return median(rates_of(rated(posts, basis)))
    return pooled(posts, basis)


def _panel(weeks: list[_Week], dots: list[Mark], lines: list[Mark], n: int) -> Panel:
    past = tuple(_mark(week, week.past_rate, week.past) for week in weeks)
    rates = tuple(_mark(week, week.rate, week.posts, hatched=week.young) for week in weeks)
    rolling = tuple(Mark(week.key, week.rolling) for week in weeks)
    series = [
        Series(Kind.RULES, N_("benchmark"), tuple(lines), Tone.INK, dashed=True, labelled=True),
        Series(Kind.DOTS, N_("a post"), tuple(dots), Tone.INK if n < FEW else Tone.SMALL),
    ]
    if n >= FEW:
        if n < SMALL:
            middle = median([mark.value for mark in dots if isinstance(mark.value, float)])
            label = figure_text(middle, Unit.PERCENT)
            series.append(
                Series(
                    Kind.RULES,
                    N_("median"),
                    (Mark(None, middle, label),),
                    Tone.SMALL,
                    labelled=True,
                )
            )
        series += [
            Series(Kind.LINE, N_("12 weeks before"), past, Tone.PAST),
            Series(Kind.LINE, N_("over 4 weeks"), rolling, Tone.INK),
            Series(Kind.LINE, N_("per week"), rates, Tone.ACCENT),
        ]
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple((week.key, week.name) for week in weeks)),
        Axis(unit=Unit.PERCENT, title=N_("Engagement rate"), from_zero=True),
        tuple(one for one in series if any(mark.value is not None for mark in one.marks)),
    )


def _mark(
    week: _Week, rate: float | None, posts: Sequence[MeasuredPost], *, hatched: bool = False
) -> Mark:
    ids = tuple(post.id for post in posts)
    if rate is None:
        return Mark(week.key, None)
    said = says(N_("{value}, n = {n}"), value=figure_text(rate, Unit.PERCENT), n=len(posts))
    return Mark(week.key, rate, hover=(said,), posts=ids, hatched=hatched)


def _dots(weeks: list[_Week], basis: Basis, n: int) -> list[Mark]:
    """The posts themselves where there are few."""
    if n >= SMALL:
        return []
    known = rated((post for week in weeks for post in week.posts), basis)
    return [dot(post, rate, monday_of(day_of(post)).isoformat()) for post, rate in thinned(known)]


def _benchmark(
    known: Sequence[MeasuredPost], posts: Sequence[MeasuredPost], choice: Choice, last: date
) -> tuple[list[Mark], tuple[BenchmarkNote, ...], list[Said]]:
    """A line can be held beside one network's rate only."""
    networks = networks_of(known)
    if len(networks) > 1:
        return [], (), [N_("No benchmark line over several networks: choose one.")]
    try:
        found = held_beside(choice, networks[0], posts, last)
    except NoBenchmark as none:
        return [], (), [why_not(none)]
    label = figure_text(found.value, Unit.PERCENT)
    return [Mark(None, found.value, label)], (benchmark_note(found),), []


def _gaps(weeks: list[_Week]) -> list[Said]:
    gaps = sum(1 for week in weeks if week.rate is None)
    sentence = N_("Weeks without a rate, left open: {n}")
    return [says(sentence, n=gaps)] if gaps else []


def _young(weeks: list[_Week]) -> list[Said]:
    return [N_("Hollow: under 7 days old, its figures still grow.")] if weeks[-1].young else []


def _how(basis: Basis) -> Said:
    if basis.denominator is Denominator.REACH:
        return N_("median of each week’s posts, since reach is never summed")
    return N_("pooled: all engagement of a week over its whole denominator")


def _table_row(week: _Week, n: int) -> tuple[Cell, ...]:
    few = n < FEW
    return (
        week.name,
        week.monday,
        len(week.posts),
        None if few else week.rate,
        None if few else week.rolling,
        None if few else week.past_rate,
    )
