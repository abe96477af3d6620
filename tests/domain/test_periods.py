"""Days and ISO weeks on the client's clock."""

from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.periods import Period, day_of, monday_of, week_number, weeks_back
from tests.charts.rows import named, rate

DAYS = st.dates(date(2000, 1, 1), date(2099, 1, 1))


@given(DAYS, DAYS)
def test_the_period_before_is_as_long_and_ends_the_day_before(one, other):
    period = Period(min(one, other), max(one, other))
    before = period.before()
    assert (before.days, (period.first - before.last).days) == (period.days, 1)


@given(DAYS, st.integers(1, 60))
def test_weeks_are_mondays_seven_days_apart_through_years_of_53_weeks(last, count):
    mondays = weeks_back(last, count)
    assert (len(mondays), mondays[-1]) == (count, monday_of(last))
    assert {monday.weekday() for monday in mondays} == {0}
    assert all((b - a).days == 7 for a, b in pairwise(mondays))


def test_2026_has_a_week_53():
    assert [week_number(monday) for monday in weeks_back(date(2027, 1, 4), 3)] == [52, 53, 1]


def test_a_post_belongs_to_the_day_of_its_clients_clock():
    one = rate(date(2026, 3, 29), 1, at=time(0, 30))  # Berlin's
    zones = ("Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles")
    assert [day_of(named(one, zone=ZoneInfo(zone))).day for zone in zones] == [29, 29, 28]


def test_weeks_of_a_period_are_those_it_touches():
    assert Period(date(2026, 3, 8), date(2026, 3, 9)).weeks() == [
        date(2026, 3, 2),
        date(2026, 3, 9),
    ]
