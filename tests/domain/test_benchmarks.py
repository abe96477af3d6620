"""Benchmarks: each with its source, and none beside a rate of another kind."""

from datetime import date, timedelta

import pytest

from postboard.domain.benchmarks import (
    OWN,
    OWN_VALUE,
    Benchmark,
    Choice,
    Measure,
    NoBenchmark,
    Statistic,
    Unlike,
    bases_of,
    held_beside,
    shipped,
    sources,
)
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.locale.catalogue import say
from tests.charts.rows import rate

LAST = date(2026, 3, 8)
BY_FOLLOWERS = Basis(Engagement.PUBLIC, Denominator.FOLLOWERS)
BY_IMPRESSIONS = Basis(Engagement.PUBLIC, Denominator.IMPRESSIONS)


def refusal(choice: Choice, network: str, posts=()) -> str:
    with pytest.raises(NoBenchmark) as refused:
        held_beside(choice, network, posts, LAST)
    return say(refused.value, "en")


def test_the_newest_of_a_source_is_taken():
    found = held_beside(Choice("Rival IQ", BY_FOLLOWERS), "tiktok", (), LAST)
    assert (found.value, found.year, found.statistic, found.confidence) == (
        2.63,
        2023,
        Statistic.MEDIAN,
        "seen",
    )


def test_every_shipped_one_names_its_source_and_its_confidence():
    assert {one.confidence for one in shipped()} == {"seen", "secondary"}
    assert sources() == ["Rival IQ", "Socialinsider", "Buffer", OWN, OWN_VALUE]
    assert {(one.denominator, one.engagement) for one in shipped() if one.source == "Buffer"} == {
        (Denominator.IMPRESSIONS, Engagement.PLATFORM)
    }


def test_a_source_says_what_rates_it_can_be_held_beside():
    by_views = Basis(Engagement.PUBLIC, Denominator.VIEWS)
    assert {source: bases_of(source) for source in sources()[:3]} == {
        "Rival IQ": [BY_FOLLOWERS, by_views],
        "Socialinsider": [],
        "Buffer": [Basis(Engagement.PLATFORM, Denominator.IMPRESSIONS)],
    }
    assert len(bases_of(OWN)) == len(bases_of(OWN_VALUE)) == 8


def test_an_unlike_one_is_refused_and_says_why():
    assert {
        "denominator": refusal(Choice("Rival IQ", BY_IMPRESSIONS), "facebook"),
        "engagement": refusal(Choice("Buffer", BY_IMPRESSIONS), "facebook"),
        "not stated": refusal(Choice("Socialinsider", BY_FOLLOWERS), "facebook"),
        "none": refusal(Choice("Rival IQ", BY_FOLLOWERS), "youtube"),
    } == {
        "denominator": (
            "Rival IQ divides by followers for Facebook, we by impressions: not compared."
        ),
        "engagement": (
            "Buffer counts engagements as the network counts them for Facebook, "
            "we likes, comments, shares and saves: not compared."
        ),
        "not stated": (
            "What Socialinsider’s figure for Facebook is divided by is not known: not compared."
        ),
        "none": "Rival IQ has no figure for YouTube.",
    }


@pytest.mark.parametrize("source", ["Rival IQ", "Socialinsider", "Buffer"])
@pytest.mark.parametrize("engagement", Engagement)
@pytest.mark.parametrize("denominator", Denominator)
def test_what_is_held_beside_a_rate_is_of_its_basis(source, engagement, denominator):
    basis = Basis(engagement, denominator)
    for network in {one.network for one in shipped()}:
        try:
            found = held_beside(Choice(source, basis), network, (), LAST)
        except NoBenchmark:
            continue
        assert (found.engagement, found.denominator) == (engagement, denominator)


def test_ours_is_the_median_of_ninety_days_of_settled_posts():
    first = LAST - timedelta(days=89)
    posts = [
        rate(first, 10),
        *(rate(LAST, likes) for likes in (20, 30, 40, 50)),
        rate(first - timedelta(days=1), 900),
        rate(LAST, 900, network="x"),
        rate(LAST, 900, impressions=None),
        rate(date(2026, 3, 8), 900, captured=rate(date(2026, 3, 9), 1).published_at),
    ]

    found = held_beside(Choice(OWN, BY_IMPRESSIONS), "instagram", posts, LAST)

    assert (found.value, found.n, found.denominator) == (3.0, 5, Denominator.IMPRESSIONS)
    assert refusal(Choice(OWN, BY_IMPRESSIONS), "instagram", posts[1:]) == (
        "Instagram: 4 own posts with a rate in the last 90 days; a median needs 5."
    )


def test_own_values_must_be_of_the_same_kind_too():
    mine = Benchmark(
        "facebook",
        Measure.ENGAGEMENT_RATE,
        Denominator.REACH,
        Engagement.PUBLIC,
        None,
        2.0,
        2026,
        OWN_VALUE,
    )
    by_reach = Choice(OWN_VALUE, Basis(Engagement.PUBLIC, Denominator.REACH), (mine,))

    assert held_beside(by_reach, "facebook", (), LAST) == mine
    with pytest.raises(Unlike):
        held_beside(Choice(OWN_VALUE, BY_FOLLOWERS, (mine,)), "facebook", (), LAST)
