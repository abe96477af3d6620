"""Who hears of a change: the server chooses the rooms by the cookie, and says ids only.

A signal bypasses the guard, so it never carries words: each browser then asks for what changed
by a handler of its own.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from reflex.app import App
from socketio import AsyncNamespace
from socketio.exceptions import ConnectionRefusedError  # noqa: A004
from socketio.packet import EVENT
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import MANY, Database, Signal
from postboard.db.models import Event, Post
from postboard.domain.conversation import Thread
from postboard.domain.permissions import CLIENT_ROLES, Actor
from postboard.domain.workflow import CLIENT_STATES, SPECS, State
from postboard.services.events import about_client
from postboard.services.posts import SIGNALLED
from postboard.session_cookie import fingerprint
from postboard.ui.guard import is_handshake
from postboard.ui.session import Sessions

NAMESPACE: Final = "/live"
GATHER_S: Final = 0.05
LISTEN_EVERY_S: Final = 0.7
CHECK_EVERY_S: Final = 5.0
_EVERY_CLIENT: Final = "staff:*"
_REMEMBERED: Final = 20_000
_IN_ONE_QUESTION: Final = 500
_CREATED: Final = "post.created"
_BESIDE: Final = (
    "post.comment",
    "post.task_",
    "post.check_",
    "post.waiver_",
    "post.seen",
    "post.reminded",
    "post.escalated",
    "post.silence",
    "post.late_approval",
    "post.extra_round",
)
"""Kinds of events that leave a post's version as it was."""
_OF_CLIENT: Final = (
    "client.stand_in_",
    "client.idea_",
    "client.person_",
    "client.role_",
    "client.account",
    "chain.",
    "agreement.",
    "launch.",
)
"""Kinds of events of a client's own that its pages show."""
_LATE: Final = 200
"""Postgres numbers events before they commit, so that a lower number may appear later."""
_LOG: Final = logging.getLogger(__name__)

Change = list[object]
"""As a browser takes it: post, version, and for staff also old column, column, rank, state,
client, rounds, whole, event, beside."""


