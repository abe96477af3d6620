"""Working time in named cities: weekends, holidays, swapped days, and clocks that change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.working_time import (
    NINE_TO_FIVE,
    NeverOpen,
    Week,
    WorkingCalendar,
    known_regions,
)

HOUR = timedelta(hours=1)
SUNDAY_TO_FRIDAY: Week = (*(((10 * 60, 17 * 60),),) * 5, (), ((10 * 60, 17 * 60),))
BREAK: Week = (((9 * 60, 12 * 60), (13 * 60, 18 * 60)),) * 5 + ((), ())
ALWAYS: Week = (((0, 24 * 60),),) * 7

BERLIN = WorkingCalendar(ZoneInfo("Europe/Berlin"), NINE_TO_FIVE, "DE", "BE")
MUNICH = WorkingCalendar(ZoneInfo("Europe/Berlin"), NINE_TO_FIVE, "DE", "BY")
SHANGHAI = WorkingCalendar(ZoneInfo("Asia/Shanghai"), BREAK, "CN")
NEW_YORK = WorkingCalendar(ZoneInfo("America/New_York"), NINE_TO_FIVE, "US", "NY")
KATHMANDU = WorkingCalendar(ZoneInfo("Asia/Kathmandu"), SUNDAY_TO_FRIDAY, "NP")
NIGHTS = WorkingCalendar(ZoneInfo("Europe/Berlin"), ALWAYS)
CITIES = [BERLIN, MUNICH, SHANGHAI, NEW_YORK, KATHMANDU, NIGHTS]


def wall(calendar: WorkingCalendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("city", "start", "hours", "end"),
    [
        (BERLIN, "2026-11-24 10:00", 4, "2026-11-24 14:00"),
        (BERLIN, "2026-11-24 10:00", 7, "2026-11-24 17:00"),
        (BERLIN, "2026-11-24 10:00", 8, "2026-11-25 10:00"),
        (BERLIN, "2026-11-24 03:00", 1, "2026-11-24 10:00"),
        # Over a weekend; over Good Friday to Easter Monday.
        (BERLIN, "2026-11-27 16:00", 2, "2026-11-30 10:00"),
        (BERLIN, "2026-04-02 16:00", 2, "2026-04-07 10:00"),
        # Epiphany is a holiday in Munich, not in Berlin.
        (BERLIN, "2026-01-05 16:00", 2, "2026-01-06 10:00"),
        (MUNICH, "2026-01-05 16:00", 2, "2026-01-07 10:00"),
        # A lunch break; and the last hour of it at once.
        (SHANGHAI, "2026-11-24 11:00", 2, "2026-11-24 14:00"),
        # The Spring Festival, whose Saturday before and after are worked.
        (SHANGHAI, "2026-02-13 17:00", 2, "2026-02-14 10:00"),
        (SHANGHAI, "2026-02-14 17:00", 2, "2026-02-24 10:00"),
        (SHANGHAI, "2026-02-27 17:00", 2, "2026-02-28 10:00"),
        # Sunday is worked in Kathmandu, a quarter of an hour beside everybody else.
        (KATHMANDU, "2026-11-27 16:00", 2, "2026-11-29 11:00"),
        # Thanksgiving.
        (NEW_YORK, "2026-11-25 16:00", 2, "2026-11-27 10:00"),
        # Clocks change on a Sunday: the office is closed, and 9:00 is 9:00 again.
        (NEW_YORK, "2026-03-06 16:00", 2, "2026-03-09 10:00"),
        (NEW_YORK, "2026-10-30 16:00", 2, "2026-11-02 10:00"),
        # Who works at night works an hour less in spring and one more in autumn.
        (NIGHTS, "2026-03-29 00:00", 23, "2026-03-30 00:00"),
        (NIGHTS, "2026-10-25 00:00", 25, "2026-10-26 00:00"),
    ],
)
def test_working_hours_are_added_on_the_clocks_of_the_city(
    city: WorkingCalendar, start: str, hours: int, end: str
) -> None:
    since, until = wall(city, start), wall(city, end)
    assert city.add_working(since, hours * HOUR) == until
    assert city.working_between(since, until) == hours * HOUR
    assert city.take_working(until, hours * HOUR) >= since
    assert city.working_between(city.take_working(until, hours * HOUR), until) == hours * HOUR


def test_a_shift_that_the_clocks_jump_into_begins_at_the_jump() -> None:
    early: Week = (((2 * 60, 2 * 60 + 30), (2 * 60 + 30, 4 * 60)),) * 7
    berlin = WorkingCalendar(ZoneInfo("Europe/Berlin"), early)
    midnight, noon = wall(berlin, "2026-03-29 00:00"), wall(berlin, "2026-03-29 12:00")
    assert berlin.working_between(midnight, noon) == HOUR
    assert berlin.add_working(midnight, HOUR / 2) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice, later = wall(berlin, "2026-10-25 00:00"), wall(berlin, "2026-10-25 12:00")
    assert berlin.working_between(twice, later) == 3 * HOUR


def test_a_day_that_a_zone_left_out_is_not_worked() -> None:
    apia = WorkingCalendar(ZoneInfo("Pacific/Apia"), ALWAYS)
    assert apia.working_between(wall(apia, "2011-12-29 00:00"), wall(apia, "2012-01-01 00:00")) == (
        48 * HOUR
    )


def test_own_days_off_are_not_worked() -> None:
    bridge = WorkingCalendar(BERLIN.zone, NINE_TO_FIVE, "DE", "BE", frozenset({date(2026, 5, 15)}))
    # Ascension Day is a Thursday.
    assert bridge.add_working(wall(bridge, "2026-05-13 16:00"), 2 * HOUR) == wall(
        bridge, "2026-05-18 10:00"
    )
    assert [bridge.works_on(date(2026, 5, day)) for day in (13, 14, 15, 18)] == [
        True,
        False,
        False,
        True,
    ]


def test_an_office_is_open_from_the_first_minute_to_before_the_last() -> None:
    times = ("08:59", "09:00", "16:59", "17:00")
    assert [BERLIN.is_open(wall(BERLIN, f"2026-11-24 {time}")) for time in times] == [
        False,
        True,
        True,
        False,
    ]


def test_a_calendar_without_working_time_is_refused() -> None:
    with pytest.raises(NeverOpen):
        WorkingCalendar(BERLIN.zone, ((),) * 7)
    year = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    closed = WorkingCalendar(BERLIN.zone, NINE_TO_FIVE, days_off=year)
    with pytest.raises(NeverOpen):
        closed.add_working(wall(closed, "2026-01-01 10:00"), HOUR)


def test_regions_are_those_whose_holidays_are_known() -> None:
    assert (known_regions("XX"), known_regions("NP")) == (None, ())
    assert {"BE", "BY"} <= set(known_regions("DE") or ())


cities = st.sampled_from(CITIES)
instants = st.datetimes(
    datetime.fromisoformat("2023-01-01"), datetime.fromisoformat("2027-12-31")
).map(lambda at: at.replace(tzinfo=UTC))
amounts = st.integers(0, 120 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(cities, instants, amounts)
def test_what_was_added_lies_between(
    city: WorkingCalendar, start: datetime, amount: timedelta
) -> None:
    end = city.add_working(start, amount)
    assert city.working_between(start, end) == amount
    # And no sooner: a second before, not all of it had passed.
    if amount:
        assert city.working_between(start, end - timedelta(seconds=1)) < amount
        assert city.working_between(city.take_working(end, amount), end) == amount


@given(cities, instants, amounts, amounts)
def test_adding_twice_is_adding_the_sum(
    city: WorkingCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assert city.add_working(city.add_working(start, one), other) == city.add_working(
        start, one + other
    )


@given(cities, instants, amounts, amounts)
def test_working_time_adds_up(
    city: WorkingCalendar, first: datetime, one: timedelta, other: timedelta
) -> None:
    second, third = first + one, first + one + other
    whole = city.working_between(first, third)
    parts = city.working_between(first, second) + city.working_between(second, third)
    assert (parts, city.working_between(third, first)) == (whole, -whole)
    assert timedelta() <= whole <= third - first
