"""One day in a dialog: a new post on it, and whether it is closed for a client's posts."""

from datetime import datetime
from typing import Any

import reflex as rx

from postboard.domain.content import Words
from postboard.domain.errors import BadInput
from postboard.domain.permissions import STAFF_ROLES
from postboard.services import posting_days, rescheduling
from postboard.services.posting_days import NAME_MAX
from postboard.ui.components.calendar import tell
from postboard.ui.components.dialog import Dialog
from postboard.ui.components.form import end, field
from postboard.ui.components.new_post import client_field, network_boxes, words_field
from postboard.ui.given import chosen_networks, day_in, text_in, to_day, wall_time
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.pages.calendar.state import CalendarState
from postboard.ui.session import Page, now, toast
from postboard.ui.words import _, d_


class DayState(Page, rx.State):
    shown: bool = False
    day: str = ""
    time: str = ""
    client: str = ""
    """Its key."""
    timed: bool = False
    """A time of the day was chosen: another client does not change it."""

    @rx.event
    @allow(*STAFF_ROLES)
    async def open(self, day: str, time: str, client: str):
        """A day, and a time of it where one was clicked."""
        known = await self.get_state(CalendarState)
        keys = [key for key, one in known.clients.items() if one.may_create or one.may_plan]
        if not keys:
            raise BadInput("An account manager adds you to a client; then you can plan its posts.")
        self.client = client if client in keys else keys[0]
        self.day, self.timed = to_day(day).isoformat(), bool(time)
        self.time = time[:5] if time else await self._free()
        self.shown = True

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.shown = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def choose(self, client: str):
        """Of this client."""
        known = await self.get_state(CalendarState)
        self.client = client if client in known.clients else self.client
        if not self.timed:
            self.time = await self._free()

    @rx.event
    @allow(*STAFF_ROLES)
    async def add(self, form: dict[str, Any]):
        words = Words(caption=text_in(form, "caption"), networks=chosen_networks(form))
        at = _wall(text_in(form, "day"), text_in(form, "time"))
        client_id = await self._client(text_in(form, "client"))
        post_id = await self._write(rescheduling.create_at, client_id, words, at)
        self.shown = False
        return [tell("ask", post_id.hex), toast(_("Added to Draft."))]

    @rx.event
    @allow(*STAFF_ROLES)
    async def black_out(self, form: dict[str, Any]):
        """Nothing of the client's goes out on these days."""
        first, last = day_in(form, "first"), day_in(form, "last")
        if first is None:
            raise BadInput("Choose a day.")
        client_id, name = await self._client(text_in(form, "client")), text_in(form, "name")
        await self._write(posting_days.black_out, client_id, first, last or first, name)
        self.shown = False
        return [tell("reload"), toast(_("Closed. Posts that stand there stay."))]

    @rx.event
    @allow(*STAFF_ROLES)
    async def open_again(self, client: str, day: str):
        """The day is as any other."""
        on = to_day(day)
        await self._write(posting_days.open_again, await self._client(client), on, on)
        self.shown = False
        return [tell("reload"), toast(_("Open again."))]

    async def _client(self, key: str) -> Any:
        client = (await self.get_state(CalendarState)).clients.get(key)
        if client is None:
            raise BadInput("Choose the client the post is for.")
        return as_key(client.id)

    async def _free(self) -> str:
        client_id, day = await self._client(self.client), to_day(self.day)
        free: datetime = await self._read(rescheduling.free_time, client_id, day, now=now())
        return free.strftime("%H:%M")


def day_dialog() -> rx.Component:
    return rx.cond(
        DayState.shown,
        Dialog.create(
            rx.cond(CalendarState.may_create, _new_post()),
            rx.cond(CalendarState.may_close, _closing()),
            label=d_(DayState.day, "day"),
            on_close=DayState.close,
        ),
    )


def _new_post() -> rx.Component:
    return rx.el.form(
        client_field(CalendarState.clients, value=DayState.client, on_change=DayState.choose),
        words_field(),
        network_boxes(),
        rx.el.div(
            _field(_("Date"), "day", "date", DayState.day),
            _field(_("Time, on the client’s clock"), "time", "time", DayState.time),
            class_name="two-fields",
        ),
        end(_("Add"), DayState.close),
        on_submit=DayState.add,
        class_name="dialog-form",
    )


def _closing() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Days without posts")),
        rx.el.form(
            client_field(CalendarState.clients, default_value=DayState.client),
            rx.el.div(
                _field(_("From"), "first", "date", DayState.day),
                _field(_("Until"), "last", "date", DayState.day),
                class_name="two-fields",
            ),
            field(
                _("Why"),
                rx.el.input(name="name", max_length=NAME_MAX, placeholder=_("Stocktaking")),
            ),
            rx.el.div(
                rx.el.button(
                    _("Open the day again"),
                    type="button",
                    class_name="button",
                    on_click=DayState.open_again(DayState.client, DayState.day),
                ),
                rx.el.button(_("Close these days"), type="submit", class_name="button"),
                class_name="dialog-buttons",
            ),
            on_submit=DayState.black_out,
            class_name="dialog-form",
        ),
        class_name="calendar-closing",
    )


def _field(label: rx.Var[str], name: str, kind: str, value: rx.Var[str]) -> rx.Component:
    # Drawn anew with another value, which it would not take over otherwise.
    control = rx.el.input(name=name, type=kind, default_value=value, key=value, required=True)
    return field(label, control)


def _wall(day: str, time: str) -> datetime:
    wall = wall_time(f"{to_day(day)}T{time}")
    if wall is None:
        raise BadInput("Choose a day and a time.")
    return wall
