"""The steps of a post planned backwards from the time it goes out, and how likely it is in time."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries import at_risk
from postboard.db.queries.at_risk import Chance
from postboard.db.queries.post_page import PostFacts
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES, Permission, roles_with
from postboard.domain.planning import LeadStep
from postboard.services import plan_view, planning
from postboard.services.plan_view import PlanSeen, Proposal, StepPlanned, StepProposed
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.components.hear import Hear
from postboard.ui.components.risk import risk_line
from postboard.ui.given import text_in, to_instant
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import LEAD_STEPS
from postboard.ui.pages.post.tasks import TasksState
from postboard.ui.session import now, toast
from postboard.ui.words import _, d_, n_

PLANNERS: Final = roles_with(Permission.EDIT_PLAN)


class BackwardState(SaysProblems, rx.State):
    plan: PlanSeen | None = None
    chance: Chance | None = None
    proposal: Proposal | None = None
    squeezing: bool = False
    """Whoever plans was told that the time is short, and wants it so."""
    moved: list[str] = []
    """The steps whose due times went along when the post was moved just now."""
    squeezed: bool = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def arrive(self, post_id: str):
        """Another post: nothing that was said of the one before holds."""
        self.plan = self.chance = None
        self._put_away()
        return BackwardState.load(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self, post_id: str):
        self.plan = await self._read(plan_view.seen, as_key(post_id), now=now())
        return BackwardState.look_ahead(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def look_ahead(self, post_id: str):
        """Apart, once the rest is there: what is known of the client's past takes a while."""
        found = await self._read(at_risk.chances, [as_key(post_id)], now=now())
        self.chance = found[0] if found else None

    @rx.event
    @allow(*PLANNERS)
    async def propose(self, post_id: str):
        """Count back from the time the post has; nothing is written yet."""
        self._put_away()
        await self._done(self._propose(post_id))

    @rx.event
    @allow(*PLANNERS)
    async def squeeze(self):
        self.squeezing = True

    @rx.event
    @allow(*PLANNERS)
    async def leave(self):
        self._put_away()

    @rx.event
    @allow(*PLANNERS)
    async def move_there(self):
        """Give the post the earliest time that works, and propose anew from there."""
        asked = self._asked()
        at = to_instant(asked.earliest_at.removesuffix("Z"), "UTC")
        move = self._write(plan_view.move, as_key(asked.post_id), at, version=asked.version)
        if await self._done(move):
            await self._done(self._propose(asked.post_id))
        return BackwardState.load(asked.post_id)

    @rx.event
    @allow(*PLANNERS)
    async def plan_it(self, form: dict[str, Any]):
        asked = self._asked()
        people = {
            LeadStep(one.step): as_key(person)
            for one in asked.steps
            if (person := text_in(form, f"person_{one.step}"))
        }
        post_id = as_key(asked.post_id)
        version, squeezed = asked.version, self.squeezing
        if not await self._done(
            self._write(planning.plan, post_id, people, squeezed=squeezed, version=version)
        ):
            why = self.problem
            if await self._done(self._propose(asked.post_id)):
                self.problem = why
            return None
        self._put_away()
        told = toast(_("Planned. Whoever has a task sees it under My work."))
        return [BackwardState.load(asked.post_id), TasksState.load(asked.post_id), told]

    async def _propose(self, post_id: str) -> None:
        self.proposal = await self._read(plan_view.propose, as_key(post_id), now=now())
        self.squeezing = False

    def _asked(self) -> Proposal:
        if self.proposal is None:
            raise NotFound
        return self.proposal

    def _put_away(self) -> None:
        self.proposal, self.squeezing = None, False
        self.moved, self.squeezed = [], False
        self.problem = {}


def odds_line(post: rx.Var[PostFacts]) -> rx.Component:
    """How likely it is in time; nothing for what has no date or is approved."""
    return rx.cond(
        BackwardState.chance & (BackwardState.chance.to(Chance).post_id == post.id),
        risk_line(BackwardState.chance.to(Chance)),
    )


