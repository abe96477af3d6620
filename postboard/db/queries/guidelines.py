"""Guidelines as they are read: what holds for a client, who has read it, what was published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.guideline_models import (
    AGENCY,
    GuidelineReading,
    GuidelineText,
    GuidelineVersion,
)
from postboard.db.models import Client, Membership, Person, Post, Revision, Waiver, table_of
from postboard.db.queries.scope import visible_posts
from postboard.domain.checks import Guided
from postboard.domain.content import Words, words_from_json
from postboard.domain.errors import NotFound
from postboard.domain.guideline_checks import Asked
from postboard.domain.guidelines import Guideline, Section, guideline_from_json, together
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.rules import Passage
from postboard.domain.workflow import SPECS, State

OPEN: Final = tuple(state for state in State if not SPECS[state].finished)

# Every submit asks this: past the ORM.
_TEXT, _VERSION = table_of(GuidelineText), table_of(GuidelineVersion)
_CLIENT = table_of(Client)
_HOLDS = and_(_VERSION.c.owner == _TEXT.c.owner, _VERSION.c.number == _TEXT.c.published)
_JSON: Final = TypeAdapter(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Holding:
    """The version of a guideline that holds; `client` is empty for the agency's."""

    id: UUID
    owner: str
    client: str
    number: int
    published_at: datetime
    who: str
    note: str
    guideline: Guideline
    must_be_read: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written; without a row nothing was, and `version` is 0."""

    owner: str
    version: int
    guideline: Guideline
    is_draft: bool
    published: int
    must_be_read: bool
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the list of what was published."""

    number: int
    note: str
    who: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whom a guideline is for, and the newest version that they acknowledged."""

    person_id: UUID
    name: str
    number: int
    """0: none yet."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenPost:
    id: UUID
    key: str
    title: str
    client_id: UUID
    planned_at: datetime | None
    words: Words
    zone: ZoneInfo
    ready_at: datetime | None
    waived: frozenset[str]

    def guided(self, asked: tuple[Asked, ...]) -> Guided:
        return Guided(asked, self.zone, self.ready_at)


def owner_of(client_id: UUID | None) -> str:
    return AGENCY if client_id is None else client_id.hex


def find_owner(session: Session, actor: Actor, client_id: UUID | None) -> str:
    """The name of the client that the guideline is of, empty for the agency's.

    Raises:
        NotFound: it is not this actor's to read: guidelines are for the agency's staff.
    """
    if client_id is None:
        if not actor.is_staff:
            raise NotFound
        return ""
    name = session.execute(
        select(col(Client.name)).where(col(Client.id) == client_id, _of_staff(actor))
    ).scalar_one_or_none()
    if name is None:
        raise NotFound
    return name


def draft(session: Session, client_id: UUID | None) -> Draft:
    row = session.execute(
        select(GuidelineText).where(col(GuidelineText.owner) == owner_of(client_id))
    ).scalar_one_or_none()
    if row is None:
        return Draft(owner_of(client_id), 0, Guideline(), False, 0, False, "", None)
    return Draft(
        row.owner,
        row.version,
        guideline_from_json(row.content),
        row.is_draft,
        row.published,
        row.must_be_read,
        row.changed_by,
        row.changed_at,
    )


def holding(session: Session, owners: Sequence[str] | None = None) -> list[Holding]:
    """What holds, the agency's first; of all owners where none are named."""
    rows: Any = session.execute(
        select(
            _VERSION.c.id,
            _VERSION.c.owner,
            _CLIENT.c.name,
            _VERSION.c.number,
            _VERSION.c.published_at,
            _VERSION.c.person_name,
            _VERSION.c.note,
            cast(_VERSION.c.content, Text),
            _TEXT.c.must_be_read,
        )
        .join(_TEXT, _HOLDS)
        .outerjoin(_CLIENT, _CLIENT.c.id == _VERSION.c.client_id)
        .where(true() if owners is None else _VERSION.c.owner.in_(owners))
        .order_by(_CLIENT.c.name.is_not(None), _CLIENT.c.name)
    )
    return [
        Holding(key, owner, client or "", number, at, who, note, _read(content), must)
        for key, owner, client, number, at, who, note, content, must in rows
    ]


