"""The odds that a post is approved in time, from how long its client's posts took before.

Nothing is modelled: of the posts that took longer than this one has waited, the share that was
approved within the time it has left.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from postboard.domain.planning import LEFT_FROM, LeadStep
from postboard.domain.workflow import Action, State
from postboard.domain.working_time import WorkMeter

CASES_NEEDED: Final = 8
AT_RISK: Final = 0.5
"""Below it a post is more likely late than not."""
WAITING: Final = frozenset(
    state for state, first in LEFT_FROM.items() if first is not LeadStep.BUFFER
)
"""States in which a post is not approved yet."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A post entered a state."""

    post_id: UUID
    action: str
    """What it did so by; a new post enters its first state by `created`."""
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """Once a post took so much working time from entering a state until it was approved."""

    post_id: UUID
    took: timedelta


@dataclass(frozen=True, slots=True)
class Odds:
    """`chance` is 0..1, or None without enough history: `cases` other posts, of `needed`."""

    held_in: State
    """The step it waits in, which is what holds it."""
    waited: timedelta
    left: timedelta
    """Working time until it would be late; negative once it is."""
    cases: int
    chance: float | None
    usually: timedelta | None = None
    """How much longer posts took from here, at the median."""

    @property
    def at_risk(self) -> bool:
        return self.chance is not None and self.chance < AT_RISK


History = Mapping[State, Sequence[Case]]


def history(moves: Iterable[Moved], meter: WorkMeter) -> dict[State, list[Case]]:
    """Past times per state, of moves in the order they were made.

    A post that enters a state twice before it is approved counts twice for it; what is open, or
    was cancelled, has no time yet. A decision that its client took back was none.
    """
    entered: dict[UUID, list[tuple[State, datetime]]] = {}
    taken_back: dict[UUID, list[tuple[State, datetime]]] = {}
    cases: dict[UUID, list[list[tuple[State, Case]]]] = {}
    for move in moves:
        mine = entered.setdefault(move.post_id, [])
        if move.action == Action.RECONSIDER:
            if move.post_id in taken_back:
                entered[move.post_id] = taken_back.pop(move.post_id)
                cases[move.post_id].pop()
            elif mine:
                mine.pop()
            continue
        if move.state in WAITING:
            mine.append((move.state, move.at))
            taken_back.pop(move.post_id, None)
        elif move.state is State.CANCELLED:
            mine.clear()
        elif mine:
            timed = [
                (state, Case(move.post_id, meter.between(since, move.at))) for state, since in mine
            ]
            cases.setdefault(move.post_id, []).append(timed)
            taken_back[move.post_id] = mine
            entered[move.post_id] = []
    found: dict[State, list[Case]] = {}
    for of_post in cases.values():
        for state, case in (one for timed in of_post for one in timed):
            found.setdefault(state, []).append(case)
    return found


def odds(known: History, state: State, waited: timedelta, left: timedelta) -> Odds | None:
    """For a post that has waited in `state` so long and has so much left, in working time; None
    where it is approved or over.
    """
    if state not in WAITING:
        return None
    longer = [case for case in known.get(state, ()) if case.took > waited]
    posts = len({case.post_id for case in longer})
    if posts < CASES_NEEDED:
        chance = 0.0 if left <= timedelta() else None
        return Odds(state, waited, left, posts, chance)
    in_time = sum(case.took <= waited + left for case in longer)
    usually = statistics.median(case.took.total_seconds() for case in longer)
    more = timedelta(seconds=usually) - waited
    return Odds(state, waited, left, posts, in_time / len(longer), more)
