"""What the networks counted of the demo's accounts, day by day: invented as the posts' figures are,
and moved by what was published. It looks like Meta's day by day charts, one below the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Final

from postboard.demo.agency import Brand

_FOLLOWERS: Final = {"instagram": 12_400, "facebook": 8_300}
"""At the beginning; a brand has between three quarters and five quarters of it."""
_QUIET: Final = 0.055
"""The part of its followers that an account reaches on a day without a post."""
_LASTS: Final = (0.55, 0.25, 0.12)
"""The part of a post's reach that falls on its day, and on those after it."""
_WON: Final = 0.0075
"""Of those reached."""
_LOST: Final = 0.0004
"""Of the followers."""
_WEEKEND: Final = 0.85


def reached_by_day(posts: Iterable[tuple[date, int]]) -> dict[date, float]:
    """How many saw an account's posts on each day, from the posts' days and reach."""
    found: dict[date, float] = {}
    for published_on, reach in posts:
        for after, part in enumerate(_LASTS):
            day = published_on + timedelta(days=after)
            found[day] = found.get(day, 0) + part * reach
    return found


def days_export(
    brand: Brand, network: str, reached: Mapping[date, float], today: date, weeks: int
) -> Iterator[list[str]]:
    """Until yesterday, since today is not over. The followers stand beside their change."""
    days = list(_days(brand, network, reached, today, weeks))
    yield ["Reach"]
    yield ["Date", "Primary"]
    yield from ([_at(day), str(reach)] for day, reach, _, _ in days)
    yield []
    yield ["Net follows"]
    yield ["Date", "Primary", "Followers"]
    yield from ([_at(day), str(change), str(count)] for day, _, change, count in days)


def _days(
    brand: Brand, network: str, reached: Mapping[date, float], today: date, weeks: int
) -> Iterator[tuple[date, int, int, int]]:
    """The day, how many were reached, followers won less lost, and how many there are then."""
    chance = Random(f"{brand.name}'s {network}")  # noqa: S311 - the same world for everybody
    count = round(_FOLLOWERS[network] * chance.uniform(0.75, 1.25))
    for back in range(7 * weeks, 0, -1):
        day = today - timedelta(days=back)
        quiet = _QUIET * count * (_WEEKEND if day.weekday() >= 5 else 1)  # noqa: PLR2004
        reach = round(quiet * chance.lognormvariate(0, 0.12) + reached.get(day, 0))
        won = round(_WON * reach * chance.lognormvariate(0, 0.3))
        change = won - round(_LOST * count * chance.lognormvariate(0, 0.4))
        count += change
        yield day, reach, change, count


def _at(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"
