"""A week beside the one before and beside what is usual, every figure worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

from postboard.domain.periods import Period
from postboard.domain.weekly import Sum, Usual, usual_days, week_in, week_of
from tests.charts.rows import NOW, post, rate

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
BEFORE = date(2026, 3, 4)
LONG_AGO = [date(2026, 1, 5) + timedelta(days=7 * n) for n in range(4)]


def test_the_week_is_the_last_seven_days_of_the_period_or_all_of_a_short_one() -> None:
    assert week_in(Period(date(2026, 2, 16), WEEK.last)) == WEEK
    assert week_in(Period(date(2026, 3, 14), WEEK.last)) == Period(date(2026, 3, 14), WEEK.last)
    assert usual_days(WEEK) == Period(date(2025, 12, 9), date(2026, 3, 8))


def test_posts_stand_out_against_the_median_of_their_network() -> None:
    usual = [
        rate(day, engagement) for day, engagement in zip(LONG_AGO, (5, 8, 12, 30), strict=True)
    ]
    usual.append(rate(BEFORE, 10))  # 5 8 10 12 30: the median is 10
    high, plain, low = (rate(WEEK.first, n) for n in (34, 11, 4))
    found = week_of(WEEK, [*usual, high, plain, low])
    assert [(one.post, one.engagement, one.usual, one.times) for one in found.high] == [
        (high, 34, Usual(10, 5), 3.4)
    ]
    assert [(one.post, one.times) for one in found.low] == [(low, 0.4)]
    assert (found.published, found.published_before) == (3, 1)
    assert (found.engagement, found.engagement_before) == (Sum(49, 3, 3), Sum(10, 1, 1))
    assert found.without_usual == ()


def test_four_posts_before_tell_no_median_and_nobody_stands_out() -> None:
    found = week_of(WEEK, [*(rate(day, 5) for day in LONG_AGO), rate(WEEK.first, 500)])
    assert (found.high, found.low, found.without_usual) == ((), (), ("instagram",))


def test_what_is_usual_for_one_client_is_not_for_another() -> None:
    usual = [rate(day, 10) for day in (*LONG_AGO, BEFORE)]
    other = replace(rate(WEEK.first, 500), client="BORE")
    found = week_of(WEEK, [*usual, other])
    assert (found.high, found.without_usual) == ((), ("instagram",))


def test_what_a_network_does_not_tell_is_no_zero() -> None:
    silent = post(WEEK.first, "linkedin", impressions=100)
    found = week_of(WEEK, [silent, rate(WEEK.last, 7)])
    assert found.engagement == Sum(7, 1, 2)
    assert found.impressions == Sum(1_100, 2, 2)
    assert found.engagement_before == Sum(0, 0, 0)


def test_a_young_post_is_never_called_low_for_its_figures_grow() -> None:
    usual = [rate(day, 10) for day in (*LONG_AGO, BEFORE)]
    young = rate(WEEK.last, 1, captured=NOW - timedelta(days=10))
    found = week_of(WEEK, [*usual, young])
    assert (found.low, found.collecting) == ((), 1)
