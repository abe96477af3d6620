"""How the client and the agency keep their agreement, this month and the month before."""

from collections.abc import Callable

import reflex as rx

from postboard.ui.components import keeping
from postboard.ui.components.keeping import Kept
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.words import _, d_


def kept() -> rx.Component:
    return rx.cond(
        ClientsState.kept.length() > 0,
        rx.el.section(
            rx.el.h3(_("How we keep our agreement"), class_name="section-name"),
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.td(),
                        rx.foreach(
                            ClientsState.kept,
                            lambda of: rx.el.th(d_(of.month, "month"), scope="col"),
                        ),
                    )
                ),
                rx.el.tbody(
                    _row(_("The client’s answers"), keeping.answers),
                    _row(_("What we changed"), keeping.rework),
                    _row(_("Rounds"), keeping.rounds),
                    _row(_("Without an answer"), keeping.silences),
                    _row(_("Approved after the planned time"), keeping.late_approvals),
                ),
                class_name="kept",
            ),
            rx.el.p(
                _("Hours are working hours of the client’s office, for both sides."),
                class_name="hint",
            ),
            class_name="client-section",
        ),
    )


def _row(name: rx.Var[str], said: Callable[[Kept], rx.Component]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(name, scope="row"),
        rx.foreach(ClientsState.kept, lambda of: rx.el.td(said(of))),
    )
