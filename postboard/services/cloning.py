"""Posts once more: on dates by a rule, a week or a campaign at another time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post
from postboard.db.queries.scope import visible_posts
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput, NotFound, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.recurrence import TIMES_MAX, Occurrence, Rule, occurrences
from postboard.domain.workflow import State
from postboard.services import post_rows, posting_days, posts
from postboard.services.post_words import words_of
from postboard.services.posts import NewPost
from postboard.services.steps import NeedsTime

CLONED_MAX: Final = 200
WEEK: Final = timedelta(days=7)


def preview(session: Session, actor: Actor, post_id: UUID, rule: Rule) -> list[Occurrence]:
    """The dates on which the post would come again, its own first; which of them fall out.

    Raises:
        NotFound: it is not this actor's.
        NeedsTime: it has no time to begin with.
        BadInput: the rule is outside its limits.
    """
    post = post_rows.find(session, actor, post_id)
    if post.planned_at is None:
        raise NeedsTime
    days = posting_days.of_client(session, post.client_id)
    return occurrences(rule.checked(), post.planned_at, days.zone, days.closed)


def repeat(
    session: Session,
    actor: Actor,
    post_id: UUID,
    times: Sequence[datetime],
    *,
    version: int,
    now: datetime,
) -> list[UUID]:
    """A draft with the post's words at each of these times, as chosen from a preview.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
        BadInput: none or too many are chosen.
    """
    post = post_rows.find(session, actor, post_id)
    if post.version != version:
        raise Stale
    if not 1 <= len(times) <= TIMES_MAX:
        raise BadInput("Choose from 1 to {limit} dates.", limit=TIMES_MAX)
    original = _originals(session, actor, post.client_id, [col(Post.id) == post_id])[0]
    news = [_copy(session, original, at, original.campaign_id) for at in sorted(set(times))]
    return posts.create_many(session, actor, post.client_id, news, now=now)


def clone_week(
    session: Session,
    actor: Actor,
    client_id: UUID,
    first_day: date,
    to_day: date,
    *,
    now: datetime,
) -> list[UUID]:
    """The posts of the seven days from `first_day`, as drafts that many days later, at the same
    time on the client's clock.
    """
    zone = _zone(session, actor, client_id)
    since = to_utc(datetime.combine(first_day, datetime.min.time()), zone)
    until = to_utc(datetime.combine(first_day + WEEK, datetime.min.time()), zone)
    which = [col(Post.planned_at) >= since, col(Post.planned_at) < until]
    originals = _originals(session, actor, client_id, which)
    return _later(session, actor, client_id, originals, to_day - first_day, zone, None, now)


def clone_campaign(
    session: Session,
    actor: Actor,
    client_id: UUID,
    campaign_id: UUID,
    to_campaign_id: UUID,
    by: timedelta,
    *,
    now: datetime,
) -> list[UUID]:
    """A campaign's posts as drafts of another one of the same client, so many days later."""
    zone = _zone(session, actor, client_id)
    originals = _originals(session, actor, client_id, [col(Post.campaign_id) == campaign_id])
    return _later(session, actor, client_id, originals, by, zone, to_campaign_id, now)


def _later(
    session: Session,
    actor: Actor,
    client_id: UUID,
    originals: Sequence[Any],
    by: timedelta,
    zone: ZoneInfo,
    campaign_id: UUID | None,
    now: datetime,
) -> list[UUID]:
    if len(originals) > CLONED_MAX:
        raise BadInput("Copy at most {limit} posts at once.", limit=CLONED_MAX)
    news = [
        _copy(
            session,
            one,
            _moved(one.planned_at, timedelta(days=by.days), zone),
            campaign_id or one.campaign_id,
        )
        for one in originals
    ]
    return posts.create_many(session, actor, client_id, news, now=now)


def _originals(session: Session, actor: Actor, client_id: UUID, which: Sequence[Any]) -> list[Any]:
    """Not the cancelled ones."""
    if not actor.may(Permission.SEE_ALL_STATES, client_id):
        raise NotFound
    rows = session.execute(
        select(
            col(Post.id),
            col(Post.revision),
            col(Post.planned_at),
            col(Post.campaign_id),
        )
        .where(
            visible_posts(actor),
            col(Post.client_id) == client_id,
            col(Post.state) != State.CANCELLED,
            *which,
        )
        .order_by(col(Post.planned_at), col(Post.number))
        .limit(CLONED_MAX + 1)
    )
    found = list(rows)
    if not found:
        raise NotFound
    return found


def _copy(
    session: Session, original: Any, planned_at: datetime | None, campaign_id: UUID | None
) -> NewPost:
    return NewPost(words_of(session, original.id, original.revision), planned_at, campaign_id)


def _moved(at: datetime | None, by: timedelta, zone: ZoneInfo) -> datetime | None:
    return to_utc(at.astimezone(zone).replace(tzinfo=None) + by, zone) if at else None


def _zone(session: Session, actor: Actor, client_id: UUID) -> ZoneInfo:
    if not actor.may(Permission.SEE_ALL_STATES, client_id):
        raise NotFound
    return ZoneInfo(
        session.execute(select(col(Client.zone)).where(col(Client.id) == client_id)).scalar_one()
    )
