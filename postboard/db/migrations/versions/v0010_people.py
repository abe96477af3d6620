"""People at work: parts in deliverables, heads of department, absences and hours of the staff,
what was handed over; goals of one department or beside a benchmark.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "responsibility",
        _id(),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("deliverable", sa.String(length=32), nullable=False),
        _text("network", 32),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        _instant("changed_at"),
        _to("responsibility", "client_id", "client"),
        _to("responsibility", "person_id", "person"),
        _to("responsibility", "changed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
        sa.UniqueConstraint(
            "client_id",
            "deliverable",
            "network",
            "person_id",
            name=op.f("uq_responsibility_client_id_deliverable_network_person_id"),
        ),
    )
    _index("responsibility", "person_id")
    op.create_table(
        "departmenthead",
        _id(),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        _instant("changed_at"),
        _to("departmenthead", "client_id", "client"),
        _to("departmenthead", "person_id", "person"),
        _to("departmenthead", "changed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departmenthead")),
        sa.UniqueConstraint(
            "client_id", "department", name=op.f("uq_departmenthead_client_id_department")
        ),
    )
    op.create_index(
        op.f("ix_departmenthead_department"),
        "departmenthead",
        ["department"],
        unique=True,
        sqlite_where=sa.text("client_id IS NULL"),
        postgresql_where=sa.text("client_id IS NULL"),
    )
    _index("departmenthead", "person_id")
    _times()
    op.create_table(
        "handover",
        _id(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        _instant("at"),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("clients", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        _instant("undone_at", nullable=True),
        _to("handover", "person_id", "person"),
        _to("handover", "by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    _index("handover", "person_id", "at")
    with op.batch_alter_table("goal") as goal:
        goal.add_column(sa.Column("department", sa.String(length=32), nullable=True))
        goal.add_column(
            sa.Column("benchmark", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True)
        )


def _times() -> None:
    op.create_table(
        "absence",
        _id(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        _instant("named_at"),
        _instant("ended_at", nullable=True),
        _to("absence", "person_id", "person"),
        _to("absence", "stand_in_id", "person"),
        _to("absence", "named_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    _index("absence", "person_id", "ended_at")
    _index("absence", "stand_in_id")
    op.create_table(
        "ownhours",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        _text("country", 2),
        _text("region", 32),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("changed_at"),
        _to("ownhours", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_ownhours")),
    )


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])
