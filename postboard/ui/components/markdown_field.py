"""A text in Markdown with its marks at hand."""

from typing import Any

import reflex as rx

from postboard.ui.wrappers import MARKDOWN_FIELD


class MarkdownField(rx.Component):
    """A field of a form; it says what is written as it is written.

    `picture` is what a picture puts where the cursor stands, each time its number grows.
    """

    library = MARKDOWN_FIELD
    tag = "MarkdownField"

    name: rx.Var[str]
    value: rx.Var[str]
    max_length: rx.Var[int]
    pictures: rx.Var[bool]
    picture: rx.Var[Any]

    on_text: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_pictures: rx.EventHandler[rx.event.no_args_event_spec]
