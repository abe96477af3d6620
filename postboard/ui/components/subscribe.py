"""Subscribing to the plan as a calendar: the dialog that makes addresses, and ends them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries.choices import Choice
from postboard.db.queries.instants import stamp
from postboard.domain.permissions import Actor, Role
from postboard.services import feeds
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import public_address
from postboard.ui.words import _, d_

_SCHEME: Final = re.compile(r"^https?(?=:)")
_COPY: Final = """(() => {
  const field = document.getElementById("feed-address");
  field.select();
  const old = () => document.execCommand("copy");
  navigator.clipboard ? navigator.clipboard.writeText(field.value).catch(old) : old();
})()"""
"""Without https a browser has no clipboard to write to, but copies what is selected."""


@dataclass(frozen=True)
class FeedLine:
    """One of somebody's calendars; without a name it is that of their own posts."""

    id: str
    client: str
    made_at: str
    used_at: str


class SubscribeState(SaysProblems, rx.State):
    shown: bool = False
    is_staff: bool = False
    clients: list[Choice] = []
    chosen: str = ""
    feeds: list[FeedLine] = []
    address: str = ""
    webcal: str = ""
    copied: bool = False

    @rx.event
    @allow(*Role)
    async def open(self, client_key: str):
        """Offer the calendars there may be, that of this client first."""
        self.is_staff = (await self._signed_in()).actor.is_staff
        offered = await self._read(feeds.offered)
        self.clients = [Choice(one.id.hex, one.name) for one in offered]
        keys = {one.key: one.id.hex for one in offered}
        first = "" if self.is_staff or not offered else offered[0].id.hex
        self.chosen = keys.get(client_key, first)
        self._forget()
        self.feeds = await self._read(_lines)
        self.shown = True

    @rx.event
    @allow(*Role)
    async def choose(self, client: str):
        self.chosen = as_key(client).hex if client else ""

    @rx.event
    @allow(*Role)
    async def make(self):
        """The address is shown once: what is kept of it cannot be read back."""
        made: list[str] = []
        client_id = as_key(self.chosen) if self.chosen else None

        async def subscribe() -> None:
            made.append(await self._write(feeds.subscribe, client_id))

        if await self._done(subscribe()):
            self.address = public_address(f"/feeds/{made[0]}.ics")
            self.webcal = _SCHEME.sub("webcal", self.address)
            self.copied = False
            self.feeds = await self._read(_lines)

    @rx.event
    @allow(*Role)
    async def end(self, feed_id: str):
        """Its address shows nothing from now on."""
        await self._write(feeds.revoke, as_key(feed_id))
        self._forget()
        self.feeds = await self._read(_lines)

    @rx.event
    @allow(*Role)
    async def note_copied(self):
        self.copied = True

    @rx.event
    @allow(*Role)
    async def close(self):
        self.shown = False
        self._forget()

    def _forget(self) -> None:
        self.address = self.webcal = ""
        self.problem, self.copied = {}, False


def subscribe_door(client_key: rx.Var[str] | str = "") -> rx.Component:
    return rx.el.button(
        _("Subscribe…"),
        type="button",
        class_name="button button-quiet",
        on_click=SubscribeState.open(client_key),
        custom_attrs={"aria-haspopup": "dialog"},
    )


def subscribe_dialog() -> rx.Component:
    return rx.cond(
        SubscribeState.shown,
        Dialog.create(
            rx.el.div(
                rx.el.p(
                    _(
                        "Your calendar program keeps the plan up to date by itself. Whoever has"
                        " the address can read it, so treat it like a password."
                    ),
                    class_name="hint",
                ),
                rx.cond(~SubscribeState.is_staff, _how_long()),
                rx.cond(SubscribeState.address, _fresh(), _choice()),
                rx.cond(SubscribeState.feeds.length() > 0, _standing()),
                rx.el.div(
                    rx.el.button(
                        _("Close"),
                        type="button",
                        class_name="button",
                        on_click=SubscribeState.close,
                    ),
                    class_name="dialog-buttons",
                ),
                class_name="dialog-form",
            ),
            label=_("Subscribe to the plan"),
            on_close=SubscribeState.close,
        ),
    )


def _how_long() -> rx.Component:
    """A visit by link ends sooner than what is made in it."""
    return rx.el.p(
        _(
            "It works until you end it here or the agency ends your access, also after the link"
            " you came by has expired."
        ),
        class_name="hint",
    )


def _choice() -> rx.Component:
    return rx.fragment(
        rx.el.label(
            rx.el.span(_("Calendar")),
            rx.el.select(
                rx.el.option(
                    rx.cond(SubscribeState.is_staff, _("My posts"), _("Everything planned")),
                    value="",
                ),
                rx.foreach(
                    SubscribeState.clients, lambda one: rx.el.option(one.name, value=one.value)
                ),
                value=SubscribeState.chosen,
                on_change=SubscribeState.choose,
            ),
            class_name="field",
        ),
        problem_line(SubscribeState.problem),
        rx.el.button(
            _("Make an address"),
            type="button",
            class_name="button button-primary",
            on_click=SubscribeState.make,
        ),
    )


def _fresh() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.input(
                id="feed-address",
                value=SubscribeState.address,
                read_only=True,
                aria_label=_("The address"),
                spell_check=False,
            ),
            rx.el.button(
                rx.cond(SubscribeState.copied, _("Copied"), _("Copy the address")),
                type="button",
                class_name="button button-primary",
                auto_focus=True,
                on_click=[rx.run_script(_COPY), SubscribeState.note_copied],
            ),
            class_name="link-row feed-address",
        ),
        rx.el.p(
            rx.el.a(
                _("Open in the calendar program"), href=SubscribeState.webcal, class_name="link"
            ),
        ),
        rx.el.p(_("It is shown only now: what is kept cannot be read back."), class_name="hint"),
    )


def _standing() -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Your calendars"), class_name="section-name"),
        rx.el.ul(rx.foreach(SubscribeState.feeds, _line), class_name="feed-lines"),
    )


def _line(feed: rx.Var[FeedLine]) -> rx.Component:
    own = rx.cond(SubscribeState.is_staff, _("My posts"), _("Everything planned"))
    name = rx.cond(feed.client, feed.client, own)
    return rx.el.li(
        rx.el.div(
            rx.el.span(name, class_name="feed-name", dir="auto"),
            rx.el.span(
                rx.cond(
                    feed.used_at,
                    _("last read {when}", when=d_(feed.used_at, "daytime")),
                    _("not read yet"),
                ),
                class_name="quiet",
            ),
        ),
        rx.el.button(
            _("End"),
            type="button",
            class_name="button button-quiet",
            on_click=SubscribeState.end(feed.id),
            aria_label=_("End the calendar {name}", name=name),
        ),
        key=feed.id,
    )


def _lines(session: Session, actor: Actor) -> list[FeedLine]:
    names = {one.id: one.name for one in feeds.offered(session, actor)}
    return [
        FeedLine(one.id.hex, names.get(one.client_id, "?"), stamp(one.created_at), _at(one.used_at))
        if one.client_id
        else FeedLine(one.id.hex, "", stamp(one.created_at), _at(one.used_at))
        for one in feeds.mine(session, actor)
    ]


def _at(at: datetime | None) -> str:
    return stamp(at) if at else ""
