"""The board: the first cards of every column, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Event, Person, Post, Revision, Task, table_of
from postboard.db.queries.instants import stamp
from postboard.db.queries.post_filters import Filters, matching
from postboard.db.queries.scope import visible_posts
from postboard.domain.permissions import Actor
from postboard.domain.tasks import UNFINISHED, TaskStatus
from postboard.domain.workflow import BOARD_COLUMNS, Column, State

CARD_TEXT_MAX = 140


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. Instants are ISO text, `text` is the beginning of the words."""

    id: str
    client: str
    number: int
    version: int
    column: str
    state: str
    rank: int
    text: str
    networks: list[str]
    picture: str
    planned_at: str
    due_at: str
    rounds: int
    who: str
    ready: bool
    since: str
    others: int
    """How many people beside `who` have an unfinished task."""
    sent_back: bool
    """A task of it came back, and whoever assigned it has not answered."""


@dataclass(frozen=True, slots=True)
class ColumnOfCards:
    key: str
    total: int
    cards: list[Card]


_POST, _REVISION = table_of(Post), table_of(Revision)
_CLIENT, _PERSON, _TASK = table_of(Client), table_of(Person), table_of(Task)
_OTHERS = (
    select(func.count(_TASK.c.assignee_id.distinct()))
    .where(
        _TASK.c.post_id == _POST.c.id,
        _TASK.c.status.in_(sorted(UNFINISHED)),
        _TASK.c.assignee_id != _POST.c.assignee_id,
    )
    .correlate(_POST)
    .scalar_subquery()
)
_SENT_BACK = (
    exists()
    .where(_TASK.c.post_id == _POST.c.id, _TASK.c.status == TaskStatus.SENT_BACK)
    .correlate(_POST)
)
# Read after every move, by everybody who sees it: built once, past the ORM.
_CARDS = (
    select(
        _POST.c.id,
        _CLIENT.c.key,
        _POST.c.number,
        _POST.c.version,
        _POST.c.board_column,
        _POST.c.state,
        _POST.c.rank,
        func.substr(_REVISION.c.title, 1, CARD_TEXT_MAX),
        func.substr(_REVISION.c.caption, 1, CARD_TEXT_MAX),
        _REVISION.c.networks,
        _REVISION.c.media,
        _POST.c.planned_at,
        _POST.c.due_at,
        _POST.c.rounds,
        _PERSON.c.name,
        _POST.c.ready,
        _POST.c.state_since,
        _OTHERS,
        _SENT_BACK,
    )
    .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
    .join(
        _REVISION,
        and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision),
    )
    .outerjoin(_PERSON, _PERSON.c.id == _POST.c.assignee_id)
    .order_by(_POST.c.rank, _POST.c.id)
)


def columns(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, size: int
) -> list[ColumnOfCards]:
    """Every column with its count and its first `size` cards: two queries at any size."""
    shown = _shown_columns(filters)
    where = [visible_posts(actor), *matching(session, actor, filters, now)]
    totals = _totals(session, where)
    parts = [
        select(_first(column, where, size).subquery()) for column in shown if totals.get(column)
    ]
    cards: dict[str, list[Card]] = {column: [] for column in shown}
    if parts:
        for card in _cards(session, [_among(union_all(*parts))]):
            cards[card.column].append(card)
    return [ColumnOfCards(key, totals.get(key, 0), cards[key]) for key in shown]


def more(
    session: Session,
    actor: Actor,
    filters: Filters,
    column: Column,
    *,
    after_rank: int,
    size: int,
    now: datetime,
) -> list[Card]:
    """The next cards of one column, below a rank."""
    where = [
        visible_posts(actor),
        *matching(session, actor, filters, now),
        col(Post.rank) > after_rank,
    ]
    return _cards(session, [_among(_first(column, where, size))])


def newest(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, size: int
) -> list[Card]:
    """The newest few posts that match, in whichever column they stand."""
    where = [
        visible_posts(actor),
        *matching(session, actor, filters, now),
        col(Post.board_column).in_(_shown_columns(filters)),
    ]
    newest_first = (col(Post.created_at).desc(), col(Post.number).desc())
    found = select(col(Post.id)).where(*where).order_by(*newest_first).limit(size)
    return _cards(session, [_among(found)])


def cards_of(
    session: Session, actor: Actor, filters: Filters, ids: Sequence[UUID], *, now: datetime
) -> list[Card]:
    """Those of the posts that this actor sees under these filters."""
    where = [
        visible_posts(actor),
        *matching(session, actor, filters, now),
        _POST.c.id.in_(ids),
        _POST.c.board_column.in_(_shown_columns(filters)),
    ]
    return _cards(session, where)


def totals(session: Session, actor: Actor, filters: Filters, *, now: datetime) -> dict[str, int]:
    counted = _totals(session, [visible_posts(actor), *matching(session, actor, filters, now)])
    return {column: counted.get(column, 0) for column in _shown_columns(filters)}


def newest_event(session: Session) -> int:
    """The event that a read in the same transaction is as new as."""
    return session.execute(select(func.max(col(Event.id)))).scalar_one() or 0


def _shown_columns(filters: Filters) -> list[Column]:
    return [*BOARD_COLUMNS, Column.CANCELLED] if filters.cancelled else list(BOARD_COLUMNS)


def _totals(session: Session, where: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    rows = session.execute(
        select(col(Post.board_column), func.count()).where(*where).group_by(col(Post.board_column))
    )
    return {column: count for column, count in rows}  # noqa: C416 - a Row is no pair to dict()


def _first(column: Column, where: Sequence[ColumnElement[bool]], size: int) -> Select[Any]:
    return (
        select(col(Post.id))
        .where(col(Post.board_column) == column, *where)
        .order_by(col(Post.rank), col(Post.id))
        .limit(size)
    )


def _among(ids: Select[Any] | CompoundSelect[Any]) -> ColumnElement[bool]:
    """A table of its own, or the inner posts would be taken for the outer ones."""
    return _POST.c.id.in_(select(ids.subquery().c.id))


def _cards(session: Session, where: Sequence[ColumnElement[bool]]) -> list[Card]:
    """The cards of some posts, in the order they stand on the board."""
    rows: Any = session.execute(_CARDS.where(*where))
    return [_card(*row) for row in rows]


def _card(
    post_id: UUID,
    client_key: str,
    number: int,
    version: int,
    column: Column,
    state: State,
    rank: int,
    title: str,
    caption: str,
    networks: list[str],
    media: list[dict[str, str]],
    planned_at: datetime | None,
    due_at: datetime | None,
    rounds: int,
    who: str | None,
    ready: bool,
    since: datetime,
    others: int,
    sent_back: bool,
) -> Card:
    return Card(
        id=post_id.hex,
        client=client_key,
        number=number,
        version=version,
        column=column,
        state=state,
        rank=rank,
        text=" ".join((title or caption).split()),
        networks=networks,
        picture=media[0]["url"] if media else "",
        planned_at=stamp(planned_at),
        due_at=stamp(due_at),
        rounds=rounds,
        who=who or "",
        ready=ready,
        since=stamp(since),
        others=others,
        sent_back=bool(sent_back),
    )
