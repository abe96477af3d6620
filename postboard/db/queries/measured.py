"""What networks counted: posts with their newest figures, days of accounts, imports."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, false, func, literal, or_, select, union
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import AccountDay, MetricImport, MetricPost
from postboard.db.models import Campaign, Client, Pillar, Post, SocialAccount, Task, table_of
from postboard.db.queries.scope import measured_clients
from postboard.domain.figures import METRICS, Figures, MeasuredPost
from postboard.domain.permissions import Actor, Permission

TEXT_SHOWN: Final = 280
IMPORTS_SHOWN: Final = 100

_MEASURED, _DAY = table_of(MetricPost), table_of(AccountDay)
_POST, _CLIENT, _TASK = table_of(Post), table_of(Client), table_of(Task)
_CAMPAIGN, _PILLAR = table_of(Campaign), table_of(Pillar)
_COUNTED: Final = ("followers", "follower_delta", "impressions", "reach", "profile_visits")
_WEB: Final = ("https://", "http://")
# Read anew at every change of a filter: built once, past the ORM.
_POSTS: Final = (
    select(
        # As text: to make ten thousand UUIDs takes a fifth of the time that the whole query does.
        cast(_MEASURED.c.id, String),
        cast(_MEASURED.c.post_id, String),
        _POST.c.number,
        func.substr(_MEASURED.c.text, 1, TEXT_SHOWN),
        _CLIENT.c.key,
        _MEASURED.c.network,
        _MEASURED.c.account,
        _MEASURED.c.format,
        _CAMPAIGN.c.name,
        _PILLAR.c.name,
        _MEASURED.c.permalink,
        _MEASURED.c.published_at,
        _MEASURED.c.has_time,
        _CLIENT.c.zone,
        _MEASURED.c.captured_at,
        _MEASURED.c.followers,
        *(_MEASURED.c[name] for name in METRICS),
    )
    .join(_CLIENT, _CLIENT.c.id == _MEASURED.c.client_id)
    .outerjoin(_POST, _POST.c.id == _MEASURED.c.post_id)
    .outerjoin(_CAMPAIGN, _CAMPAIGN.c.id == _POST.c.campaign_id)
    .outerjoin(_PILLAR, _PILLAR.c.id == _POST.c.pillar_id)
    .where(_MEASURED.c.published_at.is_not(None))
    .order_by(_MEASURED.c.published_at, _MEASURED.c.id)
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty where everything counts.

    `client` is a key, `campaign` and `person` are ids in hex, `pillar` is a name. Posts that were
    not made here have neither campaign nor pillar nor person.
    """

    client: str = ""
    network: str = ""
    campaign: str = ""
    pillar: str = ""
    person: str = ""


EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class MeasuredDay:
    """One day of an account. Of several imports the newest says each figure that it knows."""

    client: str
    network: str
    account: str
    day: date
    followers: int | None
    follower_delta: int | None
    impressions: int | None
    reach: int | None
    profile_visits: int | None
    captured_at: datetime


class ImportState(StrEnum):
    AT_WORK = "at_work"
    STOPPED = "stopped"
    """Something ended it in the middle; the same file goes on where it was."""
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class ImportSeen:
    """`captured_at` is when its figures stood so, `age_days` how long ago that is."""

    id: str
    client: str
    client_name: str
    file_name: str
    format: str
    network: str
    account: str
    who: str
    created_at: datetime
    captured_at: datetime
    age_days: int
    rows: int
    new: int
    updated: int
    skipped: int
    state: ImportState
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Account:
    network: str
    name: str


