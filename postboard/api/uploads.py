"""Taking a plan or an export in: the body is the file, streamed to disk, cut off at its limit."""

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
from postboard.imports.guideline import FILE_MAX as GUIDELINE_MAX
from postboard.imports.refusals import LIMITS, METRIC_LIMITS
from postboard.services.uploads import Uploads, UploadTooLarge

_MEGABYTE: Final = 1_000_000
_READ_ON: Final = 30 * _MEGABYTE
"""Of a file that is too large: a browser that is cut off before never hears why."""


def routes(desk: Desk, uploads: Uploads) -> list[Route]:
    return [
        Route(f"/uploads/{name}", partial(_take, desk, uploads, right, most), methods=["POST"])
        for name, right, most in (
            ("plan", Permission.IMPORT_PLAN, LIMITS.file_bytes),
            ("metrics", Permission.IMPORT_METRICS, METRIC_LIMITS.file_bytes),
            ("guideline", Permission.WRITE_GUIDELINE, GUIDELINE_MAX),
        )
    ]


async def _take(
    desk: Desk, uploads: Uploads, right: Permission, most: int, request: Request
) -> Response:
    try:
        owner = await _importer(desk, right, request)
        name = await _store(uploads, owner, most, request)
    except Refused as refused:
        return refusal(refused)
    return JSONResponse({"upload": name}, headers=kept_by_nobody("no-referrer"))


async def _importer(desk: Desk, right: Permission, request: Request) -> UUID:
    """Somebody who may import such a file somewhere; for everybody else there is no such door."""
    actor = await desk.actor(request)
    if not (actor.user_id and actor.may_somewhere(right)):
        raise NotFound
    return actor.user_id


async def _store(uploads: Uploads, owner: UUID, most: int, request: Request) -> str:
    name, path = await asyncio.to_thread(uploads.begin, owner)
    try:
        await _save(path, most, request)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


async def _save(path: Path, most: int, request: Request) -> None:
    size = 0
    with path.open("wb") as file:
        async for part in request.stream():
            size += len(part)
            if size > most + _READ_ON:
                break
            if size <= most:
                await asyncio.to_thread(file.write, part)
    if size > most:
        raise UploadTooLarge(limit=most // _MEGABYTE)
