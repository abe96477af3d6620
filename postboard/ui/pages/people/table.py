"""Who heads what, and the table of who has which part in what is delivered."""

import reflex as rx

from postboard.db.queries.team import CellSeen, ClientTeam, HeadSeen, LineSeen
from postboard.domain.team import Part
from postboard.names import DELIVERABLES, DEPARTMENTS, PARTS
from postboard.ui.components.form import field
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.people.state import PeopleState
from postboard.ui.words import _
from postboard.ui.words import table as words_of


def heads() -> rx.Component:
    """Read far more often than changed: the form is folded."""
    return rx.el.section(
        rx.el.h2(_("Heads of department"), class_name="section-name", id="heads-title"),
        rx.el.dl(rx.foreach(PeopleState.heads, _head), class_name="people-heads"),
        rx.cond(
            PeopleState.may_lead,
            rx.el.details(
                rx.el.summary(_("Change…"), class_name="link"),
                rx.el.div(rx.foreach(PeopleState.heads, _lead), class_name="people-heads"),
                class_name="people-lead",
            ),
        ),
        class_name="client-section",
        custom_attrs={"aria-labelledby": "heads-title"},
    )


def table() -> rx.Component:
    return rx.cond(PeopleState.team, _table(PeopleState.team.to(ClientTeam)))


def _head(one: rx.Var[HeadSeen]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(words_of(DEPARTMENTS)[one.department]),
        rx.cond(
            one.name,
            rx.el.dd(one.name, dir="auto"),
            rx.el.dd(_otherwise(one), class_name="quiet"),
        ),
        key=one.department,
    )


def _lead(one: rx.Var[HeadSeen]) -> rx.Component:
    name = words_of(DEPARTMENTS)[one.department]
    return field(
        name,
        rx.el.select(
            rx.el.option(_otherwise(one), value=""),
            rx.foreach(
                PeopleState.people, lambda person: rx.el.option(person.name, value=person.id)
            ),
            value=one.person_id,
            on_change=lambda person: PeopleState.name_head(one.department, person),
            aria_label=_("Head of {department}", department=name),
        ),
    )


def _otherwise(one: rx.Var[HeadSeen]) -> rx.Var[str]:
    """Who answers where the client has no head of its own."""
    return rx.cond(one.otherwise, _("{name}, of the agency", name=one.otherwise), _("Nobody"))


def _table(team: rx.Var[ClientTeam]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(_("Who does what"), class_name="section-name", id="parts-title"),
            rx.cond(
                team.may_change,
                rx.el.button(
                    _("Give a part"),
                    type="button",
                    class_name="button",
                    on_click=PeopleState.edit_part("", "", "", ""),
                ),
            ),
            class_name="section-head",
        ),
        rx.cond(
            team.lines.length() > 0,
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(_("Deliverable"), scope="col"),
                        *(rx.el.th(_(name), scope="col") for name in PARTS.values()),
                    )
                ),
                rx.el.tbody(rx.foreach(team.lines, _line)),
                class_name="people-parts",
            ),
            rx.el.p(_("Nobody has a part in anything yet."), class_name="quiet"),
        ),
        rx.cond(
            team.nobody_does.length() > 0,
            rx.el.p(
                rx.el.span(_("Nobody is responsible for:")),
                rx.foreach(
                    team.nobody_does,
                    lambda one: rx.cond(
                        team.may_change,
                        rx.el.button(
                            words_of(DELIVERABLES)[one],
                            type="button",
                            class_name="link",
                            on_click=PeopleState.edit_part(one, "", "", Part.RESPONSIBLE.value),
                        ),
                        rx.el.span(words_of(DELIVERABLES)[one]),
                    ),
                ),
                class_name="people-gaps hint",
            ),
        ),
        class_name="client-section",
        custom_attrs={"aria-labelledby": "parts-title"},
    )


def _line(line: rx.Var[LineSeen]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            words_of(DELIVERABLES)[line.deliverable],
            rx.cond(line.network, rx.el.span(words_of(NETWORKS)[line.network])),
            scope="row",
        ),
        *(_of_part(line, part, name) for part, name in PARTS.items()),
        key=line.deliverable + line.network,
    )


def _of_part(line: rx.Var[LineSeen], part: Part, name: str) -> rx.Component:
    return rx.el.td(
        rx.foreach(line.cells, lambda cell: rx.cond(cell.part == part.value, _cell(cell, line))),
        custom_attrs={"data-part": _(name)},
    )


def _cell(cell: rx.Var[CellSeen], line: rx.Var[LineSeen]) -> rx.Component:
    return rx.cond(
        PeopleState.team.to(ClientTeam).may_change,
        rx.el.button(
            cell.name,
            type="button",
            class_name="people-cell",
            dir="auto",
            on_click=PeopleState.edit_part(
                line.deliverable, line.network, cell.person_id, cell.part
            ),
            aria_label=_("{name}, {part}: change", name=cell.name, part=words_of(PARTS)[cell.part]),
        ),
        rx.el.span(cell.name, class_name="people-cell", dir="auto"),
    )
