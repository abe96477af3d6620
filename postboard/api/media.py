"""Pictures and videos in and out: streamed both ways, asked for the right at each request."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from postboard.api.answers import Desk, id_in_path, kept_by_nobody, now, refusal
from postboard.db.models import MediaAsset
from postboard.domain.content import media_as_json
from postboard.domain.errors import NotFound, Refused, Stale
from postboard.domain.permissions import Actor
from postboard.media import inspect
from postboard.media.inspect import ORIGINAL, RENDITIONS, Inspected
from postboard.media.kinds import HEAD, type_of
from postboard.media.store import Store, StoreFails, key_of
from postboard.services import media
from postboard.services.media import Served
from postboard.services.post_words import as_media
from postboard.services.uploads import Uploads, UploadTooLarge

MEGABYTE: Final = 1_000_000
IMAGE_MAX: Final = 30 * MEGABYTE
VIDEO_MAX: Final = 1_000 * MEGABYTE
_SPARE_DISK: Final = 200 * MEGABYTE
"""What an upload leaves free: the database lives on the same disk."""
_PART: Final = 1 << 20
_TRIES: Final = 20
"""Uploads of one client end at the same moment, and on Postgres only one of them comes first."""
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_KEPT: Final = {
    # The cookie: what one person may see stays out of the next one's sight at the same browser.
    "cache-control": "private, max-age=31536000, immutable",
    "vary": "cookie",
    "content-security-policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self';"
    " style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "accept-ranges": "bytes",
}


class NoRoom(Refused):
    status = 507
    sentence = "The server has no room left for this file. Tell whoever looks after it."


@dataclass(frozen=True, slots=True)
class MediaDesk:
    """What the routes of media work with."""

    desk: Desk
    uploads: Uploads
    store: Store
    inspecting: asyncio.Semaphore
    """Decoding keeps a core busy: so many at a time."""


def routes(desk: Desk, uploads: Uploads, store: Store) -> list[Route]:
    here = MediaDesk(desk, uploads, store, asyncio.Semaphore(2))
    return [
        Route("/media/{client}", partial(_take, here), methods=["POST"]),
        Route("/media/{asset}/{rendition}", partial(_give, here), methods=["GET"]),
    ]


async def _take(here: MediaDesk, request: Request) -> Response:
    try:
        asset, is_new = await _taken(here, request)
    except ClientDisconnect:
        return Response(status_code=400)  # to nobody
    except Refused as refused:
        return refusal(refused)
    said = {
        **media_as_json(as_media(asset, asset.alt)),
        "name": asset.name,
        "tags": asset.tags,
        "version": asset.version,
        "is_new": is_new,
    }
    return JSONResponse({"asset": said}, headers=kept_by_nobody("no-referrer"))


async def _taken(here: MediaDesk, request: Request) -> tuple[MediaAsset, bool]:
    client_id = id_in_path(request, "client")
    actor = await here.desk.actor(request)
    await here.desk.read(lambda session: media.refuse_stranger(session, actor, client_id))
    if not actor.user_id:
        raise NotFound
    announced = _announced(request)
    await here.desk.read(
        lambda session: media.refuse_too_much(session, actor, announced, here.uploads.a_day, now())
    )
    name, path = await asyncio.to_thread(here.uploads.begin, actor.user_id)
    try:
        await _save(path, request)
        async with here.inspecting:
            file = await asyncio.to_thread(inspect.inspect, path)
        return await _keep(here, actor, client_id, file, _name(request) or name)
    except OSError as fault:
        if fault.errno in _FULL:
            raise NoRoom from fault
        raise
    finally:
        inspect.forget(path)


def _announced(request: Request) -> int:
    """How many bytes come; a body that says itself that it is too long is not read at all."""
    announced = request.headers.get("content-length", "")
    size = int(announced[:18]) if announced.isascii() and announced.isdigit() else 0
    if size > VIDEO_MAX:
        raise UploadTooLarge(limit=VIDEO_MAX // MEGABYTE)
    return size


async def _save(path: Path, request: Request) -> None:
    part = bytearray()
    with path.open("wb") as file:
        incoming = _Incoming(file, path)
        async for piece in request.stream():
            part += piece
            if len(part) >= _PART:
                await asyncio.to_thread(incoming.write, part)
                part.clear()
        await asyncio.to_thread(incoming.write, part)


class _Incoming:
    """A file on its way to the disk: its first part tells what it is and how long it may be."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._folder = path.parent
        self._limit = 0
        self._size = 0

    def write(self, part: bytearray) -> None:
        if not self._size:
            self._limit = VIDEO_MAX if type_of(bytes(part[:HEAD])).is_video else IMAGE_MAX
        self._size += len(part)
        if self._size > self._limit:
            raise UploadTooLarge(limit=self._limit // MEGABYTE)
        if shutil.disk_usage(self._folder).free < _SPARE_DISK:
            raise NoRoom
        self._file.write(part)


async def _keep(
    here: MediaDesk, actor: Actor, client_id: UUID, file: Inspected, name: str
) -> tuple[MediaAsset, bool]:
    """The bytes first, then the row that names them; what is there already is not stored again."""
    asset_id = uuid4()
    twin = await here.desk.read(
        lambda session: media.find_twin(session, actor, client_id, file.digest)
    )
    kept_id = None
    try:
        if twin is None:
            await asyncio.to_thread(_put, here.store, client_id, asset_id, file)
        asset = await _add(here, actor, client_id, asset_id, file, name)
        kept_id = asset.id
    finally:
        if twin is None and kept_id != asset_id:
            await asyncio.to_thread(_remove, here.store, client_id, asset_id)
    return asset, asset.id == asset_id


async def _add(
    here: MediaDesk, actor: Actor, client_id: UUID, asset_id: UUID, file: Inspected, name: str
) -> MediaAsset:
    for _ in range(_TRIES):
        try:
            return await here.desk.write(
                lambda session: media.add_asset(
                    session,
                    actor,
                    client_id,
                    asset_id,
                    file,
                    name,
                    a_day=here.uploads.a_day,
                    now=now(),
                )
            )
        except Stale:
            await asyncio.sleep(0.02)
    raise Stale


def _put(store: Store, client_id: UUID, asset_id: UUID, file: Inspected) -> None:
    for rendition, path in file.files.items():
        store.put(key_of(client_id, asset_id, rendition), path)


def _remove(store: Store, client_id: UUID, asset_id: UUID) -> None:
    for rendition in RENDITIONS:
        with suppress(StoreFails):
            store.remove(key_of(client_id, asset_id, rendition))


async def _give(here: MediaDesk, request: Request) -> Response:
    try:
        return await _given(here, request, request.path_params["rendition"])
    except Refused as refused:
        return Response(status_code=refused.status, headers=kept_by_nobody("no-referrer"))


async def _given(here: MediaDesk, request: Request, rendition: str) -> Response:
    asset_id = id_in_path(request, "asset")
    if rendition not in RENDITIONS:
        raise NotFound
    actor = await here.desk.actor(request)
    served = await here.desk.read(lambda session: media.find_to_serve(session, actor, asset_id))
    headers = _headers(request, served, rendition)
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    opened = await here.store.open(key_of(served.client_id, served.id, rendition))
    asked = _asked_range(request, headers["etag"])
    start, end = _range(asked, opened.size) if asked else (0, opened.size)
    if start >= end:
        headers["content-range"] = f"bytes */{opened.size}"
        return Response(status_code=416, headers=headers)
    headers["content-length"] = str(end - start)
    if asked:
        headers["content-range"] = f"bytes {start}-{end - 1}/{opened.size}"
    body = _nothing() if request.method == "HEAD" else opened.read(start, end)
    return StreamingResponse(body, 206 if asked else 200, headers)


async def thumb(store: Store, client_id: UUID, asset_id: UUID) -> bytes | None:
    """A file's small picture, for pages that are printed; None where it is gone."""
    try:
        opened = await store.open(key_of(client_id, asset_id, "thumb"))
    except NotFound:
        return None
    return b"".join([part async for part in opened.read(0, opened.size)])


def _headers(request: Request, served: Served, rendition: str) -> dict[str, str]:
    headers = {
        **_KEPT,
        "content-type": served.type if rendition == ORIGINAL else "image/webp",
        "etag": f'"{served.digest[:32]}-{rendition}"',
    }
    if "download" in request.query_params:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(served.name)}"
    return headers


def _asked_range(request: Request, etag: str) -> tuple[str, str] | None:
    """The first and last byte as asked for; one of them may be empty.

    None is the whole file: also for several ranges at once, and for what remains of another one.
    """
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if not asked or request.headers.get("if-range", etag) != etag:
        return None
    first, last = asked.groups()
    return (first, last) if first or last else None


def _range(asked: tuple[str, str], size: int) -> tuple[int, int]:
    """From where up to where; empty where the file is shorter."""
    first, last = asked
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def _name(request: Request) -> str:
    given = request.headers.get("x-file-name", "") or request.query_params.get("name", "")
    return unquote(given[:2000], errors="replace").replace("\0", "")


_FULL: Final = frozenset({28, 122})
"""ENOSPC, EDQUOT."""
