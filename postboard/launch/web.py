"""What a server process runs: the app, behind a door that saves browsers needless requests."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_FOR_A_YEAR = b"public, max-age=31536000, immutable"
_ASK_EACH_TIME = b"no-cache"
_LOOK_FOR_PARENT_S = 1
_GOODBYE_S = 1
_TURN_S = 0.001
"""A thread back from the database takes its turn after this, not after Python's usual 5 ms."""


def application() -> Asgi:
    """The whole of Postboard as one ASGI app; Granian calls this once in each worker."""
    from reflex.utils.prerequisites import get_web_dir

    from postboard.postboard import app

    _stand_apart()
    sys.setswitchinterval(_TURN_S)
    return FrontDoor(app(), get_web_dir() / "build" / "client")


class FrontDoor:
    """Files named by their content are kept for a year, pages are asked for each time, and
    `/board` is answered at once instead of being sent on to `/board/`.
    """

    def __init__(self, app: Asgi, client: Path) -> None:
        self._app = app
        self._pages = frozenset(
            "/" + page.parent.relative_to(client).as_posix() for page in client.rglob("index.html")
        )
        self._live: set[asyncio.Task[None]] = set()
        self._farewell: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._answer(scope, receive, send)
            case "websocket":
                await self._keep_open(scope, receive, send)
            case _:
                self._say_goodbye_when_asked_to_end()
                await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path in self._pages:
            scope = {**scope, "path": path + "/", "raw_path": (path + "/").encode()}
        await self._app(scope, receive, _with_cache_rule(send, _lasts(path, scope)))

    async def _keep_open(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = asyncio.ensure_future(self._app(scope, receive, send))
        self._live.add(connection)
        try:
            await connection
        finally:
            self._live.discard(connection)

    def _say_goodbye_when_asked_to_end(self) -> None:
        """Granian drops live connections at SIGTERM, sometimes with a Rust panic on the screen.

        So they are closed in order first, and SIGINT, still Granian's own, then ends it.
        """
        if os.name != "posix":
            return

        def leave() -> None:
            self._farewell = asyncio.ensure_future(self._close_live())

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leave)

    async def _close_live(self) -> None:
        for connection in self._live:
            connection.cancel()
        if self._live:
            await asyncio.wait(self._live, timeout=_GOODBYE_S)
        os.kill(os.getpid(), signal.SIGINT)


def _stand_apart() -> None:
    """Ctrl-C goes to a whole group of processes; the command alone answers it, and ends this
    worker in order.
    """
    if os.name == "posix":
        os.setpgrp()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """A worker whose command was killed would go on holding the port and the database."""
    while os.getppid() == parent:
        time.sleep(_LOOK_FOR_PARENT_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _lasts(path: str, scope: Scope) -> bool:
    """Names under /assets/ hold a hash; other files carry it as the parameter `v`."""
    return path.startswith("/assets/") or scope.get("query_string", b"").startswith(b"v=")


def _with_cache_rule(send: Send, lasts: bool) -> Send:
    async def with_rule(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            rule = _rule(int(message["status"]), headers, lasts)
            if rule:
                message = {**message, "headers": [*headers, (b"cache-control", rule)]}
        await send(message)

    return with_rule


def _rule(status: int, headers: list[tuple[bytes, bytes]], lasts: bool) -> bytes | None:
    given = {name.lower(): value for name, value in headers}
    if b"cache-control" in given:
        return None
    # Only files carry an ETag; what a route computes says itself how long it holds.
    if b"etag" not in given or status not in {200, 206, 304}:
        return None
    return _FOR_A_YEAR if lasts else _ASK_EACH_TIME
