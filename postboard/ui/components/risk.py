"""The quiet mark of a post that will hardly be approved in time, and what is known of it."""

import reflex as rx

from postboard.db.queries.at_risk import NOT_KNOWN, Chance
from postboard.domain.odds import CASES_NEEDED
from postboard.ui.labels import STATES
from postboard.ui.words import _, n_


def risk_mark(chance: rx.Var[Chance]) -> rx.Component:
    """For whoever is at risk: a word, and on hover and for screen readers how bad it is."""
    return rx.el.span(
        _("At risk"),
        rx.el.span(" ", odds_text(chance), class_name="unseen"),
        class_name="risk-mark",
        title=odds_text(chance),
    )


def odds_text(chance: rx.Var[Chance]) -> rx.Var[str]:
    return n_(
        "{percent} % in time · held in {step} · {n} case",
        "{percent} % in time · held in {step} · {n} cases",
        chance.cases,
        percent=chance.percent,
        step=_held_in(chance),
    )


def risk_line(chance: rx.Var[Chance]) -> rx.Component:
    """All that is known, for the post's own page."""
    return rx.el.p(
        rx.cond(
            chance.over,
            rx.el.span(_("Its time has come and it is not approved."), class_name="late"),
            rx.cond(
                chance.percent == NOT_KNOWN,
                rx.el.span(
                    _(
                        "Not enough history to say whether it will be in time: {n} of {m} cases.",
                        n=chance.cases,
                        m=CASES_NEEDED,
                    )
                ),
                rx.fragment(
                    rx.cond(chance.at_risk, rx.el.span(_("At risk"), class_name="risk-mark")),
                    rx.el.span(odds_text(chance)),
                    rx.el.span(_usually(chance)),
                ),
            ),
        ),
        class_name="risk-line quiet",
        custom_attrs={"data-risk": chance.at_risk},
    )


def _usually(chance: rx.Var[Chance]) -> rx.Component:
    """Both in working hours of the client."""
    return rx.fragment(
        n_(
            "Posts like it took {n} more working hour from here;",
            "Posts like it took {n} more working hours from here;",
            chance.usually_h,
        ),
        " ",
        n_("{n} is left.", "{n} are left.", chance.left_h),
    )


def _held_in(chance: rx.Var[Chance]) -> rx.Var[str]:
    name = _(rx.Var.create(STATES)[chance.held_in])
    return name.to(str).lower()
