"""The table of what is to be done by the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Instant

_ = models  # names the constraints, and holds the tables that foreign keys point at


class Job(SQLModel, table=True):
    """Something to be done once, at `run_at` or later, and noted as done with what it did.

    A worker claims it by a lease; one that failed is tried again at `run_at`.
    """

    __table_args__ = (Index(None, "done_at", "run_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(max_length=48)
    subject_id: UUID = Field(index=True)
    """What it is about, such as a request for review."""
    key: str = Field(max_length=200, unique=True)
    """Whoever asks for the same again asks for nothing new."""
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    run_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    lease: UUID | None = None
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    failure: str = ""
    created_at: datetime = Field(sa_type=Instant)
