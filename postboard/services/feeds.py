"""Calendars that people subscribe to: a secret address each, which its owner can end.

An address belongs to its person, not to the visit in which it was made: it shows what they may
see until they end it, they leave the client, or (a reviewer's) their links are ended by hand. A
link that expires ends no calendar.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Component,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
)
from icalendar import Event as Appointment
from sqlalchemy import false, func, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Client
from postboard.db.planning_models import Feed
from postboard.db.queries import calendar
from postboard.db.queries.calendar import Entry
from postboard.db.queries.post_filters import Filters
from postboard.db.queries.scope import visible_clients
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import sign_in, tokens
from postboard.services.events import Fact, record

T = TypeVar("T", bound=Component)

FEEDS_MAX: Final = 20
"""Of one person."""
PAST: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=400)
LASTS: Final = timedelta(minutes=15)
"""A post takes no time, but calendars show none that short."""
NOTED_AFTER: Final = timedelta(hours=1)
"""Calendars ask often; that a feed is in use is not written down each time."""
_STATUS: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys((State.APPROVED, State.SCHEDULED, State.PUBLISHED), "CONFIRMED")
)


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One of somebody's feeds; without a client it shows what is theirs to do."""

    id: UUID
    client_id: UUID | None
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A client whose plan somebody may subscribe to."""

    id: UUID
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a feed shows: its name, the entries, and the clock of each entry's client."""

    name: str
    entries: tuple[Entry, ...]
    zones: Mapping[str, str]
    is_staff: bool


def offered(session: Session, actor: Actor) -> list[Offered]:
    """The actor's clients by name."""
    rows: Any = session.execute(
        select(col(Client.id), col(Client.key), col(Client.name))
        .where(visible_clients(actor))
        .order_by(func.lower(col(Client.name)))
    )
    return [Offered(*row) for row in rows]


def subscribe(session: Session, actor: Actor, client_id: UUID | None, *, now: datetime) -> str:
    """A new feed of a client's posts, or (None) of those that the actor holds or works on.

    Where the actor came by a link for one client, a feed of all of theirs is that client's: it
    shows no more than the visit did.

    Returns:
        The token of its address, which nobody can read again.

    Raises:
        NotFound: the client is not this actor's.
        BadInput: they have too many.
    """
    client_id = client_id or _only_client(session, actor)
    if client_id is not None:
        _name(session, actor, client_id)
    if len(mine(session, actor)) >= FEEDS_MAX:
        raise BadInput("You have {limit} calendars already. End one first.", limit=FEEDS_MAX)
    token = tokens.new()
    row = {"token_digest": tokens.digest_of(token), "client_id": client_id, "created_at": now}
    session.execute(insert(Feed), [{"person_id": actor.user_id, **row}])
    _record(session, actor, "person.feed_made", client_id, now)
    return token


