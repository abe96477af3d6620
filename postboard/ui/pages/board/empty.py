"""What a board without posts says: what to do next."""

import reflex as rx

from postboard.ui.layout import Shell
from postboard.ui.pages.board.quick_add import QuickAdd
from postboard.ui.pages.board.state import BoardState
from postboard.ui.words import _


def empty_board() -> rx.Component:
    return rx.el.section(
        rx.cond(
            BoardState.filtered,
            _nothing_matches(),
            rx.cond(BoardState.clients.length() > 0, _no_posts(), _no_clients()),
        ),
        class_name="board-empty",
    )


def _nothing_matches() -> rx.Component:
    return rx.fragment(
        rx.el.h2(_("No post matches these filters")),
        rx.el.button(
            _("Clear filters"), type="button", class_name="button", on_click=BoardState.widen
        ),
    )


def _no_posts() -> rx.Component:
    return rx.fragment(
        rx.el.h2(_("The board is empty")),
        rx.el.p(_("Bring a content plan as it is, in CSV or Excel, or write the first post.")),
        rx.el.div(
            rx.cond(
                Shell.may_import,
                rx.el.a(_("Import a plan"), href="/import/", class_name="button button-primary"),
            ),
            rx.cond(
                BoardState.may_create,
                rx.el.button(
                    _("New post"), type="button", class_name="button", on_click=QuickAdd.open
                ),
            ),
            class_name="buttons",
        ),
    )


def _no_clients() -> rx.Component:
    return rx.cond(
        Shell.may_see_clients,
        rx.fragment(
            rx.el.h2(_("Add your first client")),
            rx.el.p(_("Posts belong to a client: the brand you post for, with its own people.")),
            rx.el.a(_("Add a client"), href="/clients/", class_name="button button-primary"),
        ),
        rx.fragment(
            rx.el.h2(_("No client is yours yet")),
            rx.el.p(_("An account manager adds you to a client; its posts then stand here.")),
        ),
    )
