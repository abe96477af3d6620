"""A form with a short value for each of several things, which the charts then draw."""

from collections.abc import Awaitable, Iterable
from typing import Any

import reflex as rx

from postboard.ui.components.chart import tell
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import end, field
from postboard.ui.words import _


class AsksValues(SaysProblems, mixin=True):
    """Its forms handle `ask`, `close` and `save`."""

    shown: bool = False

    def _open(self) -> None:
        self.problem = {}
        self.shown = True

    async def _saved(self, work: Awaitable[Any]) -> Any:
        """Closed again and drawn anew, or what was refused is said in it."""
        if not await self._done(work):
            return None
        self.shown = False
        return tell("loaded")


def door(form: type[AsksValues], name: rx.Var[str], is_there: rx.Var[bool]) -> rx.Component:
    return rx.cond(
        is_there,
        rx.el.button(name, type="button", class_name="chart-door", on_click=form.ask),
    )


def values_dialog(
    form: type[AsksValues],
    label: rx.Var[str],
    about: rx.Var[str] | rx.Component,
    inputs: Iterable[tuple[rx.Var[str], rx.Component]],
) -> rx.Component:
    """`inputs` are what each value is called, and where it is written."""
    return rx.cond(
        form.shown,
        Dialog.create(
            rx.el.form(
                rx.el.p(about, class_name="quiet"),
                rx.el.div(
                    *(field(name, control) for name, control in inputs), class_name="short-fields"
                ),
                problem_line(form.problem),
                end(_("Save"), form.close),
                on_submit=form.save,
                class_name="dialog-form",
            ),
            label=label,
            on_close=form.close,
        ),
    )
