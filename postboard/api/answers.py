"""What the routes share: reading a small form, the session's cookie, answers nobody may keep."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from postboard.db.engine import Database
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import Actor
from postboard.locale import Language, Reader, language_from_cookie, say_in_each
from postboard.locale.languages import spelling_of, wished_language, zone_from_cookie
from postboard.services import sign_in
from postboard.services.sign_in import SESSION_LIFETIME
from postboard.session_cookie import cookie_name, session_token
from postboard.settings import Settings

T = TypeVar("T")

_LARGEST_FORM: Final = 8 * 1024
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}")
"""A path of this server: visible ASCII without a backslash, which browsers read as a slash."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every route works with."""

    database: Database
    settings: Settings
    ended: Callable[[str], Awaitable[None]]

    async def read(self, task: Callable[[Session], T]) -> T:
        return await asyncio.to_thread(self._read, task)

    async def write(self, task: Callable[[Session], T]) -> T:
        return await asyncio.to_thread(self._write, task)

    def token(self, request: Request) -> str | None:
        cookies = request.headers.get("cookie")
        return session_token(cookies, secure=self.settings.secure_cookies)

    async def actor(self, request: Request) -> Actor:
        """Who asks; whoever is signed out is as much a stranger as any.

        Raises:
            NotFound: as it says.
        """
        token = self.token(request)
        here = token and await self.read(
            lambda session: sign_in.signed_in(session, token, now=now())
        )
        if not here:
            raise NotFound
        return here.actor

    def signed_in(self, token: str, path: str) -> Response:
        """On to `path` with the session's cookie."""
        answer = see_other(path)
        answer.set_cookie(
            self._cookie,
            token,
            max_age=int(SESSION_LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self.settings.secure_cookies,
        )
        return answer

    def signed_out(self, path: str) -> Response:
        answer = see_other(path)
        answer.delete_cookie(
            self._cookie, httponly=True, samesite="lax", secure=self.settings.secure_cookies
        )
        return answer

    @property
    def _cookie(self) -> str:
        return cookie_name(secure=self.settings.secure_cookies)

    def _read(self, task: Callable[[Session], T]) -> T:
        with self.database.read() as session:
            return task(session)

    def _write(self, task: Callable[[Session], T]) -> T:
        with self.database.write() as session:
            return task(session)


def see_other(path: str) -> RedirectResponse:
    """The next page, without a word of where one came from."""
    return RedirectResponse(path, 303, kept_by_nobody("no-referrer"))


def kept_by_nobody(referrer: str) -> dict[str, str]:
    return {"cache-control": "no-store", "referrer-policy": referrer}


def refusal(refused: Refused) -> Response:
    """For a script of ours: why not, in every language."""
    sentences = {"refused": say_in_each(refused)}
    return JSONResponse(sentences, refused.status, kept_by_nobody("no-referrer"))


def local_path(path: str, otherwise: str) -> str:
    return path if _LOCAL.fullmatch(path) else otherwise


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a small form.

    Raises:
        BadInput: it is no form, or too large.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise BadInput
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            raise BadInput
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict"
        )
    except ValueError as wrong:
        raise BadInput from wrong
    if any("\0" in value for _, value in fields):
        raise BadInput
    return dict(fields)


def id_in_path(request: Request, name: str) -> UUID:
    """An id of the address; what is none names nothing.

    Raises:
        NotFound: as it says.
    """
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise NotFound from None


def language_of(request: Request) -> Language:
    headers = request.headers
    return language_from_cookie(headers.get("cookie"), headers.get("accept-language"))


def reader_of(request: Request) -> Reader:
    language, headers = language_of(request), request.headers
    return Reader(
        language,
        spelling_of(language, headers.get("accept-language")),
        zone_from_cookie(headers.get("cookie")),
    )


def language_wished(request: Request) -> Language | None:
    """None when the request says nothing of it."""
    headers = request.headers
    return wished_language(headers.get("cookie"), headers.get("accept-language"))


def address_of(request: Request) -> str:
    """Where it comes from; the gate has put there what the trusted proxies say."""
    return request.client.host if request.client else ""


def now() -> datetime:
    return datetime.now(UTC)
