"""The guard before every event: whoever is not named may not, whatever is not declared is refused.

Reflex lets any websocket call any handler with anything. Each handler says by `allow` whom it is
for; the guard compares that with the session behind the websocket's cookie before the handler
runs, whichever way the event came: from the browser, from another handler or by a page load.
What a person may do with which client's posts is the services' question.
"""

import hashlib
import inspect
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote

import reflex as rx
from reflex.app import App, EventNamespace
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from socketio.exceptions import ConnectionRefusedError  # noqa: A004

from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import Role
from postboard.services.sign_in import SignedIn
from postboard.ui.arguments import Arguments
from postboard.ui.limits import PASSED
from postboard.ui.session import NotSignedIn, Sessions, go, toast
from postboard.ui.words import said

SIGN_IN: Final = "/sign-in/"
STAFF_HOME: Final = "/board/"
CLIENT_HOME: Final = "/review/"

_Handler = TypeVar("_Handler", bound=Callable[..., Any])
_Holder = TypeVar("_Holder", bound=BaseState)

_ROOT: Final = "reflex___state____state"
_ON_LOAD: Final = f"{_ROOT}.reflex___state____on_load_internal_state"
_HYDRATE: Final = frozenset({f"{_ROOT}.hydrate", f"{_ROOT}.hydrate_and_load"})
_RULE: Final = "_postboard_rule"
_LOG: Final = logging.getLogger(__name__)
_FLOATING: Final[dict[type[BaseState], tuple[str, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a handler is for."""

    roles: frozenset[Role]
    signed_out: bool

    def admits(self, signed_in: SignedIn | None) -> bool:
        if self.signed_out:
            return True
        return signed_in is not None and bool(self.roles & signed_in.actor.every_role)


def allow(*roles: Role, signed_out: bool = False) -> Callable[[_Handler], _Handler]:
    """Under `@rx.event`: the roles a handler is for; a `Refused` it raises becomes a toast."""

    def declare(handler: _Handler) -> _Handler:
        answering = _answering(handler)
        setattr(answering, _RULE, Rule(frozenset(roles), signed_out))
        return cast("_Handler", answering)

    return declare


def floats(*fields: str) -> Callable[[type[_Holder]], type[_Holder]]:
    """On a State: fields that hold something open over the page, empty again once that is loaded
    anew. A connection that was lost and comes back leaves them, with what is typed in them.
    """

    def note(holder: type[_Holder]) -> type[_Holder]:
        _FLOATING[holder] = fields
        return holder

    return note


def rule_of(handler: Callable[..., Any]) -> Rule | None:
    """What the handler declares; None is nobody."""
    return getattr(handler, _RULE, None)


def answer(refused: Refused) -> rx.event.EventSpec:
    """What the page does about a refusal."""
    if isinstance(refused, NotSignedIn):
        return go(SIGN_IN)
    return toast(said(refused), "refused")


def home(signed_in: SignedIn) -> str:
    return STAFF_HOME if signed_in.actor.is_staff else CLIENT_HOME


def protect(app: App, sessions: Sessions) -> None:
    """Put the guard before the app's events, and a check of their shape before the guard."""
    app.add_middleware(Guard(sessions), index=0)  # nothing answers before it
    app.backend_exception_handler = _say_failure
    app.frontend_exception_handler = _note_failure
    namespace = CheckedEvents(app)
    app._event_namespace = namespace  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    if app.sio is None:
        raise RuntimeError("the app has no websocket to protect")
    app.sio.register_namespace(namespace)
    # The gate has checked the origin; engine.io would refuse this machine's other names.
    app.sio.eio.cors_allowed_origins = []
    for log in (_LOG, logging.getLogger("engineio.server"), logging.getLogger("socketio.server")):
        log.addFilter(Seldom())


class Seat(rx.State):
    """For whom a browser tab's state was made."""

    _taken_by: str = ""

    @rx.event
    def refused(self):
        """Stands for events that do not exist: declared for nobody, so it is never run."""


@dataclass(frozen=True, slots=True)
class _Door:
    rule: Rule
    arguments: Arguments


class Guard(Middleware):
    """Sees every event before its handler does, and lets through what is declared."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._doors: dict[str, _Door | None] = {}

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        root = state._get_root_state()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        headers: Mapping[str, str] = root.router_data.get("headers") or {}
        signed_in = await self._sessions.find(headers.get("cookie"))
        if await self._changed_hands(root, signed_in) and event.name not in _HYDRATE:
            return _update(go(_address(root)))
        door = self._door(event.name)
        if door and door.rule.admits(signed_in) and door.arguments.take(event.payload):
            if event.name in _HYDRATE and event.payload.get("hashes") is not None:
                await _put_away(root)
            return None
        return _update(self._refusal(app, root, event, signed_in))

    async def _changed_hands(self, root: BaseState, signed_in: SignedIn | None) -> bool:
        """Empties a state that was made for another session or other roles."""
        seat = await root.get_state(Seat)
        before, now = seat._taken_by, _seat(signed_in)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        if before == now:
            return False
        if before:
            root.reset()
        seat._taken_by = now  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        return bool(before)

    def _door(self, name: str) -> _Door | None:
        if name not in self._doors:
            self._doors[name] = _FRAMEWORK.get(name) or _declared(name)
        return self._doors[name]

    def _refusal(
        self, app: App, root: BaseState, event: Event, signed_in: SignedIn | None
    ) -> rx.event.EventSpec:
        """The same for what is not there, not allowed and not well formed."""
        if signed_in is None:
            return go(f"{SIGN_IN}?next={quote(_address(root), safe='/')}")
        if event.name in _loads_page(app, root) and _path(root) != home(signed_in):
            return go(home(signed_in))
        return toast(said(NotFound()), "refused")


async def _put_away(root: BaseState) -> None:
    """Close what floats: only the first connection of a loaded page says what it holds already."""
    for holder, fields in _FLOATING.items():
        state = await root.get_state(holder)
        for name in fields:
            setattr(state, name, holder.__fields__[name].default_value())


class CheckedEvents(EventNamespace):
    """Reflex's door for websockets, closed to what no browser of ours would send."""

    def __init__(self, app: App) -> None:
        super().__init__(rx.config.get_config().get_event_namespace(), app)

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        if is_handshake(self, sid, environ):
            await super().on_connect(sid, environ, auth)

    async def on_event(self, sid: str, data: Any) -> None:
        if sid not in self.sid_to_token or not _is_event(data):
            await self.disconnect(sid)
            return
        if data["name"] not in RegistrationContext.get().event_handlers:
            data = {**data, "name": _REFUSED, "payload": {}}
        if "router_data" in data:
            data = {**data, "router_data": _without_nul(data["router_data"])}
        await super().on_event(sid, data)


class Seldom(logging.Filter):
    """A few lines a minute: what a client can cause at will shall not fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._since, self._lines = 0.0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created - self._since > _MINUTE_S:
            self._since, self._lines = record.created, 0
        self._lines += 1
        return self._lines <= _LINES_A_MINUTE


def is_handshake(namespace: Any, sid: str, environ: Any) -> bool:
    """Whether the server itself reports a connect, and not an event that a client named so.

    Raises:
        ConnectionRefusedError: it came past the gate, or this websocket has joined before.
    """
    if environ is not namespace.server.get_environ(sid, namespace.namespace):
        return False
    # One place per websocket: each more would be a state tree of its own.
    joined: dict[str, str] = environ.setdefault("postboard.joined", {})
    if PASSED not in environ["asgi.scope"] or joined.setdefault(namespace.namespace, sid) != sid:
        raise ConnectionRefusedError
    return True


def _answering(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, its refusals turned into an answer; what it changed before stays changed."""
    if inspect.isasyncgenfunction(handler):
        return _answering_events(handler)
    if inspect.iscoroutinefunction(handler):
        return _answering_later(handler)
    if inspect.isgeneratorfunction(handler):
        raise TypeError("a handler that yields is async, or all browsers wait for it")

    @wraps(handler)
    def answering(*args: Any, **kwargs: Any) -> Any:
        try:
            return handler(*args, **kwargs)
        except Refused as refused:
            return answer(refused)

    return answering


def _answering_later(handler: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(handler)
    async def answering(*args: Any, **kwargs: Any) -> Any:
        try:
            return await handler(*args, **kwargs)
        except Refused as refused:
            return answer(refused)

    return answering


def _answering_events(handler: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(handler)
    async def answering(*args: Any, **kwargs: Any) -> AsyncGenerator[Any]:
        try:
            async for event in handler(*args, **kwargs):
                yield event
        except Refused as refused:
            yield answer(refused)

    return answering


def _declared(name: str) -> _Door | None:
    registered = RegistrationContext.get().event_handlers.get(name)
    rule = registered and rule_of(registered.handler.fn)
    return _Door(rule, Arguments(registered.handler.fn)) if registered and rule else None


def _seat(signed_in: SignedIn | None) -> str:
    if signed_in is None:
        return "nobody"
    actor = signed_in.actor
    roles = sorted((str(client), role) for client, role in actor.roles.items())
    text = repr((signed_in.session_id, actor.agency_role, roles))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_event(data: Any) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(data.get("name"), str)
        and isinstance(data.get("payload", {}), dict)
        and _is_place(data.get("router_data", {}))
    )


def _is_place(place: Any) -> bool:
    """Where the browser says it is; the server adds the rest itself."""
    if not isinstance(place, dict):
        return False
    given = cast("dict[str, Any]", place)
    query = given.get("query", {})
    if not given.keys() <= {"pathname", "asPath", "query"} or not isinstance(query, dict):
        return False
    parts = cast("dict[str, Any]", query)
    texts = [given.get("pathname", ""), given.get("asPath", ""), *parts.keys(), *parts.values()]
    return len(texts) <= _MOST_QUERY and all(
        isinstance(text, str) and len(text) <= _LONGEST_ADDRESS for text in texts
    )


def _without_nul(place: dict[str, Any]) -> dict[str, Any]:
    """As every database takes it; what a page asks of it goes into queries."""
    cleaned = {name: text if name == "query" else _said(text) for name, text in place.items()}
    parts = cleaned.get("query", {})
    return cleaned | {"query": {_said(name): _said(text) for name, text in parts.items()}}


def _said(text: str) -> str:
    return text.replace("\0", " ").replace("%00", "%20")


def _update(event: rx.event.EventSpec) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(event))


def _address(root: BaseState) -> str:
    """Where the tab is, as a path of this server."""
    address = str(root.router_data.get("asPath") or "/")
    return address if address.startswith("/") and not address.startswith("//") else "/"


def _path(root: BaseState) -> str:
    return _address(root).partition("?")[0].partition("#")[0].rstrip("/") + "/"


def _loads_page(app: App, root: BaseState) -> set[str]:
    return {event.name for event in Event.from_event_type(app.get_load_events(_path(root)))}


def _say_failure(exception: Exception) -> rx.event.EventSpec:
    if isinstance(exception, Refused):
        return answer(exception)
    _LOG.error("A handler failed.", exc_info=exception)
    return toast(said(Failed()), "refused")


def _note_failure(exception: Exception) -> None:
    _LOG.warning("A page failed: %s", " ".join(str(exception).split())[:_LONGEST_NOTE])


class Failed(Refused):
    status = 500
    sentence = "That did not work, and it is not your fault. Try again in a moment."


_MINUTE_S: Final = 60.0
_LINES_A_MINUTE: Final = 30
_MOST_QUERY: Final = 60
_LONGEST_ADDRESS: Final = 4_000
_LONGEST_NOTE: Final = 600
_REFUSED: Final = f"{Seat.get_full_name()}.refused"
_ANYBODY: Final = Rule(frozenset(), signed_out=True)
_SIGNED_IN: Final = Rule(frozenset(Role), signed_out=False)


def _hydrate_and_load(_self: object, vars: None = None, hashes: list[str] | None = None) -> None:  # noqa: A002
    """`vars` would set what pages keep in browser storage; we keep nothing there."""


def _nothing_more(_self: object) -> None: ...


def _is_hydrated(_self: object, value: bool) -> None: ...


def _page_failure(_self: object, info: str, component_stack: str) -> None: ...


_FRAMEWORK: Final[Mapping[str, _Door]] = {
    name: _Door(rule, Arguments(shape))
    for name, rule, shape in (
        # A browser sends its own tab's state back to itself, and the page's own loads follow.
        (f"{_ROOT}.hydrate_and_load", _ANYBODY, _hydrate_and_load),
        (f"{_ON_LOAD}.on_load_internal", _ANYBODY, _nothing_more),
        (f"{_ON_LOAD}.set_is_hydrated", _ANYBODY, _is_hydrated),
        (
            f"{_ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
            _SIGNED_IN,
            _page_failure,
        ),
    )
}
