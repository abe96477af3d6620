"""Own values to hold a client's rates beside: given by whoever looks after it."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import ChosenBenchmark
from postboard.db.models import Client
from postboard.db.queries.own_benchmarks import kept
from postboard.db.queries.scope import measured_clients
from postboard.domain.benchmarks import OWN_VALUE
from postboard.domain.content import NETWORKS
from postboard.domain.engagement import Basis
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.services.events import Fact, record
from postboard.services.post_rows import need

RATE_MAX = 1_000.0


def give(
    session: Session,
    actor: Actor,
    client_key: str,
    rates: Mapping[str, float],
    basis: Basis,
    *,
    now: datetime,
) -> None:
    """In percent, by network; a network that is not named has none any more.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not look after it.
        BadInput: a rate is no percentage, or there is no such network.
    """
    client_id = session.execute(
        select(col(Client.id))
        .where(col(Client.key) == client_key, measured_clients(actor))
        .with_for_update()
    ).scalar_one_or_none()
    if client_id is None:
        raise NotFound
    need(actor, Permission.MANAGE_CLIENT, client_id)
    for network, rate in rates.items():
        if network not in NETWORKS:
            raise BadInput
        if not isfinite(rate) or not 0 < rate <= RATE_MAX:
            raise BadInput("Give a rate in percent, above 0.")
    session.execute(delete(ChosenBenchmark).where(col(ChosenBenchmark.client_id) == client_id))
    session.add_all(
        _row(actor, client_id, network, rate, basis, now) for network, rate in rates.items()
    )
    content = {"rates": dict(rates), "made_of": kept(basis)}
    record(session, actor, Fact(client_id, "client.benchmarks_given", client_id, content), now)


def _row(
    actor: Actor, client_id: UUID, network: str, rate: float, basis: Basis, now: datetime
) -> ChosenBenchmark:
    return ChosenBenchmark(
        client_id=client_id,
        network=network,
        source=str(OWN_VALUE),
        denominator=kept(basis),
        own_rate=rate,
        changed_by=actor.user_id,
        changed_at=now,
    )
