"""A post beside the board: its words, its history and what may be done with it."""

from typing import Any

import reflex as rx

from postboard.db.queries import post as query
from postboard.db.queries.post import Entry, PostInFull
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES
from postboard.names import EVENTS
from postboard.ui.components.assign import AssignState
from postboard.ui.components.kanban import take_step
from postboard.ui.components.network import network_mark
from postboard.ui.components.rounds import round_of
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.labels import ACTIONS, STATES, TAGS
from postboard.ui.layout import Dialog
from postboard.ui.session import Page, now
from postboard.ui.words import _, d_


@floats("post")
class QuickView(Page, rx.State):
    post: PostInFull | None = None

    @rx.event
    @allow(*STAFF_ROLES)
    async def open(self, post_id: str):
        self.post = await self._read(query.in_full, as_key(post_id), now=now())

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.post = None

    @rx.event
    @allow(*STAFF_ROLES)
    async def step(self, action: str):
        """The step itself runs through the board, which shows it at once and asks what it asks."""
        if self.post is None:
            raise NotFound
        post, self.post = self.post, None
        client, _dash, number = post.key.rpartition("-")
        card = {"id": post.id, "client": client, "number": int(number)}
        return take_step(card | {"version": post.version, "state": post.state}, action)


def quick_view() -> rx.Component:
    return rx.cond(
        QuickView.post,
        Dialog.create(
            _view(QuickView.post.to(PostInFull)),
            label="",
            kind="drawer",
            on_close=QuickView.close,
        ),
    )


def _view(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.el.div(
        rx.el.header(
            rx.el.span(post.key, class_name="card-key"),
            rx.el.span(post.client, class_name="quiet"),
            rx.el.span(class_name="grow"),
            rx.el.button(
                "×",
                type="button",
                class_name="close",
                aria_label=_("Close"),
                on_click=QuickView.close,
            ),
            class_name="quick-head",
        ),
        rx.el.p(
            rx.el.span(
                class_name="dot", custom_attrs={"data-state": post.state}, aria_hidden="true"
            ),
            rx.el.span(_(rx.Var.create(STATES)[post.state]), class_name="state-word"),
            rx.cond(
                post.rounds > 0,
                rx.el.span(round_of(post.rounds, post.rounds_included), class_name="quiet"),
            ),
            class_name="quick-state",
        ),
        _reading(post),
        _history(post),
        class_name="quick",
    )


def _reading(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.fragment(
        rx.foreach(post.pictures, _picture),
        rx.cond(post.title, rx.el.h2(post.title)),
        rx.el.p(post.caption, class_name="caption", dir="auto"),
        rx.cond(
            post.link,
            rx.el.p(rx.el.a(post.link, href=post.link, target="_blank", rel="noopener noreferrer")),
        ),
        rx.el.dl(
            _fact(
                _("Planned"),
                rx.cond(
                    post.planned_at, d_(post.planned_at, "daytime", post.zone), _("No date yet")
                ),
            ),
            _fact(_("Holds it"), rx.cond(post.assignee, post.assignee, _("Nobody yet"))),
            rx.cond(post.campaign, _fact(_("Campaign"), post.campaign)),
            _fact(_("Networks"), _networks(post.networks)),
            class_name="facts",
        ),
        rx.el.div(
            rx.foreach(post.actions, _action),
            rx.cond(
                post.may_assign,
                rx.el.button(
                    _("Assign…"),
                    type="button",
                    class_name="button",
                    on_click=AssignState.open([post.id]),
                ),
            ),
            rx.el.a(
                _("Open the post"),
                href="/post/?key=" + post.key,
                class_name="button",
                custom_attrs={"data-open-post": ""},
            ),
            class_name="quick-actions",
        ),
    )


def _history(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("History")),
        rx.el.ol(rx.foreach(post.history, _entry), class_name="history"),
    )


def _entry(entry: rx.Var[Entry]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_(rx.Var.create(EVENTS)[entry.kind], who=entry.who)),
        rx.el.time(d_(entry.at, "relative"), title=d_(entry.at, "daytime"), class_name="quiet"),
        rx.cond(
            entry.reason,
            rx.el.blockquote(
                rx.foreach(
                    entry.tags,
                    lambda tag: rx.el.span(_(rx.Var.create(TAGS)[tag]), class_name="tag-small"),
                ),
                rx.el.span(entry.reason, dir="auto"),
            ),
        ),
    )


def _action(action: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        _(rx.Var.create(ACTIONS)[action]),
        type="button",
        class_name="button button-step",
        on_click=QuickView.step(action),
        custom_attrs={"data-action": action},
    )


def _picture(picture: rx.Var[dict[str, str]]) -> rx.Component:
    return rx.el.img(
        src=picture["url"], alt=picture["alt"], class_name="quick-picture", loading="lazy"
    )


def _networks(names: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(
        names.length() > 0,
        rx.el.span(rx.foreach(names, network_mark)),
        _("None chosen"),
    )


def _fact(name: rx.Var[str], value: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(name), rx.el.dd(value))
