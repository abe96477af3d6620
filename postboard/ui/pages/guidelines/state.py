"""What the guidelines' page knows and can do: reading, finding, acknowledging, comparing."""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import choices
from postboard.db.queries import guidelines as query
from postboard.db.queries.instants import stamp
from postboard.domain.guidelines import KEY_MAX
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, roles_with
from postboard.services import guideline_failing, guideline_news, guideline_pages, guidelines
from postboard.services.guideline_pages import ChangeSeen, GuidelineSeen, Hit, ToRead
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.given import text_in
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.layout import Shell
from postboard.ui.pages.guidelines.failing import FailingLine, failing_lines
from postboard.ui.session import now, toast
from postboard.ui.words import _

STAFF: Final = tuple(STAFF_ROLES)
WRITERS: Final = roles_with(Permission.WRITE_GUIDELINE)
_TO_SECTION: Final = """
setTimeout(() => document.getElementById(location.hash.slice(1))?.scrollIntoView(), 100)
"""
"""The section that the address names, once it stands there."""
_ADDRESS: Final = "[history.replaceState(history.state, '', {}), {}]"
DEMANDERS: Final = roles_with(Permission.MANAGE_CLIENT)


@dataclass(frozen=True, slots=True)
class OnShelf:
    """Whose guideline one can open; the agency's has neither id nor name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    note: str
    who: str
    at: str


@floats("comparing")
class GuidelinesPage(SaysProblems, rx.State):
    loaded: bool = False
    shelf: list[OnShelf] = []
    of: str = ""
    """Whose is open."""
    seen: GuidelineSeen | None = None
    unread: list[ToRead] = []
    versions: list[VersionLine] = []
    failing: list[FailingLine] = []
    """Open posts that do not keep what holds, for whoever may write."""
    more: int = 0
    asked: str = ""
    hits: list[Hit] = []
    changes: list[ChangeSeen] = []
    comparing: str = ""
    """What is compared, in words of numbers: "1-2"; the draft is 0."""

    @rx.event
    @allow(*STAFF)
    async def load(self):
        """The one that the address names, else the agency's."""
        self.asked, self.hits, self.comparing = "", [], ""
        self.of = str(self.router.url.query_parameters.get("of", ""))[:32]
        await self._look()
        return rx.run_script(_TO_SECTION)

    @rx.event
    @allow(*STAFF)
    async def open(self, of: str):
        return await self._open(of, "")

    @rx.event
    @allow(*STAFF)
    async def open_at(self, of: str, section: str):
        """At one of its sections."""
        return await self._open(of, section)

    @rx.event
    @allow(*STAFF)
    async def search(self, form: dict[str, Any]):
        """In all that this person may read."""
        self.asked = text_in(form, "asked")[: guideline_pages.QUERY_MAX]
        self.hits = await self._read(guideline_pages.search, self.asked)

    @rx.event
    @allow(*STAFF)
    async def acknowledge(self, number: int):
        """I have read it."""
        await self._write(guidelines.acknowledge, owner_in(self.of), number)
        await self._look()
        return [toast(_("Noted: you have read it.")), Shell.load]

    @rx.event
    @allow(*WRITERS)
    async def remind(self):
        """Those who have not read what holds are told once more."""
        await self._write(guideline_news.remind, owner_in(self.of))
        return toast(_("They are told once more."))

    @rx.event
    @allow(*DEMANDERS)
    async def demand(self, must_be_read: bool, version: int):
        """Whether it has to be read before work."""
        await self._write(
            guidelines.demand, owner_in(self.of), must_be_read=must_be_read, version=version
        )
        await self._look()

    @rx.event
    @allow(*STAFF)
    async def compare(self, before: int, after: int):
        """Two versions; 0 after is the draft."""
        self.changes = await self._read(
            guideline_pages.compare, owner_in(self.of), before, after or None
        )
        self.comparing = f"{before}-{after}"

    @rx.event
    @allow(*STAFF)
    async def close(self):
        self.comparing, self.changes = "", []

    async def _open(self, of: str, section: str) -> rx.event.EventSpec:
        """Its address is shown, without leaving the page."""
        self.of, self.asked, self.hits, self.comparing = of[:32], "", [], ""
        await self._look()
        address = f"?{urlencode({'of': self.of})}#{quote(section[:KEY_MAX])}"
        return rx.run_script(_ADDRESS.format(json.dumps(address), _TO_SECTION))

    async def _look(self) -> None:
        read = await self._read(_everything, owner_in(self.of))
        self.shelf, self.seen, self.unread, self.versions = read
        self.failing, self.more = [], 0
        if self.seen.may_write:
            of = owner_in(self.of)
            found = await self._read(guideline_failing.fails, of, now=now())
            self.failing, self.more = failing_lines(found)
        self.loaded = True


def owner_in(of: str) -> UUID | None:
    """Whose guideline a page names.

    Raises:
        NotFound: it names nobody.
    """
    return as_key(of) if of else None


def _everything(
    session: Session, actor: Actor, client_id: UUID | None
) -> tuple[list[OnShelf], GuidelineSeen, list[ToRead], list[VersionLine]]:
    clients = [
        OnShelf(client.id.hex, client.name)
        for client in choices.clients(session, actor)
        if actor.may(Permission.SEE_ALL_STATES, client.id)
    ]
    seen = guideline_pages.opened(session, actor, client_id)
    versions = [
        VersionLine(one.number, one.note, one.who, stamp(one.published_at))
        for one in query.versions(session, client_id)
    ]
    shelf = [OnShelf("", ""), *clients]
    return shelf, seen, guideline_pages.to_read(session, actor), versions
