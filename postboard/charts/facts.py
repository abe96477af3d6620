"""What every chart says beside its marks: n, period, age, denominator, what was left out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from postboard.charts.spec import (
    LABEL_MAX,
    MARKS_MAX,
    Axis,
    BenchmarkNote,
    Chart,
    Doing,
    Empty,
    Mark,
    Said,
    Scale,
    Unit,
    figure_text,
    says,
)
from postboard.domain.benchmarks import STATISTICS, Benchmark
from postboard.domain.engagement import (
    DENOMINATORS,
    ENGAGEMENTS,
    Basis,
    Denominator,
    Engagement,
    denominator_of,
    engagement_of,
    engagement_rate,
    is_settled,
)
from postboard.domain.errors import Refused
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period
from postboard.locale.languages import N_, Filled, MessageId
from postboard.names import NETWORKS

Rated: TypeAlias = list[tuple[MeasuredPost, float]]
"""Posts with their rates, in percent."""

FEW: Final = 5
"""Below it: dots, no median, no trend."""
SMALL: Final = 20
"""Below it: the dots beside the median, and a word of warning."""
_NEVER_GIVEN: Final[Mapping[MessageId, Collection[str]]] = {
    DENOMINATORS[Denominator.REACH]: {"x", "linkedin", "tiktok"},
    ENGAGEMENTS[Engagement.PLATFORM]: set(NETWORKS) - {"x", "linkedin"},
}
"""What no export of a network has, post by post."""
SMALL_SAMPLE: Final = N_("Small sample, under 20 posts: one of them can move the median far.")
TOO_FEW: Final = N_("Under 5 posts: each is shown, with no median and no trend.")


def counted(posts: Sequence[object]) -> Said:
    return says(N_("n = {n}"), n=figure_text(len(posts)))


def period_of(period: Period) -> Said:
    if period.first == period.last:
        return period.first
    return says(N_("{first} – {last}"), first=period.first, last=period.last)


def before_of(period: Period) -> Said:
    """Names what is drawn in grey."""
    return says(N_("grey: {period}"), period=period_of(period))


def age_of(posts: Iterable[MeasuredPost], now: datetime) -> Said:
    """When the oldest of the figures was taken, and how many days ago that is."""
    oldest = min(posts, key=lambda post: post.captured_at)
    day = oldest.captured_at.astimezone(oldest.zone).date()
    days = (now.astimezone(oldest.zone).date() - day).days
    if days <= 0:
        return N_("figures of today")
    return says(N_("oldest figures from {day}, {n} d ago"), day=day, n=days)


def basis_of(basis: Basis) -> Said:
    return says(
        N_("{engagement} per {denominator}"),
        engagement=ENGAGEMENTS[basis.engagement],
        denominator=DENOMINATORS[basis.denominator],
    )


def network_name(network: str) -> Said:
    return NETWORKS.get(network, network)


def networks_of(posts: Iterable[MeasuredPost]) -> list[str]:
    """In the order in which they are always listed: never by how they do."""
    order = {network: place for place, network in enumerate(NETWORKS)}
    found = {post.network for post in posts}
    return sorted(found, key=lambda network: (order.get(network, len(order)), network))


def nothing_published(period: Period) -> Empty:
    sentence = says(N_("No posts published {period}."), period=period_of(period))
    return Empty(sentence, Doing.IMPORT_METRICS)


def nothing_known(posts: Sequence[MeasuredPost], period: Period, basis: Basis) -> Empty:
    """Posts are there, but no rate of any."""
    sentence = says(
        N_("Posts published {period}: {n}. No rate is known: {engagement} per {denominator}."),
        n=figure_text(len(posts)),
        period=period_of(period),
        engagement=ENGAGEMENTS[basis.engagement],
        denominator=DENOMINATORS[basis.denominator],
    )
    return Empty(sentence, Doing.CHOOSE_BENCHMARK)


def no_rates(
    key: str, title: Said, posts: Sequence[MeasuredPost], period: Period, basis: Basis
) -> Chart:
    """Posts went out, and no figure of theirs makes a rate."""
    empty = nothing_known(posts, period, basis)
    return Chart(key, title, notes=tuple(left_out(posts, basis)), empty=empty)


def facts_of(known: Rated, period: Period, basis: Basis, now: datetime) -> tuple[Said, ...]:
    """How many posts, of when, how old their figures are and what the rate is of."""
    return counted(known), period_of(period), age_of((p for p, _ in known), now), basis_of(basis)


def sample_note(n: int) -> list[Said]:
    if n < FEW:
        return [TOO_FEW]
    return [SMALL_SAMPLE] if n < SMALL else []


def left_out(posts: Iterable[MeasuredPost], basis: Basis) -> list[Said]:
    """Per network, what is missing: a figure that is not known is not 0."""
    notes: list[Said] = []
    kinds: dict[str, list[MeasuredPost]] = {}
    for post in posts:
        kinds.setdefault(post.network, []).append(post)
    for network in networks_of(one for mine in kinds.values() for one in mine):
        mine = kinds[network]
        engagements = [engagement_of(post, basis.engagement) for post in mine]
        notes += _lacking(network, engagements.count(None), ENGAGEMENTS[basis.engagement])
        denominators = [denominator_of(post, basis.denominator) for post in mine]
        notes += _lacking(network, denominators.count(None), DENOMINATORS[basis.denominator])
        notes += _nothing(network, denominators.count(0), DENOMINATORS[basis.denominator])
    return notes


def collecting_note(posts: Iterable[MeasuredPost]) -> list[Said]:
    young = [post for post in posts if not is_settled(post)]
    sentence = N_("Still collecting, figures taken less than 7 days after publishing: {n}")
    return [says(sentence, n=figure_text(len(young)))] if young else []


def benchmark_note(benchmark: Benchmark) -> BenchmarkNote:
    """With source, year, denominator, kind of engagement and mean or median."""
    unstated = N_("not stated")
    named = STATISTICS[benchmark.statistic] if benchmark.statistic else None
    facts = {
        "source": benchmark.source,
        "network": network_name(benchmark.network),
        "value": figure_text(benchmark.value, Unit.PERCENT),
        "statistic": named or unstated,
        "engagement": ENGAGEMENTS[benchmark.engagement] if benchmark.engagement else unstated,
        "denominator": DENOMINATORS[benchmark.denominator] if benchmark.denominator else unstated,
    }
    if benchmark.n is not None:
        sentence = N_(
            "{network}: {value}, {statistic} of {source}, n = {n}: {engagement} per {denominator}"
        )
        return BenchmarkNote(says(sentence, n=benchmark.n, **facts))
    sentence = N_(
        "{network}: {value}, {statistic}, {source} ({year}): {engagement} per {denominator}"
    )
    year = str(benchmark.year) if benchmark.year else N_("year not stated")
    return BenchmarkNote(says(sentence, year=year, **facts), benchmark.url)


def why_not(refused: Refused) -> Said:
    return Filled(MessageId(refused.message_id), refused.facts)


def post_label(post: MeasuredPost) -> str:
    """A post in few letters: its key and how its words begin."""
    line = " ".join(f"{post.key} {post.text}".split())
    return line if len(line) <= LABEL_MAX else f"{line[: LABEL_MAX - 1].rstrip()}…"


def by_network(networks: Iterable[str]) -> Axis:
    return Axis(Scale.CATEGORY, categories=tuple((one, network_name(one)) for one in networks))


def rated(posts: Iterable[MeasuredPost], basis: Basis) -> Rated:
    """The posts whose rate is known, with it."""
    rates = ((post, engagement_rate(post, basis)) for post in posts)
    return [(post, rate) for post, rate in rates if rate is not None]


def rates_of(posts: Rated) -> list[float]:
    return [rate for _, rate in posts]


def ids_of(posts: Rated) -> tuple[str, ...]:
    return tuple(post.id for post, _ in posts)


def dot(post: MeasuredPost, rate: float, at: str) -> Mark:
    """One post; hollow while its figures still grow."""
    return Mark(at, rate, post_label(post), posts=(post.id,), hatched=not is_settled(post))


def thinned(posts: Rated, room: int = MARKS_MAX) -> Rated:
    """At most `room` of them, evenly by rank, the lowest and highest among them."""
    ranked = sorted(posts, key=lambda one: (one[1], one[0].id))
    if len(ranked) <= room:
        return ranked
    step = (len(ranked) - 1) / max(room - 1, 1)
    return [ranked[round(place * step)] for place in range(room)]


def thinned_note(shown: int, of: int) -> list[Said]:
    sentence = N_("Dots: {shown} of {n}, evenly by rank; medians count all")
    if shown == of:
        return []
    return [says(sentence, shown=figure_text(shown), n=figure_text(of))]


def _lacking(network: str, n: int, what: MessageId) -> list[Said]:
    if not n:
        return []
    facts = {"network": network_name(network), "what": what, "n": figure_text(n)}
    if network in _NEVER_GIVEN.get(what, ()):
        return [says(N_("{network} gives no {what}; posts left out: {n}"), **facts)]
    return [says(N_("{network}: posts without {what}, left out: {n}"), **facts)]


def _nothing(network: str, n: int, what: MessageId) -> list[Said]:
    sentence = N_("{network}: posts with 0 {what}, left out: {n}")
    facts = {"network": network_name(network), "what": what, "n": figure_text(n)}
    return [says(sentence, **facts)] if n else []
