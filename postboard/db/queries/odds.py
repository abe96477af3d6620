"""Which open posts are at risk: their odds, from what the log tells of their clients' posts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from postboard.db.models import Event, Post, table_of
from postboard.db.queries import agreements
from postboard.db.queries.scope import visible_posts
from postboard.domain.odds import WAITING, History, Moved, Odds, history, odds
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import Action, State
from postboard.domain.working_time import WorkingCalendar, WorkMeter

WINDOW: Final = timedelta(days=365)
"""Older posts say little of how a client works today."""
POSTS_READ: Final = 300
"""Of one client: its newest."""
AHEAD: Final = timedelta(days=400)
"""Later than this nothing is at risk."""
KEPT: Final = timedelta(minutes=5)
"""How long a client's past is believed before it is read again."""
CLIENTS_KEPT: Final = 500
_CREATED: Final = "post.created"
_KINDS: Final = (_CREATED, *(f"post.{action}" for action in Action))

_EVENT, _POST = table_of(Event), table_of(Post)


@dataclass(frozen=True, slots=True)
class _Open:
    """A post that has a time and is not approved yet."""

    id: UUID
    client_id: UUID
    state: State
    since: datetime
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """A client's past, measured on its calendar."""

    calendar: WorkingCalendar
    meter: WorkMeter
    history: History
    read_at: datetime


class Past:
    """What is known of the clients' past: reading it is what takes the time, and it grows slowly.

    Threads may share one: at worst two of them read the same.
    """

    def __init__(self, kept: timedelta = KEPT) -> None:
        self._kept = kept
        self._clients: dict[UUID, _Known] = {}

    def of(self, session: Session, client_id: UUID, now: datetime) -> _Known:
        """As of some minutes ago at most; a client that works other hours is measured anew."""
        calendar = agreements.of_client(session, client_id).calendar
        known = self._clients.get(client_id)
        is_new = known and known.read_at <= now < known.read_at + self._kept
        if known and is_new and known.calendar == calendar:
            return known
        meter = calendar.meter(now - WINDOW, now + AHEAD)
        known = _Known(calendar, meter, _history(session, client_id, meter, now), now)
        if len(self._clients) >= CLIENTS_KEPT:
            self._clients.clear()
        self._clients[client_id] = known
        return known


def of_posts(
    session: Session,
    actor: Actor,
    post_ids: Collection[UUID] | None,
    *,
    now: datetime,
    spare: timedelta = timedelta(),
    past: Past | None = None,
) -> dict[UUID, Odds]:
    """The odds of those posts that have a time and are not approved; None asks for all of them.

    `spare` is the working time that is to lie between the approval and the publishing.

    It costs one statement, and two for each client that `past` does not know, else one. The
    client's side is told nothing.
    """
    waiting = _waiting(session, actor, post_ids)
    past = past or Past()
    found: dict[UUID, Odds] = {}
    for client_id, mine in groupby(waiting, key=lambda post: post.client_id):
        known = past.of(session, client_id, now)
        for post in mine:
            left = known.meter.between(now, post.planned_at) - spare
            waited = known.meter.between(post.since, now)
            told = odds(known.history, post.state, waited, left)
            if told:
                found[post.id] = told
    return found


def _waiting(session: Session, actor: Actor, post_ids: Collection[UUID] | None) -> list[_Open]:
    rows: Any = session.execute(
        select(
            _POST.c.id, _POST.c.client_id, _POST.c.state, _POST.c.state_since, _POST.c.planned_at
        )
        .where(
            visible_posts(actor),
            *([] if post_ids is None else [_POST.c.id.in_(post_ids)]),
            _POST.c.state.in_(sorted(WAITING)),
            _POST.c.planned_at.is_not(None),
        )
        .order_by(_POST.c.client_id)
    )
    posts = [_Open(*row) for row in rows]
    return [post for post in posts if actor.may(Permission.SEE_ALL_STATES, post.client_id)]


def _history(session: Session, client_id: UUID, meter: WorkMeter, now: datetime) -> History:
    """Of the client's newest posts, in the time that is looked back on."""
    newest = (
        select(_POST.c.id)
        .where(_POST.c.client_id == client_id, _POST.c.created_at >= now - WINDOW)
        .order_by(_POST.c.number.desc())
        .limit(POSTS_READ)
        .subquery()
    )
    rows: Any = session.execute(
        select(_EVENT.c.stream_id, _EVENT.c.kind, _EVENT.c.at, _EVENT.c.content)
        .where(
            _EVENT.c.stream_id.in_(select(newest.c.id)),
            _EVENT.c.kind.in_(_KINDS),
            _EVENT.c.at <= now,
        )
        .order_by(_EVENT.c.stream_id, _EVENT.c.position)
    )
    return history(_moves(rows), meter)


def _moves(rows: Any) -> Iterator[Moved]:
    for post_id, kind, at, content in rows:
        if kind == _CREATED:
            yield Moved(post_id, "created", State.DRAFT, at)
        elif content["from"] != content["to"]:
            yield Moved(post_id, kind.removeprefix("post."), State(content["to"]), at)
