"""Dates that come again and posting times, in named cities: clocks, leap days, closed days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from postboard.domain.errors import BadInput
from postboard.domain.posting_times import Times
from postboard.domain.recurrence import Every, Occurrence, Rule, WhenClosed, occurrences

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SHANGHAI, APIA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Pacific/Apia")


def there(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def dates(rule: Rule, first: str, zone: ZoneInfo = BERLIN, closed=frozenset()) -> list[str]:
    found = occurrences(rule.checked(), there(first, zone), zone, closed)
    return [f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}" for one in found if one.at]


def test_the_clock_shows_the_same_time_before_and_after_it_changes() -> None:
    weekly = Rule(Every.WEEK, times=3)
    assert dates(weekly, "2026-03-23 18:00") == [
        "2026-03-23 18:00",
        "2026-03-30 18:00",
        "2026-04-06 18:00",
    ]
    instants = [one.at for one in occurrences(weekly, there("2026-03-23 18:00"), BERLIN, ())]
    assert instants[:2] == [
        datetime(2026, 3, 23, 17, tzinfo=UTC),
        datetime(2026, 3, 30, 16, tzinfo=UTC),
    ]


def test_a_time_that_is_jumped_over_moves_and_one_shown_twice_is_the_first() -> None:
    daily = Rule(Every.DAY, times=3)
    assert dates(daily, "2026-03-28 02:30") == [
        "2026-03-28 02:30",
        "2026-03-29 03:30",
        "2026-03-30 02:30",
    ]
    found = occurrences(daily, there("2026-10-31 01:30", NEW_YORK), NEW_YORK, ())
    assert [one.at for one in found] == [
        datetime(2026, 10, 31, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 2, 6, 30, tzinfo=UTC),
    ]
    second = there("2026-11-01 01:30", NEW_YORK, fold=1)
    assert occurrences(daily, second, NEW_YORK, ())[0].at == second


def test_months_that_have_no_such_day_are_left_out_and_the_last_day_is_any() -> None:
    assert dates(Rule(Every.MONTH, times=3), "2028-01-31 09:00") == [
        "2028-01-31 09:00",
        "2028-03-31 09:00",
        "2028-05-31 09:00",
    ]
    assert dates(Rule(Every.MONTH_END, times=3), "2028-01-31 09:00") == [
        "2028-01-31 09:00",
        "2028-02-29 09:00",
        "2028-03-31 09:00",
    ]
    assert dates(Rule(Every.YEAR, until=date(2036, 12, 31)), "2028-02-29 09:00") == [
        "2028-02-29 09:00",
        "2032-02-29 09:00",
        "2036-02-29 09:00",
    ]


def test_weeks_go_on_over_a_year_of_53_of_them() -> None:
    rule = Rule(Every.WEEK, 2, (0, 3), until=date(2027, 1, 14))
    assert dates(rule, "2026-12-14 10:00", SHANGHAI) == [
        "2026-12-14 10:00",
        "2026-12-17 10:00",
        "2026-12-28 10:00",
        "2026-12-31 10:00",
        "2027-01-11 10:00",
        "2027-01-14 10:00",
    ]


@pytest.mark.parametrize(
    ("when_closed", "expected"),
    [
        (WhenClosed.SKIP, ["2026-12-18", "2027-01-08"]),
        (WhenClosed.BEFORE, ["2026-12-18", "2026-12-24", "2026-12-31", "2027-01-08"]),
        (WhenClosed.AFTER, ["2026-12-18", "2026-12-27", "2027-01-02", "2027-01-08"]),
    ],
)
def test_a_closed_day_is_skipped_or_gives_way(when_closed: WhenClosed, expected: list[str]) -> None:
    closed = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}
    rule = Rule(Every.WEEK, times=4, when_closed=when_closed)
    found = dates(rule, "2026-12-18 10:00", BERLIN, closed)
    assert found == [f"{day} 10:00" for day in expected]


def test_dates_that_meet_are_one_and_what_falls_out_is_told() -> None:
    rule = Rule(Every.DAY, times=3, when_closed=WhenClosed.AFTER)
    found = occurrences(rule, there("2026-12-24 10:00"), BERLIN, {date(2026, 12, 25)})
    assert found == [
        Occurrence(date(2026, 12, 24), there("2026-12-24 10:00")),
        Occurrence(date(2026, 12, 25), there("2026-12-26 10:00")),
        Occurrence(date(2026, 12, 26), None),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        Rule(Every.DAY),
        Rule(Every.DAY, times=0),
        Rule(Every.DAY, times=61),
        Rule(Every.DAY, 0, times=2),
        Rule(Every.WEEK, 53, times=2),
        Rule(Every.WEEK, weekdays=(7,), times=2),
    ],
)
def test_rules_outside_their_limits_are_refused(wrong: Rule) -> None:
    with pytest.raises(BadInput):
        wrong.checked()


TWICE = Times(((600, 1080),) * 5 + ((), ())).checked()


def test_the_next_posting_time_is_the_first_that_is_free() -> None:
    friday = there("2026-03-27 10:00")
    assert TWICE.next_free(friday, BERLIN, []) == there("2026-03-27 18:00")
    taken = [there("2026-03-27 18:00:30"), there("2026-03-30 10:00")]
    assert TWICE.next_free(friday, BERLIN, taken) == there("2026-03-30 18:00")
    closed = {date(2026, 3, 30)}
    assert TWICE.next_free(friday, BERLIN, taken, closed) == there("2026-03-31 10:00")


def test_a_day_that_a_zone_left_out_has_no_posting_time_of_its_own() -> None:
    daily = Times(((540,),) * 7)
    after = there("2011-12-29 09:00", APIA)
    assert daily.next_free(after, APIA, []) == there("2011-12-31 09:00", APIA)


@pytest.mark.parametrize("week", [((),) * 7, ((600,),) * 6, ((1440,),) * 7, ((-1,),) * 7])
def test_posting_times_outside_their_limits_are_refused(week) -> None:
    with pytest.raises(BadInput):
        Times(week).checked()


def test_where_no_time_is_free_for_a_year_it_is_said() -> None:
    class Always:
        def __contains__(self, _day: object) -> bool:
            return True

    with pytest.raises(BadInput, match="No posting time is free"):
        TWICE.next_free(there("2026-03-27 10:00"), BERLIN, [], Always())


def test_the_same_weekday_of_each_month_and_the_fifth_is_the_last() -> None:
    monthly = Rule(Every.MONTH_WEEKDAY, times=3)
    # The second Tuesday.
    assert dates(monthly, "2026-03-10 18:00") == [
        "2026-03-10 18:00",
        "2026-04-14 18:00",
        "2026-05-12 18:00",
    ]
    # 31 March is the fifth Tuesday; April has four.
    assert dates(monthly, "2026-03-31 18:00") == [
        "2026-03-31 18:00",
        "2026-04-28 18:00",
        "2026-05-26 18:00",
    ]
