"""The clients' page: the list at the left, the chosen client at the right."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries.clients import ClientInFull, ClientInList
from postboard.ui.components.chain import chain_dialog
from postboard.ui.components.client_colour import client_colour
from postboard.ui.components.part_link import part_link
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.clients.agency import agency_people
from postboard.ui.pages.clients.agreement import whole_agreement
from postboard.ui.pages.clients.chats import chats
from postboard.ui.pages.clients.dialogs import dialogs
from postboard.ui.pages.clients.facts import accounts, agreement, approval, campaigns
from postboard.ui.pages.clients.ideas import ideas
from postboard.ui.pages.clients.keeping import kept
from postboard.ui.pages.clients.launch import plan_of_action
from postboard.ui.pages.clients.lead_times import lead_times, lead_times_dialog
from postboard.ui.pages.clients.people import people
from postboard.ui.pages.clients.posting import posting
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.pages.clients.terms import terms
from postboard.ui.words import _, n_

_ROOMS: Final = {
    "start": _("Start"),
    "people": _("People"),
    "agreed": _("Agreement"),
    "working": _("Times"),
    "channels": _("Basics and channels"),
}


def page() -> rx.Component:
    return staff_page(
        _("Clients"),
        title_row(
            _("Clients"),
            rx.el.span(class_name="grow"),
            rx.cond(
                ClientsState.may_create
                & (ClientsState.clients.length() > 0)
                & (ClientsState.view != "agency"),
                rx.el.button(
                    _("Add a client"),
                    type="button",
                    class_name="button button-primary",
                    on_click=ClientsState.ask("client"),
                ),
            ),
        ),
        rx.cond(ClientsState.loaded, _loaded(), _skeleton()),
        dialogs(),
        chain_dialog(ClientsState.look_again),
        lead_times_dialog(),
        here="/clients/",
    )


def _loaded() -> rx.Component:
    return rx.cond(
        (ClientsState.clients.length() > 0) | (ClientsState.view == "agency"),
        rx.el.div(
            _list(),
            rx.el.div(
                rx.match(
                    ClientsState.view,
                    ("agency", agency_people()),
                    rx.cond(ClientsState.chosen, _chosen(ClientsState.chosen.to(ClientInFull))),
                ),
                class_name="client-pane",
            ),
            class_name="clients",
            custom_attrs={"data-view": ClientsState.view},
        ),
        _nobody_yet(),
    )


def _list() -> rx.Component:
    return rx.el.nav(
        rx.el.ul(rx.foreach(ClientsState.clients, _line)),
        rx.cond(
            ClientsState.may_manage_staff,
            rx.el.a(
                _("The agency’s own people"),
                href="/clients/?people=agency",
                class_name="client-line agency-line",
                custom_attrs=_current(ClientsState.view == "agency"),
            ),
        ),
        class_name="client-list",
        aria_label=_("Clients"),
    )


def _line(client: rx.Var[ClientInList]) -> rx.Component:
    is_shown = (ClientsState.view != "agency") & (
        ClientsState.chosen.to(ClientInFull).key == client.key
    )
    return rx.el.li(
        rx.el.a(
            client_colour(client.hue),
            rx.el.span(client.name, class_name="client-name", dir="auto"),
            rx.el.span(
                rx.cond(
                    client.open > 0, n_("{n} open", "{n} open", client.open), _("Nothing open")
                ),
                rx.cond(
                    client.waiting > 0,
                    rx.el.span(
                        n_("{n} waits for the client", "{n} wait for the client", client.waiting),
                        class_name="client-waiting",
                    ),
                ),
                class_name="client-counts",
            ),
            href=rx.Var.create("/clients/?client=") + client.key,
            class_name="client-line",
            custom_attrs=_current(is_shown),
        ),
        key=client.key,
    )


def _chosen(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.article(
        _back(),
        rx.el.header(
            client_colour(client.hue),
            rx.el.h2(client.name, dir="auto"),
            rx.el.span(client.key, class_name="quiet"),
            rx.el.span(class_name="grow"),
            rx.el.a(
                _("Show on the board"),
                href=rx.Var.create("/board/?client=") + client.key,
                class_name="button",
            ),
            class_name="client-head",
        ),
        _rooms(),
        _room("start", plan_of_action(client), ideas(client)),
        _room("people", people(client), approval(client), chats(client)),
        _room("agreed", whole_agreement(client), kept()),
        _room("working", terms(client.id, client.terms), lead_times(client), posting(client)),
        _room("channels", agreement(client), accounts(client), campaigns(client)),
        key=client.key,
        class_name="client",
    )


def _rooms() -> rx.Component:
    """The parts of a long page, always within reach."""
    return rx.el.nav(
        *(part_link(name, part) for part, name in _ROOMS.items()),
        class_name="client-rooms",
        aria_label=_("Parts of this page"),
    )


def _room(part: str, *sections: rx.Component) -> rx.Component:
    return rx.el.div(*sections, id=part, class_name="client-room")


def _nobody_yet() -> rx.Component:
    return rx.el.section(
        rx.cond(
            ClientsState.may_create,
            rx.fragment(
                rx.el.h2(_("Add your first client")),
                rx.el.p(
                    _("A client is a brand you post for, with its own people, posts and approval."),
                    class_name="quiet",
                ),
                rx.el.button(
                    _("Add a client"),
                    type="button",
                    class_name="button button-primary",
                    on_click=ClientsState.ask("client"),
                ),
                rx.cond(
                    ClientsState.may_manage_staff,
                    rx.el.a(
                        _("The agency’s own people"),
                        href="/clients/?people=agency",
                        class_name="link",
                    ),
                ),
            ),
            rx.fragment(
                rx.el.h2(_("No client is yours yet")),
                rx.el.p(_("Ask a manager to make you account manager of one."), class_name="quiet"),
            ),
        ),
        class_name="nothing-yet",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            *(rx.el.div(class_name="client-skeleton") for _line in range(4)),
            class_name="client-list",
        ),
        rx.el.div(
            rx.el.div(
                *(rx.el.div(class_name="client-skeleton") for _line in range(6)),
                class_name="client",
            ),
            class_name="client-pane",
        ),
        class_name="clients",
        aria_hidden="true",
    )


def _back() -> rx.Component:
    """On a phone the list and the client are two pages."""
    return rx.el.a(
        rx.el.span("‹", aria_hidden="true"),
        _("All clients"),
        href="/clients/",
        class_name="client-back",
    )


def _current(is_here: Any) -> dict[str, Any]:
    return {"aria-current": rx.cond(is_here, "page", "false")}
