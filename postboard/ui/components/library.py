"""A client's media library: what the picker on a post and the library's own page share."""

from typing import Any, Final, TypedDict

import reflex as rx

from postboard.db.queries import library as query
from postboard.db.queries.library import Asset, LibraryFilter
from postboard.domain.permissions import STAFF_ROLES
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import Page
from postboard.ui.wrappers import LIBRARY

PAGE: Final = 60
_MOST: Final = 600


class Wanted(TypedDict):
    """What is looked for, as the browser keeps it."""

    text: str
    tag: str
    kind: str
    archived: bool


class LibraryState(Page, rx.State):
    client_id: str = ""
    assets: list[Asset] = []
    total: int = 0
    tags: list[tuple[str, int]] = []
    wanted: Wanted = {"text": "", "tag": "", "kind": "", "archived": False}

    @rx.event
    @allow(*STAFF_ROLES)
    async def look(self, client_id: str, text: str, tag: str, kind: str, archived: bool):
        """The newest files of a client that fit."""
        self.wanted = Wanted(text=text[: query.SEARCH_MAX], tag=tag, kind=kind, archived=archived)
        await self._show(client_id, PAGE)

    @rx.event
    @allow(*STAFF_ROLES)
    async def more(self):
        await self._show(self.client_id, min(_MOST, len(self.assets) + PAGE))

    async def _show(self, client_id: str, size: int) -> None:
        wanted = LibraryFilter(**self.wanted)
        seen = await self._read(query.page, as_key(client_id), wanted, size=size)
        self.client_id = client_id
        self.assets, self.total, self.tags = seen.assets, min(seen.total, _MOST), seen.tags


class Library(rx.Component):
    """The grid; a tile says `on_open`."""

    library = LIBRARY
    tag = "Library"

    client: rx.Var[str]
    assets: rx.Var[list[Asset]]
    total: rx.Var[int]
    tags: rx.Var[list[Any]]
    filter: rx.Var[Any]
    may_edit: rx.Var[bool]

    on_look: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, str, bool)]
    on_more: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def shown() -> dict[str, Any]:
    """What the grid is given, wherever it stands."""
    return {
        "client": LibraryState.client_id,
        "assets": LibraryState.assets,
        "total": LibraryState.total,
        "tags": LibraryState.tags,
        "filter": LibraryState.wanted,
        "on_look": LibraryState.look,
        "on_more": LibraryState.more,
    }
