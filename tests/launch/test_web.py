"""The front door: which answers a browser may keep, and pages without a detour."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from postboard.launch.web import FrontDoor, Message, Receive, Scope, Send

YEAR = b"public, max-age=31536000, immutable"
FILE = ((b"etag", b'"1"'),)


class App:
    """Answers everything with the same status and headers; remembers the path it was asked."""

    def __init__(self, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = FILE) -> None:
        self.status = status
        self.headers = headers
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": list(self.headers)})


@pytest.fixture
def client(tmp_path: Path) -> Path:
    (tmp_path / "board").mkdir()
    (tmp_path / "index.html").touch()
    (tmp_path / "board" / "index.html").touch()
    return tmp_path


def cache_rule(client: Path, app: App, path: str, query: bytes = b"") -> bytes | None:
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope: dict[str, Any] = {"type": "http", "path": path, "query_string": query}
    with ThreadPoolExecutor(1) as thread:  # a loop of its own: the browser tests keep one here
        thread.submit(asyncio.run, FrontDoor(app, client)(scope, receive, send)).result()
    return dict(answers[0]["headers"]).get(b"cache-control")


def test_files_named_by_their_content_are_kept_for_a_year(client: Path) -> None:
    assert cache_rule(client, App(), "/assets/root-eCeFc-fD.js") == YEAR
    assert cache_rule(client, App(), "/external/card/card.css", b"v=e480cb0b") == YEAR


def test_pages_are_asked_for_each_time(client: Path) -> None:
    assert cache_rule(client, App(), "/board") == b"no-cache"
    assert cache_rule(client, App(), "/favicon.ico") == b"no-cache"


def test_a_missing_file_is_not_remembered(client: Path) -> None:
    assert cache_rule(client, App(status=404), "/assets/old.js") is None


def test_what_a_route_says_itself_stands(client: Path) -> None:
    private = App(headers=((b"cache-control", b"no-store"), *FILE))

    assert cache_rule(client, private, "/assets/a.js") == b"no-store"
    assert cache_rule(client, App(headers=()), "/health") is None


def test_a_page_is_answered_without_a_detour(client: Path) -> None:
    app = App()
    for path in ("/", "/board", "/board/", "/boards"):
        cache_rule(client, app, path)

    assert app.asked == ["/", "/board/", "/board/", "/boards"]
