"""What the client's page knows and can do."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import keeping, review_plan
from postboard.db.queries import review as query
from postboard.db.queries.keeping import Keeping
from postboard.db.queries.plan_month import Month
from postboard.db.queries.plan_month import month as month_of
from postboard.db.queries.review import QUEUE_MAX, Brand, Choice, Decided, Queue, Waiting
from postboard.db.queries.review_plan import Plan, PlannedPost
from postboard.db.queries.review_rounds import WAITING
from postboard.domain.content import Reason
from postboard.domain.conversation import Spot
from postboard.domain.errors import BadInput, NotFound, Refused, Stale
from postboard.domain.permissions import CLIENT_ROLES, Actor, Role
from postboard.domain.workflow import Action, State
from postboard.locale.languages import wished_language
from postboard.services import post_rows, preferences, reviews
from postboard.services.post_rows import Found
from postboard.services.reviews import Decision
from postboard.services.steps import UNDO_FOR, UNDO_GRACE, NoSuchStep
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
    PASSED_ON = "passed_on"
    AGAIN = "again"
    REQUESTED = "requested"
    CHANGED = "changed"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    WAS_REQUESTED = "was_requested"
    WAS_APPROVED = "was_approved"
    UNDONE = "undone"
    UNDONE_IN_PART = "undone_in_part"
    TOO_LATE = "too_late"


class Judged(TypedDict):
    """What was before somebody's eyes when they decided; `request` is what they were asked."""

    id: str
    revision: int
    round: int
    request: str


@dataclass(frozen=True)
class News:
    """What has just happened; `who` sent the post or decides next, `at` is when it will be
    published.
    """

    told: str = Told.NOTHING
    who: str = ""
    at: str = ""
    zone: str = ""
    count: int = 0
    passed_on: int = 0
    """How many of them others decide next."""
    left: list[str] = field(default_factory=list[str])
    """How the posts begin that a decision on many passed over."""


@dataclass(frozen=True)
class Undo:
    """What can be taken back for `seconds` more; `mark` is the moment it was decided at."""

    mark: str = ""
    action: str = ""
    count: int = 0
    seconds: float = 0


