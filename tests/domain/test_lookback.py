"""Which days are looked at: whole weeks and months that are over, or one's own."""

from datetime import date

import pytest

from postboard.domain.errors import BadInput
from postboard.domain.lookback import Lookback, days_of
from postboard.domain.periods import Period

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)


def test_weeks_are_those_that_are_over_on_a_monday_and_on_a_sunday() -> None:
    assert days_of(Lookback.WEEK, MONDAY) == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert days_of(Lookback.WEEK, SUNDAY) == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert days_of(Lookback.FOUR_WEEKS, MONDAY) == Period(date(2026, 2, 2), date(2026, 3, 1))
    assert days_of(Lookback.TWELVE_WEEKS, SUNDAY) == Period(date(2025, 12, 8), date(2026, 3, 1))


def test_a_month_is_the_whole_one_before() -> None:
    assert days_of(Lookback.MONTH, date(2028, 3, 31)) == Period(date(2028, 2, 1), date(2028, 2, 29))
    assert days_of(Lookback.MONTH, date(2026, 1, 1)) == Period(
        date(2025, 12, 1), date(2025, 12, 31)
    )


def test_days_of_ones_own_are_given_in_order_and_not_too_many() -> None:
    own = Period(MONDAY, SUNDAY)
    assert days_of(Lookback.OWN, MONDAY, own) == own
    for wrong in (
        None,
        Period(SUNDAY, MONDAY),
        Period(date(2020, 1, 1), SUNDAY),
        Period(date(1, 1, 1), date(1, 1, 2)),
        Period(date(9999, 12, 30), date(9999, 12, 31)),
        Period(SUNDAY, SUNDAY),
    ):
        with pytest.raises(BadInput):
            days_of(Lookback.OWN, MONDAY, wrong)
