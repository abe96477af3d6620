"""Ending mails of a kind, by the link in each of them.

Opening the link shows a page with a button; mail programs that know RFC 8058 post to it at once.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api import link_page
from postboard.api.answers import Desk, kept_by_nobody, language_of, now
from postboard.api.links import page
from postboard.domain.errors import Refused
from postboard.services import preferences
from postboard.services.preferences import NAMES


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/mail/stop/{token}", partial(_ask, desk), methods=["GET"]),
        Route("/mail/stop/{token}", partial(_stop, desk), methods=["POST"]),
    ]


async def _ask(desk: Desk, request: Request) -> Response:
    if request.method == "HEAD":
        return Response(status_code=204, headers=kept_by_nobody("no-referrer"))
    token, language = request.path_params["token"], language_of(request)
    try:
        kinds = await desk.read(lambda session: preferences.stops(session, token, now()))
    except Refused as ended:
        return page(link_page.saying(language, ended), ended.status)
    return page(link_page.stopping(language, [NAMES[kind] for kind in kinds]))


async def _stop(desk: Desk, request: Request) -> Response:
    token, language = request.path_params["token"], language_of(request)
    try:
        kinds = await desk.write(lambda session: preferences.stop(session, token, now=now()))
    except Refused as ended:
        return page(link_page.saying(language, ended), ended.status)
    return page(link_page.stopped(language, [NAMES[kind] for kind in kinds]))
