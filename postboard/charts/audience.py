"""How many people did we reach, how did followers move? An account's days as its network gives
them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final, Protocol

from postboard.charts.facts import before_of, network_name, period_of
from postboard.charts.spec import (
    Axis,
    Cell,
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
from postboard.domain.engagement import audience_growth, median
from postboard.domain.periods import Period, monday_of
from postboard.locale.languages import N_

KEY = "audience"
TITLE = N_("How many people did we reach, and how did followers move?")
ACCOUNTS_MAX: Final = 4
POINTS_MAX: Final = 240
"""Days of all accounts together in one panel; past it a point is a week."""
_DAY: Final = timedelta(days=1)
_TONES: Final = (Tone.ACCENT, Tone.INK, Tone.GOOD, Tone.WARNING)
_COLUMNS: Final = (
    Column(N_("Day")),
    Column(N_("Account")),
    Column(N_("Reach"), Unit.COUNT),
    Column(N_("Followers"), Unit.COUNT),
    Column(N_("Followers won or lost"), Unit.COUNT),
)


class CountedDay(Protocol):
    """What a network counted of one account on one day."""

    @property
    def client(self) -> str: ...
    @property
    def network(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def followers(self) -> int | None: ...
    @property
    def follower_delta(self) -> int | None: ...
    @property
    def reach(self) -> int | None: ...


_Joined = Callable[[Iterable[int | None]], float | None]
_Account = tuple[str, str, str]
"""Client, network and name."""


@dataclass(frozen=True, slots=True)
class _Line:
    account: _Account
    name: Said
    tone: Tone
    days: Mapping[date, CountedDay]
    past: Mapping[date, CountedDay]


def audience(days: Sequence[CountedDay], period: Period) -> Chart:
    """`days` reach back a day before the period, for its first day's change, and through the
    period before.
    """
    lines = _lines(days, period)
    if not lines:
        return Chart(KEY, TITLE, empty=_none(period))
    shown = lines[:ACCOUNTS_MAX]
    weekly = len(shown) * period.days > POINTS_MAX
    panels = [_reach(shown, period, weekly=weekly), _followers(shown, period, weekly=weekly)]
    newest = max(day for line in lines for day in line.days if period.holds(day))
    facts: list[Said] = [period_of(period), says(N_("days known until {day}"), day=newest)]
    facts.append(
        N_("each point a week: the median day’s reach, all followers won or lost")
        if weekly
        else N_("day by day, never summed")
    )
    if any(line.past for line in shown):
        facts.append(before_of(period.before()))
    return Chart(
        KEY,
        TITLE,
        facts=tuple(facts),
        panels=tuple(panel for panel in panels if panel.series),
        notes=tuple(_notes(lines, period)),
        table=Table(_COLUMNS, tuple(_rows(lines, period))),
    )


def won(days: Mapping[date, CountedDay], day: date) -> int | None:
    """Followers won less those lost on a day: as given, else by the days' two counts."""
    one = days.get(day)
    if one is None:
        return None
    if one.follower_delta is not None:
        return one.follower_delta
    yesterday = days.get(day - _DAY)
    if one.followers is None or yesterday is None or yesterday.followers is None:
        return None
    return one.followers - yesterday.followers


def growth(days: Mapping[date, CountedDay], period: Period) -> float | None:
    """Net new of the period / followers at its start, in percent; None unless every day tells."""
    changes = [won(days, period.first + _DAY * n) for n in range(period.days)]
    known = [change for change in changes if change is not None]
    first = days.get(period.first)
    if len(known) < len(changes) or first is None or first.followers is None:
        return None
    return audience_growth(sum(known), first.followers - known[0])


def _lines(days: Sequence[CountedDay], period: Period) -> list[_Line]:
    """Accounts that have days in the period, those with most followers first."""
    known = sorted(days, key=lambda one: (_account(one), one.day))
    networks = Counter(network for _, network, _ in {_account(one) for one in days})
    found: list[_Line] = []
    for account, group in groupby(known, _account):
        mine = {one.day: one for one in group}
        if any(period.holds(day) for day in mine):
            before = period.before()
            past = {day: one for day, one in mine.items() if before.holds(day)}
            found.append(_Line(account, _name(account, networks), Tone.ACCENT, mine, past))
    found.sort(key=lambda line: (-_size(line, period), line.account))
    tones = (*_TONES, *[Tone.SMALL] * len(found))
    return [replace(line, tone=tone) for line, tone in zip(found, tones, strict=False)]


