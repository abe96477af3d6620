"""Bringing the tables to this program's version; runs at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from postboard.domain.errors import Refused

LOCK = 7_020_815
"""Any number: the Postgres advisory lock that lets one process migrate at a time."""


class NewerDatabase(Refused):
    sentence = (
        "This database was written by a newer Postboard (version {found})."
        " Install that version or a later one."
    )


def upgrade(engine: Engine) -> None:
    # On SQLite BEGIN IMMEDIATE queues processes that start together, as the lock does on Postgres.
    with engine.connect().execution_options(postboard_write=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        try:
            _upgrade(connection)
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    # This begins the one transaction of all steps. Alembic's own end with each step on SQLite, and
    # another process could take the next one in between.
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise NewerDatabase(found=found)
    if found != scripts.get_current_head():
        command.upgrade(config, "head")
        connection.commit()
