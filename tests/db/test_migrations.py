import multiprocessing
from collections.abc import Iterable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, MetaData, column, insert, inspect, select, text
from sqlalchemy import table as lightweight
from sqlmodel import SQLModel, col

from postboard.db.engine import Database
from postboard.db.migrations import NewerDatabase, configuration
from postboard.db.models import Post, Revision, Task
from postboard.domain.tasks import TaskStatus
from postboard.domain.workflow import State
from postboard.services.post_words import words_of
from tests.databases import Ground
from tests.world import build, everything_in


def test_the_migrations_make_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": _differs})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_table_is_there_and_no_other(database: Database) -> None:
    there = set(inspect(database.engine).get_table_names())
    assert there == {t.name for t in SQLModel.metadata.sorted_tables} | {"alembic_version"}


@pytest.mark.usefixtures("world")
def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = everything_in(database)
    database.migrate()
    assert everything_in(database) == before


def test_a_migrated_database_takes_the_world(ground: Ground) -> None:
    with ground.unmigrated() as database:
        database.migrate()
        build(database)


def test_what_the_first_tables_hold_is_carried_over(ground: Ground, database: Database) -> None:
    world = build(database)
    with ground.unmigrated() as old:
        with old.engine.connect() as connection:
            command.upgrade(configuration(connection), "0001")
            connection.commit()
        _copy(database, old)
        old.migrate()
        with old.read() as migrated, database.read() as built:
            frozen = select(
                col(Revision.post_id), col(Revision.number), col(Revision.frozen_at)
            ).where(col(Revision.frozen_at).is_not(None))
            assert set(migrated.execute(frozen)) == set(built.execute(frozen))
            held = select(col(Task.post_id), col(Task.assignee_id), col(Task.status)).where(
                col(Task.status) == TaskStatus.OPEN
            )
            assert set(migrated.execute(held)) == {
                (world.acme.posts[State.IN_PRODUCTION], world.ben.user_id, TaskStatus.OPEN),
                (world.borealis.posts[State.IN_PRODUCTION], world.bodil.user_id, TaskStatus.OPEN),
            }
            assert migrated.query(Task).count() == 2
            everywhere = {*world.acme.posts.items(), *world.borealis.posts.items()}
            assert set(migrated.execute(select(col(Post.state), col(Post.id)))) == everywhere
            for post_id in world.acme.posts.values():
                assert words_of(migrated, post_id, 1) == words_of(built, post_id, 1)


def _copy(full: Database, empty: Database) -> None:
    """What the older tables of `empty` can hold."""
    older = MetaData()
    older.reflect(empty.engine)
    with full.read() as session, empty.write() as writing:
        for table in older.sorted_tables:
            now = SQLModel.metadata.tables.get(table.name)
            if now is None:
                continue
            known = [column(one.name, now.c[one.name].type) for one in table.c]
            bare = lightweight(table.name, *known)
            rows = session.execute(select(bare)).mappings().all()
            if rows:
                writing.execute(insert(bare), [dict(row) for row in rows])


def test_a_newer_database_is_refused_and_left_alone(ground: Ground) -> None:
    with ground.unmigrated() as database:
        database.migrate()
        with database.write() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = everything_in(database)
        with pytest.raises(NewerDatabase) as no:
            database.migrate()
        assert str(no.value) == (
            "This database was written by a newer Postboard (version 9999)."
            " Install that version or a later one."
        )
        assert everything_in(database) == before
        with database.read() as session:
            assert session.execute(text("SELECT * FROM alembic_version")).all() == [("9999",)]


def test_two_processes_that_start_at_once_migrate_once(ground: Ground) -> None:
    with ground.unmigrated() as database:
        url = database.url.render_as_string(hide_password=False)
        spawned = multiprocessing.get_context("spawn")
        barrier = spawned.Barrier(2)
        processes = [spawned.Process(target=_migrate, args=(url, barrier)) for _ in range(2)]
        assert _exit_codes(processes) == [0, 0]
        database.migrate()
        with database.read() as session:
            assert len(session.execute(text("SELECT * FROM alembic_version")).all()) == 1


def _differs(_context, _inspected, column, found, _stated, wanted):
    """JSON has no `=` on Postgres: its texts are compared."""
    if isinstance(column.type, JSON) and found and wanted:
        return wanted.strip("'") not in found
    return None


def _migrate(url: str, barrier) -> None:
    database = Database(url)
    barrier.wait(30)
    database.migrate()


def _exit_codes(processes: Iterable[multiprocessing.Process]) -> list[int | None]:
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]
