"""What revisions and history are both made of."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.names import FIELDS_IN_A_SENTENCE
from postboard.ui.labels import TAGS
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.pages.post.talk import TalkState
from postboard.ui.words import _, d_, listed


def reason_given(reason: rx.Var[str], tags: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(
        reason,
        rx.el.blockquote(
            rx.foreach(
                tags, lambda tag: rx.el.span(_(rx.Var.create(TAGS)[tag]), class_name="tag-small")
            ),
            rx.el.span(reason, dir="auto"),
        ),
    )


def comments_of(post: rx.Var[PostFacts], number: rx.Var[int]) -> rx.Component:
    """The conversation opens where people were asked about that revision."""
    return rx.el.button(
        _("Comments on this revision"),
        type="button",
        class_name="link",
        on_click=[
            TalkState.show_revision(post.id, number),
            rx.run_script("window.postboard.openPart('talk')"),
        ],
    )


def older_button(post: rx.Var[PostFacts]) -> rx.Component:
    return link_button(_("Show older"), RecordState.show_older(post.id))


def link_button(label: rx.Var[str], event: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(label, type="button", class_name="link", on_click=event)


def time_of(at: rx.Var[str]) -> rx.Component:
    return rx.el.time(d_(at, "relative"), title=d_(at, "daytime"), date_time=at, class_name="quiet")


def fields_listed(fields: rx.Var[list[str]]) -> rx.Var[str]:
    """Names of fields as a sentence takes them: “the caption and the link”."""
    return listed(fields, FIELDS_IN_A_SENTENCE)
