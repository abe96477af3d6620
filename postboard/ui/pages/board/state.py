"""What the board's page knows and can do."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.engine import Signal, signals_of
from postboard.db.queries import at_risk, choices
from postboard.db.queries import board as query
from postboard.db.queries.board import Card, ColumnOfCards
from postboard.db.queries.choices import Choice, ClientChoice
from postboard.db.queries.post_filters import SEARCH_MAX, Due, Filters
from postboard.domain.content import NETWORKS, Reason
from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, Role
from postboard.domain.workflow import (
    SPECS,
    Action,
    Column,
    Policy,
    State,
    steps_for,
)
from postboard.services import board
from postboard.services.board import Move
from postboard.services.steps import Answer
from postboard.ui.arguments import BigNumber
from postboard.ui.components import kanban
from postboard.ui.components.bulk import RIGHTS
from postboard.ui.given import tags_of
from postboard.ui.guard import allow, answer
from postboard.ui.keys import as_key
from postboard.ui.live import Change, change_of
from postboard.ui.session import Page, now
from postboard.ui.sharing import shared, shared_rows

FIRST_CARDS: Final = 12
MORE_CARDS: Final = 24
MOST_ASKED: Final = 60
MOST_SHOWN: Final = 240
MOST_AHEAD: Final = 300


@dataclass(frozen=True)
class Board:
    """The whole board as loaded."""

    serial: int
    filtered: bool
    as_of: int
    """The newest event it contains; signals of older ones are counted already."""
    columns: list[ColumnOfCards]


@dataclass(frozen=True)
class Patch:
    """What changed since the board was loaded."""

    serial: int
    number: int
    cards: list[Card]
    gone: list[str]
    totals: dict[str, int]
    heard: list[Change]
    """Moves, told as they are told to everybody else."""
    answered: str = ""
    refreshed: bool = False


@dataclass(frozen=True)
class ClientFacts:
    """A client as its cards need it; `steps` names its row in the table of steps."""

    name: str
    hue: int
    zone: str
    rounds: int
    steps: str


@dataclass(frozen=True)
class StepFacts:
    action: str
    to: str
    state: str
    asks: str


_Changed = tuple[list[Card], dict[str, int]]
_NOTHING: Final[_Changed] = ([], {})


class BoardState(Page, rx.State):
    """Cards go to the browser and are not kept here: what it has, the database has."""

    steps: dict[str, dict[str, list[StepFacts]]] = {}
    clients: dict[str, ClientFacts] = {}
    people: list[Choice] = []
    campaigns: list[Choice] = []
    filters: Filters = Filters()
    filtered: bool = False
    may_create: bool = False
    may: list[str] = []
    """What this actor may do with many posts at once."""
    _serial: int = 0
    _patches: int = 0

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        """Everything anew, under the filters that the address names."""
        return await self._load(FIRST_CARDS)

    @rx.event
    @allow(*STAFF_ROLES)
    async def reload(self, shown: int):
        """The same once more, with as many cards in a column as are shown there already."""
        return await self._load(max(FIRST_CARDS, min(shown, MOST_SHOWN)))

    async def _load(self, size: int) -> rx.event.EventSpec:
        self.filters = _filters(self.router.url.query_parameters)
        seen = await self._read(_everything, self.filters, size, now=now())
        self.clients, self.steps = seen.clients, seen.steps
        self.people, self.campaigns = seen.people, seen.campaigns
        self.may_create, self.may = seen.may_create, seen.may
        return self._show(seen.columns, seen.as_of)

    @rx.event
    @allow(*STAFF_ROLES)
    async def narrow(self, name: str, value: str):
        """Set one filter; the address follows, so that a link shares the view."""
        self.filters = _filters({**_named(self.filters), name: value})
        shown = self._show(*await self._read(_columns, self.filters, FIRST_CARDS, now=now()))
        return [shown, show_address(self.filters)]

    @rx.event
    @allow(*STAFF_ROLES)
    async def widen(self):
        """Take every filter off."""
        self.filters = Filters()
        shown = self._show(*await self._read(_columns, self.filters, FIRST_CARDS, now=now()))
        return [shown, show_address(self.filters)]

    @rx.event
    @allow(*STAFF_ROLES)
    async def move(
        self,
        command_id: str,
        post_id: str,
        version: int,
        action: str,
        after_id: str,
        reason: str,
        tags: list[str],
        person: str,
        link: str,
    ):
        """Carry out what a card's drop or a menu asked for, once."""
        post = as_key(post_id)
        asked = Move(
            command_id=as_key(command_id),
            post_id=post,
            version=version,
            action=_action(action),
            after_id=as_key(after_id) if after_id else None,
            answer=Answer(Reason(reason, tags_of(tags)), as_key(person) if person else None, link),
        )
        try:
            moved = await self._write(_moved, asked, self.filters)
        except Refused as refused:
            stands = await self._read(_changed, self.filters, [post], now=now())
            return [self._patch([post], stands, answered=command_id), answer(refused)]
        if isinstance(moved, Signal):
            return self._patch([], _NOTHING, heard=[change_of(moved)], answered=command_id)
        return self._patch([post], moved, answered=command_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def refresh(self, post_ids: list[str]):
        """Read again what a signal named."""
        asked = [as_key(post_id) for post_id in post_ids[:MOST_ASKED]]
        found = await self._read(_changed, self.filters, asked, now=now())
        return self._patch(asked, found, refreshed=True)

    @rx.event
    @allow(*STAFF_ROLES)
    async def more(self, column: str, after_rank: BigNumber):
        """The next cards of a column."""
        if column not in set(Column):
            raise NotFound
        cards = await self._read(
            query.more,
            self.filters,
            Column(column),
            after_rank=after_rank,
            size=MORE_CARDS,
            now=now(),
        )
        return self._patch([], (cards, {}))

    @rx.event
    @allow(*STAFF_ROLES)
    async def look_ahead(self, post_ids: list[str]):
        """How likely the shown cards are in time; asked once the board has come to rest."""
        asked = [as_key(post_id) for post_id in post_ids[:MOST_AHEAD]]
        found = await self._read(at_risk.chances, asked, now=now())
        return kanban.foretell([post_id.hex for post_id in asked], found)

    def _show(self, columns: list[ColumnOfCards], as_of: int) -> rx.event.EventSpec:
        self.filtered = self.filters != Filters()
        # A server that was started anew must not count from one again.
        self._serial = max(self._serial + 1, int(now().timestamp() * 1000))
        self._patches = 0
        return kanban.show(Board(self._serial, self.filtered, as_of, columns))

    def _patch(
        self, posts: list[UUID], found: _Changed, heard: Sequence[Change] = (), **why: Any
    ) -> rx.event.EventSpec:
        """What was found of these posts; what was not found is gone from this board."""
        cards, totals = found
        gone = sorted({post.hex for post in posts} - {card.id for card in cards})
        self._patches += 1
        number = self._patches
        return kanban.patch(Patch(self._serial, number, cards, gone, totals, list(heard), **why))


@dataclass(frozen=True)
class _Everything:
    columns: list[ColumnOfCards]
    as_of: int
    clients: dict[str, ClientFacts]
    steps: dict[str, dict[str, list[StepFacts]]]
    people: list[Choice]
    campaigns: list[Choice]
    may_create: bool
    may: list[str]


def _everything(
    session: Session, actor: Actor, filters: Filters, size: int, *, now: datetime
) -> _Everything:
    seen = choices.clients(session, actor)
    ids = [client.id for client in seen]
    steps = {_steps_key(actor, c): _steps(actor.role_for(c.id), c.policy) for c in seen}
    columns, as_of = _columns(session, actor, filters, size, now=now)
    return _Everything(
        columns=columns,
        as_of=as_of,
        clients=shared_rows(
            {
                c.key: ClientFacts(c.name, c.hue, c.zone, c.rounds_included, _steps_key(actor, c))
                for c in seen
            }
        ),
        steps=steps,
        people=shared(choices.people(session, ids)),
        campaigns=shared(choices.campaigns(session, ids)),
        may_create=bool(seen) and actor.may_somewhere(Permission.CREATE_POST),
        may=[what for what, right in RIGHTS.items() if seen and actor.may_somewhere(right)],
    )


def _columns(
    session: Session, actor: Actor, filters: Filters, size: int, *, now: datetime
) -> tuple[list[ColumnOfCards], int]:
    as_of = query.newest_event(session)
    return query.columns(session, actor, filters, now=now, size=size), as_of


def _moved(
    session: Session, actor: Actor, asked: Move, filters: Filters, *, now: datetime
) -> Signal | _Changed:
    """What a move changed: its place alone where that is all, else the card as it is now."""
    board.move(session, actor, asked, now=now)
    told = signals_of(session)
    if filters == Filters() and len(told) == 1 and not told[0].whole:
        return told[0]
    return _changed(session, actor, filters, [asked.post_id], now=now)


def _changed(
    session: Session, actor: Actor, filters: Filters, posts: list[UUID], *, now: datetime
) -> _Changed:
    """The cards of these posts; under filters the counts too, which no signal can tell."""
    cards = query.cards_of(session, actor, filters, posts, now=now)
    if filters == Filters():
        return cards, {}
    return cards, query.totals(session, actor, filters, now=now)


def _steps_key(actor: Actor, client: ClientChoice) -> str:
    to_client = "client" if client.policy.rework_goes_to_client else "internal"
    return f"{actor.role_for(client.id)}/{client.policy.approval}/{to_client}"


@cache
def _steps(role: Role | None, policy: Policy) -> dict[str, list[StepFacts]]:
    """One table in memory for all boards; nobody changes it."""
    return {
        state: [
            StepFacts(step.action, SPECS[step.next_state].column, step.next_state, step.asks)
            for step in steps_for(state, role, policy)
        ]
        for state in State
    }


def _filters(named: Mapping[str, Any]) -> Filters:
    """Filters from an address; what is no filter or no value of one is left out."""
    values = {name: str(value)[:SEARCH_MAX] for name, value in named.items()}
    filters = Filters(**{n: values.get(n, "") for n in ("client", "person", "campaign", "text")})
    network, due = values.get("network", ""), values.get("due", "")
    return replace(
        filters,
        network=network if network in NETWORKS else "",
        due=due if due in set(Due) else "",
        cancelled=values.get("cancelled") == "yes",
    )


def _named(filters: Filters) -> dict[str, str]:
    """Filters as an address says them."""
    named = {n: v for n in filters.__slots__ if isinstance(v := getattr(filters, n), str) and v}
    return named | ({"cancelled": "yes"} if filters.cancelled else {})


def show_address(filters: Filters) -> rx.event.EventSpec:
    """Let the address say what is shown, without leaving the page."""
    address = f"?{urlencode(_named(filters))}" if filters != Filters() else "."
    return rx.run_script(f"history.replaceState(history.state, '', {json.dumps(address)})")


def _action(text: str) -> Action | None:
    if not text:
        return None
    if text not in set(Action):
        raise NotFound
    return Action(text)
