"""Saying by hand which post of ours a measured one is: what is asked about, and what it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import MetricPost, MetricSnapshot
from postboard.db.models import Client, Post, Revision, table_of
from postboard.db.queries.scope import measured_clients, visible_posts
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.matching import LinkedBy
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import State

OFFERED: Final = 8
OUTSIDE_SHOWN: Final = 50
ASKED_MAX: Final = 80
TEXT_MAX: Final = 140

_MEASURED, _SNAPSHOT = table_of(MetricPost), table_of(MetricSnapshot)
_POST, _CLIENT, _REVISION = table_of(Post), table_of(Client), table_of(Revision)
_SEEN: Final = (
    select(
        _MEASURED.c.id,
        _MEASURED.c.text,
        _MEASURED.c.network,
        _MEASURED.c.published_at,
        _CLIENT.c.zone,
        _CLIENT.c.id.label("client_id"),
        _CLIENT.c.key.label("client_key"),
        _POST.c.number,
        _MEASURED.c.post_id,
    )
    .join(_CLIENT, _CLIENT.c.id == _MEASURED.c.client_id)
    .outerjoin(_POST, _POST.c.id == _MEASURED.c.post_id)
)
_NEAR: Final = timedelta(days=7)
_DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True)
class Offer:
    """A post of ours that it may be."""

    id: str
    key: str
    text: str
    state: State
    planned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Linking:
    """A measured post. `key` and `post_id` (hex) are of the post of ours that it is, "" as it is
    none.
    """

    id: str
    text: str
    network: str
    published_at: datetime | None
    zone: str
    key: str
    post_id: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """A post of an import that no link tells to be ours; `key` where somebody said that it is."""

    id: str
    text: str
    network: str
    published_at: datetime | None
    zone: str
    key: str


def linking(session: Session, actor: Actor, metric_post_id: UUID, asked: str = "") -> Linking:
    """With posts of the same client by key or words; unasked those planned about when it was out.

    Raises:
        NotFound: no such post, or not this actor's.
        NotAllowed: the actor may not import figures there.
    """
    row: Any = session.execute(
        _SEEN.where(_MEASURED.c.id == metric_post_id, measured_clients(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    if not actor.may(Permission.IMPORT_METRICS, row.client_id):
        raise NotAllowed
    seen = _outside(row)
    words = asked.strip()[:ASKED_MAX]
    if words:
        found = _offers(session, actor, row.client_id, _meant(words, row.client_key))
    elif seen.published_at:
        found = _planned_near(session, actor, row.client_id, seen.published_at)
    else:
        found = []
    return Linking(
        id=seen.id,
        text=seen.text,
        network=seen.network,
        published_at=seen.published_at,
        zone=seen.zone,
        key=seen.key,
        post_id=row.post_id.hex if row.post_id else "",
        offers=tuple(found[:OFFERED]),
    )


def outside_of(session: Session, actor: Actor, import_id: UUID) -> tuple[list[Outside], bool]:
    """An import's posts that are not ours by link, id or words, and whether there are more.

    Those of clients for whom the actor may not import figures are left out.
    """
    mine = actor.clients_with(Permission.IMPORT_METRICS)
    rows = session.execute(
        _SEEN.join(_SNAPSHOT, _SNAPSHOT.c.metric_post_id == _MEASURED.c.id)
        .where(
            _SNAPSHOT.c.import_id == import_id,
            measured_clients(actor),
            *([] if mine is None else [_MEASURED.c.client_id.in_(mine)]),
            or_(_MEASURED.c.post_id.is_(None), _MEASURED.c.linked_by == LinkedBy.PERSON),
        )
        .order_by(
            _MEASURED.c.published_on.is_(None), _MEASURED.c.published_on.desc(), _MEASURED.c.id
        )
        .limit(OUTSIDE_SHOWN + 1)
    ).all()
    return [_outside(row) for row in rows[:OUTSIDE_SHOWN]], len(rows) > OUTSIDE_SHOWN


def _outside(row: Any) -> Outside:
    return Outside(
        id=row.id.hex,
        text=_line(row.text),
        network=row.network,
        published_at=row.published_at,
        zone=row.zone,
        key=f"{row.client_key}-{row.number}" if row.number else "",
    )


def _planned_near(session: Session, actor: Actor, client_id: UUID, at: datetime) -> list[Offer]:
    planned = _POST.c.planned_at
    found = _offers(session, actor, client_id, planned.between(at - _NEAR, at + _NEAR), limit=100)
    return sorted(found, key=lambda one: abs((one.planned_at or at) - at))


def _meant(words: str, client_key: str) -> ColumnElement[bool]:
    """ACME-12 and 12 name a post; whatever it is may stand in words too."""
    ways: list[ColumnElement[bool]] = [
        col(Revision.caption).icontains(words, autoescape=True),
        col(Revision.title).icontains(words, autoescape=True),
    ]
    key, _, number = words.upper().rpartition("-")
    if key in {"", client_key} and number.isdecimal() and len(number) <= _DIGITS_MAX:
        ways.append(_POST.c.number == int(number))
    return or_(*ways)


def _offers(
    session: Session,
    actor: Actor,
    client_id: UUID,
    which: ColumnElement[bool],
    limit: int = OFFERED,
) -> list[Offer]:
    """The newest planned first."""
    rows: Any = session.execute(
        select(
            _POST.c.id,
            _CLIENT.c.key,
            _POST.c.number,
            _REVISION.c.title,
            _REVISION.c.caption,
            _POST.c.state,
            _POST.c.planned_at,
        )
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(
            _REVISION,
            and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision),
        )
        .where(visible_posts(actor), _POST.c.client_id == client_id, which)
        .order_by(_POST.c.planned_at.is_(None), _POST.c.planned_at.desc(), _POST.c.number.desc())
        .limit(limit)
    )
    return [
        Offer(post_id.hex, f"{key}-{number}", _line(title or caption), state, planned_at)
        for post_id, key, number, title, caption, state, planned_at in rows
    ]


def _line(text: str) -> str:
    return " ".join(text.split())[:TEXT_MAX]
