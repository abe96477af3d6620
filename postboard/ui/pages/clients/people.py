"""Who works for a client: the agency's team, and the client's own reviewers."""

import reflex as rx

from postboard.db.queries.clients import ClientInFull, PersonOfClient
from postboard.db.queries.stand_ins import AwaySeen
from postboard.ui.labels import ROLES
from postboard.ui.pages.clients.state import Asking, ClientsState
from postboard.ui.words import _, d_, n_


def people(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.fragment(
        _group(
            _("Team"),
            _("Add to the team"),
            "team",
            rx.cond(
                client.team.length() > 0,
                rx.el.ul(rx.foreach(client.team, _colleague), class_name="lines"),
                rx.el.p(_("Nobody makes posts for this client yet."), class_name="quiet"),
            ),
            rx.el.a(
                _("Parts, absences and hours"),
                href="/people/?client=" + client.key,
                class_name="link",
            ),
            rx.cond(
                ClientsState.may_manage_staff,
                rx.fragment(),
                rx.el.p(
                    _("An admin gives new colleagues their first sign-in link."), class_name="hint"
                ),
            ),
        ),
        _group(
            _("Client’s reviewers"),
            _("Add a reviewer"),
            "reviewer",
            rx.cond(
                client.reviewers.length() > 0,
                rx.el.ul(rx.foreach(client.reviewers, _reviewer), class_name="lines"),
                rx.cond(
                    client.approval == "internal_only",
                    rx.el.p(
                        _("Nobody. This client’s posts are approved internally."),
                        class_name="quiet",
                    ),
                    rx.el.p(_("Nobody approves for this client yet."), class_name="quiet"),
                ),
            ),
            rx.cond(
                client.away.length() > 0,
                rx.el.ul(rx.foreach(client.away, _away), class_name="lines", aria_label=_("Away")),
            ),
            rx.cond(client.reviewers.length() > 0, _shared_link(client.shared_until)),
        ),
    )


def _group(
    name: rx.Var[str], action: rx.Var[str], asking: Asking, *content: rx.Component
) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(name, class_name="section-name"),
            rx.el.button(
                action, type="button", class_name="button", on_click=ClientsState.ask(asking)
            ),
            class_name="section-head",
        ),
        *content,
        class_name="client-section",
    )


def _colleague(person: rx.Var[PersonOfClient]) -> rx.Component:
    return _line(
        person,
        rx.fragment(),
        rx.cond(
            ClientsState.may_manage_staff,
            rx.el.button(
                _("Sign-in link"),
                type="button",
                class_name="button button-quiet",
                on_click=ClientsState.make_staff_link(person.id, person.name),
                aria_label=_("Make a sign-in link for {name}", name=person.name),
            ),
        ),
    )


def _reviewer(person: rx.Var[PersonOfClient]) -> rx.Component:
    return _line(
        person,
        rx.el.span(
            rx.cond(
                person.links > 0,
                n_(
                    "{n} link, good until {day}",
                    "{n} links, the last good until {day}",
                    person.links,
                    day=d_(person.links_until, "day"),
                ),
                _("No link yet"),
            ),
        ),
        rx.el.button(
            _("Copy review link"),
            type="button",
            class_name="button",
            on_click=ClientsState.make_review_link(person.id),
            aria_label=_("Copy review link for {name}", name=person.name),
        ),
    )


def _away(away: rx.Var[AwaySeen]) -> rx.Component:
    first, last = d_(away.starts_on, "day"), d_(away.ends_on, "day")
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(
                    _("{who} is away, {other} stands in", who=away.who, other=away.stand_in),
                    class_name="line-name",
                    dir="auto",
                ),
                rx.cond(away.runs, rx.el.span(_("Now"), class_name="line-role")),
            ),
            rx.el.p(
                _("From {first} until {last}", first=first, last=last),
                class_name="line-more",
            ),
            class_name="line-words",
        ),
        rx.el.div(
            rx.el.button(
                rx.cond(away.runs, _("End now"), _("Cancel")),
                type="button",
                class_name="button button-quiet",
                on_click=ClientsState.end_stand_in(away.id),
                aria_label=_(
                    "{who} is back: {other} stands in no more", who=away.who, other=away.stand_in
                ),
            ),
            class_name="line-actions",
        ),
        key=away.id,
    )


def _shared_link(until: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(rx.el.span(_("One link for all of them"), class_name="line-name")),
            rx.el.p(
                rx.cond(
                    until,
                    _("Good until {day}", day=d_(until, "day")),
                    _("Each picks their name and confirms it by a mailed code."),
                ),
                class_name="line-more",
            ),
            class_name="line-words",
        ),
        rx.el.div(
            rx.el.button(
                rx.cond(until, _("Replace shared link"), _("Make shared link")),
                type="button",
                class_name="button",
                on_click=ClientsState.make_shared_link,
            ),
            rx.cond(
                until,
                rx.el.button(
                    _("End shared link…"),
                    type="button",
                    class_name="button button-quiet",
                    on_click=ClientsState.leave("shared"),
                ),
            ),
            class_name="line-actions",
        ),
        class_name="shared-link",
    )


def _line(person: rx.Var[PersonOfClient], more: rx.Component, action: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(person.name, class_name="line-name", dir="auto"),
                rx.el.span(_(rx.Var.create(ROLES)[person.role]), class_name="line-role"),
            ),
            rx.el.p(rx.el.span(person.email), more, class_name="line-more"),
            class_name="line-words",
        ),
        rx.el.div(
            action,
            rx.el.button(
                _("Change"),
                type="button",
                class_name="button button-quiet",
                on_click=ClientsState.edit_person(person.id),
                aria_label=_("Change {name}", name=person.name),
            ),
            class_name="line-actions",
        ),
        key=person.id,
    )
