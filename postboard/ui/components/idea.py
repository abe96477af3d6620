"""The parts of an idea, wherever it is shown: its votes, its link, its day and its answer."""

from typing import Any

import reflex as rx

from postboard.domain.ideas import ANSWER_MAX
from postboard.ui.components.form import field
from postboard.ui.words import _, d_, n_


def vote_button(
    idea_text: rx.Var[str],
    votes: rx.Var[int],
    voted: rx.Var[bool],
    on_click: Any,
    *,
    enabled: Any = True,
) -> rx.Component:
    """Pressed where it is one's own; who only looks on sees the count."""
    name = n_("{n} vote for “{idea}”", "{n} votes for “{idea}”", votes, idea=idea_text)
    return rx.el.button(
        rx.el.span("▲", aria_hidden="true"),
        rx.el.span(votes.to_string(), class_name="vote-count"),
        type="button",
        class_name="vote",
        disabled=~rx.Var.create(enabled),
        on_click=on_click,
        title=rx.cond(voted, _("Take your vote back"), _("Vote for it")),
        custom_attrs={
            "aria-pressed": rx.cond(voted, "true", "false"),
            "aria-label": name,
        },
    )


def idea_link(link: rx.Var[str]) -> rx.Component:
    return rx.cond(
        link,
        rx.el.a(
            link,
            href=link,
            target="_blank",
            rel="noopener noreferrer",
            class_name="link idea-link",
        ),
    )


def wished_for(day: rx.Var[str]) -> rx.Component:
    return rx.cond(day, rx.el.span(_("wished for {day}", day=d_(day, "day"))))


def why_not(internal: rx.Var[bool]) -> rx.Component:
    """The field of who declines it."""
    return field(
        rx.cond(internal, _("Why not?"), _("Why not? The client reads it.")),
        rx.el.input(
            name="answer",
            required=True,
            auto_focus=True,
            max_length=ANSWER_MAX,
            auto_complete="off",
            dir="auto",
        ),
    )
