"""Signing in by password; the form goes to a plain route, which alone can set the cookie."""

from typing import Final

import reflex as rx

from postboard.locale import N_
from postboard.services import sign_in
from postboard.ui.components.entry import email_field, entry_field, entry_page
from postboard.ui.components.plain_form import PlainForm
from postboard.ui.guard import allow, home
from postboard.ui.session import Page, go, sessions
from postboard.ui.words import _

SET_UP: Final = "/set-up/"
ERRORS: Final = {
    "wrong": N_("E-mail and password do not belong together."),
    "throttled": N_("Too many tries. Wait a quarter of an hour, or ask for a sign-in link."),
    "set_up": N_("This Postboard has its first admin already. Sign in instead."),
}
_LONGEST_ADDRESS: Final = 1_000


class SignIn(Page, rx.State):
    error: str = ""
    following: str = ""

    @rx.event
    @allow(signed_out=True)
    async def load(self):
        """On to the board or the review for who is signed in, to the set-up where nobody is."""
        here = await sessions().find(self._headers().get("cookie"))
        if here is not None:
            return go(home(here))
        if await sessions().read(sign_in.is_empty):
            return go(SET_UP)
        asked = self.router.url.query_parameters
        error = str(asked.get("error", ""))
        self.error = error if error in ERRORS else ""
        self.following = str(asked.get("next", ""))[:_LONGEST_ADDRESS]
        return None


def page() -> rx.Component:
    return entry_page(
        rx.el.h1(_("Sign in")),
        PlainForm.create(
            rx.el.input(type="hidden", name="next", value=SignIn.following, read_only=True),
            email_field(auto_focus=True),
            entry_field(
                _("Password"),
                rx.el.input(
                    type="password",
                    name="password",
                    id="password",
                    auto_complete="current-password",
                    required=True,
                    max_length=200,
                ),
            ),
            _error(),
            rx.el.button(_("Sign in"), type="submit", class_name="button button-primary"),
            method="post",
            action="/auth/sign-in",
            class_name="entry-form",
        ),
        rx.el.p(
            _("No password? Ask your manager for a link that signs you in."),
            class_name="entry-hint",
        ),
    )


def _error() -> rx.Component:
    """Has its place from the start, so that nothing moves when it speaks."""
    return rx.el.p(
        rx.cond(SignIn.error, _(rx.Var.create(ERRORS)[SignIn.error]), ""),
        role="alert",
        class_name="entry-error",
    )
