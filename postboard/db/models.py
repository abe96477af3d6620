"""The tables. Each docstring says what one row is."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Index, Integer, Table, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from postboard.db.types import Choice, Instant
from postboard.domain.content import MediaKind
from postboard.domain.conversation import Thread
from postboard.domain.permissions import Role
from postboard.domain.planning import LeadStep
from postboard.domain.tasks import NoticeKind, TaskStatus
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
    zone_chosen: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """By themselves; until then it is the zone of the first device that told one."""
    language: str = Field(default="en", max_length=8, sa_column_kwargs={"server_default": "en"})
    """What mail to them is written in."""
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
    """A named effort of one client that posts belong to, and what it is to reach.

    `mix` are the fields of `domain.campaigns.Mix`: percent by pillar and by network.
    """

    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    name: str = Field(max_length=120)
    starts_on: date | None = None
    ends_on: date | None = None
    goal: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": text("''")})
    posts_wanted: int | None = None
    budget: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": text("''")})
    mix: dict[str, dict[str, int]] = Field(
        default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"}
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class Pillar(SQLModel, table=True):
    """A theme that a client's posts keep coming back to."""

    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    name: str = Field(max_length=120)


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
        Index(None, "client_id", "planned_at"),
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
    pillar_id: UUID | None = Field(default=None, foreign_key="pillar.id")
    assignee_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    published_link: str | None = Field(default=None, max_length=2048)
    plan_identity: str | None = Field(default=None, max_length=64)
    plan_digest: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    state_since: datetime = Field(sa_type=Instant)


class Revision(SQLModel, table=True):
    """The words, media and networks of a post as they stood at one time.

    It grows with every edit until it is submitted: `frozen_at`, `planned_at` and what it says
    then stay as they are. `variants`, `utm` and `media` are the fields of `domain.content.Words`.
    """

    post_id: UUID = Field(foreign_key="post.id", primary_key=True)
    number: int = Field(primary_key=True)
    title: str = Field(default="", max_length=300)
    caption: str = Field(default="")
    link: str = Field(default="", max_length=2048)
    first_comment: str = Field(default="")
    networks: list[str] = Field(default_factory=list, sa_type=JSON)
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    variants: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    hashtags: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    mentions: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    utm: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"}
    )
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    frozen_at: datetime | None = Field(default=None, sa_type=Instant)
    planned_at: datetime | None = Field(default=None, sa_type=Instant)
    """Of a frozen one: when it was to be published as it was submitted."""


