"""A plan to take along: posts with all their words, of the days and the states that are asked."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Client, Person, Pillar, Post, Revision, table_of
from postboard.db.queries.post_filters import Filters, conditions
from postboard.db.queries.scope import revision_shown, visible_clients, visible_posts
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import STAFF_ROLES, Actor
from postboard.domain.workflow import State

POSTS_MAX: Final = 2_000
"""In one file."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One post. `media` are its addresses on the web or here, `alt_texts` go with them; `who` holds
    it, which is nobody's business on the client's side.
    """

    client: str
    client_key: str
    zone: str
    number: int
    version: int
    state: State
    planned_at: datetime | None
    title: str
    caption: str
    link: str
    first_comment: str
    networks: tuple[str, ...]
    hashtags: tuple[str, ...]
    media: tuple[str, ...]
    alt_texts: tuple[str, ...]
    campaign: str
    pillar: str
    who: str

    @property
    def key(self) -> str:
        return f"{self.client_key}-{self.number}"

    @property
    def local(self) -> datetime | None:
        """On the clock of the client."""
        return self.planned_at.astimezone(ZoneInfo(self.zone)) if self.planned_at else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts; without days those without a date too. Both days are the client's, included."""

    filters: Filters = field(default_factory=Filters)
    since: date | None = None
    until: date | None = None
    states: tuple[State, ...] = ()


_POST, _REVISION, _CLIENT = table_of(Post), table_of(Revision), table_of(Client)
_PERSON, _CAMPAIGN, _PILLAR = table_of(Person), table_of(Campaign), table_of(Pillar)
_A_DAY: Final = timedelta(days=1)
"""No clock is further from UTC."""
_COLUMNS: Final = (
    _CLIENT.c.name,
    _CLIENT.c.key,
    _CLIENT.c.zone,
    _POST.c.number,
    _POST.c.version,
    _POST.c.state,
    _POST.c.planned_at,
    _REVISION.c.title,
    _REVISION.c.caption,
    _REVISION.c.link,
    _REVISION.c.first_comment,
    _REVISION.c.networks,
    _REVISION.c.hashtags,
    _REVISION.c.media,
    _CAMPAIGN.c.name.label("campaign"),
    _PILLAR.c.name.label("pillar"),
    _PERSON.c.name.label("who"),
)


def plan(session: Session, actor: Actor, wanted: Wanted, *, now: datetime) -> list[PlanRow]:
    """The posts in the order of their times, those without a date last: one query.

    On the client's side only the client, the campaign, days and states narrow it: the rest tells
    of work that it has not been sent.

    Raises:
        NotFound: the client is not this actor's, or they have none at all.
        BadInput: there are too many.
    """
    _refuse_strangers(session, actor, wanted.filters.client)
    if of_client := is_of_client(actor):
        asked = wanted.filters
        wanted = replace(wanted, filters=Filters(asked.client, campaign=asked.campaign))
    where = [
        visible_posts(actor),
        *conditions(session, actor, wanted.filters, now),
        *_within(wanted),
    ]
    shown = and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == revision_shown(actor))
    found = (
        select(*_COLUMNS)
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(_REVISION, shown)
        .outerjoin(_CAMPAIGN, _CAMPAIGN.c.id == _POST.c.campaign_id)
        .outerjoin(_PILLAR, _PILLAR.c.id == _POST.c.pillar_id)
        .outerjoin(_PERSON, _PERSON.c.id == _POST.c.assignee_id)
        .where(*where)
        .order_by(_POST.c.planned_at.is_(None), _POST.c.planned_at, _CLIENT.c.key, _POST.c.number)
        .limit(POSTS_MAX + _OF_OTHER_DAYS)
    )
    rows = [row for one in session.execute(found) if _is_on(row := _row(one), wanted)]
    if len(rows) > POSTS_MAX:
        raise BadInput(
            "These are more than {limit} posts. Choose a shorter time or one client.",
            limit=POSTS_MAX,
        )
    return [replace(row, who="", version=0) for row in rows] if of_client else rows


def is_of_client(actor: Actor) -> bool:
    return not actor.every_role <= STAFF_ROLES


_OF_OTHER_DAYS: Final = 1_000
"""Read because their UTC day might be one of those asked for; more of them cannot matter."""


def _refuse_strangers(session: Session, actor: Actor, client: str) -> None:
    which = [col(Client.key) == client] if client else []
    known = select(col(Client.id)).where(visible_clients(actor), *which).limit(1)
    if session.execute(known).first() is None:
        raise NotFound


def _within(wanted: Wanted) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if wanted.since:
        parts.append(_POST.c.planned_at >= _midnight(wanted.since) - _A_DAY)
    if wanted.until:
        parts.append(_POST.c.planned_at < _midnight(wanted.until) + 2 * _A_DAY)
    if wanted.states:
        parts.append(_POST.c.state.in_(list(wanted.states)))
    elif not wanted.filters.cancelled:
        parts.append(_POST.c.state != State.CANCELLED)
    return parts


def _midnight(day: date) -> datetime:
    return to_utc(datetime.combine(day, time()), ZoneInfo("UTC"))


def _is_on(row: PlanRow, wanted: Wanted) -> bool:
    if row.local is None:
        return not (wanted.since or wanted.until)
    day = row.local.date()
    return (not wanted.since or wanted.since <= day) and (not wanted.until or day <= wanted.until)


def _row(row: Any) -> PlanRow:
    media: list[dict[str, Any]] = row.media
    return PlanRow(
        client=row[0],
        client_key=row[1],
        zone=row.zone,
        number=row.number,
        version=row.version,
        state=row.state,
        planned_at=row.planned_at,
        title=row.title,
        caption=row.caption,
        link=row.link,
        first_comment=row.first_comment,
        networks=tuple(row.networks),
        hashtags=tuple(row.hashtags),
        media=tuple(_address(one) for one in media),
        alt_texts=tuple(one.get("alt", "") for one in media),
        campaign=row.campaign or "",
        pillar=row.pillar or "",
        who=row.who or "",
    )


def _address(media: dict[str, Any]) -> str:
    return f"/media/{media['asset']}/original" if media.get("asset") else media.get("url", "")
