"""What was published before, taken away as a file, and compared."""

from typing import Any

import reflex as rx

from postboard.services.guideline_pages import ChangeSeen, GuidelineSeen, RuleSeen
from postboard.ui.components.dialog import Dialog
from postboard.ui.components.form import way_out
from postboard.ui.pages.guidelines.state import GuidelinesPage, VersionLine
from postboard.ui.words import _, d_, language


def versions(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    address = rx.Var.create("/guidelines/") + rx.cond(
        seen.client_id == "", "agency", seen.client_id
    )
    return rx.cond(
        seen.number > 0,
        rx.el.section(
            rx.el.h2(_("Versions")),
            rx.el.ol(rx.foreach(GuidelinesPage.versions, _version)),
            rx.el.p(
                rx.el.span(_("Download as"), class_name="quiet"),
                _download(address + "/" + seen.number.to_string() + ".md", "Markdown"),
                _download(address + "/" + seen.number.to_string() + ".json", "JSON"),
                class_name="guideline-files",
            ),
        ),
    )


def _version(one: rx.Var[VersionLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_("Version {number}", number=one.number)),
        rx.el.span(d_(one.at, "day"), " · ", one.who, class_name="quiet"),
        rx.cond(one.note != "", rx.el.p(one.note, dir="auto", class_name="quiet")),
        # In the first one everything is new.
        rx.cond(
            one.number > 1,
            rx.el.button(
                _("What changed"),
                type="button",
                class_name="link",
                on_click=GuidelinesPage.compare(one.number - 1, one.number),
                aria_label=_("What changed in version {number}", number=one.number),
            ),
        ),
    )


def _download(address: rx.Var[str], name: str) -> rx.Component:
    return rx.el.a(name, href=address, download=True, class_name="link")


def compared() -> rx.Component:
    return Dialog.create(
        rx.el.div(
            rx.cond(
                GuidelinesPage.changes.length() == 0,
                rx.el.p(_("Both say the same."), class_name="quiet"),
            ),
            rx.foreach(GuidelinesPage.changes, _change),
            class_name="guideline-changes",
        ),
        way_out(GuidelinesPage.close),
        label=_("What changed"),
        kind="wide",
        on_close=GuidelinesPage.close,
    )


def _change(one: rx.Var[ChangeSeen]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(
            one.title,
            " ",
            rx.match(
                one.mark,
                ("added", rx.el.span(_("is new"), class_name="quiet")),
                ("removed", rx.el.span(_("is gone"), class_name="quiet")),
                rx.fragment(),
            ),
        ),
        rx.el.p(rx.foreach(one.parts, _part), class_name="diff", dir="auto"),
        rx.el.ul(
            rx.foreach(one.rules_removed, lambda rule: _rule_line(rule, rx.el.del_)),
            rx.foreach(one.rules_added, lambda rule: _rule_line(rule, rx.el.ins)),
        ),
    )


def _part(part: rx.Var[Any]) -> rx.Component | rx.Var[Any]:
    return rx.match(
        part.mark,
        ("added", rx.el.ins(part.text)),
        ("removed", rx.el.del_(part.text)),
        rx.el.span(part.text),
    )


def _rule_line(rule: rx.Var[RuleSeen], tag: Any) -> rx.Component:
    return rx.el.li(tag(rule.in_each[language()]))
