"""What the client and the agency say to each other of one post: the client's thread, no other.

No handler here takes a thread, and none asks a question that could answer about another one.
"""

from uuid import UUID

import reflex as rx

from postboard.db.queries import comment_past
from postboard.db.queries import conversation as query
from postboard.db.queries.comment_rows import SHOWN, Wish
from postboard.db.queries.review import Waiting
from postboard.db.queries.spoken import Talk
from postboard.domain.conversation import Anchor, Thread
from postboard.domain.permissions import CLIENT_ROLES, Role
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


class ReviewTalk(Speaks, rx.State):
    talk: Talk = Talk()
    post_id: str = ""
    """Of which post `talk` is: another one's is not shown meanwhile."""
    _shown: int = SHOWN
    _whole: frozenset[UUID] = frozenset()

    @rx.event
    @allow(*CLIENT_ROLES)
    async def load(self, post_id: str):
        if self.post_id != as_key(post_id).hex:
            self._shown, self._whole, self.earlier_of = SHOWN, frozenset(), ""
        await self._renew(as_key(post_id))

    @rx.event
    @allow(*CLIENT_ROLES)
    async def older(self):
        self._shown += SHOWN
        await self._renew()

    @rx.event
    @allow(*CLIENT_ROLES)
    async def whole(self, comment_id: str):
        self._whole |= {as_key(comment_id)}
        await self._renew()

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def say(
        self,
        post_id: str,
        command_id: str,
        text: str,
        parent_id: str,
        anchor: Anchor,
        mentions: list[str],
    ):
        parent = as_key(parent_id) if parent_id else None
        remark = Remark(text, parent, anchor, mentions=ids(mentions))
        await self._say(Thread.CLIENT, post_id, command_id, remark)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def edit(
        self, command_id: str, comment_id: str, version: int, text: str, mentions: list[str]
    ):
        await self._edit(command_id, comment_id, version, text, mentions)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def delete(self, comment_id: str, version: int):
        await self._change(comments.delete, comment_id, version=version)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def restore(self, comment_id: str):
        await self._change(comments.restore, comment_id)

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def react(self, comment_id: str, emoji: str, on: bool):
        await self._change(comments.react, comment_id, emoji, on=on)

    @rx.event
    @allow(*CLIENT_ROLES)
    async def history(self, comment_id: str):
        await self._unroll(comment_past.earlier_for_client, comment_id)

    async def _renew(self, post: UUID | None = None) -> None:
        if post is None and not self.post_id:
            return
        key, wish = post or UUID(self.post_id), Wish(self._shown, self._whole)
        seen = await self._read(query.for_client, key, wish, now=now())
        self.post_id = key.hex
        if self.talk != seen:
            self.talk = seen


def review_talk(post: rx.Var[Waiting]) -> rx.Component:
    """Below the post; arrow keys and swipes in it turn no page."""
    talk, own = ReviewTalk.talk, ReviewTalk.post_id == post.id
    door = Door(
        state=ReviewTalk,
        thread="review",
        post_id=post.id,
        send=_("Send"),
        say=lambda command, text, parent, anchor, _files, people: ReviewTalk.say(
            post.id, command, text, parent, anchor, people
        ),
    )
    return rx.el.section(
        Hear.create(only=post.id, on_signal=ReviewTalk.load(post.id)),
        rx.el.h3(_("Conversation")),
        rx.cond(
            own,
            rx.fragment(
                rx.cond(
                    talk.may_write,
                    composer(door, talk, label=_("Ask or say something")),
                    rx.cond(
                        talk.total == 0, rx.el.p(_("Nothing was said yet."), class_name="quiet")
                    ),
                ),
                rx.cond(
                    talk.may_write | (talk.pins.length() > 0),
                    PinnedPictures.create(
                        pictures=post.pictures,
                        pins=talk.pins,
                        label=_("Point at a picture"),
                        may_pin=talk.may_write,
                        on_open=ReviewTalk.whole,
                    ),
                ),
                conversations(door, talk),
            ),
        ),
        class_name="talk review-talk",
        custom_attrs={"data-strip": ""},
        on_mount=ReviewTalk.load(post.id),
    )
