"""A new post in one dialog, without leaving the board."""

from typing import Any

import reflex as rx

from postboard.db.queries import board as query
from postboard.domain.content import Words
from postboard.domain.errors import BadInput
from postboard.domain.permissions import STAFF_ROLES
from postboard.services import posts
from postboard.services.posts import NewPost
from postboard.ui.given import chosen_networks, text_in, to_instant
from postboard.ui.guard import allow, floats
from postboard.ui.labels import NETWORKS
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
        clients = {client.key: client for client in await self._read(query.clients)}
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
        rx.el.label(
            rx.el.span(_("Client")),
            rx.el.select(
                rx.foreach(
                    BoardState.clients.entries(),
                    lambda entry: rx.el.option(entry[1].name, value=entry[0]),
                ),
                name="client",
                required=True,
                default_value=BoardState.filters.client,
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(_("Words")),
            rx.el.textarea(
                name="caption",
                rows="5",
                max_length=64000,
                required=True,
                auto_focus=True,
                dir="auto",
            ),
            class_name="field",
        ),
        _networks(),
        rx.el.label(
            rx.el.span(_("Planned, in the client’s time")),
            rx.el.input(name="planned", type="datetime-local"),
            class_name="field",
        ),
        rx.el.div(
            rx.el.button(_("Cancel"), type="button", class_name="button", on_click=QuickAdd.close),
            rx.el.button(_("Add"), type="submit", class_name="button button-primary"),
            class_name="dialog-buttons",
        ),
        on_submit=QuickAdd.add,
        class_name="dialog-form",
    )


def _networks() -> rx.Component:
    """One box per network; the form sends them as `network_<name>`."""
    return rx.el.fieldset(
        rx.el.legend(_("Networks")),
        *(
            rx.el.label(
                rx.el.input(type="checkbox", name=f"network_{network}"),
                rx.el.span(_(name)),
                class_name="check",
            )
            for network, name in NETWORKS.items()
        ),
        class_name="checks",
    )
