"""What the page knows and can do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import linking, measured
from postboard.db.queries.measured import ImportSeen
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import Actor, Permission, roles_with
from postboard.services import metric_files, metrics_import, metrics_undo
from postboard.services.metric_choices import NOTHING_SAID, Said
from postboard.services.metric_files import NAME_MAX, Given
from postboard.services.metric_preview import Preview
from postboard.services.metrics_import import Imported
from postboard.ui.components.importing import Importing, Remark, remark
from postboard.ui.guard import allow, answer
from postboard.ui.pages.performance_import.shown import (
    Asked,
    OutsideShown,
    PastImport,
    Shown,
    asked,
    outside,
    past,
    shown,
)
from postboard.ui.session import now, toast
from postboard.ui.uploads import owner_of, uploads

IMPORTERS: Final = roles_with(Permission.IMPORT_METRICS)
ROWS_MAX: Final = 500


class PerformanceImport(Importing, rx.State):
    accounts: list[str] = []
    questions: list[Asked] = []
    account: str = ""
    network: str = ""
    zone: str = ""
    order: str = ""
    year: str = ""
    captured: str = ""
    replies: bool = True
    remembered: bool = False
    shown: Shown | None = None
    refusal: Remark | None = None
    wrong_column: str = ""
    """The header of which was said what cannot be, and why in `wrong`."""
    wrong: Remark | None = None
    confirmed: list[int] = []
    again: bool = False
    new: int = 0
    updated: int = 0
    skipped: int = 0
    outside: list[OutsideShown] = []
    """Of the import that has just come in, what no link tells to be ours."""
    more_outside: bool = False
    imports: list[PastImport] = []
    undoing: str = ""
    """The import whose undoing is asked about."""
    undone: int = -1
    """How many figures went so far, while one is undone."""
    _said: Said = NOTHING_SAID
    _came_in: UUID | None = None

    @rx.event
    @allow(*IMPORTERS)
    async def load(self):
        await self._list_clients(Permission.IMPORT_METRICS)
        await self._tell()

    @rx.event
    @allow(*IMPORTERS)
    async def choose_client(self, client: str):
        self.client = client if client in {choice.value for choice in self.clients} else ""
        self._forget_answers()
        await self._tell()
        return self._look_again()

    @rx.event
    @allow(*IMPORTERS)
    async def take(self, upload: str, filename: str):
        """A file has arrived at our own route."""
        self._forget()
        self.upload, self.filename = upload[:NAME_MAX], filename[-NAME_MAX:]
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
            self.shown, self.refusal = None, remark(refused)
        else:
            self._show(seen)
        self.reading = False

    @rx.event
    @allow(*IMPORTERS)
    async def take_account(self, account: str):
        """Say whose figures they are, where the file does not."""
        return self._say(account=account)

    @rx.event
    @allow(*IMPORTERS)
    async def take_network(self, network: str):
        """Say of which network they are."""
        return self._say(network=network)

    @rx.event
    @allow(*IMPORTERS)
    async def take_zone(self, zone: str):
        """Say on which clock its times are."""
        return self._say(zone=zone)

    @rx.event
    @allow(*IMPORTERS)
    async def take_order(self, order: str):
        """Say how 03/04/2026 is meant."""
        return self._say(order=order)

    @rx.event
    @allow(*IMPORTERS)
    async def take_year(self, year: str):
        """Say the year of the last row; one half typed says nothing yet."""
        if len(year) != 4 or not (year.isascii() and year.isdigit()):  # noqa: PLR2004 - 2026
            return None
        return self._say(year=int(year))

    @rx.event
    @allow(*IMPORTERS)
    async def take_captured(self, day: str):
        """Say when it was exported, if not today."""
        return self._say(captured_on=_day(day))

    @rx.event
    @allow(*IMPORTERS)
    async def take_replies(self, replies: bool):
        """Say whether answers to others count as posts."""
        return self._say(replies=replies)

    @rx.event
    @allow(*IMPORTERS)
    async def take_column(self, header: str, metric: str):
        """Say what a column counts that is not known; "" is to keep it as it is."""
        if not self._may_look():
            return
        before = self._said
        columns = {**before.columns, header: metric}
        self.reading, self.wrong_column, self.wrong = True, "", None
        yield
        try:
            self._said = replace(before, columns=columns).checked()
            seen = await self._look()
        except Refused as refused:
            self._said = before
            self.wrong_column, self.wrong = header, remark(refused)
        else:
            self.confirmed = []
            self._show(seen)
        self.reading = False

    @rx.event
    @allow(*IMPORTERS)
    async def confirm(self, row: int, is_it: bool):
        """Say that a row is the post of ours that was suggested."""
        rest = [one for one in self.confirmed if one != row][:ROWS_MAX]
        self.confirmed = [*rest, row] if is_it else rest

    @rx.event
    @allow(*IMPORTERS)
    async def confirm_all(self):
        """Every suggestion that is shown."""
        self.confirmed = [one.row for one in self.shown.suggested] if self.shown else []

    @rx.event
    @allow(*IMPORTERS)
    async def count_again(self, again: bool):
        """Let a file count that came in before."""
        self.again = again

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
                self._forget()
                self.finished, self.new, self.updated = True, imported.new, imported.updated
                self.skipped, self._came_in = imported.skipped, imported.import_id
        finally:
            async with self:
                self.running = False
                await self._tell()

    @rx.event
    @allow(*IMPORTERS)
    async def linked(self):
        """Somebody may have said which post of ours one of the outside posts is."""
        await self._tell_outside()

    @rx.event
    @allow(*IMPORTERS)
    async def ask_undo(self, import_id: str):
        """Say what undoing takes away first; "" is not to."""
        self.undoing = import_id if import_id in {one.id for one in self.imports} else ""

    @rx.event(background=True)
    @allow(*IMPORTERS)
    async def undo(self, import_id: str):
        """Take an import back, in batches, in a thread."""
        async with self:
            if self.undone >= 0:
                return
            self.undone = 0
        try:
            await self._undo(import_id)
        except Refused as refused:
            yield answer(refused)
        finally:
            async with self:
                self.undone, self.undoing = -1, ""
                await self._tell()
        if self._may_look():
            yield PerformanceImport.look

    def _say(self, **said: Any) -> Any:
        self._said = replace(self._said, **said).checked()
        self.confirmed = []
        return self._look_again()

    def _look_again(self) -> Any:
        return PerformanceImport.look if self._may_look() else None

    def _show(self, seen: Preview) -> None:
        open_now = asked(seen)
        known = {one.asks for one in self.questions}
        self.questions = [*self.questions, *(one for one in open_now if one.asks not in known)]
        said = seen.said
        self.account, self.network, self.zone = said.account, said.network, seen.zone
        self.order, self.year = said.order, str(said.year or "")
        self.captured = said.captured_on.isoformat() if said.captured_on else ""
        self.replies = said.replies is not False
        self.remembered = seen.remembered != NOTHING_SAID
        self.wrong_column, self.wrong = "", None
        self.refusal, self.shown = None, shown(seen)

    async def _look(self) -> Preview:
        actor = (await self._signed_in()).actor
        if not self.client:
            raise BadInput("Choose the client whose figures these are.")
        file = await self._given(actor)

        def look() -> Preview:
            with self._database().read() as session:
                return metrics_import.preview(session, actor, self.client, file, self._said)

        return await asyncio.to_thread(look)

    async def _given(self, actor: Actor) -> Given:
        path = uploads().find(owner_of(actor), self.upload)
        return await asyncio.to_thread(metric_files.given, path, self.filename)

    async def _import(self) -> Imported:
        actor = (await self._signed_in()).actor
        file, client, said = await self._given(actor), self.client, self._said
        choices = {"confirmed": frozenset(self.confirmed), "again": self.again}

        def work(count: Callable[[int], None]) -> Imported:
            return metrics_import.commit(
                self._database(), actor, client, file, said, clock=now, progress=count, **choices
            )

        return await self._counting(work)

    async def _undo(self, import_id: str) -> int:
        actor = (await self._signed_in()).actor
        chosen = _id(import_id)

        def work(count: Callable[[int], None]) -> int:
            return metrics_undo.undo(self._database(), actor, chosen, clock=now, progress=count)

        return await self._counting(work, "undone")

    async def _tell(self) -> None:
        """The imports there were, and the accounts they and the client name."""
        found = await self._read(_imports, self.client)
        self.imports = [past(one) for one in found]
        accounts = await self._read(measured.accounts, self.client) if self.client else []
        self.accounts = sorted({one.name for one in accounts})
        await self._tell_outside()

    async def _tell_outside(self) -> None:
        if self._came_in:
            found, self.more_outside = await self._read(linking.outside_of, self._came_in)
            self.outside = [outside(one) for one in found]

    def _forget(self) -> None:
        self.upload = self.filename = ""
        self.shown = self.refusal = None
        self.finished, self.done = False, 0
        self.outside, self.more_outside, self._came_in = [], False, None
        self._forget_answers()

    def _forget_answers(self) -> None:
        self._said = NOTHING_SAID
        self.questions, self.confirmed, self.again = [], [], False
        self.account = self.network = self.zone = self.order = self.year = self.captured = ""
        self.replies, self.remembered = True, False
        self.wrong_column, self.wrong = "", None


def _imports(session: Session, actor: Actor, client: str) -> list[ImportSeen]:
    return measured.metric_imports(session, actor, client=client, now=now())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("A day is written like 2026-11-30.") from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
