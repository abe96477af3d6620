"""A new post in one dialog, without leaving the board."""

from typing import Any

import reflex as rx

from postboard.db.queries import choices
from postboard.domain.content import Words
from postboard.domain.errors import BadInput
from postboard.domain.permissions import STAFF_ROLES
from postboard.services import posts
from postboard.services.posts import NewPost
from postboard.ui.components.form import end, field
from postboard.ui.components.new_post import client_field, network_boxes, words_field
from postboard.ui.given import chosen_networks, text_in, to_instant
from postboard.ui.guard import allow, floats
from postboard.ui.layout import Dialog
from postboard.ui.pages.board.state import BoardState
from postboard.ui.session import Page, toast
from postboard.ui.words import _


@floats("shown")
class QuickAdd(Page, rx.State):
    shown: bool = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def open(self):
        self.shown = True

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.shown = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def add(self, form: dict[str, Any]):
        clients = {client.key: client for client in await self._read(choices.clients)}
        client = clients.get(text_in(form, "client"))
        if client is None:
            raise BadInput("Choose the client the post is for.")
        new = NewPost(
            Words(caption=text_in(form, "caption"), networks=chosen_networks(form)),
            planned_at=to_instant(text_in(form, "planned"), client.zone),
        )
        await self._write(posts.create, client.id, new)
        self.shown = False
        return toast(_("Added to Draft."))


def quick_add() -> rx.Component:
    return rx.cond(
        QuickAdd.shown,
        Dialog.create(_form(), label=_("New post"), on_close=QuickAdd.close),
    )


def _form() -> rx.Component:
    return rx.el.form(
        client_field(BoardState.clients, default_value=BoardState.filters.client),
        words_field(),
        network_boxes(),
        field(
            _("Planned, in the client’s time"), rx.el.input(name="planned", type="datetime-local")
        ),
        end(_("Add"), QuickAdd.close),
        on_submit=QuickAdd.add,
        class_name="dialog-form",
    )
