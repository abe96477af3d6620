"""The forms of the page of people: a part, days away, hours, and a hand-over."""

import reflex as rx

from postboard.db.queries.team import PersonAtWork
from postboard.names import DELIVERABLES, PARTS
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.filters import named
from postboard.ui.components.form import check, day_input, end, field
from postboard.ui.labels import NETWORKS, WEEKDAYS
from postboard.ui.pages.people.state import (
    NO_PART,
    EditedPart,
    HeirFor,
    Leaver,
    PeopleState,
)
from postboard.ui.words import _, n_


def dialogs() -> rx.Component:
    return rx.fragment(
        rx.cond(PeopleState.part, _part(PeopleState.part.to(EditedPart))),
        rx.cond(PeopleState.absent, _days(PeopleState.absent.to(PersonAtWork))),
        rx.cond(PeopleState.hours, _hours(PeopleState.hours.to(PersonAtWork))),
        rx.cond(PeopleState.leaver, _leaving(PeopleState.leaver.to(Leaver))),
    )


def _part(edited: rx.Var[EditedPart]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.el.div(
                field(
                    _("Deliverable"),
                    rx.el.select(
                        *named(DELIVERABLES),
                        name="deliverable",
                        default_value=edited.deliverable,
                    ),
                ),
                field(
                    _("Network"),
                    rx.el.select(
                        rx.el.option(_("All networks"), value=""),
                        *named(NETWORKS),
                        name="network",
                        default_value=edited.network,
                    ),
                ),
                class_name="two-fields",
            ),
            field(
                _("Person"),
                rx.el.select(
                    rx.cond(edited.person == "", rx.el.option(_("Choose…"), value="")),
                    *_people(),
                    name="person",
                    default_value=edited.person,
                    required=True,
                ),
            ),
            field(
                _("Part"),
                rx.el.select(
                    *named(PARTS),
                    rx.el.option(_("None any more"), value=NO_PART),
                    name="part",
                    default_value=edited.part,
                ),
            ),
            rx.el.p(
                _(
                    "Responsible: does it. Accountable: answers for it, one person only."
                    " Consulted: is asked before. Informed: hears of it after."
                ),
                class_name="hint",
            ),
            problem_line(PeopleState.problem),
            end(_("Save"), PeopleState.close),
            on_submit=PeopleState.save_part,
            class_name="dialog-form",
        ),
        label=_("Who does what"),
        on_close=PeopleState.close,
    )


def _days(person: rx.Var[PersonAtWork]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.el.div(
                field(_("First day"), day_input("starts_on", required=True)),
                field(_("Last day"), day_input("ends_on", required=True)),
                class_name="two-fields",
            ),
            field(
                _("Who stands in"),
                rx.el.select(
                    rx.el.option(_("Nobody"), value=""),
                    *_people(),
                    name="stand_in",
                    default_value="",
                ),
            ),
            rx.el.p(
                _("Whoever stands in is asked for their internal reviews and suggested for tasks."),
                class_name="hint",
            ),
            problem_line(PeopleState.problem),
            end(_("Save"), PeopleState.close),
            on_submit=PeopleState.save_days,
            class_name="dialog-form",
        ),
        label=_("{name} is away", name=person.name),
        on_close=PeopleState.close,
    )


def _hours(person: rx.Var[PersonAtWork]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.el.input(type="hidden", name="version", default_value=person.week_version),
            rx.el.p(_("On the clock of {zone}.", zone=person.zone), class_name="hint"),
            rx.el.div(
                *(_hours_of(day, name, person) for day, name in enumerate(WEEKDAYS)),
                class_name="people-week",
            ),
            rx.el.p(
                _("Like 9:00-12:00, 13:00-17:30. An empty day is not worked."), class_name="hint"
            ),
            rx.el.div(
                field(
                    _("Public holidays of"),
                    rx.el.input(
                        name="country",
                        default_value=person.country,
                        placeholder=_("Country, like AT"),
                        max_length=2,
                        auto_complete="off",
                    ),
                ),
                field(
                    _("Region"),
                    rx.el.input(
                        name="region",
                        default_value=person.region,
                        placeholder=_("If any, like BY"),
                        max_length=32,
                        auto_complete="off",
                    ),
                ),
                class_name="two-fields",
            ),
            rx.el.p(
                _("Without a country, public holidays count as working days."), class_name="hint"
            ),
            problem_line(PeopleState.problem),
            end(_("Save"), PeopleState.close),
            on_submit=PeopleState.save_hours,
            class_name="dialog-form",
        ),
        label=_("When {name} works", name=person.name),
        on_close=PeopleState.close,
    )


def _hours_of(day: int, name: str, person: rx.Var[PersonAtWork]) -> rx.Component:
    return field(
        _(name),
        rx.el.input(
            name=f"day_{day}",
            default_value=person.week[day],
            placeholder=_("Not worked"),
            auto_complete="off",
            max_length=100,
        ),
    )


def _leaving(leaver: rx.Var[Leaver]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.cond(
                leaver.open.length() > 0,
                rx.foreach(leaver.open, _heir),
                rx.el.p(_("Nothing is open."), class_name="quiet"),
            ),
            rx.cond(
                PeopleState.may_manage_staff,
                check("leaves", _("They leave: they are signed out and not let in again")),
            ),
            problem_line(PeopleState.problem),
            end(
                rx.cond(
                    (leaver.open.length() > 0) | ~PeopleState.may_manage_staff,
                    _("Hand over"),
                    _("End their access"),
                ),
                PeopleState.close,
            ),
            on_submit=PeopleState.hand_over,
            class_name="dialog-form",
        ),
        label=_("{name} hands over", name=leaver.name),
        on_close=PeopleState.close,
    )


def _heir(one: rx.Var[HeirFor]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(rx.cond(one.client, one.client, _("Not tied to one client")), dir="auto"),
        rx.el.p(
            rx.cond(one.tasks > 0, rx.el.span(n_("{n} task", "{n} tasks", one.tasks))),
            rx.cond(one.posts > 0, rx.el.span(n_("{n} post", "{n} posts", one.posts))),
            rx.cond(one.duties > 0, rx.el.span(n_("{n} duty", "{n} duties", one.duties))),
            class_name="people-open",
        ),
        field(
            _("Who takes over"),
            rx.el.select(
                rx.el.option(_("Choose…"), value=""),
                rx.foreach(one.people, lambda person: rx.el.option(person.name, value=person.key)),
                name=one.id,
                default_value="",
                required=True,
            ),
        ),
        class_name="people-heir",
        key=one.id,
    )


def _people() -> list[rx.Component]:
    return [
        rx.foreach(PeopleState.people, lambda person: rx.el.option(person.name, value=person.id))
    ]
