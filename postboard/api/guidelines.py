"""A guideline to download, for its readers: Markdown to read anywhere, JSON to keep."""

import re
from functools import partial
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, kept_by_nobody, language_of, refusal
from postboard.domain.errors import NotFound, Refused
from postboard.services import guideline_files

AGENCY: Final = "agency"
DRAFT: Final = "draft"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/guidelines/{owner}/{number}.md", partial(_markdown, desk), methods=["GET"]),
        Route("/guidelines/{owner}/{number}.json", partial(_json, desk), methods=["GET"]),
    ]


async def _markdown(desk: Desk, request: Request) -> Response:
    language = language_of(request)
    try:
        client_id, number = _asked(request)
        actor = await desk.actor(request)
        text = await desk.read(
            lambda session: guideline_files.as_markdown(session, actor, client_id, number, language)
        )
    except Refused as refused:
        return refusal(refused)
    return Response(text, media_type="text/markdown; charset=utf-8", headers=_headers("md"))


async def _json(desk: Desk, request: Request) -> Response:
    try:
        client_id, number = _asked(request)
        actor = await desk.actor(request)
        told = await desk.read(
            lambda session: guideline_files.as_json(session, actor, client_id, number)
        )
    except Refused as refused:
        return refusal(refused)
    return JSONResponse(told, headers=_headers("json"))


def _asked(request: Request) -> tuple[UUID | None, int | None]:
    """Whose, and which version; the draft has no number.

    Raises:
        NotFound: the address names neither.
    """
    owner, number = request.path_params["owner"], request.path_params["number"]
    try:
        client_id = None if owner == AGENCY else UUID(owner)
    except ValueError:
        raise NotFound from None
    if number != DRAFT and not _NUMBER.fullmatch(number):
        raise NotFound
    return client_id, None if number == DRAFT else int(number)


def _headers(kind: str) -> dict[str, str]:
    return kept_by_nobody("no-referrer") | {
        "content-disposition": f'attachment; filename="guideline.{kind}"',
        "x-content-type-options": "nosniff",
    }
