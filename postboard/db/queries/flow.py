"""How approval flows, from the record alone: the walks of the posts that an actor looks after.

A walk is folded from its post's events once and kept as long as no event comes after: what is read
each time are the heads of the streams, and the events of those that grew.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, or_, select, true
from sqlalchemy.orm import Session

from postboard.db.models import Client, Event, EventStream, Post, Revision, table_of
from postboard.db.queries import agreements, at_risk
from postboard.db.queries.agreements import Held
from postboard.db.queries.at_risk import NOT_KNOWN, Chance
from postboard.db.queries.post_filters import Filters, conditions, key_of
from postboard.domain.flow import CREATED, DECIDED, Agreed, Move, Office, Replanned, Walk, walk
from postboard.domain.flow_report import Known, PostName, Upcoming
from postboard.domain.odds import WAITING
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import SPECS, Action, State
from postboard.domain.working_time import WorkingCalendar, WorkMeter

LOOKED_BACK: Final = timedelta(days=1100)
"""Working time is measured no further back, and older posts are not read."""
AHEAD: Final = timedelta(days=60)
"""And no further ahead."""
KEPT_MAX: Final = 40_000
"""Walks, of some 3 KB each."""
UPCOMING: Final = timedelta(days=14)
UPCOMING_MAX: Final = 60
_AT_ONCE: Final = 500
_REPLANNED: Final = "post.replanned"
_ACTION_OF: Final[Mapping[str, str]] = {
    f"post.{name}": str(name) for name in (CREATED, DECIDED, *Action)
}
_KINDS: Final = (*_ACTION_OF, _REPLANNED)
_FINISHED: Final = sorted(state for state, spec in SPECS.items() if spec.finished)

_EVENT, _STREAM, _POST = table_of(Event), table_of(EventStream), table_of(Post)
_CLIENT, _REVISION = table_of(Client), table_of(Revision)
# Built once: they are sent again and again. To make a UUID of each of thousands takes longer than
# to read them, so that ids stay text as far as they can.
_HEADS = select(cast(_POST.c.id, Text), _STREAM.c.length).join(_STREAM, _STREAM.c.id == _POST.c.id)
_EVENTS = (
    select(
        cast(_EVENT.c.stream_id, Text).label("post"),
        _EVENT.c.kind,
        _EVENT.c.at,
        cast(_EVENT.c.actor_id, Text).label("actor_id"),
        _EVENT.c.actor_name,
        _EVENT.c.content,
    )
    .where(
        _EVENT.c.stream_id.in_(bindparam("streams", expanding=True)),
        _EVENT.c.kind.in_(_KINDS),
    )
    .order_by(_EVENT.c.stream_id, _EVENT.c.position)
)
_POSTS = select(cast(_POST.c.id, Text), _POST.c.client_id, _POST.c.planned_at).where(
    _POST.c.id.in_(bindparam("posts", expanding=True))
)


@dataclass(frozen=True, slots=True)
class FlowFilters:
    """Which posts: a client's key, a network's, and ids (hex); empty is every one.

    `person` is who holds the post or has something left to do for it.
    """

    client: str = ""
    network: str = ""
    campaign: str = ""
    pillar: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    length: int
    """Of the stream, as it was read."""
    client_id: UUID
    walk: Walk


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a client's time is measured, until something else is agreed or `until` comes."""

    held: Sequence[Held]
    office: Office
    until: datetime


