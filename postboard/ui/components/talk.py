"""One thread of a post as people read it and write in it; its page says whose it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from postboard.db.queries.comment_past import Earlier
from postboard.db.queries.spoken import Attached, Conversation, Reader, Spoken, Talk
from postboard.domain.conversation import COMMENT_MAX, REACTIONS, Anchor, Thread
from postboard.domain.errors import Refused
from postboard.locale import say_in_each
from postboard.services import comments
from postboard.services.comments import Remark
from postboard.ui.keys import as_key
from postboard.ui.labels import NETWORKS
from postboard.ui.session import NotSignedIn, Page
from postboard.ui.words import _, d_, n_
from postboard.ui.wrappers import COMPOSER, PINS


@dataclass(frozen=True)
class Answered:
    """What became of the last command: `problem` is why not, in every language."""

    command: str = ""
    problem: dict[str, str] = field(default_factory=dict[str, str])


class Composer(rx.Component):
    """Where a comment is written; `opens` is the button behind which it hides."""

    library = COMPOSER
    tag = "Composer"

    kept: rx.Var[str]
    opens: rx.Var[str]
    label: rx.Var[str]
    send: rx.Var[str]
    hint: rx.Var[str]
    text: rx.Var[str]
    limit: rx.Var[int]
    people: rx.Var[list[Reader]]
    networks: rx.Var[dict[str, str]]
    answer: rx.Var[Answered]
    anchored: rx.Var[bool]
    client: rx.Var[str]
    """Whose library files come from; without it none can be attached."""
    found: rx.Var[list[Attached]]
    may_upload: rx.Var[bool]

    on_send: rx.EventHandler[
        rx.event.passthrough_event_spec(str, str, Anchor, list[str], list[str])
    ]
    on_library: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Said(rx.Component):
    library = COMPOSER
    tag = "Said"

    text: rx.Var[str]
    names: rx.Var[list[str]]


class AnchorLink(rx.Component):
    """What a comment points at; a click goes there."""

    library = COMPOSER
    tag = "Anchor"

    field: rx.Var[str]
    network: rx.Var[str]
    asset: rx.Var[str]
    pin: rx.Var[int]
    networks: rx.Var[dict[str, str]]


class Reactions(rx.Component):
    library = COMPOSER
    tag = "Reactions"

    given: rx.Var[list[Any]]
    offered: rx.Var[list[str]]
    may: rx.Var[bool]

    on_react: rx.EventHandler[rx.event.passthrough_event_spec(str, bool)]


class PinnedPictures(rx.Component):
    """The post's pictures with their numbered spots; those of the editor where none are given."""

    library = PINS
    tag = "PinnedPictures"

    pictures: rx.Var[list[Any]]
    pins: rx.Var[list[Any]]
    label: rx.Var[str]
    may_pin: rx.Var[bool]

    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Speaks(Page, mixin=True):
    """A page where comments are written; what was refused is said where it was typed.

    `_renew` brings its own threads up to date.
    """

    answer: Answered = Answered()
    earlier: list[Earlier] = []
    earlier_of: str = ""

    async def _say(self, thread: Thread, post_id: str, command_id: str, remark: Remark) -> None:
        command = as_key(command_id)
        said = self._write(comments.add, as_key(post_id), thread, remark, command_id=command)
        await self._carry_out(command_id, said)

    async def _edit(
        self, command_id: str, comment_id: str, version: int, text: str, mentions: list[str]
    ) -> None:
        key, named = as_key(comment_id), ids(mentions)
        said = self._write(comments.edit, key, text, named, version=version)
        await self._carry_out(command_id, said)

    async def _change(
        self, use_case: Callable[..., Any], comment_id: str, *args: Any, **more: Any
    ) -> None:
        await self._write(use_case, as_key(comment_id), *args, **more)
        await self._renew()

    async def _unroll(self, question: Callable[..., list[Earlier]], comment_id: str) -> None:
        """The texts a comment had before; a second time puts them away."""
        if self.earlier_of == comment_id:
            self.earlier_of = ""
            return
        self.earlier = await self._read(question, as_key(comment_id))
        self.earlier_of = comment_id

    async def _carry_out(self, command_id: str, work: Awaitable[Any]) -> None:
        """The browser hears what became of its command."""
        problem: dict[str, str] = {}
        try:
            await work
        except NotSignedIn:
            raise
        except Refused as refused:
            problem = say_in_each(refused)
        self.answer = Answered(command_id, problem)
        await self._renew()

    async def _renew(self) -> None:
        raise NotImplementedError


