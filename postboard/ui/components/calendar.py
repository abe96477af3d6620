"""The calendar wrapper: views, drag, unanswered moves; what it shows comes by `tell`."""

from typing import Any, Final

import reflex as rx

from postboard.ui.telling import call
from postboard.ui.wrappers import CALENDAR

FULLCALENDAR: Final = ["@fullcalendar/react@7.1.4", "temporal-polyfill@1.0.8"]


class Calendar(rx.Component):
    """A calendar whose posts come by `tell`: all in view (`show`), or what changed (`patch`)."""

    library = CALENDAR
    tag = "Calendar"
    lib_dependencies: list[str] = FULLCALENDAR

    clients: rx.Var[dict[str, Any]]
    client: rx.Var[str]
    ideas: rx.Var[list[Any]]
    may_create: rx.Var[bool]
    state_names: rx.Var[dict[str, str]]
    network_names: rx.Var[dict[str, str]]
    render_empty: rx.Var[Any]

    on_look: rx.EventHandler[rx.event.passthrough_event_spec(int, dict[str, str])]
    on_refresh: rx.EventHandler[rx.event.passthrough_event_spec(list[str], dict[str, str])]
    on_move: rx.EventHandler[rx.event.passthrough_event_spec(str, int, str, dict[str, str])]
    on_place: rx.EventHandler[rx.event.passthrough_event_spec(str, int, str, dict[str, str])]
    on_peek: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_next_free: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_look_ahead: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]
    on_day: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]


def tell(what: str, *arguments: object) -> rx.event.EventSpec:
    """Say something to the calendar of the page that asked; each is heard once and in order."""
    return call("window.postboard?.calendar?.", what, *arguments)
