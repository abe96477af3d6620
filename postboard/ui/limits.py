"""The gate in front of the whole server: foreign pages, floods and oversized messages stop here.

Plain ASGI. What it lets through still meets the guard.
"""

import re
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

from postboard.locale import language_from_cookie, text
from postboard.session_cookie import fingerprint
from postboard.settings import Settings
from postboard.ui.session import Sessions

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

PASSED: Final = "postboard.passed_gate"
"""Marks the scope of a websocket that came through here; the guard takes no other."""
LARGEST_MESSAGE: Final = 256 * 1024
"""Characters of one message from a browser."""
SOCKETS_PER_SESSION: Final = 100
"""Two for each open tab."""
SOCKETS_PER_ADDRESS: Final = 200
"""For visitors who are not signed in."""
_CLOSED_TO_ALL: Final = frozenset(
    {"_upload", "_health", "_all_routes", "ping", "auth-codespace", "_event"}
)
"""Reflex's own routes that Postboard has no use for; the last one as a websocket only."""
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FILES: Final = re.compile(r"/media/[0-9a-f]{32}")
_MOST_ADDRESSES: Final = 10_000
_TRY_AGAIN, _TOO_LARGE, _NOT_OURS = 1008, 1009, 1003
_SPOKEN: Final = re.compile(r"1|3|4[01]/(?:_event|live),.*|42/_event,\[.*\]", re.DOTALL)
"""What our pages send: close, pong, join, leave, and the page's events."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and so many a second in the long run."""

    burst: float
    per_second: float


EVENTS: Final = Allowance(200, 40)
HANDSHAKES: Final = Allowance(600, 5)
FORMS: Final = Allowance(60, 0.5)
FILES: Final = Allowance(400, 4)
"""Each file is a request; several people behind one address drop forty at once."""


