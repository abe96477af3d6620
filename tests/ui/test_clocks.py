"""Wall clocks in the browser, against Python's own."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

import postboard

pytestmark = pytest.mark.browser

CLOCKS = Path(postboard.__file__).parent / "ui" / "wrappers" / "clocks.js"
ASK = """async ([source, calls]) => {
  const on = await import(`data:text/javascript;base64,${source}`);
  return calls.map(([name, ...given]) => on[name](...given));
}"""

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "UTC",
)
INSTANTS = (
    "2026-03-29T00:59",
    "2026-03-29T01:00",
    "2026-10-25T00:30",
    "2026-10-25T01:30",
    "2026-03-08T07:00",
    "2026-11-01T05:30",
    "2026-11-01T06:30",
    "2026-04-04T15:00",
    "2028-02-29T12:00",
    "2026-12-31T23:59",
)


def ask(chromium: Browser, calls: list[list[object]], zone: str = "America/New_York"):
    context = chromium.new_context(timezone_id=zone)
    source = base64.b64encode(CLOCKS.read_bytes()).decode()
    answers = context.new_page().evaluate(ASK, [source, calls])
    context.close()
    return answers


def test_every_clock_shows_what_pythons_shows(chromium: Browser) -> None:
    at = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in INSTANTS]
    cases = [(one, zone) for one in at for zone in ZONES]
    calls: list[list[object]] = [["wallOf", one.timestamp() * 1000, zone] for one, zone in cases]
    shown = [f"{one.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" for one, zone in cases]
    assert ask(chromium, calls) == shown


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_ones_own_clock_reads_as_its_zone_does(chromium: Browser, zone: str) -> None:
    at = [datetime.fromisoformat(one).replace(tzinfo=UTC).timestamp() * 1000 for one in INSTANTS]
    own = ask(chromium, [["wallOf", one] for one in at], zone)
    assert own == ask(chromium, [["wallOf", one, zone] for one in at], zone)


def test_an_hour_that_is_skipped_moves_on_and_one_shown_twice_is_the_first(
    chromium: Browser,
) -> None:
    walls = ("2026-03-08T02:30", "2026-11-01T01:30", "2026-06-01T10:00")
    assert ask(chromium, [["instantHere", wall] for wall in walls]) == [
        "2026-03-08T07:30Z",
        "2026-11-01T05:30Z",
        "2026-06-01T14:00Z",
    ]


def test_days_are_counted_without_a_clock(chromium: Browser) -> None:
    calls: list[list[object]] = [
        ["daysLater", "2028-02-28T23:15", 1],
        ["daysLater", "2026-12-31", 1],
        ["daysLater", "2026-03-30T02:30", -1],
        ["daysBetween", "2026-03-28T23:59", "2026-03-30T00:00"],
        ["shortlyAfter", "2026-03-28T10:00"],
        ["shortlyAfter", "2026-03-28T23:45"],
    ]
    assert ask(chromium, calls) == [
        "2028-02-29T23:15",
        "2027-01-01",
        "2026-03-29T02:30",
        2,
        "2026-03-28T10:30",
        "2026-03-28T23:59:59",
    ]
