"""What the record of a post shows and can do: comparing, bringing back, what is new to whom."""

from contextlib import suppress
from typing import Final

import reflex as rx

from postboard.db.queries import history, revisions
from postboard.db.queries.history import Line
from postboard.db.queries.revisions import LISTED, Compared, RevisionLine
from postboard.domain.errors import Stale
from postboard.domain.permissions import STAFF_ROLES
from postboard.services import certificates, looks, restoring
from postboard.services.looks import Since
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import Page, toast
from postboard.ui.words import _

_TABS: Final = ("revisions", "history")


class RecordState(Page, rx.State):
    """What the panel shows; `compared` is open in a dialog while it is there."""

    tab: str = "revisions"
    revisions: list[RevisionLine] = []
    more_revisions: bool = False
    lines: list[Line] = []
    more_lines: bool = False
    since: Since | None = None
    compared: Compared | None = None
    compared_with_look: bool = False
    asking: int = 0
    certified: int = 0
    """The revision that was approved last."""
    undo_to: int = 0
    restored_as: int = 0
    restored_version: int = 0
    _revision_limit: int = LISTED
    _line_limit: int = history.SHOWN

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self, post_id: str):
        """The lists, as long as they were unrolled."""
        key = as_key(post_id)
        listed = await self._read(revisions.listing, key, self._revision_limit)
        told = await self._read(history.timeline, key, self._line_limit)
        self.revisions, self.more_revisions = listed.lines, listed.more
        self.lines, self.more_lines = told.lines, told.more
        self.certified = await self._read(certificates.certified_revision, key)

    @rx.event
    @allow(*STAFF_ROLES)
    async def show_older(self, post_id: str):
        if self.tab == "revisions":
            self._revision_limit += LISTED
        else:
            self._line_limit += history.SHOWN
        return RecordState.load(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def show_tab(self, tab: str):
        self.tab = tab if tab in _TABS else _TABS[0]

    @rx.event
    @allow(*STAFF_ROLES)
    async def arrive(self, post_id: str):
        """Somebody opened the post: what is new to them stays said until they have seen it."""
        self.undo_to, self.asking = 0, 0
        self.compared = None
        self.since = await self._read(looks.since, as_key(post_id))
        if self.since is None:
            await self._look(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def stepped(self, post_id: str):
        """Whoever takes a step has seen what stands there, but for what is still said to be new."""
        if self.since is None:
            await self._look(post_id)
        return RecordState.load(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def see_since(self, post_id: str):
        """Open what changed since the last look; that is a look."""
        found = await self._read(looks.since, as_key(post_id))
        await self._look(post_id)
        self.since = None
        if found:
            self.compared, self.compared_with_look = found.compared, True

    @rx.event
    @allow(*STAFF_ROLES)
    async def dismiss_since(self, post_id: str):
        self.since = None
        await self._look(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def compare(self, post_id: str, before: int, after: int):
        found = await self._read(revisions.compared, as_key(post_id), before, after)
        self.compared, self.compared_with_look = found, False

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.compared, self.asking = None, 0

    @rx.event
    @allow(*STAFF_ROLES)
    async def ask(self, number: int):
        """Before an approval is given up for old words."""
        self.asking = number

    @rx.event
    @allow(*STAFF_ROLES)
    async def restore(self, post_id: str, revision: int, version: int):
        key = as_key(post_id)
        self.asking = 0
        now = await self._read(revisions.listing, key, 1)
        restored = await self._write(restoring.restore, key, revision, version=version)
        stood = now.lines[0].number
        if restored.revision == stood:
            return toast(_("These words stand there already."), "hint")
        self.undo_to = 0 if revision == self.undo_to else stood
        self.restored_as, self.restored_version = restored.revision, restored.version
        await self._look(post_id)
        return [RecordState.load(post_id), toast(_("Revision {n} is back.", n=revision))]

    async def _look(self, post_id: str) -> None:
        with suppress(Stale):  # another tab of theirs has just looked
            await self._write(looks.look, as_key(post_id))
