"""The plan to take along, for its staff and for its client: CSV, XLSX and PDF."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, kept_by_nobody, language_of, now, refusal
from postboard.db.queries import plan_export as query
from postboard.db.queries.plan_export import PlanRow, Wanted
from postboard.db.queries.post_filters import SEARCH_MAX, Due, Filters
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.locale import LANGUAGES, Language, say
from postboard.services import plan_export

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_WRITING: Final = asyncio.Semaphore(1)
"""Setting pages keeps a core busy for a while: the others shall not all wait for it."""
_WAITING: Final[Counter[UUID | None]] = Counter()
_WAITING_MAX: Final = 3
"""Of one person: a file in each form at once."""
_STATES_MAX: Final = len(State)


class Busy(Refused):
    status = 429
    sentence = "Your last exports are still being written. Wait until they are there."


def routes(desk: Desk) -> list[Route]:
    return [Route("/exports/plan.{kind}", partial(_plan, desk), methods=["GET"])]


async def _plan(desk: Desk, request: Request) -> Response:
    """Narrowed as the board's address is; `from` and `until` are days, `states` are parted by
    commas, and `?language=` overrules the reader's own.
    """
    kind, at = request.path_params["kind"], now()
    known: dict[str, Language] = {one: one for one in LANGUAGES}
    language = known.get(request.query_params.get("language", ""), language_of(request))
    try:
        if kind not in _TYPES:
            raise NotFound
        actor = await desk.actor(request)
        wanted = wanted_of(request.query_params)
        # Read in turn too: whoever asks many times shall not fill the memory with plans.
        async with _turn(actor):
            rows = await desk.read(_task(actor, wanted, at))
            content = await asyncio.to_thread(
                _writer(desk, rows, actor, wanted, kind, language, at)
            )
    except Refused as refused:
        return _said(refused, language) if _is_visit(request) else refusal(refused)
    name = plan_export.file_name(rows, wanted.since, wanted.until, kind)
    headers = kept_by_nobody("no-referrer") | {
        "content-disposition": f'attachment; filename="{name}"',
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=_TYPES[kind], headers=headers)


@asynccontextmanager
async def _turn(actor: Actor) -> AsyncGenerator[None]:
    """One export after the other, and of one person only a few that wait.

    Raises:
        Busy: theirs wait already.
    """
    if _WAITING[actor.user_id] >= _WAITING_MAX:
        raise Busy
    _WAITING[actor.user_id] += 1
    try:
        async with _WRITING:
            yield
    finally:
        _WAITING[actor.user_id] -= 1
        if not _WAITING[actor.user_id]:
            del _WAITING[actor.user_id]


def _writer(
    desk: Desk,
    rows: list[PlanRow],
    actor: Actor,
    wanted: Wanted,
    kind: str,
    language: Language,
    at: datetime,
) -> Callable[[], bytes]:
    base_url, of_client = desk.settings.base_url, query.is_of_client(actor)

    def write() -> bytes:
        if kind == "csv":
            return plan_export.as_csv(rows, language, base_url, of_client=of_client)
        if kind == "xlsx":
            return plan_export.as_xlsx(rows, language, base_url, of_client=of_client)
        from postboard.services.plan_pdf import as_pdf

        days = {"since": wanted.since, "until": wanted.until}
        return as_pdf(rows, language, of_client=of_client, **days, now=at)

    return write


def _is_visit(request: Request) -> bool:
    """Whether a person's browser shows the answer as a page."""
    return request.headers.get("sec-fetch-mode") == "navigate"


def _said(refused: Refused, language: Language) -> Response:
    return PlainTextResponse(say(refused, language), refused.status, kept_by_nobody("no-referrer"))


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """Raises BadInput for a day or a state that there is not."""
    short = {name: value[:SEARCH_MAX] for name, value in asked.items()}
    network, due = short.get("network", ""), short.get("due", "")
    filters = Filters(
        client=short.get("client", ""),
        person=short.get("person", ""),
        campaign=short.get("campaign", ""),
        text=short.get("text", ""),
        network=network if network in NETWORKS else "",
        due=due if due in set(Due) else "",
        cancelled=short.get("cancelled") == "yes",
    )
    named = asked.get("states", "").split(",")[:_STATES_MAX]
    since, until = _day(asked.get("from", "")), _day(asked.get("until", ""))
    if since and until and until < since:
        raise BadInput("The last day is before the first one.")
    return Wanted(filters, since, until, tuple(_state(name) for name in named if name))


def _task(actor: Actor, wanted: Wanted, at: datetime) -> Callable[[Session], list[PlanRow]]:
    return lambda session: query.plan(session, actor, wanted, now=at)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("A day is written like 2026-11-30.") from None
    if day and day.year not in range(2000, 2101):
        raise BadInput("A day is written like 2026-11-30.")
    return day


def _state(name: str) -> State:
    try:
        return State(name)
    except ValueError:
        raise BadInput from None