def measured_posts(
    session: Session,
    actor: Actor,
    asked: Filter = EVERYTHING,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[MeasuredPost]:
    """Posts published in those days (both included, on the account's clock), the oldest first.

    One query. A post whose export gives no day is in none of them.
    """
    where = [measured_clients(actor), *_narrowed(asked)]
    if since:
        where.append(_MEASURED.c.published_on >= since)
    if until:
        where.append(_MEASURED.c.published_on <= until)
    zones: dict[str, ZoneInfo] = {}
    return [_post(row, zones) for row in session.execute(_POSTS.where(*where)).all()]


def measured_by_ids(session: Session, actor: Actor, ids: Collection[UUID]) -> list[MeasuredPost]:
    """Those among them that the actor sees: one query."""
    zones: dict[str, ZoneInfo] = {}
    rows = session.execute(_POSTS.where(measured_clients(actor), _MEASURED.c.id.in_(ids)))
    return [_post(row, zones) for row in rows]


def account_days(
    session: Session,
    actor: Actor,
    asked: Filter = EVERYTHING,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[MeasuredDay]:
    """Days of accounts, by account and day: one query. Campaigns, pillars and people have none."""
    where = [measured_clients(actor)]
    where += [_CLIENT.c.key == asked.client] if asked.client else []
    where += [_DAY.c.network == asked.network] if asked.network else []
    where += [_DAY.c.day >= since] if since else []
    where += [_DAY.c.day <= until] if until else []
    rows: Any = session.execute(
        select(
            _CLIENT.c.key,
            _DAY.c.network,
            _DAY.c.account,
            _DAY.c.day,
            *(_DAY.c[name] for name in _COUNTED),
            col(MetricImport.captured_at),
        )
        .join(_CLIENT, _CLIENT.c.id == _DAY.c.client_id)
        .join(MetricImport, col(MetricImport.id) == _DAY.c.import_id)
        .where(*where)
        .order_by(col(MetricImport.captured_at), col(MetricImport.created_at))
    )
    days: dict[tuple[Any, ...], MeasuredDay] = {}
    for row in rows:
        seen = MeasuredDay(*row)
        key = (seen.client, seen.network, seen.account, seen.day)
        days[key] = _over(seen, days.get(key))
    return [days[key] for key in sorted(days)]


def metric_imports(
    session: Session, actor: Actor, *, client: str = "", now: datetime
) -> list[ImportSeen]:
    """The newest imports first; what was undone stays to be seen."""
    rows: Any = session.execute(
        select(MetricImport, col(Client.key), col(Client.name))
        .join(Client, col(Client.id) == col(MetricImport.client_id))
        .where(measured_clients(actor), *([col(Client.key) == client] if client else []))
        .order_by(col(MetricImport.created_at).desc(), col(MetricImport.id))
        .limit(IMPORTS_SHOWN)
    )
    return [_import(actor, row, key, name, now) for row, key, name in rows]


def accounts(session: Session, actor: Actor, client: str) -> list[Account]:
    """The accounts that a client has, as was said of it or as its imports name them."""
    mine = [measured_clients(actor), col(Client.key) == client]
    said = (
        select(col(SocialAccount.network), col(SocialAccount.handle))
        .join(Client, col(Client.id) == col(SocialAccount.client_id))
        .where(*mine)
    )
    parts = [
        select(table.c.network, table.c.account)
        .join(_CLIENT, _CLIENT.c.id == table.c.client_id)
        .where(*mine, table.c.account != literal(""))
        for table in (_MEASURED, _DAY)
    ]
    rows: Any = session.execute(union(said, *parts))
    return sorted((Account(*row) for row in rows), key=lambda one: (one.network, one.name))


def _narrowed(asked: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.client:
        where.append(_CLIENT.c.key == asked.client)
    if asked.network:
        where.append(_MEASURED.c.network == asked.network)
    if asked.campaign:
        where.append(_is(_POST.c.campaign_id, asked.campaign))
    if asked.pillar:
        where.append(_PILLAR.c.name == asked.pillar)
    if asked.person:
        tasks = select(_TASK.c.post_id).where(_is(_TASK.c.assignee_id, asked.person))
        where.append(or_(_is(_POST.c.assignee_id, asked.person), _POST.c.id.in_(tasks)))
    return where


def _is(column: ColumnElement[Any], key: str) -> ColumnElement[bool]:
    """Whether it is that id; a text that is none finds nothing."""
    try:
        return column == UUID(key)
    except ValueError:
        return false()


def _post(row: Any, zones: dict[str, ZoneInfo]) -> MeasuredPost:
    zone = zones.get(row[13]) or zones.setdefault(row[13], ZoneInfo(row[13]))
    return MeasuredPost(
        id=row[0].replace("-", ""),
        post_id=row[1].replace("-", "") if row[1] else "",
        key=f"{row[4]}-{row[2]}" if row[1] else "",
        text=row[3],
        client=row[4],
        network=row[5],
        account=row[6],
        format=row[7],
        campaign=row[8] or "",
        pillar=row[9] or "",
        permalink=row[10] if row[10][:8].lower().startswith(_WEB) else "",
        published_at=row[11],
        has_time=row[12],
        zone=zone,
        captured_at=row[14],
        followers=row[15],
        figures=Figures(*row[16:]),
    )


def _over(newer: MeasuredDay, older: MeasuredDay | None) -> MeasuredDay:
    if older is None:
        return newer
    missing = {n: getattr(older, n) for n in _COUNTED if getattr(newer, n) is None}
    return replace(newer, **missing)


def _import(actor: Actor, row: MetricImport, key: str, name: str, now: datetime) -> ImportSeen:
    state = _state(row, now)
    may = actor.may(Permission.IMPORT_METRICS, row.client_id)
    return ImportSeen(
        id=row.id.hex,
        client=key,
        client_name=name,
        file_name=row.file_name,
        format=row.format,
        network=row.settings.get("network", ""),
        account=row.settings.get("account", ""),
        who=row.person_name,
        created_at=row.created_at,
        captured_at=row.captured_at,
        age_days=max(0, (now - row.captured_at).days),
        rows=row.rows_done,
        new=row.new,
        updated=row.updated,
        skipped=row.skipped,
        state=state,
        may_undo=may and state in {ImportState.DONE, ImportState.STOPPED},
    )


def _state(row: MetricImport, now: datetime) -> ImportState:
    if row.undone_at:
        return ImportState.UNDONE
    if row.finished_at:
        return ImportState.DONE
    return (
        ImportState.AT_WORK if row.leased_until and row.leased_until > now else ImportState.STOPPED
    )
