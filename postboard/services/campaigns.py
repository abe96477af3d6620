"""Campaigns: made and changed by whoever plans for the client."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Campaign, Client
from postboard.db.queries.scope import visible_clients
from postboard.domain.campaigns import Aim, mix_from_json
from postboard.domain.errors import BadInput, NotFound, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.services.events import Fact, record
from postboard.services.post_rows import need


def add(session: Session, actor: Actor, client_id: UUID, aim: Aim, *, now: datetime) -> UUID:
    """Raises:
    NotFound: the client is not this actor's.
    NotAllowed: the actor does not plan there.
    BadInput: it does not fit, or its name is taken.
    """
    _need_to_plan(session, actor, client_id)
    aim = aim.checked()
    _refuse_twin(session, client_id, aim.name)
    campaign = Campaign(client_id=client_id, **_columns(aim))
    session.add(campaign)
    session.flush()
    content = {"campaign": str(campaign.id), **_told(aim)}
    record(session, actor, Fact(client_id, "client.campaign_added", client_id, content), now)
    return campaign.id


def change(
    session: Session, actor: Actor, campaign_id: UUID, aim: Aim, *, version: int, now: datetime
) -> int:
    """Returns:
        The new version.

    Raises:
        NotFound: there is none, or its client is not this actor's.
        NotAllowed: the actor does not plan there.
        Stale: somebody changed it since.
        BadInput: it does not fit, or its name is another one's.
    """
    client_id = client_of(session, actor, campaign_id)
    _need_to_plan(session, actor, client_id)
    aim = aim.checked()
    _refuse_twin(session, client_id, aim.name, but=campaign_id)
    written = session.execute(
        update(Campaign)
        .where(col(Campaign.id) == campaign_id, col(Campaign.version) == version)
        .values(version=version + 1, **_columns(aim))
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale
    content = {"campaign": str(campaign_id), "version": version + 1, **_told(aim)}
    record(session, actor, Fact(client_id, "client.campaign_changed", client_id, content), now)
    return version + 1


def client_of(session: Session, actor: Actor, campaign_id: UUID) -> UUID:
    """Raises:
    NotFound: there is no such campaign, or its client is not this actor's to plan or see.
    """
    client_id = session.execute(
        select(col(Campaign.client_id))
        .join(Client, col(Client.id) == col(Campaign.client_id))
        .where(col(Campaign.id) == campaign_id, visible_clients(actor))
    ).scalar_one_or_none()
    if client_id is None or not actor.may(Permission.SEE_ALL_STATES, client_id):
        raise NotFound
    return client_id


def aim_of(session: Session, campaign_id: UUID) -> Aim:
    """As it stands; for who has found it."""
    row: Any = session.execute(
        select(
            col(Campaign.name),
            col(Campaign.starts_on),
            col(Campaign.ends_on),
            col(Campaign.goal),
            col(Campaign.posts_wanted),
            col(Campaign.budget),
            col(Campaign.mix),
        ).where(col(Campaign.id) == campaign_id)
    ).one()
    *values, mix = row
    return Aim(*values, mix=mix_from_json(mix))


def _need_to_plan(session: Session, actor: Actor, client_id: UUID) -> None:
    known = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(known).first() is None:
        raise NotFound
    need(actor, Permission.EDIT_PLAN, client_id)


def _refuse_twin(session: Session, client_id: UUID, name: str, *, but: UUID | None = None) -> None:
    twin = select(col(Campaign.id)).where(
        col(Campaign.client_id) == client_id, col(Campaign.name) == name
    )
    if session.execute(twin).scalar_one_or_none() not in {None, but}:
        raise BadInput("There is a campaign called “{name}” already.", name=name)


def _columns(aim: Aim) -> dict[str, Any]:
    return {
        "name": aim.name,
        "starts_on": aim.starts_on,
        "ends_on": aim.ends_on,
        "goal": aim.goal,
        "posts_wanted": aim.posts_wanted,
        "budget": aim.budget,
        "mix": aim.mix.as_json(),
    }


def _told(aim: Aim) -> dict[str, Any]:
    return {
        **_columns(aim),
        "starts_on": _iso(aim.starts_on),
        "ends_on": _iso(aim.ends_on),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
