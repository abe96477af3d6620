"""How both sides keep what they agreed on, at the foot of the client's plan."""

from typing import Any

import reflex as rx

from postboard.db.queries.keeping import Keeping
from postboard.ui.components import keeping
from postboard.ui.pages.review.state import ReviewState
from postboard.ui.words import _, d_


def kept() -> rx.Component:
    return rx.cond(
        ReviewState.kept.length() > 0,
        rx.el.section(
            rx.el.h3(_("How we keep our agreement")),
            rx.foreach(ReviewState.kept, _of_brand),
            class_name="review-kept",
        ),
    )


def _of_brand(of: rx.Var[Keeping]) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            rx.cond(ReviewState.kept.length() > 1, rx.el.span(of.client)),
            d_(of.month, "month"),
            class_name="quiet",
        ),
        rx.el.dl(
            _fact(_("Your answers"), keeping.answers(of)),
            _fact(_("What we changed"), keeping.rework(of)),
            _fact(_("Rounds"), keeping.rounds(of)),
            rx.cond(of.silences.length() > 0, _fact(_("Without an answer"), keeping.silences(of))),
            rx.cond(
                of.late_approvals.length() > 0,
                _fact(_("Approved after the planned time"), keeping.late_approvals(of)),
            ),
        ),
    )


def _fact(name: rx.Var[str], said: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(said))
