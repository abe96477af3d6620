"""Who does what at the demo's agency, who heads what, who is away soon, and what is aimed at."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.demo.agency import ACME, BOREALIS, Brand, Part
from postboard.domain.goals import Aim, GoalMetric
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.team import Cell, Deliverable, Department
from postboard.domain.team import Part as Duty
from postboard.services import absences, goals, team

_DUTIES: Final = (
    (Deliverable.PLAN, "", Part.CONTENT, Duty.RESPONSIBLE),
    (Deliverable.PLAN, "", Part.ACCOUNT, Duty.ACCOUNTABLE),
    (Deliverable.COPY, "", Part.WRITER, Duty.RESPONSIBLE),
    (Deliverable.COPY, "", Part.CONTENT, Duty.ACCOUNTABLE),
    (Deliverable.GRAPHICS, "", Part.DESIGNER, Duty.RESPONSIBLE),
    (Deliverable.GRAPHICS, "", Part.ART, Duty.ACCOUNTABLE),
    (Deliverable.REEL, "", Part.DESIGNER, Duty.RESPONSIBLE),
    (Deliverable.REEL_COVER, "", Part.DESIGNER, Duty.RESPONSIBLE),
    (Deliverable.REEL_COVER, "", Part.WRITER, Duty.CONSULTED),
    (Deliverable.REEL_COVER, "instagram", Part.ART, Duty.RESPONSIBLE),
    (Deliverable.REPORT, "", Part.ACCOUNT, Duty.RESPONSIBLE),
    (Deliverable.REPORT, "", Part.CONTENT, Duty.INFORMED),
)
_HEADS: Final[Mapping[Department, str]] = {
    Department.ACCOUNTS: "aron",
    Department.CONTENT: "cora",
    Department.COPY: "ben",
    Department.DESIGN: "iris",
}
_AWAY: Final = (("kenji", "dina", 4, 8), ("priya", "ben", 12, 16))
"""Who, who stands in, and from when until when, counted from today."""
_AIMS: Final = (
    (ACME, GoalMetric.POSTS, 24, "cora", None),
    (ACME, GoalMetric.ABOVE_BENCHMARK, 50, "aron", None),
    (ACME, GoalMetric.FIRST_PASS, 70, "iris", Department.DESIGN),
    (ACME, GoalMetric.ON_TIME, 90, "aron", None),
    (BOREALIS, GoalMetric.CLIENT_RESPONSE, 16, "bodil", None),
)


def give_out(
    session: Session,
    manager: Actor,
    brand: Brand,
    client_id: UUID,
    ids: Mapping[str, UUID],
    at: datetime,
) -> None:
    """The parts of a client's team."""
    for deliverable, network, part, duty in _DUTIES:
        cell = Cell(deliverable, network, ids[brand.team[part]], duty)
        team.give_part(session, manager, client_id, cell, now=at)


def set_the_course(
    session: Session,
    manager: Actor,
    clients: Mapping[str, UUID],
    ids: Mapping[str, UUID],
    at: datetime,
    today: date,
) -> None:
    """What is of all the agency, and what its clients' posts are to reach."""
    for department, key in _HEADS.items():
        team.name_head(session, manager, None, department, ids[key], now=at)
    for key, other, first, last in _AWAY:
        days = Period(today + timedelta(days=first), today + timedelta(days=last))
        absences.add(session, manager, ids[key], days, ids[other], now=at)
    around = today - timedelta(days=30), today + timedelta(days=30)
    for brand, metric, target, owner, department in _AIMS:
        aimed = Aim(metric, target, *around, department=department, owner_id=ids[owner])
        goals.add(session, manager, clients[brand.name], aimed, now=at)
