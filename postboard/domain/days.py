"""What is special about the days of a plan: holidays, days worked instead, days without posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final
from uuid import UUID

DAYS_MAX: Final = 3 * 366
"""Of one look at the calendar."""
_SPOKEN: Final = {"en": "en_US", "zh-CN": "zh_CN"}
"""What the library `holidays` calls a language of ours."""


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    WORKED = "worked"
    """A day of the weekend that the law has people work on, for a holiday elsewhere."""
    BLACKOUT = "blackout"
    """Nothing of the client's goes out."""


@dataclass(frozen=True, slots=True)
class DayMark:
    day: date
    kind: DayKind
    name: str = ""


def marks(
    country: str,
    region: str,
    blackouts: Mapping[date, str],
    since: date,
    until: date,
    *,
    language: str = "en",
) -> list[DayMark]:
    """What is special about the days from `since` on and before `until`, in their order.

    Holidays are named in `language` where it is known for the country.
    """
    last = min(until, since + timedelta(days=DAYS_MAX))
    found = [
        DayMark(day, DayKind.BLACKOUT, name)
        for day, name in blackouts.items()
        if since <= day < last
    ]
    spoken = _SPOKEN.get(language, "en_US")
    years = range(since.year, last.year + 1) if country and since < last else ()
    for year in years:
        free, worked = _public_days(country, region, year, spoken)
        found += [
            DayMark(day, DayKind.HOLIDAY, name) for day, name in free.items() if since <= day < last
        ]
        found += [DayMark(day, DayKind.WORKED) for day in worked if since <= day < last]
    return sorted(found, key=lambda mark: (mark.day, mark.kind))


@dataclass(frozen=True, slots=True)
class Planned:
    """A post as far as its place in the plan goes."""

    id: UUID
    at: datetime
    networks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two posts that go out on one network too soon after each other."""

    earlier: UUID
    later: UUID
    networks: tuple[str, ...]


def clashes(planned: Sequence[Planned], apart: timedelta) -> list[Clash]:
    """Neighbours on one network between which less than `apart` lies."""
    of_network: dict[str, list[Planned]] = {}
    for one in sorted(planned, key=lambda post: (post.at, post.id)):
        for network in one.networks:
            of_network.setdefault(network, []).append(one)
    found: dict[tuple[UUID, UUID], set[str]] = {}
    for network, posts in of_network.items():
        for earlier, later in pairwise(posts):
            if later.at - earlier.at < apart:
                found.setdefault((earlier.id, later.id), set()).add(network)
    when = {one.id: one.at for one in planned}
    clashing = sorted(found, key=lambda pair: (when[pair[0]], pair))
    return [Clash(one, other, tuple(sorted(found[one, other]))) for one, other in clashing]


@lru_cache(maxsize=256)
def _public_days(
    country: str, region: str, year: int, language: str
) -> tuple[dict[date, str], tuple[date, ...]]:
    """A year's holidays with their names, and the days of its weekends that are worked."""
    from holidays import country_holidays

    # A day of this December may be worked for one of next January.
    known = country_holidays(
        country, subdiv=region or None, years=(year, year + 1), expand=False, language=language
    )
    worked = tuple(day for day in known.weekend_workdays if day.year == year)
    free = {day: name for day, name in known.items() if day.year == year and day not in worked}
    return free, worked
