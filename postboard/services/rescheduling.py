"""A post's day as it is moved on the calendar: refused with a reason, or moved with a warning."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries import planned
from postboard.db.queries.calendar_days import APART
from postboard.domain.clock import to_utc
from postboard.domain.content import Words
from postboard.domain.days import DayKind, marks
from postboard.domain.errors import BadInput, Refused
from postboard.domain.permissions import Actor
from postboard.domain.planning import left_in, too_little
from postboard.domain.workflow import State
from postboard.services import ideas, post_rows, posting_days, posts, step_times
from postboard.services.post_rows import Found
from postboard.services.posting_days import PostingDays
from postboard.services.posts import NewPost
from postboard.services.steps import NoSuchStep

YEARS: Final = posts.YEARS
USUAL_TIME: Final = time(10)


class TimeStands(Refused):
    sentence = "It is published or cancelled: its time stays as it is."


class ClosedDay(Refused):
    sentence = "Moved, to a day on which nothing of this client goes out as a rule: {name}."


class UnnamedClosedDay(Refused):
    sentence = "Moved, to a day that is closed for this client’s posts."


class TooClose(Refused):
    sentence = "Moved. Less than an hour lies between it and {post} on the same network."


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """`warnings` are refusals that were not made: the move stands."""

    post: Found
    before: datetime | None
    warnings: tuple[Refused, ...] = ()


def reschedule(
    session: Session, actor: Actor, post_id: UUID, at: datetime, *, version: int, now: datetime
) -> Rescheduled:
    """Move the time of publishing to an instant, or to a time on the client's clock.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
        TimeStands: the post is over.
        TimePassed: it is scheduled, and the time has passed.
        BadInput: no calendar goes that far.
    """
    post = post_rows.find(session, actor, post_id)
    days = posting_days.of_client(session, post.client_id)
    at = _instant(at, days)
    try:
        moved = posts.replan(session, actor, post_id, at, version=version, now=now)
    except NoSuchStep:
        raise TimeStands from None
    return Rescheduled(moved, post.planned_at, tuple(_warnings(session, moved, days, now)))


def create_at(
    session: Session, actor: Actor, client_id: UUID, words: Words, at: datetime, *, now: datetime
) -> UUID:
    """A draft for a time on the client's clock, or an instant.

    Raises:
        NotFound, NotAllowed, BadInput: as they say.
    """
    post_rows.need_team(actor, client_id)
    at = _instant(at, posting_days.of_client(session, client_id))
    return posts.create(session, actor, client_id, NewPost(words, at), now=now)


def place_idea(
    session: Session, actor: Actor, idea_id: UUID, at: datetime, *, version: int, now: datetime
) -> Rescheduled:
    """Make an idea a draft of that time.

    Raises:
        NotFound, NotAllowed, Stale, BadInput: as they say.
    """
    post_id = ideas.take_up(session, actor, idea_id, version=version, now=now)
    post = post_rows.find(session, actor, post_id)
    return reschedule(session, actor, post_id, at, version=post.version, now=now)


def free_time(
    session: Session, actor: Actor, client_id: UUID, day: date, *, now: datetime
) -> datetime:
    """A posting time of that day that is free, else ten o'clock, or the next full hour where
    that has passed today; wall time of the client.
    """
    post_rows.need_team(actor, client_id)
    if day.year not in YEARS:
        raise BadInput("Choose a day between the years 2000 and 2100.")
    days = posting_days.of_client(session, client_id)
    usual = datetime.combine(day, USUAL_TIME)
    soon = (now + timedelta(hours=1)).astimezone(days.zone).replace(minute=0, second=0)
    if soon.date() == day:
        usual = max(usual, soon.replace(microsecond=0, tzinfo=None))
    after = max(now, to_utc(datetime.combine(day, time()), days.zone) - timedelta(minutes=1))
    taken = planned.others(session, client_id, UUID(int=0), since=after)
    try:
        free = days.times.next_free(after, days.zone, taken, days.closed)
    except BadInput:
        return usual
    wall = free.astimezone(days.zone).replace(tzinfo=None)
    return wall if wall.date() == day else usual


def _instant(at: datetime, days: PostingDays) -> datetime:
    if at.year not in YEARS:
        raise BadInput("Choose a day between the years 2000 and 2100.")
    return at if at.tzinfo else to_utc(at, days.zone)


def _warnings(session: Session, post: Found, days: PostingDays, now: datetime) -> list[Refused]:
    at = post.planned_at
    if at is None:
        return []
    found: list[Refused] = []
    day = at.astimezone(days.zone).date()
    if day in days.closed:
        closed = days.closed
        special = marks(closed.country, closed.region, days.blackouts, day, day + timedelta(days=1))
        names = [mark.name for mark in special if mark.kind is not DayKind.WORKED and mark.name]
        found.append(ClosedDay(name=names[0]) if names else UnnamedClosedDay())
    if close := _close_to(session, post, at):
        found.append(TooClose(post=close))
    is_planned = left_in(post.state) and step_times.dues(session, post.id)
    if is_planned and (short := too_little(step_times.backward(session, post, at, now), days.zone)):
        found.append(short)
    return found


def _close_to(session: Session, post: Found, at: datetime) -> str:
    """The key of a post of the same client and network too close to it; empty for none."""
    rows = session.execute(
        select(col(Post.id), col(Client.key), col(Post.number), col(Revision.networks))
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            (col(Revision.post_id) == col(Post.id)) & (col(Revision.number) == col(Post.revision)),
        )
        .where(
            col(Post.client_id) == post.client_id,
            col(Post.state) != State.CANCELLED,
            col(Post.planned_at) > at - APART,
            col(Post.planned_at) < at + APART,
        )
        .order_by(col(Post.planned_at), col(Post.number))
    ).all()
    mine = {network for row in rows if row[0] == post.id for network in row[3]}
    return next((f"{k}-{n}" for i, k, n, nets in rows if i != post.id and mine & set(nets)), "")
