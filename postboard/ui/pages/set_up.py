"""The first visit to an empty installation makes its first admin."""

from typing import Final

import reflex as rx

from postboard.services import sign_in
from postboard.services.sign_in import PASSWORD_MAX, PASSWORD_MIN
from postboard.ui.components.entry import email_field, entry_field, entry_page, nothing_here
from postboard.ui.components.plain_form import PlainForm
from postboard.ui.guard import allow
from postboard.ui.session import Page, sessions
from postboard.ui.words import _

_OPEN: Final = "open"
_CLOSED: Final = "closed"


class SetUp(Page, rx.State):
    door: str = ""
    """Empty until it is known whether somebody is here already."""
    refused: bool = False

    @rx.event
    @allow(signed_out=True)
    async def load(self):
        empty = await sessions().read(sign_in.is_empty)
        self.door = _OPEN if empty else _CLOSED
        self.refused = "error" in self.router.url.query_parameters


def page() -> rx.Component:
    return entry_page(rx.cond(SetUp.door == _CLOSED, nothing_here(), _welcome()))


def _welcome() -> rx.Component:
    return rx.el.div(
        rx.el.h1(_("Welcome")),
        rx.el.p(
            _("Nobody is here yet. You become the first admin and bring in everybody else."),
            class_name="quiet",
        ),
        PlainForm.create(
            entry_field(
                _("Your name"),
                rx.el.input(
                    name="name", id="name", auto_complete="name", required=True, max_length=120
                ),
            ),
            email_field(),
            entry_field(
                _("Password"),
                rx.el.input(
                    type="password",
                    name="password",
                    id="password",
                    auto_complete="new-password",
                    required=True,
                    min_length=PASSWORD_MIN,
                    max_length=PASSWORD_MAX,
                ),
                _("{least} characters or more", least=PASSWORD_MIN),
            ),
            rx.el.p(
                rx.cond(
                    SetUp.refused,
                    _(
                        "It takes a name, an e-mail address and a password of {least} characters.",
                        least=PASSWORD_MIN,
                    ),
                    "",
                ),
                role="alert",
                class_name="entry-error",
            ),
            rx.el.button(_("Set up Postboard"), type="submit", class_name="button button-primary"),
            method="post",
            action="/auth/set-up",
            class_name="entry-form",
        ),
        class_name="entry-unknown",
        custom_attrs={"data-door": SetUp.door},
    )
