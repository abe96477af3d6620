"""What somebody said of a plan's columns, kept for the client's next file with the same ones."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.planning_models import PlanMapping
from postboard.domain.permissions import Actor, Permission
from postboard.imports.plan_choices import NOTHING_SAID, Choices, from_json
from postboard.services.post_rows import need

KEPT_MAX: Final = 200
"""Of one client; beyond that the oldest goes."""


def recall(session: Session, client_id: UUID, signature: str) -> Choices:
    kept: Any = session.execute(
        select(col(PlanMapping.choices)).where(
            col(PlanMapping.client_id) == client_id, col(PlanMapping.signature) == signature
        )
    ).scalar_one_or_none()
    return from_json(kept) if kept else NOTHING_SAID


def remember(
    session: Session,
    actor: Actor,
    client_id: UUID,
    signature: str,
    choices: Choices,
    *,
    now: datetime,
) -> None:
    """In the place of what was said before; where nothing is said any more, nothing stays."""
    need(actor, Permission.IMPORT_PLAN, client_id)
    _forget(session, client_id, col(PlanMapping.signature) == signature)
    if choices.lasting == NOTHING_SAID:
        return
    row = {"signature": signature, "choices": choices.lasting.as_json(), "changed_at": now}
    session.execute(insert(PlanMapping), [{"client_id": client_id, **row}])
    kept = session.execute(
        select(func.count()).where(col(PlanMapping.client_id) == client_id)
    ).scalar_one()
    if kept > KEPT_MAX:
        oldest = select(func.min(col(PlanMapping.changed_at))).where(
            col(PlanMapping.client_id) == client_id
        )
        _forget(session, client_id, col(PlanMapping.changed_at) == oldest.scalar_subquery())


def _forget(session: Session, client_id: UUID, which: Any) -> None:
    session.execute(
        delete(PlanMapping)
        .where(col(PlanMapping.client_id) == client_id, which)
        .execution_options(synchronize_session=False)
    )
