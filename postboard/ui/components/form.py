"""The parts of the forms in dialogs: fields with their names, and the buttons at the end."""

from typing import Any

import reflex as rx

from postboard.ui.words import _


def field(name: rx.Var[str], control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(name), control, class_name="field")


def check(name: str, label: rx.Var[str], checked: rx.Var[bool] | bool = False) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked),
        rx.el.span(label),
        class_name="check",
    )


def end(name: rx.Var[str], close: Any) -> rx.Component:
    return rx.el.div(
        rx.el.button(_("Cancel"), type="button", class_name="button", on_click=close),
        rx.el.button(name, type="submit", class_name="button button-primary"),
        class_name="dialog-buttons",
    )


def way_out(close: Any) -> rx.Component:
    """Under what is only read or chosen from: a phone has no Escape."""
    return rx.el.div(
        rx.el.button(_("Close"), type="button", class_name="button", on_click=close),
        class_name="dialog-buttons",
    )


def day_input(name: str, value: rx.Var[str] | str = "", **how: Any) -> rx.Component:
    """A date that calendars know what to do with."""
    return rx.el.input(
        type="date", name=name, default_value=value, min="2000-01-01", max="2100-12-31", **how
    )