class ReviewState(Page, rx.State):
    visit: str = ""
    """When this visit began; another one means that the server has forgotten the first."""
    brands: list[Brand] = []
    decides: bool = False
    """For one of them at least."""
    order: list[str] = []
    """Every post that waits for this reader, the soonest first."""
    others: list[str] = []
    """Those that wait for somebody else of their side; they come after them."""
    posts: list[Waiting] = []
    """Those of them around the one that is shown."""
    done: int = 0
    sent_back: int = 0
    """How many of those done are to be changed."""
    answered: int = 0
    """Grows with every answer to a decision."""
    news: News = News()
    undo: Undo = Undo()
    back: str = ""
    """Which post is to be shown since its decision was taken back, and a number of its own."""
    choices: list[Choice] = []
    """What can be approved in one go, as it stood when that was asked for."""
    plan: Plan = Plan()
    kept: list[Keeping] = []
    """How this month keeps what was agreed, shown with the plan."""
    plan_shown: bool = False
    month: Month = Month()
    """Of the plan; without a name the plan is a list."""
    day: str = ""
    day_posts: list[PlannedPost] = []
    """The posts of the day that is chosen in the month."""
    _at: str = ""
    _told_at: datetime | None = None

    @rx.event
    @allow(*CLIENT_ROLES)
    async def load(self):
        """At the first visit and after a lost connection, which forgets nothing of this visit."""
        await self._settle_in()
        if not self.visit:
            await self._greet()
        if not self.order:
            self.done = self.sent_back = 0
        if self._told_at is None or now() - self._told_at > _TOLD_FOR:
            self.news = News()
        self.brands = await self._read(query.brands)
        self.decides = any(brand.may_decide for brand in self.brands)
        await self._offer_undo()
        await self._renew()
        self.visit = self.visit or now().isoformat()

    @rx.event
    @allow(*CLIENT_ROLES)
    async def refresh(self):
        """Something changed; says so only when the post that is shown is gone."""
        shown = self._shown(self._at)
        await self._renew()
        if shown and shown.id not in {*self.order, *self.others}:
            self._tell(await self._fate(shown))

    @rx.event
    @allow(*CLIENT_ROLES)
    async def turn(self, post_id: str):
        """The browser shows this one now."""
        everything = [*self.order, *self.others]
        self._at = post_id if post_id in everything else self._at
        self.news = News()
        wanted = set(_window(everything, self._at, 2 * _AROUND + 1))
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
    @allow(*CLIENT_ROLES)
    async def show_month(self, month: str):
        """The plan as that month; without one, as today's."""
        self.month = await self._read(month_of, month[:10], now())
        self._open_day("")

    @rx.event
    @allow(*CLIENT_ROLES)
    async def show_list(self):
        self.month = Month()
        self._open_day("")

    @rx.event
    @allow(*CLIENT_ROLES)
    async def choose_day(self, day: str):
        self._open_day(day)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def approve(self, judged: Judged):
        await self._decide(_decision(judged, Action.APPROVE))

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def request_changes(self, judged: Judged, tags: list[str], text: str, spots: list[Spot]):
        reason = Reason(text, tags_of(tags))
        asked = _decision(judged, Action.REQUEST_CHANGES)
        await self._decide(replace(asked, reason=reason, spots=spots))

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def list_choices(self):
        self.choices = await self._read(query.choices, now())

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def approve_all(self, chosen: list[Judged]):
        """Each post as `choices` showed it; those that are others by now are left and named."""
        if len(chosen) > QUEUE_MAX:
            raise BadInput
        decisions = [_decision(one, Action.APPROVE) for one in chosen]
        self.answered += 1
        decided: list[Found] = []
        left: list[str] = []
        shown = {one.id: one.text for one in self.choices}
        at = now()  # one moment for all: together they are taken back
        for decision in decisions:
            try:
                decided.append(await self._write(reviews.decide, decision, now=at))
            except Refused:
                left.append(shown.get(decision.post_id.hex, ""))
        self.done += len(decided)
        self.choices = []
        passed_on = sum(post.state in WAITING for post in decided)
        self._tell(News(Told.APPROVED_MANY, count=len(decided), passed_on=passed_on, left=left))
        await self._offer_undo()
        await self._renew()

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def take_back(self, mark: str):
        """Undo what was decided at the moment that `mark` stands for."""
        if mark != self.undo.mark:
            return
        at = now()
        decided = await self._read(query.last_decided, at - UNDO_FOR - UNDO_GRACE)
        self.undo = Undo()
        if decided is None or decided.at.isoformat() != mark:
            self._tell(News(Told.TOO_LATE))
            return
        undone = [found async for found in self._undone(decided, at)]
        late = len(decided.answered) - len(undone)
        if undone:
            self.done = max(0, self.done - len(undone))
            self.sent_back = max(0, self.sent_back - (0 if decided.approved else len(undone)))
            self._at = undone[0].id.hex
            self.back = f"{self._at}/{mark}"
            self._tell(News(Told.UNDONE_IN_PART if late else Told.UNDONE, count=late))
        else:
            self._tell(News(Told.TOO_LATE))
        await self._renew()

    async def _undone(self, decided: Decided, at: datetime) -> AsyncIterator[Found]:
        for post_id, request_id in decided.answered:
            try:
                yield await self._write(reviews.undo, post_id, request_id, now=at)
            except (NotFound, NoSuchStep, Stale):
                continue

    async def _decide(self, decision: Decision) -> None:
        shown = self._shown(decision.post_id.hex)
        self.answered += 1
        self.undo = Undo()
        try:
            found = await self._write(reviews.decide, decision)
        except (NotFound, NoSuchStep, Stale):
            if shown is None:
                raise
            self._tell(await self._fate(shown))
        else:
            if shown:
                self.done += 1
                self.sent_back += decision.action is Action.REQUEST_CHANGES
                self._tell(await self._what_follows(decision, shown, found))
            elif not self.news.told:
                self._tell(News(_FATES.get(found.state, Told.WAS_APPROVED)))
            await self._offer_undo()
        await self._renew()

    async def _offer_undo(self) -> None:
        """From the record, so that a reload or another server still knows of it."""
        at = now()
        decided = await self._read(query.last_decided, at - UNDO_FOR)
        if decided is None:
            self.undo = Undo()
            return
        action = Action.APPROVE if decided.approved else Action.REQUEST_CHANGES
        left = (decided.at + UNDO_FOR - at).total_seconds()
        self.undo = Undo(decided.at.isoformat(), action, len(decided.answered), left)

    async def _greet(self) -> None:
        """Mail comes in the language of whoever really reads here; a link alone does not tell."""
        headers = self._headers()
        wished = wished_language(headers.get("cookie"), headers.get("accept-language"))
        if wished:
            await self._write(preferences.speak, wished)

    async def _renew(self) -> None:
        before = Queue(self.order, self.others)
        seen = await self._read(_seen, before, self._at, with_plan=self.plan_shown)
        self.order, self.others = seen.queue.own, seen.queue.others
        self._at, self.posts = seen.at, seen.posts
        self.plan, self.kept = seen.plan, seen.kept
        if self.month.name:
            self.month = await self._read(month_of, self.month.name, now())
            self._open_day(self.day)

    def _open_day(self, wanted: str) -> None:
        """That day; where it has no posts, the first from today on that has any, or any."""
        days = [day for day in self.month.days if day.posts]
        today = next((day.on for day in self.month.days if day.today), "")
        by_wish = sorted(days, key=lambda day: (day.on != wanted, day.on < today))
        self.day, self.day_posts = (by_wish[0].on, by_wish[0].posts) if by_wish else ("", [])

    async def _fate(self, post: Waiting) -> News:
        """What became of a post that waited here."""
        try:
            found = await self._read(post_rows.find, UUID(post.id))
        except NotFound:
            return News(Told.TAKEN_BACK, post.sent_by)
        same = (found.revision, found.rounds) == (post.revision, post.round)
        if found.state in WAITING and same:
            return News(Told.ANSWERED)
        return News(_FATES.get(found.state, Told.WAS_APPROVED), post.sent_by)

    async def _what_follows(self, decision: Decision, post: Waiting, found: Found) -> News:
        """What comes after a decision, and by whom."""
        if found.state not in WAITING:
            return _next_step(decision, post)
        for still in await self._read(query.in_full, [found.id], now()):
            if not still.turn.mine:
                return News(Told.PASSED_ON, ", ".join(still.turn.waits_for))
        return News(Told.AGAIN)

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
    queue: Queue
    at: str
    posts: list[Waiting]
    plan: Plan
    kept: list[Keeping]


