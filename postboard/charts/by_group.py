"""Which format or topic works? Each post a dot, group by group, with the group's median."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from postboard.charts.facts import (
    FEW,
    Rated,
    before_of,
    collecting_note,
    dot,
    facts_of,
    ids_of,
    left_out,
    no_rates,
    nothing_published,
    rated,
    rates_of,
    sample_note,
    thinned,
    thinned_note,
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
    Scale,
    Series,
    Table,
    Tone,
    Unit,
    figure_text,
    says,
)
from postboard.domain.engagement import Basis, median
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period
from postboard.locale.languages import N_, MessageId

KEY = "by_group"
GROUPS_MAX: Final = 12


class Grouping(StrEnum):
    FORMAT = "format"
    PILLAR = "pillar"
    CAMPAIGN = "campaign"


TITLES: Final[dict[Grouping, MessageId]] = {
    Grouping.FORMAT: N_("Which format works?"),
    Grouping.PILLAR: N_("Which topic works?"),
    Grouping.CAMPAIGN: N_("Which campaign works?"),
}
FORMATS: Final[dict[str, MessageId]] = {
    "image": N_("Image"),
    "video": N_("Video"),
    "carousel": N_("Carousel"),
    "text": N_("Text"),
    "link": N_("Link"),
    "story": N_("Story"),
    "reel": N_("Reel"),
}
_COLUMNS: Final = (
    Column(N_("Group")),
    Column(N_("Posts"), Unit.COUNT),
    Column(N_("Median"), Unit.PERCENT),
    Column(N_("Posts before"), Unit.COUNT),
    Column(N_("Median before"), Unit.PERCENT),
)


@dataclass(frozen=True, slots=True)
class _Group:
    key: str
    name: Said
    now: Rated
    past: Rated

    @property
    def median(self) -> float | None:
        """None of fewer than five, which are not ranked."""
        return median(rates_of(self.now)) if len(self.now) >= FEW else None

    @property
    def median_before(self) -> float | None:
        return median(rates_of(self.past)) if len(self.past) >= FEW else None


def by_group(
    posts: Sequence[MeasuredPost], period: Period, basis: Basis, grouping: Grouping, now: datetime
) -> Chart:
    title = TITLES[grouping]
    mine = period.of(posts)
    if not mine:
        return Chart(KEY, title, empty=nothing_published(period))
    known = rated(mine, basis)
    if not known:
        return no_rates(KEY, title, mine, period, basis)
    groups = _groups(known, rated(period.before().of(posts), basis), grouping)
    shown = groups[:GROUPS_MAX]
    dots = _dots(shown)
    notes = [*sample_note(len(known)), *_small(groups), *_hidden(groups)]
    notes += thinned_note(len(dots), sum(len(group.now) for group in shown))
    return Chart(
        KEY,
        title,
        facts=(*facts_of(known, period, basis, now), before_of(period.before())),
        panels=(_panel(shown, dots),),
        notes=(*notes, *left_out(mine, basis), *collecting_note(p for p, _ in known)),
        table=Table(_COLUMNS, tuple(_row(group) for group in groups)),
    )


def _groups(now: Rated, past: Rated, grouping: Grouping) -> list[_Group]:
    """By median from the highest, then those too small to be ranked, by name."""
    found: dict[str, tuple[Rated, Rated]] = {}
    for post, rate in now:
        found.setdefault(_key(post, grouping), ([], []))[0].append((post, rate))
    for post, rate in past:
        if (key := _key(post, grouping)) in found:
            found[key][1].append((post, rate))
    groups = [_Group(key, _name(key, grouping), *both) for key, both in found.items()]
    return sorted(groups, key=_place)


def _place(group: _Group) -> tuple[bool, float, str]:
    middle = group.median
    return (middle is None, -(middle or 0), group.key)


def _key(post: MeasuredPost, grouping: Grouping) -> str:
    match grouping:
        case Grouping.FORMAT:
            return post.format
        case Grouping.PILLAR:
            return post.pillar
        case Grouping.CAMPAIGN:
            return post.campaign


def _name(key: str, grouping: Grouping) -> Said:
    if not key:
        return N_("not stated")
    return FORMATS.get(key, key) if grouping is Grouping.FORMAT else key


def _panel(groups: list[_Group], dots: list[Mark]) -> Panel:
    ranked = {group.key for group in groups if group.median is not None}
    small = {group.key for group in groups} - ranked
    series = (
        Series(Kind.DOTS, N_("a post"), _of(dots, ranked), Tone.INK),
        Series(Kind.DOTS, N_("a post"), _of(dots, small), Tone.SMALL),
        Series(Kind.TICKS, N_("median before"), _past(groups), Tone.PAST),
        Series(Kind.TICKS, N_("median"), _medians(groups), Tone.ACCENT, labelled=True),
    )
    names = [
        (group.key, says(N_("{name}, n = {n}"), name=group.name, n=figure_text(len(group.now))))
        for group in groups
    ]
    return Panel(
        Axis(Scale.CATEGORY, categories=tuple(names)),
        Axis(unit=Unit.PERCENT, title=N_("Engagement rate"), from_zero=True),
        tuple(one for one in series if one.marks),
        sideways=True,
    )


def _dots(groups: list[_Group]) -> list[Mark]:
    room = max(1, MARKS_MAX // len(groups))
    return [
        dot(post, rate, group.key) for group in groups for post, rate in thinned(group.now, room)
    ]


def _of(dots: list[Mark], groups: set[str]) -> tuple[Mark, ...]:
    return tuple(mark for mark in dots if mark.at in groups)


def _medians(groups: list[_Group]) -> tuple[Mark, ...]:
    return tuple(
        Mark(group.key, middle, figure_text(middle, Unit.PERCENT), posts=ids_of(group.now))
        for group in groups
        if (middle := group.median) is not None
    )


def _past(groups: list[_Group]) -> tuple[Mark, ...]:
    return tuple(
        Mark(group.key, middle, posts=ids_of(group.past))
        for group in groups
        if (middle := group.median_before) is not None
    )


def _small(groups: list[_Group]) -> list[Said]:
    small = [group for group in groups if group.median is None]
    return [N_("Grey: under 5 posts, not ranked.")] if small else []


def _hidden(groups: list[_Group]) -> list[Said]:
    hidden = len(groups) - GROUPS_MAX
    sentence = N_("More groups, in the table only: {n}")
    return [says(sentence, n=hidden)] if hidden > 0 else []


def _row(group: _Group) -> tuple[Cell, ...]:
    return (group.name, len(group.now), group.median, len(group.past), group.median_before)
