"""A closer look at a waiting post, read when it is asked for: on each network, and what changed."""

from typing import Final

import reflex as rx

from postboard.db.queries import review_look
from postboard.db.queries.review import Waiting
from postboard.db.queries.review_look import Look
from postboard.db.queries.revisions import Compared
from postboard.domain.permissions import CLIENT_ROLES
from postboard.ui.components.compared import compared_parts
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import NETWORKS
from postboard.ui.session import Page
from postboard.ui.words import _, table
from postboard.ui.wrappers import CLIENT_LOOK

_NAMES: Final = {str(network): name for network, name in NETWORKS.items()}


class ReviewLook(Page, rx.State):
    shown: Look = Look()
    changes: Compared | None = None
    changes_of: str = ""
    """Of which post and round `changes` tells."""

    @rx.event
    @allow(*CLIENT_ROLES)
    async def look(self, post_id: str):
        self.shown = await self._read(review_look.look, as_key(post_id))

    @rx.event
    @allow(*CLIENT_ROLES)
    async def what_changed(self, post_id: str):
        self.changes = await self._read(review_look.changes, as_key(post_id))
        self.changes_of = post_id


class ClientLook(rx.Component):
    """A button behind which the post stands as each network will show it."""

    library = CLIENT_LOOK
    tag = "ClientLook"

    post_id: rx.Var[str]
    revision: rx.Var[int]
    look: rx.Var[Look]
    names: rx.Var[dict[str, str]]

    on_look: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def on_each_network(post: rx.Var[Waiting]) -> rx.Component:
    return ClientLook.create(
        post_id=post.id,
        revision=post.revision,
        look=ReviewLook.shown,
        names=table(_NAMES),
        on_look=ReviewLook.look,
    )


def what_changed(post: rx.Var[Waiting]) -> rx.Component:
    """The difference to the round before, in its place, under one tap."""
    return rx.el.details(
        rx.el.summary(_("What changed"), on_click=ReviewLook.what_changed(post.id)),
        rx.cond(
            ReviewLook.changes & (ReviewLook.changes_of == post.id),
            rx.el.div(
                compared_parts(ReviewLook.changes.to(Compared), post.zone),
                class_name="review-changes",
                custom_attrs={"data-strip": ""},
            ),
            rx.el.p(_("One moment…"), class_name="quiet"),
        ),
        class_name="review-what",
    )
