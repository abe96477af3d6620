"""What of an agreement's month is delivered: posts by network and format, as agreed and as done;
and what has to be there for the posts to come.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries import agreements, chains, contracts
from postboard.db.queries.agreements import Agreed
from postboard.db.queries.contracts import Accepted
from postboard.db.queries.keeping import Span, span_of
from postboard.db.queries.scope import visible_clients
from postboard.domain.chains import Side
from postboard.domain.content import Words, words_from_json
from postboard.domain.contract import MATERIAL_NEAR, Deliverable
from postboard.domain.limit_checks import lacks_media
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
class Plan:
    """How much of a month is planned by the day on which its plan is due with the client.

    A post counts once it has a time in that month, up to the number agreed of its kind; where no
    number is agreed, any post makes a plan. Whether the client was shown the plan as a whole,
    nobody tells Postboard.
    """

    month: str
    """Its first day."""
    due: str
    planned: int
    agreed: int
    """0: no number is."""
    is_whole: bool
    is_late: bool
    """It is not whole, and the day has passed."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """Posts whose material is due on a day that is near or has passed, and that lack it.

    They have no file at all and go where nothing is taken without one. What else a client was to
    send (facts, a picture for a post that could do without) Postboard does not know.
    """

    due: str
    posts: int
    is_late: bool
    """The day has passed."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One client's month by the agreement that held in it last; number 0: none did."""

    client: str
    month: str
    """Its first day."""
    number: int = 0
    version_id: str = ""
    lines: list[Delivered] = field(default_factory=list[Delivered])
    plan: Plan | None = None
    """Of the month after this one; none of a month that is over."""
    lacking: Lacking | None = None
    """All of them as one, with the first day; none of a month that is over."""


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
    held = {key: one for key, span in spans.items() if (one := _held(span, accepted.get(key, [])))}
    made = _made(session, spans)
    plans = {} if months_ago else _plans(session, agreed, held, now, 1)
    lacking = {} if months_ago else _lacking(session, agreed, held, now)
    names: Any = session.execute(
        select(col(Client.id), col(Client.name))
        .where(col(Client.id).in_(client_ids))
        .order_by(func.lower(col(Client.name)))
    )
    return [
        replace(
            _meter(name, spans[key], held.get(key), made.get(key, [])),
            plan=plans.get(key),
            lacking=_as_one(lacking.get(key, [])),
        )
        for key, name in names
    ]


def plan_of(session: Session, one: Accepted, now: datetime, *, months: int) -> Plan | None:
    """Of the month that comes in so many, where its plan became due while this agreement held."""
    agreed = agreements.of_clients(session, [one.client_id])
    return _plans(session, agreed, {one.client_id: one}, now, months).get(one.client_id)


def lacking_media(session: Session, one: Accepted, now: datetime) -> list[Lacking]:
    """By the days on which their material is due, those to come and those since it holds."""
    agreed = agreements.of_clients(session, [one.client_id])
    return _lacking(session, agreed, {one.client_id: one}, now).get(one.client_id, [])


def _held(span: Span, accepted: Sequence[Accepted]) -> Accepted | None:
    # One that ended within the month is still what its posts were for.
    last = max((one.ends_at for one in accepted if one.ends_at), default=span.until)
    at = min(span.until, last) - timedelta(microseconds=1)
    return contracts.in_force(accepted, at) if at >= span.since else None


def _meter(name: str, span: Span, one: Accepted | None, made: Sequence[_Made]) -> Meter:
    month = span.first.isoformat()
    if one is None:
        return Meter(name, month)
    lines = [_line(wanted, made) for wanted in one.contract.deliverables]
    return Meter(name, month, one.number, one.id.hex, lines)


def _plans(
    session: Session,
    agreed: Mapping[UUID, Agreed],
    held: Mapping[UUID, Accepted],
    now: datetime,
    months: int,
) -> dict[UUID, Plan]:
    spans = {key: span_of(agreed[key].calendar, now, -months) for key in held}
    due = {
        key: day
        for key, one in held.items()
        if (day := one.contract.plan_due(spans[key].first)) and day >= _first_day(one, agreed[key])
    }
    made = _made(session, {key: spans[key] for key in due}) if due else {}
    return {
        key: _plan(held[key], spans[key], day, made.get(key, []), _today(agreed[key], now))
        for key, day in due.items()
    }


def _plan(one: Accepted, span: Span, due: date, made: Sequence[_Made], today: date) -> Plan:
    lines = [_line(wanted, made) for wanted in one.contract.deliverables]
    agreed = sum(line.agreed for line in lines)
    counted = sum(min(line.delivered + line.coming, line.agreed) for line in lines)
    planned = counted if lines else len(made)
    is_whole = planned >= max(agreed, 1)
    return Plan(
        span.first.isoformat(),
        due.isoformat(),
        planned,
        agreed,
        is_whole,
        is_late=due < today and not is_whole,
    )


def _lacking(
    session: Session,
    agreed: Mapping[UUID, Agreed],
    held: Mapping[UUID, Accepted],
    now: datetime,
) -> dict[UUID, list[Lacking]]:
    days = [one.contract.material_days for one in held.values()]
    if all(one is None for one in days):
        return {}
    # Wide enough for every clock; the day of each post is looked at below.
    far = timedelta(days=max(one or 0 for one in days) + 2) + MATERIAL_NEAR
    rows: Any = session.execute(
        _of_posts(col(Post.planned_at), col(Revision.variants)).where(
            col(Post.client_id).in_(held),
            col(Post.state).in_(_COMING),
            col(Post.planned_at) >= now - timedelta(days=1),
            col(Post.planned_at) < now + far,
        )
    )
    found: dict[UUID, Counter[date]] = {}
    for row in rows:
        one, its = held[row.client_id], agreed[row.client_id]
        day, today = _today(its, row.planned_at), _today(its, now)
        due = one.contract.material_due(day)
        is_open = due and day >= today and _first_day(one, its) <= due <= today + MATERIAL_NEAR
        if due and is_open and lacks_media(_files_and_places(row)):
            found.setdefault(row.client_id, Counter())[due] += 1
    return {
        key: [
            Lacking(due.isoformat(), posts, is_late=due < _today(agreed[key], now))
            for due, posts in sorted(dues.items())
        ]
        for key, dues in found.items()
    }


def _as_one(lacking: Sequence[Lacking]) -> Lacking | None:
    if not lacking:
        return None
    return replace(lacking[0], posts=sum(one.posts for one in lacking))


def _today(agreed: Agreed, at: datetime) -> date:
    return at.astimezone(agreed.calendar.zone).date()


def _first_day(one: Accepted, agreed: Agreed) -> date:
    return _today(agreed, one.in_force_at)


def _files_and_places(row: Any) -> Words:
    told = {"networks": row.networks, "media": row.media, "variants": row.variants}
    return words_from_json(told)


def _of_posts(*more: Any) -> Any:
    """Posts with their newest words."""
    return select(col(Post.client_id), col(Revision.networks), col(Revision.media), *more).join(
        Revision,
        and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision)),
    )


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
        _of_posts(col(Post.state), col(Post.planned_at), col(Post.state_since)).where(
            col(Post.client_id).in_(spans), or_(out, coming)
        )
    )
    found: dict[UUID, list[_Made]] = {}
    for row in rows:
        delivered, span = State(row.state) in _DELIVERED, spans[row.client_id]
        at = row.state_since if delivered else row.planned_at
        if span.since <= at < span.ends:
            kind = PostKind.of(words_from_json({"media": row.media}).media)
            found.setdefault(row.client_id, []).append(_Made(row.networks, kind, delivered))
    return found
