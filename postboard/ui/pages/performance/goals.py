"""Goals with their progress, and the form that sets one."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.charts.spec import Unit, figure_text
from postboard.db.queries import board, team
from postboard.db.queries import goals as query
from postboard.domain.benchmarks import OWN
from postboard.domain.content import NETWORKS as KNOWN_NETWORKS
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.goals import (
    AT_MOST,
    BENCHMARKS,
    GROWING,
    IN_PERCENT,
    Aim,
    GoalMetric,
    Source,
)
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, roles_with
from postboard.domain.team import Department
from postboard.locale import N_
from postboard.names import DEPARTMENTS
from postboard.services import goals
from postboard.services.goals import GoalSeen
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.filters import named
from postboard.ui.components.form import day_input, end, field
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.performance.state import PerformanceState
from postboard.ui.session import now, toast
from postboard.ui.words import _, d_, n_

STAFF: Final = tuple(STAFF_ROLES)
SETTERS: Final = roles_with(Permission.MANAGE_CLIENT)
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
_FULL: Final = 100


@dataclass(frozen=True)
class GoalLine:
    """A goal as it is read; figures are text, `part` and `elapsed` are percent for the bar."""

    id: str
    key: str
    """Its client's."""
    client: str
    metric: str
    network: str
    department: str
    benchmark: str
    owner: str
    source: str
    of_answers: bool
    """What is counted are answers, not posts."""
    at_most: bool
    starts_on: str
    ends_on: str
    target: str
    value: str
    part: int
    elapsed: int
    reached: bool
    behind: bool
    known: int
    posts: int
    may_change: bool


@dataclass(frozen=True)
class Edited:
    """A goal in its form; `id` is empty for a new one."""

    id: str
    version: int
    client: str
    metric: str
    network: str
    department: str
    benchmark: str
    owner: str
    target: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True)
class SetFor:
    """Whose goal it may be; no key is the agency itself."""

    key: str
    name: str


@dataclass(frozen=True)
class Owner:
    """Who may see to a goal."""

    id: str
    name: str


