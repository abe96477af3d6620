"""A post's revisions, the newest first, with what was decided on each."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.db.queries.revisions import RevisionLine, Step
from postboard.names import EVENTS
from postboard.ui.pages.post.record_parts import (
    comments_of,
    link_button,
    older_button,
    reason_given,
    time_of,
)
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.words import _, d_


def revisions_list(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(RecordState.revisions, lambda line: _revision(post, line)),
            class_name="revisions",
        ),
        rx.cond(RecordState.more_revisions, older_button(post)),
    )


def _revision(post: rx.Var[PostFacts], line: rx.Var[RevisionLine]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.strong(_("Revision {n}", n=line.number)),
            rx.cond(line.current, rx.el.span(_("Now"), class_name="tag-small")),
            rx.el.span(line.who),
            time_of(line.at),
            class_name="record-line",
        ),
        rx.el.p(line.beginning, class_name="quiet revision-beginning", dir="auto"),
        rx.cond(
            line.frozen_at,
            rx.el.p(
                _("Submitted {when}", when=d_(line.frozen_at, "daytime")),
                rx.cond(
                    line.planned_at,
                    rx.el.span(
                        " · ",
                        _("planned for {when}", when=d_(line.planned_at, "daytime", post.zone)),
                    ),
                ),
                class_name="quiet",
            ),
        ),
        rx.el.ul(rx.foreach(line.steps, _step), class_name="revision-steps"),
        rx.el.div(
            rx.cond(
                line.number > 1,
                link_button(
                    _("What changed"),
                    RecordState.compare(post.id, line.number - 1, line.number),
                ),
            ),
            rx.cond(
                ~line.current,
                link_button(
                    _("Compare with now"), RecordState.compare(post.id, line.number, post.revision)
                ),
            ),
            rx.cond(
                ~line.current & post.may_edit_words,
                rx.cond(
                    post.open_to_edits,
                    link_button(
                        _("Bring it back"), RecordState.restore(post.id, line.number, post.version)
                    ),
                    link_button(_("Bring it back…"), RecordState.ask(line.number)),
                ),
            ),
            comments_of(post, line.number),
            class_name="record-actions",
        ),
        custom_attrs={"data-revision": line.number},
    )


def _step(step: rx.Var[Step]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_(rx.Var.create(EVENTS)[step.kind], who=step.who)),
        time_of(step.at),
        reason_given(step.reason, step.tags),
    )
