"""For some seconds after something was done: the way back."""

import reflex as rx

from postboard.ui.wrappers import UNDO_BAR


class UndoBar(rx.Component):
    """`mark` names what was done, nothing where there is nothing to take back.

    `then` is where whoever stood on its button goes on once it is gone.
    """

    library = UNDO_BAR
    tag = "UndoBar"

    mark: rx.Var[str]
    seconds: rx.Var[float]
    text: rx.Var[str]
    then: rx.Var[str]

    on_undo: rx.EventHandler[rx.event.passthrough_event_spec(str)]
