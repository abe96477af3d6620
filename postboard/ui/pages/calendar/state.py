"""What the calendar's page knows and can do."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import at_risk, calendar_days, choices
from postboard.db.queries import board as query
from postboard.db.queries import calendar as in_days
from postboard.db.queries.calendar_days import Days, IdeaInTray
from postboard.db.queries.choices import Choice, ClientChoice
from postboard.db.queries.instants import stamp
from postboard.db.queries.post_filters import SEARCH_MAX, Filters
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.workflow import State
from postboard.services import posting_days, rescheduling
from postboard.services.rescheduling import Rescheduled
from postboard.ui.components.calendar import tell
from postboard.ui.given import wall_time
from postboard.ui.guard import allow, answer
from postboard.ui.keys import as_key
from postboard.ui.session import Page, now, toast
from postboard.ui.sharing import shared, shared_rows
from postboard.ui.words import said

DAYS_MAX: Final = 100
"""Of one view: a month's weeks, with a day on either side for the clocks of other places."""
MOST_ASKED: Final = 60
MOST_AHEAD: Final = 300


@dataclass(frozen=True)
class ClientOnCalendar:
    id: str
    name: str
    hue: int
    zone: str
    may_plan: bool
    may_create: bool


@dataclass(frozen=True)
class Span:
    """Days in view, the last one not among them; holidays are named in `language`."""

    since: date
    until: date
    language: str

    @classmethod
    def given(cls, in_view: Mapping[str, str]) -> "Span":
        """As the browser names it.

        Raises:
            BadInput: these are no days, or too many.
        """
        try:
            since, until = (date.fromisoformat(in_view.get(n, "")) for n in ("since", "until"))
        except ValueError:
            raise BadInput from None
        years = rescheduling.YEARS
        long = not timedelta() < until - since <= timedelta(days=DAYS_MAX)
        if long or since.year not in years or until.year not in years:
            raise BadInput
        return cls(since, until, in_view.get("language", ""))

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Wide enough for the clocks of every place."""
        first, last = (datetime.combine(day, time(), UTC) for day in (self.since, self.until))
        return first - timedelta(days=1), last + timedelta(days=1)


class CalendarState(Page, rx.State):
    """Posts go to the browser and are not kept here: what it has, the database has."""

    clients: dict[str, ClientOnCalendar] = {}
    people: list[Choice] = []
    campaigns: list[Choice] = []
    ideas: list[IdeaInTray] = []
    filters: Filters = Filters()
    in_state: str = ""
    filtered: bool = False
    may_create: bool = False
    may_close: bool = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        """Everything anew, under the filters that the address names."""
        named = self.router.url.query_parameters
        self._narrow(named)
        seen = await self._read(_frame)
        self.clients, self.ideas = seen.clients, seen.ideas
        self.people, self.campaigns = seen.people, seen.campaigns
        self.may_create = any(one.may_create for one in self.clients.values())
        self.may_close = any(one.may_plan for one in self.clients.values())
        return tell("loaded")

    @rx.event
    @allow(*STAFF_ROLES)
    async def narrow(self, name: str, value: str):
        """Set one filter; the address follows, so that a link shares the view."""
        self._narrow({**self._named(), name: value})
        return tell("filtered", self._named())

    @rx.event
    @allow(*STAFF_ROLES)
    async def widen(self):
        """Take every filter off."""
        self._narrow({})
        return tell("filtered", {})

    @rx.event
    @allow(*STAFF_ROLES)
    async def look(self, asked: int, in_view: dict[str, str]):
        """The posts of some days; `asked` counts the browser's questions."""
        span = Span.given(in_view)
        view, days = await self._read(_seen, self.filters, self._states(), span, now=now())
        return tell("show", {"asked": asked, "view": view, "days": days})

    @rx.event
    @allow(*STAFF_ROLES)
    async def refresh(self, post_ids: list[str], in_view: dict[str, str]):
        """Read again what a signal named, and what the days say by now."""
        asked = [as_key(post_id) for post_id in post_ids[:MOST_ASKED]]
        span = Span.given(in_view)
        return await self._patch(
            asked, span, days=await self._read(_days, self.filters, span, now=now())
        )

    @rx.event
    @allow(*STAFF_ROLES)
    async def move(self, post_id: str, version: int, at: str, in_view: dict[str, str]):
        """Give the post another time: an instant, or a time on its client's clock."""
        post, span = as_key(post_id), Span.given(in_view)
        try:
            moved = await self._write(rescheduling.reschedule, post, _when(at), version=version)
        except Refused as refused:
            return [await self._patch([post], span, answered=post_id), answer(refused)]
        patched = await self._patch([post], span, answered=post_id, undo=_undo(moved))
        return [patched, *_warnings(moved)]

    @rx.event
    @allow(*STAFF_ROLES)
    async def place(self, idea_id: str, version: int, at: str, in_view: dict[str, str]):
        """Make an idea a draft of that time."""
        span = Span.given(in_view)
        try:
            placed = await self._write(
                rescheduling.place_idea, as_key(idea_id), _when(at), version=version
            )
        except Refused as refused:
            await self._read_ideas()
            return answer(refused)
        await self._read_ideas()
        patched = await self._patch([placed.post.id], span)
        return [patched, tell("placed", placed.post.id.hex), *_warnings(placed)]

    @rx.event
    @allow(*STAFF_ROLES)
    async def peek(self, post_id: str):
        """More of a post than its few words on the calendar."""
        cards = await self._read(query.cards_of, _EVERY, [as_key(post_id)], now=now())
        if not cards:
            raise NotFound
        card = cards[0]
        return tell("peeked", {"id": card.id, "text": card.text, "picture": card.picture})

    @rx.event
    @allow(*STAFF_ROLES)
    async def next_free(self, post_id: str):
        """The client's next posting time that nothing else of theirs takes."""
        slot = await self._read(posting_days.next_free_time, as_key(post_id), after=now())
        return tell("free", post_id, stamp(slot))

    @rx.event
    @allow(*STAFF_ROLES)
    async def look_ahead(self, post_ids: list[str]):
        """Which of these posts are at risk; asked once the calendar has come to rest."""
        asked = [as_key(post_id) for post_id in post_ids[:MOST_AHEAD]]
        found = await self._read(at_risk.chances, asked, now=now())
        risks = {one.post_id: [one.percent, one.held_in] for one in found if one.at_risk}
        return tell("foretell", risks)

    def _narrow(self, named: Mapping[str, Any]) -> None:
        self.filters = _filters(named)
        state = str(named.get("state", ""))
        self.in_state = state if state in set(State) else ""
        self.filtered = self._named() != {}

    def _named(self) -> dict[str, str]:
        """Filters as an address says them."""
        named = {name: value for name, value in asdict(self.filters).items() if value}
        return named | ({"state": self.in_state} if self.in_state else {})

    def _states(self) -> list[State]:
        return [State(self.in_state)] if self.in_state else []

    async def _read_ideas(self) -> None:
        self.ideas = (await self._read(_frame)).ideas

    async def _patch(self, posts: list[UUID], span: Span, **more: Any) -> rx.event.EventSpec:
        """What was found of these posts; what was not found is gone from these days.

        What the days say is left to a question of its own where somebody waits for an answer.
        """
        view = await self._read(_view, self.filters, self._states(), span, posts, now=now())
        return tell("patch", {"ids": [post.hex for post in posts], "view": view, **more})


