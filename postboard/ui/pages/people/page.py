"""The page of people: whom to ask, who does what, who is there."""

import reflex as rx

from postboard.db.queries.open_work import Undoable
from postboard.ui.components.filters import chooser
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.people.asked import asking
from postboard.ui.pages.people.dialogs import dialogs
from postboard.ui.pages.people.state import PeopleState
from postboard.ui.pages.people.table import heads, table
from postboard.ui.pages.people.there import gone, staff
from postboard.ui.words import _


def page() -> rx.Component:
    return staff_page(
        _("People"),
        title_row(
            _("People"),
            chooser(
                _("Client"),
                PeopleState.shown,
                [
                    rx.foreach(
                        PeopleState.clients, lambda one: rx.el.option(one.name, value=one.key)
                    )
                ],
                PeopleState.show,
                everything=_("Everybody"),
            ),
        ),
        rx.el.div(
            asking(),
            rx.cond(PeopleState.done, _undo(PeopleState.done.to(Undoable))),
            rx.cond(
                PeopleState.loaded,
                rx.fragment(table(), heads(), staff(), gone()),
                rx.el.div(class_name="people-skeleton", aria_hidden="true"),
            ),
            class_name="long-page people",
        ),
        dialogs(),
        here="/people/",
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