def _account(one: CountedDay) -> _Account:
    return (one.client, one.network, one.account)


def _name(account: _Account, networks: Mapping[str, int]) -> Said:
    """By its network where that has no other account."""
    _, network, name = account
    return network_name(network) if networks[network] == 1 or not name else name


def _size(line: _Line, period: Period) -> int:
    counts = (one.followers for day, one in line.days.items() if period.holds(day))
    return max((count for count in counts if count is not None), default=0)


def _reach(lines: list[_Line], period: Period, *, weekly: bool) -> Panel:
    series: list[Series] = []
    for line in lines:
        reach = {day: one.reach for day, one in line.days.items()}
        series += _two(line, reach, period, _middle if weekly else None, alone=len(lines) == 1)
    return _panel(N_("People reached a day"), series)


def _followers(lines: list[_Line], period: Period, *, weekly: bool) -> Panel:
    series: list[Series] = []
    for line in lines:
        change = {day: won(line.days, day) for day in line.days}
        series += _two(line, change, period, _all if weekly else None, alone=len(lines) == 1)
    return _panel(N_("Followers won or lost"), series)


def _panel(title: Said, series: list[Series]) -> Panel:
    return Panel(Axis(Scale.DAY), Axis(), tuple(series), title=title)


def _two(
    line: _Line,
    values: Mapping[date, int | None],
    period: Period,
    joined: _Joined | None,
    *,
    alone: bool,
) -> list[Series]:
    """The period's line, and the one before in grey, laid under it day for day."""
    before = period.before()
    moved = {day + _DAY * period.days: value for day, value in values.items() if before.holds(day)}
    both = (
        (N_("before") if alone else "", moved, Tone.PAST),
        (line.name, values, line.tone),
    )
    series = [
        Series(Kind.LINE, name, tuple(_points(mine, period, joined)), tone)
        for name, mine, tone in both
    ]
    return [one for one in series if any(mark.value is not None for mark in one.marks)]


def _points(
    values: Mapping[date, int | None], period: Period, joined: _Joined | None
) -> list[Mark]:
    """A day that nothing is known of is a gap."""
    days = [period.first + _DAY * n for n in range(period.days)]
    if joined is None:
        return [Mark(day.isoformat(), values.get(day)) for day in days]
    return [
        Mark(monday.isoformat(), joined([values.get(day) for day in week]))
        for monday, week in groupby(days, monday_of)
    ]


def _middle(week: Iterable[int | None]) -> float | None:
    """Reach is people, the same ones day after day: a week has a middle day, no sum."""
    return median([value for value in week if value is not None])


def _all(week: Iterable[int | None]) -> int | None:
    """None unless every day of it is known."""
    known = list(week)
    found = [value for value in known if value is not None]
    return sum(found) if len(found) == len(known) else None


def _none(period: Period) -> Empty:
    sentence = says(
        N_("No daily figures of an account for {period}. They are in {files}."),
        period=period_of(period),
        files=N_(
            "Meta’s “Reach.csv” and “Follows.csv”, X’s account overview and TikTok’s "
            "“Overview.csv” and “FollowerHistory.csv”"
        ),
    )
    return Empty(sentence, Doing.IMPORT_DAYS)


def _notes(lines: list[_Line], period: Period) -> Iterable[Said]:
    if len(lines) > ACCOUNTS_MAX:
        yield says(N_("More accounts, in the table only: {n}"), n=len(lines) - ACCOUNTS_MAX)
    for line in lines[:ACCOUNTS_MAX]:
        inside = [one for day, one in line.days.items() if period.holds(day)]
        if all(one.reach is None for one in inside):
            yield says(N_("{account}: no daily reach is known."), account=line.name)
        if (percent := growth(line.days, period)) is not None:
            sentence = N_("{account}: followers {value} over the period")
            value = f"{'+' if percent > 0 else ''}{figure_text(percent, Unit.PERCENT)}"
            yield says(sentence, account=line.name, value=value)


def _rows(lines: list[_Line], period: Period) -> Iterable[tuple[Cell, ...]]:
    for line in lines:
        for day, one in sorted(line.days.items()):
            if period.holds(day):
                yield (day, line.name, one.reach, one.followers, won(line.days, day))
