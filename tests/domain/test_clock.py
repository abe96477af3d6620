from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.clock import to_utc

MADRID = ZoneInfo("Europe/Madrid")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


walls = st.datetimes(at("1990-01-01"), at("2100-12-31"))
zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Madrid",
            "America/New_York",
            "Asia/Shanghai",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "America/Sao_Paulo",
            "Africa/Casablanca",
        )
    ]
)


def test_a_wall_time_is_read_in_its_zone():
    assert to_utc(at("2026-01-15 10:00"), MADRID) == datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
    assert to_utc(at("2026-07-15 10:00"), MADRID) == datetime(2026, 7, 15, 8, 0, tzinfo=UTC)


def test_a_time_the_clocks_jump_over_moves_forward_by_the_gap():
    instant = to_utc(at("2026-03-29 02:30"), MADRID)
    assert instant.astimezone(MADRID).replace(tzinfo=None) == at("2026-03-29 03:30")


def test_a_day_that_a_zone_skipped_becomes_the_next_one():
    apia = ZoneInfo("Pacific/Apia")
    instant = to_utc(at("2011-12-30 12:00"), apia)
    assert instant.astimezone(apia).replace(tzinfo=None) == at("2011-12-31 12:00")


def test_a_time_the_clocks_show_twice_is_the_first_of_the_two():
    instant = to_utc(at("2026-10-25 02:30"), MADRID)
    assert instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_carries_a_zone_is_no_wall_time():
    with pytest.raises(ValueError, match="no zone"):
        to_utc(datetime(2026, 1, 1, tzinfo=UTC), MADRID)


@given(walls, zones)
def test_the_answer_is_utc_and_shows_the_same_wall_or_a_later_one_in_a_gap(wall, zone):
    instant = to_utc(wall, zone)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    assert instant.utcoffset() == timedelta(0)
    assert wall <= shown <= wall + timedelta(days=1)
    if shown != wall:
        before = (instant - timedelta(days=1)).astimezone(zone).utcoffset()
        after = instant.astimezone(zone).utcoffset()
        assert before is not None
        assert after is not None
        assert shown - wall == after - before


@given(walls, zones)
def test_no_earlier_instant_shows_the_same_at(wall, zone):
    instant = to_utc(wall, zone)
    for back in (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)):
        assert (instant - back).astimezone(zone).replace(tzinfo=None) != wall


@given(walls, zones)
def test_every_instant_comes_back_from_its_first_at(naive, zone):
    local = naive.replace(tzinfo=UTC).astimezone(zone)
    again = to_utc(local.replace(tzinfo=None, fold=0), zone)
    assert again.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
