"""Which days performance looks at: whole weeks and months that are over, or days of one's own."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postboard.domain.errors import BadInput
from postboard.domain.periods import Period

LONGEST: Final = timedelta(days=2 * 366)
_WEEKS: Final = {"week": 1, "4weeks": 4, "12weeks": 12}
_DAY: Final = timedelta(days=1)


class Lookback(StrEnum):
    """As an address names it."""

    WEEK = "week"
    FOUR_WEEKS = "4weeks"
    TWELVE_WEEKS = "12weeks"
    MONTH = "month"
    OWN = "own"


def days_of(lookback: Lookback, today: date, own: Period | None = None) -> Period:
    """Weeks begin on Monday; what is not over yet is left to `OWN`, whose days are given.

    Raises:
        BadInput: days of one's own are missing, in the wrong order, all to come, or too many.
    """
    if lookback is Lookback.OWN:
        if own is None:
            raise BadInput("Choose the first and the last day.")
        if not own.is_of_these_times:
            raise BadInput("Choose a day between the years 2000 and 2100.")
        if own.last < own.first:
            raise BadInput("The last day lies before the first.")
        if own.first > today:
            raise BadInput("These days have not come yet.")
        if own.last - own.first > LONGEST:
            raise BadInput("Choose at most two years.")
        return own
    if lookback is Lookback.MONTH:
        last = today.replace(day=1) - _DAY
        return Period(last.replace(day=1), last)
    last = today - timedelta(days=today.weekday() + 1)
    return Period(last - timedelta(days=7 * _WEEKS[lookback] - 1), last)