class Log:
    """What is known of posts' walks. Threads share one, and none reads what another is reading."""

    def __init__(self) -> None:
        self._reading, self._measuring = threading.Lock(), threading.Lock()
        self._walks: dict[str, _Kept] = {}
        self._measures: dict[UUID, _Measure] = {}

    def walks(
        self, session: Session, heads: Sequence[tuple[str, int]], offices: Mapping[UUID, Office]
    ) -> list[Walk]:
        """Of posts and the lengths of their streams; a post that is gone by now has none."""
        found = self._known(heads, offices)
        grown = [head for head in heads if head[0] not in found]
        for start in range(0, len(grown), _AT_ONCE):
            found |= self._told(session, grown[start : start + _AT_ONCE], offices)
        return [one.walk for key, _ in heads if (one := found.get(key))]

    def offices(self, held: Mapping[UUID, Sequence[Held]], now: datetime) -> dict[UUID, Office]:
        """The same ones again, as long as the agreements are."""
        with self._measuring:
            self._measure(held, now)
            return {key: self._measures[key].office for key in held}

    def _measure(self, held: Mapping[UUID, Sequence[Held]], now: datetime) -> None:
        meters: dict[WorkingCalendar, WorkMeter] = {}
        for key, mine in held.items():
            known = self._measures.get(key)
            if known and known.held == mine and now < known.until:
                continue
            for calendar in {one.agreed.calendar for one in mine} - meters.keys():
                meters[calendar] = calendar.meter(now - LOOKED_BACK, now + AHEAD)
            self._measures[key] = _Measure(mine, _office(mine, meters), now + AHEAD / 2)

    def _known(
        self, heads: Iterable[tuple[str, int]], offices: Mapping[UUID, Office]
    ) -> dict[str, _Kept]:
        kept = self._walks
        return {
            key: one
            for key, length in heads
            if (one := kept.get(key)) and _is_known(one, length, offices)
        }

    def _told(
        self, session: Session, heads: Sequence[tuple[str, int]], offices: Mapping[UUID, Office]
    ) -> dict[str, _Kept]:
        """Read, but for what another thread read while this one waited for its turn."""
        with self._reading:
            found = self._known(heads, offices)
            lengths = {key: length for key, length in heads if key not in found}
            for key, client_id, one in _read(session, [*lengths], offices) if lengths else ():
                found[key] = _Kept(lengths[key], client_id, one)
            if len(self._walks) + len(lengths) > KEPT_MAX:
                self._walks = {}
            self._walks.update(found)
        return found


LOG: Final = Log()
"""Of this process: a page that asks again is answered from it."""


def read(
    session: Session,
    actor: Actor,
    filters: FlowFilters,
    *,
    since: date,
    now: datetime,
    log: Log = LOG,
) -> Known:
    """The posts of these filters that were open on that day or later. The client's side has none.

    It costs four statements, and two for every few hundred posts of which something is new.
    """
    heads: Any = session.execute(
        _HEADS.where(*_asked(session, actor, filters, now), _open_since(since))
    )
    clients: Any = session.execute(
        select(_CLIENT.c.id, _CLIENT.c.rounds_included).where(_looked_after(actor, _CLIENT.c.id))
    )
    held = agreements.history(session, {one.id: one.rounds_included for one in clients})
    offices = log.offices(held, now)
    return Known(log.walks(session, heads.all(), offices), now)


def names_of(session: Session, actor: Actor, post_ids: Collection[UUID]) -> dict[UUID, PostName]:
    """What posts are called, of those that the actor looks after."""
    rows: Any = session.execute(
        select(_POST.c.id, _CLIENT.c.key, _POST.c.number, _REVISION.c.title, _REVISION.c.caption)
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(
            _REVISION,
            and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision),
        )
        .where(_POST.c.id.in_(post_ids), _looked_after(actor, _POST.c.client_id))
    )
    return {
        post_id: PostName(f"{key}-{number}", " ".join((title or caption).split()))
        for post_id, key, number, title, caption in rows
    }


def upcoming(
    session: Session, actor: Actor, filters: FlowFilters, *, now: datetime
) -> list[Upcoming]:
    """What goes out within `UPCOMING` and is not approved yet, the first one first."""
    rows: Any = session.execute(
        select(_POST.c.id, _POST.c.planned_at)
        .where(
            *_asked(session, actor, filters, now),
            _POST.c.state.in_(sorted(WAITING)),
            _POST.c.planned_at.between(now, now + UPCOMING),
        )
        .order_by(_POST.c.planned_at, _POST.c.id)
        .limit(UPCOMING_MAX)
    )
    planned = {post_id: planned_at for post_id, planned_at in rows}  # noqa: C416 - a Row is no pair
    chances = at_risk.chances(session, actor, [*planned], now=now)
    names = names_of(session, actor, [*planned])
    by_post = {UUID(hex=one.post_id): one for one in chances}
    return [
        _upcoming(key, names[key], planned_at, by_post[key])
        for key, planned_at in planned.items()
        if key in by_post and key in names
    ]