def _seen(session: Session, actor: Actor, before: Queue, at: str, *, with_plan: bool) -> _Seen:
    """The queue around the post that is shown; the plan where it is looked at."""
    queue = query.queue(session, actor, now())
    at = _follow(before, queue, at)
    with_plan = with_plan or not queue.own
    wanted = [UUID(post_id) for post_id in _window([*queue.own, *queue.others], at, POSTS_AT_ONCE)]
    return _Seen(
        queue,
        at,
        query.in_full(session, actor, wanted, now()) if wanted else [],
        review_plan.plan(session, actor) if with_plan else Plan(),
        [one for one in keeping.of_mine(session, actor, now()) if one.anything]
        if with_plan
        else [],
    )


def _follow(before: Queue, queue: Queue, at: str) -> str:
    """The post itself while it waits as it did, else the one that came after it, else the first:
    as the browser does.
    """
    if at in queue.own or (at in queue.others and at not in before.own):
        return at
    after = before.own[before.own.index(at) + 1 :] if at in before.own else before.own[:0]
    first = queue.own[0] if queue.own else ""
    return next((post_id for post_id in after if post_id in queue.own), first)


def _window(order: Sequence[str], at: str, size: int) -> Sequence[str]:
    """At most `size` posts of the queue, beginning a little before `at`."""
    place = order.index(at) if at in order else 0
    start = max(0, min(place - _AROUND, len(order) - size))
    return order[start : start + size]


def _decision(judged: Judged, action: Literal[Action.APPROVE, Action.REQUEST_CHANGES]) -> Decision:
    request_id = as_key(judged["request"]) if judged["request"] else None
    return Decision(
        as_key(judged["id"]),
        judged["revision"],
        judged["round"],
        action,
        request_id=request_id,
    )


def _next_step(decision: Decision, post: Waiting) -> News:
    """What comes after a decision, and by whom."""
    if decision.action is Action.REQUEST_CHANGES:
        return News(Told.REQUESTED, post.sent_by)
    if not post.planned_at:
        return News(Told.APPROVED, post.sent_by)
    late = datetime.fromisoformat(post.planned_at) <= now()
    told = Told.APPROVED_LATE if late else Told.APPROVED_FOR
    return News(told, post.sent_by, post.planned_at, post.zone)
