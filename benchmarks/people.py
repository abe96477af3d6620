"""People at their boards and reviews: what a browser sends, hears and asks, without the browser."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from benchmarks.websocket import Line, opened

BOARD = "reflex___state____state.postboard___ui___pages___board___state____board_state"
HYDRATE = "reflex___state____state.hydrate_and_load"
REVIEW = "reflex___state____state.postboard___ui___pages___review___state____review_state"
PLACE = {"pathname": "/board/", "asPath": "/board/"}
REVIEW_PLACE = {"pathname": "/review/", "asPath": "/review/"}
PATIENCE_S = 20
_BUSY_S = 5
_REST = 6
_MOST_ASKED = 60
_TELL = "window.postboard.board(..."
_VAR = "_rx_state_"

_parsed = lru_cache(512)(json.loads)
"""The same words go to everybody: reading them once keeps the machine for the server."""


class Listener:
    """The socket that hears of changes."""

    def __init__(self) -> None:
        self.heard_at: list[float] = []

    async def join(self, port: int, cookie: str) -> None:
        self.line = await opened(port, _path(), self._hear, _cookie(cookie))
        self.line.send("40/live,{}")

    def _hear(self, text: str) -> None:
        if text == "2":
            self.line.send("3")
        elif text.startswith("42/live,"):
            self.heard_at.append(time.perf_counter())
            self.take(_parsed(text[8:])[1])

    def take(self, signals: list[Any]) -> None:
        """What a board does with it."""


class Person(Listener):
    """A board that is loaded, hears signals and asks for what it lacks, as board_store.js does."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, int] = {}
        self.totals: dict[str, int] = {}
        self.serial = self.patched = self.as_of = self.refreshes = 0
        self.loaded = asyncio.Event()
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._asked: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._busy_until = self._asked_at = 0.0
        self.refusals: list[str] = []
        self.read_at: dict[str, float] = {}
        """When each post's card was last read again."""

    async def sit_down(self, port: int, cookie: str) -> None:
        path = f"{_path()}&token={uuid.uuid4()}"
        self.page: Line = await opened(port, path, self._answered, _cookie(cookie))
        hydrate = {"name": HYDRATE, "payload": {}, "router_data": PLACE}
        self.page.send(f"40/_event,{json.dumps({'event': hydrate})}")
        await asyncio.wait_for(self.loaded.wait(), PATIENCE_S)
        self.line = self.page
        self.line.send("40/live,{}")

    async def move(self, post: str, version: int, action: str) -> float:
        """Seconds from the drop to the answer."""
        command = str(uuid.uuid4())
        answer = self._answers[command] = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self._emit(
            "move",
            {
                "command_id": command,
                "post_id": post,
                "version": version,
                "action": action,
                "after_id": "",
                "reason": "",
                "tags": [],
                "person": "",
                "link": "",
            },
        )
        await asyncio.wait_for(answer, PATIENCE_S)
        return time.perf_counter() - started

    def leave(self) -> None:
        if self._timer:
            self._timer.cancel()
        self.page.close()

    def take(self, signals: list[Any]) -> None:
        for post, version, before, column, rank, state, _, _, whole, event, *beside in signals:
            if beside and post in self.cards:
                self._asked.add(post)
            if version <= self.seen.get(post, 0):
                continue
            self.seen[post] = version
            card = self.cards.get(post)
            if card:
                changed = {"version": version, "column": column, "rank": rank, "state": state}
                self.cards[post] = {**card, **changed}
            if before != column and not (event and event <= self.as_of):
                self.totals[before] = self.totals.get(before, 1) - 1
                self.totals[column] = self.totals.get(column, 0) + 1
            if whole if card else self._reaches(column, rank):
                self._asked.add(post)
        self._ask_soon()

    def _reaches(self, column: str, rank: int) -> bool:
        loaded = [card["rank"] for card in self.cards.values() if card["column"] == column]
        return len(loaded) + 1 >= self.totals.get(column, 0) or any(r > rank for r in loaded)

    def _ask_soon(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer or not self._asked or loop.time() < self._busy_until:
            return
        pause = 0.08 + random.random() * 0.16  # noqa: S311
        self._timer = loop.call_later(pause, self._ask)

    def _ask(self) -> None:
        self._timer = None
        posts = list(self._asked)[:_MOST_ASKED]
        self._asked.difference_update(posts)
        self._asked_at = asyncio.get_running_loop().time()
        self._busy_until = self._asked_at + _BUSY_S
        self.refreshes += 1
        self._emit("refresh", {"post_ids": posts})

    def _emit(self, handler: str, payload: dict[str, Any]) -> None:
        event = {"name": f"{BOARD}.{handler}", "payload": payload, "router_data": PLACE}
        self.page.send(f"42/_event,{json.dumps(['event', event])}")

    def _answered(self, text: str) -> None:
        if not text.startswith("42/_event,"):
            self._hear(text)
        else:
            kind, *values = json.loads(text[10:])
            if kind == "event":
                self._take_frame(values[0])

    def _take_frame(self, frame: dict[str, Any]) -> None:
        for event in frame.get("events") or []:
            if "toast" in event["payload"].get("function", ""):
                self.refusals.append(event["payload"]["function"])
            code = event["payload"].get("javascript_code", "")
            if code.startswith(_TELL):
                what, told = json.loads(code[len(_TELL) : -1])
                self._load(told) if what == "show" else self._take_patch(told)

    def _load(self, board: dict[str, Any]) -> None:
        self.serial, self.as_of, self.patched = board["serial"], board["as_of"], 0
        self.totals = {column["key"]: column["total"] for column in board["columns"]}
        self.cards = {card["id"]: card for c in board["columns"] for card in c["cards"]}
        self.seen.update({card["id"]: card["version"] for card in self.cards.values()})
        self.loaded.set()

    def _take_patch(self, patch: dict[str, Any]) -> None:
        if patch["serial"] != self.serial or patch["number"] <= self.patched:
            return
        self.patched = patch["number"]
        for card in patch["cards"]:
            if card["version"] >= self.seen.get(card["id"], 0):
                self.seen[card["id"]] = card["version"]
                self.cards[card["id"]] = card
                self.read_at[card["id"]] = time.perf_counter()
        self.take(patch["heard"])
        answer = self._answers.pop(patch["answered"], None)
        if answer and not answer.done():
            answer.set_result(None)
        if patch["refreshed"]:
            loop = asyncio.get_running_loop()
            rest = min(_REST * (loop.time() - self._asked_at), 3)
            self._busy_until = loop.time() + rest
            loop.call_later(rest + 0.001, self._ask_soon)


class Reviewer:
    """A client at their review; what they decide is answered by the page itself."""

    def __init__(self) -> None:
        self.posts: dict[str, dict[str, Any]] = {}
        """Those that the page holds in full."""
        self.order: list[str] = []
        self.received = 0
        """Characters, since the page was opened."""
        self._answers = 0
        self._heard = asyncio.Event()

    async def sit_down(self, port: int, cookie: str) -> None:
        path = f"{_path()}&token={uuid.uuid4()}"
        self.page: Line = await opened(port, path, self._hear, _cookie(cookie))
        hydrate = {"name": HYDRATE, "payload": {}, "router_data": REVIEW_PLACE}
        self.page.send(f"40/_event,{json.dumps({'event': hydrate})}")
        await self._until(lambda: bool(self.posts))

    async def turn(self, post: str) -> None:
        self._emit("turn", {"post_id": post})
        await self._until(lambda: post in self.posts)

    async def approve(self, post: str) -> float:
        """Seconds from the tap to the page's answer."""
        shown, answers, started = self.posts[post], self._answers, time.perf_counter()
        judged = {"id": post, "revision": shown["revision"], "round": shown["round"]}
        self._emit("approve", {"judged": judged | {"request": shown["turn"]["request"]}})
        await self._until(lambda: self._answers > answers)
        return time.perf_counter() - started

    def leave(self) -> None:
        self.page.close()

    def _emit(self, handler: str, payload: dict[str, Any]) -> None:
        event = {"name": f"{REVIEW}.{handler}", "payload": payload, "router_data": REVIEW_PLACE}
        self.page.send(f"42/_event,{json.dumps(['event', event])}")

    def _hear(self, text: str) -> None:
        self.received += len(text)
        if text == "2":
            self.page.send("3")
        elif text.startswith("42/_event,"):
            kind, *values = json.loads(text[10:])
            if kind == "event":
                self._take((values[0].get("delta") or {}).get(REVIEW, {}))

    def _take(self, delta: dict[str, Any]) -> None:
        if f"posts{_VAR}" in delta:
            self.posts = {post["id"]: post for post in delta[f"posts{_VAR}"]}
        self.order = delta.get(f"order{_VAR}", self.order)
        self._answers = delta.get(f"answered{_VAR}", self._answers)
        self._heard.set()

    async def _until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                self._heard.clear()
                await self._heard.wait()


def _path() -> str:
    return "/_event/?EIO=4&transport=websocket"


def _cookie(cookie: str) -> dict[str, str]:
    return {"Cookie": f"postboard_session={cookie}"}
