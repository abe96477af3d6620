"""A post's tasks as rows, and what becomes of them when the post takes a step."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.domain.permissions import Actor
from postboard.domain.workflow import Step


def follow(
    session: Session,
    actor: Actor,
    post_id: UUID,
    step: Step,
    assignee_id: UUID | None,
    now: datetime,
) -> None:
    """Give the assignee a task, or end what the step has made needless."""
