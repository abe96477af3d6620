"""Beside a field: what the agreement in force says of it, and the way there."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from postboard.db.queries.clients import AgreedOfClient, ClientInFull
from postboard.ui.components.part_link import part_link
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.words import _


def as_agreed(name: str, kept: rx.Var[Any], words: Callable[[Any], rx.Var[str]]) -> rx.Component:
    """`kept` is what is saved of the field `name`; `words` say such a value."""
    client = ClientsState.chosen.to(ClientInFull)
    agreed = client.agreed.to(AgreedOfClient)
    value = getattr(agreed, name)
    facts = {"what": words(value), "n": agreed.number}
    return rx.cond(
        client.agreed,
        rx.el.p(
            part_link(
                rx.cond(
                    kept == value,
                    _("Agreed: {what} (version {n})", **facts),
                    _("Agreed otherwise: {what} (version {n})", **facts),
                ),
                "agreement",
                class_name="link",
            ),
            id=described_by(name),
            class_name="hint as-agreed",
            custom_attrs={"data-differs": kept != value},
        ),
    )


def described_by(name: str) -> str:
    return f"agreed-{name}"
