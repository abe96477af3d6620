"""When does it work? The median rate by weekday and block of three hours, the client's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from postboard.charts.facts import (
    FEW,
    Rated,
    collecting_note,
    dot,
    facts_of,
    ids_of,
    left_out,
    network_name,
    networks_of,
    no_rates,
    nothing_published,
    period_of,
    rated,
    rates_of,
    sample_note,
)
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
    listed,
    says,
)
from postboard.domain.engagement import Basis, median
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period
from postboard.locale.languages import N_

KEY = "by_hour"
TITLE = N_("When does it work?")
BLOCK: Final = 3
CELL_NEEDS: Final = 3
GRID_NEEDS: Final = 40
BEST: Final = 5
WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_COLUMNS: Final = (
    Column(N_("Weekday")),
    Column(N_("Hours")),
    Column(N_("Posts"), Unit.COUNT),
    Column(N_("Median"), Unit.PERCENT),
)


@dataclass(frozen=True, slots=True)
class _Slot:
    weekday: int
    hour: int
    """At which its block begins."""
    posts: Rated

    @property
    def key(self) -> str:
        return f"{self.weekday}-{self.hour}"

    @property
    def name(self) -> Said:
        return says(N_("{weekday} {hours}"), weekday=WEEKDAYS[self.weekday], hours=hours(self.hour))

    @property
    def median(self) -> float | None:
        """None of fewer than three, which are left blank."""
        return median(rates_of(self.posts)) if len(self.posts) >= CELL_NEEDS else None


def by_hour(posts: Sequence[MeasuredPost], period: Period, basis: Basis, now: datetime) -> Chart:
    mine = period.of(posts)
    if not mine:
        return Chart(KEY, TITLE, empty=nothing_published(period))
    timed = [post for post in mine if post.has_time]
    if not timed:
        return Chart(KEY, TITLE, empty=_no_times(mine, period))
    known = rated(timed, basis)
    if not known:
        return no_rates(KEY, TITLE, timed, period, basis)
    slots = _slots(known)
    panel, said = _picture(known, slots)
    notes = [*said, *_without_time(mine), *left_out(timed, basis)]
    return Chart(
        KEY,
        TITLE,
        facts=(*facts_of(known, period, basis, now), N_("on the client’s clock")),
        panels=(panel,),
        notes=(*notes, *collecting_note(post for post, _ in known)),
        table=Table(_COLUMNS, tuple(_row(slot) for slot in slots)),
    )


def hours(first: int) -> str:
    return f"{first:02}–{first + BLOCK:02}"


def _picture(known: Rated, slots: list[_Slot]) -> tuple[Panel, list[Said]]:
    """As much as the number of posts allows."""
    if len(known) < FEW:
        return _single_posts(known), sample_note(len(known))
    if len(known) >= GRID_NEEDS:
        return _grid(slots), [N_("Blank: under 3 posts.")]
    best = _best(slots)
    few = says(N_("Best slots of at least 3 posts; the whole week needs {n} posts."), n=GRID_NEEDS)
    if not best:
        none = N_("No slot has 3 posts yet: each post is shown.")
        return _single_posts(known), [none, *sample_note(len(known))]
    return _list(best), [few, *sample_note(len(known))]


def _slots(known: Rated) -> list[_Slot]:
    """Those with posts, in the order of the week."""
    found: dict[tuple[int, int], Rated] = {}
    for post, rate in known:
        local = post.published_at.astimezone(post.zone)
        place = (local.weekday(), local.hour // BLOCK * BLOCK)
        found.setdefault(place, []).append((post, rate))
    return [_Slot(*place, found[place]) for place in sorted(found)]


def _best(slots: list[_Slot]) -> list[_Slot]:
    ranked = [(slot.median, slot) for slot in slots if slot.median is not None]
    ranked.sort(key=lambda one: -(one[0] or 0))
    return [slot for _, slot in ranked[:BEST]]


def _grid(slots: list[_Slot]) -> Panel:
    marks = [
        Mark(
            str(slot.hour),
            str(slot.weekday),
            hover=(slot.name, _counted_rate(slot)) if slot.median is not None else (slot.name,),
            posts=ids_of(slot.posts),
            size=slot.median,
        )
        for slot in slots
    ]
    return Panel(
        _hours_axis(),
        Axis(
            Scale.CATEGORY,
            categories=tuple((str(day), name) for day, name in enumerate(WEEKDAYS)),
        ),
        (Series(Kind.SQUARES, N_("median"), tuple(marks)),),
        shade=Axis(unit=Unit.PERCENT, title=N_("Engagement rate"), from_zero=True),
    )


def _list(best: list[_Slot]) -> Panel:
    bars = tuple(
        Mark(slot.key, slot.median, _counted_rate(slot), posts=ids_of(slot.posts)) for slot in best
    )
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple((slot.key, slot.name) for slot in best)),
        _rate_axis(),
        (Series(Kind.BARS, N_("median"), bars, labelled=True),),
        sideways=True,
    )


def _single_posts(known: Rated) -> Panel:
    dots = tuple(dot(post, rate, str(_hour(post))) for post, rate in known)
    return Panel(_hours_axis(), _rate_axis(), (Series(Kind.DOTS, N_("a post"), dots, Tone.INK),))


def _hour(post: MeasuredPost) -> int:
    return post.published_at.astimezone(post.zone).hour // BLOCK * BLOCK


def _hours_axis() -> Axis:
    blocks = ((str(hour), hours(hour)) for hour in range(0, 24, BLOCK))
    return Axis(Scale.CATEGORY, title=N_("Hours"), categories=tuple(blocks))


def _rate_axis() -> Axis:
    return Axis(unit=Unit.PERCENT, title=N_("Engagement rate"), from_zero=True)


def _no_times(mine: list[MeasuredPost], period: Period) -> Empty:
    sentence = says(
        N_(
            "Posts published {period}: {n}, none with a time of day, "
            "which is not in the files of: {networks}."
        ),
        n=figure_text(len(mine)),
        period=period_of(period),
        networks=listed([network_name(network) for network in networks_of(mine)]),
    )
    return Empty(sentence, Doing.WIDEN_PERIOD)


def _without_time(mine: list[MeasuredPost]) -> list[Said]:
    lacking = [post for post in mine if not post.has_time]
    if not lacking:
        return []
    names = listed([network_name(network) for network in networks_of(lacking)])
    sentence = N_("Without a time of day, left out: {n} ({networks})")
    return [says(sentence, n=figure_text(len(lacking)), networks=names)]


def _counted_rate(slot: _Slot) -> Said:
    value = figure_text(slot.median, Unit.PERCENT)
    return says(N_("{value}, n = {n}"), value=value, n=len(slot.posts))


def _row(slot: _Slot) -> tuple[Cell, ...]:
    return (WEEKDAYS[slot.weekday], hours(slot.hour), len(slot.posts), slot.median)
