"""The tables of what is agreed with each client, and of how it starts."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Choice, Instant
from postboard.domain.agreement import Channel, LateApproval, Silence
from postboard.domain.contract import ContractKind, ContractState
from postboard.domain.launch import Gate

_ = models  # names the constraints, and holds the tables that foreign keys point at


class Agreement(SQLModel, table=True):
    """What was agreed with one client on time; without a row the usual terms hold.

    Its columns are the fields of `domain.agreement.Terms`.
    """

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    version: int = 1
    week: list[list[list[int]]] = Field(sa_type=JSON)
    country: str = Field(default="", max_length=12)
    region: str = Field(default="", max_length=40)
    days_off: list[str] = Field(default_factory=list, sa_type=JSON)
    response_hours: int
    reminder_hours: list[int] = Field(sa_type=JSON)
    account_manager_hours: int
    manager_hours: int
    silence: Silence = Field(sa_type=Choice(Silence))
    late_approval: LateApproval = Field(sa_type=Choice(LateApproval))
    quiet_from: int
    quiet_until: int
    channel: Channel = Field(sa_type=Choice(Channel))
    changed_at: datetime = Field(sa_type=Instant)


class AgreementVersion(SQLModel, table=True):
    """One version of the whole agreement with a client: a draft, an offer, or what was answered.

    `terms` are a `domain.contract.Contract`. From the offer on nothing of it changes: `shown` is
    what stood beside the terms then (office hours, who approves), `digest` is of all of it.
    """

    __table_args__ = (
        UniqueConstraint("client_id", "number"),
        Index(None, "client_id", "state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    number: int
    kind: ContractKind = Field(sa_type=Choice(ContractKind))
    state: ContractState = Field(default=ContractState.DRAFT, sa_type=Choice(ContractState))
    based_on: int | None = None
    """The number of the accepted one that it changes."""
    why: str = ""
    """What a change order is for."""
    terms: dict[str, Any] = Field(sa_type=JSON)
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    digest: str = Field(default="", max_length=64)
    version: int = 1
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    offered_by: UUID | None = Field(default=None, foreign_key="person.id")
    offered_name: str = Field(default="", max_length=120)
    offered_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_name: str = Field(default="", max_length=120)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str = ""
    """Why it was declined."""
    in_force_at: datetime | None = Field(default=None, sa_type=Instant)
    """Of an accepted one: its first day, or when it was accepted if that came later."""
    ends_at: datetime | None = Field(default=None, sa_type=Instant)
    """When its last day is over."""


class LaunchPlan(SQLModel, table=True):
    """How one client starts; without a row nothing keeps its first post back.

    `items` are those of `domain.launch`, ticked by hand. `reason` says why the first post goes out
    while `lacking` was not there.
    """

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    gate: Gate = Field(sa_type=Choice(Gate))
    items: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    version: int = 1
    changed_at: datetime = Field(sa_type=Instant)
    reason: str = ""
    lacking: list[str] = Field(default_factory=list, sa_type=JSON)
    reason_by: UUID | None = Field(default=None, foreign_key="person.id")
    reason_name: str = Field(default="", max_length=120)
    reason_at: datetime | None = Field(default=None, sa_type=Instant)
