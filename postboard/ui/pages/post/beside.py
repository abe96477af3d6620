"""Beside the work: the sections of the guidelines that matter for this post and this task."""

from typing import Final

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.domain.errors import NotFound
from postboard.domain.guidelines import Work
from postboard.domain.permissions import STAFF_ROLES
from postboard.names import WORKS
from postboard.services import guideline_pages
from postboard.services.guideline_pages import SectionSeen
from postboard.ui.components.filters import named
from postboard.ui.components.guideline import rules_of, section_text
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import Page
from postboard.ui.words import _

STAFF: Final = tuple(STAFF_ROLES)


class BesideState(Page, rx.State):
    work: str = ""
    sections: list[SectionSeen] = []
    loaded: bool = False

    @rx.event
    @allow(*STAFF)
    async def load(self, post_id: str):
        """For what this person is at: their task, else their role."""
        await self._look(post_id, None)

    @rx.event
    @allow(*STAFF)
    async def choose(self, post_id: str, work: str):
        if work not in set(Work):
            raise NotFound
        await self._look(post_id, Work(work))

    async def _look(self, post_id: str, work: Work | None) -> None:
        at, self.sections = await self._read(guideline_pages.beside_post, as_key(post_id), work)
        self.work, self.loaded = at.value, True


def beside_panel(post: rx.Var[PostFacts]) -> rx.Component:
    state = BesideState
    return rx.el.section(
        rx.el.header(
            rx.el.h2(_("Guideline")),
            rx.el.select(
                *named({str(work): name for work, name in WORKS.items()}),
                value=state.work,
                aria_label=_("What you are at"),
                on_change=lambda work: BesideState.choose(post.id, work),
                class_name="filter",
            ),
            class_name="beside-head",
        ),
        rx.cond(
            state.loaded & (state.sections.length() == 0),
            rx.el.p(_("No guideline says anything of this."), class_name="quiet"),
        ),
        rx.foreach(state.sections, lambda one: _section(one, post)),
        class_name="beside-panel",
        on_mount=BesideState.load(post.id),
    )


def _section(section: rx.Var[SectionSeen], post: rx.Var[PostFacts]) -> rx.Component:
    of = rx.cond(section.client == "", "", post.client_id)
    return rx.el.details(
        rx.el.summary(section.title, dir="auto"),
        section_text(section.html),
        rules_of(section.rules),
        rx.el.a(
            rx.cond(section.client == "", _("The agency’s"), section.client),
            " · ",
            _("Version {number}", number=section.version),
            href=rx.Var.create("/guidelines/?of=") + of + "#" + section.key,
            class_name="quiet",
        ),
        key=section.key,
        open=True,
    )
