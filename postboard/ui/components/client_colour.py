"""A client's colour beside its name."""

import reflex as rx


def client_colour(hue: rx.Var[int]) -> rx.Component:
    return rx.el.span(
        class_name="client-colour", style={"--hue": hue.to_string()}, aria_hidden="true"
    )
