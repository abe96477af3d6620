"""The end of a form whose words lie in a draft."""

from typing import Any

import reflex as rx

from postboard.ui.wrappers import KEEP_BAR


class KeepBar(rx.Component):
    """Keep, Ctrl+S, and Cancel, which asks before anything typed is lost, as leaving the page does.

    `changed`: the form came with what is not in the draft; `kept` grows whenever what it says is.
    """

    library = KEEP_BAR
    tag = "KeepBar"

    changed: rx.Var[bool]
    kept: rx.Var[int]
    aside: rx.Var[list[str]]
    """Fields that say nothing which could be lost."""
    named: rx.Var[str]
    """The field with the name of what is written."""

    on_keep: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]
    on_cancel: rx.EventHandler[rx.event.no_args_event_spec]
