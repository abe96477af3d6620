"""When so much will be finished, from how much was finished on the days before (Monte Carlo).

Each run draws the days to come from those of the past, with replacement and the empty ones too. It
assumes that the future resembles the past, and knows of no new posts and no further rounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from postboard.domain.flow_times import quantile

RUNS: Final = 10_000
NEEDED: Final = 10
"""Finished passages below which nothing is said."""
CERTAINTIES: Final = (50, 70, 85, 95)
"""Percent."""
DAYS_MAX: Final = 730
"""What takes longer is not foreseen."""
SEED: Final = 20
"""The same past says the same each time."""


@dataclass(frozen=True, slots=True)
class TooFew:
    """Nothing is said yet: so many more have to be finished first."""

    more: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """By the percentage that one wants to be certain by."""

    finished: int
    """In the days that were drawn from."""
    days: int
    within: Mapping[int, int | None]
    """Days from today until all of it is finished; None: more than two years."""
    by_then: Mapping[int, int]
    """At least so many are finished in the days that were asked about."""


def forecast(per_day: Sequence[int], items: int, days_ahead: int) -> Forecast | TooFew:
    """Of `items` that are open, and of what is finished in so many days, by past days' counts."""
    if sum(per_day) < NEEDED:
        return TooFew(NEEDED - sum(per_day))
    took, made = _drawn(tuple(per_day), items, days_ahead)
    within = {percent: quantile(took, percent) for percent in CERTAINTIES}
    return Forecast(
        sum(per_day),
        len(per_day),
        {percent: days if days <= DAYS_MAX else None for percent, days in within.items()},
        # What is to be had with 85 % certainty is what 15 % of the runs stay below.
        {percent: quantile(made, 100 - percent) for percent in CERTAINTIES},
    )


@lru_cache(maxsize=64)
def _drawn(
    per_day: tuple[int, ...], items: int, days_ahead: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For each run the days until all was finished, and what was in the days asked about."""
    random = Random(SEED)  # noqa: S311 - nobody has to be kept from guessing it
    took: list[int] = []
    made: list[int] = []
    for _ in range(RUNS):
        drawn = random.choices(per_day, k=days_ahead)
        made.append(sum(drawn))
        took.append(_days_until(items, drawn, per_day, random))
    return tuple(took), tuple(made)


def _days_until(items: int, drawn: list[int], per_day: Sequence[int], random: Random) -> int:
    left, days = items, 0
    while left > 0 and days <= DAYS_MAX:
        for finished in drawn:
            left -= finished
            days += 1
            if left <= 0:
                break
        else:
            drawn = random.choices(per_day, k=len(drawn) or 1)
    return days