class GoalsState(SaysProblems, rx.State):
    loaded: bool = False
    goals: list[GoalLine] = []
    may_set: list[SetFor] = []
    owners: list[Owner] = []
    edited: Edited | None = None
    _seen: list[GoalSeen] = []

    @rx.event
    @allow(*STAFF)
    async def load(self):
        self.edited = None
        await self._look()

    @rx.event
    @allow(*SETTERS)
    async def ask(self):
        """Open the form of a new one, of this month until the end of the year."""
        page = await self.get_state(PerformanceState)
        today = now().date()
        last = today.replace(month=12, day=31)
        client = page.chosen.client or (self.may_set[0].key if self.may_set else "")
        self.problem = {}
        first = today.replace(day=1)
        days = first.isoformat(), last.isoformat()
        self.edited = Edited("", 0, client, GoalMetric.INTERACTIONS.value, *[""] * 5, *days)

    @rx.event
    @allow(*SETTERS)
    async def edit(self, goal_id: str):
        """Open the form on the version that is shown."""
        one = next((one for one in self._seen if one.id == goal_id), None)
        if one is None:
            raise NotFound
        self.problem = {}
        self.edited = Edited(
            one.id,
            one.version,
            one.client,
            one.metric,
            one.network,
            one.department,
            one.benchmark,
            one.owner_id,
            f"{one.target:g}",
            one.starts_on,
            one.ends_on,
        )

    @rx.event
    @allow(*SETTERS)
    async def close(self):
        self.edited = None

    @rx.event
    @allow(*SETTERS)
    async def save(self, form: dict[str, Any]):
        if self.edited is None:
            raise NotFound
        if not await self._done(self._save(form, self.edited)):
            return None
        self.edited = None
        await self._look()
        return toast(_("Saved."))

    @rx.event
    @allow(*SETTERS)
    async def remove(self):
        """The one in the form."""
        one = self.edited
        if one is None:
            raise NotFound
        if not await self._done(self._write(goals.remove, as_key(one.id), version=one.version)):
            return None
        self.edited = None
        await self._look()
        return toast(_("The goal is gone."))

    async def _save(self, form: dict[str, Any], edited: Edited) -> None:
        aim = _aim(form)
        if edited.id:
            goal = as_key(edited.id)
            await self._write(goals.change, goal, aim, version=edited.version)
            return
        key = text_in(form, "client")
        client_id = await self._read(query.client_id_of, key) if key else None
        if key and client_id is None:
            raise NotFound
        await self._write(goals.add, client_id, aim)

    async def _look(self) -> None:
        self._seen = await self._read(goals.seen, "", now=now())
        self.may_set = await self._read(_set_for)
        self.owners = await self._read(_owners) if self.may_set else []
        self.goals = [_line(one) for one in self._seen]
        self.loaded = True


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
                    _("No post of these days tells it yet."),
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
                    rx.cond(goal.behind, rx.el.span(_("behind its days"), class_name="goal-late")),
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
            rx.cond(goal.benchmark, rx.el.span(_("beside {source}", source=_(goal.benchmark)))),
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
            field(
                _("Benchmark, where posts are held beside one"),
                rx.el.select(
                    *(rx.el.option(_(source), value=source) for source in BENCHMARKS),
                    name="benchmark",
                    default_value=rx.cond(edited.benchmark, edited.benchmark, str(OWN)),
                ),
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
                    class_name="link",
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


def _owners(session: Session, actor: Actor) -> list[Owner]:
    """The staff of the clients whose goals the actor sets, and the agency's own people."""
    mine = actor.clients_with(Permission.MANAGE_CLIENT)
    return [Owner(one.id.hex, one.name) for one in team.staff_of(session, mine)]


def _set_for(session: Session, actor: Actor) -> list[SetFor]:
    mine = [
        SetFor(one.key, one.name)
        for one in board.clients(session, actor)
        if actor.may(Permission.MANAGE_CLIENT, one.id)
    ]
    agency = [SetFor("", "")] if actor.may(Permission.MANAGE_CLIENT) else []
    return [*mine, *agency]


def _line(one: GoalSeen) -> GoalLine:
    progress = one.progress
    metric = GoalMetric(one.metric)
    unit = Unit.PERCENT if metric in IN_PERCENT else Unit.COUNT
    part = progress.percent or 0
    return GoalLine(
        id=one.id,
        key=one.client,
        client=one.client_name,
        metric=one.metric,
        network=one.network,
        department=one.department,
        benchmark=one.benchmark,
        owner=one.owner,
        source=one.source.value,
        of_answers=metric in AT_MOST,
        at_most=metric in AT_MOST,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        target=figure_text(one.target, unit),
        value="" if progress.value is None else figure_text(progress.value, unit),
        part=min(_FULL, int(part)),
        elapsed=int(progress.elapsed),
        reached=progress.reached,
        # Only a sum grows with the days: a rate is as good or bad on any of them.
        behind=metric in GROWING and int(part) < int(progress.elapsed),
        known=progress.known,
        posts=progress.posts,
        may_change=one.may_change,
    )


def _aim(form: dict[str, Any]) -> Aim:
    first, last = day_in(form, "starts_on"), day_in(form, "ends_on")
    metric, network = text_in(form, "metric"), text_in(form, "network")
    department, owner = text_in(form, "department"), text_in(form, "owner")
    if first is None or last is None:
        raise BadInput("Choose the first and the last day.")
    if metric not in set(GoalMetric) or network not in {"", *KNOWN_NETWORKS}:
        raise BadInput
    if department not in {"", *Department}:
        raise BadInput
    chosen = GoalMetric(metric)
    return Aim(
        chosen,
        _number(text_in(form, "target"), whole=chosen in GROWING),
        first,
        last,
        network,
        Department(department) if department else None,
        as_key(owner) if owner else None,
        text_in(form, "benchmark") if chosen is GoalMetric.ABOVE_BENCHMARK else "",
    )


def _number(text: str, *, whole: bool) -> float:
    """Commas, points and spaces part the thousands of a whole number; of a rate they are points."""
    plain = "".join(text.split())
    plain = plain.replace(",", "").replace(".", "") if whole else plain.replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        raise BadInput("“{value}” is no number.", value=text[:40]) from None
