"""The page of people: whom to ask, who does what, who is there."""

import reflex as rx

from postboard.db.queries.open_work import Undoable
from postboard.db.queries.team import AwaySeen, PersonAtWork
from postboard.domain.asking import QUESTION_MAX
from postboard.ui.labels import ROLES
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.people.dialogs import dialogs
from postboard.ui.pages.people.state import AnswerLine, Answers, PeopleState
from postboard.ui.pages.people.table import heads, table
from postboard.ui.words import _, d_, language, n_


def page() -> rx.Component:
    return staff_page(
        _("People"),
        title_row(
            _("People"),
            rx.el.select(
                rx.el.option(_("Everybody"), value=""),
                rx.foreach(PeopleState.clients, lambda one: rx.el.option(one.name, value=one.key)),
                value=PeopleState.shown,
                on_change=PeopleState.show,
                aria_label=_("Client"),
            ),
        ),
        rx.el.div(
            _search(),
            rx.cond(PeopleState.done, _undo(PeopleState.done.to(Undoable))),
            rx.cond(
                PeopleState.loaded,
                rx.fragment(heads(), table(), _staff()),
                rx.el.div(class_name="people-skeleton", aria_hidden="true"),
            ),
            class_name="long-page people",
        ),
        dialogs(),
        here="/people/",
    )


def _search() -> rx.Component:
    return rx.el.section(
        rx.el.form(
            rx.el.label(
                rx.el.span(_("Who do I ask for …?")),
                rx.el.input(
                    name="question",
                    type="search",
                    max_length=QUESTION_MAX,
                    placeholder=_("The reel cover on Instagram"),
                    auto_complete="off",
                    dir="auto",
                ),
                class_name="field",
            ),
            rx.el.button(_("Ask"), type="submit", class_name="button button-primary"),
            on_submit=PeopleState.search,
            role="search",
            class_name="people-ask",
        ),
        rx.el.div(
            rx.cond(PeopleState.answers, _answers(PeopleState.answers.to(Answers))),
            aria_live="polite",
        ),
        class_name="people-search",
    )


def _answers(found: rx.Var[Answers]) -> rx.Component:
    return rx.cond(
        found.lines.length() > 0,
        rx.fragment(
            rx.el.ul(rx.foreach(found.lines, _answer), class_name="lines"),
            rx.cond(
                found.more,
                rx.el.p(_("There are more. Name the client, too."), class_name="hint"),
            ),
        ),
        rx.cond(
            found.understood,
            rx.el.p(_("Nobody is named for that yet."), class_name="quiet"),
            rx.el.p(
                _("Name what it is about: a caption, a reel cover, a report, a network."),
                class_name="quiet",
            ),
        ),
    )


def _answer(one: rx.Var[AnswerLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(one.name, class_name="line-name", dir="auto"),
                rx.el.span(one.client, class_name="line-role", dir="auto"),
            ),
            rx.el.p(
                rx.el.span(one.why[language()]),
                rx.cond(one.away_until, _away_said(one)),
                class_name="line-more",
            ),
            class_name="line-words",
        ),
        rx.el.a(one.email, href="mailto:" + one.email, class_name="people-mail"),
    )


def _away_said(one: rx.Var[AnswerLine]) -> rx.Component:
    day = d_(one.away_until, "day")
    return rx.el.span(
        rx.cond(
            one.stand_in,
            _("Away until {day}; {name} stands in.", day=day, name=one.stand_in),
            _("Away until {day}.", day=day),
        ),
        class_name="people-away",
    )


def _undo(done: rx.Var[Undoable]) -> rx.Component:
    return rx.el.div(
        rx.el.span(_("{name} handed over. For ten minutes it can be taken back.", name=done.name)),
        rx.el.button(
            _("Take it back"),
            type="button",
            class_name="button",
            on_click=PeopleState.undo_hand_over(done.id),
        ),
        class_name="people-done",
        role="status",
    )


def _staff() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Who is there"), class_name="section-name", id="there-title"),
        rx.el.ul(rx.foreach(PeopleState.people, _person), class_name="lines"),
        class_name="client-section",
        custom_attrs={"aria-labelledby": "there-title"},
    )


def _person(one: rx.Var[PersonAtWork]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(one.name, class_name="line-name", dir="auto"),
                rx.el.span(_(rx.Var.create(ROLES)[one.role]), class_name="line-role"),
                rx.cond(
                    one.at_work,
                    rx.el.span(_("There now"), class_name="people-there"),
                    rx.el.span(_("Not there now"), class_name="people-off"),
                ),
            ),
            rx.el.p(_load(one), rx.el.span(one.zone), class_name="line-more"),
            rx.foreach(one.away, lambda away: _absence(away, one)),
            class_name="line-words",
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
                PeopleState.may_manage_staff & ~one.is_me,
                _action(
                    _("Leaves…"),
                    _("{name} leaves or hands over", name=one.name),
                    PeopleState.ask_leave(one.id),
                ),
            ),
            class_name="line-actions",
        ),
        key=one.id,
    )


def _load(one: rx.Var[PersonAtWork]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            one.open > 0,
            rx.el.span(n_("{n} open task", "{n} open tasks", one.open)),
            rx.el.span(_("No open task")),
        ),
        rx.cond(
            one.due_soon > 0,
            rx.el.span(_("{n} due within two days", n=one.due_soon)),
        ),
        rx.cond(one.overdue > 0, rx.el.span(_("{n} overdue", n=one.overdue))),
    )


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
        class_name="line-more",
        key=away.id,
    )


def _action(name: rx.Var[str], label: rx.Var[str], on_click: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(
        name,
        type="button",
        class_name="button button-quiet",
        on_click=on_click,
        aria_label=label,
    )
