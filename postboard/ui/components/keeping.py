"""How an agreement was kept, in words: the same for the agency and for its client."""

from collections.abc import Mapping
from typing import Final

import reflex as rx

from postboard.db.queries.keeping import Followed, Keeping
from postboard.domain.agreement import LateApproval, Silence
from postboard.locale import N_
from postboard.ui.words import _, n_

Kept = rx.Var[Keeping]

SILENT: Final = {
    Silence.HOLD: N_("Left waiting: {n}"),
    Silence.NEXT_FREE_DAY: N_("Moved to a later day: {n}"),
    Silence.CONSENT: N_("Approved by silence: {n}"),
}
LATE: Final = {
    LateApproval.REMIND: N_("Another time was asked for: {n}"),
    LateApproval.HOLD: N_("Put on hold: {n}"),
    LateApproval.NEXT_FREE_DAY: N_("Moved to a later day: {n}"),
    LateApproval.PUBLISH_AT_ONCE: N_("Scheduled at once: {n}"),
}


def answers(kept: Kept) -> rx.Component:
    """Of the client."""
    return rx.fragment(
        rx.cond(
            kept.due > 0,
            _line(
                n_(
                    "{k} of {n} answer came in time",
                    "{k} of {n} answers came in time",
                    kept.due,
                    k=kept.in_time,
                )
            ),
            _line(_("No answer was due")),
        ),
        rx.cond(
            kept.answers > 0,
            _line(
                _(
                    "Half within {h} working hours; {m} are agreed",
                    h=kept.answer_hours,
                    m=kept.response_hours,
                )
            ),
        ),
    )


def rework(kept: Kept) -> rx.Component:
    """Of the agency."""
    return rx.cond(
        kept.reworks > 0,
        rx.fragment(
            _line(n_("{n} post came back", "{n} posts came back", kept.reworks)),
            _line(_("Half within {h} working hours", h=kept.rework_hours)),
            rx.cond(
                kept.rework_due > 0,
                _line(
                    n_(
                        "{k} of {n} came back in time; {m} working hours are agreed",
                        "{k} of {n} came back in time; {m} working hours are agreed",
                        kept.rework_due,
                        k=kept.rework_in_time,
                        m=kept.agency_hours,
                    )
                ),
            ),
        ),
        _line(_("No changed post came back")),
    )


def rounds(kept: Kept) -> rx.Component:
    return rx.cond(
        kept.posts > 0,
        rx.fragment(
            _line(
                n_(
                    "{k} of {n} post within the rounds included ({m})",
                    "{k} of {n} posts within the rounds included ({m})",
                    kept.posts,
                    k=kept.within_rounds,
                    m=kept.rounds_included,
                )
            ),
            rx.cond(
                kept.extra_rounds > 0,
                _line(n_("{n} extra round", "{n} extra rounds", kept.extra_rounds)),
            ),
        ),
        _line(_("No post was sent for review")),
    )


def silences(kept: Kept) -> rx.Component:
    return _effects(kept.silences, SILENT)


def late_approvals(kept: Kept) -> rx.Component:
    return _effects(kept.late_approvals, LATE)


def _effects(followed: rx.Var[list[Followed]], words: Mapping[str, str]) -> rx.Component:
    return rx.cond(
        followed.length() > 0,
        rx.foreach(
            followed, lambda one: _effect(rx.Var.create(words)[one.effect].to(str), one.times)
        ),
        _line(_("None")),
    )


def _effect(sentence: rx.Var[str], n: rx.Var[int]) -> rx.Component:
    return _line(_(sentence, n=n))


def _line(text: rx.Var[str]) -> rx.Component:
    return rx.el.span(text, class_name="kept-line")
