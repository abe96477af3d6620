"""What a browser may ask the calendar for."""

from datetime import UTC, date, datetime

import pytest

from postboard.domain.errors import BadInput
from postboard.ui.pages.calendar.state import Span, _filters, _when


def test_a_month_with_its_weeks_can_be_asked_for() -> None:
    span = Span.given({"since": "2026-02-28", "until": "2026-04-06", "language": "zh-CN"})
    assert span == Span(date(2026, 2, 28), date(2026, 4, 6), "zh-CN")
    assert span.instants == (
        datetime(2026, 2, 27, tzinfo=UTC),
        datetime(2026, 4, 7, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"since": "x", "until": "2026-04-06"},
        {"since": "2026-04-06", "until": "2026-04-06"},
        {"since": "2026-04-06", "until": "2026-04-05"},
        {"since": "2026-01-01", "until": "2026-12-31"},
        {"since": "0001-01-01", "until": "0001-01-31"},
        {"since": "9999-12-01", "until": "9999-12-31"},
    ],
)
def test_what_are_no_days_or_too_many_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        Span.given(given)


def test_a_time_is_an_instant_only_where_it_says_so() -> None:
    assert _when("2026-03-13T14:00Z") == datetime(2026, 3, 13, 14, tzinfo=UTC)
    assert _when("2026-03-13T14:00") == datetime.fromisoformat("2026-03-13T14:00")
    for wrong in ("", "Z", "tomorrow", "2026-13-01T00:00"):
        with pytest.raises(BadInput):
            _when(wrong)


def test_an_address_names_only_filters_that_there_are() -> None:
    named = {"client": "ACME", "network": "myspace", "text": "x", "due": "late", "view": "week"}
    assert _filters(named).client == "ACME"
    assert _filters(named).network == ""
    assert _filters({"network": "x"}).network == "x"
    assert (_filters(named).text, _filters(named).due) == ("", "")
