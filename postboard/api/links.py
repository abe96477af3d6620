"""Links that sign in.

Opening one decides nothing: programs that scan mail open links too. A link for one use shows a
page with a button; a reviewer's link, good for many visits, goes straight to the review. Whoever
is signed in as somebody else is asked first: any page can lead a browser to a link.
"""

from functools import partial
from typing import Final

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from postboard.api import link_page
from postboard.api.answers import Desk, kept_by_nobody, language_of, language_wished, now
from postboard.domain.errors import Refused
from postboard.locale import Language
from postboard.services import preferences, sign_in, sign_in_links

REVIEW: Final = "/review/"
HOME: Final = "/"


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/link/{token}", partial(_open, desk), methods=["GET"]),
        Route("/link/{token}", partial(_follow, desk), methods=["POST"]),
    ]


async def _open(desk: Desk, request: Request) -> Response:
    if _looks_ahead(request):
        return Response(status_code=204, headers=kept_by_nobody("no-referrer"))
    link, own = request.path_params["token"], desk.token(request)

    def look(session: Session) -> tuple[bool, str, str]:
        single_use = sign_in_links.is_single_use(session, link, now=now())
        person_id, name = sign_in_links.is_for(session, link, now=now())
        here = sign_in.signed_in(session, own, now=now()) if own else None
        other = here and (here.actor.is_staff or here.actor.user_id != person_id)
        return single_use, here.actor.name if here and other else "", name

    try:
        single_use, signed_in_as, name = await desk.read(look)
        if single_use or signed_in_as:
            return page(link_page.asking(language_of(request), signed_in_as, name))
        # In which language the reader wants mail, the page asks their browser, not a scanner's.
        return await _enter(desk, request, None)
    except Refused as ended:
        return page(link_page.saying(language_of(request), ended), ended.status)


def _looks_ahead(request: Request) -> bool:
    """Nobody reads the answer: a scanner, a preview, or a picture or frame of another page."""
    headers = request.headers
    return (
        request.method == "HEAD"
        or "prefetch" in headers.get("sec-purpose", "")
        or headers.get("sec-fetch-dest", "document") != "document"
    )


async def _follow(desk: Desk, request: Request) -> Response:
    try:
        return await _enter(desk, request, language_wished(request))
    except Refused as ended:
        return page(link_page.saying(language_of(request), ended), ended.status)


async def _enter(desk: Desk, request: Request, language: Language | None) -> Response:
    link = request.path_params["token"]

    def follow(session: Session) -> tuple[str, bool]:
        opened, for_review = sign_in_links.follow(session, link, now=now())
        preferences.greet(session, opened, language, now=now())
        return opened, for_review

    token, for_review = await desk.write(follow)
    return desk.signed_in(token, REVIEW if for_review else HOME)


def page(html: str, status: int = 200) -> Response:
    """A page that stands alone, kept by nobody and found by no search."""
    # With no-referrer a browser would hide from us that the form is our own.
    headers = kept_by_nobody("strict-origin") | {
        "content-security-policy": link_page.POLICY,
        "x-robots-tag": "noindex",
    }
    return HTMLResponse(html, status, headers)
