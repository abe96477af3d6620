"""What the demo's agency still has before it: its campaigns' goals, and ideas without a day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from postboard.demo.agency import ACME, BOREALIS, CAST, XINGHE, Brand, Part
from postboard.demo.times import next_office
from postboard.domain.campaigns import Aim, Mix
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import Actor
from postboard.services import ideas

_AIMS: Final[Mapping[str, Aim]] = MappingProxyType(
    {
        "New season blend": Aim(
            "",
            goal="Two hundred first orders of the new blend from the shop.",
            posts_wanted=24,
            budget="1,800 € for ads",
            mix=Mix({}, {"instagram": 60, "linkedin": 20, "tiktok": 20}),
        ),
        "Sleep higher": Aim(
            "",
            goal="The tent is known before the season begins.",
            posts_wanted=20,
            mix=Mix({}, {"instagram": 50, "youtube": 25}),
        ),
        "新茶季": Aim(
            "",
            goal="新茶上市首月，门店预约 300 人次。",
            posts_wanted=18,
            budget="投放预算 6 万元",
            mix=Mix({}, {"wechat": 40, "xiaohongshu": 40}),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class _Idea:
    brand: Brand
    by: Part
    text: str
    ahead_days: int | None = None
    internal: bool = False
    liked_by: tuple[Part, ...] = ()


# Those of one zone stand together: who works elsewhere may be asleep, and the story waits.
_IDEAS: Final = (
    _Idea(
        ACME,
        Part.CLIENT,
        "Ask guests for the oldest Acme cup they still drink from.",
        18,
        liked_by=(Part.CONTENT, Part.WRITER),
    ),
    _Idea(ACME, Part.WRITER, "The sound of the roaster, ten seconds, no words."),
    _Idea(ACME, Part.CONTENT, "Ask for a photographer before we promise the reel.", internal=True),
    _Idea(
        BOREALIS,
        Part.DESIGNER,
        "One tent, four seasons, the same spot.",
        liked_by=(Part.ACCOUNT, Part.ART),
    ),
    _Idea(XINGHE, Part.CLIENT, "采茶师傅的一天，从清晨四点开始。", 12, liked_by=(Part.WRITER,)),
)


def aim(name: str, first_day: date, last_day: date) -> Aim:
    """What a campaign of that name is to reach in these days."""
    known = _AIMS.get(name, Aim(""))
    return replace(known, name=name, starts_on=first_day, ends_on=last_day)


def gather_ideas(
    session: Session,
    cast: Mapping[str, Actor],
    clients: Mapping[str, UUID],
    since: datetime,
    now: datetime,
) -> datetime:
    """The ideas with their votes, one after the other in office hours from `since` on.

    Returns:
        When the last of it was said.
    """
    at = since
    for one in _IDEAS:
        team = one.brand.team
        at = _later(at, team[one.by])
        wish = (now + timedelta(days=one.ahead_days)).date() if one.ahead_days else None
        new = NewIdea(one.text, wished_on=wish)
        idea_id = ideas.add(
            session,
            cast[team[one.by]],
            clients[one.brand.name],
            new,
            internal=one.internal,
            now=at,
        )
        for part in one.liked_by:
            at = _later(at, team[part])
            ideas.vote(session, cast[team[part]], idea_id, wanted=True, now=at)
    return at


def _later(at: datetime, who: str) -> datetime:
    """Some minutes later, where somebody works then."""
    return next_office(at + timedelta(minutes=25), ZoneInfo(CAST[who].zone))
