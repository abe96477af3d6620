"""What follows from an agreement's terms: who is told when, quiet hours, and free slots."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from postboard.domain.agreement import (
    Audience,
    Reminder,
    Silence,
    Terms,
    after_quiet,
    next_free_day,
    reminders,
    spans_in,
    spans_text,
)
from postboard.domain.errors import BadInput

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
TERMS = Terms(country="DE", region="BE")


def there(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def test_reviewers_hear_first_then_account_managers_then_managers() -> None:
    terms = replace(TERMS, reminder_hours=(4, 12))
    asked, due = there("2026-11-26 12:00"), there("2026-11-30 12:00")
    assert reminders(terms, terms.calendar(BERLIN), asked, due) == [
        Reminder("reminder_hours.12", Audience.REVIEWERS, there("2026-11-26 16:00")),
        Reminder("reminder_hours.4", Audience.REVIEWERS, there("2026-11-27 16:00")),
        Reminder("response_hours", Audience.REVIEWERS, due),
        Reminder("account_manager_hours", Audience.ACCOUNT_MANAGERS, there("2026-11-30 16:00")),
        Reminder("manager_hours", Audience.MANAGERS, there("2026-12-01 16:00")),
    ]


@pytest.mark.parametrize("silence", [Silence.HOLD, Silence.CONSENT])
def test_where_silence_is_an_answer_nobody_is_told_later(silence: Silence) -> None:
    terms = replace(TERMS, silence=silence)
    asked, due = there("2026-11-30 10:00"), there("2026-11-30 12:00")
    # A reminder four hours before would come before the question.
    assert reminders(terms, terms.calendar(BERLIN), asked, due) == [
        Reminder("response_hours", Audience.REVIEWERS, due)
    ]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-24 19:59", "2026-11-24 19:59"),
        ("2026-11-24 20:00", "2026-11-25 08:00"),
        ("2026-11-25 03:00", "2026-11-25 08:00"),
        ("2026-11-25 08:00", "2026-11-25 08:00"),
    ],
)
def test_nobody_is_told_in_the_quiet_hours_of_their_own_clock(at: str, until: str) -> None:
    for zone in (BERLIN, SHANGHAI):
        assert after_quiet(TERMS, there(at, zone), zone) == there(until, zone)
    noon = replace(TERMS, quiet_from=12 * 60, quiet_until=14 * 60)
    assert after_quiet(noon, there("2026-11-24 12:30"), BERLIN) == there("2026-11-24 14:00")
    never = replace(TERMS, quiet_from=0, quiet_until=0)
    assert after_quiet(never, there(at), BERLIN) == there(at)


def test_a_post_goes_to_the_next_day_of_work_that_is_free() -> None:
    calendar = TERMS.calendar(BERLIN)
    planned, now = there("2026-11-27 18:30"), there("2026-11-28 11:00")
    taken = [there("2026-11-30 09:00")]
    assert next_free_day(calendar, planned, now, taken) == there("2026-12-01 18:30")
    assert next_free_day(calendar, planned, now, []) == there("2026-11-30 18:30")


@pytest.mark.parametrize(
    "wrong",
    [
        {"week": ((),) * 7},
        {"week": (((540, 1020),),) * 6},
        {"week": (((1020, 540),),) * 7},
        {"week": (((540, 700), (690, 800)),) * 7},
        {"country": "XX"},
        {"country": "DE", "region": "NY"},
        {"country": "", "region": "BE"},
        {"response_hours": 0},
        {"reminder_hours": (1, 2, 3, 4, 5, 6)},
        {"account_manager_hours": 9, "manager_hours": 8},
        {"quiet_from": 24 * 60},
        {"days_off": tuple(date.fromordinal(739_000 + n) for n in range(367))},
    ],
)
def test_terms_outside_their_limits_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        replace(TERMS, **wrong).checked()  # type: ignore[arg-type]
    assert TERMS.checked() == TERMS


def test_a_day_is_read_as_people_write_it() -> None:
    assert [spans_in(text) for text in ("9:00-12:00, 13:00–17:30", " 00:00-24:00 ", "")] == [
        ((540, 720), (780, 1050)),
        ((0, 1440),),
        (),
    ]
    assert spans_text(((540, 720), (780, 1050))) == "09:00-12:00, 13:00-17:30"


@pytest.mark.parametrize("text", ["9-17", "9:00", "9:00-25:00", "9:60-10:00", "nine-five", "-"])
def test_other_ways_to_write_a_day_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        spans_in(text)


def test_what_is_no_time_is_named() -> None:
    with pytest.raises(BadInput, match="“nine”"):
        spans_in("9:00-12:00, nine-17:00")
