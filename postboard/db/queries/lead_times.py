"""How long the steps of a client's posts take: its own lead times, else the usual ones."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from postboard.db.models import table_of
from postboard.db.planning_models import LeadTimeTemplate
from postboard.domain.agreement import Terms
from postboard.domain.planning import LeadTimes, PostKind, usual_lead_times

_TEMPLATE = table_of(LeadTimeTemplate)


@dataclass(frozen=True, slots=True)
class Lead:
    """Version 0 are the usual times, which follow the client's agreement."""

    version: int
    lead: LeadTimes


def of_kind(session: Session, client_id: UUID, kind: PostKind, terms: Terms) -> Lead:
    row: Any = session.execute(
        select(_TEMPLATE.c.version, _TEMPLATE.c.hours).where(
            _TEMPLATE.c.client_id == client_id, _TEMPLATE.c.kind == kind
        )
    ).one_or_none()
    if row is None:
        return Lead(0, usual_lead_times(terms, kind))
    return Lead(row.version, LeadTimes(**row.hours))
