"""The filters above the board: chosen ones are chips, and all of them live in the address."""

from typing import Final

import reflex as rx

from postboard.db.queries.post_filters import Due
from postboard.locale import N_
from postboard.ui.components.filters import named, narrowing, post_filters, widening
from postboard.ui.pages.board.state import BoardState
from postboard.ui.words import _

DUES: Final = {
    Due.LATE: N_("Late"),
    Due.TODAY: N_("Due today"),
    Due.WEEK: N_("Due in 7 days"),
    Due.AT_RISK: N_("At risk"),
    Due.NONE: N_("Without a date"),
}


def filters() -> rx.Component:
    chosen = BoardState.filters
    return rx.el.div(
        rx.el.input(
            type="search",
            placeholder=_("Search words or ACME-12"),
            aria_label=_("Search posts"),
            default_value=chosen.text,
            key=chosen.text,
            max_length=100,
            on_change=BoardState.narrow("text").debounce(250),
            class_name="search",
            custom_attrs={"data-search": ""},
        ),
        *post_filters(BoardState),
        narrowing(BoardState, "due", _("Due"), chosen.due, named(DUES)),
        widening(BoardState),
        class_name="filters",
        role="search",
    )
