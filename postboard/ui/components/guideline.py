"""A guideline's section as it is read, on its page and beside the work."""

import reflex as rx

from postboard.services.guideline_pages import RuleSeen, ToRead
from postboard.ui.words import _, language


def section_text(html: rx.Var[str]) -> rx.Component:
    """What `domain.markdown.as_html` made safe."""
    return rx.el.div(rx.html(html), class_name="prose", dir="auto")


def rules_of(rules: rx.Var[list[RuleSeen]]) -> rx.Component:
    return rx.cond(
        rules.length() > 0,
        rx.el.div(
            rx.el.h3(_("Checked on every post")),
            rx.el.ul(rx.foreach(rules, lambda rule: rx.el.li(rule.in_each[language()]))),
            class_name="guideline-rules",
        ),
    )


def whose_guideline(one: rx.Var[ToRead]) -> rx.Var[str]:
    return rx.cond(
        one.client == "", _("The agency’s guideline"), _("{name}: guideline", name=one.client)
    )


def what_is_new(one: rx.Var[ToRead]) -> rx.Var[str]:
    return rx.cond(
        one.known == 0,
        _("new for you"),
        _("version {number}; you know {known}", number=one.number, known=one.known),
    )
