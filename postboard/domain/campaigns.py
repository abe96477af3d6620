"""What a campaign is to reach, and how far its plan is from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any, Final

from postboard.domain.content import NETWORKS, clean
from postboard.domain.errors import BadInput

NAME_MAX: Final = 120
GOAL_MAX: Final = 500
BUDGET_MAX: Final = 200
WANTED_MAX: Final = 1_000
PILLARS_MAX: Final = 12
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Mix:
    """Of a campaign's posts, how many percent are to be of a pillar and on a network."""

    pillars: Mapping[str, int] = field(default_factory=dict[str, int])
    networks: Mapping[str, int] = field(default_factory=dict[str, int])

    def as_json(self) -> dict[str, dict[str, int]]:
        return {"pillars": dict(self.pillars), "networks": dict(self.networks)}


def mix_from_json(stored: Mapping[str, Any]) -> Mix:
    return Mix(stored.get("pillars", {}), stored.get("networks", {}))


@dataclass(frozen=True, slots=True)
class Aim:
    """A campaign as whoever plans it describes it."""

    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    goal: str = ""
    posts_wanted: int | None = None
    budget: str = ""
    mix: Mix = field(default_factory=Mix)

    def checked(self) -> "Aim":
        """The same, cleaned.

        Raises:
            BadInput: a name is missing, a limit is passed, or the days or shares do not fit.
        """
        name = clean(self.name, NAME_MAX)
        if not name:
            raise BadInput("Write the campaign’s name.")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise BadInput("The campaign ends before it starts.")
        if self.posts_wanted is not None and not 1 <= self.posts_wanted <= WANTED_MAX:
            raise BadInput("Plan from 1 to {limit} posts.", limit=WANTED_MAX)
        return Aim(
            name,
            self.starts_on,
            self.ends_on,
            clean(self.goal, GOAL_MAX, many_lines=True),
            self.posts_wanted,
            clean(self.budget, BUDGET_MAX),
            Mix(_pillars(self.mix.pillars), _networks(self.mix.networks)),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a mix: what was aimed at, what is planned, and what is missing for it."""

    name: str
    target: int
    """Percent; 0 where nothing was aimed at."""
    posts: int
    percent: int
    missing: int
    """Posts."""


def shares(targets: Mapping[str, int], planned: Mapping[str, int], whole: int) -> list[Share]:
    """The parts that are aimed at in their order, then what is planned besides, the most first.

    `whole` are the posts that percents are of: as many as are wanted, or planned where more are.
    """
    besides = sorted(planned.keys() - targets.keys(), key=lambda name: (-planned[name], name))
    found: list[Share] = []
    for name in [*targets, *besides]:
        target, posts = targets.get(name, 0), planned.get(name, 0)
        percent = round(_WHOLE * posts / whole) if whole else 0
        found.append(
            Share(name, target, posts, percent, max(0, ceil(target * whole / _WHOLE) - posts))
        )
    return found


def _pillars(given: Mapping[str, int]) -> dict[str, int]:
    named: dict[str, int] = {}
    for name, percent in given.items():
        clean_name = clean(name, NAME_MAX)
        if clean_name and percent:
            named[clean_name] = named.get(clean_name, 0) + percent
    if len(named) > PILLARS_MAX:
        raise BadInput("Share the posts among at most {limit} pillars.", limit=PILLARS_MAX)
    if _sum(named) > _WHOLE:
        raise BadInput(
            "The pillars’ shares add up to {sum} %; 100 % is all there is.", sum=_sum(named)
        )
    return named


def _networks(given: Mapping[str, int]) -> dict[str, int]:
    if not given.keys() <= set(NETWORKS):
        raise BadInput
    named = {name: given[name] for name in NETWORKS if given.get(name)}
    if _sum(named) > _WHOLE:
        raise BadInput(
            "The networks’ shares add up to {sum} %; 100 % is all there is.", sum=_sum(named)
        )
    return named


def _sum(named: Mapping[str, int]) -> int:
    """Raises:
    BadInput: one of them is no share.
    """
    if not all(1 <= percent <= _WHOLE for percent in named.values()):
        raise BadInput("A share is from 0 to 100 %.")
    return sum(named.values())
