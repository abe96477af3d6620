"""Published posts with their newest figures, of the clients whose performance an actor sees."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, time
from operator import itemgetter
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from postboard.db.metric_models import MetricPost
from postboard.db.models import Campaign, Client, Pillar, Post, Task, table_of
from postboard.db.queries.board import key_of
from postboard.db.queries.scope import measured_clients
from postboard.domain.clock import to_utc
from postboard.domain.figures import Figures, MeasuredPost
from postboard.domain.permissions import Actor

_METRIC, _CLIENT, _POST = table_of(MetricPost), table_of(Client), table_of(Post)
_CAMPAIGN, _PILLAR, _TASK = table_of(Campaign), table_of(Pillar), table_of(Task)
_FIGURES: Final = tuple(_METRIC.c[one.name] for one in fields(Figures))
_POSTS: Final = (
    select(
        _METRIC.c.id,
        _METRIC.c.post_id,
        _CLIENT.c.key,
        _POST.c.number,
        _METRIC.c.text,
        _METRIC.c.network,
        _METRIC.c.account,
        _METRIC.c.format,
        _CAMPAIGN.c.name,
        _PILLAR.c.name,
        _METRIC.c.permalink,
        _METRIC.c.published_at,
        _METRIC.c.published_on,
        _METRIC.c.has_time,
        _CLIENT.c.zone,
        _METRIC.c.captured_at,
        _METRIC.c.followers,
        *_FIGURES,
    )
    .join(_CLIENT, _CLIENT.c.id == _METRIC.c.client_id)
    .outerjoin(_POST, _POST.c.id == _METRIC.c.post_id)
    .outerjoin(_CAMPAIGN, _CAMPAIGN.c.id == _POST.c.campaign_id)
    .outerjoin(_PILLAR, _PILLAR.c.id == _POST.c.pillar_id)
    .order_by(_METRIC.c.published_at, _METRIC.c.id)
)
_FIRST_FIGURE: Final = 17


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Empty: all of them. The last three are hex ids, and leave out what was not made here."""

    client: str = ""
    network: str = ""
    campaign: str = ""
    pillar: str = ""
    person: str = ""


def posts(
    session: Session, actor: Actor, since: datetime, until: datetime, narrowed: Narrowed
) -> list[MeasuredPost]:
    """What was published from `since` on and before `until`: one query."""
    rows: Any = session.execute(
        _POSTS.where(
            measured_clients(actor),
            _METRIC.c.published_at >= since,
            _METRIC.c.published_at < until,
            *_narrowing(narrowed),
        )
    )
    return _measured(rows)


def by_ids(session: Session, actor: Actor, ids: Collection[UUID]) -> list[MeasuredPost]:
    """Those among them that the actor sees."""
    return _measured(session.execute(_POSTS.where(measured_clients(actor), _METRIC.c.id.in_(ids))))


def _narrowing(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if narrowed.client:
        asked.append(_CLIENT.c.key == narrowed.client)
    if narrowed.network:
        asked.append(_METRIC.c.network == narrowed.network)
    if narrowed.campaign:
        asked.append(_POST.c.campaign_id == key_of(narrowed.campaign))
    if narrowed.pillar:
        asked.append(_POST.c.pillar_id == key_of(narrowed.pillar))
    if narrowed.person:
        asked.append(_worked_on(key_of(narrowed.person)))
    return asked


def _worked_on(person_id: UUID | None) -> ColumnElement[bool]:
    """Who holds the post, or had something to do for it."""
    tasks = select(_TASK.c.post_id).where(_TASK.c.assignee_id == person_id)
    return or_(_POST.c.assignee_id == person_id, _POST.c.id.in_(tasks))


def _measured(rows: Any) -> list[MeasuredPost]:
    zones: dict[str, ZoneInfo] = {}
    figures = itemgetter(slice(_FIRST_FIGURE, None))
    found: list[MeasuredPost] = []
    for row in rows:
        (
            metric_id,
            post_id,
            client,
            number,
            text,
            network,
            account,
            form,
            campaign,
            pillar,
            permalink,
            at,
            on,
            has_time,
            zone_name,
            captured_at,
            followers,
        ) = row[:_FIRST_FIGURE]
        zone = zones.setdefault(zone_name, ZoneInfo(zone_name))
        found.append(
            MeasuredPost(
                id=metric_id.hex,
                post_id=post_id.hex if post_id else "",
                key=f"{client}-{number}" if number is not None else "",
                text=text,
                client=client,
                network=network,
                account=account,
                format=form,
                campaign=campaign or "",
                pillar=pillar or "",
                permalink=permalink,
                published_at=at or to_utc(datetime.combine(on, time()), zone),
                has_time=has_time,
                zone=zone,
                captured_at=captured_at,
                followers=followers,
                figures=Figures(*figures(row)),
            )
        )
    return found
