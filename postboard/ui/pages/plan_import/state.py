"""What the import page knows and can do."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import board as board_query
from postboard.db.queries.board import Choice, stamp
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import PERMISSIONS, Actor, Permission, Role
from postboard.imports.plan import PlannedPost, SkippedRow
from postboard.services import plan_import
from postboard.services.plan_import import Imported, Preview
from postboard.services.uploads import Uploads
from postboard.ui.guard import allow, answer
from postboard.ui.session import Page, now, toast

SHOWN_ROWS: Final = 100
TEXT_MAX: Final = 160
LOOK_EVERY_S: Final = 0.25
IMPORTERS: Final = tuple(r for r in Role if Permission.IMPORT_PLAN in PERMISSIONS[r])


@dataclass(frozen=True)
class PlannedRow:
    row: int
    text: str
    planned_at: str
    networks: list[str]
    update: bool


@dataclass(frozen=True)
class LeftOut:
    row: int
    message_id: str
    facts: dict[str, str]


@dataclass(frozen=True)
class Shown:
    """The preview as the page shows it: counts, and the first rows of each list."""

    client: str = ""
    client_key: str = ""
    zone: str = ""
    filename: str = ""
    layout: str = ""
    new: int = 0
    updated: int = 0
    skipped: int = 0
    rows: list[PlannedRow] = field(default_factory=list[PlannedRow])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    warnings: list[LeftOut] = field(default_factory=list[LeftOut])


class PlanImport(Page, rx.State):
    clients: list[Choice] = []
    client: str = ""
    networks: list[str] = []
    upload: str = ""
    filename: str = ""
    reading: bool = False
    shown: Shown | None = None
    refusal: LeftOut | None = None
    running: bool = False
    done: int = 0
    finished: bool = False
    created: int = 0
    changed: int = 0

    @rx.event
    @allow(*IMPORTERS)
    async def load(self):
        self.clients = await self._read(_clients)
        chosen = self.router.url.query_parameters.get("client", "")
        if chosen in {choice.value for choice in self.clients}:
            self.client = chosen
        elif len(self.clients) == 1:
            self.client = self.clients[0].value

    @rx.event
    @allow(*IMPORTERS)
    async def choose_client(self, client: str):
        self.client = client
        if self.upload:
            return PlanImport.look
        return None

    @rx.event
    @allow(*IMPORTERS)
    async def choose_network(self, network: str):
        """Networks for posts whose rows name none."""
        if network not in NETWORKS:
            raise NotFound
        rest = [name for name in self.networks if name != network]
        self.networks = rest if network in self.networks else [*rest, network]
        if self.upload and self.client:
            return PlanImport.look
        return None

    @rx.event
    @allow(*IMPORTERS)
    async def take(self, upload: str, filename: str):
        """A file has arrived at our own route."""
        self.upload, self.filename = upload, filename[-200:]
        self.shown, self.refusal, self.finished = None, None, False
        if self.client:
            return PlanImport.look
        return None

    @rx.event
    @allow(*IMPORTERS)
    async def refuse(self, sentence: str):
        """The route's own words, said in the page's corner."""
        return toast(sentence[:500], "refused")

    @rx.event
    @allow(*IMPORTERS)
    async def look(self):
        """Read the file and show what importing it would do; nothing is written."""
        self.reading, self.finished = True, False
        self.shown, self.refusal = None, None
        yield
        try:
            self.shown = _shown(await self._preview(), self.client)
        except Refused as refused:
            self.refusal = LeftOut(0, refused.message_id, _texts(refused.facts))
        self.reading = False

    @rx.event
    @allow(*IMPORTERS)
    async def start_over(self):
        self._forget()

    @rx.event(background=True)
    @allow(*IMPORTERS)
    async def commit(self):
        """Write in batches, in a thread; the page counts along and may be left."""
        async with self:
            if self.running or not self.upload:
                return
            self.running, self.done = True, 0
        try:
            imported = await self._import()
        except Refused as refused:
            yield answer(refused)
        else:
            async with self:
                self.created, self.changed = imported.created, imported.updated
                self.finished, self.shown, self.upload = True, None, ""
        finally:
            async with self:
                self.running = False

    async def _preview(self) -> Preview:
        actor = (await self._signed_in()).actor
        content = await asyncio.to_thread(_uploads().read, _owner(actor), self.upload)
        if not self.client:
            raise BadInput("Choose the client whose plan this is.")
        return await self._read(
            plan_import.preview,
            self.client,
            self.filename,
            content,
            default_networks=tuple(self.networks),
        )

    async def _import(self) -> Imported:
        """Reads the file again: what came in meanwhile is seen, and no plan waits in memory."""
        actor = (await self._signed_in()).actor
        seen = await self._preview()
        rows = [0]

        def count(done: int) -> None:
            rows[0] = done

        task = asyncio.create_task(
            asyncio.to_thread(
                plan_import.commit, self._database(), actor, seen, now=now(), progress=count
            )
        )
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK_EVERY_S)
            async with self:
                self.done = rows[0]
        return task.result()

    def _forget(self) -> None:
        self.upload = self.filename = ""
        self.shown, self.refusal, self.finished, self.done = None, None, False, 0


class _Place:
    uploads: Uploads | None = None


def use(folder: Path) -> Uploads:
    """Say, once at composition, where uploads lie."""
    _Place.uploads = Uploads(folder)
    return _Place.uploads


def _uploads() -> Uploads:
    if _Place.uploads is None:
        raise RuntimeError("plan_import.state.use(folder) has not been called")
    return _Place.uploads


def _owner(actor: Actor) -> Any:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id


def _clients(session: Session, actor: Actor) -> list[Choice]:
    return [
        Choice(client.key, client.name)
        for client in board_query.clients(session, actor)
        if actor.may(Permission.IMPORT_PLAN, client.id)
    ]


def _shown(seen: Preview, client_key: str) -> Shown:
    updates = [update.planned for update in seen.updated]
    rows = [_row(p, update=False) for p in seen.new[:SHOWN_ROWS]]
    rows += [_row(p, update=True) for p in updates[:SHOWN_ROWS]]
    return Shown(
        client=seen.client,
        client_key=client_key,
        zone=seen.zone,
        filename=seen.filename,
        layout=seen.layout,
        new=len(seen.new),
        updated=len(seen.updated),
        skipped=len(seen.skipped),
        rows=sorted(rows, key=lambda row: row.row)[:SHOWN_ROWS],
        left_out=[_left_out(row) for row in seen.skipped[:SHOWN_ROWS]],
        warnings=[
            LeftOut(0, warning.message_id, _texts(warning.facts)) for warning in seen.warnings
        ],
    )


def _row(planned: PlannedPost, *, update: bool) -> PlannedRow:
    return PlannedRow(
        row=planned.row,
        text=" ".join((planned.title or planned.caption).split())[:TEXT_MAX],
        planned_at=stamp(planned.planned_at),
        networks=list(planned.networks),
        update=update,
    )


def _left_out(row: SkippedRow) -> LeftOut:
    return LeftOut(row.row, row.message_id, _texts(row.facts))


def _texts(facts: Any) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}
