"""What others changed in a post since somebody last looked."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.services.looks import Since
from postboard.ui.pages.post.record_parts import fields_listed
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.words import _, d_, listed


def since_line(post: rx.Var[PostFacts]) -> rx.Component:
    """What others changed since this person last looked; nothing where they changed nothing."""
    return rx.el.div(
        rx.cond(RecordState.since, _since(post, RecordState.since.to(Since))),
        key=post.id,
        on_mount=RecordState.arrive(post.id),
        role="status",
    )


def _since(post: rx.Var[PostFacts], since: rx.Var[Since]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _(
                "{who} changed {fields} since you last looked.",
                who=listed(since.who),
                fields=fields_listed(since.compared.fields),
            ),
            " ",
            rx.el.time(d_(since.at, "relative"), title=d_(since.at, "daytime"), class_name="quiet"),
        ),
        rx.el.button(
            _("See what changed"),
            type="button",
            class_name="button",
            on_click=RecordState.see_since(post.id),
        ),
        rx.el.button(
            "×",
            type="button",
            class_name="close",
            aria_label=_("I have seen it"),
            on_click=RecordState.dismiss_since(post.id),
        ),
        class_name="since",
    )
