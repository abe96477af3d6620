"""The mark of a network, which says its name to whoever asks."""

from collections.abc import Mapping
from typing import Final

import reflex as rx

from postboard.ui.labels import NETWORKS
from postboard.ui.words import _

_NAMES: Final[Mapping[str, str]] = {str(network): name for network, name in NETWORKS.items()}


def network_mark(network: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        class_name="network",
        title=_(rx.Var.create(_NAMES)[network]),
        custom_attrs={"data-network": network},
    )
