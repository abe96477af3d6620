"""How many would like to see an idea posted, and one's own voice among them."""

from typing import Any

import reflex as rx

from postboard.ui.words import _, n_


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
