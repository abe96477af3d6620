"""Versions of whole agreements, and how a client starts."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "agreementversion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        _text("why"),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        _text("digest", 64),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _instant("created_at"),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        _text("offered_name", 120),
        _instant("offered_at", nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        _text("answered_name", 120),
        _instant("answered_at", nullable=True),
        _text("answer"),
        _instant("in_force_at", nullable=True),
        _instant("ends_at", nullable=True),
        _to("agreementversion", "client_id", "client"),
        _to("agreementversion", "created_by", "person"),
        _to("agreementversion", "offered_by", "person"),
        _to("agreementversion", "answered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreementversion")),
        sa.UniqueConstraint(
            "client_id", "number", name=op.f("uq_agreementversion_client_id_number")
        ),
    )
    op.create_index(
        op.f("ix_agreementversion_client_id_state"), "agreementversion", ["client_id", "state"]
    )
    op.create_table(
        "launchplan",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.String(length=32), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("changed_at"),
        _text("reason"),
        sa.Column("lacking", sa.JSON(), nullable=False),
        sa.Column("reason_by", sa.Uuid(), nullable=True),
        _text("reason_name", 120),
        _instant("reason_at", nullable=True),
        _to("launchplan", "client_id", "client"),
        _to("launchplan", "reason_by", "person"),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_launchplan")),
    )


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
