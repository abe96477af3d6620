"""The kanban wrapper: columns, drag and drop, unanswered moves; looks come from Python."""

from typing import Any, Final

import reflex as rx
from reflex_base.vars.function import ArgsFunctionOperation

from postboard.db.queries.at_risk import Chance
from postboard.ui.telling import call
from postboard.ui.wrappers import KANBAN

DND: Final = "@hello-pangea/dnd@18.0.1"


class Kanban(rx.Component):
    """A board whose cards come by `show` (all of them) and `patch` (what changed)."""

    library = KANBAN
    tag = "Kanban"
    lib_dependencies: list[str] = [DND]

    steps: rx.Var[dict[str, Any]]
    clients: rx.Var[dict[str, Any]]
    people: rx.Var[list[Any]]
    tags: rx.Var[dict[str, str]]
    column_names: rx.Var[dict[str, str]]
    step_names: rx.Var[dict[str, str]]
    render_card: rx.Var[Any]
    render_head: rx.Var[Any]
    render_empty: rx.Var[Any]
    may: rx.Var[list[str]]

    on_move: rx.EventHandler[
        rx.event.passthrough_event_spec(str, str, int, str, str, str, list[str], str, str)
    ]
    on_more: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_refresh: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]
    on_reload: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_add: rx.EventHandler[rx.event.no_args_event_spec]
    on_assign: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]
    on_look_ahead: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]
    on_bulk: rx.EventHandler[rx.event.passthrough_event_spec(str, dict[str, int])]


def renderer(names: tuple[str, ...], part: rx.Component) -> rx.Var[Any]:
    """A JS function of these names that draws `part`."""
    return ArgsFunctionOperation.create(names, rx.Var.create(part))


def show(board: object) -> rx.event.EventSpec:
    """Replace what the board shows.

    An event reaches the browser once and in order. A state variable would stay in the server's
    memory, and two of its values that come close together would be drawn as one.
    """
    return _tell("show", board)


def patch(changed: object) -> rx.event.EventSpec:
    """Change what the board shows."""
    return _tell("patch", changed)


def foretell(asked: list[str], chances: list[Chance]) -> rx.event.EventSpec:
    """Mark which of the cards that were asked about are at risk."""
    at_risk = [one for one in chances if one.at_risk]
    return _tell("foretell", asked, at_risk)


def take_step(card: object, action: str) -> rx.event.EventSpec:
    """Start a step from outside the board, as if the card had been dropped.

    Args:
        card: `id`, `client`, `number`, `version` and `state`: it need not stand on the board.
        action: the step.
    """
    return _tell("step", card, action)


def unselect() -> rx.event.EventSpec:
    """What was chosen is dealt with; where no board was opened nothing happens."""
    return rx.call_script("window.postboard?.board?.('unselect')")


def _tell(what: str, *arguments: object) -> rx.event.EventSpec:
    return call("window.postboard.board", what, *arguments)
