"""One database: SQLite or Postgres, read and write transactions, signals after commit."""

import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Engine, Insert, Result, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from postboard.db.models import table_of
from postboard.domain.errors import Stale

BUSY_TIMEOUT_MS = 10_000
LOST_RACES = {"23505", "40001", "40P01"}
"""Postgres: a key was taken meanwhile, a snapshot is too old, a deadlock was cut."""


MANY = UUID(int=0)
"""The post of a signal that stands for more changes than are told one by one."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A post of a client's changed: ids and places only, never words.

    To browsers it goes as a list: post, version, old column, column, rank, state, client,
    rounds, whole, event, beside.
    """

    event_id: int
    client_id: UUID
    post_id: UUID
    version: int
    old_state: str
    state: str
    column: str
    rank: int
    rounds: int
    whole: bool
    """More than its state and place changed: whoever shows the card reads it again."""
    beside: bool = False
    """Not the post but a task or a comment of it: the version is as before."""
    private: bool = False
    """Not for the client's side."""


Listener = Callable[[tuple[Signal, ...]], None]


class Database:
    """Opens sessions; the differences between SQLite and Postgres end here."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        # A reader sees one moment, also over several statements; SQLite's always do.
        self._reader = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        # SQLite has one writer anyway: queueing in the process beats polling the file's lock.
        self._writer: AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )
        self._listeners: list[Listener] = []

    @contextmanager
    def read(self) -> Generator[Session]:
        with Session(self._reader, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Generator[Session]:
        """One transaction, committed at the end; listeners hear of it after the commit.

        Raises:
            Stale: on Postgres another write came first.
        """
        with (
            self._writer,
            Session(self.engine, autoflush=False, expire_on_commit=False) as session,
            _lost_races_refused(),
        ):
            if self.is_sqlite:
                session.connection(execution_options={"postboard_write": True})
            yield session
            session.commit()
            signals = tuple(session.info.pop("signals", ()))
        if signals:
            for listener in self._listeners:
                listener(signals)

    def on_commit(self, listener: Listener) -> None:
        """Call `listener` with the signals of every write of this process."""
        self._listeners.append(listener)

    def migrate(self) -> None:
        """Bring the tables to this program's version.

        Raises:
            NewerDatabase: a newer program has been here.
        """
        from postboard.db.migrations import upgrade

        upgrade(self.engine)

    def close(self) -> None:
        self.engine.dispose()


def changed_one_row(result: Result[Any]) -> bool:
    """Whether a conditional UPDATE found its row as it was read."""
    return isinstance(result, CursorResult) and result.rowcount == 1


def insert_new(
    session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, key: str
) -> None:
    """Insert those rows whose unique `key` is not taken yet, here or by another transaction."""
    session.execute(_unless_taken(session, model, key), rows)


def inserted_once(
    session: Session, model: type[SQLModel], row: Mapping[str, Any], *keys: str
) -> bool:
    """Insert the row, unless one with these unique `keys` is there or comes first meanwhile."""
    new = _unless_taken(session, model, *keys).execution_options(preserve_rowcount=True)
    return changed_one_row(session.execute(new, row))


def _unless_taken(session: Session, model: type[SQLModel], *keys: str) -> Insert:
    table = table_of(model)
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=keys)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=keys)


def signal(session: Session, what: Signal) -> None:
    """Tell listeners once this transaction is committed."""
    session.info.setdefault("signals", []).append(what)


def signals_of(session: Session) -> list[Signal]:
    """What this transaction will tell."""
    return session.info.get("signals", [])


@contextmanager
def _lost_races_refused() -> Generator[None]:
    # SQLite never races, its writers queue: the same error there is a bug and stays loud.
    try:
        yield
    except DBAPIError as lost:
        if getattr(lost.orig, "sqlstate", None) in LOST_RACES:
            raise Stale from lost
        raise


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False}, pool_size=8)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        _turn_wal_on(connection)
        for pragma in (
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("postboard_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    _ = configure, begin
    return engine


def _turn_wal_on(connection: Any) -> None:
    """The busy timeout does not cover this one: while another process does the same, it fails."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _postgres_engine(url: str) -> Engine:
    return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
