"""The guidelines' page, top to bottom as it looks."""

from typing import Any

import reflex as rx

from postboard.names import TOPICS
from postboard.services.guideline_pages import (
    ChangeSeen,
    GuidelineSeen,
    Hit,
    ReaderSeen,
    RuleSeen,
    SectionSeen,
    ToRead,
)
from postboard.ui.components.dialog import Dialog
from postboard.ui.components.guideline import rules_of, section_text
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.guidelines.draft import draft_desk
from postboard.ui.pages.guidelines.state import GuidelinesPage, VersionLine
from postboard.ui.pages.guidelines.writing import GuidelineWriting
from postboard.ui.words import _, d_, language, n_, table


def page() -> rx.Component:
    state = GuidelinesPage
    return staff_page(
        _("Guidelines"),
        title_row(
            _("Guidelines"),
            _shelf(),
            rx.el.span(class_name="grow"),
            _search(),
            rx.cond(
                state.seen.to(GuidelineSeen).may_write & ~GuidelineWriting.writing,
                rx.el.button(
                    rx.cond(
                        state.seen.to(GuidelineSeen).is_draft,
                        _("Go on with the draft"),
                        _("Edit"),
                    ),
                    type="button",
                    class_name="button button-primary",
                    on_click=GuidelineWriting.begin(state.of),
                ),
            ),
        ),
        rx.cond(
            GuidelineWriting.writing,
            draft_desk(),
            rx.cond(
                state.asked != "",
                _found(),
                rx.cond(state.loaded, _opened(state.seen.to(GuidelineSeen)), _skeleton()),
            ),
        ),
        rx.cond(state.comparing != "", _compared()),
        here="/guidelines/",
    )


def _shelf() -> rx.Component:
    """Whose guideline is open."""
    return rx.el.select(
        rx.foreach(
            GuidelinesPage.shelf,
            lambda one: rx.el.option(
                rx.cond(one.id == "", _("The agency’s"), one.name), value=one.id
            ),
        ),
        value=GuidelinesPage.of,
        aria_label=_("Whose guideline"),
        on_change=GuidelinesPage.open,
        class_name="filter",
    )


def _search() -> rx.Component:
    return rx.el.form(
        rx.el.input(
            type="search",
            name="asked",
            placeholder=_("Search all guidelines"),
            aria_label=_("Search all guidelines"),
            max_length=120,
            dir="auto",
        ),
        on_submit=GuidelinesPage.search,
        role="search",
        class_name="guideline-search",
    )


def _found() -> rx.Component:
    return rx.el.section(
        rx.el.h2(n_("{n} section found", "{n} sections found", GuidelinesPage.hits.length())),
        rx.cond(
            GuidelinesPage.hits.length() == 0,
            rx.el.p(_("No guideline says that. Try fewer or other words."), class_name="quiet"),
        ),
        rx.el.ol(rx.foreach(GuidelinesPage.hits, _hit), class_name="guideline-hits"),
        rx.el.button(
            _("Back to the guideline"),
            type="button",
            class_name="link",
            on_click=GuidelinesPage.open(GuidelinesPage.of),
        ),
        class_name="long-page",
    )


def _hit(hit: rx.Var[Hit]) -> rx.Component:
    return rx.el.li(
        rx.el.a(hit.title, href=rx.Var.create("/guidelines/?of=") + hit.client_id + "#" + hit.key),
        rx.el.span(rx.cond(hit.client == "", _("The agency’s"), hit.client), class_name="quiet"),
        rx.el.p(hit.excerpt, dir="auto"),
    )


def _opened(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.el.div(
        rx.cond(GuidelinesPage.unread.length() > 0, _unread()),
        rx.cond(
            seen.sections.length() > 0,
            rx.el.div(
                _contents(seen),
                rx.el.div(
                    _head(seen),
                    rx.foreach(seen.sections, _section),
                    class_name="guideline-text",
                ),
                rx.el.aside(_readers(seen), _versions(seen), class_name="guideline-aside"),
                class_name="guideline-open",
            ),
            _nothing_yet(seen),
        ),
        class_name="long-page",
    )


def _unread() -> rx.Component:
    """What one still has to read: for somebody new, everything."""
    return rx.el.section(
        rx.el.h2(_("To read")),
        rx.el.ul(rx.foreach(GuidelinesPage.unread, _to_read)),
        class_name="guideline-unread",
    )


def _to_read(one: rx.Var[ToRead]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.cond(one.client == "", _("The agency’s guideline"), one.client),
            type="button",
            class_name="link",
            on_click=GuidelinesPage.open(one.client_id),
        ),
        rx.el.span(
            rx.cond(
                one.known == 0,
                _("new for you"),
                _("version {number}; you know {known}", number=one.number, known=one.known),
            ),
            class_name="quiet",
        ),
        rx.cond(one.must_be_read, rx.el.span(_("before work"), class_name="mark")),
        rx.cond(one.note != "", rx.el.p(one.note, dir="auto", class_name="quiet")),
    )


