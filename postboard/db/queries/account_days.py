"""What networks counted of accounts day by day; of several imports the newest says it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from postboard.db.metric_models import AccountDay as Kept
from postboard.db.metric_models import MetricImport
from postboard.db.models import Client, table_of
from postboard.db.queries.measured import Narrowed
from postboard.db.queries.scope import measured_clients
from postboard.domain.figures import AccountDay
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor

_DAY, _IMPORT, _CLIENT = table_of(Kept), table_of(MetricImport), table_of(Client)


def between(session: Session, actor: Actor, period: Period, narrowed: Narrowed) -> list[AccountDay]:
    """Of these days; a campaign, a pillar or a person has no account of its own."""
    if narrowed.campaign or narrowed.pillar or narrowed.person:
        return []
    found = (
        select(
            _DAY.c.day,
            _DAY.c.network,
            _DAY.c.account,
            _DAY.c.followers,
            _DAY.c.follower_delta,
            _DAY.c.impressions,
            _DAY.c.reach,
            _DAY.c.profile_visits,
            _DAY.c.client_id,
        )
        .join(_IMPORT, _IMPORT.c.id == _DAY.c.import_id)
        .join(_CLIENT, _CLIENT.c.id == _DAY.c.client_id)
        .where(
            measured_clients(actor),
            _DAY.c.day >= period.first,
            _DAY.c.day <= period.last,
            *([_CLIENT.c.key == narrowed.client] if narrowed.client else []),
            *([_DAY.c.network == narrowed.network] if narrowed.network else []),
        )
        .order_by(_IMPORT.c.captured_at, _IMPORT.c.created_at)
    )
    newest: dict[tuple[Any, ...], AccountDay] = {}
    rows: Any = session.execute(found)
    for *one, client_id in rows:
        day = AccountDay(*one)
        newest[client_id, day.network, day.account, day.day] = day
    return list(newest.values())
