"""Is it getting better? The pooled rate of each ISO week, twelve of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from postboard.charts.facts import (
    FEW,
    SMALL,
    Rated,
    age_of,
    basis_of,
    before_of,
    benchmark_note,
    collecting_note,
    counted,
    dot,
    left_out,
    networks_of,
    no_rates,
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
    is_settled,
    median,
    percent,
    pool,
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
    found = _rated(posts, mondays, choice.basis)
    known = period.of(post for post, _ in found)
    if not known:
        return no_rates(KEY, TITLE, mine, period, choice.basis)
    weeks = _weeks(found, mondays, choice.basis, now.astimezone(zone).date())
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


def _rated(posts: Iterable[MeasuredPost], mondays: list[date], basis: Basis) -> Rated:
    """Those of the weeks and of the weeks before. Posts without a rate belong to no week's figure,
    so a week of such posts is a gap too.
    """
    all_weeks = Period(mondays[0] - WEEKS * _WEEK, mondays[-1] + timedelta(days=6))
    return rated(all_weeks.of(posts), basis)


def _weeks(posts: Rated, mondays: list[date], basis: Basis, today: date) -> list[_Week]:
    by_monday: dict[date, Rated] = {}
    for post, rate in posts:
        by_monday.setdefault(monday_of(day_of(post)), []).append((post, rate))
    counted = {monday: _Counted.of(mine, basis) for monday, mine in by_monday.items()}
    return [_week(monday, counted, basis, today) for monday in mondays]


def _week(monday: date, counted: Mapping[date, "_Counted"], basis: Basis, today: date) -> _Week:
    mine = counted.get(monday, _NONE)
    past = counted.get(monday - WEEKS * _WEEK, _NONE)
    window = [one for back in range(ROLLING) if (one := counted.get(monday - _WEEK * back))]
    young = today < monday + _WEEK + SETTLED_AFTER or not all(map(is_settled, mine.posts))
    return _Week(
        monday,
        mine.posts,
        _rate([mine], basis),
        _rate(window, basis) if len(window) >= ROLLING_NEEDS else None,
        past.posts,
        _rate([past], basis),
        young and bool(mine.posts),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """The posts of one week and what they come to, worked out once for three lines."""

    posts: tuple[MeasuredPost, ...] = ()
    rates: tuple[float, ...] = ()
    engagement: int = 0
    whole: int = 0

    @classmethod
    def of(cls, mine: Rated, basis: Basis) -> "_Counted":
        posts = tuple(post for post, _ in mine)
        return cls(posts, tuple(rates_of(mine)), *pool(posts, basis))


_NONE = _Counted()


def _rate(weeks: Sequence[_Counted], basis: Basis) -> float | None:
    """Pooled; by reach, which is never summed, the median of the posts."""
    if basis.denominator is Denominator.REACH:
        return median([rate for week in weeks for rate in week.rates])
    return percent(sum(week.engagement for week in weeks), sum(week.whole for week in weeks))


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
