"""A post's whole record to download, for its staff: as JSON to keep, as PDF to read."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, id_in_path, kept_by_nobody, language_of, now, refusal
from postboard.db.queries import history
from postboard.db.queries.history import Line
from postboard.domain.content import words_from_json
from postboard.domain.errors import Refused
from postboard.domain.permissions import Actor
from postboard.locale import LANGUAGES, Language
from postboard.services import records
from postboard.services.records import Record

T = TypeVar("T")

Pictures = Callable[[UUID, UUID], Awaitable[bytes | None]]
"""A client's id and a file's -> a small picture of it, if there is one."""

_PRINTING: Final = asyncio.Semaphore(1)
"""Setting pages keeps a core busy for a while: the others shall not all wait for it."""
_EVERY_LINE: Final = 1_000_000


async def no_pictures(_client_id: UUID, _asset_id: UUID) -> bytes | None:
    return None


def routes(desk: Desk, pictures: Pictures = no_pictures) -> list[Route]:
    return [
        Route("/posts/{post_id}/record.json", partial(_json, desk), methods=["GET"]),
        Route("/posts/{post_id}/record.pdf", partial(_pdf, desk, pictures), methods=["GET"]),
    ]


async def _json(desk: Desk, request: Request) -> Response:
    try:
        record = await _read(desk, request, _record)
    except Refused as refused:
        return refusal(refused)
    # A long record takes a while to write out: not where everybody waits.
    return await asyncio.to_thread(
        lambda: JSONResponse(record.as_json(), headers=_headers(record, "json"))
    )


async def _pdf(desk: Desk, pictures: Pictures, request: Request) -> Response:
    """`?language=` overrules the reader's own."""
    try:
        record, lines = await _read(desk, request, _printed)
    except Refused as refused:
        return refusal(refused)
    known: dict[str, Language] = {one: one for one in LANGUAGES}
    language = known.get(request.query_params.get("language", ""), language_of(request))
    shown = await _pictures_in(record, pictures)

    def render() -> bytes:
        from postboard.services.record_pdf import render as pages

        return pages(record, lines, language, lambda media: shown.get(media.asset))

    async with _PRINTING:
        content = await asyncio.to_thread(render)
    return Response(content, media_type="application/pdf", headers=_headers(record, "pdf"))


async def _read(desk: Desk, request: Request, task: Callable[[Session, Actor, UUID], T]) -> T:
    """What the task finds for who asks.

    Raises:
        NotFound: there is nothing of theirs at this address.
    """
    post_id = id_in_path(request, "post_id")
    actor = await desk.actor(request)
    return await desk.read(lambda session: task(session, actor, post_id))


def _record(session: Session, actor: Actor, post_id: UUID) -> Record:
    return records.record(session, actor, post_id, now=now())


def _printed(session: Session, actor: Actor, post_id: UUID) -> tuple[Record, list[Line]]:
    told = history.timeline(session, actor, post_id, _EVERY_LINE)
    return _record(session, actor, post_id), told.lines


async def _pictures_in(record: Record, pictures: Pictures) -> dict[str, bytes]:
    """Of what stands there now, by the file's id."""
    current = next(one for one in record.revisions if one.number == record.post.revision)
    client_id = UUID(record.client.id)
    found: dict[str, bytes] = {}
    for asset in {media.asset for media in words_from_json(current.words).media if media.asset}:
        picture = await pictures(client_id, UUID(asset))
        if picture is not None:
            found[asset] = picture
    return found


def _headers(record: Record, kind: str) -> dict[str, str]:
    name = f"{record.post.key}.{kind}"
    return kept_by_nobody("no-referrer") | {
        "content-disposition": f'attachment; filename="{name}"',
        "x-content-type-options": "nosniff",
    }