@dataclass(slots=True)
class Bucket:
    allowance: Allowance
    left: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.at = self.allowance.burst, time.monotonic()

    def take(self) -> bool:
        """Whether one more is fine now."""
        at = time.monotonic()
        refill = (at - self.at) * self.allowance.per_second
        self.left, self.at = min(self.allowance.burst, self.left + refill), at
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Gate:
    """Wraps the app: `rx.App(api_transformer=[..., gate(settings, sessions)])`, outermost."""

    def __init__(self, app: Asgi, settings: Settings, sessions: Sessions) -> None:
        self._app = app
        self._settings = settings
        self._sessions = sessions
        self._handshakes = _Buckets(HANDSHAKES)
        self._forms = _Buckets(FORMS)
        self._files = _Buckets(FILES)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        address = self._address(scope, headers)
        scope = {**scope, "client": (address, 0)}
        send = _with_headers(send, self._page_headers(headers))
        words = text(language_from_cookie(headers.get("cookie"), headers.get("accept-language")))
        if scope["path"].strip("/").partition("/")[0] in _CLOSED_TO_ALL or _has_nul(scope):
            await _say(send, 404, words.gettext("This page cannot be opened"))
        elif scope["method"] in _SAFE_METHODS:
            await self._app(scope, receive, send)
        elif not self._from_own_page(headers):
            await _say(send, 403, words.gettext("This form was sent from another site."))
        elif not (self._files if _FILES.fullmatch(scope["path"]) else self._forms).take(address):
            await _say(send, 429, words.gettext("Too many tries. Wait a few minutes."))
        else:
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        address = self._address(scope, headers)
        if not (
            self._from_own_page(headers)
            and query.get("transport") == "websocket"
            and "sid" not in query
            and self._handshakes.take(address)
        ):
            await _turn_away(receive, send)
            return
        cookies = headers.get("cookie")
        holder, most = await self._holder(cookies, address)
        if self._open[holder] >= most:
            await _turn_away(receive, send)
            return
        self._open[holder] += 1
        try:
            line = _Line(receive, send)
            await self._app(self._bound(scope, query, cookies), line.receive, line.send)
        finally:
            self._open[holder] -= 1
            if not self._open[holder]:
                del self._open[holder]

    async def _holder(self, cookies: str | None, address: str) -> tuple[str, int]:
        """Who has this websocket, and how many they may have."""
        signed_in = await self._sessions.find(cookies)
        if signed_in:
            return f"session {signed_in.session_id}", SOCKETS_PER_SESSION
        return f"address {address}", SOCKETS_PER_ADDRESS

    def _bound(self, scope: Scope, query: dict[str, str], cookies: str | None) -> Scope:
        """Ties a tab's state to the cookie it was opened with.

        Reflex finds the state by a token that the browser keeps and sends; with the cookie's
        mark in it, the token is worth nothing to whoever does not have the cookie.
        """
        scope = {**scope, PASSED: True}
        if "token" not in query:
            return scope
        mark = fingerprint(self._sessions.token(cookies))[:32]
        query["token"] = f"{query['token'][:100].replace('_', '-')}.{mark}"
        return {**scope, "query_string": urlencode(query).encode()}

    def _from_own_page(self, headers: Mapping[str, str]) -> bool:
        """Whether the page that asks is one of ours; what is no browser says nothing."""
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
        if origin.lower() in self._settings.allowed_origins:
            return True
        # By another name of this machine, such as its address in the office.
        page = urlsplit(origin.lower())
        return page.scheme in {"http", "https"} and page.netloc == headers.get("host", "").lower()

    def _address(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """Where it comes from, as the proxies in front say that we trust."""
        hops = self._settings.trusted_proxies
        forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
        if hops and len(forwarded) >= hops:
            return forwarded[-hops]
        return scope["client"][0] if scope.get("client") else ""

    def _page_headers(self, headers: Mapping[str, str]) -> dict[bytes, bytes]:
        host = headers.get("host", "")
        # Older Safari does not count websockets among 'self'.
        sockets = f" ws://{host} wss://{host}" if host.isascii() and " " not in host else ""
        given = {
            b"content-security-policy": _POLICY.replace("{sockets}", sockets).encode(),
            b"x-content-type-options": b"nosniff",
            b"x-frame-options": b"DENY",
            b"referrer-policy": b"strict-origin",
            b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
            b"cross-origin-opener-policy": b"same-origin",
        }
        if self._settings.secure_cookies:
            given[b"strict-transport-security"] = b"max-age=31536000"
        return given


def _has_nul(scope: Scope) -> bool:
    """Neither a database's text nor the name of a file takes it: such an address names nothing."""
    return "\0" in scope["path"] or b"%00" in scope.get("query_string", b"")


# Reflex starts its pages by inline scripts and evaluates what the server tells a page to do.
_POLICY: Final = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob: https:; "
    "media-src 'self' blob: https:; "
    "font-src 'self' data:; "
    "connect-src 'self'{sockets}; "
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)


class _Line:
    """One websocket: only what a page of ours sends, not too long, not too often."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._bucket = Bucket(EVENTS)
        self._closed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        code = self._fault(message)
        if code is None:
            return message
        await self.send({"type": "websocket.close", "code": code})
        self._closed = True
        return {"type": "websocket.disconnect", "code": code}

    async def send(self, message: Message) -> None:
        if not self._closed:
            await self._send(message)

    def _fault(self, message: Message) -> int | None:
        said = message.get("text") or ""
        if len(said) > LARGEST_MESSAGE:
            return _TOO_LARGE
        if not _SPOKEN.fullmatch(said):
            return _NOT_OURS
        return None if self._bucket.take() else _TRY_AGAIN


class _Buckets:
    """One bucket per address; the longest unused are forgotten."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str) -> bool:
        bucket = self._buckets.setdefault(address, Bucket(self._allowance))
        self._buckets.move_to_end(address)
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return bucket.take()


def gate(settings: Settings, sessions: Sessions) -> Callable[[Asgi], Asgi]:
    return lambda app: Gate(app, settings, sessions)


def _headers(scope: Scope) -> dict[str, str]:
    """The last one of each name; cookies, which HTTP/2 sends apart, joined."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined = name in {"cookie", "x-forwarded-for"} and name in found
        between = "; " if name == "cookie" else ", "
        found[name] = f"{found[name]}{between}{value}" if joined else value
    return found


def _with_headers(send: Send, given: Mapping[bytes, bytes]) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", []))
            names = {name.lower() for name, _ in own}
            added = [(name, value) for name, value in given.items() if name not in names]
            message = {**message, "headers": [*own, *added]}
        await send(message)

    return with_headers


async def _say(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


async def _turn_away(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": _TRY_AGAIN})
