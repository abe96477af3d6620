"""An agreement to download, by either side: as Markdown and as JSON. Nothing is answered here."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, id_in_path, kept_by_nobody, language_of, refusal
from postboard.domain.errors import Refused
from postboard.locale import LANGUAGES, Language
from postboard.services import contract_export
from postboard.services.contract_export import Paper


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/agreements/{version_id}.md", partial(_markdown, desk), methods=["GET"]),
        Route("/agreements/{version_id}.json", partial(_json, desk), methods=["GET"]),
    ]


async def _markdown(desk: Desk, request: Request) -> Response:
    """`?language=` overrules the reader's own."""
    try:
        paper = await _paper(desk, request)
    except Refused as refused:
        return refusal(refused)
    known: dict[str, Language] = {one: one for one in LANGUAGES}
    language = known.get(request.query_params.get("language", ""), language_of(request))
    written = contract_export.to_markdown(paper, language)
    return PlainTextResponse(
        written, headers=_headers(paper, "md"), media_type="text/markdown; charset=utf-8"
    )


async def _json(desk: Desk, request: Request) -> Response:
    try:
        paper = await _paper(desk, request)
    except Refused as refused:
        return refusal(refused)
    return JSONResponse(contract_export.to_json(paper), headers=_headers(paper, "json"))


async def _paper(desk: Desk, request: Request) -> Paper:
    version_id = id_in_path(request, "version_id")
    actor = await desk.actor(request)
    return await desk.read(lambda session: contract_export.paper(session, actor, version_id))


def _headers(paper: Paper, kind: str) -> dict[str, str]:
    return kept_by_nobody("no-referrer") | {
        "content-disposition": f'attachment; filename="{paper.name}.{kind}"',
        "x-content-type-options": "nosniff",
    }
