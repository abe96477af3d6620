"""A browser that does as it likes: one websocket, spoken by hand."""

import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from simple_websocket import Client, ConnectionClosed

ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"
MARK = f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated"
PATIENCE_S = 10
_ROUTINE = re.compile("rx_router_|is_hydrated_")
Frame = dict[str, Any]


class TurnedAway(Exception):  # noqa: N818
    """The server did not take the connection."""


@dataclass
class Tab:
    """What one websocket said so far; `frames` are the page's own, in order."""

    line: Client
    frames: list[Frame] = field(default_factory=list[Frame])
    heard: list[Any] = field(default_factory=list[Any])
    raw: list[str] = field(default_factory=list[str])
    sent: int = 0

    def send(self, text: str | bytes) -> None:
        self.sent += 1
        self.line.send(text)

    def emit(self, name: str, payload: Any, page: str = "/nowhere/") -> None:
        event = {"name": name, "payload": payload, "router_data": place(page)}
        self.send(f"42/_event,{json.dumps(['event', event])}")

    def call(self, name: str, payload: Any, page: str = "/nowhere/") -> list[Frame]:
        """Everything the page is told until the event is done."""
        self.emit(name, payload, page)
        return self.settle()

    def settle(self) -> list[Frame]:
        """Events of one tab are done one after the other: a mark behind them tells the end.

        Two of them, since an event may have queued others behind the first.
        """
        before = len(self.frames)
        for _ in range(2):
            mark = f"mark={secrets.token_hex(8)}"
            self.emit(MARK, {"value": True}, f"/nowhere/?{mark}")
            while mark not in self.read():
                pass
        return [frame for frame in map(_without_mark, self.frames[before:]) if frame]

    def read(self, patience_s: float = PATIENCE_S) -> str:
        """The next message.

        Raises:
            TimeoutError: there was none.
            ConnectionClosed: the server hung up.
        """
        until = time.monotonic() + patience_s
        while (left := until - time.monotonic()) > 0:
            text = self.line.receive(timeout=left)
            if text == "2":
                self.line.send("3")
            elif text is not None:
                self._note(str(text))
                return str(text)
        raise TimeoutError

    def read_all(self, quiet_s: float = 0.4) -> list[Frame]:
        """Whatever comes until nothing comes for a while."""
        before = len(self.frames)
        while True:
            try:
                self.read(quiet_s)
            except (TimeoutError, ConnectionClosed):
                return self.frames[before:]

    def is_closed(self, patience_s: float = PATIENCE_S) -> bool:
        """Whether the server hangs up within that time."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            try:
                self.read(0.2)
            except ConnectionClosed:
                return True
            except TimeoutError:
                continue
        return False

    def _note(self, text: str) -> None:
        self.raw.append(text)
        if text.startswith("42/_event,"):
            kind, *values = json.loads(text.removeprefix("42/_event,"))
            if kind == "event":
                self.frames.append(values[0])
        elif text.startswith("42/live,"):
            self.heard.append(json.loads(text.removeprefix("42/live,"))[1])


def events(frames: list[Frame]) -> list[str]:
    """What the page is told to do, as the code it runs."""
    told = [event["payload"] for frame in frames for event in frame.get("events", [])]
    return [payload.get("function") or payload["javascript_code"] for payload in told]


def place(page: str) -> dict[str, Any]:
    parts = urlsplit(page)
    return {"pathname": parts.path, "asPath": page}


@contextmanager
def opened(
    address: str,
    cookie: str | None = None,
    *,
    page: str = "/nowhere/",
    token: str | None = None,
    hydrate: bool = True,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Tab]:
    """A tab that has joined the page's namespace, and loaded `page` unless told otherwise."""
    tab = connect(address, cookie, token=token, query=query, headers=headers)
    try:
        event = {"name": HYDRATE, "payload": {}, "router_data": place(page)}
        tab.send(f"40/_event,{json.dumps({'event': event} if hydrate else {})}")
        while not tab.read().startswith(("40/_event", "44/_event")):
            pass
        if hydrate:
            tab.settle()
        yield tab
    finally:
        hang_up(tab)


def connect(
    address: str,
    cookie: str | None = None,
    *,
    token: str | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Tab:
    """Raises TurnedAway."""
    usual = {"EIO": "4", "transport": "websocket", "token": token or secrets.token_hex()}
    asked = usual if query is None else query
    given = dict(headers or {})
    if cookie is not None:
        given["Cookie"] = f"postboard_session={cookie}"
    host = address.removeprefix("http://")
    try:
        line = Client(f"ws://{host}/_event/?{urlencode(asked)}", headers=given)
    except Exception as error:
        raise TurnedAway from error
    return Tab(line)


def hang_up(tab: Tab) -> None:
    with suppress(ConnectionClosed):
        tab.line.close()


def _without_mark(frame: Frame) -> Frame:
    """Without what says where the tab is, and that it is loaded."""
    delta = {
        state: rest
        for state, values in frame.get("delta", {}).items()
        if (rest := {name: value for name, value in values.items() if not _ROUTINE.match(name)})
    }
    return {key: value for key, value in {**frame, "delta": delta}.items() if value}
