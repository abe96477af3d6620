"""The calendar: the posts of the days in view, as small rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import starmap
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from postboard.db.models import Client, Person, Post, Revision, table_of
from postboard.db.queries.instants import stamp
from postboard.db.queries.post_filters import Filters, matching
from postboard.db.queries.scope import revision_shown, visible_posts
from postboard.domain.permissions import STAFF_ROLES, Actor
from postboard.domain.workflow import State

SHOWN_MAX = 2_000
"""Of one view."""
TEXT_BYTES_MAX = 42
"""In UTF-8: a day's cell shows no more, and a month of posts shall stay small."""
_TEXT_MAX = TEXT_BYTES_MAX + 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One post on the calendar; `text` is the beginning of its words."""

    id: str
    client: str
    number: int
    version: int
    state: str
    planned_at: datetime
    text: str
    networks: tuple[str, ...]
    who: str


@dataclass(frozen=True, slots=True)
class View:
    """The posts of some days in the order of their times; `more`: not all of them fit."""

    since: datetime
    entries: tuple[Entry, ...]
    more: bool

    def as_json(self) -> dict[str, Any]:
        """For a browser, small: what repeats is told once and named by its place in that list.

        A row is id, client, number, version, state, minutes after `since`, text, networks, who.
        """
        names: dict[str, dict[str, int]] = {key: {} for key in _LISTED}
        clients, states, networks, people = (names[key] for key in _LISTED)
        rows = [
            [
                one.id,
                clients.setdefault(one.client, len(clients)),
                one.number,
                one.version,
                states.setdefault(one.state, len(states)),
                (one.planned_at - self.since) // _MINUTE,
                one.text,
                [networks.setdefault(name, len(networks)) for name in one.networks],
                people.setdefault(one.who, len(people)),
            ]
            for one in self.entries
        ]
        listed = {key: list(values) for key, values in names.items()}
        return {"since": stamp(self.since), **listed, "rows": rows, "more": self.more}


_LISTED = ("clients", "states", "networks", "people")
_MINUTE = timedelta(minutes=1)
_POST, _REVISION = table_of(Post), table_of(Revision)
_CLIENT, _PERSON = table_of(Client), table_of(Person)
_COLUMNS = (
    _POST.c.id,
    _CLIENT.c.key,
    _POST.c.number,
    _POST.c.version,
    _POST.c.state,
    _POST.c.planned_at,
    func.substr(_REVISION.c.title, 1, _TEXT_MAX),
    func.substr(_REVISION.c.caption, 1, _TEXT_MAX),
    _REVISION.c.networks,
    _PERSON.c.name,
)


def between(
    session: Session,
    actor: Actor,
    filters: Filters,
    since: datetime,
    until: datetime,
    *,
    states: Sequence[State] = (),
    among: Sequence[UUID] = (),
    now: datetime,
) -> View:
    """What goes out from `since` on and before `until`, of what this actor may see: one query.

    Only of the posts `among`, where some are named. Cancelled posts only where the filters ask
    for them, or `states` names them. The client's
    side filters by client and campaign alone: the rest tells of work that it has not been sent.
    """
    of_client = not actor.every_role <= STAFF_ROLES
    if of_client:
        filters, states = Filters(filters.client, campaign=filters.campaign), ()
    where = [
        visible_posts(actor),
        _POST.c.planned_at >= since,
        _POST.c.planned_at < until,
        *matching(session, actor, filters, now),
        *_in_states(filters, states),
        *([_POST.c.id.in_(among)] if among else []),
    ]
    found = (
        select(*_COLUMNS)
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(
            _REVISION,
            and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == revision_shown(actor)),
        )
        .outerjoin(_PERSON, _PERSON.c.id == _POST.c.assignee_id)
        .where(*where)
        .order_by(_POST.c.planned_at, _POST.c.number, _POST.c.id)
        .limit(SHOWN_MAX + 1)
    )
    rows: Any = session.execute(found).all()
    entries = tuple(starmap(_entry, rows[:SHOWN_MAX]))
    if of_client:  # who is at work on it is the agency's own business
        entries = tuple(replace(one, who="") for one in entries)
    return View(since, entries, len(rows) > SHOWN_MAX)


def _in_states(filters: Filters, states: Sequence[State]) -> list[ColumnElement[bool]]:
    if states:
        return [_POST.c.state.in_(list(states))]
    return [] if filters.cancelled else [_POST.c.state != State.CANCELLED]


def _entry(
    post_id: UUID,
    client_key: str,
    number: int,
    version: int,
    state: State,
    planned_at: datetime,
    title: str,
    caption: str,
    networks: list[str],
    who: str | None,
) -> Entry:
    return Entry(
        post_id.hex,
        client_key,
        number,
        version,
        state,
        planned_at,
        _beginning(" ".join((title or caption).split())),
        tuple(networks),
        who or "",
    )


def _beginning(text: str) -> str:
    """As many whole characters as fit."""
    cut = text.encode()[:TEXT_BYTES_MAX]
    return cut.decode(errors="ignore").rstrip()
