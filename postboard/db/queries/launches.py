"""How a client starts: what of its plan of action is there, found out from facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import LaunchPlan
from postboard.db.models import Event, Membership, Person, Post, SocialAccount, table_of
from postboard.db.queries import agreements, answering, chains, contracts, guidelines, meter
from postboard.db.queries.keeping import span_of
from postboard.db.review_models import ReviewRequest
from postboard.domain.chains import RIGHTS, Chain, Side, Stage
from postboard.domain.launch import Gate, Item, Need, items_from_json
from postboard.domain.permissions import PERMISSIONS, Role
from postboard.domain.workflow import SPECS

_PLAN, _REQUEST, _EVENT = table_of(LaunchPlan), table_of(ReviewRequest), table_of(Event)
_GATE = select(_PLAN.c.gate, _PLAN.c.reason_at).where(_PLAN.c.client_id == bindparam("client"))
"""Every post that goes to a client asks: built once."""


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """`there` of `wanted`; where they are 0 it is a matter of yes and no."""

    need: str
    done: bool
    there: int = 0
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Launch:
    """A client's plan of action; without a row (`version` 0) nothing keeps its posts back."""

    gate: Gate
    needs: list[NeedSeen]
    items: tuple[Item, ...]
    version: int
    started: bool
    """Its first post was sent, or scheduled, already."""
    reason: str = ""
    reason_name: str = ""
    reason_at: datetime | None = None

    @property
    def lacking(self) -> list[str]:
        """Needs by name, then what was not ticked in its words."""
        needs = [one.need for one in self.needs if not one.done]
        return [*needs, *(item.words for item in self.items if not item.done_at)]


def of_client(session: Session, client_id: UUID, now: datetime) -> Launch:
    plan = session.execute(
        select(LaunchPlan).where(col(LaunchPlan.client_id) == client_id)
    ).scalar_one_or_none()
    needs, started = _needs(session, client_id, now), has_started(session, client_id)
    if plan is None:
        return Launch(Gate.OFF, needs, (), 0, started)
    return Launch(
        plan.gate,
        needs,
        items_from_json(plan.items),
        plan.version,
        started,
        plan.reason,
        plan.reason_name,
        plan.reason_at,
    )


def gate_of(session: Session, client_id: UUID) -> tuple[Gate, bool]:
    """The gate, and whether a reason to pass it is on record."""
    row: Any = session.execute(_GATE, {"client": client_id}).one_or_none()
    return (Gate(row.gate), row.reason_at is not None) if row else (Gate.OFF, False)


def has_started(session: Session, client_id: UUID) -> bool:
    """Whether a post of the client was ever sent to it, or put on the schedule."""
    asked = exists().where(_REQUEST.c.client_id == client_id, _REQUEST.c.side == Side.CLIENT.value)
    scheduled = exists().where(
        _EVENT.c.client_id == client_id, _EVENT.c.kind.in_(["post.schedule", "post.publish"])
    )
    return bool(session.execute(select(asked | scheduled)).scalar_one())


def _needs(session: Session, client_id: UUID, now: datetime) -> list[NeedSeen]:
    chain = chains.chain_for(session, client_id, None, None)
    asks_client = any(stage.side is Side.CLIENT for stage in chain.stages)
    found = [
        NeedSeen(Need.CHANNELS, _some(session, SocialAccount, client_id)),
        NeedSeen(Need.TEAM, _has_role(session, client_id, Role.ACCOUNT_MANAGER)),
    ]
    if asks_client:
        there = _has_role(session, client_id, Role.CLIENT_REVIEWER)
        found.append(NeedSeen(Need.CONTACTS, there))
    agreed = contracts.of_client(session, client_id, now) is not None
    found.append(NeedSeen(Need.AGREEMENT, agreed))
    found.append(NeedSeen(Need.GUIDELINE, guidelines.is_published(session, client_id)))
    found.append(_chain(session, client_id, chain))
    return [*found, _plan(session, client_id, now)]


def _some(session: Session, table: Any, client_id: UUID) -> bool:
    return bool(session.execute(select(exists().where(table.client_id == client_id))).scalar_one())


def _has_role(session: Session, client_id: UUID, role: Role) -> bool:
    """Somebody who can sign in."""
    return (
        session.execute(
            select(col(Person.id))
            .join(Membership, col(Membership.person_id) == col(Person.id))
            .where(
                col(Membership.client_id) == client_id,
                col(Membership.role) == role,
                col(Person.disabled_at).is_(None),
            )
            .limit(1)
        ).first()
        is not None
    )


def _chain(session: Session, client_id: UUID, chain: Chain) -> NeedSeen:
    """Every stage has somebody who can decide."""
    manned = sum(_is_manned(session, client_id, stage) for stage in chain.stages)
    return NeedSeen(Need.CHAIN, manned == len(chain.stages), manned, len(chain.stages))


def _is_manned(session: Session, client_id: UUID, stage: Stage) -> bool:
    named = chains.asked_by(session, client_id, stage)
    if named:
        return bool(answering.able(session, client_id, stage.side, named))
    if stage.role:
        return False
    roles = {role for role in Role if RIGHTS[stage.side] in PERMISSIONS[role]}
    return bool(answering.holders(session, client_id, roles))


def _plan(session: Session, client_id: UUID, now: datetime) -> NeedSeen:
    """The first month is planned as agreed; where no numbers are agreed, anything is."""
    calendar = agreements.of_client(session, client_id).calendar
    (month,) = meter.of_clients(session, [client_id], now)
    if month.lines:
        there = sum(min(one.agreed, one.delivered + one.coming) for one in month.lines)
        wanted = sum(one.agreed for one in month.lines)
        return NeedSeen(Need.PLAN, there >= wanted, there, wanted)
    span = span_of(calendar, now)
    unfinished = [state for state, spec in SPECS.items() if not spec.finished]
    planned = session.execute(
        select(func.count(col(Post.id))).where(
            col(Post.client_id) == client_id,
            col(Post.state).in_(unfinished),
            col(Post.planned_at) >= span.since,
            # Whoever starts at the end of a month plans the next one.
            col(Post.planned_at) < span.ends + timedelta(days=31),
        )
    ).scalar_one()
    return NeedSeen(Need.PLAN, planned > 0)
