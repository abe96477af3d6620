"""Formulas of what posts achieve: by hand, and by properties that hold for any figures."""

import statistics
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.engagement import (
    Basis,
    Denominator,
    Engagement,
    Quartiles,
    amplification,
    audience_growth,
    average_watched,
    click_through_rate,
    completion,
    cost_per_click,
    cost_per_engagement,
    cost_per_thousand,
    daily_rate,
    engagement_rate,
    frequency,
    is_settled,
    median,
    percent,
    platform_engagement,
    pooled,
    public_engagement,
    quartiles,
    rate_by_followers,
    rate_by_impressions,
    rate_by_reach,
    rate_by_views,
    reach_rate,
    times_median,
)
from postboard.domain.figures import Figures
from tests.charts.rows import post, rate

DAY = date(2026, 3, 2)
COUNTS = st.integers(0, 10**9)
MAYBE = st.none() | COUNTS
RATES = st.floats(0, 1e6, allow_nan=False)
RATIOS = (
    rate_by_reach,
    rate_by_impressions,
    rate_by_followers,
    rate_by_views,
    daily_rate,
    click_through_rate,
    cost_per_thousand,
    cost_per_click,
    cost_per_engagement,
    reach_rate,
    frequency,
    amplification,
    completion,
    audience_growth,
    times_median,
)


def test_every_formula_by_hand():
    assert {
        "ER by reach": rate_by_reach(30, 600),
        "ER by impressions": rate_by_impressions(30, 1_200),
        "ER by followers": rate_by_followers(30, 10_000),
        "ER by views": rate_by_views(30, 400),
        "daily ER": daily_rate(50, 10_000),
        "CTR": click_through_rate(18, 1_200),
        "CPM": cost_per_thousand(6.0, 1_200),
        "CPC": cost_per_click(9.0, 18),
        "CPE": cost_per_engagement(6.0, 30),
        "reach rate": reach_rate(600, 10_000),
        "frequency": frequency(1_200, 600),
        "amplification": amplification(5, 10_000),
        "completion": completion(100, 400),
        # 4,000 seconds over 400 plays are 10 each, of 40: a quarter.
        "average watched": average_watched(Figures(watch_seconds=4_000, duration_s=40), 400),
        # From 10,000 to 10,150.
        "audience growth": audience_growth(150, 10_000),
        "times our median": times_median(14_900, 4_382.4),
    } == {
        "ER by reach": 5.0,
        "ER by impressions": 2.5,
        "ER by followers": pytest.approx(0.3),
        "ER by views": 7.5,
        "daily ER": 0.5,
        "CTR": 1.5,
        "CPM": pytest.approx(5.0),
        "CPC": 0.5,
        "CPE": 0.2,
        "reach rate": 6.0,
        "frequency": 2.0,
        "amplification": pytest.approx(0.05),
        "completion": 25.0,
        "average watched": 25.0,
        "audience growth": 1.5,
        "times our median": pytest.approx(3.4, abs=0.001),
    }


@pytest.mark.parametrize("formula", RATIOS)
@given(part=MAYBE, whole=MAYBE)
def test_a_rate_is_known_where_both_are_and_the_denominator_is_not_0(formula, part, whole):
    known = formula(part, whole) is not None
    assert known == (part is not None and bool(whole))


@given(part=COUNTS, whole=st.integers(1, 10**9), times=st.integers(1, 1_000))
def test_a_percentage_is_the_same_of_larger_counts_of_one_proportion(part, whole, times):
    assert percent(part * times, whole * times) == pytest.approx(percent(part, whole))


def test_public_engagement_counts_saves_where_they_are_told():
    assert [
        public_engagement(Figures(likes=5, comments=2, shares=1, saves=4)),
        public_engagement(Figures(likes=5, comments=2, shares=1)),
        public_engagement(Figures(likes=0, comments=0, shares=0)),
    ] == [12, 8, 0]


@pytest.mark.parametrize("missing", ["likes", "comments", "shares"])
def test_what_is_not_known_is_not_0(missing):
    assert (
        public_engagement(Figures(**{"likes": 5, "comments": 2, "shares": 1, missing: None}))
        is None
    )


