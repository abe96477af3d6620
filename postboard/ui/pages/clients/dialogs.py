"""What the clients' page asks and shows in dialogs."""

from collections.abc import Sequence
from typing import Any, Final

import reflex as rx

from postboard.db.queries.clients import ClientInFull, PersonOfClient
from postboard.domain.launch import Gate
from postboard.domain.permissions import CLIENT_ROLES, Role
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.form import field
from postboard.ui.labels import GATES, ROLES
from postboard.ui.pages.clients.facts import zone_input
from postboard.ui.pages.clients.state import (
    COLLEAGUE_ROLES,
    REVIEW_ROLES,
    TEAM_ROLES,
    ClientsState,
    FreshLink,
)
from postboard.ui.words import _, n_

_HERE: Final = rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone").to(str)
_COPY: Final = """(() => {
  const field = document.getElementById("fresh-link");
  field.select();
  const old = () => document.execCommand("copy");
  navigator.clipboard ? navigator.clipboard.writeText(field.value).catch(old) : old();
})()"""
"""Without https a browser has no clipboard to write to, but copies what is selected."""


def dialogs() -> rx.Component:
    return rx.fragment(
        rx.match(
            ClientsState.asking,
            ("client", _dialog(_("Add a client"), _new_client())),
            ("team", _dialog(_("Add to the team"), _new_person(TEAM_ROLES))),
            ("reviewer", _dialog(_("Add a reviewer"), _new_person(REVIEW_ROLES))),
            ("colleague", _dialog(_("Add a colleague"), _new_person(COLLEAGUE_ROLES))),
            rx.fragment(),
        ),
        rx.cond(ClientsState.person, _person(ClientsState.person.to(PersonOfClient))),
        rx.cond(ClientsState.leaving == "shared", _end_of_shared_link()),
        rx.cond(ClientsState.link, _link(ClientsState.link.to(FreshLink))),
    )


def _dialog(label: rx.Var[str], *content: rx.Component) -> rx.Component:
    return Dialog.create(*content, label=label, on_close=ClientsState.close)


def _new_client() -> rx.Component:
    return rx.el.form(
        field(
            _("Name"),
            rx.el.input(name="name", required=True, max_length=120, auto_focus=True, dir="auto"),
        ),
        field(_("Time zone"), zone_input(_HERE)),
        field(
            _("Before the first post"),
            rx.el.select(
                *(rx.el.option(_(said), value=gate.value) for gate, said in GATES.items()),
                name="gate",
                default_value=Gate.SOFT.value,
            ),
        ),
        rx.el.p(
            _("Plans are read, and posts go out, on this clock. The rest can be set afterwards."),
            class_name="hint",
        ),
        _end(_("Add the client")),
        on_submit=ClientsState.add_client,
        class_name="dialog-form",
    )


def _new_person(roles: Sequence[Role]) -> rx.Component:
    return rx.el.form(
        field(
            _("Name"),
            rx.el.input(
                name="name",
                required=True,
                max_length=120,
                auto_focus=True,
                auto_complete="off",
                dir="auto",
            ),
        ),
        field(
            _("E-mail"),
            rx.el.input(
                type="email", name="email", required=True, max_length=254, auto_complete="off"
            ),
        ),
        field(_("Role"), _role_choice(roles, None)),
        _end(_("Add")),
        on_submit=ClientsState.add_person,
        class_name="dialog-form",
    )


def _person(person: rx.Var[PersonOfClient]) -> rx.Component:
    return Dialog.create(
        rx.match(
            ClientsState.leaving,
            ("removal", _removal(person)),
            ("links", _end_of_links(person)),
            _change(person),
        ),
        label=person.name,
        on_close=ClientsState.close,
    )


def _change(person: rx.Var[PersonOfClient]) -> rx.Component:
    reviews = rx.Var.create([str(role) for role in CLIENT_ROLES]).contains(person.role)
    return rx.el.form(
        field(
            _("Role"),
            rx.cond(
                reviews,
                _role_choice(REVIEW_ROLES, person.role),
                _role_choice(TEAM_ROLES, person.role),
            ),
        ),
        rx.el.div(
            rx.cond(
                (person.links > 0) | (person.calendars > 0),
                rx.el.button(
                    rx.cond(person.links > 0, _("End links…"), _("End calendars…")),
                    type="button",
                    class_name="button",
                    on_click=ClientsState.leave("links"),
                ),
            ),
            rx.el.button(
                _("Remove…"),
                type="button",
                class_name="button",
                on_click=ClientsState.leave("removal"),
            ),
            class_name="quick-actions",
        ),
        _end(_("Save")),
        on_submit=ClientsState.change_role,
        class_name="dialog-form",
    )


