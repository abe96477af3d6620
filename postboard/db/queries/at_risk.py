"""Which posts will hardly be approved in time: what board, calendar, My work and post page show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.db.queries import odds as query
from postboard.db.queries.odds import Past
from postboard.domain.odds import Odds
from postboard.domain.permissions import Actor

MOST_ASKED: Final = 600
"""Posts at once: no page shows more of them."""
NOT_KNOWN: Final = -1
_HOUR: Final = timedelta(hours=1)
_PAST: Final = Past()
"""Of this process: a board that asks again is answered from it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a post is approved before it is to go out. Ids are hex, times working hours."""

    post_id: str
    held_in: str
    """The state it waits in, which is what holds it."""
    percent: int
    """NOT_KNOWN without enough history."""
    cases: int
    left_h: int
    usually_h: int
    """How much longer posts took from here, at the median; NOT_KNOWN without history."""
    over: bool
    """Its time has come and it is not approved: late for certain."""
    at_risk: bool
    """More likely late than not, and there is something left to do about it."""


def chances(
    session: Session, actor: Actor, post_ids: Collection[UUID], *, now: datetime
) -> list[Chance]:
    """Of those among these posts that have a time and are not approved.

    The one question of every page. It is to be asked by `Page._read`, apart from what the page
    shows first: a client's past is read at most every few minutes, but then it takes a while.
    """
    asked = list(post_ids)[:MOST_ASKED]
    found = query.of_posts(session, actor, asked, now=now, past=_PAST)
    return [_chance(post_id, odds) for post_id, odds in found.items()]


def posts_at_risk(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """All that this actor sees, for a filter."""
    found = query.of_posts(session, actor, None, now=now, past=_PAST)
    return [post_id for post_id, odds in found.items() if _is_at_risk(odds)]


def _chance(post_id: UUID, odds: Odds) -> Chance:
    # Rounded down, so that what is at risk never reads as one half.
    percent = NOT_KNOWN if odds.chance is None else floor(odds.chance * 100 + 1e-9)
    return Chance(
        post_id=post_id.hex,
        held_in=odds.held_in,
        percent=percent,
        cases=odds.cases,
        left_h=odds.left // _HOUR,
        usually_h=NOT_KNOWN if odds.usually is None else max(0, odds.usually // _HOUR),
        over=odds.left <= timedelta(),
        at_risk=_is_at_risk(odds),
    )


def _is_at_risk(odds: Odds) -> bool:
    return odds.at_risk and odds.left > timedelta()
