"""Who is there, with how much to do, and who has left."""

import reflex as rx

from postboard.db.queries.team import AwaySeen, Gone, PersonAtWork
from postboard.names import DEPARTMENTS
from postboard.services.preferences import UNNAMED
from postboard.ui.labels import ROLES
from postboard.ui.pages.people.state import PeopleState
from postboard.ui.words import _, d_, n_
from postboard.ui.words import table as words_of


def staff() -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(_("Who is there"), class_name="section-name", id="there-title"),
            rx.el.span(
                _("Point at a line for what you can change there."), class_name="hint people-tip"
            ),
            class_name="section-head",
        ),
        rx.el.ul(rx.foreach(PeopleState.people, _person), class_name="people-there"),
        class_name="client-section",
        custom_attrs={"aria-labelledby": "there-title"},
    )


def gone() -> rx.Component:
    """Who has left, for whoever may let them in again."""
    return rx.cond(
        PeopleState.gone.length() > 0,
        rx.el.section(
            rx.el.h2(_("Who has left"), class_name="section-name", id="gone-title"),
            rx.el.ul(rx.foreach(PeopleState.gone, _left), class_name="people-there"),
            class_name="client-section",
            custom_attrs={"aria-labelledby": "gone-title"},
        ),
    )


def _left(one: rx.Var[Gone]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, class_name="line-name", dir="auto"),
        rx.el.span(_("Since {day}", day=d_(one.since, "day")), class_name="quiet"),
        rx.el.div(
            _action(
                _("Let in again"),
                _("Let {name} in again", name=one.name),
                PeopleState.let_in(one.id),
            ),
            class_name="people-actions",
        ),
        class_name="people-gone",
        key=one.id,
    )


def _person(one: rx.Var[PersonAtWork]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, class_name="line-name", dir="auto"),
        rx.el.span(_(rx.Var.create(ROLES)[one.role]), class_name="people-role"),
        rx.el.span(_heads(one), _clients(one), class_name="people-for"),
        _load(one),
        rx.el.span(
            rx.cond(
                one.away_now,
                _("Away"),
                rx.cond(one.at_work, _("There now"), _("Outside hours")),
            ),
            class_name="people-now",
            custom_attrs={
                "data-now": rx.cond(one.away_now, "away", rx.cond(one.at_work, "work", "off"))
            },
        ),
        rx.el.span(
            rx.cond(one.zone == UNNAMED, _("No time zone set"), one.zone), class_name="people-zone"
        ),
        rx.el.div(
            rx.cond(
                one.is_me | (PeopleState.may_plan),
                rx.fragment(
                    _action(
                        _("Away…"),
                        _("Name days away of {name}", name=one.name),
                        PeopleState.name_days(one.id),
                    ),
                    _action(
                        _("Hours…"),
                        _("Change the hours of {name}", name=one.name),
                        PeopleState.edit_hours(one.id),
                    ),
                ),
            ),
            rx.cond(
                (PeopleState.may_hand_over & ~one.is_me)
                & (PeopleState.may_manage_staff | (one.clients.length() > 0)),
                _action(
                    _("Hands over…"),
                    _("{name} leaves or hands over", name=one.name),
                    PeopleState.ask_leave(one.id),
                ),
            ),
            class_name="people-actions",
        ),
        rx.foreach(one.away, lambda away: _absence(away, one)),
        key=one.id,
    )


def _heads(one: rx.Var[PersonAtWork]) -> rx.Component:
    return rx.foreach(
        one.heads,
        lambda department: rx.el.span(
            _("Heads {department}", department=words_of(DEPARTMENTS)[department]),
            class_name="people-heads-it",
        ),
    )


def _clients(one: rx.Var[PersonAtWork]) -> rx.Component:
    return rx.cond(
        PeopleState.shown == "",
        rx.foreach(one.clients, lambda client: rx.el.span(client, dir="auto")),
    )


def _load(one: rx.Var[PersonAtWork]) -> rx.Component:
    """As a bar of one step a task, so that people can be held beside each other."""
    calm = one.open - one.due_soon - one.overdue
    return rx.cond(
        one.open > 0,
        rx.el.span(
            rx.el.span(
                _step(one.overdue, "late"),
                _step(one.due_soon, "soon"),
                _step(calm, "calm"),
                class_name="people-bar",
                aria_hidden="true",
            ),
            rx.el.span(n_("{n} open task", "{n} open tasks", one.open)),
            rx.cond(
                one.overdue > 0,
                rx.el.span(_("{n} overdue", n=one.overdue), class_name="people-late"),
            ),
            rx.cond(one.due_soon > 0, rx.el.span(_("{n} due within two days", n=one.due_soon))),
            class_name="people-load",
        ),
        rx.el.span(_("No open task"), class_name="people-load"),
    )


def _step(tasks: rx.Var[int], how: str) -> rx.Component:
    return rx.el.i(style={"--tasks": tasks.to_string()}, custom_attrs={"data-how": how})


def _absence(away: rx.Var[AwaySeen], one: rx.Var[PersonAtWork]) -> rx.Component:
    first, last = d_(away.starts_on, "day"), d_(away.ends_on, "day")
    return rx.el.p(
        rx.el.span(
            rx.cond(
                away.stand_in,
                _(
                    "Away from {first} until {last}; {name} stands in.",
                    first=first,
                    last=last,
                    name=away.stand_in,
                ),
                _("Away from {first} until {last}.", first=first, last=last),
            ),
            class_name="people-away",
        ),
        rx.cond(
            one.is_me | PeopleState.may_plan,
            rx.el.button(
                rx.cond(away.runs, _("End now"), _("Cancel")),
                type="button",
                class_name="link",
                on_click=PeopleState.end_days(away.id),
                aria_label=_("{name} is not away then", name=one.name),
            ),
        ),
        class_name="people-absence",
        key=away.id,
    )


def _action(name: rx.Var[str], label: rx.Var[str], on_click: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(
        name,
        type="button",
        class_name="link",
        on_click=on_click,
        aria_label=label,
    )
