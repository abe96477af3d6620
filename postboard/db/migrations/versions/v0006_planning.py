"""Lead times, due times of steps, posting times, blackout days, bulk changes and feeds; what
campaigns are to reach, and votes for ideas.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("task", sa.Column("step", sa.String(length=32), nullable=True))
    op.create_table(
        "leadtimetemplate",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _of("leadtimetemplate", "client"),
        sa.PrimaryKeyConstraint("client_id", "kind", name=op.f("pk_leadtimetemplate")),
    )
    op.create_table(
        "stepdue",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        _of("stepdue", "post"),
        sa.PrimaryKeyConstraint("post_id", "step", name=op.f("pk_stepdue")),
    )
    op.create_table(
        "postingtimes",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _of("postingtimes", "client"),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_postingtimes")),
    )
    op.create_table(
        "blackoutday",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        _of("blackoutday", "client"),
        sa.PrimaryKeyConstraint("client_id", "day", name=op.f("pk_blackoutday")),
    )
    op.create_table(
        "bulkchange",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _of("bulkchange", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulkchange")),
    )
    op.create_index(op.f("ix_bulkchange_person_id_at"), "bulkchange", ["person_id", "at"])
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _of("feed", "person"),
        _of("feed", "client"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_feed_token_digest")),
    )
    op.create_index(op.f("ix_feed_person_id"), "feed", ["person_id"])
    op.create_table(
        "planmapping",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _of("planmapping", "client"),
        sa.PrimaryKeyConstraint("client_id", "signature", name=op.f("pk_planmapping")),
    )
    _campaigns_and_ideas()


def _campaigns_and_ideas() -> None:
    for column in (
        sa.Column(
            "goal",
            sqlmodel.sql.sqltypes.AutoString(length=500),
            server_default=sa.text("''"),
            nullable=False,
        ),
        sa.Column("posts_wanted", sa.Integer(), nullable=True),
        sa.Column(
            "budget",
            sqlmodel.sql.sqltypes.AutoString(length=200),
            server_default=sa.text("''"),
            nullable=False,
        ),
        sa.Column("mix", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ):
        op.add_column("campaign", column)
    internal = sa.Column("internal", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("idea", internal)
    op.create_table(
        "ideavote",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of("ideavote", "idea"),
        _of("ideavote", "person"),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_ideavote")),
    )


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id_{other}")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name)
