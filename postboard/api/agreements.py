"""To download as Markdown and JSON: an agreement, by either side, and a client’s plan of action.

Nothing is answered here.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, id_in_path, kept_by_nobody, language_of, now, refusal
from postboard.domain.errors import NotFound, Refused
from postboard.locale import LANGUAGES, Language
from postboard.services import contract_export, launch_export
from postboard.services.contract_export import Paper


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/agreements/{version_id}.md", partial(_markdown, desk), methods=["GET"]),
        Route("/agreements/{version_id}.json", partial(_json, desk), methods=["GET"]),
        Route("/clients/{client_id}/plan-of-action.{kind}", partial(_plan, desk), methods=["GET"]),
    ]


async def _markdown(desk: Desk, request: Request) -> Response:
    """`?language=` overrules the reader's own."""
    try:
        paper = await _paper(desk, request)
    except Refused as refused:
        return refusal(refused)
    return _text(contract_export.to_markdown(paper, _language(request)), paper.name)


async def _json(desk: Desk, request: Request) -> Response:
    try:
        paper = await _paper(desk, request)
    except Refused as refused:
        return refusal(refused)
    return JSONResponse(contract_export.to_json(paper), headers=_headers(paper.name, "json"))


async def _paper(desk: Desk, request: Request) -> Paper:
    version_id = id_in_path(request, "version_id")
    actor = await desk.actor(request)
    return await desk.read(lambda session: contract_export.paper(session, actor, version_id))


async def _plan(desk: Desk, request: Request) -> Response:
    """What looks after the client takes away; the client's side finds nothing."""
    kind = request.path_params["kind"]
    try:
        if kind not in {"md", "json"}:
            raise NotFound
        client_id = id_in_path(request, "client_id")
        actor = await desk.actor(request)
        plan = await desk.read(
            lambda session: launch_export.plan(session, actor, client_id, now=now())
        )
    except Refused as refused:
        return refusal(refused)
    if kind == "json":
        return JSONResponse(launch_export.to_json(plan), headers=_headers(plan.name, "json"))
    return _text(launch_export.to_markdown(plan, _language(request)), plan.name)


def _language(request: Request) -> Language:
    known: dict[str, Language] = {one: one for one in LANGUAGES}
    return known.get(request.query_params.get("language", ""), language_of(request))


def _text(written: str, name: str) -> Response:
    return PlainTextResponse(
        written, headers=_headers(name, "md"), media_type="text/markdown; charset=utf-8"
    )


def _headers(name: str, kind: str) -> dict[str, str]:
    return kept_by_nobody("no-referrer") | {
        "content-disposition": f'attachment; filename="{name}.{kind}"',
        "x-content-type-options": "nosniff",
    }
