"""The filters above the calendar; all of them live in the address."""

import reflex as rx

from postboard.ui.components.filters import named, narrowing, post_filters, widening
from postboard.ui.labels import STATES
from postboard.ui.pages.calendar.state import CalendarState
from postboard.ui.words import _


def filters() -> rx.Component:
    return rx.el.div(
        *post_filters(CalendarState),
        narrowing(CalendarState, "state", _("State"), CalendarState.in_state, named(STATES)),
        widening(CalendarState),
        class_name="filters",
        role="search",
    )
