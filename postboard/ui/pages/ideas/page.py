"""The ideas' page, top to bottom as it looks."""

import reflex as rx

from postboard.db.queries.ideas import OpenIdea
from postboard.domain.content import LINK_MAX
from postboard.domain.ideas import TEXT_MAX
from postboard.ui.components.client_colour import client_colour
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.filters import client_chooser
from postboard.ui.components.form import check, end, field
from postboard.ui.components.idea import idea_link, vote_button, why_not, wished_for
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.ideas.state import IdeasPage
from postboard.ui.words import _


def page() -> rx.Component:
    return staff_page(
        _("Ideas"),
        title_row(
            _("Ideas"),
            rx.cond(IdeasPage.clients.length() > 1, client_chooser(IdeasPage)),
            rx.el.span(class_name="grow"),
            rx.cond(
                IdeasPage.clients.length() > 0,
                rx.el.button(
                    _("Add an idea"),
                    type="button",
                    class_name="button button-primary",
                    on_click=IdeasPage.ask,
                ),
            ),
        ),
        rx.el.div(
            rx.cond(
                IdeasPage.loaded,
                rx.cond(
                    IdeasPage.count > 0,
                    rx.el.ol(rx.foreach(IdeasPage.ideas, _idea), class_name="ideas-list"),
                    _none_yet(),
                ),
                rx.el.div(
                    *(rx.el.div(class_name="campaign-skeleton") for _line in range(4)),
                    class_name="ideas-list",
                    aria_hidden="true",
                ),
            ),
            class_name="long-page",
        ),
        rx.match(
            IdeasPage.asking,
            ("new", _dialog(_("Add an idea"), _new())),
            ("post", _dialog(_("Make it a post"), _post(IdeasPage.about.to(OpenIdea)))),
            ("decline", _dialog(_("Decline the idea"), _decline(IdeasPage.about.to(OpenIdea)))),
            rx.fragment(),
        ),
        here="/ideas/",
    )


def _idea(idea: rx.Var[OpenIdea]) -> rx.Component:
    return rx.cond(
        (IdeasPage.shown == "") | (IdeasPage.shown == idea.client),
        rx.el.li(
            vote_button(
                idea.text,
                idea.votes,
                idea.voted,
                IdeasPage.vote(idea.id, ~idea.voted),
                enabled=idea.may_vote,
            ),
            rx.el.div(
                rx.el.p(idea.text, class_name="idea-text", dir="auto"),
                idea_link(idea.link),
                rx.el.p(
                    client_colour(idea.hue),
                    rx.el.span(idea.brand, dir="auto"),
                    rx.el.span(idea.author, dir="auto"),
                    wished_for(idea.wished_on),
                    rx.cond(idea.internal, rx.el.span(_("for the agency only"))),
                    class_name="campaign-facts quiet",
                ),
                class_name="line-words",
            ),
            rx.cond(idea.may_take_up, _answers(idea)),
            key=idea.id,
        ),
    )


def _answers(idea: rx.Var[OpenIdea]) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            _("Make it a post…"),
            type="button",
            class_name="button",
            on_click=IdeasPage.ask_about("post", idea.id),
            aria_label=_("Make “{idea}” a post", idea=idea.text),
        ),
        rx.el.button(
            _("Decline…"),
            type="button",
            class_name="button button-quiet",
            on_click=IdeasPage.ask_about("decline", idea.id),
            aria_label=_("Decline “{idea}”…", idea=idea.text),
        ),
        class_name="row-actions",
    )


def _dialog(label: rx.Var[str], content: rx.Component) -> rx.Component:
    return Dialog.create(content, label=label, on_close=IdeasPage.close)


def _new() -> rx.Component:
    return rx.el.form(
        field(
            _("Client"),
            rx.el.select(
                rx.foreach(IdeasPage.clients, lambda one: rx.el.option(one.name, value=one.id)),
                name="client",
            ),
        ),
        field(
            _("What could be posted?"),
            rx.el.textarea(
                name="idea",
                required=True,
                rows="4",
                max_length=TEXT_MAX,
                auto_focus=True,
                dir="auto",
            ),
        ),
        field(
            _("Link, if there is one"),
            rx.el.input(
                type="url", name="link", max_length=LINK_MAX, placeholder="https://", dir="ltr"
            ),
        ),
        field(_("On which day, if it matters"), rx.el.input(type="date", name="wished_on")),
        check("shared", _("The client sees it too and may vote")),
        problem_line(IdeasPage.problem),
        end(_("Add the idea"), IdeasPage.close),
        on_submit=IdeasPage.add,
        class_name="dialog-form",
    )


def _post(idea: rx.Var[OpenIdea]) -> rx.Component:
    return rx.el.form(
        rx.el.p(idea.text, class_name="idea-text", dir="auto"),
        field(
            _("On which day, at noon for a start"),
            rx.el.input(type="date", name="day", default_value=idea.wished_on),
        ),
        rx.el.p(_("Without a day it is a draft without a date."), class_name="hint"),
        problem_line(IdeasPage.problem),
        end(_("Make it a post"), IdeasPage.close),
        on_submit=IdeasPage.take_up,
        class_name="dialog-form",
    )


def _decline(idea: rx.Var[OpenIdea]) -> rx.Component:
    return rx.el.form(
        rx.el.p(idea.text, class_name="idea-text", dir="auto"),
        why_not(idea.internal),
        problem_line(IdeasPage.problem),
        end(_("Decline"), IdeasPage.close),
        on_submit=IdeasPage.decline,
        class_name="dialog-form",
    )


def _none_yet() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("No idea waits for a day")),
        rx.el.p(
            _(
                "Ideas of yours and of the clients gather here, with votes,"
                " until one becomes a post or is declined."
            ),
            class_name="quiet",
        ),
        class_name="nothing-yet",
    )
