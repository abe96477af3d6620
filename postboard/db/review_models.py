"""The tables of approvals: who is to decide, who was asked, who said what."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from postboard.db.types import Choice, Instant
from postboard.domain.ideas import IdeaState


class ApprovalChain(SQLModel, table=True):
    """The stages that posts pass, of a client, of one campaign or of one post.

    `id` is that of what it is for (the post, else the campaign, else the client), so there is
    one each. `stages` are those of `domain.chains`; `reason` says why it differs.
    """

    id: UUID = Field(primary_key=True)
    client_id: UUID = Field(foreign_key="client.id", index=True)
    campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id")
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    stages: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    reason: str = ""
    version: int = 1
    updated_by: UUID | None = Field(default=None, foreign_key="person.id")
    updated_at: datetime = Field(sa_type=Instant)


class ReviewRequest(SQLModel, table=True):
    """The people of one stage were asked to decide on one revision of a post.

    `chain` is the whole chain as it stood then; `stage` is the place in it, from 0. Without
    `reviewers` whoever holds the right on that side decides. `outcome` is empty while it is
    open, then approved, changes_requested, recalled or superseded.
    """

    __table_args__ = (
        Index(None, "post_id", "closed_at"),
        Index(None, "closed_at", "due_at"),
        Index(None, "client_id", "closed_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    post_id: UUID = Field(foreign_key="post.id")
    client_id: UUID = Field(foreign_key="client.id")
    revision: int
    round: int
    stage: int
    side: str = Field(max_length=16)
    name: str = Field(default="", max_length=80)
    rule: str = Field(max_length=16)
    reviewers: list[str] = Field(default_factory=list, sa_type=JSON)
    """Ids (hex)."""
    chain: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    message: str = ""
    asked_by: UUID | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str = Field(default="", max_length=24)


class Decision(SQLModel, table=True):
    """What one person said to one request; it is gone when they take it back at once."""

    __table_args__ = (
        UniqueConstraint("request_id", "person_id"),
        Index(None, "person_id", "at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="reviewrequest.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    person_name: str = Field(max_length=120)
    approved: bool
    at: datetime = Field(sa_type=Instant)
    reason: str = ""
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    stood_in_for: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    """Those who were away, `person` (hex) and `name`: it counts for them too."""


class StandIn(SQLModel, table=True):
    """One reviewer is away for some days on their client's clock, and another stands in."""

    __table_args__ = (Index(None, "client_id", "ended_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    person_id: UUID = Field(foreign_key="person.id")
    stand_in_id: UUID = Field(foreign_key="person.id")
    starts_on: date
    ends_on: date
    """Still away on that day."""
    named_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """Before its time."""


class SharedLink(SQLModel, table=True):
    """A link for all of a client's reviewers; only the SHA-256 of its token is kept.

    It opens nothing by itself: whoever comes by it picks their name, and a code is mailed there.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class SharedCode(SQLModel, table=True):
    """Somebody picked this person's name at a shared link, and a code goes to the person by mail.

    The code is made as its mail is sent: `code_digest` is empty before, and no table holds it.
    """

    __table_args__ = (Index(None, "link_id", "person_id", "created_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    link_id: UUID = Field(foreign_key="sharedlink.id")
    person_id: UUID = Field(foreign_key="person.id")
    mail_id: UUID = Field(foreign_key="outgoingmail.id", index=True)
    asked_digest: str = Field(max_length=64, unique=True)
    """SHA-256 of what the browser that asked was given: another one cannot use the code."""
    code_digest: str = Field(default="", max_length=64)
    tries: int = 0
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    opened: UUID | None = Field(default=None, foreign_key="signinlink.id")
    """What the session hangs on that the code opened."""


class Idea(SQLModel, table=True):
    """What somebody would like to see posted for a client, and what became of it."""

    __table_args__ = (
        Index(None, "client_id", "state"),
        Index(None, "client_id", "created_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    author_id: UUID = Field(foreign_key="person.id")
    text: str
    link: str = ""
    wished_on: date | None = None
    """A day on the client's clock."""
    state: IdeaState = Field(default=IdeaState.NEW, sa_type=Choice(IdeaState))
    answer: str = ""
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    """The draft it became."""
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    internal: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Of the agency's side, and not for the client's eyes."""


class IdeaVote(SQLModel, table=True):
    """One person would like to see an idea posted."""

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    at: datetime = Field(sa_type=Instant)
