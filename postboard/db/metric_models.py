"""The tables of performance: what came in of posts and accounts, what is aimed at."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from postboard.db import models
from postboard.db.types import Choice, Instant
from postboard.domain.matching import LinkedBy
from postboard.domain.team import Department
from postboard.domain.workflow import State

_ = models  # names the constraints, and holds the tables that foreign keys point at


class FiguresKept(SQLModel):
    """The columns of `domain.figures.Figures`; NULL is what the network did not say."""

    impressions: int | None = Field(default=None, sa_type=BigInteger)
    reach: int | None = Field(default=None, sa_type=BigInteger)
    video_views: int | None = Field(default=None, sa_type=BigInteger)
    likes: int | None = Field(default=None, sa_type=BigInteger)
    comments: int | None = Field(default=None, sa_type=BigInteger)
    shares: int | None = Field(default=None, sa_type=BigInteger)
    saves: int | None = Field(default=None, sa_type=BigInteger)
    link_clicks: int | None = Field(default=None, sa_type=BigInteger)
    other_clicks: int | None = Field(default=None, sa_type=BigInteger)
    profile_actions: int | None = Field(default=None, sa_type=BigInteger)
    follows: int | None = Field(default=None, sa_type=BigInteger)
    watch_seconds: float | None = None
    duration_s: float | None = None
    paid_impressions: int | None = Field(default=None, sa_type=BigInteger)
    spend: float | None = None
    engagements: int | None = Field(default=None, sa_type=BigInteger)


class MetricImport(SQLModel, table=True):
    """A network's own export that came in, or is coming in: until `finished_at` it can go on.

    `settings` are `services.metrics_import.Said`. `key` names the file and its account while they
    are here: the same file comes in once. Whoever imports or undoes holds the lease.
    """

    __table_args__ = (Index(None, "client_id", "created_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    person_name: str = Field(max_length=120)
    file_name: str = Field(max_length=200)
    digest: str = Field(max_length=64)
    """The SHA-256 of the file."""
    key: str | None = Field(default=None, max_length=64, unique=True)
    format: str = Field(max_length=64)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    rows_done: int = 0
    new: int = 0
    updated: int = 0
    skipped: int = 0
    captured_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    lease: UUID | None = None
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class MetricPost(FiguresKept, table=True):
    """A published post that some import tells of: one of ours, or made elsewhere.

    Its own figures are those of its newest snapshot, which came with `latest_import_id`; the only
    writer keeps them, so that a chart never looks through all snapshots. `identity` is the
    strongest name it is known by: what the network calls it, else its address, else its words.
    """

    __table_args__ = (
        UniqueConstraint("client_id", "network", "identity"),
        Index(None, "client_id", "network", "address"),
        Index(None, "client_id", "network", "words"),
        Index(None, "client_id", "published_on"),
        Index(None, "published_on"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    network: str = Field(max_length=32)
    account: str = Field(default="", max_length=120)
    identity: str = Field(max_length=200)
    platform_post_id: str = Field(default="", max_length=120)
    permalink: str = Field(default="", max_length=2048)
    address: str = Field(default="", max_length=200)
    """The permalink in the one form that all its spellings share."""
    words: str = Field(default="", max_length=64)
    """A digest of account, day and words."""
    text: str = ""
    format: str = Field(default="", max_length=32)
    published_on: date | None = None
    """On the clock of the account."""
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    has_time: bool = False
    post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)
    linked_by: LinkedBy | None = Field(default=None, sa_type=Choice(LinkedBy))
    """By a person and without a post: somebody said that it is none of ours."""
    followers: int | None = Field(default=None, sa_type=BigInteger)
    """The account's on the day it was published, or the newest known before."""
    captured_at: datetime = Field(sa_type=Instant)
    window: str = Field(default="lifetime", max_length=16)
    latest_import_id: UUID = Field(foreign_key="metricimport.id")


class MetricSnapshot(FiguresKept, table=True):
    """What one import says of one post; never changed, and removed only with its import."""

    metric_post_id: UUID = Field(foreign_key="metricpost.id", primary_key=True)
    import_id: UUID = Field(foreign_key="metricimport.id", primary_key=True, index=True)
    captured_at: datetime = Field(sa_type=Instant)
    window: str = Field(default="lifetime", max_length=16)
    """`lifetime`, or what the figures are of, such as `28d`."""
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The row as the file has it."""


class AccountDay(SQLModel, table=True):
    """What one import says of one day of an account; of several the newest says it."""

    __table_args__ = (Index(None, "client_id", "network", "account", "day"),)

    import_id: UUID = Field(foreign_key="metricimport.id", primary_key=True)
    network: str = Field(max_length=32, primary_key=True)
    account: str = Field(max_length=120, primary_key=True)
    day: date = Field(primary_key=True)
    client_id: UUID = Field(foreign_key="client.id")
    followers: int | None = Field(default=None, sa_type=BigInteger)
    follower_delta: int | None = Field(default=None, sa_type=BigInteger)
    impressions: int | None = Field(default=None, sa_type=BigInteger)
    reach: int | None = Field(default=None, sa_type=BigInteger)
    profile_visits: int | None = Field(default=None, sa_type=BigInteger)
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class MetricReading(SQLModel, table=True):
    """How the files of one account in one format are to be read, as somebody said once."""

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    format: str = Field(max_length=64, primary_key=True)
    account: str = Field(max_length=120, primary_key=True)
    said: dict[str, Any] = Field(sa_type=JSON)
    """The lasting part of `services.metrics_import.Said`."""
    changed_at: datetime = Field(sa_type=Instant)


class Goal(SQLModel, table=True):
    """What a client's posts (or, without one, the agency's) are to reach in some days."""

    __table_args__ = (Index(None, "client_id", "ends_on"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    client_id: UUID | None = Field(default=None, foreign_key="client.id")
    metric: str = Field(max_length=48)
    target: float
    network: str | None = Field(default=None, max_length=32)
    department: Department | None = Field(default=None, sa_type=Choice(Department))
    """Of posts that somebody of it worked on."""
    benchmark: str | None = Field(default=None, max_length=64)
    """A source of `domain.benchmarks`, where the metric is held beside one."""
    starts_on: date
    ends_on: date
    owner_id: UUID | None = Field(default=None, foreign_key="person.id")
    version: int = 1
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was removed: it can be brought back."""


class ChosenBenchmark(SQLModel, table=True):
    """What a client's posts on one network are held against.

    `source` is an id of `domain.benchmarks`, or says that it is their own past or own values.
    """

    client_id: UUID = Field(foreign_key="client.id", primary_key=True)
    network: str = Field(max_length=32, primary_key=True)
    source: str = Field(max_length=64)
    denominator: str = Field(max_length=32)
    own_rate: float | None = None
    """Percent, where somebody gave a value of their own."""
    own_posts_per_week: float | None = None
    version: int = 1
    changed_by: UUID | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(sa_type=Instant)


class WipLimit(SQLModel, table=True):
    """How many posts are to stand in a state at most.

    `scope` is a client's id, or `db.queries.wip_limits.AGENCY` for the posts of all clients.
    """

    scope: UUID = Field(primary_key=True)
    state: State = Field(sa_type=Choice(State), primary_key=True)
    most: int
    changed_by: UUID | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(sa_type=Instant)
