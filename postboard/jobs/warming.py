"""Reads how approval flows before anybody asks: the first look at it folds thousands of events."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client
from postboard.db.queries import flow
from postboard.db.queries.flow import FlowFilters, Log
from postboard.domain.permissions import THE_CLOCK

BACK: Final = timedelta(weeks=25)
"""What the longest look that is offered by name reads: twelve weeks and the twelve before."""
_LOG: Final = logging.getLogger(__name__)


def warm(database: Database, log: Log, stopping: threading.Event, now: datetime) -> None:
    """Client by client, with as much time between them as they took: people come first."""
    with database.read() as session:
        keys = session.execute(select(col(Client.key)).order_by(col(Client.key))).scalars().all()
    for key in keys:
        began = time.monotonic()
        with database.read() as session:
            since = (now - BACK).date()
            flow.read(session, THE_CLOCK, FlowFilters(key), since=since, now=now, log=log)
        if stopping.wait(time.monotonic() - began):
            return


@asynccontextmanager
async def warming(database: Database) -> AsyncGenerator[None]:
    """While the server answers already."""
    stopping = threading.Event()
    task = asyncio.create_task(_warm(database, stopping))
    try:
        yield
    finally:
        stopping.set()
        await task


async def _warm(database: Database, stopping: threading.Event) -> None:
    try:
        await asyncio.to_thread(warm, database, flow.LOG, stopping, datetime.now(UTC))
    except SQLAlchemyError:
        _LOG.exception("How approval flows could not be read.")
