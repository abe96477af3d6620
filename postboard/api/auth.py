"""Signing in by password, setting up an empty installation, signing out.

Every answer is a redirect; one that says no carries a short code for the page to put in words.
"""

import asyncio
from functools import partial
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api.answers import (
    Desk,
    address_of,
    form_of,
    language_wished,
    local_path,
    now,
    see_other,
)
from postboard.domain.errors import Refused
from postboard.services import preferences, sign_in

SIGN_IN: Final = "/sign-in/"
SET_UP: Final = "/set-up/"
HOME: Final = "/"
_HASHING: Final = asyncio.Semaphore(2)
"""Checking a password keeps a core busy for a while: the others shall not all wait for it."""


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/auth/sign-in", partial(_sign_in, desk), methods=["POST"]),
        Route("/auth/set-up", partial(_set_up, desk), methods=["POST"]),
        Route("/auth/sign-out", partial(_sign_out, desk), methods=["POST"]),
    ]


async def _sign_in(desk: Desk, request: Request) -> Response:
    following = ""
    try:
        form = await form_of(request)
        following = local_path(form.get("next", ""), "")
        email, password = form.get("email", ""), form.get("password", "")
        async with _HASHING:
            token = await asyncio.to_thread(
                sign_in.sign_in, desk.database, email, password, address_of(request), now=now()
            )
        wished = language_wished(request)
        await desk.write(lambda session: preferences.greet(session, token, wished, now=now()))
    except sign_in.TooManyTries:
        return _again(SIGN_IN, "throttled", following)
    except Refused:
        return _again(SIGN_IN, "wrong", following)
    return desk.signed_in(token, following or HOME)


async def _set_up(desk: Desk, request: Request) -> Response:
    try:
        form = await form_of(request)
        name, email, password = (form.get(field, "") for field in ("name", "email", "password"))

        def first_admin(session: Session) -> str:
            person_id = sign_in.set_up(session, name, email, password, now=now())
            return sign_in.open_session(session, person_id, now=now())

        async with _HASHING:
            token = await desk.write(first_admin)
    except sign_in.AlreadySetUp:
        return _again(SIGN_IN, "set_up", "")
    except Refused:
        return _again(SET_UP, "input", "")
    return desk.signed_in(token, HOME)


async def _sign_out(desk: Desk, request: Request) -> Response:
    token = desk.token(request)
    if token:
        await desk.write(lambda session: sign_in.sign_out(session, token, now=now()))
        await desk.ended(token)
    return desk.signed_out(SIGN_IN)


def _again(page: str, error: str, following: str) -> Response:
    query = {"error": error} | ({"next": following} if following else {})
    return see_other(f"{page}?{urlencode(query)}")
