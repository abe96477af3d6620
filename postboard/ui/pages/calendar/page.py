"""The calendar's page, top to bottom as it looks."""

import reflex as rx

from postboard.ui.components.calendar import Calendar
from postboard.ui.components.export import take_along
from postboard.ui.components.kanban import renderer
from postboard.ui.components.subscribe import subscribe_dialog
from postboard.ui.labels import NETWORKS, STATES
from postboard.ui.layout import Shell, staff_page, title_row
from postboard.ui.pages.calendar.day import DayState, day_dialog
from postboard.ui.pages.calendar.filters import filters
from postboard.ui.pages.calendar.state import CalendarState
from postboard.ui.words import _, table


def page() -> rx.Component:
    return staff_page(
        _("Calendar"),
        title_row(_("Calendar"), filters(), _export()),
        Calendar.create(
            clients=CalendarState.clients,
            client=CalendarState.filters.client,
            ideas=CalendarState.ideas,
            may_create=CalendarState.may_create,
            state_names=table(STATES),
            network_names=table(NETWORKS),
            render_empty=renderer((), _empty()),
            on_look=CalendarState.look,
            on_refresh=CalendarState.refresh,
            on_move=CalendarState.move,
            on_place=CalendarState.place,
            on_peek=CalendarState.peek,
            on_next_free=CalendarState.next_free,
            on_look_ahead=CalendarState.look_ahead,
            on_day=DayState.open,
        ),
        day_dialog(),
        subscribe_dialog(),
        here="/calendar/",
    )


def _export() -> rx.Component:
    chosen = CalendarState.filters
    narrowed = {
        "client": chosen.client,
        "person": chosen.person,
        "campaign": chosen.campaign,
        "network": chosen.network,
        "states": CalendarState.in_state,
    }
    return take_along(narrowed, client_key=chosen.client, with_states=False)


def _empty() -> rx.Component:
    """Why no post stands in these days, and what to do next."""
    return rx.cond(
        CalendarState.clients.length() > 0,
        rx.cond(
            CalendarState.filtered,
            rx.fragment(
                rx.el.span(_("No post of these days matches the filters.")),
                rx.el.button(
                    _("Clear filters"),
                    type="button",
                    class_name="link",
                    on_click=CalendarState.widen,
                ),
            ),
            rx.fragment(
                rx.el.span(_("Nothing is planned for these days. Click a day to add a post.")),
                rx.cond(
                    Shell.may_import,
                    rx.el.a(_("Import a plan"), href="/import/", class_name="link"),
                ),
            ),
        ),
        rx.cond(
            Shell.may_see_clients,
            rx.fragment(
                rx.el.span(_("Posts belong to a client: add your first one.")),
                rx.el.a(_("Add a client"), href="/clients/", class_name="link"),
            ),
            rx.el.span(_("An account manager adds you to a client; its posts then stand here.")),
        ),
    )
