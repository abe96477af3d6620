"""The tables of what people are told by mail and chat."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from postboard.db.types import Choice, Instant
from postboard.domain.tasks import How, NoticeKind


class Preference(SQLModel, table=True):
    """How one person hears of one kind of notice by mail; without a row, at once."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    kind: NoticeKind = Field(sa_type=Choice(NoticeKind), primary_key=True)
    how: How = Field(sa_type=Choice(How))
    hour: int
    """Of a daily mail, 0..23 on the person's clock."""


class PendingMail(SQLModel, table=True):
    """A notice that is to go into a mail; the row is gone with the mail's being written."""

    __table_args__ = (Index(None, "due_at"), Index(None, "person_id", "due_at"))

    notice_id: UUID = Field(foreign_key="notice.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    kind: NoticeKind = Field(sa_type=Choice(NoticeKind))
    digest: bool
    """It waits for others, to be told with them."""
    said: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    """What the notice does not hold: the client's action, and their reason."""
    due_at: datetime = Field(sa_type=Instant)


class MailToken(SQLModel, table=True):
    """What one mail lets its recipient do without signing in; only the SHA-256 is kept.

    Of an address to answer to `post_id` and `thread` say where the answer goes; one that ends
    mails names their `kinds`.
    """

    digest: str = Field(max_length=64, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    thread: str = Field(default="", max_length=32)
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id")
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    """Of a reviewer: the one client that the mail was about."""
    created_at: datetime = Field(sa_type=Instant, index=True)


class InboundTrouble(SQLModel, table=True):
    """Why answers to mails cannot be fetched; there is a row only while it is so."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Always 1."""
    failure: str = Field(max_length=300)
    since: datetime = Field(sa_type=Instant)


class ChatAddress(SQLModel, table=True):
    """A chat that one person's notices go to beside their mail.

    The address holds what lets one write there: it is shown to nobody again.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    service: str = Field(max_length=64)
    url: str = Field(max_length=1000)
    created_at: datetime = Field(sa_type=Instant)