class Live:
    """Tells browsers what changed, by this process or by another on the same database."""

    def __init__(self, app: App, database: Database, sessions: Sessions) -> None:
        if app.sio is None:
            raise RuntimeError("the app has no websocket to speak through")
        self._server: Any = app.sio
        self._sessions = sessions
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gathered: list[Signal] = []
        self._told_at = 0.0
        self._told = _Told()
        self._tail = _Tail(sessions)
        self._server.register_namespace(_Rooms(sessions))
        database.on_commit(self._committed)
        app.register_lifespan_task(self._while_running)

    def others(self, client_id: UUID, post_id: UUID) -> None:
        """Somebody came to a post's page or went to another field; only the client's staff hear."""
        for room in (_EVERY_CLIENT, _for_staff(client_id)):
            self._send(room, "others", post_id.hex)

    async def left(self, token: str) -> None:
        """A session ended here and now: its browsers hear nothing more."""
        self._sessions.forget(token)
        for sid, cookies in self._present():
            if fingerprint(self._sessions.token(cookies)) == fingerprint(token):
                await self._server.disconnect(sid, namespace=NAMESPACE)

    @contextlib.asynccontextmanager
    async def _while_running(self) -> AsyncGenerator[None]:
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._check_rooms())]
        try:
            yield
        finally:
            self._loop = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _committed(self, signals: tuple[Signal, ...]) -> None:
        """Called by the thread that wrote."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the server is going down
                loop.call_soon_threadsafe(self._gather, signals)

    def _gather(self, signals: Iterable[Signal]) -> None:
        """A first change is told at once; more of them meanwhile are told together."""
        if not self._gathered and self._loop:
            self._loop.call_at(max(self._loop.time(), self._told_at + GATHER_S), self._tell)
        self._gathered.extend(signals)

    def _tell(self) -> None:
        signals, self._gathered = merged(self._gathered), []
        self._told_at = self._loop.time() if self._loop else 0.0
        for signal in signals:
            self._told.note(signal)
        for room, changes in by_room(signals).items():
            self._send(room, "signals", changes)

    def _send(self, room: str, what: str, said: object) -> None:
        """One encoding for everybody in the room, handed straight to their outgoing queues."""
        people = list(self._server.manager.get_participants(NAMESPACE, room))
        if not people:
            return
        packet = self._server.packet_class(EVENT, namespace=NAMESPACE, data=[what, said])
        message = EnginePacket(MESSAGE, packet.encode())
        for _sid, engine_sid in people:
            socket = self._server.eio.sockets.get(engine_sid)
            if socket is not None and not socket.closed:
                socket.queue.put_nowait(message)

    async def _listen(self) -> None:
        while True:
            try:
                heard = await self._tail.read(self._told)
                if heard:
                    self._gather(heard)
            except SQLAlchemyError:
                _LOG.exception("Changes by other processes could not be read.")
            await asyncio.sleep(LISTEN_EVERY_S)

    async def _check_rooms(self) -> None:
        """People come and go: rooms follow the roles as they are now."""
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            for sid, cookies in self._present():
                try:
                    await self._check(sid, cookies)
                except SQLAlchemyError:
                    _LOG.exception("A live connection's rooms could not be checked.")

    async def _check(self, sid: str, cookies: str | None) -> None:
        signed_in = await self._sessions.find(cookies)
        if signed_in is None:
            await self._server.disconnect(sid, namespace=NAMESPACE)
            return
        wanted = rooms_of(signed_in.actor)
        present = set(self._server.manager.get_rooms(sid, NAMESPACE)) - {sid}
        for room in present - wanted:
            await self._server.leave_room(sid, room, namespace=NAMESPACE)
        for room in wanted - present:
            await self._server.enter_room(sid, room, namespace=NAMESPACE)

    def _present(self) -> Iterator[tuple[str, str | None]]:
        """Every connection with its Cookie header."""
        for sid, _ in list(self._server.manager.get_participants(NAMESPACE, None)):
            environ = self._server.get_environ(sid, NAMESPACE)
            if environ is not None:
                yield sid, environ.get("HTTP_COOKIE")


def attach(app: App, database: Database, sessions: Sessions) -> Live:
    return Live(app, database, sessions)


def rooms_of(actor: Actor) -> frozenset[str]:
    if actor.agency_role:
        return frozenset({_EVERY_CLIENT})
    return frozenset(
        _for_client(client_id) if role in CLIENT_ROLES else _for_staff(client_id)
        for client_id, role in actor.roles.items()
    )


def by_room(signals: Iterable[Signal]) -> Mapping[str, list[Change]]:
    rooms: dict[str, list[Change]] = {}
    for signal in signals:
        change = change_of(signal)
        rooms.setdefault(_EVERY_CLIENT, []).append(change)
        rooms.setdefault(_for_staff(signal.client_id), []).append(change)
        if not signal.private and {signal.old_state, signal.state} & CLIENT_STATES:
            seen: Change = [signal.post_id.hex, signal.version]
            rooms.setdefault(_for_client(signal.client_id), []).append(seen)
    return rooms


def merged(signals: Iterable[Signal]) -> list[Signal]:
    """One signal for each post: from where the first one found it to where the last one left it."""
    latest: dict[tuple[UUID, UUID], Signal] = {}
    for signal in sorted(signals, key=lambda one: one.version):
        post = signal.client_id, signal.post_id
        first = latest.get(post, signal)
        latest[post] = replace(
            signal,
            old_state=first.old_state,
            whole=first.whole or signal.whole,
            beside=first.beside or signal.beside,
            private=first.private and signal.private,
        )
    return list(latest.values())


class _Rooms(AsyncNamespace):
    """The namespace browsers listen on; they have nothing to say here."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(NAMESPACE)
        self._sessions = sessions

    async def on_connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        if not is_handshake(self, sid, environ):
            return
        signed_in = await self._sessions.find(environ.get("HTTP_COOKIE"))
        if signed_in is None:
            raise ConnectionRefusedError
        for room in rooms_of(signed_in.actor):
            await self.enter_room(sid, room)


class _Told:
    """What this process has told its browsers: of each post the last event.

    What only staff heard of is told apart, or the client would miss what came just before it.
    """

    def __init__(self) -> None:
        self._events: OrderedDict[tuple[UUID, bool], int] = OrderedDict()
        self._many: dict[UUID, int] = {}

    def note(self, signal: Signal) -> None:
        if signal.post_id == MANY:
            self._many[signal.client_id] = signal.event_id
            return
        heard = signal.post_id, signal.private
        self._events[heard] = max(signal.event_id, self._events.get(heard, 0))
        self._events.move_to_end(heard)
        if len(self._events) > _REMEMBERED:
            self._events.popitem(last=False)

    def knows(self, signal: Signal) -> bool:
        """Whether it was told; a new post also as one of many new ones."""
        if not signal.old_state and signal.event_id <= self._many.get(signal.client_id, 0):
            return True
        heard = {False, signal.private}
        return any(self._events.get((signal.post_id, one), 0) >= signal.event_id for one in heard)


