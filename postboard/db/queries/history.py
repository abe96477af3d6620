"""Everything that happened to a post, as lines one can read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Event, Person
from postboard.db.queries.instants import stamp
from postboard.db.queries.scope import find_for_staff
from postboard.domain.content import Words
from postboard.domain.permissions import Actor

SHOWN: Final = 100
ONE_SITTING: Final = timedelta(minutes=10)
"""Edits of one person with less between them are one line."""
_EDITED: Final = "post.edited"
_REVIEWED: Final = frozenset({"post.submit", "post.send_to_client", "post.request_changes"})
_TOLD_AS_THEY_ARE: Final = {
    "pillar": "text",
    "due": "time",
    "urgent": "yes",
    "thread": "thread",
    "round": "text",
    "included": "text",
    "link": "link",
}
_FIELDS: Final = tuple(Words.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Fact:
    """What an event tells beside its sentence; `kind` says how to read the values.

    text, state, time (ISO), link, thread, or yes (the name says it all).
    """

    name: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One fact, or several edits of one sitting: `times` of them, the first `since`.

    `fields` are names of `domain.content.Words`; `review` is the revision that people were asked
    about, 0 where none was.
    """

    position: int
    kind: str
    who: str
    at: str
    since: str
    times: int
    revision: int
    restored_from: int
    review: int
    fields: list[str]
    reason: str
    tags: list[str]
    facts: list[Fact]
    stood_in_for: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest first; `more`: there are older ones."""

    lines: list[Line]
    more: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it is stored."""

    position: int
    kind: str
    actor_id: UUID | None
    who: str
    at: datetime
    content: Mapping[str, Any]


def timeline(session: Session, actor: Actor, post_id: UUID, limit: int = SHOWN) -> Timeline:
    """Raises NotFound for what is not there, not this actor's, or not for the client's side."""
    find_for_staff(session, actor, post_id)
    rows = session.execute(
        select(
            col(Event.position),
            col(Event.kind),
            col(Event.actor_id),
            col(Event.actor_name),
            col(Event.at),
            col(Event.content),
        )
        .where(col(Event.stream_id) == post_id)
        .order_by(col(Event.position).desc())
        .limit(limit + 1)
    )
    events = [Happened(*row) for row in rows]
    return Timeline(lines_of(session, events[:limit]), more=len(events) > limit)


def lines_of(session: Session, events: Sequence[Happened]) -> list[Line]:
    """The events, the newest first, as lines; two statements for any number of them."""
    names = _names(session, events)
    lines: list[Line] = []
    newer: Happened | None = None
    for event in events:
        line = _line(event, names)
        if newer and _one_sitting(newer, event):
            lines[-1] = _joined(lines[-1], line)
        else:
            lines.append(line)
        newer = event
    return lines


def _one_sitting(newer: Happened, older: Happened) -> bool:
    return (
        newer.kind == older.kind == _EDITED
        and newer.actor_id == older.actor_id
        and newer.at - older.at < ONE_SITTING
        and not {"restored_from"} & (newer.content.keys() | older.content.keys())
    )


def _joined(newer: Line, older: Line) -> Line:
    return replace(
        newer,
        since=older.at,
        times=newer.times + 1,
        fields=[name for name in _FIELDS if name in {*newer.fields, *older.fields}],
    )


def _line(event: Happened, names: Mapping[str, str]) -> Line:
    content = event.content
    revision = content.get("revision", 0)
    return Line(
        position=event.position,
        kind=event.kind,
        who=event.who,
        at=stamp(event.at),
        since="",
        times=1,
        revision=revision,
        restored_from=content.get("restored_from", 0),
        review=revision if event.kind in _REVIEWED else 0,
        fields=[name for name in _FIELDS if name in content.get("fields", [])],
        reason=content.get("reason", ""),
        tags=content.get("tags", []),
        facts=[*_facts(event.kind, content, names)],
        stood_in_for=[one["name"] for one in content.get("stood_in_for", ())],
    )


def _facts(kind: str, content: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Fact]:
    yield from _moves(kind, content)
    if people := _people_in(content):
        told = content.get("names") or [names.get(person, "") for person in people]
        yield Fact("person", "text", "", ", ".join(name for name in told if name))
    if "campaign" in content:
        yield Fact("campaign", "text", "", names.get(_hex(content["campaign"]), ""))
    for name, kind_of_value in _TOLD_AS_THEY_ARE.items():
        if content.get(name) or (name == "pillar" and name in content):
            yield Fact(name, kind_of_value, "", str(content[name]))


def _moves(kind: str, content: Mapping[str, Any]) -> Iterable[Fact]:
    before, after = content.get("from"), content.get("to")
    if kind == "post.replanned":
        yield Fact("planned", "time", before or "", after or "")
    elif before != after:
        yield Fact("state", "state", before or "", after or "")


def _names(session: Session, events: Sequence[Happened]) -> dict[str, str]:
    """What the people and campaigns are called that the events know by id."""
    people = {id_ for event in events for id_ in _people_in(event.content)}
    campaigns = {
        _hex(event.content["campaign"]) for event in events if event.content.get("campaign")
    }
    names: dict[str, str] = {}
    for table, ids in ((Person, people), (Campaign, campaigns)):
        rows = session.execute(
            select(col(table.id), col(table.name)).where(col(table.id).in_(map(UUID, ids)))
        )
        names |= {id_.hex: name for id_, name in rows}
    return names


def _people_in(content: Mapping[str, Any]) -> list[str]:
    return [_hex(one) for one in [content.get("assignee"), *content.get("people", [])] if one]


def _hex(id_: str) -> str:
    return id_.replace("-", "")
