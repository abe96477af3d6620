"""“Who do I ask for …?” and its answers."""

import reflex as rx

from postboard.domain.asking import QUESTION_MAX
from postboard.ui.pages.people.state import AnswerLine, Answers, PeopleState
from postboard.ui.words import _, d_, language


def asking() -> rx.Component:
    return rx.el.section(
        rx.el.form(
            rx.el.label(
                rx.el.span(_("Who do I ask for …?")),
                rx.el.input(
                    name="question",
                    type="search",
                    max_length=QUESTION_MAX,
                    placeholder=_("The reel cover on Instagram"),
                    auto_complete="off",
                    dir="auto",
                ),
                class_name="field",
            ),
            rx.el.button(_("Ask"), type="submit", class_name="button button-primary"),
            on_submit=PeopleState.search,
            role="search",
            class_name="people-ask",
        ),
        rx.el.div(
            rx.cond(PeopleState.answers, _answers(PeopleState.answers.to(Answers))),
            aria_live="polite",
        ),
        class_name="people-search",
    )


def _answers(found: rx.Var[Answers]) -> rx.Component:
    return rx.cond(
        found.lines.length() > 0,
        rx.fragment(
            rx.el.ul(rx.foreach(found.lines, _answer), class_name="people-answers"),
            rx.cond(
                found.more,
                rx.el.p(_("There are more. Name the client, too."), class_name="hint"),
            ),
        ),
        rx.cond(
            found.understood,
            rx.el.p(_("Nobody is named for that yet."), class_name="quiet"),
            rx.el.p(
                _("Name what it is about: a caption, a reel cover, a report, a network."),
                class_name="quiet",
            ),
        ),
    )


def _answer(one: rx.Var[AnswerLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, class_name="line-name", dir="auto"),
        rx.el.span(
            rx.el.span(one.why[language()]),
            rx.cond(one.away_until, _away_said(one)),
            class_name="people-why",
        ),
        rx.el.a(one.client, href="/people/?client=" + one.key, dir="auto", class_name="link"),
        rx.el.a(one.email, href="mailto:" + one.email, class_name="people-mail"),
    )


def _away_said(one: rx.Var[AnswerLine]) -> rx.Component:
    day = d_(one.away_until, "day")
    return rx.el.span(
        rx.cond(
            one.stand_in,
            _("Away until {day}; {name} stands in.", day=day, name=one.stand_in),
            _("Away until {day}.", day=day),
        ),
        class_name="people-away",
    )
