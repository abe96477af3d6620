"""Posts of the last import that are not known as ours, and the way to say that one is."""

import reflex as rx

from postboard.ui.components.link_post import LinkPost
from postboard.ui.components.network import network_mark
from postboard.ui.components.table import head
from postboard.ui.pages.performance_import.shown import OutsideShown
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.words import _, d_


def outside_posts() -> rx.Component:
    return rx.cond(
        PerformanceImport.outside.length() > 0,
        rx.el.section(
            rx.el.h2(_("Not known as posts of yours")),
            rx.el.p(
                _("They count as outside posts until you say which post of yours they are."),
                class_name="quiet",
            ),
            rx.el.table(
                head(_("Published"), _("Words"), _("Post of yours")),
                rx.el.tbody(rx.foreach(PerformanceImport.outside, _post)),
                class_name="table",
            ),
            rx.cond(
                PerformanceImport.more_outside,
                rx.el.p(
                    _("Only the newest are listed; charts on the page Performance show them all."),
                    class_name="quiet",
                ),
            ),
        ),
    )


def _post(post: rx.Var[OutsideShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.cond(
                post.at,
                d_(post.at, "day", post.zone),
                rx.el.span(_("No date"), class_name="quiet"),
            ),
            class_name="when",
        ),
        rx.el.td(
            network_mark(post.network),
            " ",
            rx.el.span(post.text, dir="auto"),
            class_name="words",
        ),
        rx.el.td(
            rx.cond(post.key, rx.el.span(post.key, class_name="tag-small")),
            rx.el.button(
                rx.cond(post.key, _("Change…"), _("Link…")),
                type="button",
                class_name="link",
                aria_label=_("Say which post of yours “{words}” is", words=post.text),
                on_click=LinkPost.ask(post.id),
            ),
        ),
        key=post.id,
    )
