"""The deck's wrapper: one waiting post at a time, and the two buttons under the thumb."""

from typing import Any

import reflex as rx

from postboard.domain.conversation import Spot
from postboard.ui.pages.review.state import Judged
from postboard.ui.wrappers import DECK


class Deck(rx.Component):
    """Its children are shown when nothing waits (any more)."""

    library = DECK
    tag = "Deck"

    visit: rx.Var[str]
    order: rx.Var[list[str]]
    others: rx.Var[list[str]]
    posts: rx.Var[list[Any]]
    done: rx.Var[int]
    answered: rx.Var[int]
    tags: rx.Var[dict[str, str]]
    back: rx.Var[str]
    choices: rx.Var[list[Any]]
    render_post: rx.Var[Any]

    on_turn: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_seen: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_approve: rx.EventHandler[rx.event.passthrough_event_spec(Judged)]
    on_request: rx.EventHandler[rx.event.passthrough_event_spec(Judged, list[str], str, list[Spot])]
    on_list: rx.EventHandler[rx.event.no_args_event_spec]
    on_approve_all: rx.EventHandler[rx.event.passthrough_event_spec(list[Judged])]


class Fold(rx.Component):
    """Long content behind a button that says `more`."""

    library = DECK
    tag = "Fold"

    more: rx.Var[str]
