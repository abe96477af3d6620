"""The dialog that says which post of ours a measured one is."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from postboard.db.queries import linking as query
from postboard.db.queries.instants import stamp
from postboard.db.queries.linking import Linking, Offer
from postboard.domain.permissions import Permission, roles_with
from postboard.names import STATES
from postboard.services import metrics_undo
from postboard.ui.components.chart import tell
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.words import _, d_

LINKERS: Final = roles_with(Permission.IMPORT_METRICS)


@dataclass(frozen=True)
class OfferShown:
    id: str
    key: str
    text: str
    state: str
    at: str


@floats("shown")
class LinkPost(SaysProblems, rx.State):
    """One measured post is asked about; `key` is the post of ours that it is now."""

    shown: bool = False
    text: str = ""
    network: str = ""
    at: str = ""
    zone: str = ""
    key: str = ""
    asked: str = ""
    offers: list[OfferShown] = []
    _id: str = ""
    _was: str = ""

    @rx.event
    @allow(*LINKERS)
    async def ask(self, metric_post_id: str):
        """Open the dialog with the posts that were planned about when it was out."""
        self._show(await self._read(query.linking, as_key(metric_post_id)), "")
        self.problem, self.shown = {}, True

    @rx.event
    @allow(*LINKERS)
    async def search(self, words: str):
        """Posts of its client with that key or those words."""
        if self._id:
            self._show(await self._read(query.linking, as_key(self._id), words), words)

    @rx.event
    @allow(*LINKERS)
    async def choose(self, post_id: str):
        """It is this post of ours."""
        return await self._link(post_id)

    @rx.event
    @allow(*LINKERS)
    async def unlink(self):
        """It is none of ours."""
        return await self._link("")

    @rx.event
    @allow(*LINKERS)
    async def close(self):
        self.shown = False

    async def _link(self, post_id: str) -> Any:
        measured = as_key(self._id)
        ours, was = (as_key(one) if one else None for one in (post_id, self._was))
        if not await self._done(self._write(metrics_undo.link, measured, ours, was=was)):
            self._show(await self._read(query.linking, measured, self.asked), self.asked)
            return None
        self.shown = False
        return tell("loaded")

    def _show(self, seen: Linking, asked: str) -> None:
        self._id, self._was = seen.id, seen.post_id
        self.text, self.network = seen.text, seen.network
        self.at, self.zone, self.key = stamp(seen.published_at), seen.zone, seen.key
        self.asked = asked[: query.ASKED_MAX]
        self.offers = [_offer(one) for one in seen.offers]


def link_dialog(*after: Any) -> rx.Component:
    """`after` are what the page does once a link is changed."""
    return rx.cond(LinkPost.shown, _dialog([*after]))


def _dialog(after: list[Any]) -> rx.Component:
    return Dialog.create(
        rx.el.p(
            rx.cond(LinkPost.text, LinkPost.text, _("No words")),
            rx.cond(
                LinkPost.at,
                rx.el.span(" ", d_(LinkPost.at, "daytime", LinkPost.zone), class_name="quiet"),
            ),
            class_name="link-asked",
            dir="auto",
        ),
        rx.cond(
            LinkPost.key,
            rx.el.p(
                _("It is {key} now.", key=LinkPost.key),
                " ",
                rx.el.button(
                    _("It is none of ours"),
                    type="button",
                    class_name="link",
                    on_click=[LinkPost.unlink, *after],
                ),
            ),
        ),
        rx.el.label(
            rx.el.span(_("Search by key or words")),
            rx.el.input(
                type="search",
                on_change=LinkPost.search.debounce(250),
                max_length=query.ASKED_MAX,
                auto_complete="off",
            ),
            class_name="field",
        ),
        rx.cond(
            LinkPost.offers.length() > 0,
            rx.el.ul(
                rx.foreach(LinkPost.offers, lambda one: _choice(one, after)),
                class_name="link-offers",
            ),
            rx.el.p(
                rx.cond(
                    LinkPost.asked,
                    _("No post of this client has that key or those words."),
                    _("No post was planned within a week of it. Search for one."),
                ),
                class_name="quiet",
                role="status",
            ),
        ),
        problem_line(LinkPost.problem),
        rx.el.div(
            rx.el.button(_("Cancel"), type="button", class_name="button", on_click=LinkPost.close),
            class_name="dialog-buttons",
        ),
        label=_("Which post of yours is it?"),
        on_close=LinkPost.close,
    )


def _choice(offer: rx.Var[OfferShown], after: list[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.strong(offer.key),
            rx.el.span(offer.text, dir="auto"),
            rx.el.span(
                d_(offer.at, "daytime", LinkPost.zone),
                " ",
                _(rx.Var.create(_STATE_NAMES)[offer.state]),
                class_name="quiet",
            ),
            type="button",
            class_name="link-offer",
            on_click=[LinkPost.choose(offer.id), *after],
            disabled=LinkPost.key == offer.key,
        ),
        key=offer.id,
    )


_STATE_NAMES: Final = {state.value: name for state, name in STATES.items()}


def _offer(offer: Offer) -> OfferShown:
    return OfferShown(offer.id, offer.key, offer.text, offer.state.value, stamp(offer.planned_at))
