"""Whether this server can do its work."""

import asyncio
from functools import partial

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, kept_by_nobody

_PATIENCE_S = 5


def routes(desk: Desk) -> list[Route]:
    return [Route("/health", partial(_health, desk))]


async def _health(desk: Desk, _request: Request) -> Response:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await desk.read(lambda session: session.execute(text("SELECT 1")))
    except (SQLAlchemyError, TimeoutError):
        return JSONResponse({"status": "no database"}, 503, kept_by_nobody("no-referrer"))
    return JSONResponse({"status": "ok"}, headers=kept_by_nobody("no-referrer"))
