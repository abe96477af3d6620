"""The board's page, top to bottom as it looks."""

import reflex as rx

from postboard.db.queries.at_risk import Chance
from postboard.db.queries.board import Card
from postboard.ui.components.assign import AssignState, assign_dialog
from postboard.ui.components.bulk import BulkState, bulk_dialogs
from postboard.ui.components.export import take_along
from postboard.ui.components.kanban import Kanban, renderer
from postboard.ui.components.subscribe import subscribe_dialog
from postboard.ui.labels import ACTIONS, COLUMNS, TAGS
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.board.card import card_face, column_head
from postboard.ui.pages.board.empty import empty_board
from postboard.ui.pages.board.filters import filters
from postboard.ui.pages.board.quick_add import QuickAdd, quick_add
from postboard.ui.pages.board.quick_view import QuickView, quick_view
from postboard.ui.pages.board.state import BoardState, ClientFacts
from postboard.ui.words import _, table


def page() -> rx.Component:
    return staff_page(
        _("Board"),
        title_row(
            _("Board"),
            filters(),
            _export(),
            rx.cond(
                BoardState.may_create,
                rx.el.button(
                    _("New post"),
                    type="button",
                    class_name="button button-primary",
                    on_click=QuickAdd.open,
                ),
            ),
        ),
        Kanban.create(
            steps=BoardState.steps,
            clients=BoardState.clients,
            people=BoardState.people,
            tags=table(TAGS),
            column_names=table({k: v for k, v in COLUMNS.items() if k != "cancelled"}),
            step_names=table(ACTIONS),
            render_card=renderer(
                ("card", "client", "late", "chance"),
                card_face(
                    card=rx.Var("card").to(Card),
                    client=rx.Var("client").to(ClientFacts),
                    late=rx.Var("late").to(bool),
                    chance=rx.Var("chance").to(Chance),
                ),
            ),
            render_head=renderer(
                ("name", "total"),
                column_head(name=rx.Var("name").to(str), total=rx.Var("total").to(int)),
            ),
            render_empty=renderer((), empty_board()),
            on_move=BoardState.move,
            on_more=BoardState.more,
            on_refresh=BoardState.refresh,
            on_reload=BoardState.reload,
            on_open=QuickView.open,
            on_add=QuickAdd.open,
            may=BoardState.may,
            on_assign=AssignState.open,
            on_look_ahead=BoardState.look_ahead,
            on_bulk=BulkState.open,
        ),
        quick_view(),
        quick_add(),
        assign_dialog(),
        subscribe_dialog(),
        bulk_dialogs(),
        here="/board/",
    )


def _export() -> rx.Component:
    chosen = BoardState.filters
    narrowed = {
        "client": chosen.client,
        "person": chosen.person,
        "campaign": chosen.campaign,
        "network": chosen.network,
        "due": chosen.due,
        "text": chosen.text,
        "cancelled": rx.cond(chosen.cancelled, "yes", ""),
    }
    return take_along(narrowed, client_key=chosen.client)
