"""How approval flows: its charts and figures, of the posts that an actor looks after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from postboard.charts import (
    flow_ageing,
    flow_cumulative,
    flow_cycle,
    flow_figures,
    flow_first_pass,
    flow_reasons,
    flow_throughput,
    flow_upcoming,
)
from postboard.charts.flow_facts import Names
from postboard.charts.flow_figures import Told
from postboard.charts.spec import Chart
from postboard.db.queries import flow, wip_limits
from postboard.domain.errors import BadInput
from postboard.domain.flow_report import (
    ROLLING,
    Report,
    Standing,
    Upcoming,
    first_day,
    report,
    standing,
)
from postboard.domain.permissions import Actor
from postboard.services.look import Look


@dataclass(frozen=True, slots=True)
class Flow:
    """What the charts of flow are made of."""

    report: Report
    names: Names
    upcoming: list[Upcoming]


Maker = Callable[[Flow, Look], Chart]
MAKERS: Final[Mapping[str, Maker]] = {
    flow_ageing.KEY: lambda told, _: flow_ageing.ageing(told.report, told.names),
    flow_cycle.KEY: lambda told, _: flow_cycle.cycle(told.report, told.names),
    flow_first_pass.KEY: lambda told, _: flow_first_pass.first_pass(told.report),
    flow_upcoming.KEY: lambda told, look: flow_upcoming.upcoming(told.upcoming, look.zone),
    flow_reasons.KEY: lambda told, _: flow_reasons.reasons(told.report),
    flow_throughput.KEY: lambda told, _: flow_throughput.throughput(told.report),
    flow_cumulative.KEY: lambda told, _: flow_cumulative.cumulative(told.report),
}


def charts_and_figures(
    session: Session, actor: Actor, look: Look, *, now: datetime
) -> tuple[list[Chart], list[Told]]:
    """All of it, read once."""
    told = flow_of(session, actor, look, now=now)
    return [make(told, look) for make in MAKERS.values()], flow_figures.told(told.report)


def flow_of(session: Session, actor: Actor, look: Look, *, now: datetime) -> Flow:
    """Raises:
    BadInput: the period has not begun.
    """
    today = now.astimezone(look.zone).date()
    since = first_day(look.period, today)
    known = flow.read(session, actor, look.flow, since=since, now=now)
    found = report(known, look.period, today, wip_limits.beside(session, actor, look.flow))
    if found is None:
        raise BadInput("These days have not come yet.")
    passages = [*found.figures.done, *(one.passage for one in found.ageing)]
    names = flow.names_of(session, actor, {one.post_id for one in passages})
    return Flow(found, names, flow.upcoming(session, actor, look.flow, now=now))


def standing_of(session: Session, actor: Actor, look: Look, *, now: datetime) -> Standing:
    """How things stand now, without the figures of the period."""
    today = now.astimezone(look.zone).date()
    known = flow.read(session, actor, look.flow, since=today - ROLLING, now=now)
    return standing(known, today, wip_limits.beside(session, actor, look.flow))
