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
    """Usual times follow the client's agreement; version 0 were never any others."""

    version: int
    lead: LeadTimes
    is_usual: bool = False


def of_kind(session: Session, client_id: UUID, kind: PostKind, terms: Terms) -> Lead:
    row: Any = session.execute(
        select(_TEMPLATE.c.version, _TEMPLATE.c.hours).where(
            _TEMPLATE.c.client_id == client_id, _TEMPLATE.c.kind == kind
        )
    ).one_or_none()
    if row is None or not row.hours:
        return Lead(row.version if row else 0, usual_lead_times(terms, kind), is_usual=True)
    return Lead(row.version, LeadTimes(**row.hours))
