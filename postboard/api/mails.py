"""Which mails somebody gets: ending a kind by the link in each of them, and choosing for all.

Opening the link shows a page with a button; mail programs that know RFC 8058 post to it at once.
The page of all settings opens by the same link, and for whoever is signed in without any.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api import link_page
from postboard.api.answers import Desk, form_of, kept_by_nobody, language_of, now, see_other
from postboard.api.links import HOME, page
from postboard.domain.errors import BadInput, Refused
from postboard.domain.permissions import Actor
from postboard.domain.tasks import How
from postboard.locale import language_from_cookie
from postboard.locale.languages import COOKIE
from postboard.services import preferences
from postboard.services.preferences import NAMES, Wishes

SETTINGS: Final = "/mail/settings"
YEAR_S: Final = 31_536_000


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/mail/stop/{token}", partial(_ask, desk), methods=["GET"]),
        Route("/mail/stop/{token}", partial(_stop, desk), methods=["POST"]),
        *(
            Route(path, partial(door, desk), methods=[method])
            for path in (SETTINGS, f"{SETTINGS}/{{token}}")
            for method, door in (("GET", _show), ("POST", _change))
        ),
    ]


async def _ask(desk: Desk, request: Request) -> Response:
    if request.method == "HEAD":
        return Response(status_code=204, headers=kept_by_nobody("no-referrer"))
    token, language = request.path_params["token"], language_of(request)
    try:
        kinds = await desk.read(lambda session: preferences.stops(session, token, now()))
    except Refused as ended:
        return page(link_page.saying(language, ended), ended.status)
    named = [NAMES[kind] for kind in kinds]
    return page(link_page.stopping(language, named, f"{SETTINGS}/{token}"))


async def _stop(desk: Desk, request: Request) -> Response:
    token, language = request.path_params["token"], language_of(request)
    try:
        kinds = await desk.write(lambda session: preferences.stop(session, token, now=now()))
    except Refused as ended:
        return page(link_page.saying(language, ended), ended.status)
    named = [NAMES[kind] for kind in kinds]
    return page(link_page.stopped(language, named, f"{SETTINGS}/{token}"))


async def _show(desk: Desk, request: Request) -> Response:
    try:
        actor = await _person(desk, request)
        wishes = await desk.read(lambda session: preferences.wishes(session, actor))
    except Refused as ended:
        return page(link_page.saying(language_of(request), ended), ended.status)
    language = language_from_cookie(f"{COOKIE}={wishes.language}")
    saved, by_mail = "saved" in request.query_params, "token" in request.path_params
    back = "" if by_mail else HOME
    return page(link_page.settings(language, wishes, saved=saved, back=back))


async def _change(desk: Desk, request: Request) -> Response:
    try:
        actor = await _person(desk, request)
        form = await form_of(request)
        before = await desk.read(lambda session: preferences.wishes(session, actor))
        wanted = _wanted(before, form)
        await desk.write(lambda session: preferences.change(session, actor, wanted, now=now()))
    except Refused as no:
        return page(link_page.saying(language_of(request), no), no.status)
    answer = see_other(f"{request.url.path}?saved")
    answer.set_cookie(COOKIE, wanted.language, max_age=YEAR_S, samesite="lax")
    return answer


async def _person(desk: Desk, request: Request) -> Actor:
    token = request.path_params.get("token")
    if token is None:
        return await desk.actor(request)
    return await desk.read(lambda session: preferences.by_link(session, token, now()))


def _wanted(before: Wishes, form: Mapping[str, str]) -> Wishes:
    """What the form says; what it leaves out stays.

    Raises:
        BadInput: it names no way, or no hour.
    """
    try:
        hour = int(form["hour"]) if "hour" in form else None
        chosen = [
            replace(
                one,
                how=How(form.get(one.kind.value, one.how.value)),
                hour=one.hour if hour is None else hour,
            )
            for one in before.chosen
        ]
    except ValueError:
        raise BadInput from None
    language, zone = form.get("language", before.language), form.get("zone", before.zone)
    return Wishes(chosen, language, zone)
