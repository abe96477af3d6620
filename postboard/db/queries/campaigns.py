"""The campaigns' page: what each one is to reach, and how far its plan is."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Client, Pillar, Post, Revision
from postboard.db.queries.scope import visible_posts
from postboard.domain.campaigns import Share, mix_from_json, shares
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import SPECS, Column, State

SHOWN: Final = 200
_APPROVED: Final = frozenset(
    state
    for state in State
    if SPECS[state].column in {Column.APPROVED, Column.SCHEDULED, Column.PUBLISHED}
)


@dataclass(frozen=True, slots=True)
class CampaignSeen:
    """Days are ISO, empty without one; `wanted` is 0 where no number was set."""

    id: str
    version: int
    name: str
    starts_on: str
    ends_on: str
    goal: str
    wanted: int
    budget: str
    planned: int
    """Its posts but the cancelled ones."""
    approved: int
    """Those of them that may go out or have gone out."""
    published: int
    missing: int
    """Posts, to the number wanted."""
    percent: int
    """Planned, of the number wanted; at most 100."""
    pillars: list[Share]
    networks: list[Share]
    over: bool
    """Its last day has passed."""


@dataclass(frozen=True, slots=True)
class ClientWithCampaigns:
    id: str
    key: str
    name: str
    hue: int
    may_plan: bool
    pillars: list[str]
    """All that its posts and campaigns know."""
    campaigns: list[CampaignSeen] = field(default_factory=list[CampaignSeen])


@dataclass(slots=True)
class _Plan:
    """What is counted of one campaign's posts."""

    planned: int
    approved: int
    published: int
    pillars: dict[str, int]
    networks: dict[str, int]


def of_clients(session: Session, actor: Actor, *, today: date) -> list[ClientWithCampaigns]:
    """The clients whose posts the actor sees in every state, by name; their campaigns with those
    that run or come first. It costs the same for one campaign and for many.
    """
    clients = _clients(session, actor)
    ids = [client.id for client in clients]
    rows: list[Any] = list(
        session.execute(
            select(
                col(Campaign.id),
                col(Campaign.client_id),
                col(Campaign.version),
                col(Campaign.name),
                col(Campaign.starts_on),
                col(Campaign.ends_on),
                col(Campaign.goal),
                col(Campaign.posts_wanted),
                col(Campaign.budget),
                col(Campaign.mix),
            )
            .where(col(Campaign.client_id).in_(ids))
            .order_by(func.lower(col(Campaign.name)), col(Campaign.id))
            .limit(SHOWN)
        )
    )
    plans = _plans(session, actor, [row.id for row in rows])
    seen = {row.id: _seen(row, plans[row.id], today) for row in rows}
    pillars = _pillars(session, ids)
    return [
        ClientWithCampaigns(
            client.id.hex,
            client.key,
            client.name,
            client.hue,
            may_plan=actor.may(Permission.EDIT_PLAN, client.id),
            pillars=pillars.get(client.id, []),
            campaigns=_in_order([seen[row.id] for row in rows if row.client_id == client.id]),
        )
        for client in clients
    ]


def _clients(session: Session, actor: Actor) -> list[Any]:
    mine = actor.clients_with(Permission.SEE_ALL_STATES)
    asked = select(col(Client.id), col(Client.key), col(Client.name), col(Client.hue))
    if mine is not None:
        asked = asked.where(col(Client.id).in_(mine))
    rows: Any = session.execute(asked.order_by(func.lower(col(Client.name)), col(Client.key)))
    return list(rows)


def _plans(session: Session, actor: Actor, campaigns: Collection[UUID]) -> dict[UUID, _Plan]:
    plans = {campaign: _Plan(0, 0, 0, {}, {}) for campaign in campaigns}
    of_these = (
        col(Post.campaign_id).in_(plans),
        col(Post.state) != State.CANCELLED,
        visible_posts(actor),
    )
    posts = func.count()
    by_state = (
        select(col(Post.campaign_id), col(Post.state), col(Pillar.name), posts)
        .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
        .where(*of_these)
        .group_by(col(Post.campaign_id), col(Post.state), col(Pillar.name))
    )
    counted: Any = session.execute(by_state)
    for campaign, state, pillar, count in counted:
        plan = plans[campaign]
        plan.planned += count
        plan.approved += count if state in _APPROVED else 0
        plan.published += count if state is State.PUBLISHED else 0
        if pillar:
            plan.pillars[pillar] = plan.pillars.get(pillar, 0) + count
    networks = cast(col(Revision.networks), Text)
    by_network = (
        select(col(Post.campaign_id), networks, posts)
        .join(
            Revision,
            (col(Revision.post_id) == col(Post.id)) & (col(Revision.number) == col(Post.revision)),
        )
        .where(*of_these)
        .group_by(col(Post.campaign_id), networks)
    )
    counted = session.execute(by_network)
    for campaign, chosen, count in counted:
        of_campaign = plans[campaign].networks
        for network in json.loads(chosen):
            of_campaign[network] = of_campaign.get(network, 0) + count
    return plans


def _pillars(session: Session, clients: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = session.execute(
        select(col(Pillar.client_id), col(Pillar.name))
        .where(col(Pillar.client_id).in_(clients))
        .order_by(func.lower(col(Pillar.name)))
    )
    for client, name in rows:
        found.setdefault(client, []).append(name)
    return found


def _seen(row: Any, plan: _Plan, today: date) -> CampaignSeen:
    mix = mix_from_json(row.mix)
    wanted = row.posts_wanted or 0
    whole = max(wanted, plan.planned)
    return CampaignSeen(
        id=row.id.hex,
        version=row.version,
        name=row.name,
        starts_on=_iso(row.starts_on),
        ends_on=_iso(row.ends_on),
        goal=row.goal,
        wanted=wanted,
        budget=row.budget,
        planned=plan.planned,
        approved=plan.approved,
        published=plan.published,
        missing=max(0, wanted - plan.planned),
        percent=min(100, round(100 * plan.planned / wanted)) if wanted else 0,
        pillars=shares(mix.pillars, plan.pillars, whole),
        networks=shares(mix.networks, plan.networks, whole),
        over=row.ends_on is not None and row.ends_on < today,
    )


def _in_order(campaigns: list[CampaignSeen]) -> list[CampaignSeen]:
    """The newest first, those without days after them, what is over at the end."""
    newest_first = sorted(campaigns, key=lambda one: one.starts_on or one.ends_on, reverse=True)
    return sorted(newest_first, key=lambda one: one.over)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
