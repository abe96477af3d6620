"""Media, tasks, comments, drafts, and revisions that freeze."""

from uuid import uuid4

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "mediaasset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("alt", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("search_text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_mediaasset_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_mediaasset_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediaasset")),
    )
    with op.batch_alter_table("mediaasset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mediaasset_client_id_created_at"),
            ["client_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_mediaasset_client_id_digest"), ["client_id", "digest"], unique=False
        )

    op.create_table(
        "outgoingmail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("path", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outgoingmail_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoingmail")),
    )
    with op.batch_alter_table("outgoingmail", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outgoingmail_sent_at_due_at"), ["sent_at", "due_at"], unique=False
        )

    op.create_table(
        "pillar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_pillar_client_id_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pillar")),
        sa.UniqueConstraint("client_id", "name", name=op.f("uq_pillar_client_id_name")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("thread", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comment.id"], name=op.f("fk_comment_parent_id_comment")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_comment_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_post_id_thread_created_at"),
            ["post_id", "thread", "created_at"],
            unique=False,
        )

    op.create_table(
        "mediause",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["mediaasset.id"], name=op.f("fk_mediause_asset_id_mediaasset")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_mediause_post_id_post")),
        sa.PrimaryKeyConstraint("asset_id", "post_id", "revision", name=op.f("pk_mediause")),
    )
    with op.batch_alter_table("mediause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediause_post_id"), ["post_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_notice_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notice_person_id_read_at_at"),
            ["person_id", "read_at", "at"],
            unique=False,
        )

    op.create_table(
        "postlook",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_postlook_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_postlook_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_postlook")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("instructions", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["person.id"], name=op.f("fk_task_assignee_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_task_created_by_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_task_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_assignee_id_status_due_at"),
            ["assignee_id", "status", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_task_post_id_status"), ["post_id", "status"], unique=False
        )

    op.create_table(
        "waiver",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("finding", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_waiver_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_waiver_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "finding", name=op.f("pk_waiver")),
    )
    op.create_table(
        "wordsdraft",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_wordsdraft_person_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_wordsdraft_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_wordsdraft")),
    )
    op.create_table(
        "commentattachment",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["mediaasset.id"], name=op.f("fk_commentattachment_asset_id_mediaasset")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_commentattachment_comment_id_comment")
        ),
        sa.PrimaryKeyConstraint("comment_id", "asset_id", name=op.f("pk_commentattachment")),
    )
    with op.batch_alter_table("commentattachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commentattachment_asset_id"), ["asset_id"], unique=False
        )

    op.create_table(
        "reaction",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("emoji", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_reaction_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reaction_person_id_person")
        ),
        sa.PrimaryKeyConstraint("comment_id", "person_id", "emoji", name=op.f("pk_reaction")),
    )
    _add_pillar()
    for name, empty in (("variants", "[]"), ("hashtags", "[]"), ("mentions", "[]"), ("utm", "{}")):
        op.add_column("revision", sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
    for name in ("frozen_at", "planned_at"):
        op.add_column("revision", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_post_client_id_planned_at"), "post", ["client_id", "planned_at"])
    _freeze_what_was_judged()
    _give_holders_a_task()


def _add_pillar() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Making the table anew, as batches do, would break what refers to it.
        op.execute(
            "ALTER TABLE post ADD COLUMN pillar_id CHAR(32)"
            " CONSTRAINT fk_post_pillar_id_pillar REFERENCES pillar (id)"
        )
        return
    op.add_column("post", sa.Column("pillar_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_post_pillar_id_pillar"), "post", "pillar", ["pillar_id"], ["id"])


_REVISION = sa.table(
    "revision",
    sa.column("post_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("frozen_at", sa.DateTime(timezone=True)),
)
_EVENT = sa.table(
    "event",
    sa.column("stream_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("position", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("content", sa.JSON()),
)
_POST = sa.table(
    "post",
    sa.column("id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("assignee_id", sa.Uuid()),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("state_since", sa.DateTime(timezone=True)),
)
_TASK = sa.table(
    "task",
    sa.column("id", sa.Uuid()),
    sa.column("post_id", sa.Uuid()),
    sa.column("assignee_id", sa.Uuid()),
    sa.column("status", sa.String()),
    sa.column("instructions", sa.String()),
    sa.column("links", sa.JSON()),
    sa.column("urgent", sa.Boolean()),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("reason", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def _freeze_what_was_judged() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(_EVENT.c.stream_id, _EVENT.c.at, _EVENT.c.content)
        .where(_EVENT.c.kind.in_(["post.submit", "post.revise"]))
        .order_by(_EVENT.c.stream_id, _EVENT.c.position)
    )
    first = {}
    for post_id, at, content in rows:
        first.setdefault((post_id, content.get("revision")), at)
    if first:
        connection.execute(
            _REVISION.update()
            .where(
                _REVISION.c.post_id == sa.bindparam("post"),
                _REVISION.c.number == sa.bindparam("revision"),
            )
            .values(frozen_at=sa.bindparam("at")),
            [{"post": p, "revision": r, "at": at} for (p, r), at in first.items()],
        )


def _give_holders_a_task() -> None:
    """A post in production has somebody who is to do something."""
    connection = op.get_bind()
    held = connection.execute(
        sa.select(_POST).where(_POST.c.state == "in_production", _POST.c.assignee_id.is_not(None))
    ).all()
    if held:
        connection.execute(
            _TASK.insert(),
            [
                {
                    "id": uuid4(),
                    "post_id": post.id,
                    "assignee_id": post.assignee_id,
                    "status": "open",
                    "instructions": "",
                    "links": [],
                    "urgent": False,
                    "due_at": post.due_at,
                    "reason": "",
                    "version": 1,
                    "created_at": post.state_since,
                }
                for post in held
            ],
        )
