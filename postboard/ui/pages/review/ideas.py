"""What the client would like to see posted, at the foot of the plan."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries import ideas as query
from postboard.db.queries.ideas import BrandForIdeas, IdeaSeen, IdeasOfMine
from postboard.domain.content import LINK_MAX
from postboard.domain.ideas import TEXT_MAX, IdeaState, NewIdea
from postboard.domain.permissions import CLIENT_ROLES, Role
from postboard.locale import N_
from postboard.services import ideas as service
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.components.idea import idea_link, vote_button, wished_for
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.words import _

STATES: Final = {
    IdeaState.NEW: N_("Waits for an answer"),
    IdeaState.TAKEN_UP: N_("Becomes a post"),
    IdeaState.DECLINED: N_("Declined"),
}
"""As the client's side sees them."""


class IdeasState(SaysProblems, rx.State):
    seen: IdeasOfMine | None = None
    added: int = 0
    """Grows with every idea, so that the form is drawn anew."""

    @rx.event
    @allow(*CLIENT_ROLES)
    async def look(self):
        self.problem = {}
        self.seen = await self._read(query.of_mine)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def add(self, form: dict[str, Any]):
        if await self._done(self._add(form)):
            self.added += 1
        self.seen = await self._read(query.of_mine)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def vote(self, idea_id: str, wanted: bool):
        try:
            await self._write(service.vote, as_key(idea_id), wanted=wanted)
        finally:
            self.seen = await self._read(query.of_mine)

    async def _add(self, form: dict[str, Any]) -> None:
        new = NewIdea(text_in(form, "idea"), text_in(form, "link"), day_in(form, "wished_on"))
        await self._write(service.add, as_key(text_in(form, "client")), new)


def ideas() -> rx.Component:
    return rx.el.section(
        rx.cond(IdeasState.seen, _room(IdeasState.seen.to(IdeasOfMine))),
        class_name="review-ideas",
        on_mount=IdeasState.look,
    )


def _room(seen: rx.Var[IdeasOfMine]) -> rx.Component:
    return rx.cond(
        (seen.ideas.length() > 0) | (seen.brands.length() > 0),
        rx.fragment(
            rx.el.h3(_("Ideas")),
            rx.cond(seen.brands.length() > 0, _form(seen.brands)),
            rx.el.ol(rx.foreach(seen.ideas, _idea)),
        ),
    )


def _form(brands: rx.Var[list[BrandForIdeas]]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Add an idea"), class_name="link"),
        rx.el.form(
            rx.cond(
                brands.length() > 1,
                rx.el.label(_("Brand"), rx.el.select(rx.foreach(brands, _brand), name="client")),
                rx.el.input(type="hidden", name="client", value=brands[0].id),
            ),
            rx.el.label(
                _("What would you like to see posted?"),
                rx.el.textarea(name="idea", required=True, rows=4, max_length=TEXT_MAX, dir="auto"),
            ),
            rx.el.label(
                _("Link, if there is one"),
                rx.el.input(
                    type="url", name="link", max_length=LINK_MAX, placeholder="https://", dir="ltr"
                ),
            ),
            rx.el.label(
                _("On which day, if it matters"), rx.el.input(type="date", name="wished_on")
            ),
            problem_line(IdeasState.problem),
            rx.el.button(_("Send the idea"), type="submit", class_name="button button-primary"),
            on_submit=IdeasState.add,
            class_name="review-form",
        ),
        key=IdeasState.added.to_string(),
    )


def _brand(brand: rx.Var[BrandForIdeas]) -> rx.Component:
    return rx.el.option(brand.name, value=brand.id)


def _idea(idea: rx.Var[IdeaSeen]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.strong(
                rx.el.span(
                    class_name="dot", custom_attrs={"data-idea": idea.state}, aria_hidden="true"
                ),
                _(rx.Var.create(STATES)[idea.state]),
            ),
            rx.el.span(idea.author, dir="auto"),
            wished_for(idea.wished_on),
            class_name="idea-facts quiet",
        ),
        rx.el.p(idea.text, class_name="idea-text", dir="auto"),
        idea_link(idea.link),
        rx.cond(idea.answer, rx.el.p(idea.answer, class_name="idea-answer", dir="auto")),
        rx.cond(
            idea.state == IdeaState.NEW.value,
            vote_button(
                idea.text,
                idea.votes,
                idea.voted,
                IdeasState.vote(idea.id, ~idea.voted),
                enabled=IdeasState.seen.to(IdeasOfMine).brands.length() > 0,
            ),
        ),
        key=idea.id,
    )
