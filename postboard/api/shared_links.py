"""A client's shared link: pick a name, write the code that was mailed there, review.

Plain pages and forms: they work without JavaScript, and opening one changes nothing.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api import link_page
from postboard.api.answers import (
    Desk,
    form_of,
    kept_by_nobody,
    language_of,
    language_wished,
    now,
    see_other,
)
from postboard.api.links import REVIEW, page
from postboard.domain.errors import NotFound, Refused, Stale
from postboard.domain.permissions import CLIENT_ROLES
from postboard.locale import N_, text
from postboard.services import preferences, shared_links, sign_in
from postboard.services.shared_links import Door

_WRONG: Final = N_(
    "This code does not fit, or its time is over. After 5 tries a new one is needed."
)


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/shared/{token}", partial(_open, desk), methods=["GET"]),
        Route("/shared/{token}", partial(_answer, desk), methods=["POST"]),
    ]


async def _open(desk: Desk, request: Request) -> Response:
    if request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", ""):
        return Response(status_code=204, headers=kept_by_nobody("no-referrer"))
    link, own = request.path_params["token"], desk.token(request)

    def look(session: Session) -> tuple[Door, bool]:
        door = shared_links.open_door(session, link, now=now())
        here = sign_in.signed_in(session, own, now=now()) if own else None
        return door, here is not None and here.actor.roles.get(door.client_id) in CLIENT_ROLES

    try:
        door, is_in = await desk.read(look)
    except Refused as ended:
        return _refused(request, ended)
    return see_other(REVIEW) if is_in else _names(request, door)


async def _answer(desk: Desk, request: Request) -> Response:
    try:
        form = await form_of(request)
        if "code" in form:
            return await _confirm(desk, request, form)
        return await _ask(desk, request, form.get("person", ""))
    except Refused as refused:
        return _refused(request, refused)


async def _ask(desk: Desk, request: Request, person: str) -> Response:
    link, language = request.path_params["token"], language_of(request)
    asked = await desk.write(
        lambda session: shared_links.ask_code(session, link, _key(person), language, now=now())
    )
    return page(link_page.code(language, asked, _key(person).hex, ""))


async def _confirm(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    asked, code, person = (form.get(name, "") for name in ("asked", "code", "person"))
    link, language = request.path_params["token"], language_of(request)
    wished = language_wished(request)

    def confirm(session: Session) -> str | None:
        opened = shared_links.confirm(session, link, asked, code, now=now())
        if opened:
            preferences.greet(session, opened, wished, now=now())
        return opened

    try:
        opened = await desk.write(confirm)
    except Stale:  # the same code at the same moment
        opened = None
    if opened:
        return desk.signed_in(opened, REVIEW)
    why = text(language).gettext(_WRONG)
    return page(link_page.code(language, asked[:100], _key(person).hex, why), 403)


def _names(request: Request, door: Door) -> Response:
    people = [(person.id.hex, person.name) for person in door.people]
    return page(link_page.names(language_of(request), door.client, people))


def _refused(request: Request, refused: Refused) -> Response:
    return page(link_page.saying(language_of(request), refused), refused.status)


def _key(person: str) -> UUID:
    try:
        return UUID(person)
    except ValueError:
        raise NotFound from None
