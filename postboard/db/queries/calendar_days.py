"""What the days of the calendar say beside their posts: holidays, gaps, clashes; and ideas."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision, table_of
from postboard.db.planning_models import BlackoutDay, PostingTimes
from postboard.db.queries import agreements
from postboard.db.queries.agreements import Agreed
from postboard.db.queries.choices import ClientChoice
from postboard.db.queries.scope import visible_posts
from postboard.db.review_models import Idea
from postboard.domain.days import DayKind, Planned, clashes, marks
from postboard.domain.ideas import IdeaState
from postboard.domain.permissions import Actor, Permission
from postboard.domain.posting_times import TEN_O_CLOCK
from postboard.domain.workflow import State

APART: Final = timedelta(hours=1)
"""Two posts on one network that lie closer take each other's readers."""
IDEAS_MAX: Final = 100
IDEA_TEXT_MAX: Final = 240

_POST, _REVISION = table_of(Post), table_of(Revision)


@dataclass(frozen=True, slots=True)
class DayNote:
    """What holds on one day for these clients, by their keys; the day is ISO."""

    day: str
    kind: str
    name: str
    clients: list[str]


@dataclass(frozen=True, slots=True)
class Close:
    """Two posts too close to each other, by their ids."""

    earlier: str
    later: str
    networks: list[str]


@dataclass(frozen=True, slots=True)
class Days:
    """`gaps` are posting days without a post, told of one client alone."""

    notes: list[DayNote] = field(default_factory=list[DayNote])
    gaps: list[str] = field(default_factory=list[str])
    close: list[Close] = field(default_factory=list[Close])


@dataclass(frozen=True, slots=True)
class IdeaInTray:
    id: str
    version: int
    client: str
    text: str
    wished_on: str


def of_clients(
    session: Session,
    actor: Actor,
    clients: Sequence[ClientChoice],
    since: date,
    until: date,
    *,
    language: str,
    now: datetime,
) -> Days:
    """Of the days from `since` on and before `until`, whatever filters hide: a few queries."""
    ids = [client.id for client in clients]
    agreed = agreements.of_clients(session, ids)
    closed = _blackouts(session, ids, since, until)
    planned = _planned(session, actor, ids, since, until)
    notes: dict[tuple[date, DayKind, str], list[str]] = {}
    for client in clients:
        terms = agreed[client.id].terms
        days_off = closed.get(client.id, {})
        found = marks(terms.country, terms.region, days_off, since, until, language=language)
        for mark in found:
            notes.setdefault((mark.day, mark.kind, mark.name), []).append(client.key)
    return Days(
        [DayNote(day.isoformat(), kind, name, notes[day, kind, name]) for day, kind, name in notes],
        _gaps(session, agreed[ids[0]], ids[0], notes, planned, since, until, now)
        if len(ids) == 1
        else [],
        [
            Close(close.earlier.hex, close.later.hex, list(close.networks))
            for of_one in planned.values()
            for close in clashes([one for one in of_one if one.at > now - APART], APART)
        ],
    )


def ideas(session: Session, actor: Actor, clients: Sequence[ClientChoice]) -> list[IdeaInTray]:
    """Those that wait for an answer of clients whose plan is this actor's to make."""
    planning = [one.id for one in clients if actor.may(Permission.EDIT_PLAN, one.id)]
    rows: Any = session.execute(
        select(
            col(Idea.id), col(Idea.version), col(Client.key), col(Idea.text), col(Idea.wished_on)
        )
        .join(Client, col(Client.id) == col(Idea.client_id))
        .where(col(Idea.client_id).in_(planning), col(Idea.state) == IdeaState.NEW)
        .order_by(col(Idea.wished_on).is_(None), col(Idea.wished_on), col(Idea.created_at))
        .limit(IDEAS_MAX)
    )
    return [
        IdeaInTray(
            idea_id.hex,
            version,
            key,
            " ".join(text[:IDEA_TEXT_MAX].split()),
            wished_on.isoformat() if wished_on else "",
        )
        for idea_id, version, key, text, wished_on in rows
    ]


def _blackouts(
    session: Session, ids: Collection[UUID], since: date, until: date
) -> dict[UUID, dict[date, str]]:
    rows: Any = session.execute(
        select(col(BlackoutDay.client_id), col(BlackoutDay.day), col(BlackoutDay.name)).where(
            col(BlackoutDay.client_id).in_(ids),
            col(BlackoutDay.day) >= since,
            col(BlackoutDay.day) < until,
        )
    )
    found: dict[UUID, dict[date, str]] = {}
    for client_id, day, name in rows:
        found.setdefault(client_id, {})[day] = name
    return found


def _planned(
    session: Session, actor: Actor, ids: Collection[UUID], since: date, until: date
) -> dict[UUID, list[Planned]]:
    """Everything of these clients in these days, on whichever clock they are read."""
    first, last = (datetime.combine(day, time(), UTC) for day in (since, until))
    rows: Any = session.execute(
        select(_POST.c.client_id, _POST.c.id, _POST.c.planned_at, _REVISION.c.networks)
        .join(
            _REVISION,
            and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision),
        )
        .where(
            visible_posts(actor),
            _POST.c.client_id.in_(ids),
            _POST.c.planned_at >= first - timedelta(days=1),
            _POST.c.planned_at < last + timedelta(days=1),
            _POST.c.state != State.CANCELLED,
        )
    )
    found: dict[UUID, list[Planned]] = {}
    for client_id, post_id, at, networks in rows:
        found.setdefault(client_id, []).append(Planned(post_id, at, frozenset(networks)))
    return found


def _gaps(
    session: Session,
    agreed: Agreed,
    client_id: UUID,
    notes: Collection[tuple[date, DayKind, str]],
    planned: dict[UUID, list[Planned]],
    since: date,
    until: date,
    now: datetime,
) -> list[str]:
    """Days still to come, on the client's clock, on which something goes out as a rule."""
    zone = agreed.calendar.zone
    week = session.execute(
        select(col(PostingTimes.week)).where(col(PostingTimes.client_id) == client_id)
    ).scalar_one_or_none()
    open_on = [bool(times) for times in week or TEN_O_CLOCK]
    taken = {one.at.astimezone(zone).date() for one in planned.get(client_id, [])}
    closed = {day for day, kind, _ in notes if kind is not DayKind.WORKED}
    first = max(since, now.astimezone(zone).date())
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    return [d.isoformat() for d in days if open_on[d.weekday()] and d not in taken | closed]
