"""Beside a guideline: whether I have read it, who has not, and what was published before."""

import reflex as rx

from postboard.services.guideline_pages import GuidelineSeen, ReaderSeen
from postboard.ui.pages.guidelines.failing import failing_now
from postboard.ui.pages.guidelines.past import versions
from postboard.ui.pages.guidelines.state import GuidelinesPage
from postboard.ui.words import _, n_


def reading_aside(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.cond(
        seen.number > 0,
        rx.el.aside(
            _mine(seen),
            failing_now(GuidelinesPage.failing, GuidelinesPage.more),
            _readers(seen),
            versions(seen),
            class_name="guideline-aside",
        ),
    )


def _mine(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.el.section(
        rx.cond(
            seen.read_by_me == seen.number,
            rx.el.p(_("You have read this version."), class_name="quiet"),
            rx.el.button(
                _("I have read it"),
                type="button",
                class_name="button button-primary",
                on_click=GuidelinesPage.acknowledge(seen.number),
            ),
        ),
    )


def _readers(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    """Who has not read it stands open, who has is folded away."""
    return rx.el.section(
        rx.cond(
            seen.unread > 0,
            rx.fragment(
                rx.el.h2(n_("{n} has not read it", "{n} have not read it", seen.unread)),
                rx.el.ul(
                    rx.foreach(
                        seen.readers,
                        lambda one: rx.cond(one.number != seen.number, _waiting(one)),
                    )
                ),
                rx.cond(
                    seen.may_write,
                    rx.el.button(
                        _("Remind them"),
                        type="button",
                        class_name="link",
                        on_click=GuidelinesPage.remind,
                    ),
                ),
            ),
            rx.el.h2(_("Everybody has read it")),
        ),
        rx.cond(
            seen.readers.length() > seen.unread,
            rx.el.details(
                rx.el.summary(
                    n_(
                        "{n} has read it",
                        "{n} have read it",
                        seen.readers.length() - seen.unread,
                    )
                ),
                rx.el.ul(
                    rx.foreach(
                        seen.readers,
                        lambda one: rx.cond(
                            one.number == seen.number, rx.el.li(one.name, dir="auto")
                        ),
                    )
                ),
            ),
        ),
        rx.cond(
            seen.may_demand,
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=seen.must_be_read,
                    on_change=GuidelinesPage.demand(~seen.must_be_read, seen.version),
                ),
                rx.el.span(_("Has to be read before work")),
                title=_("Nobody works on a post before they have read the version in force."),
                class_name="check",
            ),
        ),
    )


def _waiting(one: rx.Var[ReaderSeen]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, dir="auto"),
        rx.cond(
            one.number > 0,
            rx.el.span(_("knows version {number}", number=one.number), class_name="quiet"),
        ),
    )
