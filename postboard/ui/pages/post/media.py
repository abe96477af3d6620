"""The pictures and videos of a post, and the library they can be taken from."""

from typing import Any

import reflex as rx

from postboard.db.queries.library import Asset
from postboard.db.queries.post_page import PostFacts
from postboard.domain.permissions import STAFF_ROLES
from postboard.ui.components.library import LibraryState, shown
from postboard.ui.guard import allow
from postboard.ui.session import Page
from postboard.ui.wrappers import MEDIA


class MediaState(Page, rx.State):
    picking: bool = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def open_library(self, client_id: str):
        """The client's newest files, to choose from."""
        self.picking = True
        return LibraryState.look(client_id, "", "", "", False)

    @rx.event
    @allow(*STAFF_ROLES)
    async def close_library(self):
        self.picking = False


class MediaStrip(rx.Component):
    """Shows and changes `words.media` of the post in `post_store.js`."""

    library = MEDIA
    tag = "MediaStrip"

    client: rx.Var[str]
    may_edit: rx.Var[bool]
    on_library: rx.EventHandler[rx.event.no_args_event_spec]


class Picker(rx.Component):
    library = MEDIA
    tag = "Picker"

    client: rx.Var[str]
    assets: rx.Var[list[Asset]]
    total: rx.Var[int]
    tags: rx.Var[list[Any]]
    filter: rx.Var[Any]

    on_look: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, str, bool)]
    on_more: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def media_panel(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.fragment(
        MediaStrip.create(
            client=post.client_id,
            may_edit=post.may_edit_media,
            on_library=MediaState.open_library(post.client_id),
        ),
        rx.cond(
            MediaState.picking,
            Picker.create(**shown(), on_close=MediaState.close_library),
        ),
    )
