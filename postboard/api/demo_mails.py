"""The demo's mails, to be read by whoever sits at this machine: they hold links that sign in."""

import asyncio
from functools import partial
from ipaddress import ip_address
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from postboard.api import link_page
from postboard.api.answers import Desk, kept_by_nobody, language_of
from postboard.api.links import page
from postboard.notifications import sink

PATH: Final = "/demo/mails"
_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""Of a mail, whose styles stand in its lines."""


def routes(desk: Desk) -> list[Route]:
    """None at all outside the demo."""
    if desk.settings.demo_mails is None:
        return []
    return [
        Route(PATH, partial(_list, desk), methods=["GET"]),
        Route(f"{PATH}/{{key}}", partial(_show, desk), methods=["GET"]),
    ]


async def _list(desk: Desk, request: Request) -> Response:
    folder = desk.settings.demo_mails
    if folder is None or not _is_here(request):
        return _nothing()
    mails = await asyncio.to_thread(sink.taken, folder)
    return page(link_page.mails(language_of(request), mails, PATH))


async def _show(desk: Desk, request: Request) -> Response:
    folder = desk.settings.demo_mails
    if folder is None or not _is_here(request):
        return _nothing()
    html = await asyncio.to_thread(sink.html_of, folder, request.path_params["key"])
    if html is None:
        return _nothing()
    headers = kept_by_nobody("no-referrer") | {"content-security-policy": _POLICY}
    return HTMLResponse(html, headers=headers)


def _is_here(request: Request) -> bool:
    """Asked on this machine by this machine's own name, with no proxy between."""
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    return ip_address(request.client.host).is_loopback and request.url.hostname in _NAMES


def _nothing() -> Response:
    return Response(status_code=404, headers=kept_by_nobody("no-referrer"))
