"""The kanban wrapper: columns, drag and drop, unanswered moves; looks come from Python."""

import json
from typing import Any, Final

import reflex as rx
from reflex_base.vars.function import ArgsFunctionOperation

from postboard.ui.wrappers import KANBAN

DND: Final = "@hello-pangea/dnd@18.0.1"


class Kanban(rx.Component):
    """A board fed by `board` (loaded whole) and `patches` (the newest changes)."""

    library = KANBAN
    tag = "Kanban"
    lib_dependencies: list[str] = [DND]

    board: rx.Var[Any]
    patches: rx.Var[list[Any]]
    steps: rx.Var[dict[str, Any]]
    clients: rx.Var[dict[str, Any]]
    people: rx.Var[list[Any]]
    tags: rx.Var[dict[str, str]]
    column_names: rx.Var[dict[str, str]]
    step_names: rx.Var[dict[str, str]]
    render_card: rx.Var[Any]
    render_head: rx.Var[Any]

    on_move: rx.EventHandler[
        rx.event.passthrough_event_spec(str, str, int, str, str, str, list[str], str, str)
    ]
    on_more: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_refresh: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]
    on_reload: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_add: rx.EventHandler[rx.event.no_args_event_spec]


def renderer(names: tuple[str, ...], part: rx.Component) -> rx.Var[Any]:
    """A JS function of these names that draws `part`."""
    return ArgsFunctionOperation.create(names, rx.Var.create(part))


def take_step(post_id: str, action: str) -> rx.event.EventSpec:
    """Start a step from outside the board, as if its card had been dropped."""
    return rx.run_script(f"window.postboard?.takeStep({json.dumps(post_id)}, {json.dumps(action)})")