def test_a_networks_own_engagement_has_clicks_in_it():
    seen = {"likes": 5, "comments": 2, "shares": 1}
    assert {
        "X sums it itself": platform_engagement("x", Figures(**seen, engagements=40)),
        "LinkedIn: 20 + 5 + 2 + 1": platform_engagement(
            "linkedin", Figures(**seen, other_clicks=20)
        ),
        "… + 3 on the link, 4 follows": platform_engagement(
            "linkedin", Figures(**seen, other_clicks=20, link_clicks=3, follows=4)
        ),
        "LinkedIn, no clicks told": platform_engagement("linkedin", Figures(**seen)),
        "Facebook gives no sum": platform_engagement("facebook", Figures(**seen, link_clicks=3)),
    } == {
        "X sums it itself": 40,
        "LinkedIn: 20 + 5 + 2 + 1": 28,
        "… + 3 on the link, 4 follows": 35,
        "LinkedIn, no clicks told": None,
        "Facebook gives no sum": None,
    }


def test_a_posts_rate_has_the_denominator_of_its_basis():
    one = post(
        DAY,
        followers=2_000,
        impressions=1_000,
        reach=500,
        video_views=250,
        likes=8,
        comments=1,
        shares=1,
    )
    assert {
        denominator: engagement_rate(one, Basis(Engagement.PUBLIC, denominator))
        for denominator in Denominator
    } == {
        Denominator.REACH: 2.0,
        Denominator.IMPRESSIONS: 1.0,
        Denominator.FOLLOWERS: 0.5,
        Denominator.VIEWS: 4.0,
    }


@pytest.mark.parametrize(("network", "expected"), [("tiktok", 1.0), ("instagram", None)])
def test_tiktoks_impressions_are_its_views(network, expected):
    one = rate(DAY, 10, network=network)
    assert engagement_rate(one, Basis(Engagement.PUBLIC, Denominator.VIEWS)) == expected


def test_pooled_weighs_large_posts_more_and_leaves_out_what_lacks_a_part():
    by_impressions = Basis(Engagement.PUBLIC, Denominator.IMPRESSIONS)
    posts = [
        rate(DAY, 10),  # 1 % of 1,000
        rate(DAY, 0, impressions=9_000),
        rate(DAY, 500, impressions=None),
        rate(DAY, 500, impressions=0),
        post(DAY, impressions=5_000),
    ]
    # 10 / 10,000, where the mean of 1 % and 0 % is 0.5 %.
    assert pooled(posts, by_impressions) == pytest.approx(0.1)
    assert pooled(posts[2:], by_impressions) is None


def test_reach_is_never_summed():
    assert pooled([rate(DAY, 10)], Basis(Engagement.PUBLIC, Denominator.REACH)) is None


@given(st.lists(st.tuples(COUNTS, st.integers(1, 10**9)), min_size=1, max_size=20))
def test_pooled_lies_between_the_lowest_and_the_highest_rate(figures):
    basis = Basis(Engagement.PUBLIC, Denominator.IMPRESSIONS)
    posts = [rate(DAY, likes, impressions=shown) for likes, shown in figures]
    rates = [100 * likes / shown for likes, shown in figures]
    found = pooled(posts, basis)
    assert found is not None
    assert min(rates) * (1 - 1e-9) <= found <= max(rates) * (1 + 1e-9)


@given(st.lists(RATES, max_size=30))
def test_quartiles_split_the_values(values):
    found = quartiles(values)
    if not values:
        assert (found, median(values)) == (None, None)
        return
    assert found is not None
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert found.median == pytest.approx(statistics.median(values))
    assert sum(value <= found.median for value in values) * 2 >= len(values)


def test_quartiles_by_hand():
    assert [quartiles([1, 2, 3, 4, 5]), quartiles([7]), quartiles([1, 2])] == [
        Quartiles(2, 3, 4),
        Quartiles(7, 7, 7),
        Quartiles(1.25, 1.5, 1.75),
    ]


def test_a_post_has_settled_seven_days_after_it_went_out():
    one = post(DAY)
    at = one.published_at
    day = post(DAY, at=None).published_at
    assert [
        is_settled(post(DAY, captured=at + timedelta(days=7))),
        is_settled(post(DAY, captured=at + timedelta(days=7, seconds=-1))),
        is_settled(post(DAY, at=None, captured=day + timedelta(days=8))),
        is_settled(post(DAY, at=None, captured=day + timedelta(days=8, seconds=-1))),
    ] == [True, False, True, False]
