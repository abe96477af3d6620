"""Admins and managers, who see every client; for admins only."""

import reflex as rx

from postboard.db.queries.clients import Colleague
from postboard.ui.labels import ROLES
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.words import _


def agency_people() -> rx.Component:
    return rx.el.article(
        rx.el.a(
            rx.el.span("‹", aria_hidden="true"),
            _("All clients"),
            href="/clients/",
            class_name="client-back",
        ),
        rx.el.header(
            rx.el.h2(_("The agency’s own people")),
            rx.el.span(class_name="grow"),
            rx.el.button(
                _("Add a colleague"),
                type="button",
                class_name="button button-primary",
                on_click=ClientsState.ask("colleague"),
            ),
            class_name="client-head",
        ),
        rx.el.p(
            _("Admins and managers see every client. Everybody else is added client by client."),
            class_name="quiet",
        ),
        rx.el.ul(rx.foreach(ClientsState.agency, _line), class_name="lines"),
        class_name="client",
    )


def _line(colleague: rx.Var[Colleague]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(colleague.name, class_name="line-name", dir="auto"),
                rx.el.span(_(rx.Var.create(ROLES)[colleague.role]), class_name="line-role"),
            ),
            rx.el.p(
                rx.el.span(colleague.email),
                rx.cond(colleague.has_password, rx.fragment(), rx.el.span(_("No password yet"))),
                class_name="line-more",
            ),
            class_name="line-words",
        ),
        rx.el.button(
            _("Sign-in link"),
            type="button",
            class_name="button button-quiet",
            on_click=ClientsState.make_staff_link(colleague.id, colleague.name),
            aria_label=_("Make a sign-in link for {name}", name=colleague.name),
        ),
        key=colleague.id,
    )
