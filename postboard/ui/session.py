"""Who sits at the page, and the way from a page to the services.

A page's State derives from `Page`, which adds private methods only: nothing of it reaches
the browser.
"""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeVar

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.engine import Database
from postboard.domain.errors import Refused
from postboard.domain.permissions import Actor
from postboard.locale.languages import zone_from_cookie
from postboard.services import preferences, sign_in
from postboard.services.sign_in import SignedIn
from postboard.session_cookie import fingerprint, session_token
from postboard.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
ToastKind = Literal["done", "refused", "hint"]

KNOWN_FOR_S: Final = 2.0
"""How long a session is believed before it is looked up again."""
_MOST_KNOWN: Final = 5_000
_READERS: Final = 4
_WRITERS_ON_POSTGRES: Final = 8


class NotSignedIn(Refused):
    status = 401
    sentence = "You are signed out. Sign in again to go on."


@dataclass(frozen=True, slots=True)
class _Known:
    signed_in: SignedIn | None
    until: float


class Sessions:
    """The sessions of this process's browsers, each looked up again every two seconds."""

    def __init__(self, database: Database, *, secure: bool) -> None:
        self.database = database
        self._secure = secure
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._readers = ThreadPoolExecutor(_READERS, "postboard-read")
        # One writer at a time is all SQLite has; waiting here leaves the readers' threads free.
        writers = 1 if database.is_sqlite else _WRITERS_ON_POSTGRES
        self._writers = ThreadPoolExecutor(writers, "postboard-write")

    def token(self, cookies: str | None) -> str | None:
        return session_token(cookies, secure=self._secure)

    async def find(self, cookies: str | None) -> SignedIn | None:
        """The standing session behind a Cookie header."""
        token = self.token(cookies)
        if token is None:
            return None
        mark = fingerprint(token)
        known = self._known.get(mark)
        if known is None or known.until < time.monotonic():
            known = await self._look_up(mark, token)
        return known.signed_in

    def forget(self, token: str) -> None:
        """Look the session up anew: it ended, or its person's roles changed."""
        self._known.pop(fingerprint(token), None)

    async def read(self, task: Callable[[Session], T]) -> T:
        return await self._run(self._readers, partial(self._read, task))

    async def write(self, task: Callable[[Session], T]) -> T:
        return await self._run(self._writers, partial(self._write, task))

    async def _look_up(self, mark: str, token: str) -> _Known:
        until = time.monotonic() + KNOWN_FOR_S
        found = await self.read(lambda session: sign_in.signed_in(session, token, now=now()))
        known = self._known[mark] = _Known(found, until)
        self._known.move_to_end(mark)
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return known

    def _read(self, task: Callable[[Session], T]) -> T:
        with self.database.read() as session:
            return task(session)

    def _write(self, task: Callable[[Session], T]) -> T:
        with self.database.write() as session:
            return task(session)

    async def _run(self, pool: ThreadPoolExecutor, task: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, task)


class _Process:
    sessions: Sessions | None = None
    base_url: str = ""
    has_mail: bool = False


def use(database: Database, settings: Settings) -> Sessions:
    """Say, once at composition, which database the pages of this process read and write."""
    _Process.sessions = Sessions(database, secure=settings.secure_cookies)
    _Process.base_url = settings.base_url
    _Process.has_mail = settings.mail_server is not None
    return _Process.sessions


def sessions() -> Sessions:
    if _Process.sessions is None:
        raise RuntimeError("session.use(database, settings) has not been called")
    return _Process.sessions


def public_address(path: str) -> str:
    """Where people elsewhere reach a path of this server: what the settings say, never a header."""
    return f"{_Process.base_url}{path}"


def mail_is_set_up() -> bool:
    return _Process.has_mail


def now() -> datetime:
    return datetime.now(UTC)


class Page(rx.State, mixin=True):
    """What every page's State can do: `class Board(Page, rx.State)`."""

    def _database(self) -> Database:
        return sessions().database

    async def _signed_in(self) -> SignedIn:
        """Who sits at this page.

        Raises:
            NotSignedIn: nobody, or not any more.
        """
        found = await sessions().find(self._headers().get("cookie"))
        if found is None:
            raise NotSignedIn
        return found

    async def _read(
        self,
        query: Callable[Concatenate[Session, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`query(session, actor, ...)` in a thread."""
        actor = (await self._signed_in()).actor
        return await sessions().read(lambda session: query(session, actor, *args, **kwargs))

    async def _write(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """`use_case(session, actor, ..., now=...)` in a thread, in one transaction."""
        actor = (await self._signed_in()).actor
        return await sessions().write(
            lambda session: use_case(session, actor, *args, **{"now": now(), **kwargs})
        )

    async def _settle_in(self) -> None:
        """Whoever never named a time zone takes that of this device."""
        here = await self._signed_in()
        zone = zone_from_cookie(self._headers().get("cookie"))
        if here.zone == preferences.UNNAMED and zone not in {"", here.zone}:
            await self._write(preferences.settle_in, zone)

    def _headers(self) -> dict[str, str]:
        return self.router_data.get("headers") or {}


def toast(text: str | rx.Var[str], kind: ToastKind = "done") -> rx.event.EventSpec:
    """Say something in a corner of the page, by its function `window.postboard.toast`."""
    words = str(text) if isinstance(text, rx.Var) else json.dumps(text)
    return rx.run_script(f"window.postboard?.toast({words}, {json.dumps(kind)})")


def go(path: str) -> rx.event.EventSpec:
    """Load another address of this server anew: what the page knew is gone."""
    return rx.run_script(f"window.location.assign({json.dumps(path)})")
