"""What the performance page knows and can do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlalchemy.orm import Session

from postboard.charts.spec import Chart, sent_table
from postboard.db.queries import board
from postboard.db.queries.board import Choice
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.lookback import Lookback, days_of
from postboard.domain.periods import Period
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.services import performance
from postboard.services.performance import Look
from postboard.ui.components.chart import tell
from postboard.ui.guard import allow
from postboard.ui.session import Page, now

NAMES = ("period", "since", "until", "client", "network", "campaign", "pillar", "person")
_LONGEST = 120
"""Characters of a filter's value."""


@dataclass(frozen=True)
class Chosen:
    """The filters as the address says them."""

    period: str = Lookback.FOUR_WEEKS.value
    since: str = ""
    until: str = ""
    client: str = ""
    network: str = ""
    campaign: str = ""
    pillar: str = ""
    person: str = ""

    def named(self) -> dict[str, str]:
        """What of it stands in an address."""
        usual = asdict(Chosen())
        own = self.period == Lookback.OWN
        days = {"since", "until"} if not own else set()
        return {n: v for n, v in asdict(self).items() if v != usual[n] and n not in days}


@dataclass(frozen=True)
class ClientOfPerformance:
    name: str


class PerformanceState(Page, rx.State):
    """Charts go to the browser and are not kept here: what they say, the database has."""

    chosen: Chosen = Chosen()
    filtered: bool = False
    clients: dict[str, ClientOfPerformance] = {}
    campaigns: list[Choice] = []
    pillars: list[Choice] = []
    people: list[Choice] = []
    first: str = ""
    last: str = ""
    before_first: str = ""
    before_last: str = ""

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        """Everything anew, under the filters that the address names."""
        seen = await self._read(_frame)
        self.clients = seen.clients
        self.campaigns, self.pillars, self.people = seen.campaigns, seen.pillars, seen.people
        await self._choose(_chosen(self.router.url.query_parameters))
        return tell("loaded")

    @rx.event
    @allow(*STAFF_ROLES)
    async def narrow(self, name: str, value: str):
        """Set one filter; the address follows, so that a link shares the view."""
        named = {**asdict(self.chosen), name: value}
        if name == "period" and value == Lookback.OWN:
            named |= {"since": self.first, "until": self.last}
        await self._choose(_chosen(named))
        return tell("filtered", self.chosen.named())

    @rx.event
    @allow(*STAFF_ROLES)
    async def widen(self):
        """Take every filter off."""
        await self._choose(Chosen())
        return tell("filtered", {})

    @rx.event
    @allow(*STAFF_ROLES)
    async def look(self, asked: int, part: str):
        """The charts of one part; `asked` counts the browser's questions."""
        found = await self._read(performance.part, part, await self._look(), now=now())
        return tell("show", {"asked": asked, "part": part, **found})

    @rx.event
    @allow(*STAFF_ROLES)
    async def behind(self, chart: str, panel: int, series: int, mark: int):
        """The posts behind a mark."""
        look, place = await self._look(), (panel, series, mark)
        return tell("behind", await self._read(performance.behind, chart, place, look, now=now()))

    @rx.event
    @allow(*STAFF_ROLES)
    async def numbers(self, chart: str):
        """A chart's numbers as a table."""
        found = await self._chart(chart)
        return tell("numbers", chart, sent_table(found.table))

    @rx.event
    @allow(*STAFF_ROLES)
    async def file(self, chart: str, language: str):
        """A chart's numbers as CSV, in the language that is read."""
        found = await self._chart(chart)
        return tell("file", f"{chart}.csv", performance.as_csv(found, language))

    async def _chart(self, key: str) -> Chart:
        found = await self._read(performance.chart, key, await self._look(), now=now())
        if found is None:
            raise NotFound
        return found

    async def _look(self) -> Look:
        one = self.chosen
        return Look(
            _period(one, await self._today()),
            client=one.client,
            network=one.network,
            campaign=one.campaign,
            pillar=one.pillar,
            person=one.person,
        )

    async def _choose(self, chosen: Chosen) -> None:
        """Days that are none leave the page as it is."""
        period = _period(chosen, await self._today())
        before = period.before()
        self.chosen, self.filtered = chosen, chosen.named() != {}
        self.first, self.last = period.first.isoformat(), period.last.isoformat()
        self.before_first, self.before_last = before.first.isoformat(), before.last.isoformat()

    async def _today(self) -> date:
        """On the clock of whoever looks."""
        return now().astimezone(ZoneInfo((await self._signed_in()).zone)).date()


@dataclass(frozen=True)
class _Frame:
    clients: dict[str, ClientOfPerformance]
    campaigns: list[Choice]
    pillars: list[Choice]
    people: list[Choice]


def _frame(session: Session, actor: Actor) -> _Frame:
    seen = [
        one
        for one in board.clients(session, actor)
        if actor.may(Permission.SEE_PERFORMANCE, one.id)
    ]
    ids = [client.id for client in seen]
    return _Frame(
        clients={one.key: ClientOfPerformance(one.name) for one in seen},
        campaigns=board.campaigns(session, ids),
        pillars=performance.pillars(session, ids),
        people=board.people(session, ids),
    )


def _chosen(named: Mapping[str, Any]) -> Chosen:
    """Filters from an address; what is no filter or no value of one is left out."""
    values = {name: str(value)[:_LONGEST] for name, value in named.items() if name in NAMES}
    chosen = Chosen(**values)
    if chosen.network not in NETWORKS:
        chosen = replace(chosen, network="")
    if chosen.period not in set(Lookback):
        chosen = replace(chosen, period=Chosen.period)
    return chosen


def _period(chosen: Chosen, today: date) -> Period:
    own = None
    if chosen.period == Lookback.OWN:
        try:
            own = Period(date.fromisoformat(chosen.since), date.fromisoformat(chosen.until))
        except ValueError:
            raise BadInput("Choose the first and the last day.") from None
    return days_of(Lookback(chosen.period), today, own)
