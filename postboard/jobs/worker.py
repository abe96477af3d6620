"""A process that only works by the clock: mail and jobs, beside the server or on its own."""

import asyncio
import os
import signal
from collections.abc import Callable

from postboard.db.engine import Database
from postboard.jobs.kinds import DOING
from postboard.jobs.mail import sending
from postboard.jobs.runner import running
from postboard.settings import Settings


def work(database: Database, settings: Settings, on_begin: Callable[[], None]) -> None:
    """Work until a signal ends it; what was begun is finished first."""
    asyncio.run(_work(database, settings, on_begin))


async def _work(database: Database, settings: Settings, on_begin: Callable[[], None]) -> None:
    ending = asyncio.Event()
    if os.name == "posix":
        for ends in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(ends, ending.set)
    async with sending(database, settings), running(database, DOING):
        on_begin()
        await ending.wait()