def _upcoming(post_id: UUID, name: PostName, planned_at: datetime, chance: Chance) -> Upcoming:
    return Upcoming(
        post_id,
        name,
        planned_at,
        State(chance.held_in),
        None if chance.percent == NOT_KNOWN else chance.percent,
        chance.cases,
        chance.left_h,
        at_risk=chance.at_risk or chance.over,
    )


def _asked(
    session: Session, actor: Actor, filters: FlowFilters, now: datetime
) -> list[ColumnElement[bool]]:
    as_on_the_board = Filters(
        client=filters.client,
        network=filters.network,
        campaign=filters.campaign,
        person=filters.person,
    )
    asked = [
        _looked_after(actor, _POST.c.client_id),
        *conditions(session, actor, as_on_the_board, now),
    ]
    return [*asked, _POST.c.pillar_id == key_of(filters.pillar)] if filters.pillar else asked


def _looked_after(actor: Actor, client_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Flow is the agency's own business: a client's reviewers see none of it."""
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    return true() if mine is None else client_id.in_(mine)


def _open_since(day: date) -> ColumnElement[bool]:
    """What was over before that day, on any clock, is in no figure."""
    began = datetime.combine(day, time(), UTC) - timedelta(days=1)
    return or_(_POST.c.state.not_in(_FINISHED), _POST.c.state_since >= began)


def _office(held: Sequence[Held], meters: Mapping[WorkingCalendar, WorkMeter]) -> Office:
    agreed = (
        Agreed(
            one.since,
            meters[one.agreed.calendar],
            timedelta(hours=one.agreed.terms.response_hours),
        )
        for one in held
    )
    return Office(held[0].agreed.calendar.zone, tuple(agreed))


def _is_known(kept: _Kept, length: int, offices: Mapping[UUID, Office]) -> bool:
    """Nothing was recorded of it since, and its client works the same hours."""
    return kept.length == length and kept.walk.office is offices.get(kept.client_id)


def _read(
    session: Session, keys: Sequence[str], offices: Mapping[UUID, Office]
) -> Iterator[tuple[str, UUID, Walk]]:
    """Walks with the text of their post's id and with their client."""
    ids = {key: UUID(key) for key in keys}
    posts: Any = session.execute(_POSTS, {"posts": [*ids.values()]})
    facts = {key: (client_id, planned_at) for key, client_id, planned_at in posts}
    rows: Any = session.execute(_EVENTS, {"streams": [*ids.values()]})
    for key, mine in groupby(rows, key=itemgetter(0)):
        told = [*mine]
        client_id, planned_at = facts[key]
        walked = walk(
            ids[key],
            _moves(row for row in told if row.kind != _REPLANNED),
            offices[client_id],
            planned_at=planned_at,
            replanned=[_replanned(row) for row in told if row.kind == _REPLANNED],
        )
        yield key, client_id, walked


def _moves(rows: Iterable[Any]) -> Iterator[Move]:
    state = State.DRAFT
    for row in rows:
        action, content = _ACTION_OF[row.kind], row.content
        # A new post comes from nowhere; where others have to join an approval, the post stays.
        before = State(content["from"]) if "from" in content else state
        state = State(content["to"]) if "to" in content else state
        yield Move(
            action,
            None if action == CREATED else before,
            state,
            row.at,
            _person(row.actor_id),
            row.actor_name,
            content.get("request", ""),
            "asked" in content,
            tuple(content.get("tags", ())),
        )


@lru_cache(maxsize=4096)
def _person(person_id: str | None) -> UUID | None:
    return UUID(person_id) if person_id else None


def _replanned(row: Any) -> Replanned:
    before = row.content["from"]
    return Replanned(row.at, datetime.fromisoformat(before) if before else None)
