"""The tables of planning: lead times, due times, posting times, days without posts, feeds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Choice, Instant
from postboard.domain.planning import LeadStep, PostKind

_ = models  # names the constraints, and holds the tables that foreign keys point at


class LeadTimeTemplate(SQLModel, table=True):
    """How long each step of one kind of a client's posts takes; without a row the usual times.

    `hours` are the fields of `domain.planning.LeadTimes`; empty, once the usual times hold again.
    """

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    kind: PostKind = Field(sa_type=Choice(PostKind), primary_key=True)
    version: int = 1
    hours: dict[str, int] = Field(sa_type=JSON)
    changed_at: datetime = Field(sa_type=Instant)


class StepDue(SQLModel, table=True):
    """By when one step of a planned post has to be over."""

    post_id: UUID = Field(foreign_key="post.id", primary_key=True)
    step: LeadStep = Field(sa_type=Choice(LeadStep), primary_key=True)
    due_at: datetime = Field(sa_type=Instant)


class PostingTimes(SQLModel, table=True):
    """When a client's posts go out: minutes after midnight for each day, Monday first."""

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    version: int = 1
    week: list[list[int]] = Field(sa_type=JSON)
    changed_at: datetime = Field(sa_type=Instant)


class BlackoutDay(SQLModel, table=True):
    """A day on which nothing of a client's goes out, whether or not its office works."""

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    day: date = Field(primary_key=True)
    name: str = Field(default="", max_length=120)


class BulkChange(SQLModel, table=True):
    """One change of many posts at once, kept so that it can be undone.

    `changed` are `{"post", "version", "before"}`: the version it left behind, and what the post
    had before in the fields that it changed.
    """

    __table_args__ = (Index(None, "person_id", "at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    kind: str = Field(max_length=32)
    changed: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class Feed(SQLModel, table=True):
    """A calendar that somebody subscribed to; only the SHA-256 of its token is kept.

    It shows what its person may see, of one client or of all of theirs.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: str = Field(max_length=64, unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class PlanMapping(SQLModel, table=True):
    """How the files of one client with the same header are to be read, as somebody said.

    `signature` is that of `imports.plan.Outline`, `choices` are `imports.plan_choices.Choices`.
    """

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    signature: str = Field(max_length=64, primary_key=True)
    choices: dict[str, Any] = Field(sa_type=JSON)
    changed_at: datetime = Field(sa_type=Instant)