def ids(texts: list[str]) -> list[Any]:
    return [as_key(text) for text in texts]


NAMES = {key: _(name) for key, name in NETWORKS.items()}


@dataclass(frozen=True)
class Door:
    """How one page speaks: its State, its thread's name for the draft, and what it offers."""

    state: Any
    thread: str
    post_id: rx.Var[str]
    send: rx.Var[str]
    say: Callable[..., Any]
    """(command, text, parent, anchor, files, people) -> event"""
    resolves: bool = False
    more: dict[str, Any] = field(default_factory=dict[str, Any])
    """More properties of its composers."""


def composer(
    door: Door, talk: rx.Var[Talk], *, label: rx.Var[str], parent: Any = "", opens: Any = ""
) -> rx.Component:
    """For a new conversation, or for an answer to `parent`."""
    return Composer.create(
        kept=rx.Var.create(f"{door.thread}/") + door.post_id + "/" + parent,
        opens=opens,
        label=label,
        send=door.send,
        limit=COMMENT_MAX,
        people=talk.people,
        networks=rx.Var.create(NAMES),
        answer=door.state.answer,
        anchored=opens == "",
        on_send=lambda command, text, anchor, files, people: door.say(
            command, text, parent, anchor, files, people
        ),
        **door.more,
    )


def conversations(door: Door, talk: rx.Var[Talk]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(talk.conversations, lambda one: _conversation(door, talk, one)),
            class_name="talk-list",
        ),
        rx.cond(
            talk.total > talk.conversations.length(),
            rx.el.button(
                _("Show older"), type="button", class_name="link", on_click=door.state.older
            ),
        ),
    )


def _conversation(door: Door, talk: rx.Var[Talk], one: rx.Var[Conversation]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.resolved,
            rx.el.details(
                rx.el.summary(
                    _("Resolved by {who}", who=one.resolved_by),
                    rx.el.span(one.head.text, class_name="quiet", dir="auto"),
                ),
                _whole(door, talk, one),
            ),
            _whole(door, talk, one),
        ),
        key=one.id,
        class_name="conversation",
    )


def _whole(door: Door, talk: rx.Var[Talk], one: rx.Var[Conversation]) -> rx.Component:
    hidden = one.replies_total - one.replies.length()
    return rx.el.div(
        _spoken(door, talk, one.head),
        rx.cond(
            hidden > 0,
            rx.el.button(
                n_("Show {n} earlier reply", "Show {n} earlier replies", hidden),
                type="button",
                class_name="link",
                on_click=door.state.whole(one.id),
            ),
        ),
        rx.el.ol(
            rx.foreach(
                one.replies,
                lambda reply: rx.el.li(_spoken(door, talk, reply), key=reply.id),
            ),
            class_name="replies",
        ),
        rx.cond(
            talk.may_write,
            rx.el.div(
                composer(door, talk, label=_("Your reply"), parent=one.id, opens=_("Reply")),
                _resolve(door, one) if door.resolves else rx.fragment(),
                class_name="conversation-foot",
            ),
        ),
    )


def _resolve(door: Door, one: rx.Var[Conversation]) -> rx.Component:
    return rx.cond(
        one.resolved,
        rx.el.button(
            _("Reopen"), type="button", class_name="link", on_click=door.state.reopen(one.id)
        ),
        rx.el.button(
            _("Resolve"), type="button", class_name="link", on_click=door.state.resolve(one.id)
        ),
    )


