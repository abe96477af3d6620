"""Ctrl+Z and Cmd+Z for as long as a way back is on the page."""

import reflex as rx

from postboard.ui.wrappers import UNDO_KEY


class UndoKey(rx.Component):
    """Shows nothing; the keys are the field's own where somebody writes."""

    library = UNDO_KEY
    tag = "UndoKey"

    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
