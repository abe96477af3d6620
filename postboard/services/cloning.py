"""Posts once more: on dates by a rule, a week or a campaign at another time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Post
from postboard.db.queries import agreements
from postboard.db.queries.scope import visible_posts
from postboard.domain.clock import to_utc
from postboard.domain.days import DayMark
from postboard.domain.errors import BadInput, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.recurrence import TIMES_MAX, Occurrence, Rule, occurrences
from postboard.domain.workflow import State
from postboard.services import campaigns, post_rows, posting_days, posts
from postboard.services.post_words import words_of
from postboard.services.posts import NewPost
from postboard.services.steps import NeedsTime

CLONED_MAX: Final = 200
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A date of a rule: `local` is its wall time at the client's, None where it falls out."""

    date: Occurrence
    local: datetime | None
    closed_by: DayMark | None
    """What closes the day that the rule names."""


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


def proposed(
    session: Session, actor: Actor, post_id: UUID, rule: Rule, *, language: str = "en"
) -> list[Proposed]:
    """The same, with why a date moved or fell out; holidays are named in `language`."""
    dates = preview(session, actor, post_id, rule)
    days = posting_days.of_client(session, post_rows.find(session, actor, post_id).client_id)
    return [
        Proposed(
            one,
            one.at.astimezone(days.zone).replace(tzinfo=None) if one.at else None,
            days.closed_by(one.rule_day, language=language),
        )
        for one in dates
    ]


def copy(session: Session, actor: Actor, post_id: UUID, *, version: int, now: datetime) -> UUID:
    """A draft with the post's words, campaign and pillar, and no time of its own yet.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
    """
    post = post_rows.find(session, actor, post_id)
    if post.version != version:
        raise Stale
    original = _originals(
        session, actor, post.client_id, [col(Post.id) == post_id], cancelled=True
    )[0]
    new = _copy(session, original, None, original.campaign_id)
    return posts.create(session, actor, post.client_id, new, now=now)


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
    post_rows.need_team(actor, client_id)
    zone = agreements.zone_of(session, client_id)
    try:
        since = to_utc(datetime.combine(first_day, datetime.min.time()), zone)
        until = to_utc(datetime.combine(first_day + WEEK, datetime.min.time()), zone)
    except OverflowError:  # the last or the first days that a calendar knows
        raise BadInput from None
    which = [col(Post.planned_at) >= since, col(Post.planned_at) < until]
    originals = _originals(session, actor, client_id, which)
    return _later(session, actor, client_id, originals, to_day - first_day, zone, None, now)


def repeat_campaign(
    session: Session, actor: Actor, campaign_id: UUID, name: str, first_day: date, *, now: datetime
) -> list[UUID]:
    """A campaign of that name with the same goal and mix, begun on that day, and its posts.

    It counts from the campaign's first day; one without days from its first planned post.

    Raises:
        NotFound, NotAllowed: as they say.
        BadInput: it does not fit, the name is taken, or there is nothing to copy.
    """
    client_id = campaigns.client_of(session, actor, campaign_id)
    aim = campaigns.aim_of(session, campaign_id)
    zone = agreements.zone_of(session, client_id)
    originals = _originals(session, actor, client_id, [col(Post.campaign_id) == campaign_id])
    planned = [one.planned_at.astimezone(zone).date() for one in originals if one.planned_at]
    began = aim.starts_on or min(planned, default=first_day)
    by = first_day - began
    try:
        ends_on = aim.ends_on + by if aim.ends_on else None
    except OverflowError:
        raise BadInput from None
    again = replace(aim, name=name, starts_on=first_day, ends_on=ends_on)
    to_campaign_id = campaigns.add(session, actor, client_id, again, now=now)
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


def _originals(
    session: Session,
    actor: Actor,
    client_id: UUID,
    which: Sequence[Any],
    *,
    cancelled: bool = False,
) -> list[Any]:
    """Without the cancelled ones, as a rule."""
    post_rows.need_team(actor, client_id)
    rows = session.execute(
        select(
            col(Post.id),
            col(Post.revision),
            col(Post.planned_at),
            col(Post.campaign_id),
            col(Post.pillar_id),
        )
        .where(
            visible_posts(actor),
            col(Post.client_id) == client_id,
            true() if cancelled else col(Post.state) != State.CANCELLED,
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
    words = words_of(session, original.id, original.revision)
    return NewPost(words, planned_at, campaign_id, pillar_id=original.pillar_id)


def _moved(at: datetime | None, by: timedelta, zone: ZoneInfo) -> datetime | None:
    try:
        return to_utc(at.astimezone(zone).replace(tzinfo=None) + by, zone) if at else None
    except OverflowError:  # the last or the first days that a calendar knows
        raise BadInput from None