@dataclass(slots=True)
class _Tail:
    """Reads what the event log gained by other processes."""

    sessions: Sessions
    last: int = -1
    seen: frozenset[int] = frozenset()

    async def read(self, told: _Told) -> list[Signal]:
        """What browsers have not been told yet; nothing on the first call."""
        ids = await self.sessions.read(self._newest)
        fresh = ids - self.seen
        first_time = self.last < 0
        self.seen, self.last = ids, max(ids, default=0)
        if first_time or not fresh:
            return []
        found = await self.sessions.read(lambda session: _signals(session, fresh))
        await asyncio.sleep(2 * GATHER_S)  # what this process wrote is told by then
        untold = [one for one in found if not told.knows(one)]
        return untold if len(untold) <= SIGNALLED else _one_for_each_client(untold)

    def _newest(self, session: Session) -> frozenset[int]:
        newest: int = session.execute(select(func.max(col(Event.id)))).scalar_one() or 0
        since = (newest if self.last < 0 else self.last) - _LATE
        number: Any = col(Event.id)
        return frozenset(session.execute(select(number).where(number > since)).scalars())


def _signals(session: Session, event_ids: frozenset[int]) -> list[Signal]:
    """How the posts of these events stand now, and where the first of them found each."""
    query = (
        select(
            col(Event.id),
            col(Event.content),
            col(Event.kind),
            col(Post.id),
            col(Post.client_id),
            col(Post.version),
            col(Post.state),
            col(Post.rank),
            col(Post.rounds),
        )
        .join(Post, col(Post.id) == col(Event.stream_id))
        .order_by(col(Event.id))
    )
    found: dict[tuple[UUID, bool], Signal] = {}
    ids = sorted(event_ids)
    for start in range(0, len(ids), _IN_ONE_QUESTION):
        some = ids[start : start + _IN_ONE_QUESTION]
        rows: Any = session.execute(query.where(col(Event.id).in_(some)))
        for event_id, content, kind, post_id, client_id, version, state, rank, rounds in rows:
            signal = Signal(
                event_id=event_id,
                client_id=client_id,
                post_id=post_id,
                version=version,
                old_state="" if kind == _CREATED else content.get("from", state),
                state=state,
                column=SPECS[state].column,
                rank=rank,
                rounds=rounds,
                whole=True,
                # An approval that others have to join leaves the version too.
                beside=kind.startswith(_BESIDE)
                or (kind == "post.decided" and "asked" not in content),
                # Of what happens beside a post the client hears of its own thread alone.
                private=kind.startswith(_BESIDE) and content.get("thread") != Thread.CLIENT,
            )
            first = found.get((post_id, signal.private), signal)
            found[post_id, signal.private] = replace(
                signal, old_state=first.old_state, beside=first.beside or signal.beside
            )
    return [*found.values(), *_about_clients(session, event_ids)]


def _about_clients(session: Session, event_ids: frozenset[int]) -> list[Signal]:
    found: dict[UUID, Signal] = {}
    ids = sorted(event_ids)
    for start in range(0, len(ids), _IN_ONE_QUESTION):
        some = ids[start : start + _IN_ONE_QUESTION]
        rows: Any = session.execute(
            select(col(Event.id), col(Event.client_id), col(Event.kind))
            .where(col(Event.id).in_(some), col(Event.stream_id) == col(Event.client_id))
            .order_by(col(Event.id))
        )
        for event_id, client_id, kind in rows:
            if kind.startswith(_OF_CLIENT):
                found[client_id] = about_client(client_id, event_id)
    return [*found.values()]


def _one_for_each_client(signals: Iterable[Signal]) -> list[Signal]:
    """Too much to tell one by one: boards read themselves anew."""
    many: dict[UUID, Signal] = {}
    for signal in signals:
        before = many.get(signal.client_id)
        if before is None or before.private or _is_for_client(signal):
            many[signal.client_id] = replace(signal, post_id=MANY)
    return list(many.values())


def _is_for_client(signal: Signal) -> bool:
    return signal.state in CLIENT_STATES and not signal.private


def change_of(signal: Signal) -> Change:
    before = SPECS[State(signal.old_state)].column if signal.old_state else ""
    return [
        signal.post_id.hex,
        signal.version,
        before,
        signal.column,
        signal.rank,
        signal.state,
        signal.client_id.hex,
        signal.rounds,
        signal.whole,
        signal.event_id,
        *([True] if signal.beside else []),
    ]


def _for_staff(client_id: UUID) -> str:
    return f"staff:{client_id.hex}"


def _for_client(client_id: UUID) -> str:
    return f"client:{client_id.hex}"
