"""What the goals of the performance page are, and what may be done with them."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.charts.spec import Unit, figure_text
from postboard.db.queries import choices, team
from postboard.db.queries import goals as query
from postboard.domain.content import NETWORKS as KNOWN_NETWORKS
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.goals import (
    AT_MOST,
    GROWING,
    IN_PERCENT,
    Aim,
    GoalMetric,
)
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, roles_with
from postboard.domain.team import Department
from postboard.services import goals
from postboard.services.goals import GoalSeen
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.pages.performance.state import PerformanceState
from postboard.ui.session import now, toast
from postboard.ui.words import _

STAFF: Final = tuple(STAFF_ROLES)
SETTERS: Final = roles_with(Permission.MANAGE_CLIENT)
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
    removed: str = ""
    """Names the removal that can be taken back."""
    _removed: tuple[str, int] = ("", 0)
    """The goal and the version it has since."""
    _seen: list[GoalSeen] = []

    @rx.event
    @allow(*STAFF)
    async def load(self):
        self.edited, self.removed = None, ""
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
            return
        self.edited = None
        self._removed = one.id, one.version + 1
        self.removed = f"{one.id} {one.version}"
        await self._look()

    @rx.event
    @allow(*SETTERS)
    async def bring_back(self, removal: str):
        """The one that was removed last."""
        if not removal or removal != self.removed:
            raise NotFound
        self.removed = ""
        goal_id, version = self._removed
        await self._write(goals.bring_back, as_key(goal_id), version=version)
        await self._look()
        return toast(_("The goal is back."))

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


def _owners(session: Session, actor: Actor) -> list[Owner]:
    """The staff of the clients whose goals the actor sets, and the agency's own people."""
    mine = actor.clients_with(Permission.MANAGE_CLIENT)
    return [Owner(one.id.hex, one.name) for one in team.staff_of(session, mine)]


def _set_for(session: Session, actor: Actor) -> list[SetFor]:
    mine = [
        SetFor(one.key, one.name)
        for one in choices.clients(session, actor)
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
