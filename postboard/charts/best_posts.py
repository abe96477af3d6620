"""Which posts made the week? The strongest and the weakest, ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from postboard.charts.facts import (
    age_of,
    basis_of,
    collecting_note,
    counted,
    left_out,
    network_name,
    nothing_known,
    nothing_published,
    period_of,
    post_label,
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
    says,
)
from postboard.domain.benchmarks import OWN_NEEDED, own_days
from postboard.domain.engagement import (
    ENGAGEMENTS,
    Basis,
    engagement_of,
    engagement_rate,
    is_settled,
    median,
    ratio,
    times_median,
)
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period, day_of
from postboard.locale.languages import N_, MessageId

KEY = "best_posts"
TITLE = N_("Which posts made the week?")
ENDS: Final = 5
"""As many from the top and from the bottom."""
BOTH_FROM: Final = 10


class Ranking(StrEnum):
    RAW = "raw"
    PER_THOUSAND = "per_thousand"
    """Followers."""
    RATE = "rate"


RANKINGS: Final[dict[Ranking, MessageId]] = {
    Ranking.RAW: N_("Engagement"),
    Ranking.PER_THOUSAND: N_("Engagement per 1,000 followers"),
    Ranking.RATE: N_("Engagement rate"),
}


@dataclass(frozen=True, slots=True)
class _Ranked:
    post: MeasuredPost
    value: float
    times: float | None
    """Our median of its network."""


def best_posts(
    posts: Sequence[MeasuredPost], period: Period, basis: Basis, ranking: Ranking, now: datetime
) -> Chart:
    """`posts` reach back for our median: of the 90 days that end with the period, per network."""
    mine = period.of(posts)
    if not mine:
        return Chart(KEY, TITLE, empty=nothing_published(period))
    ranked = _ranked(posts, period, basis, ranking)
    if not ranked:
        return Chart(KEY, TITLE, empty=_none_known(mine, period, basis, ranking))
    both = len(ranked) >= BOTH_FROM
    shown = [*ranked[:ENDS], *ranked[-ENDS:]] if both else ranked
    facts = [counted(ranked), period_of(period), age_of((one.post for one in ranked), now)]
    facts.append(basis_of(basis) if ranking is Ranking.RATE else ENGAGEMENTS[basis.engagement])
    if any(one.times is not None for one in shown):
        facts.append(N_("×: times the median of the network’s posts of our last 90 days"))
    missing = left_out(mine, basis) if ranking is Ranking.RATE else _missing(mine, ranked)
    return Chart(
        KEY,
        TITLE,
        facts=tuple(facts),
        panels=(_panel(shown, ranking, both=both),),
        notes=(*missing, *collecting_note(one.post for one in shown)),
        table=_table(ranked, ranking),
    )


def value_of(post: MeasuredPost, basis: Basis, ranking: Ranking) -> float | None:
    """What posts are ranked by."""
    engagement = engagement_of(post, basis.engagement)
    match ranking:
        case Ranking.RAW:
            return engagement
        case Ranking.PER_THOUSAND:
            share = ratio(engagement, post.followers)
            return None if share is None else 1_000 * share
        case Ranking.RATE:
            return engagement_rate(post, basis)


def medians(
    posts: Sequence[MeasuredPost], period: Period, basis: Basis, ranking: Ranking
) -> dict[str, float]:
    """Our median per network, of at least five posts that are not still collecting."""
    values: dict[str, list[float]] = {}
    for post in own_days(period.last).of(posts):
        value = value_of(post, basis, ranking)
        if value is not None and is_settled(post):
            values.setdefault(post.network, []).append(value)
    found = {network: median(of) for network, of in values.items() if len(of) >= OWN_NEEDED}
    return {network: middle for network, middle in found.items() if middle is not None}


def _ranked(
    posts: Sequence[MeasuredPost], period: Period, basis: Basis, ranking: Ranking
) -> list[_Ranked]:
    """From the strongest; of equals the earlier first."""
    ours = medians(posts, period, basis, ranking)
    found = [
        _Ranked(post, value, times_median(value, ours.get(post.network)))
        for post in period.of(posts)
        if (value := value_of(post, basis, ranking)) is not None
    ]
    return sorted(found, key=lambda one: (-one.value, one.post.published_at, one.post.id))


def _none_known(mine: list[MeasuredPost], period: Period, basis: Basis, ranking: Ranking) -> Empty:
    if ranking is Ranking.RATE:
        return nothing_known(mine, period, basis)
    sentence = says(
        N_("Posts published {period}: {n}. Not known of any: {measure}."),
        n=figure_text(len(mine)),
        period=period_of(period),
        measure=RANKINGS[ranking],
    )
    return Empty(sentence, Doing.IMPORT_METRICS)


def _missing(mine: list[MeasuredPost], ranked: list[_Ranked]) -> list[Said]:
    """Not known is not 0, so such a post is not ranked last."""
    lacking = len(mine) - len(ranked)
    sentence = N_("Posts whose figure is not known, left out: {n}")
    return [says(sentence, n=figure_text(lacking))] if lacking else []


def _panel(shown: list[_Ranked], ranking: Ranking, *, both: bool) -> Panel:
    unit = _unit(ranking)
    top = shown[:ENDS] if both else shown
    bottom = shown[ENDS:] if both else []
    series = (
        Series(
            Kind.BARS, N_("top 5") if both else N_("all posts"), _bars(top, unit), labelled=True
        ),
        Series(Kind.BARS, N_("bottom 5"), _bars(bottom, unit), Tone.SMALL, labelled=True),
    )
    return Panel(
        Axis(
            Scale.CATEGORY, categories=tuple((one.post.id, post_label(one.post)) for one in shown)
        ),
        Axis(unit=unit, title=RANKINGS[ranking], from_zero=True),
        tuple(one for one in series if one.marks),
        sideways=True,
    )


def _bars(posts: list[_Ranked], unit: Unit) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            one.post.id,
            one.value,
            _value_and_times(one, unit),
            hover=(
                says(
                    N_("{network}, {day}"),
                    network=network_name(one.post.network),
                    day=day_of(one.post),
                ),
            ),
            posts=(one.post.id,),
            hatched=not is_settled(one.post),
        )
        for one in posts
    )


def _value_and_times(one: _Ranked, unit: Unit) -> str:
    value = figure_text(one.value, unit)
    return value if one.times is None else f"{value} · {figure_text(one.times, Unit.TIMES)}"


def _unit(ranking: Ranking) -> Unit:
    return Unit.PERCENT if ranking is Ranking.RATE else Unit.COUNT


def _table(ranked: list[_Ranked], ranking: Ranking) -> Table:
    columns = (
        Column(N_("Post")),
        Column(N_("Network")),
        Column(N_("Published")),
        Column(RANKINGS[ranking], _unit(ranking)),
        Column(N_("Times our median"), Unit.TIMES),
    )
    return Table(columns, tuple(_row(one) for one in ranked))


def _row(one: _Ranked) -> tuple[Cell, ...]:
    post = one.post
    return (post_label(post), network_name(post.network), day_of(post), one.value, one.times)
