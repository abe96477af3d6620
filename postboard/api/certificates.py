"""The certificate of an approval to download: as JSON and as PDF, both signed."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from postboard.api.answers import Desk, id_in_path, kept_by_nobody, language_of, refusal
from postboard.domain.errors import Refused
from postboard.locale import LANGUAGES, Language
from postboard.services import certificates
from postboard.services.certificates import Certificate
from postboard.services.sealing import Signer, sealed, signer_in

Writing = Callable[[Certificate, Signer], bytes]
_WRITING: Final = asyncio.Semaphore(1)
"""Setting pages keeps a core busy for a while: the others shall not all wait for it."""


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/posts/{post_id}/certificate.json", partial(_json, desk), methods=["GET"]),
        Route("/posts/{post_id}/certificate.pdf", partial(_pdf, desk), methods=["GET"]),
    ]


async def _json(desk: Desk, request: Request) -> Response:
    return await _answer(desk, request, "json", lambda one, signer: sealed(one.content, signer))


async def _pdf(desk: Desk, request: Request) -> Response:
    """`?language=` overrules the reader's own."""
    known: dict[str, Language] = {one: one for one in LANGUAGES}
    language = known.get(request.query_params.get("language", ""), language_of(request))

    def pages(one: Certificate, signer: Signer) -> bytes:
        from postboard.services.certificate_pdf import render

        return render(one.content, signer, language)

    return await _answer(desk, request, "pdf", pages)


async def _answer(desk: Desk, request: Request, kind: str, write: Writing) -> Response:
    settings = desk.settings
    try:
        post_id = id_in_path(request, "post_id")
        actor = await desk.actor(request)
        found = await desk.read(lambda session: certificates.certificate(session, actor, post_id))
        signer = await asyncio.to_thread(
            signer_in, settings.signing_key_file, may_make=settings.given_signing_key is None
        )
    except Refused as refused:
        return refusal(refused)
    async with _WRITING:
        content = await asyncio.to_thread(write, found, signer)
    headers = kept_by_nobody("no-referrer") | {
        "content-disposition": f'attachment; filename="{found.name}.{kind}"',
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=f"application/{kind}", headers=headers)
