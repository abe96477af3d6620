"""The fields of a new post, for whichever dialog asks for one."""

from typing import Any

import reflex as rx

from postboard.ui.components.filters import client_options
from postboard.ui.components.form import check, field
from postboard.ui.labels import NETWORKS
from postboard.ui.words import _


def client_field(clients: rx.Var[dict[str, Any]], **how: Any) -> rx.Component:
    """Clients by their keys."""
    options = client_options(clients)
    return field(_("Client"), rx.el.select(*options, name="client", required=True, **how))


def words_field() -> rx.Component:
    return field(
        _("Words"),
        rx.el.textarea(
            name="caption",
            rows="5",
            max_length=64000,
            required=True,
            auto_focus=True,
            dir="auto",
        ),
    )


def network_boxes() -> rx.Component:
    """One box per network; the form sends them as `network_<name>`."""
    return rx.el.fieldset(
        rx.el.legend(_("Networks")),
        *(check(f"network_{network}", _(name)) for network, name in NETWORKS.items()),
        class_name="checks",
    )
