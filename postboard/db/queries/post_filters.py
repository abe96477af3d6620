"""What the filters of the board, the calendar and the exports ask of a post."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision, Task, table_of
from postboard.db.queries import absences, at_risk
from postboard.db.queries.waiting import waits_for
from postboard.db.types import Instant
from postboard.domain.permissions import Actor
from postboard.domain.tasks import UNFINISHED
from postboard.domain.workflow import SPECS, State

SEARCH_MAX = 100
WAITS_FOR_ME = "me"
"""Among the people of the filter: what this very person is asked to decide."""


class Due(StrEnum):
    """What the filter by due time offers."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    AT_RISK = "at_risk"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    client: str = ""
    person: str = ""
    campaign: str = ""
    network: str = ""
    due: str = ""
    text: str = ""
    cancelled: bool = False


_POST, _TASK = table_of(Post), table_of(Task)


def matching(
    session: Session, actor: Actor, filters: Filters, now: datetime
) -> list[ColumnElement[bool]]:
    """All that the filters ask of a post, here and on the calendar."""
    asked = conditions(session, actor, filters, now)
    if filters.due == Due.AT_RISK:
        asked.append(_POST.c.id.in_(at_risk.posts_at_risk(session, actor, now=now)))
    return asked


def conditions(
    session: Session, actor: Actor, filters: Filters, now: datetime
) -> list[ColumnElement[bool]]:
    """What the filters ask of a post, but for what only the past tells, as `matching` does."""
    conditions: list[ColumnElement[bool]] = []
    if filters.client:
        client_id = select(col(Client.id)).where(col(Client.key) == filters.client)
        conditions.append(col(Post.client_id).in_(client_id))
    if filters.person == WAITS_FOR_ME:
        away = absences.stood_in_for(session, actor, now)
        conditions.append(waits_for(actor, away))
    elif filters.person:
        conditions.append(_held_by(key_of(filters.person)))
    if filters.campaign:
        conditions.append(col(Post.campaign_id) == key_of(filters.campaign))
    if filters.network:
        quoted = f'"{filters.network}"'
        conditions.append(_revision_has(cast(col(Revision.networks), String).contains(quoted)))
    if filters.text:
        text = filters.text[:SEARCH_MAX]
        words = or_(
            col(Revision.caption).icontains(text, autoescape=True),
            col(Revision.title).icontains(text, autoescape=True),
        )
        conditions.append(or_(_revision_has(words), *_by_key(text)))
    if filters.due and filters.due != Due.AT_RISK:
        conditions += _due(Due(filters.due), now)
    return conditions


def _held_by(person_id: UUID) -> ColumnElement[bool]:
    """Who holds the post, or has something left to do for it."""
    tasks = select(_TASK.c.post_id).where(
        _TASK.c.assignee_id == person_id, _TASK.c.status.in_(sorted(UNFINISHED))
    )
    return or_(_POST.c.assignee_id == person_id, _POST.c.id.in_(tasks))


def _revision_has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(Revision.post_id) == col(Post.id),
            col(Revision.number) == col(Post.revision),
            condition,
        )
        .correlate(_POST)
    )


def _by_key(text: str) -> list[ColumnElement[bool]]:
    """A search for ACME-12 finds that post."""
    key, _, number = text.strip().upper().rpartition("-")
    if not (key and number.isdecimal() and len(number) < 10):  # noqa: PLR2004 - fits an integer
        return []
    client_id = select(col(Client.id)).where(col(Client.key) == key)
    return [and_(col(Post.client_id).in_(client_id), col(Post.number) == int(number))]


def _due(due: Due, now: datetime) -> list[ColumnElement[bool]]:
    at = func.coalesce(col(Post.due_at), col(Post.planned_at), type_=Instant())
    if due is Due.NONE:
        return [at.is_(None)]
    if due is Due.LATE:
        open_states = [s for s, spec in SPECS.items() if not spec.finished]
        return [at < now, col(Post.state).in_(open_states), col(Post.state) != State.SCHEDULED]
    days = {Due.TODAY: 1, Due.WEEK: 7}[due]
    return [at >= now - timedelta(hours=12), at < now + timedelta(days=days)]


def key_of(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        return UUID(int=0)
