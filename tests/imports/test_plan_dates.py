"""Dates and times as people type them; what names no whole day is never guessed."""

from datetime import datetime, time

import pytest

from tests.imports.reading import read_rows, read_sheet, utc, warnings


def moment(written: str, clock: str = ""):
    [one] = read_rows(["Date", "Time", "Caption"], [written, clock, "Words"]).posts
    return one.planned_at, one.timed


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-23 15:30",
        "2026-11-23T15:30:00",
        "2026-11-23T14:30:00Z",
        "2026-11-23T14:30:00.000Z",
        "2026-11-23 10:30-04:00",
        "2026-11-23 15:30:29.9999+01:00"[:16],
        "2026/11/23 3:30 PM",
        "20261123 1530",
        "23/11/2026 15:30",
        "11/23/2026 3:30pm",
        "23.11.26 15.30",
        "23-11-2026 15-30",
        "23. November 2026, 15.30 Uhr",
        "Mon, Nov 23, 2026 at 3:30 p.m.",
        "Monday 23rd November 2026 15:30",
        "23-Nov-26 15:30",
        "lunes, 23 de noviembre de 2026 a las 15:30",
        "lundi 23 novembre 2026 15h30",
        "2026年11月23日 下午3:30",
        "2026年11月23日（周一）15：30",
        "2026年11月23日 15时30分",
        "2026年11月23日 下午3点半",
        "46349.6458333333",
    ],
)
def test_one_moment_in_many_hands(written):
    assert moment(written) == (utc("2026-11-23 14:30"), True)


@pytest.mark.parametrize(
    ("clock", "at"),
    [
        ("7:05", "06:05"),
        ("07:05:30", "06:05:30"),
        ("12:15 am", "2026-11-22 23:15"),
        ("12:15 PM", "11:15"),
        ("7 p.m.", "18:00"),
        ("10-00", "09:00"),
        ("19.30", "18:30"),
        ("19h30", "18:30"),
        ("9 Uhr", "08:00"),
        ("1930", "18:30"),
        ("0.8125", "18:30"),
        ("上午9点", "08:00"),
        ("晚上8:15", "19:15"),
        ("19:30Z", "19:30"),
        ("19:30 UTC+2", "17:30"),
    ],
)
def test_times_of_day(clock, at):
    expected = at if len(at) > 10 else f"2026-11-23 {at}"
    assert moment("2026-11-23", clock) == (utc(expected), True)


@pytest.mark.parametrize("clock", ["morning", "25:00", "7", "10:00-12:00", "10:00 EST", "13:70"])
def test_a_time_not_understood_leaves_the_day(clock):
    plan = read_rows(
        ["Date", "Time", "Caption"], ["2026-11-23", clock, "Words"], default_networks=("x",)
    )

    [one] = plan.posts
    assert (one.planned_at, one.timed) == (utc("2026-11-23 08:00"), False)
    assert warnings(plan) == [
        f"Times of day not understood: 1, such as “{clock}” in row 2.",
        "Posts with a day and no time of day: 1, such as row 2. They get 09:00.",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Week 1 Mon",
        "17-Jun",
        "7 Novermber",
        "November 2026",
        "11月3日",
        "31/02/2026",
        "2026-13-01",
        "TBD 2",
        "2026-11-03 - 2026-11-05",
        "03/11/0026",
        "99999",
        "12",
    ],
)
def test_what_names_no_whole_day_is_an_idea(written):
    plan = read_rows(["Date", "Caption"], [written, "Words"])

    assert [(one.planned_at, one.planned_on, one.timed) for one in plan.posts] == [
        (None, None, False)
    ]
    assert f"Dates not understood: 1, such as “{written}” in row 2." in " ".join(warnings(plan))


def days(*written: str, header: str = "Date"):
    plan = read_rows([header, "Caption"], *([one, f"Words {one}"] for one in written))
    orders = [text for text in warnings(plan) if "day first" in text or "month first" in text]
    return [one.planned_on and one.planned_on.isoformat() for one in plan.posts], orders


def test_one_clear_date_settles_the_order_of_the_column():
    assert days("03/11/2026", "25/11/2026") == (["2026-11-03", "2026-11-25"], [])
    assert days("03/11/2026", "11/25/2026") == (["2026-03-11", "2026-11-25"], [])


def test_a_column_that_can_be_read_both_ways_is_read_day_first_and_says_so():
    assert days("03/11/2026", "04/11/2026") == (
        ["2026-11-03", "2026-11-04"],
        ["Dates such as 03/04/2026 were read day first: 3 April."],
    )


def test_a_header_that_names_the_order_settles_it():
    assert days("03/11/2026", header="Date (MM/DD/YYYY)") == (["2026-03-11"], [])
    assert days("03/11/2026", header="Fecha (dd/mm/aaaa)") == (["2026-11-03"], [])


def test_a_column_in_both_orders_leaves_the_unclear_ones_without_a_date():
    found, orders = days("25/11/2026", "11/26/2026", "03/11/2026", "04/04/2026")
    assert found == ["2026-11-25", "2026-11-26", None, "2026-04-04"]
    assert len(orders) == 1


def test_cells_of_a_spreadsheet_are_dates_already():
    rows = [
        ["Date", "Time", "Caption"],
        [datetime.fromisoformat("2026-11-23 00:00"), time(15, 30), "a"],
        [datetime.fromisoformat("2026-11-23 15:30"), None, "b"],
        [datetime.fromisoformat("2026-11-23 00:00"), None, "c"],
        [46349, 0.6458333333, "d"],
    ]
    assert [(one.planned_at, one.timed) for one in read_sheet(*rows).posts] == [
        (utc("2026-11-23 14:30"), True),
        (utc("2026-11-23 14:30"), True),
        (utc("2026-11-23 08:00"), False),
        (utc("2026-11-23 14:30"), True),
    ]


def test_the_hour_that_clocks_skip_moves_on_and_the_hour_they_repeat_is_the_first():
    assert moment("2026-03-29 02:30") == (utc("2026-03-29 01:30"), True)
    assert moment("2026-10-25 02:30") == (utc("2026-10-25 00:30"), True)


def test_the_publishing_date_goes_before_the_due_date():
    plan = read_rows(
        ["Due date", "Publish date", "Caption"], ["2026-11-01", "2026-11-05 10:00", "Words"]
    )
    assert plan.posts[0].planned_at == utc("2026-11-05 09:00")
    assert plan.ignored == ("Due date",)
