"""What the performance page knows and can do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import reflex as rx
from sqlalchemy.orm import Session

from postboard.charts import in_words
from postboard.charts.best_posts import Ranking
from postboard.charts.by_group import Grouping
from postboard.charts.facts import period_of
from postboard.charts.figure import for_browser
from postboard.charts.flow_figures import Told
from postboard.charts.spec import Chart, node, sent_table
from postboard.charts.table import as_csv
from postboard.db.queries import choices
from postboard.db.queries.choices import Choice as Option
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.own_benchmarks import own_values
from postboard.domain.benchmarks import OWN, Choice, bases_of, need_fit, sources
from postboard.domain.content import NETWORKS, clean
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.lookback import Lookback, days_of
from postboard.domain.periods import Period
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.weekly import week_in
from postboard.locale import LANGUAGES, Language, text
from postboard.locale.languages import SOURCE
from postboard.services import flow_charts, performance, week_in_words
from postboard.services.look import BASIS, Look
from postboard.services.performance import FLOW, POSTS, WEEK, Behind
from postboard.ui.components.chart import tell
from postboard.ui.guard import allow, answer
from postboard.ui.session import Page, now

_LONGEST = 120
"""Characters of a filter's value."""


@dataclass(frozen=True)
class Chosen:
    """What is looked at and how, as the address says it."""

    period: str = Lookback.FOUR_WEEKS.value
    since: str = ""
    until: str = ""
    client: str = ""
    network: str = ""
    campaign: str = ""
    pillar: str = ""
    person: str = ""
    beside: str = str(OWN)
    """A source of benchmarks."""
    per: str = BASIS.denominator.value
    kind: str = BASIS.engagement.value
    rank: str = Ranking.RAW.value
    group: str = Grouping.FORMAT.value

    def named(self) -> dict[str, str]:
        """What of it stands in an address."""
        usual = asdict(Chosen())
        days = set[str]() if self.period == Lookback.OWN else {"since", "until"}
        return {n: v for n, v in asdict(self).items() if v != usual[n] and n not in days}


NAMES: Final = tuple(asdict(Chosen()))
_KNOWN: Final = {
    "period": set(Lookback),
    "network": {"", *NETWORKS},
    "beside": {*sources()},
    "per": set(Denominator),
    "kind": set(Engagement),
    "rank": set(Ranking),
    "group": set(Grouping),
}


@dataclass(frozen=True)
class ClientOfPerformance:
    name: str


