"""Imports that there were: how old their figures are, and the way to take one back."""

import reflex as rx

from postboard.ui.components.table import head, unseen
from postboard.ui.pages.performance_import.shown import PastImport
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.pages.performance_import.words import STATES
from postboard.ui.words import _, d_, n_


def past_imports() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("What came in before")),
        rx.cond(
            PerformanceImport.imports.length() > 0,
            rx.el.table(
                head(_("File"), _("Figures of"), _("Rows"), _("State"), unseen(_("Undo"))),
                rx.el.tbody(rx.foreach(PerformanceImport.imports, _import)),
                class_name="table import-past",
            ),
            rx.el.p(
                _("Nothing yet. Export the posts of an account and drop the file above."),
                class_name="quiet",
            ),
        ),
    )


def _import(one: rx.Var[PastImport]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.strong(one.filename),
            rx.el.br(),
            rx.el.span(
                _(
                    "{client}, by {who}, {when}",
                    client=one.client,
                    who=one.who,
                    when=d_(one.at, "relative"),
                ),
                class_name="quiet",
            ),
            class_name="words",
        ),
        rx.el.td(d_(one.captured_at, "relative"), class_name="when"),
        rx.el.td(
            _("{new} new, {updated} updated", new=one.new, updated=one.updated),
            class_name="when",
        ),
        rx.el.td(_(rx.Var.create(STATES)[one.state])),
        rx.el.td(rx.cond(one.may_undo, _undo(one))),
    )


def _undo(one: rx.Var[PastImport]) -> rx.Component:
    return rx.cond(
        PerformanceImport.undoing == one.id,
        rx.cond(
            PerformanceImport.undone >= 0,
            rx.el.span(
                n_("{n} post given back…", "{n} posts given back…", PerformanceImport.undone),
                role="status",
            ),
            rx.el.div(
                rx.el.p(
                    n_(
                        "Takes its figures of {n} row away, and posts that nothing else told of."
                        " The file can come in again.",
                        "Takes its figures of {n} rows away, and posts that nothing else told of."
                        " The file can come in again.",
                        one.new + one.updated,
                    )
                ),
                rx.el.button(
                    _("Take them away"),
                    type="button",
                    class_name="button",
                    on_click=PerformanceImport.undo(one.id),
                ),
                rx.el.button(
                    _("Keep them"),
                    type="button",
                    class_name="link",
                    on_click=PerformanceImport.ask_undo(""),
                ),
                class_name="import-undo",
            ),
        ),
        rx.el.button(
            _("Undo"),
            type="button",
            class_name="link",
            aria_label=_("Undo the import of {file}", file=one.filename),
            on_click=PerformanceImport.ask_undo(one.id),
            disabled=PerformanceImport.running | (PerformanceImport.undone >= 0),
        ),
    )
