"""Goals with their progress, and the form that sets one."""

from typing import Final

import reflex as rx

from postboard.domain.benchmarks import OWN
from postboard.domain.goals import BENCHMARKS, GoalMetric, Source
from postboard.locale import N_
from postboard.names import DEPARTMENTS
from postboard.services.steps import UNDO_FOR
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.filters import named
from postboard.ui.components.form import day_input, end, field
from postboard.ui.components.undo_bar import UndoBar
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.performance.goals import Edited, GoalLine, GoalsState, SetFor
from postboard.ui.pages.performance.state import PerformanceState
from postboard.ui.words import _, d_, n_

METRICS: Final = {
    GoalMetric.POSTS: N_("Posts published"),
    GoalMetric.INTERACTIONS: N_("Interactions: likes, comments, shares and saves"),
    GoalMetric.IMPRESSIONS: N_("Times shown"),
    GoalMetric.LINK_CLICKS: N_("Clicks on links"),
    GoalMetric.RATE: N_("Interactions per times shown, in %"),
    GoalMetric.ABOVE_BENCHMARK: N_("Posts that reach their benchmark, in %"),
    GoalMetric.ON_TIME: N_("Approved a day before they go out, in %"),
    GoalMetric.FIRST_PASS: N_("Approved without a request for changes, in %"),
    GoalMetric.RESPONSE: N_("Our answers, in working hours at the median"),
    GoalMetric.CLIENT_RESPONSE: N_("The client’s answers, in working hours at the median"),
}
SOURCES: Final = {
    Source.IMPORTS: N_("from imported figures"),
    Source.RECORD: N_("from the record of approvals"),
}


def goals_part() -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(_("Goals"), id="goals-title"),
            rx.cond(
                GoalsState.may_set.length() > 0,
                rx.el.button(
                    _("Set a goal"), type="button", class_name="button", on_click=GoalsState.ask
                ),
            ),
            class_name="part-head",
        ),
        rx.cond(
            GoalsState.goals.length() > 0,
            rx.el.ul(rx.foreach(GoalsState.goals, _goal), class_name="goals"),
            rx.cond(
                GoalsState.loaded,
                rx.el.p(
                    _("No goal is set. A goal says what the posts of some days are to reach."),
                    class_name="goals-none quiet",
                ),
            ),
        ),
        UndoBar.create(
            mark=GoalsState.removed,
            seconds=UNDO_FOR.total_seconds(),
            text=_("The goal is gone."),
            then="#goals .part-head button",
            on_undo=GoalsState.bring_back,
        ),
        rx.cond(GoalsState.edited, _dialog(GoalsState.edited.to(Edited))),
        class_name="performance-part",
        custom_attrs={"aria-labelledby": "goals-title"},
        id="goals",
    )


def _goal(goal: rx.Var[GoalLine]) -> rx.Component:
    name = rx.fragment(
        rx.el.span(_(rx.Var.create(_names())[goal.metric])),
        rx.cond(goal.network, rx.el.span(_(rx.Var.create(NETWORKS)[goal.network]))),
        rx.cond(goal.department, rx.el.span(_(rx.Var.create(_departments())[goal.department]))),
        rx.cond(goal.client, rx.el.span(goal.client, dir="auto"), rx.el.span(_("all clients"))),
    )
    shown = rx.el.li(
        rx.el.div(
            rx.el.h3(name, class_name="goal-name"),
            rx.cond(
                goal.may_change,
                rx.el.button(
                    _("Change…"),
                    type="button",
                    class_name="chart-door",
                    on_click=GoalsState.edit(goal.id),
                ),
            ),
            class_name="goal-head",
        ),
        rx.cond(
            goal.value == "",
            rx.el.p(
                rx.cond(
                    goal.of_answers,
                    _("Nobody has answered in these days yet."),
                    _("No post of these days has this figure yet."),
                ),
                class_name="goal-value quiet",
            ),
            rx.el.p(
                rx.el.strong(goal.value),
                rx.cond(
                    goal.at_most,
                    rx.el.span(_("at most {target}", target=goal.target)),
                    rx.el.span(_("of {target}", target=goal.target)),
                ),
                rx.cond(
                    goal.reached,
                    rx.el.span(_("reached"), class_name="goal-reached"),
                    rx.cond(goal.behind, rx.el.span(_("behind schedule"), class_name="goal-late")),
                ),
                class_name="goal-value",
            ),
        ),
        rx.el.div(
            rx.el.span(style={"width": goal.part.to_string() + "%"}),
            rx.el.i(style={"insetInlineStart": goal.elapsed.to_string() + "%"}),
            class_name="goal-bar",
            aria_hidden="true",
        ),
        rx.el.p(
            rx.el.span(
                _(
                    "{first} – {last}",
                    first=d_(goal.starts_on, "day"),
                    last=d_(goal.ends_on, "day"),
                )
            ),
            rx.el.span(_("{percent} % of the days have passed", percent=goal.elapsed)),
            rx.cond(
                goal.of_answers,
                rx.el.span(n_("{n} answer", "{n} answers", goal.known)),
                _of_posts(goal),
            ),
            rx.el.span(_(rx.Var.create(_sources())[goal.source])),
            rx.cond(goal.benchmark, rx.el.span(_("benchmark: {source}", source=_(goal.benchmark)))),
            rx.cond(goal.owner, rx.el.span(_("{name} sees to it", name=goal.owner), dir="auto")),
            class_name="goal-facts",
        ),
        key=goal.id,
    )
    chosen = PerformanceState.chosen.client
    return rx.cond((chosen == "") | (chosen == goal.key), shown)


