"""Alembic's entry: runs on the connection that the program hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel

from postboard.db import (
    agreement_models,
    guideline_models,
    job_models,
    metric_models,
    models,
    notify_models,
    people_models,
    planning_models,
    review_models,
)
from postboard.db.types import Choice, Instant

# They fill the metadata.
_ = (
    models,
    agreement_models,
    guideline_models,
    job_models,
    metric_models,
    notify_models,
    people_models,
    planning_models,
    review_models,
)


def _own_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A choice is plain text to a migration: enums may change later, old migrations may not."""
    if kind == "type" and isinstance(item, Choice):
        return "sa.String(length=32)"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_own_types,
)
with context.begin_transaction():
    context.run_migrations()
