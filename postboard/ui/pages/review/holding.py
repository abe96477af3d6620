"""Holding an approved post from the plan, and letting it go again."""

from typing import Any

import reflex as rx

from postboard.db.queries.review_plan import PlannedPost
from postboard.domain.content import REASON_MAX, Reason
from postboard.domain.permissions import Role
from postboard.domain.workflow import Action
from postboard.services import steps
from postboard.services.steps import Answer
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.given import text_in
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.pages.review.state import ReviewState
from postboard.ui.words import _


@floats("asked")
class HoldingState(SaysProblems, rx.State):
    asked: str = ""
    """The post that somebody is about to hold."""
    _version: int = 0

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def ask(self, post_id: str, version: int):
        """Open the form of one post, on the version that is shown; with no post close it."""
        self.problem = {}
        self.asked, self._version = post_id[:64], version

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def hold(self, form: dict[str, Any]):
        answer = Answer(Reason(text_in(form, "reason")))
        if await self._done(self._step(self.asked, Action.HOLD, self._version, answer)):
            self.asked = ""
        return ReviewState.refresh

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def release(self, post_id: str, version: int):
        await self._step(post_id, Action.RELEASE, version, Answer())
        return ReviewState.refresh

    async def _step(self, post_id: str, action: Action, version: int, answer: Answer) -> None:
        await self._write(steps.take_step, as_key(post_id), action, version=version, answer=answer)


def holding(post: rx.Var[PlannedPost]) -> rx.Component:
    return rx.fragment(
        rx.match(
            post.step,
            (
                Action.HOLD.value,
                rx.cond(HoldingState.asked == post.id, _form(post), _hold_button(post)),
            ),
            (Action.RELEASE.value, _release_button(post)),
            rx.fragment(),
        )
    )


def _hold_button(post: rx.Var[PlannedPost]) -> rx.Component:
    return rx.el.button(
        _("Hold…"),
        type="button",
        class_name="button plan-step",
        on_click=HoldingState.ask(post.id, post.version),
        aria_label=_("Hold “{post}”…", post=post.text),
    )


def _release_button(post: rx.Var[PlannedPost]) -> rx.Component:
    return rx.el.button(
        _("Release"),
        type="button",
        class_name="button plan-step",
        on_click=HoldingState.release(post.id, post.version),
        aria_label=_("Release “{post}”", post=post.text),
    )


def _form(post: rx.Var[PlannedPost]) -> rx.Component:
    field_id = f"hold-{post.id}"
    return rx.el.form(
        rx.el.label(_("Why should it wait?"), html_for=field_id),
        rx.el.textarea(
            id=field_id,
            name="reason",
            required=True,
            auto_focus=True,
            rows=3,
            max_length=REASON_MAX,
            dir="auto",
        ),
        rx.el.p(
            _("It is not published until somebody releases it. Your agency hears of it."),
            class_name="quiet",
        ),
        problem_line(HoldingState.problem),
        rx.el.div(
            rx.el.button(
                _("Cancel"),
                type="button",
                class_name="button",
                on_click=HoldingState.ask("", 0),
            ),
            rx.el.button(_("Put it on hold"), type="submit", class_name="button button-primary"),
            class_name="plan-buttons",
        ),
        on_submit=HoldingState.hold,
        class_name="review-form plan-hold",
    )