def backward_block(post: rx.Var[PostFacts]) -> rx.Component:
    plan = BackwardState.plan.to(PlanSeen)
    return rx.el.section(
        Hear.create(only=post.id, version=post.version, on_signal=BackwardState.load(post.id)),
        rx.cond(BackwardState.plan, _block(post, plan)),
        on_mount=BackwardState.arrive(post.id),
        key=post.id,
        class_name="back-plan",
        aria_label=_("Plan"),
    )


def _block(post: rx.Var[PostFacts], plan: rx.Var[PlanSeen]) -> rx.Component:
    is_planned = plan.steps.length() > 0
    return rx.fragment(
        rx.el.header(
            rx.el.h2(_("Plan")),
            rx.el.span(class_name="grow"),
            rx.cond(
                plan.may_plan & ~BackwardState.proposal.bool(),
                rx.el.button(
                    rx.cond(is_planned, _("Plan anew"), _("Plan backwards")),
                    type="button",
                    class_name="button",
                    disabled=post.planned_at == "",
                    on_click=BackwardState.propose(post.id),
                ),
            ),
            class_name="tasks-head",
        ),
        rx.cond(
            BackwardState.proposal,
            _proposal(BackwardState.proposal.to(Proposal)),
            rx.fragment(
                problem_line(BackwardState.problem),
                rx.cond(is_planned, _standing(plan), _nothing_yet(post, plan)),
            ),
        ),
    )


def _nothing_yet(post: rx.Var[PostFacts], plan: rx.Var[PlanSeen]) -> rx.Component:
    return rx.cond(
        plan.may_plan,
        rx.el.p(
            rx.cond(
                post.planned_at == "",
                _("Give it a date first. Its steps are then counted back from there."),
                _("By when each step has to be over, counted back from the time it goes out."),
            ),
            class_name="quiet",
        ),
        rx.el.p(_("Nobody has planned its steps yet."), class_name="quiet"),
    )


def _standing(plan: rx.Var[PlanSeen]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(rx.foreach(plan.steps, lambda one: _step(one, plan.zone)), class_name="steps-due"),
        rx.el.div(rx.cond(BackwardState.moved.length() > 0, _what_moved()), role="status"),
    )


def _step(one: rx.Var[StepPlanned], zone: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(one.is_over, "✓", ""),
            rx.cond(one.is_over, rx.el.span(_("Done"), class_name="unseen")),
            class_name="step-mark",
        ),
        rx.el.span(_(rx.Var.create(LEAD_STEPS)[one.step]), class_name="step-name"),
        rx.el.span(one.who.join(", "), class_name="quiet step-who", dir="auto"),
        _due(one.due_at, zone, late=one.is_late),
        custom_attrs={
            "data-step": one.step,
            "data-done": one.is_over,
            "data-moved": BackwardState.moved.contains(one.step),
        },
    )


def _due(at: rx.Var[str], zone: rx.Var[str], *, late: Any = False) -> rx.Component:
    """On the client's clock; the reader's own is told on hover."""
    return rx.el.time(
        d_(at, "daytime", zone),
        title=d_(at, "daytime"),
        class_name="step-due",
        custom_attrs={"dateTime": at, "data-late": late},
    )


def _what_moved() -> rx.Component:
    return rx.el.p(
        n_(
            "{n} due time moved along with the post.",
            "{n} due times moved along with the post.",
            BackwardState.moved.length(),
        ),
        rx.cond(
            BackwardState.squeezed,
            rx.el.span(
                " ", _("Less time is left than the steps usually take: they share what there is.")
            ),
        ),
        class_name="steps-moved",
        custom_attrs={"data-squeezed": BackwardState.squeezed},
    )