_EVERY: Final = Filters(cancelled=True)


@dataclass(frozen=True)
class _Frame:
    clients: dict[str, ClientOnCalendar]
    people: list[Choice]
    campaigns: list[Choice]
    ideas: list[IdeaInTray]


def _frame(session: Session, actor: Actor) -> _Frame:
    seen = choices.clients(session, actor)
    ids = [client.id for client in seen]
    return _Frame(
        clients=shared_rows({one.key: _client(actor, one) for one in seen}),
        people=shared(choices.people(session, ids)),
        campaigns=shared(choices.campaigns(session, ids)),
        ideas=calendar_days.ideas(session, actor, seen),
    )


def _client(actor: Actor, one: ClientChoice) -> ClientOnCalendar:
    may_plan = actor.may(Permission.EDIT_PLAN, one.id)
    may_create = actor.may(Permission.CREATE_POST, one.id)
    return ClientOnCalendar(one.id.hex, one.name, one.hue, one.zone, may_plan, may_create)


def _seen(
    session: Session,
    actor: Actor,
    filters: Filters,
    states: Sequence[State],
    span: Span,
    *,
    now: datetime,
) -> tuple[dict[str, Any], Days]:
    view = in_days.between(session, actor, filters, *span.instants, states=states, now=now)
    return view.as_json(), _days(session, actor, filters, span, now=now)


def _view(
    session: Session,
    actor: Actor,
    filters: Filters,
    states: Sequence[State],
    span: Span,
    among: Sequence[UUID],
    *,
    now: datetime,
) -> dict[str, Any] | None:
    if not among:
        return None
    view = in_days.between(
        session, actor, filters, *span.instants, states=states, among=among, now=now
    )
    return view.as_json()


def _days(session: Session, actor: Actor, filters: Filters, span: Span, *, now: datetime) -> Days:
    clients = [
        one
        for one in choices.clients(session, actor)
        if not filters.client or one.key == filters.client
    ]
    return calendar_days.of_clients(
        session, actor, clients, span.since, span.until, language=span.language, now=now
    )


def _filters(named: Mapping[str, Any]) -> Filters:
    """Filters from an address; what is no filter or no value of one is left out."""
    values = {name: str(value)[:SEARCH_MAX] for name, value in named.items()}
    filters = Filters(**{n: values.get(n, "") for n in ("client", "person", "campaign")})
    network = values.get("network", "")
    return replace(filters, network=network if network in NETWORKS else "")


def _when(at: str) -> datetime:
    """An instant where it says so, else a wall time.

    Raises:
        BadInput: it is neither.
    """
    if at.endswith("Z"):
        with contextlib.suppress(ValueError, OverflowError):
            return datetime.fromisoformat(at).astimezone(UTC)
    wall = wall_time(at.removesuffix("Z"))
    if wall is None:
        raise BadInput("Choose a day and a time.")
    return wall


def _undo(moved: Rescheduled) -> dict[str, Any] | None:
    if moved.before is None or moved.before == moved.post.planned_at:
        return None
    return {"version": moved.post.version, "at": stamp(moved.before)}


def _warnings(moved: Rescheduled) -> list[rx.event.EventSpec]:
    return [toast(said(warning), "hint") for warning in moved.warnings]
