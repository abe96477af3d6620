"""A part that shows nothing and hears what changed, for pages that then read anew."""

import reflex as rx

from postboard.ui.wrappers import HEAR


class Hear(rx.Component):
    """Fires `on_signal` once for all signals of a moment, and when the page wakes up.

    `only` is the id of the one post to hear of, `version` what the page knows of it already.
    """

    library = HEAR
    tag = "Hear"

    only: rx.Var[str]
    version: rx.Var[int]
    on_signal: rx.EventHandler[rx.event.no_args_event_spec]
    on_others: rx.EventHandler[rx.event.no_args_event_spec]
