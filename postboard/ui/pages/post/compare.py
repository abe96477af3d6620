"""Two states of a post's words beside each other: what went, what came."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.db.queries.revisions import Compared, RevisionLine, Side
from postboard.ui.components.compared import compared_parts
from postboard.ui.layout import Dialog
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.words import _, d_


def compare_dialog(post: rx.Var[PostFacts]) -> rx.Component:
    """Mounted once on the post's page; open while something is compared."""
    return rx.cond(RecordState.compared, _dialog(post, RecordState.compared.to(Compared)))


def _dialog(post: rx.Var[PostFacts], compared: rx.Var[Compared]) -> rx.Component:
    return Dialog.create(
        rx.el.header(
            rx.el.h2(
                rx.cond(
                    RecordState.compared_with_look,
                    _("What changed since you last looked"),
                    _("What changed"),
                )
            ),
            rx.el.span(class_name="grow"),
            rx.el.button(
                "×",
                type="button",
                class_name="close",
                aria_label=_("Close"),
                on_click=RecordState.close,
            ),
            class_name="compare-head",
        ),
        rx.cond(RecordState.compared_with_look, rx.fragment(), _choice(post, compared)),
        compared_parts(compared, post.zone),
        label="",
        kind="compare",
        on_close=RecordState.close,
    )


def _choice(post: rx.Var[PostFacts], compared: rx.Var[Compared]) -> rx.Component:
    return rx.el.div(
        _side(
            _("Before"),
            compared.before,
            lambda number: RecordState.compare(post.id, number, compared.after.number),
        ),
        rx.el.span("→", aria_hidden="true", class_name="quiet"),
        _side(
            _("After"),
            compared.after,
            lambda number: RecordState.compare(post.id, compared.before.number, number),
        ),
        class_name="compare-sides",
    )


def _side(label: rx.Var[str], side: rx.Var[Side], chosen: object) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.select(
            rx.foreach(RecordState.revisions, _option),
            value=side.number.to_string(),
            on_change=lambda value: chosen(rx.Var(f"Number({value})").to(int)),
        ),
        rx.el.span(side.who, " · ", d_(side.at, "daytime"), class_name="quiet"),
        class_name="field",
    )


def _option(line: rx.Var[RevisionLine]) -> rx.Component:
    return rx.el.option(_("Revision {n}", n=line.number), value=line.number.to_string())
