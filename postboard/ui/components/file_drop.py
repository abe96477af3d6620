"""A place to drop one file, which goes to a route of ours."""

import reflex as rx

from postboard.ui.wrappers import FILE_DROP


class FileDrop(rx.Component):
    library = FILE_DROP
    tag = "FileDrop"

    action: rx.Var[str]
    accept: rx.Var[str]
    hint: rx.Var[str]
    on_uploaded: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]
    on_refused: rx.EventHandler[rx.event.passthrough_event_spec(str)]
