"""The heads of tables."""

import reflex as rx


def head(*names: rx.Var[str] | rx.Component) -> rx.Component:
    """A column's name is its words, or a cell of its own."""
    return rx.el.thead(rx.el.tr(*(_cell(name) for name in names)))


def of_numbers(name: rx.Var[str]) -> rx.Component:
    return rx.el.th(name, scope="col", class_name="number")


def unseen(name: rx.Var[str]) -> rx.Component:
    """For a column that speaks for itself to whoever sees it."""
    return rx.el.th(rx.el.span(name, class_name="unseen"), scope="col")


def _cell(name: rx.Var[str] | rx.Component) -> rx.Component:
    return name if isinstance(name, rx.Component) else rx.el.th(name, scope="col")
