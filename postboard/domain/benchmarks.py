"""What others reach, and what we did ourselves: figures to hold a rate beside.

`benchmarks.csv` has the shipped ones, each with its source, year, denominator and whether it is a
mean or a median; what its source does not say is empty there. A rate is held only beside one of
the same denominator and the same kind of engagement: the same brand is 0.26% in one report and
3.80% in another.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from postboard.domain.engagement import (
    DENOMINATORS,
    ENGAGEMENTS,
    Basis,
    Denominator,
    Engagement,
    engagement_rate,
    is_settled,
    median,
)
from postboard.domain.errors import Refused
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period
from postboard.locale.languages import N_, MessageId
from postboard.names import NETWORKS

DATA: Final = Path(__file__).with_name("benchmarks.csv")
OWN_DAYS: Final = 90
OWN_NEEDED: Final = 5
"""Fewer posts have no median."""
OWN: Final = N_("our last 90 days")
OWN_VALUE: Final = N_("our own value")

# Shown in the browser too, which knows only what is marked.
NO_FIGURE: Final = N_("{source} has no figure for {network}.")
OTHER_KIND: Final = N_("{source} counts {theirs} for {network}, we {ours}: not compared.")
OWN_TOO_FEW: Final = N_(
    "{network}: {n} own posts with a rate in the last 90 days; a median needs {needed}."
)
UNNAMED_DENOMINATOR: Final = N_(
    "What {source}’s figure for {network} is divided by is not known: not compared."
)
OTHER_DENOMINATOR: Final = N_(
    "{source} divides by {theirs} for {network}, we by {ours}: not compared."
)


class Measure(StrEnum):
    ENGAGEMENT_RATE = "engagement_rate"
    """In percent."""
    POSTS_PER_WEEK = "posts_per_week"


class Statistic(StrEnum):
    MEAN = "mean"
    MEDIAN = "median"


STATISTICS: Final = {Statistic.MEAN: N_("mean"), Statistic.MEDIAN: N_("median")}


class NoBenchmark(Refused):
    """There is none, or none that may be held beside the rate."""

    status = 422
    sentence = "There is no benchmark of this source."


class Unlike(NoBenchmark):
    """Its denominator or its kind of engagement is another."""

    sentence = "Rates of unlike kinds are not compared."


@dataclass(frozen=True, slots=True)
class Benchmark:
    """None and "": its source does not say."""

    network: str
    measure: Measure
    denominator: Denominator | None
    engagement: Engagement | None
    statistic: Statistic | None
    value: float
    year: int | None
    source: str
    """A publisher's name, `OWN` or `OWN_VALUE`."""
    url: str = ""
    confidence: str = ""
    """"seen" at the source, or "secondary": read on a page that cites it."""
    n: int | None = None
    """Posts that our own median is of."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What rates are held beside: a source's figures, our own last 90 days, or own values."""

    source: str
    basis: Basis
    values: tuple[Benchmark, ...] = ()
    """The client's own, for `OWN_VALUE`."""


@cache
def shipped() -> tuple[Benchmark, ...]:
    with DATA.open(encoding="utf-8", newline="") as lines:
        return tuple(_read(row) for row in csv.DictReader(lines))


def sources() -> list[str]:
    """Of rates, in the order they are offered."""
    rates = (one for one in shipped() if one.measure is Measure.ENGAGEMENT_RATE)
    return [*dict.fromkeys(one.source for one in rates), OWN, OWN_VALUE]


def bases_of(source: str) -> list[Basis]:
    """What a rate may be made of to be held beside the source's figures."""
    if source in {OWN, OWN_VALUE}:
        return [Basis(kind, denominator) for kind in Engagement for denominator in Denominator]
    theirs = (one for one in shipped() if one.source == source)
    bases = (
        Basis(one.engagement, one.denominator)
        for one in theirs
        if one.engagement and one.denominator
    )
    return list(dict.fromkeys(bases))


