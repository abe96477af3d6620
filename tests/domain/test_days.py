"""Special days of named countries, and clashes of a plan."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from postboard.domain.days import Clash, DayKind, DayMark, Planned, clashes, marks


def days(country: str, region: str, since: str, until: str) -> list[tuple[str, DayKind]]:
    found = marks(country, region, {}, date.fromisoformat(since), date.fromisoformat(until))
    return [(mark.day.isoformat(), mark.kind) for mark in found]


def test_holidays_that_move_are_where_the_year_has_them() -> None:
    easter = {
        year: [day for day, _ in days("DE", "BE", f"{year}-04-01", f"{year}-04-30")]
        for year in (2026, 2027, 2028)
    }
    assert easter == {
        2026: ["2026-04-03", "2026-04-06"],
        2027: [],
        2028: ["2028-04-14", "2028-04-17"],
    }


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = [("2026-01-06", DayKind.HOLIDAY)]
    assert days("DE", "BY", "2026-01-02", "2026-01-31") == epiphany
    assert days("DE", "BE", "2026-01-02", "2026-01-31") == []


def test_days_that_china_swaps_are_worked() -> None:
    spring = dict(days("CN", "", "2026-02-10", "2026-03-05"))
    worked = [day for day, kind in spring.items() if kind is DayKind.WORKED]
    free = [day for day, kind in spring.items() if kind is DayKind.HOLIDAY]
    assert worked == ["2026-02-14", "2026-02-28"]
    # The weekend between them is free anyway.
    assert [free[0], free[-1], len(free)] == ["2026-02-16", "2026-02-23", 6]
    # A Sunday of January, for a Friday that belongs to the new year.
    assert days("CN", "", "2026-01-04", "2026-01-05") == [("2026-01-04", DayKind.WORKED)]


def test_a_clients_own_days_stand_beside_them() -> None:
    own = {date(2026, 12, 25): "Closed", date(2027, 1, 2): "Stocktaking"}
    assert marks("DE", "BE", own, date(2026, 12, 25), date(2026, 12, 26)) == [
        DayMark(date(2026, 12, 25), DayKind.BLACKOUT, "Closed"),
        DayMark(date(2026, 12, 25), DayKind.HOLIDAY, "Christmas Day"),
    ]
    assert marks("", "", own, date(2027, 1, 1), date(2027, 1, 9)) == [
        DayMark(date(2027, 1, 2), DayKind.BLACKOUT, "Stocktaking")
    ]


def post(number: int, text: str, *networks: str) -> Planned:
    at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Planned(UUID(int=number), at, frozenset(networks))


def test_posts_clash_on_a_network_that_they_share() -> None:
    planned = [
        post(3, "2026-03-02 11:00", "x"),
        post(1, "2026-03-02 10:00", "x", "instagram"),
        post(2, "2026-03-02 10:30", "instagram", "x"),
        post(4, "2026-03-02 10:30", "tiktok"),
    ]
    assert clashes(planned, timedelta(minutes=31)) == [
        Clash(UUID(int=1), UUID(int=2), ("instagram", "x")),
        Clash(UUID(int=2), UUID(int=3), ("x",)),
    ]
    assert clashes(planned, timedelta(minutes=30)) == []
