"""Taking a plan's file in: the body is the file, streamed to disk and cut off at its limit."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, kept_by_nobody, refusal
from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import Permission
from postboard.imports.plan import LIMITS
from postboard.services.uploads import Uploads, UploadTooLarge

_MEGABYTE: Final = 1_000_000


def routes(desk: Desk, uploads: Uploads) -> list[Route]:
    return [Route("/uploads/plan", partial(_take_plan, desk, uploads), methods=["POST"])]


async def _take_plan(desk: Desk, uploads: Uploads, request: Request) -> Response:
    try:
        owner = await _importer(desk, request)
        name = await _store(uploads, owner, request)
    except Refused as refused:
        return refusal(refused)
    return JSONResponse({"upload": name}, headers=kept_by_nobody("no-referrer"))


async def _importer(desk: Desk, request: Request) -> UUID:
    """Somebody who may import a plan somewhere; for everybody else there is no such door."""
    actor = await desk.actor(request)
    if not (actor.user_id and actor.may_somewhere(Permission.IMPORT_PLAN)):
        raise NotFound
    return actor.user_id


async def _store(uploads: Uploads, owner: UUID, request: Request) -> str:
    name, path = await asyncio.to_thread(uploads.begin, owner)
    try:
        await _save(path, request)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


async def _save(path: Path, request: Request) -> None:
    size = 0
    with path.open("wb") as file:
        async for part in request.stream():
            size += len(part)
            if size > LIMITS.file_bytes:
                raise UploadTooLarge(limit=LIMITS.file_bytes // _MEGABYTE)
            await asyncio.to_thread(file.write, part)
