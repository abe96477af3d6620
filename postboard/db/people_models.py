"""The tables of people at work: parts, heads, absences, working hours, what was handed over."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Choice, Instant
from postboard.domain.team import Deliverable, Department, Part

_ = models  # names the constraints, and holds the tables that foreign keys point at


class Responsibility(SQLModel, table=True):
    """One person's part in one deliverable of a client, on one network or (empty) on all."""

    __table_args__ = (
        UniqueConstraint("client_id", "deliverable", "network", "person_id"),
        Index(None, "person_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    deliverable: Deliverable = Field(sa_type=Choice(Deliverable))
    network: str = Field(default="", max_length=32)
    person_id: UUID = Field(foreign_key="person.id")
    part: Part = Field(sa_type=Choice(Part))
    changed_by: UUID | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(sa_type=Instant)


class DepartmentHead(SQLModel, table=True):
    """Who heads a department for a client, or, without one, in all the agency."""

    __table_args__ = (
        UniqueConstraint("client_id", "department"),
        # Without a client, two would be none of each other's: NULLs differ.
        Index(
            None,
            "department",
            unique=True,
            sqlite_where=text("client_id IS NULL"),
            postgresql_where=text("client_id IS NULL"),
        ),
        Index(None, "person_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    department: Department = Field(sa_type=Choice(Department))
    person_id: UUID = Field(foreign_key="person.id")
    changed_by: UUID | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(sa_type=Instant)


class Absence(SQLModel, table=True):
    """Somebody of the staff is away for some days on their own clock."""

    __table_args__ = (Index(None, "person_id", "ended_at"), Index(None, "stand_in_id"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    stand_in_id: UUID | None = Field(default=None, foreign_key="person.id")
    starts_on: date
    ends_on: date
    """Still away on that day."""
    named_by: UUID | None = Field(default=None, foreign_key="person.id")
    named_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """Before its time, or it was never to be."""


class OwnHours(SQLModel, table=True):
    """When somebody of the staff works, on their own clock; without a row it is nine to five."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    week: list[Any] = Field(sa_type=JSON)
    """As `domain.working_time.Week`."""
    country: str = Field(default="", max_length=2)
    """Whose public holidays they have; none without."""
    region: str = Field(default="", max_length=32)
    version: int = 1
    changed_at: datetime = Field(sa_type=Instant)


class HandOver(SQLModel, table=True):
    """What somebody had open and gave to others in one step, as they left or for good.

    `moved` says what went to whom, as `services.handing_back` reads it.
    """

    __table_args__ = (Index(None, "person_id", "at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    by: UUID | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=Instant)
    left: bool = False
    """They cannot sign in any more."""
    clients: list[str] = Field(default_factory=list[str], sa_type=JSON)
    """Of whose work it is: to take it back one has to look after them still."""
    moved: dict[str, Any] = Field(sa_type=JSON)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
