"""Imports of what networks count: posts, their snapshots, accounts' days, how files are read;
goals, the benchmarks that were chosen, and limits of work in progress.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"

COUNTS = (
    "impressions",
    "reach",
    "video_views",
    "likes",
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "other_clicks",
    "profile_actions",
    "follows",
    "paid_impressions",
    "engagements",
)
MEASURES = ("watch_seconds", "duration_s", "spend")


def upgrade() -> None:
    op.create_table(
        "metricimport",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        _text("person_name", 120),
        _text("file_name", 200),
        _text("digest", 64),
        _text("key", 64, nullable=True),
        _text("format", 64),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        _instant("captured_at"),
        _instant("created_at"),
        sa.Column("lease", sa.Uuid(), nullable=True),
        _instant("leased_until", nullable=True),
        _instant("finished_at", nullable=True),
        _instant("undone_at", nullable=True),
        _to("metricimport", "client_id", "client"),
        _to("metricimport", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metricimport")),
        sa.UniqueConstraint("key", name=op.f("uq_metricimport_key")),
    )
    _index("metricimport", "client_id", "created_at")
    _posts()
    _accounts()
    _aims()


def _posts() -> None:
    op.create_table(
        "metricpost",
        *_figures(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        _text("network", 32),
        _text("account", 120),
        _text("identity", 200),
        _text("platform_post_id", 120),
        _text("permalink", 2048),
        _text("address", 200),
        _text("words", 64),
        _text("text"),
        _text("format", 32),
        sa.Column("published_on", sa.Date(), nullable=True),
        _instant("published_at", nullable=True),
        sa.Column("has_time", sa.Boolean(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("linked_by", sa.String(length=32), nullable=True),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        _instant("captured_at"),
        _text("window", 16),
        sa.Column("latest_import_id", sa.Uuid(), nullable=False),
        _to("metricpost", "client_id", "client"),
        _to("metricpost", "post_id", "post"),
        _to("metricpost", "latest_import_id", "metricimport"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metricpost")),
        sa.UniqueConstraint(
            "client_id",
            "network",
            "identity",
            name=op.f("uq_metricpost_client_id_network_identity"),
        ),
    )
    _index("metricpost", "client_id", "network", "address")
    _index("metricpost", "client_id", "network", "words")
    _index("metricpost", "client_id", "published_on")
    _index("metricpost", "published_on")
    _index("metricpost", "post_id")
    op.create_table(
        "metricsnapshot",
        *_figures(),
        sa.Column("metric_post_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        _instant("captured_at"),
        _text("window", 16),
        sa.Column("raw", sa.JSON(), nullable=False),
        _to("metricsnapshot", "metric_post_id", "metricpost"),
        _to("metricsnapshot", "import_id", "metricimport"),
        sa.PrimaryKeyConstraint("metric_post_id", "import_id", name=op.f("pk_metricsnapshot")),
    )
    _index("metricsnapshot", "import_id")


def _accounts() -> None:
    counts = ("followers", "follower_delta", "impressions", "reach", "profile_visits")
    op.create_table(
        "accountday",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        _text("network", 32),
        _text("account", 120),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in counts),
        sa.Column("raw", sa.JSON(), nullable=False),
        _to("accountday", "import_id", "metricimport"),
        _to("accountday", "client_id", "client"),
        sa.PrimaryKeyConstraint(
            "import_id", "network", "account", "day", name=op.f("pk_accountday")
        ),
    )
    _index("accountday", "client_id", "network", "account", "day")
    op.create_table(
        "metricreading",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        _text("format", 64),
        _text("account", 120),
        sa.Column("said", sa.JSON(), nullable=False),
        _instant("changed_at"),
        _to("metricreading", "client_id", "client"),
        sa.PrimaryKeyConstraint("client_id", "format", "account", name=op.f("pk_metricreading")),
    )


def _aims() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        _text("metric", 48),
        sa.Column("target", sa.Float(), nullable=False),
        _text("network", 32, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _instant("created_at"),
        _instant("ended_at", nullable=True),
        _to("goal", "client_id", "client"),
        _to("goal", "owner_id", "person"),
        _to("goal", "created_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    _index("goal", "client_id", "ends_on")
    op.create_table(
        "chosenbenchmark",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        _text("network", 32),
        _text("source", 64),
        _text("denominator", 32),
        sa.Column("own_rate", sa.Float(), nullable=True),
        sa.Column("own_posts_per_week", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        _instant("changed_at"),
        _to("chosenbenchmark", "client_id", "client"),
        _to("chosenbenchmark", "changed_by", "person"),
        sa.PrimaryKeyConstraint("client_id", "network", name=op.f("pk_chosenbenchmark")),
    )
    op.create_table(
        "wiplimit",
        sa.Column("scope", sa.Uuid(), nullable=False),
        _text("state", 32),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        _instant("changed_at"),
        _to("wiplimit", "changed_by", "person"),
        sa.PrimaryKeyConstraint("scope", "state", name=op.f("pk_wiplimit")),
    )


def _figures() -> list[sa.Column]:
    return [
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in COUNTS),
        *(sa.Column(name, sa.Float(), nullable=True) for name in MEASURES),
    ]


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])
