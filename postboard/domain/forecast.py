"""When so much will be finished, from how much was finished on the days before (Monte Carlo).

Each run draws the days to come from those of the past, with replacement and the empty ones too. It
assumes that the future resembles the past, and knows of no new posts and no further rounds.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil
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
BLOCK_MAX: Final = 60
"""Days of its own that a run has at most; what takes longer shares the days of the next ones."""
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
    """Of all runs, in order: the days until all was finished, what was in the days asked about."""
    block = max(days_ahead, min(BLOCK_MAX, ceil(items * len(per_day) / sum(per_day))))
    random = Random(SEED)  # noqa: S311 - nobody has to be kept from guessing it
    drawn = random.choices(per_day, k=RUNS * block + DAYS_MAX + 1)
    # One long row of days, in which each run begins a block later: what was finished between two
    # days is the difference of two sums.
    sums = [0, *accumulate(drawn)]
    starts = range(0, RUNS * block, block)
    took = (bisect_left(sums, sums[start] + items, start) - start for start in starts)
    made = (sums[start + days_ahead] - sums[start] for start in starts)
    return tuple(sorted(took)), tuple(sorted(made))