class PerformanceState(Page, rx.State):
    """Charts go to the browser and are not kept here: what they say, the database has."""

    chosen: Chosen = Chosen()
    filtered: bool = False
    clients: dict[str, ClientOfPerformance] = {}
    campaigns: list[Option] = []
    pillars: list[Option] = []
    people: list[Option] = []
    first: str = ""
    last: str = ""
    before_first: str = ""
    before_last: str = ""

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        """Everything anew, under the filters that the address names; days that are none are said
        and left out.
        """
        seen = await self._read(_frame)
        self.clients = seen.clients
        self.campaigns, self.pillars, self.people = seen.campaigns, seen.pillars, seen.people
        asked = _chosen(self.router.url.query_parameters)
        try:
            await self._choose(asked)
        except BadInput as refused:
            await self._choose(replace(asked, period=Chosen.period, since="", until=""))
            return [answer(refused), tell("loaded")]
        return tell("loaded")

    @rx.event
    @allow(*STAFF_ROLES)
    async def narrow(self, name: str, value: str):
        """Set one filter; the address follows, so that a link shares the view."""
        named = {**asdict(self.chosen), name: value}
        if name == "period" and value == Lookback.OWN:
            named |= {"since": self.first, "until": self.last}
        chosen = _chosen(named)
        if name == "beside":
            chosen = _with_its_basis(chosen)
        if name in {"beside", "per", "kind"}:
            need_fit(choice_of(chosen))
        if chosen == self.chosen:
            return None
        await self._choose(chosen)
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
        found = await self._read(_PARTS.get(part, _nothing), await self._look(), now=now())
        return tell("show", {"asked": asked, "part": part, **found})

    @rx.event
    @allow(*STAFF_ROLES)
    async def behind(self, chart: str, panel: int, series: int, mark: int):
        """The posts behind a mark."""
        place, look = (panel, series, mark), await self._look()
        found = await self._read(performance.behind, chart, place, look, now=now())
        return tell("behind", _sent_behind(found))

    @rx.event
    @allow(*STAFF_ROLES)
    async def numbers(self, chart: str):
        """A chart's numbers as a table."""
        table = await self._read(_table, chart, await self._look(), now=now())
        return tell("numbers", chart, table)

    @rx.event
    @allow(*STAFF_ROLES)
    async def file(self, chart: str, language: str):
        """A chart's numbers as CSV, in the language that is read."""
        known: dict[str, Language] = {one: one for one in LANGUAGES}
        read_in = known.get(language, SOURCE)
        content = await self._read(_csv, chart, read_in, await self._look(), now=now())
        return tell("file", f"{chart}.csv", content)

    async def _look(self) -> Look:
        one, zone = self.chosen, ZoneInfo((await self._signed_in()).zone)
        flow = FlowFilters(one.client, one.network, one.campaign, one.pillar, one.person)
        return Look(
            _period(one, now().astimezone(zone).date()),
            await self._read(performance.asked_of, flow),
            flow,
            replace(choice_of(one), values=await self._read(own_values, one.client)),
            Ranking(one.rank),
            Grouping(one.group),
            zone,
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
    campaigns: list[Option]
    pillars: list[Option]
    people: list[Option]


def _frame(session: Session, actor: Actor) -> _Frame:
    seen = [
        one
        for one in choices.clients(session, actor)
        if actor.may(Permission.SEE_PERFORMANCE, one.id)
    ]
    ids = [client.id for client in seen]
    return _Frame(
        clients={one.key: ClientOfPerformance(one.name) for one in seen},
        campaigns=choices.campaigns(session, ids),
        pillars=performance.pillars(session, ids),
        people=choices.people(session, ids),
    )


def _chosen(named: Mapping[str, Any]) -> Chosen:
    """What an address names; what is none of it, or no value of it, is left out."""
    values = {n: clean(str(v)[:_LONGEST], _LONGEST) for n, v in named.items() if n in NAMES}
    usual = asdict(Chosen())
    wrong = [n for n, v in values.items() if n in _KNOWN and v not in _KNOWN[n]]
    return Chosen(**{**values, **{name: usual[name] for name in wrong}})


def choice_of(chosen: Chosen) -> Choice:
    """What rates are made of and held beside, but for own values."""
    return Choice(chosen.beside, Basis(Engagement(chosen.kind), Denominator(chosen.per)))


def _with_its_basis(chosen: Chosen) -> Chosen:
    """A source that is chosen brings what its figures are made of."""
    fitting = bases_of(chosen.beside)
    if not fitting or choice_of(chosen).basis in fitting:
        return chosen
    basis = fitting[0]
    return replace(chosen, per=basis.denominator.value, kind=basis.engagement.value)


def _period(chosen: Chosen, today: date) -> Period:
    own = None
    if chosen.period == Lookback.OWN:
        try:
            own = Period(date.fromisoformat(chosen.since), date.fromisoformat(chosen.until))
        except ValueError:
            raise BadInput("Choose the first and the last day.") from None
    return days_of(Lookback(chosen.period), today, own)


def _posts(session: Session, actor: Actor, look: Look, *, now: datetime) -> dict[str, Any]:
    found = performance.charts_of_posts(session, actor, look, now=now)
    return {"charts": [for_browser(one) for one in found]}


def _week(session: Session, actor: Actor, look: Look, *, now: datetime) -> dict[str, Any]:
    found = week_in_words.week(session, actor, look, now=now)
    days = node(period_of(week_in(look.period)))
    return {"week": {"days": days, "groups": in_words.sent(found)}}


def _flow(session: Session, actor: Actor, look: Look, *, now: datetime) -> dict[str, Any]:
    found, figures = flow_charts.charts_and_figures(session, actor, look, now=now)
    return {
        "charts": [for_browser(one) for one in found],
        "figures": [_sent_figure(one) for one in figures],
    }


def _table(
    session: Session, actor: Actor, key: str, look: Look, *, now: datetime
) -> dict[str, object]:
    """Of thousands of posts: it is made in the thread that reads them."""
    return sent_table(_chart(session, actor, key, look, now).table)


def _csv(
    session: Session, actor: Actor, key: str, language: Language, look: Look, *, now: datetime
) -> str:
    return as_csv(_chart(session, actor, key, look, now), text(language))


def _chart(session: Session, actor: Actor, key: str, look: Look, now: datetime) -> Chart:
    found = performance.chart(session, actor, key, look, now=now)
    if found is None:
        raise NotFound
    return found


def _nothing(_session: Session, _actor: Actor, _look: Look, *, now: datetime) -> dict[str, Any]:  # noqa: ARG001
    raise NotFound


_PARTS: Final = {WEEK: _week, POSTS: _posts, FLOW: _flow}


def _sent_figure(one: Told) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": node(one.title),
        "value": node(one.value),
        "facts": [node(fact) for fact in one.facts],
        "before": node(one.before),
        "definition": node(one.definition),
    }


def _sent_behind(found: Behind) -> dict[str, Any]:
    posts = [{**asdict(post), "said": [node(one) for one in post.said]} for post in found.posts]
    said = [node(one) for one in found.said]
    return {"title": node(found.title), "said": said, "posts": posts, "more": found.more}