class WordsDraft(SQLModel, table=True):
    """One person's unsent words for a post whose own words are judged already."""

    post_id: UUID = Field(foreign_key="post.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    revision: int
    """The revision it was begun on."""
    base: dict[str, Any] = Field(sa_type=JSON)
    """That revision's words then: while a post is open to edits they change."""
    content: dict[str, Any] = Field(sa_type=JSON)
    updated_at: datetime = Field(sa_type=Instant)
    discarded_at: datetime | None = Field(default=None, sa_type=Instant)
    """A discarded one is kept until it is written anew, so that discarding can be undone."""


class MediaAsset(SQLModel, table=True):
    """An image or a video of a client's library; the file's name in the store is its id.

    `digest` is the SHA-256 of the original's bytes, `size` their number; width and height are
    as a viewer sees them, turned upright.
    """

    __table_args__ = (Index(None, "client_id", "created_at"), Index(None, "client_id", "digest"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    digest: str = Field(max_length=64)
    name: str = Field(max_length=200)
    kind: MediaKind = Field(sa_type=Choice(MediaKind))
    type: str = Field(max_length=64)
    size: int = Field(sa_type=BigInteger)
    width: int
    height: int
    duration_ms: int = 0
    alt: str = ""
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    search_text: str = ""
    """Name, alternative text and tags, case-folded."""
    version: int = 1
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    archived_at: datetime | None = Field(default=None, sa_type=Instant)


class MediaUse(SQLModel, table=True):
    """An asset that a revision of a post shows."""

    asset_id: UUID = Field(foreign_key="mediaasset.id", primary_key=True)
    post_id: UUID = Field(foreign_key="post.id", primary_key=True, index=True)
    revision: int = Field(primary_key=True)


class Waiver(SQLModel, table=True):
    """A blocking finding of a post's checks that somebody let pass, with the reason.

    `finding` names rule, place and facts: other words are another finding.
    """

    post_id: UUID = Field(foreign_key="post.id", primary_key=True)
    finding: str = Field(max_length=64, primary_key=True)
    reason: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    person_name: str = Field(max_length=120)
    at: datetime = Field(sa_type=Instant)


class Task(SQLModel, table=True):
    """What one person is expected to do for one post."""

    __table_args__ = (
        Index(None, "post_id", "status"),
        Index(None, "assignee_id", "status", "due_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    post_id: UUID = Field(foreign_key="post.id")
    assignee_id: UUID = Field(foreign_key="person.id")
    status: TaskStatus = Field(default=TaskStatus.OPEN, sa_type=Choice(TaskStatus))
    instructions: str = ""
    links: list[str] = Field(default_factory=list, sa_type=JSON)
    urgent: bool = False
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    step: LeadStep | None = Field(default=None, sa_type=Choice(LeadStep))
    """The step of the post's plan that it is: it moves with the post."""
    reason: str = ""
    """Why it was sent back."""
    version: int = 1
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class Comment(SQLModel, table=True):
    """What somebody said of a post, in one of its two threads.

    `anchor` is where on the post: `{"field": "caption@x"}` or `{"asset": id, "x": …, "y": …}`,
    0..1 from the left and the top.
    `earlier` holds the texts before each edit: `{"text", "at"}`.
    """

    __table_args__ = (Index(None, "post_id", "thread", "created_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    post_id: UUID = Field(foreign_key="post.id")
    thread: Thread = Field(sa_type=Choice(Thread))
    parent_id: UUID | None = Field(default=None, foreign_key="comment.id")
    author_id: UUID | None = Field(default=None, foreign_key="person.id")
    author_name: str = Field(max_length=120)
    revision: int
    text: str
    anchor: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    mentions: list[str] = Field(default_factory=list, sa_type=JSON)
    """Ids (hex) of the people named in it."""
    earlier: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_by: str = Field(default="", max_length=120)


class CommentAttachment(SQLModel, table=True):
    """An asset that a comment shows."""

    comment_id: UUID = Field(foreign_key="comment.id", primary_key=True)
    asset_id: UUID = Field(foreign_key="mediaasset.id", primary_key=True, index=True)


class Reaction(SQLModel, table=True):
    """One person's emoji under a comment."""

    comment_id: UUID = Field(foreign_key="comment.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    emoji: str = Field(max_length=16, primary_key=True)


class Notice(SQLModel, table=True):
    """Something that one person should know of: shown under My work until it is read."""

    __table_args__ = (Index(None, "person_id", "read_at", "at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    kind: NoticeKind = Field(sa_type=Choice(NoticeKind))
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    """None: it is about an idea, of which nobody has made a post."""
    subject_id: UUID | None = Field(default=None, index=True)
    """The task, comment, request or idea it is about."""
    actor_name: str = Field(max_length=120)
    at: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class OutgoingMail(SQLModel, table=True):
    """A mail or chat message, kept until the mail server or the chat has taken it.

    A worker claims it by a lease; one that failed is tried again at `due_at`.
    """

    __table_args__ = (Index(None, "sent_at", "due_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    """None: it goes to a client's chat, which is nobody's own."""
    subject: str = Field(max_length=300)
    body: str
    path: str = Field(max_length=200)
    """Of the page that its button opens."""
    language: str = Field(default="en", max_length=8, sa_column_kwargs={"server_default": "en"})
    kinds: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    """The kinds of notice it tells of: what its recipient can turn off."""
    post_id: UUID | None = None
    """The one post it is about: mails about one post make one thread."""
    thread: Thread | None = Field(default=None, sa_type=Choice(Thread))
    """The post's thread that an answer belongs to."""
    comment_id: UUID | None = None
    """The comment that an answer answers."""
    review_of: UUID | None = None
    """The client whose review its button opens, by a link that is made when it is sent."""
    chat_id: UUID | None = None
    """The chat that it goes to instead of the person's mail address."""
    due_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    lease: UUID | None = None
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    failure: str = ""
    created_at: datetime = Field(sa_type=Instant)


class PostLook(SQLModel, table=True):
    """When somebody last looked at a post's page, and what stood there."""

    post_id: UUID = Field(foreign_key="post.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    revision: int
    content: dict[str, Any] = Field(sa_type=JSON)
    """The words they saw: a revision that was still growing says others now."""
    position: int
    """How many events the post had."""
    at: datetime = Field(sa_type=Instant)


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
