"""Fresh databases for tests: copies of one SQLite file, or one schema of a Postgres."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from postboard.db.engine import Database
from tests.world import World, build


class SqliteFiles:
    """A file per test, copied from one that was migrated (or filled) once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._migrated = folder / "migrated.db"
        self._filled = folder / "filled.db"
        self._world: World | None = None
        with _opened(f"sqlite:///{self._migrated}") as database:
            database.migrate()

    @contextmanager
    def unmigrated(self) -> Generator[Database]:
        with _opened(f"sqlite:///{self._folder / f'{uuid4().hex}.db'}") as database:
            yield database

    @contextmanager
    def empty(self) -> Generator[Database]:
        path = self._folder / f"{uuid4().hex}.db"
        shutil.copyfile(self._migrated, path)
        with _opened(f"sqlite:///{path}") as database:
            yield database
        for file in self._folder.glob(f"{path.name}*"):
            file.unlink()

    def fill(self, database: Database) -> World:
        """Put the named world into an empty database."""
        if self._world is None:
            shutil.copyfile(self._migrated, self._filled)
            with _opened(f"sqlite:///{self._filled}") as filled:
                self._world = build(filled)
        database.close()
        shutil.copyfile(self._filled, str(database.url.database))
        return self._world

    def close(self) -> None:
        """The folder goes with pytest's own."""


class PostgresSchemas:
    """One schema for the whole run, emptied before each test; a copy of the world beside it."""

    def __init__(self, url: str) -> None:
        self._name = f"test_{uuid4().hex[:12]}"
        self._server = create_engine(url, isolation_level="AUTOCOMMIT")
        self._plain_url = url
        self._world: World | None = None
        self._tables = [table.name for table in SQLModel.metadata.sorted_tables]
        self._run(f"CREATE SCHEMA {self._name}", f"CREATE SCHEMA {self._name}_world")
        with _opened(self._url(self._name)) as database:
            database.migrate()

    @contextmanager
    def unmigrated(self) -> Generator[Database]:
        name = f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE SCHEMA {name}")
        try:
            with _opened(self._url(name)) as database:
                yield database
        finally:
            self._run(f"DROP SCHEMA {name} CASCADE")

    @contextmanager
    def empty(self) -> Generator[Database]:
        self._run(";".join(f"DELETE FROM {self._name}.{t}" for t in reversed(self._tables)))  # noqa: S608
        with _opened(self._url(self._name)) as database:
            yield database

    def fill(self, database: Database) -> World:
        """Put the named world into an empty database."""
        copy, name = f"{self._name}_world", self._name
        if self._world is None:
            self._world = build(database)
            self._run(*(f"CREATE TABLE {copy}.{t} AS TABLE {name}.{t}" for t in self._tables))
        else:
            self._run(
                ";".join(f"INSERT INTO {name}.{t} SELECT * FROM {copy}.{t}" for t in self._tables)  # noqa: S608
            )
        return self._world

    def close(self) -> None:
        self._run(f"DROP SCHEMA {self._name} CASCADE", f"DROP SCHEMA {self._name}_world CASCADE")
        self._server.dispose()

    def _url(self, schema: str) -> str:
        options = f"-csearch_path={schema} -csynchronous_commit=off"
        url = make_url(self._plain_url).update_query_dict({"options": options})
        return url.render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        with self._server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


Ground = SqliteFiles | PostgresSchemas


@contextmanager
def _opened(url: str) -> Generator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
