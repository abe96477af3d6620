"""What the client's page knows and can do."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import review as query
from postboard.db.queries.review import QUEUE_MAX, WAITING, Brand, Choice, Plan, Waiting
from postboard.domain.content import Reason
from postboard.domain.conversation import Spot
from postboard.domain.errors import BadInput, NotFound, Stale
from postboard.domain.permissions import CLIENT_ROLES, Actor, Role
from postboard.domain.workflow import Action, State
from postboard.services import post_rows, reviews
from postboard.services.post_rows import Found
from postboard.services.reviews import Decision
from postboard.services.steps import NoSuchStep
from postboard.ui.given import tags_of
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import Page, now

POSTS_AT_ONCE: Final = 10
"""How many whole posts a browser holds; the others come as it turns to them."""
_AROUND: Final = 2
_TOLD_FOR: Final = timedelta(minutes=2)


class Told(StrEnum):
    """What the page says in one calm sentence."""

    NOTHING = ""
    APPROVED = "approved"
    APPROVED_FOR = "approved_for"
    APPROVED_LATE = "approved_late"
    APPROVED_MANY = "approved_many"
    REQUESTED = "requested"
    CHANGED = "changed"
    TAKEN_BACK = "taken_back"
    WAS_REQUESTED = "was_requested"
    WAS_APPROVED = "was_approved"
    UNDONE = "undone"
    UNDONE_IN_PART = "undone_in_part"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class News:
    """What has just happened; `who` sent the post, `at` is when it will be published."""

    told: str = Told.NOTHING
    who: str = ""
    at: str = ""
    zone: str = ""
    count: int = 0
    left: list[str] = field(default_factory=list[str])
    """How the posts begin that a decision on many passed over."""


@dataclass(frozen=True)
class Undo:
    """What can be taken back for a few seconds; `number` is `answered` as it was then."""

    number: int = 0
    action: str = ""
    count: int = 0


class ReviewState(Page, rx.State):
    visit: str = ""
    """When this visit began; another one means that the server has forgotten the first."""
    brands: list[Brand] = []
    order: list[str] = []
    """Every post that waits, the soonest first."""
    posts: list[Waiting] = []
    """Those of them around the one that is shown."""
    done: int = 0
    answered: int = 0
    """Grows with every answer to a decision."""
    news: News = News()
    undo: Undo = Undo()
    back: str = ""
    """Which post is to be shown since its decision was taken back, and a number of its own."""
    choices: list[Choice] = []
    """What can be approved in one go, as it stood when that was asked for."""
    plan: Plan = Plan()
    plan_shown: bool = False
    _at: str = ""
    _told_at: datetime | None = None
    _undoable: tuple[Found, ...] = ()
    """The decided posts as the decisions left them."""

    @rx.event
    @allow(*CLIENT_ROLES)
    async def load(self):
        """At the first visit and after a lost connection, which forgets nothing of this visit."""
        await self._settle_in()
        if not self.order:
            self.done = 0
        if self._told_at is None or now() - self._told_at > _TOLD_FOR:
            self.news = News()
        self.undo = Undo()
        self.brands = await self._read(query.brands)
        await self._renew()
        self.visit = self.visit or now().isoformat()

    @rx.event
    @allow(*CLIENT_ROLES)
    async def refresh(self):
        """Something changed; says so only when the post that is shown is gone."""
        shown = self._shown(self._at)
        await self._renew()
        if shown and shown.id not in self.order:
            self._tell(await self._fate(shown))

    @rx.event
    @allow(*CLIENT_ROLES)
    async def turn(self, post_id: str):
        """The browser shows this one now."""
        self._at = post_id if post_id in self.order else self._at
        self.news = News()
        wanted = set(_window(self.order, self._at, 2 * _AROUND + 1))
        if wanted - {post.id for post in self.posts}:
            await self._renew()

    @rx.event
    @allow(*CLIENT_ROLES)
    async def saw(self, post_id: str, revision: int):
        """The post has been before the reader's eyes for a moment."""
        shown = self._shown(post_id)
        if shown and shown.revision == revision:
            with suppress(NotFound, Stale):  # it has just gone: the page hears of that by itself
                await self._write(reviews.saw, as_key(post_id), revision=revision)

    @rx.event
    @allow(*CLIENT_ROLES)
    async def show_plan(self, shown: bool):
        self.plan_shown = shown
        self.news = News()
        await self._renew()

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def approve(self, post_id: str, revision: int, number: int):
        """`number` is the round's, as the browser saw it."""
        await self._decide(Decision(as_key(post_id), revision, number, Action.APPROVE))

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def request_changes(
        self,
        post_id: str,
        revision: int,
        number: int,
        tags: list[str],
        text: str,
        spots: list[Spot],
    ):
        reason, post = Reason(text, tags_of(tags)), as_key(post_id)
        await self._decide(
            Decision(post, revision, number, Action.REQUEST_CHANGES, reason, spots=spots)
        )

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def list_choices(self):
        self.choices = await self._read(query.choices)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def approve_all(self, post_ids: list[str], revisions: list[int], numbers: list[int]):
        """Each post as `choices` showed it; those that are others by now are left and named."""
        if not len(post_ids) == len(revisions) == len(numbers) <= QUEUE_MAX:
            raise BadInput
        decisions = [
            Decision(as_key(post_id), revision, number, Action.APPROVE)
            for post_id, revision, number in zip(post_ids, revisions, numbers, strict=True)
        ]
        self.answered += 1
        decided: list[Found] = []
        left: list[str] = []
        shown = {one.id: one.text for one in self.choices}
        for decision in decisions:
            try:
                decided.append(await self._write(reviews.decide, decision))
            except (NotFound, NoSuchStep, Stale):
                left.append(shown.get(decision.post_id.hex, ""))
        self.done += len(decided)
        self.undo = Undo(self.answered, Action.APPROVE, len(decided)) if decided else Undo()
        self._undoable, self.choices = tuple(decided), []
        self._tell(News(Told.APPROVED_MANY, count=len(decided), left=left))
        await self._renew()

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def take_back(self, number: int):
        """Undo the decisions that `undo.number` stands for."""
        if number != self.undo.number:
            return
        undone = [found async for found in self._undone()]
        late = len(self._undoable) - len(undone)
        self.undo, self._undoable = Undo(), ()
        if undone:
            self.done = max(0, self.done - len(undone))
            self._at = undone[0].id.hex
            self.back = f"{self._at}/{number}"
            self._tell(News(Told.UNDONE_IN_PART if late else Told.UNDONE, count=late))
        else:
            self._tell(News(Told.TOO_LATE))
        await self._renew()

    async def _undone(self) -> AsyncIterator[Found]:
        for decided in self._undoable:
            try:
                yield await self._write(reviews.undo, decided.id, version=decided.version)
            except (NotFound, NoSuchStep, Stale):
                continue

    async def _decide(self, decision: Decision) -> None:
        shown = self._shown(decision.post_id.hex)
        if shown and shown.request:
            decision = replace(decision, request_id=UUID(shown.request))
        self.answered += 1
        self.undo, self._undoable = Undo(), ()
        try:
            found = await self._write(reviews.decide, decision)
        except (NotFound, NoSuchStep, Stale):
            if shown is None:
                raise
            self._tell(await self._fate(shown))
        else:
            if shown:
                self.done += 1
                self.undo, self._undoable = Undo(self.answered, decision.action, 1), (found,)
                self._tell(_next_step(decision, shown))
            elif not self.news.told:
                self._tell(News(_FATES.get(found.state, Told.WAS_APPROVED)))
        await self._renew()

    async def _renew(self) -> None:
        seen = await self._read(_seen, self.order, self._at, with_plan=self.plan_shown)
        self.order, self._at, self.posts, self.plan = seen.order, seen.at, seen.posts, seen.plan

    async def _fate(self, post: Waiting) -> News:
        """What became of a post that waited here."""
        try:
            found = await self._read(post_rows.find, UUID(post.id))
        except NotFound:
            return News(Told.TAKEN_BACK, post.sent_by)
        return News(_FATES.get(found.state, Told.WAS_APPROVED), post.sent_by)

    def _shown(self, post_id: str) -> Waiting | None:
        return next((post for post in self.posts if post.id == post_id), None)

    def _tell(self, news: News) -> None:
        self.news = news
        self._told_at = now()


