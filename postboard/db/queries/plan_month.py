"""The client's plan, a month at a time; a post stands on the day of its client's clock."""

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client
from postboard.db.queries.review_plan import PlannedPost, planned_between
from postboard.db.queries.scope import visible_clients
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Actor

YEARS: Final = range(2000, 2101)
_MORE_THAN_ANY_OFFSET: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """`on` is an ISO date; `column` its place in a week that begins on Monday, 1 to 7."""

    on: str
    number: int
    column: int
    today: bool
    posts: list[PlannedPost]


@dataclass(frozen=True, slots=True)
class Month:
    """`name` is like 2026-11, empty where no month is shown; `before` and `after` are those beside
    it, empty where there is none.
    """

    name: str = ""
    before: str = ""
    after: str = ""
    zones: list[str] = field(default_factory=list[str])
    days: list[Day] = field(default_factory=list[Day])
    left_out: int = 0
    """Posts that are too many for one page."""


def month(session: Session, actor: Actor, name: str, now: datetime) -> Month:
    """The month of that name; without one, today's.

    Raises:
        BadInput: there is no such month.
    """
    rows = session.execute(
        select(col(Client.zone))
        .where(visible_clients(actor))
        .order_by(func.lower(col(Client.name)))
    )
    zones = list(dict.fromkeys(rows.scalars())) or ["UTC"]
    today = now.astimezone(ZoneInfo(zones[0])).date()
    first = _first_day(name) if name else today.replace(day=1)
    days = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=days)
    since = to_utc(datetime.combine(first, datetime.min.time()), ZoneInfo("UTC"))
    until = since + timedelta(days=days)
    around = _MORE_THAN_ANY_OFFSET
    posts, left_out = planned_between(session, actor, since - around, until + around)
    of_day = {day: list(those) for day, those in groupby(sorted(posts, key=_day_of), key=_day_of)}
    return Month(
        name=_name(first),
        before=_name(first - timedelta(days=1)),
        after=_name(last + timedelta(days=1)),
        zones=zones,
        days=[
            Day(day.isoformat(), day.day, day.isoweekday(), day == today, of_day.get(day, []))
            for day in (first + timedelta(days=passed) for passed in range(days))
        ],
        left_out=left_out,
    )


def _first_day(name: str) -> date:
    year, dash, number = name.partition("-")
    try:
        first = date.fromisoformat(f"{name}-01")
    except ValueError:
        raise BadInput from None
    if not dash or len(year) != len("2026") or first.year not in YEARS or len(number) != len("11"):
        raise BadInput
    return first


def _name(day: date) -> str:
    return f"{day:%Y-%m}" if day.year in YEARS else ""


def _day_of(post: PlannedPost) -> date:
    return datetime.fromisoformat(post.at).astimezone(ZoneInfo(post.zone)).date()
