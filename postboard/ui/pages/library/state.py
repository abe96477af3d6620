"""What the library's page knows and can do."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from postboard.db.queries import library as query
from postboard.db.queries.library import Asset, Owner, Uses
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES, Permission, roles_with
from postboard.services import media
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.components.library import LibraryState
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import toast
from postboard.ui.words import _

EDITORS = roles_with(Permission.EDIT_MEDIA)


class LibraryPage(SaysProblems, rx.State):
    owners: list[Owner] = []
    owner: Owner | None = None
    opened: Asset | None = None
    uses: Uses | None = None
    archived: Asset | None = None
    """The one just put away, as long as it can be brought back by a click."""

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        """The library of the client that the address names; without a name, of the first."""
        self.owners = await self._read(query.owners)
        key = str(self.router.url.query_parameters.get("client", ""))[:8]
        self.opened = self.archived = None
        if not self.owners:
            return None
        self.owner = next((one for one in self.owners if one.key == key or not key), None)
        if self.owner is None:
            self.owner = self.owners[0]
        return self._anew()

    @rx.event
    @allow(*STAFF_ROLES)
    async def choose_client(self, client: str):
        return rx.redirect(f"/library/?{urlencode({'client': client[:8]})}")

    @rx.event
    @allow(*STAFF_ROLES)
    async def open(self, asset_id: str):
        self.problem = {}
        await self._open(asset_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.opened = self.uses = None
        self.problem = {}

    @rx.event
    @allow(*EDITORS)
    async def describe(self, asset_id: str, version: int, form: dict[str, Any]):
        """Alternative text and tags, as the form has them."""
        said = self._write(
            media.describe,
            as_key(asset_id),
            alt=str(form.get("alt", "")),
            tags=str(form.get("tags", "")).replace("，", ",").split(","),
            version=version,
        )
        if not await self._done(said):
            return None
        self.opened = self.uses = None
        return [toast(_("Saved.")), await self._again()]

    @rx.event
    @allow(*EDITORS)
    async def archive(self, asset_id: str, version: int):
        await self._write(media.archive, as_key(asset_id), version=version)
        self.archived = await self._read(query.find, as_key(asset_id))
        self.opened = self.uses = None
        return await self._again()

    @rx.event
    @allow(*EDITORS)
    async def restore(self, asset_id: str, version: int):
        await self._write(media.restore, as_key(asset_id), version=version)
        self.archived = self.opened = self.uses = None
        return [toast(_("It is back in the library.")), await self._again()]

    async def _open(self, asset_id: str) -> None:
        key = as_key(asset_id)
        self.opened = await self._read(query.find, key)
        self.uses = await self._read(query.where_used, key)

    def _anew(self) -> Any:
        if self.owner is None:
            raise NotFound
        return LibraryState.look(self.owner.id, "", "", "", False)

    async def _again(self) -> Any:
        """The same search once more."""
        shown = await self.get_state(LibraryState)
        wanted = shown.wanted
        return LibraryState.look(
            shown.client_id, wanted["text"], wanted["tag"], wanted["kind"], wanted["archived"]
        )
