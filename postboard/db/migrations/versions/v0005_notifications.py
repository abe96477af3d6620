"""Mail in people's languages, preferences, digests, and tokens of mails."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("post_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index(op.f("ix_notice_subject_id"), "notice", ["subject_id"])
    op.add_column("person", _text("language", 8, "en"))
    op.add_column(
        "person",
        sa.Column("zone_chosen", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("outgoingmail", _text("language", 8, "en"))
    op.add_column(
        "outgoingmail", sa.Column("kinds", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("outgoingmail", sa.Column("thread", sa.String(length=32), nullable=True))
    for name in ("post_id", "comment_id", "review_of", "chat_id"):
        op.add_column("outgoingmail", sa.Column(name, sa.Uuid(), nullable=True))
    op.create_table(
        "preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_preference_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_preference")),
    )
    op.create_table(
        "pendingmail",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_pendingmail_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pendingmail_person_id_person")
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_pendingmail")),
    )
    op.create_index(op.f("ix_pendingmail_due_at"), "pendingmail", ["due_at"])
    op.create_index(op.f("ix_pendingmail_person_id_due_at"), "pendingmail", ["person_id", "due_at"])
    op.create_table(
        "mailtoken",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("thread", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_mailtoken_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_mailtoken_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mailtoken_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_mailtoken_post_id_post")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mailtoken")),
    )
    op.create_index(op.f("ix_mailtoken_person_id"), "mailtoken", ["person_id"])
    op.create_index(op.f("ix_mailtoken_created_at"), "mailtoken", ["created_at"])
    op.create_table(
        "inboundtrouble",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inboundtrouble")),
    )
    with op.batch_alter_table("outgoingmail", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
    op.create_table(
        "chataddress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        _text("language", 8, "en"),
        sa.Column("service", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_chataddress_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_chataddress_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chataddress")),
    )
    for name in ("client_id", "person_id"):
        op.create_index(op.f(f"ix_chataddress_{name}"), "chataddress", [name])


def _text(name: str, length: int, default: str) -> sa.Column[str]:
    kind = sqlmodel.sql.sqltypes.AutoString(length=length)
    return sa.Column(name, kind, nullable=False, server_default=default)
