"""What the post's page knows of the post itself; each panel has a State of its own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import approvals
from postboard.db.queries import post_page as query
from postboard.db.queries.approvals import ApprovalOfPost
from postboard.db.queries.choices import Choice
from postboard.db.queries.post_page import OpenedPost, PostFacts, SeenBy
from postboard.domain.content import NETWORKS, Reason
from postboard.domain.errors import NotFound, Refused, Stale
from postboard.domain.fields import MASTER, VARIANT
from postboard.domain.permissions import STAFF_ROLES, Actor
from postboard.domain.workflow import Action, Step
from postboard.locale import say_in_each
from postboard.services import board, plan_view, post_rows, posts, writing
from postboard.services.board import Move
from postboard.services.plan_view import Moved
from postboard.services.steps import Answer
from postboard.services.writing import Clash, Saved
from postboard.ui.given import tags_of, to_instant
from postboard.ui.guard import allow, answer
from postboard.ui.keys import as_key
from postboard.ui.pages.post import editor
from postboard.ui.pages.post.backward import BackwardState
from postboard.ui.pages.post.findings import FindingsState
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.pages.post.tasks import TasksState
from postboard.ui.presence import Other, presence
from postboard.ui.session import NotSignedIn, Page, now
from postboard.ui.sharing import shared

STAFF = tuple(STAFF_ROLES)


@dataclass(frozen=True)
class StepChoice:
    action: str
    asks: str


class PostPage(Page, rx.State):
    post: PostFacts | None = None
    missing: bool = False
    steps: list[StepChoice] = []
    seen_by: list[SeenBy] = []
    approval: ApprovalOfPost | None = None
    has_draft: bool = False
    discarded: bool = False
    """A draft of mine was put away just now."""
    people: list[Choice] = []
    campaigns: list[Choice] = []
    pillars: list[str] = []
    stepped: str = ""
    """The last command that was answered."""

    @rx.event
    @allow(*STAFF)
    async def load(self):
        """The post that the address names."""
        self.post, self.missing, self.discarded = None, False, False
        key = str(self.router.url.query_parameters.get("key", ""))
        try:
            post_id = await self._read(query.find_by_key, key[:24])
        except NotFound:
            self.missing = True
            return None
        return await self._show(post_id.hex)

    @rx.event
    @allow(*STAFF)
    async def refresh(self, post_id: str):
        """Something changed; what is being typed stays as it is."""
        return [await self._show(post_id), FindingsState.load(post_id)]

    @rx.event
    @allow(*STAFF)
    async def save(self, post_id: str, field: str, value: Any, was: str, serial: int):
        """One field, as it was typed; the editor is told how it went."""
        said = {"id": post_id, "field": field, "serial": serial}
        try:
            done = await self._write(writing.save, as_key(post_id), field, value, was=was)
        except NotSignedIn:
            raise
        except Stale:  # another field of the post was written in the same moment
            return editor.tell("refused", said)
        except Refused as refused:
            return editor.tell("refused", said | {"problem": say_in_each(refused)})
        if isinstance(done, Clash):
            clash = {"theirs": done.theirs, "mark": done.mark, "who": done.who}
            return editor.tell("clashed", said | clash)
        self._note(post_id, done)
        return [
            editor.tell("saved", said | {"mark": done.mark}),
            FindingsState.load(post_id),
        ]

    @rx.event
    @allow(*STAFF)
    async def send_draft(self, post_id: str, version: int):
        """My words become the next revision and go back for review."""
        await self._write(writing.send_draft, as_key(post_id), version=version)
        return [await self._show(post_id), *_panels(post_id)]

    @rx.event
    @allow(*STAFF)
    async def discard_draft(self, post_id: str):
        await self._write(writing.discard_draft, as_key(post_id))
        self.discarded = True
        return await self._show(post_id)

    @rx.event
    @allow(*STAFF)
    async def take_up_draft(self, post_id: str):
        """Undo of `discard_draft`."""
        await self._write(writing.take_up_draft, as_key(post_id))
        self.discarded = False
        return await self._show(post_id)

    @rx.event
    @allow(*STAFF)
    async def rebase(self, post_id: str, theirs: list[str]):
        """Carry my draft over to the newest words; `theirs` are the fields I give up."""
        await self._write(writing.rebase, as_key(post_id), theirs=frozenset(theirs))
        return await self._show(post_id)

    @rx.event
    @allow(*STAFF)
    async def step(
        self,
        command_id: str,
        post_id: str,
        version: int,
        action: str,
        reason: str,
        tags: list[str],
        person: str,
        link: str,
        message: str,
    ):
        """Take a step, once; `message` is for the people it asks."""
        if action not in set(Action):
            raise NotFound
        holder = as_key(person) if person else None
        given = Answer(Reason(reason, tags_of(tags)), holder, link, message)
        asked = Move(as_key(command_id), as_key(post_id), version, Action(action), None, given)
        said = await self._try(board.move, asked)
        self.stepped = command_id
        return [await self._show(post_id), *said, *_panels(post_id)]

    @rx.event
    @allow(*STAFF)
    async def plan(self, post_id: str, version: int, planned: str):
        """Move the time of publishing: wall time in the client's zone."""
        if self.post is None:
            raise NotFound
        if planned == self.post.planned_local:
            return None
        at = to_instant(planned, self.post.zone)
        went: list[Moved] = []

        def move(*args: Any, **more: Any) -> None:
            went.append(plan_view.move(*args, **more))

        said = await self._change(post_id, move, at, version=version)
        plan = await self.get_state(BackwardState)
        plan.moved = [step for moved in went for step in moved.steps]
        plan.squeezed = any(moved.squeezed for moved in went)
        return said

    @rx.event
    @allow(*STAFF)
    async def label(self, post_id: str, version: int, campaign: str, pillar: str):
        if self.post and (campaign, pillar) == (self.post.campaign_id, self.post.pillar):
            return None
        campaign_id = as_key(campaign) if campaign else None
        return await self._change(post_id, posts.label, campaign_id, pillar, version=version)

    @rx.event
    @allow(*STAFF)
    async def open_part(self, post_id: str, part: str):
        """What is not kept up while nobody looks is read when it is looked at."""
        return RecordState.load(post_id) if part == "record" else None

    @rx.event
    @allow(*STAFF)
    async def here(self, post_id: str, field: str):
        """I am on this page, and write in that field."""
        post = await self._read(post_rows.find, as_key(post_id))
        me = (await self._signed_in()).actor
        if me.user_id:
            where = Other(me.name, field if field in _FIELDS else "")
            presence().note(post.client_id, post.id, me.user_id, where)
        return self._others(post_id, me)

    @rx.event
    @allow(*STAFF)
    async def others(self, post_id: str):
        """Who else is here."""
        await self._read(post_rows.find, as_key(post_id))
        return self._others(post_id, (await self._signed_in()).actor)

    def _others(self, post_id: str, me: Actor) -> rx.event.EventSpec | None:
        if me.user_id is None:
            return None
        found = presence().others(as_key(post_id), me.user_id)
        return editor.tell("others", [{"name": one.name, "field": one.field} for one in found])

    async def _change(self, post_id: str, use_case: Any, *args: Any, version: int) -> Any:
        """A change beside the words."""
        said = await self._try(use_case, as_key(post_id), *args, version=version)
        return [
            await self._show(post_id),
            *said,
            FindingsState.load(post_id),
            BackwardState.load(post_id),
        ]

    async def _try(self, use_case: Any, *args: Any, **more: Any) -> list[rx.event.EventSpec]:
        """What there is to say of it, where it is refused: the page goes on as the post is."""
        try:
            await self._write(use_case, *args, **more)
        except NotSignedIn:
            raise
        except Refused as refused:
            return [answer(refused)]
        return []

    async def _show(self, post_id: str) -> rx.event.EventSpec:
        seen, clashes, approval = await self._read(_opened, as_key(post_id), now=now())
        if seen.draft and seen.draft.stale and not clashes:
            await self._write(writing.rebase, as_key(post_id), theirs=frozenset[str]())
            seen, clashes, approval = await self._read(_opened, as_key(post_id), now=now())
        self.post, self.has_draft = seen.facts, seen.draft is not None
        self.seen_by, self.approval = seen.seen_by, approval
        self.steps = [StepChoice(step.action, step.asks) for step in _in_order(seen.steps)]
        self.people, self.campaigns = shared(seen.people), shared(seen.campaigns)
        self.pillars = seen.pillars
        me = (await self._signed_in()).actor.user_id
        return editor.show(seen, clashes, me)

    def _note(self, post_id: str, saved: Saved) -> None:
        if self.post is None or self.post.id != as_key(post_id).hex:
            return
        if self.post.version != saved.version:
            self.post = replace(self.post, version=saved.version)
        if not self.post.open_to_edits:
            self.has_draft, self.discarded = True, False


_FIELDS = frozenset({*MASTER, *(f"{name}@{one}" for one in NETWORKS for name in VARIANT)})


def _opened(
    session: Session, actor: Actor, post_id: UUID, *, now: datetime
) -> tuple[OpenedPost, list[Clash], ApprovalOfPost]:
    return (
        query.opened(session, actor, post_id, now=now),
        writing.clashes_of(session, actor, post_id),
        approvals.of_post(session, actor, post_id, now=now),
    )


def _panels(post_id: str) -> list[Any]:
    """A step of one's own is no news to the page: its panels are told so."""
    return [
        FindingsState.load(post_id),
        TasksState.load(post_id),
        BackwardState.load(post_id),
        RecordState.stepped(post_id),
    ]


def _in_order(steps: list[Step]) -> list[Step]:
    """The step that carries the post on comes first; the ways back and out follow."""
    return sorted(steps, key=lambda step: step.action in _ASIDE)


_ASIDE = {
    Action.ASSIGN,
    Action.CANCEL,
    Action.REQUEST_CHANGES,
    Action.RECALL,
    Action.HOLD,
    Action.UNSCHEDULE,
    Action.MARK_PUBLISHED,
}