def is_published(session: Session, client_id: UUID) -> bool:
    """Whether the client has a guideline of its own beside the agency's."""
    row = select(_TEXT.c.owner).where(_TEXT.c.owner == owner_of(client_id), _TEXT.c.published > 0)
    return session.execute(row).first() is not None


def asked_of(session: Session, client_id: UUID) -> tuple[Asked, ...]:
    """The rules that hold for a client's posts."""
    found = {one.owner: one for one in holding(session, [AGENCY, client_id.hex])}
    return asked_by(found.get(AGENCY), found.get(client_id.hex))


def asked_by(agency: Holding | None, own: Holding | None) -> tuple[Asked, ...]:
    """Of both together: where the client's section stands instead, the agency's does not hold."""
    return tuple(
        Asked(placed.rule, Passage(section.key, section.title, holds.number, holds.client))
        for section, of_agency in together(_written(agency), _written(own))
        for placed in section.placed_rules()
        if (holds := agency if of_agency else own)
    )


def sections_for(session: Session, client_id: UUID) -> list[tuple[Section, Holding]]:
    """What holds for a client, and which guideline each section is of."""
    found = {one.owner: one for one in holding(session, [AGENCY, client_id.hex])}
    agency, own = found.get(AGENCY), found.get(client_id.hex)
    return [
        (section, holds)
        for section, of_agency in together(_written(agency), _written(own))
        if (holds := agency if of_agency else own)
    ]


def readable(session: Session, actor: Actor) -> list[Holding]:
    """Every guideline that this actor may read, as it holds."""
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    if mine is None:
        return holding(session)
    owners = [AGENCY] if actor.is_staff else []
    return holding(session, [*owners, *(one.hex for one in mine)])


def unread_count(session: Session, actor: Actor) -> int:
    """How many guidelines that this person may read hold in a version they have not acknowledged;
    the door to them says it on every page.
    """
    if actor.user_id is None or not actor.is_staff:
        return 0
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    owners = None if mine is None else [AGENCY, *(one.hex for one in mine)]
    reading = table_of(GuidelineReading)
    has_read = exists().where(
        reading.c.version_id == _VERSION.c.id, reading.c.person_id == actor.user_id
    )
    return session.execute(
        select(func.count())
        .select_from(_TEXT)
        .join(_VERSION, _HOLDS)
        .where(~has_read, true() if owners is None else _TEXT.c.owner.in_(owners))
    ).scalar_one()


def networks_of(session: Session, actor: Actor, post_id: UUID) -> tuple[UUID, list[str]]:
    """The client of a post, and the networks that it is for.

    Raises:
        NotFound: it is not theirs, or the actor is the client.
    """
    row: Any = session.execute(
        select(col(Post.client_id), col(Revision.networks))
        .join(
            Revision,
            and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision)),
        )
        .where(col(Post.id) == post_id, visible_posts(actor))
    ).one_or_none()
    if row is None or not actor.may(Permission.SEE_ALL_STATES, row.client_id):
        raise NotFound
    return row.client_id, row.networks


def versions(session: Session, client_id: UUID | None) -> list[Version]:
    """The newest first."""
    rows: Any = session.execute(
        select(_VERSION.c.number, _VERSION.c.note, _VERSION.c.person_name, _VERSION.c.published_at)
        .where(_VERSION.c.owner == owner_of(client_id))
        .order_by(_VERSION.c.number.desc())
    )
    return [Version(*row) for row in rows]


def version(session: Session, client_id: UUID | None, number: int) -> Guideline:
    """As it was published.

    Raises:
        NotFound: there is no such version.
    """
    content = session.execute(
        select(cast(_VERSION.c.content, Text)).where(
            _VERSION.c.owner == owner_of(client_id), _VERSION.c.number == number
        )
    ).scalar_one_or_none()
    if content is None:
        raise NotFound
    return _read(content)


