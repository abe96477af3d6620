"""What of an agreement's month is delivered: posts by network and format, as agreed and as done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries import agreements, chains, contracts
from postboard.db.queries.contracts import Accepted
from postboard.db.queries.keeping import Span, span_of
from postboard.db.queries.scope import visible_clients
from postboard.domain.chains import Side
from postboard.domain.content import words_from_json
from postboard.domain.contract import Deliverable
from postboard.domain.permissions import Actor
from postboard.domain.planning import PostKind
from postboard.domain.workflow import SPECS, Phase, State

_DELIVERED: Final = [
    s for s, spec in SPECS.items() if spec.phase is Phase.ENDED and spec.client_sees
]
_COMING: Final = [s for s, spec in SPECS.items() if not spec.finished]

_UNSEEN: Final = [s for s in _COMING if not SPECS[s].client_sees]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Posts of one network, of one format or (empty) of any; `coming` are planned for the month."""

    network: str
    format: str
    agreed: int
    delivered: int
    coming: int


@dataclass(frozen=True, slots=True)
class Meter:
    """One client's month by the agreement that held in it last; number 0: none did."""

    client: str
    month: str
    """Its first day."""
    number: int = 0
    version_id: str = ""
    lines: list[Delivered] = field(default_factory=list[Delivered])


@dataclass(frozen=True, slots=True)
class _Made:
    networks: Sequence[str]
    kind: PostKind
    is_delivered: bool

    def counts_for(self, wanted: Deliverable) -> bool:
        return wanted.network in self.networks and wanted.format in {None, self.kind}


def of_mine(session: Session, actor: Actor, now: datetime) -> list[Meter]:
    """This month of every client that the actor sees and has an agreement with, by name."""
    ids = session.execute(select(col(Client.id)).where(visible_clients(actor))).scalars().all()
    return [one for one in of_clients(session, ids, now) if one.number]


def not_with_the_client(
    session: Session, client_id: UUID, since: datetime, until: datetime
) -> list[datetime]:
    """When posts go out in that time that the client has to see first and does not see yet."""
    chain = chains.chain_for(session, client_id, None, None)
    if all(stage.side is not Side.CLIENT for stage in chain.stages):
        return []
    planned = select(col(Post.planned_at)).where(
        col(Post.client_id) == client_id,
        col(Post.state).in_(_UNSEEN),
        col(Post.planned_at) >= since,
        col(Post.planned_at) < until,
    )
    return [at for at in session.execute(planned).scalars() if at]


def of_clients(
    session: Session, client_ids: Collection[UUID], now: datetime, *, months_ago: int = 0
) -> list[Meter]:
    """Of clients that the caller has checked, by name; as many statements for one as for thirty."""
    agreed = agreements.of_clients(session, client_ids)
    if not agreed:
        return []
    spans = {key: span_of(one.calendar, now, months_ago) for key, one in agreed.items()}
    accepted = contracts.accepted(session, client_ids)
    made = _made(session, spans)
    names: Any = session.execute(
        select(col(Client.id), col(Client.name))
        .where(col(Client.id).in_(client_ids))
        .order_by(func.lower(col(Client.name)))
    )
    return [
        _meter(name, spans[key], accepted.get(key, []), made.get(key, [])) for key, name in names
    ]


def _meter(name: str, span: Span, accepted: Sequence[Accepted], made: Sequence[_Made]) -> Meter:
    month = span.first.isoformat()
    # One that ended within the month is still what its posts were for.
    last = max((one.ends_at for one in accepted if one.ends_at), default=span.until)
    at = min(span.until, last) - timedelta(microseconds=1)
    one = contracts.in_force(accepted, at) if at >= span.since else None
    if one is None:
        return Meter(name, month)
    lines = [_line(wanted, made) for wanted in one.contract.deliverables]
    return Meter(name, month, one.number, one.id.hex, lines)


def _line(wanted: Deliverable, made: Sequence[_Made]) -> Delivered:
    mine = [one for one in made if one.counts_for(wanted)]
    delivered = sum(one.is_delivered for one in mine)
    kind = wanted.format.value if wanted.format else ""
    return Delivered(wanted.network, kind, wanted.per_month, delivered, len(mine) - delivered)


def _made(session: Session, spans: dict[UUID, Span]) -> dict[UUID, list[_Made]]:
    since = min(span.since for span in spans.values())
    ends = max(span.ends for span in spans.values())
    out = and_(
        col(Post.state).in_(_DELIVERED),
        col(Post.state_since) >= since,
        col(Post.state_since) < ends,
    )
    coming = and_(
        col(Post.state).in_(_COMING), col(Post.planned_at) >= since, col(Post.planned_at) < ends
    )
    rows: Any = session.execute(
        select(
            col(Post.client_id),
            col(Post.state),
            col(Post.planned_at),
            col(Post.state_since),
            col(Revision.networks),
            col(Revision.media),
        )
        .join(
            Revision,
            and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision)),
        )
        .where(col(Post.client_id).in_(spans), or_(out, coming))
    )
    found: dict[UUID, list[_Made]] = {}
    for row in rows:
        delivered, span = State(row.state) in _DELIVERED, spans[row.client_id]
        at = row.state_since if delivered else row.planned_at
        if span.since <= at < span.ends:
            kind = PostKind.of(words_from_json({"media": row.media}).media)
            found.setdefault(row.client_id, []).append(_Made(row.networks, kind, delivered))
    return found