def end_of(
    session: Session, person_id: UUID, client_ids: Collection[UUID | None], *, now: datetime
) -> None:
    """End somebody's feeds of these clients; None stands for those of all of theirs."""
    named = [one for one in client_ids if one]
    of_all = col(Feed.client_id).is_(None) if None in client_ids else false()
    session.execute(
        update(Feed)
        .where(
            col(Feed.person_id) == person_id,
            or_(col(Feed.client_id).in_(named), of_all),
            col(Feed.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def mine(session: Session, actor: Actor) -> list[Subscribed]:
    """The actor's feeds that stand, the newest first."""
    rows: Any = session.execute(
        select(col(Feed.id), col(Feed.client_id), col(Feed.created_at), col(Feed.used_at))
        .where(col(Feed.person_id) == actor.user_id, col(Feed.revoked_at).is_(None))
        .order_by(col(Feed.created_at).desc(), col(Feed.id))
    )
    return [Subscribed(*row) for row in rows]


def revoke(session: Session, actor: Actor, feed_id: UUID, *, now: datetime) -> None:
    """End one of the actor's own feeds for good.

    Raises:
        NotFound: it is not theirs, or has ended.
    """
    ended = session.execute(
        update(Feed)
        .where(
            col(Feed.id) == feed_id,
            col(Feed.person_id) == actor.user_id,
            col(Feed.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(ended):
        raise NotFound
    _record(session, actor, "person.feed_ended", None, now)


def read(session: Session, token: str, *, now: datetime) -> Shown:
    """What the feed of this address shows, by its person's rights of today.

    Raises:
        NotFound: there is none, it has ended, or its person or their right is gone.
    """
    row: Any = session.execute(
        select(col(Feed.person_id), col(Feed.client_id)).where(
            col(Feed.token_digest) == tokens.digest_of(token), col(Feed.revoked_at).is_(None)
        )
    ).one_or_none()
    actor = row and sign_in.actor_of(session, row.person_id)
    if not actor:
        raise NotFound
    if row.client_id is None:
        name, filters = actor.name, Filters(person=row.person_id.hex)
    else:
        name, key = _name(session, actor, row.client_id)
        filters = Filters(client=key)
    view = calendar.between(session, actor, filters, now - PAST, now + AHEAD, now=now)
    zones: Any = session.execute(
        select(col(Client.key), col(Client.zone)).where(visible_clients(actor))
    )
    known = {key: zone for key, zone in zones}  # noqa: C416 - a Row is no pair to dict()
    return Shown(name, view.entries, known, actor.is_staff)


def note_use(session: Session, token: str, *, now: datetime) -> None:
    """Let its owner see that the feed is in use."""
    long_ago = or_(col(Feed.used_at).is_(None), col(Feed.used_at) < now - NOTED_AFTER)
    session.execute(
        update(Feed)
        .where(col(Feed.token_digest) == tokens.digest_of(token), long_ago)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def as_icalendar(shown: Shown, base_url: str, *, now: datetime) -> bytes:
    """RFC 5545: times on the clock of each client, with the rules of its zone."""
    properties = {
        "prodid": "-//Postboard//Plan//EN",
        "version": "2.0",
        "x-wr-calname": shown.name,
    }
    told = _filled(Calendar(), properties)
    for zone in sorted({shown.zones[entry.client] for entry in shown.entries}):
        told.add_component(_rules(ZoneInfo(zone), now - PAST, now + AHEAD))
    for entry in shown.entries:
        told.add_component(_event(entry, shown, base_url, now))
    return told.to_ical()


def _rules(zone: ZoneInfo, since: datetime, until: datetime) -> Timezone:
    """What clocks of the zone show in this time, change by change, as RFC 5545 wants it: each
    begins at what they showed just before it. (`icalendar` names the hour after a jump.)
    """
    told = _filled(Timezone(), {"tzid": zone.key})
    before = at = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    told.add_component(_observance(zone, at, at))
    while at < until:
        before, at = at, at + timedelta(days=1)
        if _offset(zone, before) != _offset(zone, at):
            told.add_component(_observance(zone, before, _change(zone, before, at)))
    return told


def _observance(
    zone: ZoneInfo, before: datetime, at: datetime
) -> TimezoneStandard | TimezoneDaylight:
    local = at.astimezone(zone)
    kind = TimezoneDaylight if local.dst() else TimezoneStandard
    properties = {
        "dtstart": at.replace(tzinfo=None) + _offset(zone, before),
        "tzoffsetfrom": _offset(zone, before),
        "tzoffsetto": _offset(zone, at),
        "tzname": local.tzname(),
    }
    return _filled(kind(), properties)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute between them at which the clocks change."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // timedelta(minutes=2) * timedelta(minutes=1)
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _event(entry: Entry, shown: Shown, base_url: str, now: datetime) -> Appointment:
    key = f"{entry.client}-{entry.number}"
    local = entry.planned_at.astimezone(ZoneInfo(shown.zones[entry.client]))
    properties = {
        "uid": f"{entry.id}@postboard",
        "sequence": entry.version,
        "dtstamp": now.astimezone(UTC).replace(microsecond=0),
        # Of an hour that the clock shows twice, its name means either, reader by reader.
        "dtstart": entry.planned_at if _comes_twice(local) else local,
        "duration": LASTS,
        "summary": f"{key} {entry.text}".strip(),
        "categories": list(entry.networks),
        "status": _STATUS.get(entry.state, "TENTATIVE"),
        "transp": "TRANSPARENT",
    }
    if shown.is_staff:
        properties["url"] = f"{base_url.rstrip('/')}/post/?key={key}"
    return _filled(Appointment(), properties)


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _filled(component: T, properties: Mapping[str, Any]) -> T:
    whole: Any = component
    for name, value in properties.items():
        whole.add(name, value)
    return component


def _only_client(session: Session, actor: Actor) -> UUID | None:
    """Of somebody on a client's side, and of whoever may do less here than they may elsewhere."""
    if actor.agency_role or len(actor.roles) != 1:
        return None
    whole = actor.user_id and sign_in.actor_of(session, actor.user_id)
    is_whole = whole and (whole.agency_role, whole.roles) == (None, actor.roles)
    return None if actor.is_staff and is_whole else next(iter(actor.roles))


def _name(session: Session, actor: Actor, client_id: UUID) -> tuple[str, str]:
    """What the client is called, and its key."""
    row: Any = session.execute(
        select(col(Client.name), col(Client.key)).where(
            col(Client.id) == client_id, visible_clients(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.name, row.key


def _record(
    session: Session, actor: Actor, kind: str, client_id: UUID | None, now: datetime
) -> None:
    if actor.user_id is None:
        raise NotFound  # the clock has no calendar
    content = {"client": client_id.hex if client_id else ""}
    record(session, actor, Fact(actor.user_id, kind, None, content), now)
