"""Values that a client's own people gave to hold its rates beside."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import ChosenBenchmark
from postboard.db.models import Client
from postboard.db.queries.scope import measured_clients
from postboard.domain.benchmarks import OWN_VALUE, Benchmark, Measure
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.domain.permissions import Actor


def own_values(session: Session, actor: Actor, client: str) -> tuple[Benchmark, ...]:
    """Of one client, by its key; others have none in common."""
    rows: Any = session.execute(
        select(
            col(ChosenBenchmark.network),
            col(ChosenBenchmark.denominator),
            col(ChosenBenchmark.own_rate),
            col(ChosenBenchmark.changed_at),
        )
        .join(Client, col(Client.id) == col(ChosenBenchmark.client_id))
        .where(
            measured_clients(actor),
            col(Client.key) == client,
            col(ChosenBenchmark.own_rate).is_not(None),
        )
    )
    return tuple(_benchmark(*row) for row in rows)


def kept(basis: Basis) -> str:
    """What a rate is made of, as its column has it."""
    return f"{basis.engagement}/{basis.denominator}"


def _benchmark(network: str, made_of: str, rate: float, changed_at: Any) -> Benchmark:
    kind, _, per = made_of.partition("/")
    return Benchmark(
        network,
        Measure.ENGAGEMENT_RATE,
        Denominator(per),
        Engagement(kind),
        None,
        rate,
        changed_at.year,
        str(OWN_VALUE),
    )
