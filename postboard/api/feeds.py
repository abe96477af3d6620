"""The plan as an iCalendar feed: whoever has the address reads it, until its owner ends it."""

import asyncio
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api.answers import Desk, kept_by_nobody, now, refusal
from postboard.domain.errors import Refused
from postboard.services import feeds

_WRITING: Final = asyncio.Semaphore(1)


def routes(desk: Desk) -> list[Route]:
    return [Route("/feeds/{token}.ics", partial(_feed, desk), methods=["GET"])]


async def _feed(desk: Desk, request: Request) -> Response:
    token, at = request.path_params["token"], now()
    base_url = desk.settings.base_url
    try:
        shown = await desk.read(lambda session: feeds.read(session, token, now=at))
    except Refused as refused:
        return refusal(refused)
    await desk.write(lambda session: feeds.note_use(session, token, now=at))
    # A year of posts takes a while to write out: not where everybody waits, nor many at once.
    async with _WRITING:
        content = await asyncio.to_thread(feeds.as_icalendar, shown, base_url, now=at)
    headers = kept_by_nobody("no-referrer") | {"x-content-type-options": "nosniff"}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
