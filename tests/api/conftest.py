import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from postboard import api
from postboard.db.engine import Database
from postboard.services.uploads import Uploads
from postboard.settings import read_settings
from postboard.ui import limits, session


class Browser:
    """Keeps cookies and follows nothing by itself."""

    def __init__(self, app: Any, base_url: str) -> None:
        self.base_url = base_url
        self.cookies = httpx.Cookies()
        self.host = "203.0.113.7"
        """Where it is."""
        self._app = app

    def get(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("GET", path, **asked)

    def post(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("POST", path, **asked)

    def request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, **asked))

    async def _ask(self, method: str, path: str, **asked: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, client=(self.host, 50_000))
        async with httpx.AsyncClient(
            transport=transport, base_url=self.base_url, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **asked)
            self.cookies = httpx.Cookies(client.cookies)
        return answer


Visit = Callable[..., Browser]


@pytest.fixture
def left() -> list[str]:
    """Tokens of the sessions that ended, as the live rooms hear of them."""
    return []


@pytest.fixture
def visit(database: Database, tmp_path: Path, left: list[str]) -> Visit:
    """A browser at the server's plain routes, at the address that the settings name."""

    async def ended(token: str) -> None:
        left.append(token)

    def arrive(base_url: str = "http://board.example", **environment: str) -> Browser:
        settings = read_settings(
            {"POSTBOARD_DATA": str(tmp_path), "POSTBOARD_BASE_URL": base_url, **environment}
        )
        sessions = session.Sessions(database, secure=settings.secure_cookies)
        uploads = Uploads(tmp_path / "uploads", settings.uploads_a_day)
        routes = api.routes(database, settings, uploads, tmp_path / "client", ended=ended)
        return Browser(limits.Gate(Starlette(routes=routes), settings, sessions), base_url)

    return arrive
