"""The guidelines' page, top to bottom as it looks."""

import reflex as rx

from postboard.names import TOPICS
from postboard.services.guideline_pages import (
    GuidelineSeen,
    Hit,
    SectionSeen,
    ToRead,
)
from postboard.ui.components.guideline import (
    rules_of,
    section_text,
    what_is_new,
    whose_guideline,
)
from postboard.ui.components.part_link import part_link
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.guidelines.draft import draft_desk
from postboard.ui.pages.guidelines.past import compared
from postboard.ui.pages.guidelines.reading import reading_aside
from postboard.ui.pages.guidelines.state import GuidelinesPage
from postboard.ui.pages.guidelines.writing import GuidelineWriting
from postboard.ui.words import _, d_, n_, table


def page() -> rx.Component:
    state = GuidelinesPage
    return staff_page(
        _("Guidelines"),
        title_row(
            _("Guidelines"),
            _shelf(),
            rx.el.span(class_name="grow"),
            rx.cond(~GuidelineWriting.writing, _search()),
            rx.cond(
                state.seen.to(GuidelineSeen).may_write & ~GuidelineWriting.writing,
                rx.el.button(
                    rx.cond(
                        state.seen.to(GuidelineSeen).is_draft,
                        _("Edit the draft"),
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
        rx.cond(state.comparing != "", compared()),
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
        # The draft that is open belongs to this one.
        disabled=GuidelineWriting.writing,
        class_name="filter guideline-whose",
    )


def _search() -> rx.Component:
    return rx.el.form(
        rx.el.input(
            type="search",
            name="asked",
            placeholder=_("Search all guidelines"),
            aria_label=_("Search all guidelines"),
            default_value=GuidelinesPage.asked,
            max_length=120,
            # Leaving what was found empties the field.
            key=(GuidelinesPage.asked == "").to_string(),
            auto_focus=GuidelinesPage.asked != "",
            dir="auto",
        ),
        on_submit=GuidelinesPage.search,
        role="search",
        class_name="guideline-search",
    )


def _found() -> rx.Component:
    return rx.el.section(
        rx.cond(
            GuidelinesPage.hits.length() == 0,
            rx.el.p(_("No guideline says that. Try fewer or other words."), class_name="quiet"),
            rx.fragment(
                rx.el.h2(
                    n_("{n} section found", "{n} sections found", GuidelinesPage.hits.length())
                ),
                rx.el.ol(rx.foreach(GuidelinesPage.hits, _hit), class_name="guideline-hits"),
            ),
        ),
        rx.el.button(
            _("Back to the guideline"),
            type="button",
            class_name="link",
            on_click=GuidelinesPage.open(GuidelinesPage.of),
        ),
        class_name="long-page guideline-found",
    )


def _hit(hit: rx.Var[Hit]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            hit.title,
            type="button",
            class_name="link",
            on_click=GuidelinesPage.open_at(hit.client_id, hit.key),
            dir="auto",
        ),
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
                    rx.foreach(seen.sections, lambda one: _section(one, seen)),
                    class_name="guideline-text",
                ),
                reading_aside(seen),
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
            whose_guideline(one),
            type="button",
            class_name="link",
            on_click=GuidelinesPage.open(one.client_id),
        ),
        rx.el.span(what_is_new(one), class_name="quiet"),
        rx.cond(one.must_be_read, rx.el.span(_("before work"), class_name="guideline-must")),
    )


def _contents(seen: rx.Var[GuidelineSeen]) -> rx.Component:
    return rx.el.nav(
        rx.el.h2(_("Contents")),
        rx.el.ol(
            rx.foreach(
                seen.sections,
                lambda one: rx.el.li(part_link(one.title, one.key)),
            )
        ),
        aria_label=_("Contents"),
        class_name="guideline-contents",
    )


def _head(seen: rx.Var[GuidelineSeen]) -> rx.Component:
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
            class_name="guideline-head",
        ),
    )


def _section(section: rx.Var[SectionSeen], seen: rx.Var[GuidelineSeen]) -> rx.Component:
    """In a client's guideline, with the name of whose section it is."""
    topic = table(TOPICS)[section.topic]
    return rx.el.section(
        rx.el.h2(section.title, dir="auto"),
        rx.el.p(
            rx.cond(topic != section.title, rx.el.span(topic)),
            rx.cond(
                seen.client_id != "",
                rx.el.span(rx.cond(section.client == "", _("The agency’s"), section.client)),
            ),
            rx.foreach(section.networks, lambda name: rx.el.span(table(NETWORKS)[name])),
            class_name="campaign-facts quiet",
        ),
        section_text(section.html),
        rules_of(section.rules),
        id=section.key,
        class_name="guideline-section",
    )


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
