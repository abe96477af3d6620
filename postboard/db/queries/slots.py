"""What was to go out on each network, and when it did, on the clients' clocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from postboard.db.models import Client, Post, Revision, table_of
from postboard.db.queries.held_up import narrowing
from postboard.db.queries.measured import Filter
from postboard.db.queries.scope import measured_clients
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State

_POST, _REVISION = table_of(Post), table_of(Revision)
_CLIENT = table_of(Client)
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """A post of ours on one network. It went out when it came to be published here."""

    post_id: str
    network: str
    planned_on: date
    published_on: date | None


def planned(
    session: Session, actor: Actor, period: Period, asked: Filter, *, now: datetime
) -> list[PlannedSlot]:
    """Of the posts planned for these days and not cancelled: one query."""
    first, last = (datetime.combine(day, time(), UTC) for day in (period.first, period.last))
    found = (
        select(
            _POST.c.id,
            _POST.c.state,
            _POST.c.state_since,
            _POST.c.planned_at,
            _REVISION.c.networks,
            _CLIENT.c.zone,
        )
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(
            _REVISION,
            and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision),
        )
        .where(
            measured_clients(actor),
            *narrowing(session, actor, asked, now),
            _POST.c.state != State.CANCELLED,
            # No clock is further from UTC than a day.
            _POST.c.planned_at >= first - _A_DAY,
            _POST.c.planned_at < last + 2 * _A_DAY,
        )
        .order_by(_POST.c.planned_at, _POST.c.id)
    )
    rows: Any = session.execute(found)
    slots: list[PlannedSlot] = []
    for post_id, state, since, planned_at, networks, zone_name in rows:
        zone = ZoneInfo(zone_name)
        day = planned_at.astimezone(zone).date()
        if not period.holds(day):
            continue
        out = since.astimezone(zone).date() if state is State.PUBLISHED else None
        wanted = [n for n in networks if asked.network in {"", n}]
        slots += [PlannedSlot(post_id.hex, network, day, out) for network in wanted]
    return slots