def readers(session: Session, client_id: UUID | None) -> list[Reader]:
    """Whom it is for: the agency's staff, or those who work for the client; who has not read it
    comes first.
    """
    newest: dict[UUID, tuple[int, datetime]] = {}
    rows: Any = session.execute(
        select(col(GuidelineReading.person_id), _VERSION.c.number, col(GuidelineReading.at))
        .join(_VERSION, _VERSION.c.id == col(GuidelineReading.version_id))
        .where(_VERSION.c.owner == owner_of(client_id))
        .order_by(_VERSION.c.number)
    )
    for person_id, number, at in rows:
        newest[person_id] = (number, at)
    people: Any = session.execute(
        select(col(Person.id), col(Person.name))
        .where(col(Person.disabled_at).is_(None), _works_for(client_id))
        .order_by(col(Person.name), col(Person.id))
    )
    found = [Reader(key, name, *newest.get(key, (0, None))) for key, name in people]
    return sorted(found, key=lambda one: one.number)


def read_versions(session: Session, person_id: UUID) -> dict[str, int]:
    """The newest version of each guideline that somebody acknowledged, by its owner."""
    rows: Any = session.execute(
        select(_VERSION.c.owner, _VERSION.c.number)
        .join(GuidelineReading, col(GuidelineReading.version_id) == _VERSION.c.id)
        .where(col(GuidelineReading.person_id) == person_id)
        .order_by(_VERSION.c.number)
    )
    return {owner: number for owner, number in rows}  # noqa: C416 - a Row is no pair to dict()


def open_posts(session: Session, actor: Actor, client_id: UUID | None) -> Iterator[OpenPost]:
    """Those that still have to be right: of one client, or of all that the actor works for."""
    waived = _waived(session, client_id)
    own = [col(getattr(Revision, name)) for name in Words.__dataclass_fields__]
    rows: Any = session.execute(
        select(
            col(Post.id),
            col(Client.key),
            col(Post.number),
            col(Post.client_id),
            col(Post.planned_at),
            col(Client.zone),
            col(Revision.frozen_at),
            *own,
        )
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision)),
        )
        .where(col(Post.state).in_(OPEN), _of_client(client_id), _of_staff(actor))
        .order_by(col(Client.key), col(Post.number))
        .execution_options(yield_per=500)
    )
    for key, client_key, number, of, planned_at, zone, frozen_at, *stored in rows:
        words = words_from_json(dict(zip(Words.__dataclass_fields__, stored, strict=True)))
        yield OpenPost(
            key,
            f"{client_key}-{number}",
            words.title or words.caption[:80],
            of,
            planned_at,
            words,
            ZoneInfo(zone),
            frozen_at,
            frozenset(waived.get(key, ())),
        )


def _waived(session: Session, client_id: UUID | None) -> dict[UUID, list[str]]:
    rows: Any = session.execute(
        select(col(Waiver.post_id), col(Waiver.finding))
        .join(Post, col(Post.id) == col(Waiver.post_id))
        .where(col(Post.state).in_(OPEN), _of_client(client_id))
    )
    found: dict[UUID, list[str]] = {}
    for post_id, finding in rows:
        found.setdefault(post_id, []).append(finding)
    return found


def _of_client(client_id: UUID | None) -> ColumnElement[bool]:
    return true() if client_id is None else col(Post.client_id) == client_id


def _of_staff(actor: Actor) -> ColumnElement[bool]:
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    if mine is None:
        return true()
    return col(Client.id).in_(mine) if mine else false()


def _works_for(client_id: UUID | None) -> ColumnElement[bool]:
    members = select(col(Membership.person_id)).where(col(Membership.role).in_(STAFF_ROLES))
    if client_id is not None:
        members = members.where(col(Membership.client_id) == client_id)
    return or_(col(Person.agency_role).is_not(None), col(Person.id).in_(members))


def _written(holds: Holding | None) -> Guideline:
    return holds.guideline if holds else Guideline()


@lru_cache(64)
def _read(content: str) -> Guideline:
    """A version never changes: it is read once."""
    return guideline_from_json(_JSON.validate_json(content))
