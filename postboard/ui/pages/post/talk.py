"""What the team says of a post: among themselves, and with the client. Two threads, never one."""

from typing import Literal
from uuid import UUID

import reflex as rx

from postboard.db.queries import comment_past
from postboard.db.queries import conversation as query
from postboard.db.queries.comment_rows import SHOWN, Wish
from postboard.db.queries.conversation import OfRevision
from postboard.db.queries.post_page import PostFacts
from postboard.db.queries.spoken import Attached, Talk
from postboard.domain.conversation import Anchor, Thread
from postboard.domain.permissions import STAFF_ROLES
from postboard.services import comments
from postboard.services.comments import Remark
from postboard.ui.components.hear import Hear
from postboard.ui.components.talk import (
    Door,
    PinnedPictures,
    Speaks,
    composer,
    conversations,
    ids,
)
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import now
from postboard.ui.words import _

Side = Literal["internal", "client"]


class TalkState(Speaks, rx.State):
    internal: Talk = Talk()
    client: Talk = Talk()
    revisions: list[OfRevision] = []
    """How many comments each revision got, for the post's history."""
    client_sees: bool = False
    may_upload: bool = False
    side: str = Thread.INTERNAL
    revision: int = 0
    """Only what was said of it is shown; 0 is everything."""
    files: list[Attached] = []
    _post: str = ""
    _shown: int = SHOWN
    _whole: frozenset[UUID] = frozenset()

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self, post_id: str):
        """The newest of both threads; an address that names a comment opens it."""
        self._turn_to(post_id)
        await self._renew()
        named = str(self.router.url.query_parameters.get("comment", ""))[:36]
        return await self._show(named) if named else None

    @rx.event
    @allow(*STAFF_ROLES)
    async def refresh(self, post_id: str):
        """Something changed; what is being typed stays in the browser."""
        if self._post != as_key(post_id).hex:
            self._turn_to(post_id)
        await self._renew()

    @rx.event
    @allow(*STAFF_ROLES)
    async def switch(self, side: Side):
        self.side = side
        self.earlier_of = ""

    @rx.event
    @allow(*STAFF_ROLES)
    async def older(self):
        self._shown += SHOWN
        await self._renew()

    @rx.event
    @allow(*STAFF_ROLES)
    async def whole(self, comment_id: str):
        """This conversation with all that was answered."""
        self._whole |= {as_key(comment_id)}
        await self._renew()

    @rx.event
    @allow(*STAFF_ROLES)
    async def open(self, comment_id: str):
        """Show a comment wherever it is: in which thread, and however old."""
        return await self._show(comment_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def show_revision(self, post_id: str, revision: int):
        """Only what was said while that revision stood; 0 shows everything again."""
        self._turn_to(post_id)
        self.revision = revision
        await self._renew()
        if revision and not self.internal.conversations and self.client.conversations:
            self.side = Thread.CLIENT

    @rx.event
    @allow(*STAFF_ROLES)
    async def say(
        self,
        thread: Side,
        post_id: str,
        command_id: str,
        text: str,
        parent_id: str,
        anchor: Anchor,
        attachments: list[str],
        mentions: list[str],
    ):
        """In the thread that stood on the button."""
        parent = as_key(parent_id) if parent_id else None
        remark = Remark(text, parent, anchor, ids(attachments), ids(mentions))
        await self._say(Thread(thread), post_id, command_id, remark)

    @rx.event
    @allow(*STAFF_ROLES)
    async def edit(
        self, command_id: str, comment_id: str, version: int, text: str, mentions: list[str]
    ):
        await self._edit(command_id, comment_id, version, text, mentions)

    @rx.event
    @allow(*STAFF_ROLES)
    async def delete(self, comment_id: str, version: int):
        await self._change(comments.delete, comment_id, version=version)

    @rx.event
    @allow(*STAFF_ROLES)
    async def restore(self, comment_id: str):
        await self._change(comments.restore, comment_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def resolve(self, comment_id: str):
        await self._change(comments.resolve, comment_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def reopen(self, comment_id: str):
        await self._change(comments.reopen, comment_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def react(self, comment_id: str, emoji: str, on: bool):
        await self._change(comments.react, comment_id, emoji, on=on)

    @rx.event
    @allow(*STAFF_ROLES)
    async def history(self, comment_id: str):
        await self._unroll(comment_past.earlier, comment_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def library(self, post_id: str, text: str):
        """Files to attach."""
        self.files = await self._read(query.library, as_key(post_id), text)

    async def _show(self, comment_id: str) -> rx.event.EventSpec:
        thread, head = await self._read(comment_past.place_of, as_key(comment_id))
        self.side, self.revision = thread, 0
        self._whole |= {head}
        await self._renew()
        return rx.call_script(f"window.postboard.toComment('{as_key(comment_id).hex}')")

    def _turn_to(self, post_id: str) -> None:
        """Another post begins anew."""
        if self._post != (key := as_key(post_id).hex):
            self._post, self._shown, self._whole = key, SHOWN, frozenset()
            self.revision, self.side, self.earlier_of = 0, Thread.INTERNAL, ""

    async def _renew(self) -> None:
        if not self._post:
            return
        wish = Wish(self._shown, self._whole, self.revision)
        seen = await self._read(query.for_staff, UUID(self._post), wish, now=now())
        self.revisions, self.client_sees = seen.revisions, seen.client_sees
        self.may_upload = seen.may_upload
        if self.internal != seen.internal:
            self.internal = seen.internal
        if self.client != seen.client:
            self.client = seen.client


def talk_panel(post: rx.Var[PostFacts]) -> rx.Component:
    """The two threads, one at a time; whose words they are is said in words and in colour."""
    return rx.el.div(
        Hear.create(only=post.id, version=post.version, on_signal=TalkState.refresh(post.id)),
        rx.el.div(
            _tab("internal", _("Internal"), TalkState.internal.open),
            _tab("client", _("Client"), TalkState.client.open),
            role="tablist",
            aria_label=_("Conversations"),
            class_name="tabs talk-tabs",
        ),
        rx.cond(
            TalkState.revision > 0,
            rx.el.p(
                _("Only what was said of revision {n}.", n=TalkState.revision),
                rx.el.button(
                    _("Show everything"),
                    type="button",
                    class_name="link",
                    on_click=TalkState.show_revision(post.id, 0),
                ),
                class_name="talk-only",
            ),
        ),
        rx.cond(TalkState.side == "client", _with_client(post), _internal(post)),
        class_name="talk",
        custom_attrs={"data-thread": TalkState.side},
        on_mount=TalkState.load(post.id),
        key=post.id,
    )


def _tab(side: Side, name: rx.Var[str], count: rx.Var[int]) -> rx.Component:
    return rx.el.button(
        name,
        rx.cond(count > 0, rx.el.span(count, class_name="count")),
        type="button",
        role="tab",
        class_name="tab",
        id=f"talk-{side}",
        aria_selected=TalkState.side == side,
        aria_controls="talk-thread",
        custom_attrs={"data-side": side},
        on_click=TalkState.switch(side),
    )


def _internal(post: rx.Var[PostFacts]) -> rx.Component:
    return _thread(
        post,
        "internal",
        TalkState.internal,
        reads=_("Only your team reads this."),
        send=_("Send to the team"),
        empty=_("Nobody has said anything yet. What you write here never reaches the client."),
    )


def _with_client(post: rx.Var[PostFacts]) -> rx.Component:
    return _thread(
        post,
        "client",
        TalkState.client,
        reads=rx.cond(
            TalkState.client_sees,
            _("{client}’s people read this.", client=post.client),
            _("{client}’s people read this as soon as the post is with them.", client=post.client),
        ),
        send=_("Send to {client}’s people", client=post.client),
        empty=_("Nothing was said with the client yet."),
    )


def _thread(
    post: rx.Var[PostFacts],
    side: Side,
    talk: rx.Var[Talk],
    *,
    reads: rx.Var[str],
    send: rx.Var[str],
    empty: rx.Var[str],
) -> rx.Component:
    door = Door(
        state=TalkState,
        thread=side,
        post_id=post.id,
        send=send,
        say=lambda command, text, parent, anchor, files, people: TalkState.say(
            side, post.id, command, text, parent, anchor, files, people
        ),
        resolves=True,
        more={
            "client": post.client_id,
            "found": TalkState.files,
            "may_upload": TalkState.may_upload,
            "on_library": lambda text: TalkState.library(post.id, text),
        },
    )
    return rx.el.div(
        rx.el.p(reads, class_name="talk-reads"),
        rx.cond(
            talk.may_write,
            composer(door, talk, label=_("Write a comment, @ names somebody")),
            rx.el.p(
                _("You can read this thread. Writing in it is for others."), class_name="quiet"
            ),
        ),
        PinnedPictures.create(
            pins=talk.pins,
            label=_("Point at a picture"),
            may_pin=talk.may_write,
            on_open=TalkState.whole,
        ),
        rx.cond(talk.total == 0, rx.el.p(empty, class_name="quiet talk-empty")),
        conversations(door, talk),
        id="talk-thread",
        role="tabpanel",
        aria_labelledby=f"talk-{side}",
        class_name="talk-thread",
        key=side,
    )
