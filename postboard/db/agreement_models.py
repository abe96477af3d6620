"""The table of what was agreed with each client."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Choice, Instant
from postboard.domain.agreement import Channel, LateApproval, Silence

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