def _proposal(asked: rx.Var[Proposal]) -> rx.Component:
    is_short = (asked.earliest_at != "") & ~BackwardState.squeezing
    return rx.el.form(
        rx.cond(is_short, _too_little(asked)),
        rx.el.ol(
            rx.foreach(asked.steps, lambda one: _proposed(one, asked)), class_name="steps-due"
        ),
        rx.el.p(
            _hours_needed(asked),
            " ",
            n_("{n} is left until it goes out.", "{n} are left until it goes out.", asked.left_h),
            class_name="quiet",
        ),
        problem_line(BackwardState.problem),
        rx.el.div(
            rx.el.button(
                _("Cancel"),
                type="button",
                class_name="button",
                # The button that opened this is gone, and the keyboard's place with it.
                auto_focus=True,
                on_click=BackwardState.leave,
            ),
            rx.cond(
                ~is_short,
                rx.el.button(_("Plan it"), type="submit", class_name="button button-primary"),
            ),
            class_name="dialog-buttons",
        ),
        on_submit=BackwardState.plan_it,
        class_name="back-proposal",
        # Drawn anew with each proposal: the suggested people are its own.
        key=asked.version.to_string() + asked.planned_at,
    )


def _too_little(asked: rx.Var[Proposal]) -> rx.Component:
    when = d_(asked.earliest_at, "daytime", asked.zone)
    return rx.el.div(
        rx.el.p(
            rx.cond(
                asked.is_over,
                rx.el.strong(_("The time it was to go out at has passed.")),
                rx.el.strong(_("Too little time is left.")),
            ),
            " ",
            rx.cond(
                asked.skips_closed,
                _("The earliest that works is {when}, after days without posts.", when=when),
                _("The earliest that works is {when}.", when=when),
            ),
        ),
        rx.el.div(
            rx.el.button(
                _("Move it to {when}", when=when),
                type="button",
                class_name="button button-primary",
                on_click=BackwardState.move_there,
            ),
            rx.cond(
                ~asked.is_over,
                rx.el.button(
                    _("Squeeze the steps"),
                    type="button",
                    class_name="button",
                    title=_("Each step gets its share of the time that is left."),
                    on_click=BackwardState.squeeze,
                ),
            ),
            class_name="quick-actions",
        ),
        class_name="back-short",
        role="alert",
    )


def _proposed(one: rx.Var[StepProposed], asked: rx.Var[Proposal]) -> rx.Component:
    name = _(rx.Var.create(LEAD_STEPS)[one.step])
    return rx.el.li(
        rx.el.span(class_name="step-mark", aria_hidden="true"),
        rx.el.span(name, class_name="step-name"),
        rx.cond(
            one.may_name,
            rx.el.select(
                rx.el.option(_("Nobody"), value=""),
                rx.foreach(
                    asked.people,
                    lambda person: rx.el.option(person.name, value=person.value),
                ),
                name="person_" + one.step,
                default_value=one.person,
                aria_label=_("Who does it: {step}", step=name),
                class_name="step-who",
            ),
            rx.el.span(class_name="step-who"),
        ),
        _due(one.due_at, asked.zone),
        rx.el.span(
            _lasting(one.minutes),
            rx.cond(
                one.minutes < one.usual_min,
                rx.el.span(" ", _("of {hours} h", hours=one.usual_min // 60)),
            ),
            class_name="quiet step-lasts",
        ),
        custom_attrs={"data-step": one.step},
    )


def _lasting(minutes: rx.Var[int]) -> rx.Var[str]:
    hours, rest = minutes // 60, minutes % 60
    return rx.cond(
        rest == 0,
        _("{hours} h", hours=hours),
        rx.cond(
            hours == 0,
            _("{minutes} min", minutes=rest),
            _("{hours} h {minutes} min", hours=hours, minutes=rest),
        ),
    ).to(str)


def _hours_needed(asked: rx.Var[Proposal]) -> rx.Var[str]:
    return n_(
        "These steps take {n} working hour.", "These steps take {n} working hours.", asked.needed_h
    )
