"""The one place where a wall clock becomes an instant."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Names of IANA; to list them anew opens hundreds of files each time."""
    return frozenset(available_timezones())


def to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in `zone` show `wall`, as aware UTC.

    A time the clocks jump over (spring) moves forward by the gap: 02:30 becomes 03:30.
    A time the clocks show twice (autumn) is the first of the two.
    ValueError for an aware `wall`: it already names its instant.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    # With fold=0 the offset before the change applies, which is just what both rules ask for.
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
