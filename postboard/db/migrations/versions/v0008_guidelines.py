"""Guidelines: what is being written, what was published, who has read it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "guidelinetext",
        _text("owner", 32),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("must_be_read", sa.Boolean(), nullable=False),
        _text("changed_by", 120),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _to("guidelinetext", "client_id", "client"),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_guidelinetext")),
        sa.UniqueConstraint("id", name=op.f("uq_guidelinetext_id")),
    )
    op.create_table(
        "guidelineversion",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("owner", 32),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _text("note", 500),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        _text("person_name", 120),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        _to("guidelineversion", "client_id", "client"),
        _to("guidelineversion", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidelineversion")),
        sa.UniqueConstraint("owner", "number", name=op.f("uq_guidelineversion_owner_number")),
    )
    op.create_table(
        "guidelinereading",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _text("person_name", 120),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _to("guidelinereading", "version_id", "guidelineversion"),
        _to("guidelinereading", "person_id", "person"),
        sa.PrimaryKeyConstraint("version_id", "person_id", name=op.f("pk_guidelinereading")),
    )
    name = op.f("ix_guidelinereading_person_id_version_id")
    op.create_index(name, "guidelinereading", ["person_id", "version_id"])


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
