"""The bare address: everybody is sent where they belong before any page is loaded."""

from functools import partial
from typing import Final

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api.answers import Desk, now, see_other
from postboard.services import sign_in

BOARD: Final = "/board/"
REVIEW: Final = "/review/"
SIGN_IN: Final = "/sign-in/"
SET_UP: Final = "/set-up/"


def routes(desk: Desk) -> list[Route]:
    return [Route("/", partial(_home, desk), methods=["GET"])]


async def _home(desk: Desk, request: Request) -> Response:
    token = desk.token(request)

    def place(session: Session) -> str:
        here = sign_in.signed_in(session, token, now=now()) if token else None
        if here is not None:
            return BOARD if here.actor.is_staff else REVIEW
        return SET_UP if sign_in.is_empty(session) else SIGN_IN

    return see_other(await desk.read(place))
