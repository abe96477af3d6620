"""What the import page knows and can do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeVar

import reflex as rx

from postboard.db.queries.instants import stamp
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import Permission, roles_with
from postboard.imports.plan import PlannedPost
from postboard.imports.plan_choices import NOTHING_SAID, Choices, GridNotes, GridWords
from postboard.imports.plan_dates import DateOrder
from postboard.services import plan_import
from postboard.services.plan_import import Imported
from postboard.services.plan_preview import NO_OUTLINE, Look, Preview
from postboard.ui.components.importing import Importing, Remark, remark
from postboard.ui.guard import allow, answer
from postboard.ui.session import now, toast
from postboard.ui.uploads import owner_of, uploads

E = TypeVar("E", bound=Enum)

SHOWN_ROWS: Final = 100
COLUMNS_SHOWN: Final = 120
TEXT_MAX: Final = 160
IMPORTERS: Final = roles_with(Permission.IMPORT_PLAN)


@dataclass(frozen=True)
class PlannedRow:
    row: int
    text: str
    planned_at: str
    networks: list[str]
    update: bool
    cell: str = ""


@dataclass(frozen=True)
class MappedColumn:
    at: int
    name: str
    meaning: str
    example: str


@dataclass(frozen=True)
class MappedMonth:
    sheet: str
    month: str


@dataclass(frozen=True)
class Mapped:
    """How the file is taken. `asks`: something has to be said before it can come in.

    `order`, `notes` and `words` are what was said, "" for nothing yet.
    """

    is_grid: bool = False
    header: bool = True
    header_is_open: bool = False
    columns: list[MappedColumn] = field(default_factory=list[MappedColumn])
    read: int = 0
    opens: bool = False
    months: list[MappedMonth] = field(default_factory=list[MappedMonth])
    asks_order: str = ""
    order: str = ""
    asks_notes: int = 0
    notes: str = ""
    words: str = GridWords.TITLE_FIRST.value
    remembered: bool = False
    asks: bool = False


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
    left_out: list[Remark] = field(default_factory=list[Remark])
    warnings: list[Remark] = field(default_factory=list[Remark])


class PlanImport(Importing, rx.State):
    networks: list[str] = []
    shown: Shown | None = None
    mapped: Mapped | None = None
    refusal: Remark | None = None
    created: int = 0
    changed: int = 0
    _choices: Choices = NOTHING_SAID
    _recalling: bool = True

    @rx.event
    @allow(*IMPORTERS)
    async def load(self):
        await self._list_clients(Permission.IMPORT_PLAN)

    @rx.event
    @allow(*IMPORTERS)
    async def choose_client(self, client: str):
        self.client = client
        return PlanImport.look if self.upload else None

    @rx.event
    @allow(*IMPORTERS)
    async def choose_network(self, network: str):
        """Networks for posts whose rows name none."""
        if network not in NETWORKS:
            raise NotFound
        rest = [name for name in self.networks if name != network]
        self.networks = rest if network in self.networks else [*rest, network]
        return self._look_again()

    @rx.event
    @allow(*IMPORTERS)
    async def take(self, upload: str, filename: str):
        """A file has arrived at our own route."""
        self.upload, self.filename = upload, filename[-200:]
        self.shown, self.mapped, self.refusal, self.finished = None, None, None, False
        self._choices, self._recalling = NOTHING_SAID, True
        return self._look_again()

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
        yield
        try:
            seen = await self._look()
        except Refused as refused:
            self.shown = self.mapped = None
            self.refusal = remark(refused)
        else:
            no = seen.refused
            self.refusal = remark(no) if no else None
            self.shown = _shown(seen.preview, self.client) if seen.preview else None
            self.mapped = _mapped(seen) if seen.outline else None
        self.reading = False

    @rx.event
    @allow(*IMPORTERS)
    async def take_column(self, at: int, meaning: str):
        """Say what a column holds; "" is nothing that is read."""
        return self._say(Choices(columns={at: meaning}))

    @rx.event
    @allow(*IMPORTERS)
    async def take_header(self, named: bool):
        """Say whether the first row names the columns."""
        return self._say(Choices(header=named))

    @rx.event
    @allow(*IMPORTERS)
    async def take_order(self, order: str):
        """Say how 03/04/2026 is meant."""
        return self._say(Choices(order=_one_of(DateOrder, order)))

    @rx.event
    @allow(*IMPORTERS)
    async def take_words(self, words: str):
        """Say what the words in a day of a grid are."""
        return self._say(Choices(words=_one_of(GridWords, words)))

    @rx.event
    @allow(*IMPORTERS)
    async def take_notes(self, notes: str):
        """Say what the cells of a grid are that name no network."""
        return self._say(Choices(notes=_one_of(GridNotes, notes)))

    @rx.event
    @allow(*IMPORTERS)
    async def take_month(self, sheet: str, month: str):
        """Say which month a sheet draws; a month half typed says nothing yet."""
        if not month or sheet not in self._sheets():
            return None
        return self._say(Choices(months={sheet: month}))

    @rx.event
    @allow(*IMPORTERS)
    async def forget_choices(self):
        """Let the reader decide again."""
        self._choices, self._recalling = NOTHING_SAID, False
        return self._look_again()

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
                self.finished, self.shown, self.mapped, self.upload = True, None, None, ""
        finally:
            async with self:
                self.running = False

    def _sheets(self) -> set[str]:
        return {one.sheet for one in self.mapped.months} if self.mapped else set()

    def _say(self, choices: Choices) -> Any:
        self._choices = choices.checked().over(self._choices)
        return self._look_again()

    def _look_again(self) -> Any:
        return PlanImport.look if self._may_look() else None

    async def _look(self) -> Look:
        actor = (await self._signed_in()).actor
        content = await asyncio.to_thread(uploads().read, owner_of(actor), self.upload)
        if not self.client:
            raise BadInput("Choose the client whose plan this is.")
        return await self._read(
            plan_import.look,
            self.client,
            self.filename,
            content,
            default_networks=tuple(self.networks),
            choices=self._choices,
            recalling=self._recalling,
        )

    async def _import(self) -> Imported:
        """Reads the file again: what came in meanwhile is seen, and no plan waits in memory."""
        actor = (await self._signed_in()).actor
        look = await self._look()
        if look.preview is None:
            raise look.refused or NotFound
        seen = look.preview
        if seen.outline.asks:
            raise BadInput("Something has to be said first: it is marked above.")

        def work(count: Callable[[int], None]) -> Imported:
            return plan_import.commit(self._database(), actor, seen, now=now(), progress=count)

        return await self._counting(work)

    def _forget(self) -> None:
        self.upload = self.filename = ""
        self.shown, self.mapped, self.refusal = None, None, None
        self.finished, self.done = False, 0
        self._choices, self._recalling = NOTHING_SAID, True


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
        left_out=[remark(row, row.row, row.cell) for row in seen.skipped[:SHOWN_ROWS]],
        warnings=[remark(warning) for warning in seen.warnings],
    )


def _mapped(seen: Look) -> Mapped:
    outline, said = seen.outline or NO_OUTLINE, seen.choices
    columns = [MappedColumn(c.at, c.name, c.meaning, c.example) for c in outline.columns]
    read = sum(bool(column.meaning) for column in columns)
    return Mapped(
        is_grid=outline.is_grid,
        header=outline.header,
        header_is_open=outline.header_is_open,
        columns=columns[:COLUMNS_SHOWN],
        read=read,
        opens=seen.preview is None or outline.header_is_open or bool(said.columns),
        months=[MappedMonth(one.sheet, one.month) for one in outline.months],
        asks_order=outline.asks_order or (outline.example if said.order else ""),
        order=said.order.value if said.order else "",
        asks_notes=outline.asks_notes or outline.unnamed,
        notes=said.notes.value if said.notes else "",
        words=(said.words or GridWords.TITLE_FIRST).value,
        remembered=seen.remembered != NOTHING_SAID,
        asks=outline.asks,
    )


def _one_of(kind: type[E], text: str) -> E | None:
    """None where nothing is chosen."""
    if text and text not in {one.value for one in kind}:
        raise NotFound
    return kind(text) if text else None


def _row(planned: PlannedPost, *, update: bool) -> PlannedRow:
    return PlannedRow(
        row=planned.row,
        text=" ".join((planned.title or planned.caption).split())[:TEXT_MAX],
        planned_at=stamp(planned.planned_at),
        networks=list(planned.networks),
        update=update,
        cell=planned.cell,
    )