def held_beside(
    choice: Choice, network: str, posts: Iterable[MeasuredPost], until: date
) -> Benchmark:
    """The benchmark for a network's rates; our own is of the 90 days that end with `until`.

    NoBenchmark where there is none of that source, Unlike where what there is may not be compared.
    """
    if choice.source == OWN:
        return own(posts, network, choice.basis, until)
    if choice.source == OWN_VALUE:
        return fitting(choice.values, OWN_VALUE, network, choice.basis)
    return fitting(shipped(), choice.source, network, choice.basis)


def fitting(known: Iterable[Benchmark], source: str, network: str, basis: Basis) -> Benchmark:
    """The newest one of the source for the network that has the basis of our rates."""
    named = NETWORKS.get(network, network)
    theirs = [one for one in known if _is_rate(one, source, network)]
    if not theirs:
        raise NoBenchmark(NO_FIGURE, source=source, network=named)
    alike = [one for one in theirs if one.denominator == basis.denominator]
    if not alike:
        raise _unlike_denominator(theirs, source, named, basis)
    fit = [one for one in alike if one.engagement == basis.engagement]
    if not fit:
        raise Unlike(
            OTHER_KIND,
            source=source,
            network=named,
            theirs=_kind_named(alike[0].engagement),
            ours=ENGAGEMENTS[basis.engagement],
        )
    return max(fit, key=lambda one: one.year or 0)


def own(posts: Iterable[MeasuredPost], network: str, basis: Basis, until: date) -> Benchmark:
    """The median of our own posts of the 90 days that end with `until`, none still collecting."""
    mine = (post for post in own_days(until).of(posts) if post.network == network)
    rates = [engagement_rate(post, basis) for post in mine if is_settled(post)]
    known = [rate for rate in rates if rate is not None]
    middle = median(known)
    if middle is None or len(known) < OWN_NEEDED:
        raise NoBenchmark(
            OWN_TOO_FEW,
            network=NETWORKS.get(network, network),
            n=len(known),
            needed=OWN_NEEDED,
        )
    return Benchmark(
        network,
        Measure.ENGAGEMENT_RATE,
        basis.denominator,
        basis.engagement,
        Statistic.MEDIAN,
        middle,
        until.year,
        OWN,
        n=len(known),
    )


def own_days(until: date) -> Period:
    return Period(until - timedelta(days=OWN_DAYS - 1), until)


def posts_per_week(network: str, source: str) -> Benchmark | None:
    """How often others post there."""
    return next(
        (
            one
            for one in shipped()
            if (one.measure, one.network, one.source) == (Measure.POSTS_PER_WEEK, network, source)
        ),
        None,
    )


def _read(row: dict[str, str]) -> Benchmark:
    return Benchmark(
        row["network"],
        Measure(row["measure"]),
        Denominator(row["denominator"]) if row["denominator"] else None,
        Engagement(row["engagement"]) if row["engagement"] else None,
        Statistic(row["statistic"]) if row["statistic"] else None,
        float(row["value"]),
        int(row["year"]) if row["year"] else None,
        row["source"],
        row["url"],
        row["confidence"],
    )


def _is_rate(one: Benchmark, source: str, network: str) -> bool:
    return (one.measure, one.source, one.network) == (Measure.ENGAGEMENT_RATE, source, network)


def _unlike_denominator(theirs: list[Benchmark], source: str, network: str, basis: Basis) -> Unlike:
    named = next((one.denominator for one in theirs if one.denominator), None)
    if named is None:
        return Unlike(
            UNNAMED_DENOMINATOR,
            source=source,
            network=network,
        )
    return Unlike(
        OTHER_DENOMINATOR,
        source=source,
        network=network,
        theirs=DENOMINATORS[named],
        ours=DENOMINATORS[basis.denominator],
    )


def _kind_named(kind: Engagement | None) -> MessageId:
    return ENGAGEMENTS[kind] if kind else N_("interactions it does not name")
