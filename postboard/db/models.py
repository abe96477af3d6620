"""The tables. Each docstring says what one row is."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Index, Integer, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from postboard.db.types import Choice, Instant
from postboard.domain.permissions import Role
from postboard.domain.workflow import Approval, State
from postboard.domain.workflow import Column as BoardColumn

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Person(SQLModel, table=True):
    """Somebody who can sign in: staff by password or link, a client's reviewer by link."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254, unique=True)
    password_hash: str | None = Field(default=None, max_length=255)
    agency_role: Role | None = Field(default=None, sa_type=Choice(Role))
    zone: str = Field(default="UTC", max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class Client(SQLModel, table=True):
    """A brand the agency works for, with the way its posts are approved."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    key: str = Field(max_length=8, unique=True)
    hue: int = Field(default=250)
    zone: str = Field(default="UTC", max_length=64)
    approval: Approval = Field(default=Approval.INTERNAL_AND_CLIENT, sa_type=Choice(Approval))
    rework_goes_to_client: bool = False
    rounds_included: int = 3
    last_post_number: int = 0
    created_at: datetime = Field(sa_type=Instant)


class Membership(SQLModel, table=True):
    """One person's role for one client."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    client_id: UUID = Field(foreign_key="client.id", primary_key=True, index=True)
    role: Role = Field(sa_type=Choice(Role))


class Campaign(SQLModel, table=True):
    """A named effort of one client that posts belong to."""

    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    name: str = Field(max_length=120)
    starts_on: date | None = None
    ends_on: date | None = None


class SocialAccount(SQLModel, table=True):
    """A client's account on one network."""

    __table_args__ = (UniqueConstraint("client_id", "network", "handle"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    network: str = Field(max_length=32)
    handle: str = Field(max_length=120)


class Post(SQLModel, table=True):
    """A post's place in the workflow; its words are in its current revision.

    `version` grows with every write and is what callers state; `revision` is the number of
    the current revision; `board_column` follows from `state` and is kept for its index.
    """

    __table_args__ = (
        UniqueConstraint("client_id", "number"),
        UniqueConstraint("client_id", "plan_identity"),
        Index(None, "board_column", "rank"),
        Index(None, "client_id", "board_column", "rank"),
        Index(None, "state", "planned_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    number: int
    state: State = Field(default=State.DRAFT, sa_type=Choice(State))
    board_column: BoardColumn = Field(default=BoardColumn.DRAFT, sa_type=Choice(BoardColumn))
    rank: int = Field(sa_type=BigInteger)
    version: int = 1
    revision: int = 1
    rounds: int = 0
    ready: bool = False
    planned_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id", index=True)
    assignee_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    published_link: str | None = Field(default=None, max_length=2048)
    plan_identity: str | None = Field(default=None, max_length=64)
    plan_digest: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    state_since: datetime = Field(sa_type=Instant)


class Revision(SQLModel, table=True):
    """The words, pictures and networks of a post as they stood at one time."""

    post_id: UUID = Field(foreign_key="post.id", primary_key=True)
    number: int = Field(primary_key=True)
    title: str = Field(default="", max_length=300)
    caption: str = Field(default="")
    link: str = Field(default="", max_length=2048)
    first_comment: str = Field(default="")
    networks: list[str] = Field(default_factory=list, sa_type=JSON)
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)


class Event(SQLModel, table=True):
    """One fact, never changed. It is the audit log, the activity feed and the outbox.

    Events of one stream (a post, else a client, else a person) form a chain: `digest` is the
    SHA-256 over the content and the digest before it.
    """

    __table_args__ = (
        UniqueConstraint("stream_id", "position"),
        Index(None, "client_id", "at"),
    )

    id: int | None = Field(default=None, sa_type=RowNumber, primary_key=True)
    stream_id: UUID
    position: int
    kind: str = Field(max_length=48)
    client_id: UUID | None = None
    actor_id: UUID | None = None
    actor_name: str = Field(max_length=120)
    at: datetime = Field(sa_type=Instant)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    digest: str = Field(max_length=64)


class EventStream(SQLModel, table=True):
    """The head of one chain of events: how long it is and the digest it ends with."""

    id: UUID = Field(primary_key=True)
    length: int
    digest: str = Field(max_length=64)


class AppliedCommand(SQLModel, table=True):
    """A command of a browser that was carried out, so that sending it again does nothing."""

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    fingerprint: str = Field(max_length=64)
    at: datetime = Field(sa_type=Instant, index=True)


class SignInLink(SQLModel, table=True):
    """A link that signs its person in; only the SHA-256 of its token is kept.

    With a client it shows that client's review page and nothing else.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: str = Field(max_length=64, unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    client_id: UUID | None = Field(default=None, foreign_key="client.id", index=True)
    single_use: bool = True
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class WebSession(SQLModel, table=True):
    """A signed-in browser; only the SHA-256 of its cookie is kept."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: str = Field(max_length=64, unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    link_id: UUID | None = Field(default=None, foreign_key="signinlink.id", index=True)
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, counted to slow down guessing."""

    id: int | None = Field(default=None, sa_type=RowNumber, primary_key=True)
    subject: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=Instant)


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements on the hottest paths, which the ORM makes slow."""
    return getattr(model, "__table__")  # noqa: B009 - SQLModel does not declare it