_FATES: Final[Mapping[State, Told]] = {
    **dict.fromkeys(WAITING, Told.CHANGED),
    State.CLIENT_REWORK: Told.WAS_REQUESTED,
}
"""Everything else that a client sees was approved."""


@dataclass(frozen=True)
class _Seen:
    order: list[str]
    at: str
    posts: list[Waiting]
    plan: Plan


def _seen(
    session: Session, actor: Actor, before: Sequence[str], at: str, *, with_plan: bool
) -> _Seen:
    """The queue around the post that is shown; the plan where it is looked at."""
    order = [post_id.hex for post_id in query.queue(session, actor)]
    at = _follow(before, order, at)
    wanted = [UUID(post_id) for post_id in _window(order, at, POSTS_AT_ONCE)]
    return _Seen(
        order,
        at,
        query.in_full(session, actor, wanted) if wanted else [],
        query.plan(session, actor) if with_plan or not order else Plan(),
    )


def _follow(before: Sequence[str], order: Sequence[str], at: str) -> str:
    """The post itself, else the one that came after it, else the first: as the browser does."""
    if at in order:
        return at
    after = before[before.index(at) + 1 :] if at in before else before[:0]
    return next((post_id for post_id in after if post_id in order), order[0] if order else "")


def _window(order: Sequence[str], at: str, size: int) -> Sequence[str]:
    """At most `size` posts of the queue, beginning a little before `at`."""
    place = order.index(at) if at in order else 0
    start = max(0, min(place - _AROUND, len(order) - size))
    return order[start : start + size]


def _next_step(decision: Decision, post: Waiting) -> News:
    """What comes after a decision, and by whom."""
    if decision.action is Action.REQUEST_CHANGES:
        return News(Told.REQUESTED, post.sent_by)
    if not post.planned_at:
        return News(Told.APPROVED, post.sent_by)
    late = datetime.fromisoformat(post.planned_at) <= now()
    told = Told.APPROVED_LATE if late else Told.APPROVED_FOR
    return News(told, post.sent_by, post.planned_at, post.zone)
