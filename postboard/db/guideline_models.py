"""The tables of guidelines: what is being written, what was published, and who has read it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Instant

_ = models  # names the constraints, and holds the tables that foreign keys point at

AGENCY: Final = ""
"""The owner of the agency's guideline; a client's is owned by its id in hex."""


class GuidelineText(SQLModel, table=True):
    """The guideline of the agency or of one client, as it is being written.

    `content` is a `domain.guidelines.Guideline`. `published` is the number of the version that
    holds, 0 before the first; `is_draft` says that the content is not that version's.
    """

    owner: str = Field(max_length=32, primary_key=True)
    id: UUID = Field(default_factory=uuid4, unique=True)
    """Names the stream of its events."""
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    version: int = 1
    content: dict[str, Any] = Field(sa_type=JSON)
    is_draft: bool
    published: int = 0
    must_be_read: bool = False
    """Whoever has not acknowledged the version that holds does not work on the client's posts."""
    changed_by: str = Field(max_length=120)
    changed_at: datetime = Field(sa_type=Instant)


class GuidelineVersion(SQLModel, table=True):
    """A published version of a guideline; it never changes."""

    __table_args__ = (UniqueConstraint("owner", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    owner: str = Field(max_length=32)
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    number: int
    content: dict[str, Any] = Field(sa_type=JSON)
    note: str = Field(default="", max_length=500)
    """What is new in it."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    person_name: str = Field(max_length=120)
    published_at: datetime = Field(sa_type=Instant)


class GuidelineReading(SQLModel, table=True):
    """One person says that they have read one version."""

    __table_args__ = (Index(None, "person_id", "version_id"),)

    version_id: UUID = Field(foreign_key="guidelineversion.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    person_name: str = Field(max_length=120)
    at: datetime = Field(sa_type=Instant)