def _spoken(door: Door, talk: rx.Var[Talk], said: rx.Var[Spoken]) -> rx.Component:
    return rx.el.article(
        rx.cond(said.deleted, _deleted(door, said), _standing(door, talk, said)),
        class_name="spoken",
        custom_attrs={"data-comment": said.id, "data-client": said.of_client},
    )


def _deleted(door: Door, said: rx.Var[Spoken]) -> rx.Component:
    return rx.el.p(
        _("Deleted by {who}", who=said.who),
        rx.cond(
            said.may_restore,
            rx.el.button(
                _("Undo"), type="button", class_name="link", on_click=door.state.restore(said.id)
            ),
        ),
        class_name="quiet",
    )


def _standing(door: Door, talk: rx.Var[Talk], said: rx.Var[Spoken]) -> rx.Component:
    return rx.fragment(
        rx.el.header(
            rx.el.span(said.who[:1], class_name="person", aria_hidden="true"),
            rx.el.strong(said.who, dir="auto"),
            rx.cond(said.of_client, rx.el.span(_("client"), class_name="tag-small"))
            if door.resolves
            else rx.fragment(),
            rx.el.time(d_(said.at, "relative"), title=d_(said.at, "daytime"), class_name="quiet"),
            rx.cond(
                said.edited,
                rx.el.button(
                    _("edited"),
                    type="button",
                    class_name="link quiet",
                    aria_expanded=door.state.earlier_of == said.id,
                    on_click=door.state.history(said.id),
                ),
            ),
        ),
        rx.cond(
            (said.field != "") | (said.asset != ""),
            AnchorLink.create(
                field=said.field,
                network=said.network,
                asset=said.asset,
                pin=said.pin,
                networks=rx.Var.create(NAMES),
            ),
        ),
        Said.create(text=said.text, names=said.names),
        rx.cond(said.attached.length() > 0, _attached(said.attached)),
        rx.cond(door.state.earlier_of == said.id, _earlier(door)),
        rx.el.footer(
            Reactions.create(
                given=said.reactions,
                offered=list(REACTIONS),
                may=talk.may_write,
                on_react=lambda emoji, on: door.state.react(said.id, emoji, on),
            ),
            rx.cond(said.mine & talk.may_write, _own(door, talk, said)),
        ),
    )


def _own(door: Door, talk: rx.Var[Talk], said: rx.Var[Spoken]) -> rx.Component:
    return rx.fragment(
        Composer.create(
            kept=rx.Var.create(f"{door.thread}/") + door.post_id + "/edit/" + said.id,
            opens=_("Edit"),
            label=_("Your comment"),
            send=_("Save"),
            text=said.text,
            limit=COMMENT_MAX,
            people=talk.people,
            answer=door.state.answer,
            on_send=lambda command, text, _anchor, _files, people: door.state.edit(
                command, said.id, said.version, text, people
            ),
        ),
        rx.el.button(
            _("Delete"),
            type="button",
            class_name="link",
            on_click=door.state.delete(said.id, said.version),
        ),
    )


def _attached(files: rx.Var[list[Attached]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            files,
            lambda file: rx.el.li(
                rx.el.a(
                    rx.el.img(
                        src=file.thumb,
                        alt=rx.cond(file.alt, file.alt, file.name),
                        loading="lazy",
                    ),
                    href="/media/" + file.asset + "/original",
                    target="_blank",
                    rel="noopener",
                    custom_attrs={"data-kind": file.kind},
                )
            ),
        ),
        class_name="attached",
    )


def _earlier(door: Door) -> rx.Component:
    return rx.el.ol(
        rx.foreach(
            door.state.earlier,
            lambda one: rx.el.li(
                rx.el.time(d_(one.at, "daytime"), class_name="quiet"),
                rx.el.p(one.text, class_name="said-text", dir="auto"),
            ),
        ),
        class_name="earlier",
        aria_label=_("Earlier texts"),
    )
