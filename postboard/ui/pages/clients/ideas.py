"""The ideas for a client: what waits is made a post, or declined with a word."""

from typing import Any

import reflex as rx

from postboard.db.queries.clients import ClientInFull
from postboard.db.queries.ideas import IdeaSeen
from postboard.domain.ideas import IdeaState
from postboard.services import ideas as service
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.components.idea import idea_link, why_not, wished_for
from postboard.ui.given import text_in
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.labels import IDEAS
from postboard.ui.pages.clients.state import KEEPERS, ClientsState
from postboard.ui.words import _, n_


@floats("asked")
class AnsweringState(SaysProblems, rx.State):
    asked: str = ""
    """The idea that somebody is about to decline."""
    _version: int = 0

    @rx.event
    @allow(*KEEPERS)
    async def ask(self, idea_id: str, version: int):
        """Open the form of one idea, on the version that is shown; with no idea close it."""
        self.problem = {}
        self.asked, self._version = idea_id[:64], version

    @rx.event
    @allow(*KEEPERS)
    async def take_up(self, idea_id: str, version: int):
        await self._write(service.take_up, as_key(idea_id), version=version)
        return ClientsState.look_again

    @rx.event
    @allow(*KEEPERS)
    async def decline(self, form: dict[str, Any]):
        if await self._done(self._decline(text_in(form, "answer"))):
            self.asked = ""
        return ClientsState.look_again

    async def _decline(self, answer: str) -> None:
        await self._write(service.decline, as_key(self.asked), answer, version=self._version)


def ideas(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(_("Ideas"), class_name="section-name"),
            rx.cond(
                client.ideas.new > 0,
                rx.el.span(n_("{n} new", "{n} new", client.ideas.new), class_name="new-here"),
            ),
            rx.el.span(class_name="grow"),
            rx.el.a(
                _("All open ideas"),
                href=rx.Var.create("/ideas/?client=") + client.key,
                class_name="link",
            ),
            class_name="section-head",
        ),
        rx.cond(
            client.ideas.ideas.length() > 0,
            rx.el.ul(rx.foreach(client.ideas.ideas, _idea), class_name="lines"),
            rx.el.p(
                _("None yet. The client’s reviewers add them under their plan."),
                class_name="quiet",
            ),
        ),
        id="ideas",
        class_name="client-section",
    )


def _idea(idea: rx.Var[IdeaSeen]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(idea.text, class_name="idea-text", dir="auto"),
            idea_link(idea.link),
            rx.el.p(
                rx.el.span(idea.author, dir="auto"),
                wished_for(idea.wished_on),
                rx.el.span(_(rx.Var.create(IDEAS)[idea.state])),
                rx.cond(idea.votes > 0, rx.el.span(n_("{n} vote", "{n} votes", idea.votes))),
                rx.cond(idea.internal, rx.el.span(_("for the agency only"))),
                rx.cond(
                    idea.post,
                    rx.el.a(
                        idea.post,
                        href=rx.Var.create("/post/?key=") + idea.post,
                        class_name="link",
                    ),
                ),
                class_name="line-more",
            ),
            rx.cond(idea.answer, rx.el.p(idea.answer, class_name="idea-answer", dir="auto")),
            rx.cond(AnsweringState.asked == idea.id, _form(idea)),
            class_name="line-words",
        ),
        rx.cond(
            (idea.state == IdeaState.NEW.value) & (AnsweringState.asked != idea.id),
            rx.fragment(
                rx.el.button(
                    _("Make it a post"),
                    type="button",
                    class_name="button",
                    on_click=AnsweringState.take_up(idea.id, idea.version),
                    aria_label=_("Make “{idea}” a post", idea=idea.text),
                ),
                rx.el.button(
                    _("Decline…"),
                    type="button",
                    class_name="button button-quiet",
                    on_click=AnsweringState.ask(idea.id, idea.version),
                    aria_label=_("Decline “{idea}”…", idea=idea.text),
                ),
            ),
        ),
        key=idea.id,
    )


def _form(idea: rx.Var[IdeaSeen]) -> rx.Component:
    return rx.el.form(
        why_not(idea.internal),
        problem_line(AnsweringState.problem),
        rx.el.button(
            _("Cancel"), type="button", class_name="button", on_click=AnsweringState.ask("", 0)
        ),
        rx.el.button(_("Decline"), type="submit", class_name="button button-primary"),
        on_submit=AnsweringState.decline,
        class_name="add-line",
    )