def _contents(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.el.nav(
        rx.el.h2(_("Contents")),
        rx.el.ol(
            rx.foreach(
                seen.sections,
                lambda one: rx.el.li(rx.el.a(one.title, href=rx.Var.create("#") + one.key)),
            )
        ),
        aria_label=_("Contents"),
        class_name="guideline-contents",
    )


def _head(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    read = seen.read_by_me == seen.number
    return rx.cond(
        seen.number > 0,
        rx.el.div(
            rx.el.p(
                _(
                    "Version {number}, published on {day} by {who}",
                    number=seen.number,
                    day=d_(seen.published_at, "day"),
                    who=seen.who,
                ),
                class_name="quiet",
            ),
            rx.cond(seen.note != "", rx.el.p(seen.note, dir="auto")),
            rx.cond(
                read,
                rx.el.p(_("You have read this version."), class_name="quiet"),
                rx.el.button(
                    _("I have read it"),
                    type="button",
                    class_name="button button-primary",
                    on_click=GuidelinesPage.acknowledge(seen.number),
                ),
            ),
            class_name="guideline-head",
        ),
    )


def _section(section: rx.Var[SectionSeen]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(section.title, dir="auto"),
        rx.el.p(
            rx.el.span(table(TOPICS)[section.topic]),
            rx.el.span(rx.cond(section.client == "", _("The agency’s"), section.client)),
            rx.foreach(section.networks, lambda name: rx.el.span(table(NETWORKS)[name])),
            class_name="campaign-facts quiet",
        ),
        section_text(section.html),
        rules_of(section.rules),
        id=section.key,
        class_name="guideline-section",
    )


def _readers(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.cond(
        seen.number > 0,
        rx.el.section(
            rx.el.h2(n_("{n} has not read it", "{n} have not read it", seen.unread)),
            rx.el.ul(rx.foreach(seen.readers, lambda one: _reader(one, seen))),
            rx.cond(
                seen.may_demand,
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        checked=seen.must_be_read,
                        on_change=GuidelinesPage.demand(~seen.must_be_read, seen.version),
                    ),
                    rx.el.span(_("Has to be read before work")),
                    class_name="check",
                ),
            ),
        ),
    )


def _reader(one: rx.Var[ReaderSeen], seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, dir="auto"),
        rx.match(
            one.number,
            (seen.number, rx.el.span(_("has read it"), class_name="quiet")),
            (0, rx.el.span(_("not yet"), class_name="late")),
            rx.el.span(_("knows version {number}", number=one.number), class_name="late"),
        ),
    )


def _versions(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    address = rx.Var.create("/guidelines/") + rx.cond(
        seen.client_id == "", "agency", seen.client_id
    )
    return rx.cond(
        seen.number > 0,
        rx.el.section(
            rx.el.h2(_("Versions")),
            rx.el.ol(rx.foreach(GuidelinesPage.versions, _version)),
            rx.el.p(
                _download(address + "/" + seen.number.to_string() + ".md", "Markdown"),
                _download(address + "/" + seen.number.to_string() + ".json", "JSON"),
            ),
        ),
    )


def _version(one: rx.Var[VersionLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_("Version {number}", number=one.number)),
        rx.el.span(d_(one.at, "day"), one.who, class_name="campaign-facts quiet"),
        rx.cond(one.note != "", rx.el.p(one.note, dir="auto", class_name="quiet")),
        rx.el.button(
            _("What changed"),
            type="button",
            class_name="link",
            on_click=GuidelinesPage.compare(one.number - 1, one.number),
            aria_label=_("What changed in version {number}", number=one.number),
        ),
    )


def _download(address: rx.Var[str], name: str) -> rx.Component:
    return rx.el.a(name, href=address, download=True, class_name="link")


def _compared() -> rx.Component:
    return Dialog.create(
        rx.el.div(
            rx.cond(
                GuidelinesPage.changes.length() == 0,
                rx.el.p(_("Both say the same."), class_name="quiet"),
            ),
            rx.foreach(GuidelinesPage.changes, _change),
            class_name="guideline-changes",
        ),
        label=_("What changed"),
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


def _nothing_yet(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Nothing is published here yet")),
        rx.el.p(
            _(
                "A guideline says once what would else be said in every review:"
                " tone, length, pictures, deadlines. Its rules check every post."
            ),
            class_name="quiet",
        ),
        rx.cond(
            seen.may_write,
            rx.el.button(
                _("Write it"),
                type="button",
                class_name="button",
                on_click=GuidelineWriting.begin(seen.client_id),
            ),
        ),
        class_name="nothing-yet",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        *(rx.el.div(class_name="campaign-skeleton") for _line in range(6)),
        class_name="long-page",
        aria_hidden="true",
    )
