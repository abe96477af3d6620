"""What floats over a page: the modal, and the small notes in the corner."""

from collections.abc import Awaitable
from typing import Any

import reflex as rx

from postboard.domain.errors import Refused
from postboard.locale import say_in_each
from postboard.ui.session import NotSignedIn, Page
from postboard.ui.words import language
from postboard.ui.wrappers import DIALOG


class Toasts(rx.Component):
    library = DIALOG
    tag = "Toasts"
    lib_dependencies: list[str] = ["@fontsource-variable/inter@5.3.0"]


class Dialog(rx.Component):
    """A modal; `kind` is "" or "drawer"."""

    library = DIALOG
    tag = "Dialog"

    label: rx.Var[str]
    kind: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class SaysProblems(Page, mixin=True):
    """A page with forms in dialogs: what was refused stays said, above the buttons."""

    problem: dict[str, str] = {}

    async def _done(self, work: Awaitable[Any]) -> bool:
        """Whether it was not refused."""
        self.problem = {}
        try:
            await work
        except NotSignedIn:
            raise
        except Refused as refused:
            self.problem = say_in_each(refused)
        return not self.problem


def problem_line(problem: rx.Var[dict[str, str]]) -> rx.Component:
    return rx.el.div(
        rx.cond(problem, rx.el.p(problem[language()], class_name="problem")), role="alert"
    )