def _of_posts(goal: rx.Var[GoalLine]) -> rx.Component:
    return rx.cond(
        goal.known < goal.posts,
        rx.el.span(_("known of {n} of {posts} posts", n=goal.known, posts=goal.posts)),
        rx.el.span(n_("{n} post", "{n} posts", goal.posts)),
    )


def _dialog(edited: rx.Var[Edited]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.cond(
                edited.id == "",
                field(
                    _("Whose"),
                    rx.el.select(
                        rx.foreach(GoalsState.may_set, _for_whom),
                        name="client",
                        default_value=edited.client,
                    ),
                ),
            ),
            field(
                _("What is counted"),
                rx.el.select(*named(METRICS), name="metric", default_value=edited.metric),
            ),
            rx.el.div(
                field(
                    _("To reach"),
                    rx.el.input(
                        name="target",
                        input_mode="decimal",
                        default_value=edited.target,
                        required=True,
                        max_length=15,
                        auto_complete="off",
                    ),
                ),
                field(
                    _("Network"),
                    rx.el.select(
                        rx.el.option(_("All networks"), value=""),
                        *named(NETWORKS),
                        name="network",
                        default_value=edited.network,
                    ),
                ),
                class_name="two-fields",
            ),
            rx.el.div(
                field(
                    _("Department"),
                    rx.el.select(
                        rx.el.option(_("All departments"), value=""),
                        *named(DEPARTMENTS),
                        name="department",
                        default_value=edited.department,
                    ),
                ),
                field(
                    _("Who sees to it"),
                    rx.el.select(
                        rx.el.option(_("Nobody"), value=""),
                        rx.foreach(
                            GoalsState.owners,
                            lambda one: rx.el.option(one.name, value=one.id),
                        ),
                        name="owner",
                        default_value=edited.owner,
                    ),
                ),
                class_name="two-fields",
            ),
            rx.el.div(
                field(
                    _("Benchmark"),
                    rx.el.select(
                        *(rx.el.option(_(source), value=source) for source in BENCHMARKS),
                        name="benchmark",
                        default_value=rx.cond(edited.benchmark, edited.benchmark, str(OWN)),
                    ),
                ),
                class_name="goal-benchmark",
            ),
            rx.el.div(
                field(_("First day"), day_input("starts_on", edited.starts_on, required=True)),
                field(_("Last day"), day_input("ends_on", edited.ends_on, required=True)),
                class_name="two-fields",
            ),
            problem_line(GoalsState.problem),
            rx.cond(
                edited.id != "",
                rx.el.button(
                    _("Delete the goal"),
                    type="button",
                    class_name="link goal-end",
                    on_click=GoalsState.remove,
                ),
            ),
            end(_("Save"), GoalsState.close),
            on_submit=GoalsState.save,
            class_name="dialog-form",
        ),
        label=rx.cond(edited.id == "", _("Set a goal"), _("Change the goal")),
        on_close=GoalsState.close,
    )


def _for_whom(one: rx.Var[SetFor]) -> rx.Component:
    return rx.el.option(rx.cond(one.key == "", _("All clients"), one.name), value=one.key)


def _names() -> dict[str, str]:
    return {metric.value: str(name) for metric, name in METRICS.items()}


def _departments() -> dict[str, str]:
    return {one.value: str(name) for one, name in DEPARTMENTS.items()}


def _sources() -> dict[str, str]:
    return {one.value: str(name) for one, name in SOURCES.items()}
