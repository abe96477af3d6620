"""Performance: charts and words of the posts whose figures an actor sees.

A chart is made anew from its rows whenever it is asked for: what a mark stands for is never sent
along, and a click names its place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.charts import (
    against_benchmark,
    audience,
    best_posts,
    by_group,
    by_hour,
    plan_kept,
    weekly,
)
from postboard.charts.plan_kept import Slot
from postboard.charts.spec import Chart, Said
from postboard.db.models import Client, Pillar
from postboard.db.queries import measured, slots
from postboard.db.queries.choices import Choice as Option
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.measured import Filter, MeasuredDay
from postboard.db.queries.post_filters import key_of
from postboard.db.queries.scope import measured_clients
from postboard.domain.benchmarks import OWN_DAYS
from postboard.domain.errors import NotFound
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period, day_of, monday_of
from postboard.domain.permissions import Actor
from postboard.services import flow_charts
from postboard.services.look import Look
from postboard.services.posts_behind import PostBehind
from postboard.services.posts_behind import behind as posts_behind

WEEK: Final = "week"
POSTS: Final = "posts"
FLOW: Final = "flow"
OF_FLOW: Final = tuple(flow_charts.MAKERS)
OF_POSTS: Final = (
    against_benchmark.KEY,
    weekly.KEY,
    plan_kept.KEY,
    best_posts.KEY,
    by_group.KEY,
    by_hour.KEY,
    audience.KEY,
)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a mark: `more` are the posts that are not listed."""

    title: Said
    said: tuple[Said, ...]
    posts: list[PostBehind]
    more: int


@dataclass(frozen=True, slots=True)
class Rows:
    """All that the charts of posts are made of."""

    posts: Sequence[MeasuredPost]
    slots: Sequence[Slot]
    days: Sequence[MeasuredDay]


def charts_of_posts(session: Session, actor: Actor, look: Look, *, now: datetime) -> list[Chart]:
    """In the order of `OF_POSTS`; it costs the same number of queries for one post and for many."""
    rows = _rows(session, actor, look, now)
    return [make(rows, look, now) for make in _MAKERS.values()]


def chart(session: Session, actor: Actor, key: str, look: Look, *, now: datetime) -> Chart | None:
    """One of them; None for a name that none has."""
    if make := _MAKERS.get(key):
        return make(_rows(session, actor, look, now), look, now)
    if draw := flow_charts.MAKERS.get(key):
        return draw(flow_charts.flow_of(session, actor, look, now=now), look)
    return None


def behind(
    session: Session,
    actor: Actor,
    key: str,
    place: tuple[int, int, int],
    look: Look,
    *,
    now: datetime,
) -> Behind:
    """The posts of a mark, named by panel, series and its own place.

    Raises:
        NotFound: there is no such mark, or nothing of it is this actor's to see.
    """
    found = chart(session, actor, key, look, now=now)
    mark = found and found.mark(*place)
    posts = posts_behind(session, actor, mark.posts) if mark else []
    if not found or not mark or not posts:
        raise NotFound
    said = mark.hover or ((mark.label,) if mark.label else ())
    return Behind(found.title, said, posts, len(mark.posts) - len(posts))


def reach_back(look: Look) -> Period:
    """The days whose posts the charts need: those before, our own 90, twice twelve weeks."""
    weeks = monday_of(look.period.last) - timedelta(weeks=2 * weekly.WEEKS - 1)
    own = look.period.last - timedelta(days=OWN_DAYS + 7)
    return Period(min(look.period.before().first, own, weeks), look.period.last)


def posts_in(session: Session, actor: Actor, period: Period, asked: Filter) -> list[MeasuredPost]:
    """Published on these days, or on the one before or after: an account's clock may show another
    day than its client's, and charts look at their days themselves.
    """
    days = {"since": period.first - _DAY, "until": period.last + _DAY}
    return measured.measured_posts(session, actor, asked, **days)


def pillars(session: Session, clients: Sequence[UUID]) -> list[Option]:
    rows = session.execute(
        select(col(Pillar.id), col(Pillar.name))
        .where(col(Pillar.client_id).in_(clients))
        .order_by(func.lower(col(Pillar.name)), col(Pillar.id))
    )
    return [Option(pillar_id.hex, name) for pillar_id, name in rows]


def asked_of(session: Session, actor: Actor, asked: FlowFilters) -> Filter:
    """The same of measured posts, whose pillars are known by client and name."""
    client, pillar = asked.client, asked.pillar
    if pillar:
        row: Any = session.execute(
            select(col(Pillar.name), col(Client.key))
            .join(Client, col(Client.id) == col(Pillar.client_id))
            .where(col(Pillar.id) == key_of(pillar), measured_clients(actor))
        ).one_or_none()
        pillar, of = row or ("-", "-")
        client = client if client and client != of else of
    return Filter(client, asked.network, asked.campaign, pillar, asked.person)


def _rows(session: Session, actor: Actor, look: Look, now: datetime) -> Rows:
    posts = posts_in(session, actor, reach_back(look), look.asked)
    planned = slots.planned(session, actor, look.period, look.asked, now=now)
    back = Period(look.period.before().first - _DAY, look.period.last)
    days = {"since": back.first, "until": back.last}
    accounts = measured.account_days(session, actor, look.asked, **days)
    # Campaigns, pillars and people have no accounts of their own.
    ours = look.asked.campaign or look.asked.pillar or look.asked.person
    return Rows(posts, _slots(planned, posts, look.period), [] if ours else accounts)


def _slots(
    planned: Sequence[slots.PlannedSlot], posts: Sequence[MeasuredPost], period: Period
) -> list[Slot]:
    """What was planned here, and what was published without a plan."""
    measured_on = {(post.post_id, post.network): day_of(post) for post in posts if post.post_id}
    known = {one.post_id for one in planned}
    here = [
        Slot(
            one.post_id,
            one.network,
            one.planned_on,
            one.published_on and measured_on.get((one.post_id, one.network), one.published_on),
        )
        for one in planned
    ]
    others = [post for post in period.of(posts) if post.post_id not in known]
    return [*here, *(Slot(post.id, post.network, None, day_of(post)) for post in others)]


def _weekly(rows: Rows, look: Look, now: datetime) -> Chart:
    return weekly.weekly(rows.posts, look.period.last, look.choice, now, look.zone)


def _plan_kept(rows: Rows, look: Look, now: datetime) -> Chart:
    today = now.astimezone(look.zone).date()
    return plan_kept.plan_kept(rows.slots, look.period, today, look.choice.source)


_MAKERS: Final[Mapping[str, Callable[[Rows, Look, datetime], Chart]]] = {
    against_benchmark.KEY: lambda rows, look, now: against_benchmark.against_benchmark(
        rows.posts, look.period, look.choice, now
    ),
    weekly.KEY: _weekly,
    plan_kept.KEY: _plan_kept,
    best_posts.KEY: lambda rows, look, now: best_posts.best_posts(
        rows.posts, look.period, look.choice.basis, look.ranking, now
    ),
    by_group.KEY: lambda rows, look, now: by_group.by_group(
        rows.posts, look.period, look.choice.basis, look.grouping, now
    ),
    by_hour.KEY: lambda rows, look, now: by_hour.by_hour(
        rows.posts, look.period, look.choice.basis, now
    ),
    audience.KEY: lambda rows, _look, _now: audience.audience(rows.days, _look.period),
}