def _removal(person: rx.Var[PersonOfClient]) -> rx.Component:
    client = ClientsState.chosen.to(ClientInFull).name
    return _confirm(
        _("{name} no longer sees anything of {client}.", name=person.name, client=client),
        rx.cond(
            person.links > 0,
            n_(
                "{n} review link ends at once, and who came in by it is signed out.",
                "{n} review links end at once, and who came in by them is signed out.",
                person.links,
            ),
            _("What they wrote and decided stays in the history."),
        ),
        _("Remove {name}", name=person.name),
        ClientsState.remove_person,
    )


def _end_of_links(person: rx.Var[PersonOfClient]) -> rx.Component:
    links = n_(
        "{n} review link ends at once, and who came in by it is signed out.",
        "{n} review links end at once, and who came in by them is signed out.",
        person.links,
    )
    calendars = n_(
        "{n} calendar that they subscribed to shows nothing any more.",
        "{n} calendars that they subscribed to show nothing any more.",
        person.calendars,
    )
    return _confirm(
        rx.fragment(
            rx.cond(person.links > 0, links, ""),
            " ",
            rx.cond(person.calendars > 0, calendars, ""),
        ),
        _("{name} stays a reviewer; a new link lets them in again.", name=person.name),
        rx.cond(person.links > 0, _("End links"), _("End calendars")),
        ClientsState.end_links,
    )


def _end_of_shared_link() -> rx.Component:
    return _dialog(
        _("End the shared link"),
        _confirm(
            _("The shared link ends at once, and who came in by it is signed out."),
            _("Everybody’s own links stay as they are."),
            _("End the link"),
            ClientsState.end_shared_link,
        ),
    )


def _confirm(lost: Any, rest: Any, action: Any, on_click: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(lost),
        rx.el.p(rest, class_name="quiet"),
        problem_line(ClientsState.problem),
        rx.el.div(
            rx.el.button(
                _("Back"),
                type="button",
                class_name="button",
                auto_focus=True,
                on_click=ClientsState.leave(""),
            ),
            rx.el.button(
                action, type="button", class_name="button button-final", on_click=on_click
            ),
            class_name="dialog-buttons",
        ),
        class_name="dialog-form",
    )


def _link(link: rx.Var[FreshLink]) -> rx.Component:
    return rx.fragment(
        rx.match(
            link.kind,
            (
                "shared",
                _dialog(
                    _("Shared review link of {client}", client=link.who),
                    _link_field(link),
                    rx.el.p(
                        n_(
                            "Good for {n} day, for all reviewers: each picks their name and"
                            " writes the code that is mailed to them.",
                            "Good for {n} days, for all reviewers: each picks their name and"
                            " writes the code that is mailed to them.",
                            link.days,
                        ),
                        class_name="hint",
                    ),
                    _link_end(),
                ),
            ),
            (
                "review",
                _dialog(
                    _("Review link for {name}", name=link.who),
                    _link_field(link),
                    rx.el.p(
                        n_(
                            "Good for {n} day and many visits. Whoever has it reviews as {name}.",
                            "Good for {n} days and many visits. Whoever has it reviews as {name}.",
                            link.days,
                            name=link.who,
                        ),
                        class_name="hint",
                    ),
                    _link_end(),
                ),
            ),
            _dialog(
                _("Sign-in link for {name}", name=link.who),
                _link_field(link),
                rx.el.p(
                    n_(
                        "Good for {n} day and one use. Whoever uses it is signed in as {name}.",
                        "Good for {n} days and one use. Whoever uses it is signed in as {name}.",
                        link.days,
                        name=link.who,
                    ),
                    class_name="hint",
                ),
                _link_end(),
            ),
        )
    )


def _link_field(link: rx.Var[FreshLink]) -> rx.Component:
    return rx.el.div(
        rx.el.input(
            id="fresh-link",
            value=link.address,
            read_only=True,
            aria_label=_("The link"),
            spell_check=False,
        ),
        rx.el.button(
            rx.cond(ClientsState.copied, _("Copied"), _("Copy")),
            type="button",
            class_name="button button-primary",
            auto_focus=True,
            on_click=[rx.run_script(_COPY), ClientsState.note_copied],
        ),
        class_name="link-row",
    )


def _link_end() -> rx.Component:
    return rx.fragment(
        rx.el.p(_("It is shown only now: what is kept cannot be read back."), class_name="hint"),
        rx.el.div(
            rx.el.button(
                _("Close"), type="button", class_name="button", on_click=ClientsState.close
            ),
            class_name="dialog-buttons",
        ),
    )


def _role_choice(roles: Sequence[Role], chosen: Any) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(_(ROLES[role]), value=role.value) for role in roles),
        name="role",
        **({"default_value": chosen} if chosen is not None else {}),
    )


def _end(action: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        problem_line(ClientsState.problem),
        rx.el.div(
            rx.el.button(
                _("Cancel"), type="button", class_name="button", on_click=ClientsState.close
            ),
            rx.el.button(action, type="submit", class_name="button button-primary"),
            class_name="dialog-buttons",
        ),
    )
