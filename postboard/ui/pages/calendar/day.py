"""One day in a dialog: a new post on it, and whether it is closed for a client's posts."""

from datetime import date, datetime
from typing import Any

import reflex as rx

from postboard.domain.content import Words
from postboard.domain.errors import BadInput
from postboard.domain.permissions import STAFF_ROLES
from postboard.services import posting_days, rescheduling
from postboard.ui.components.calendar import tell
from postboard.ui.components.dialog import Dialog
from postboard.ui.given import chosen_networks, day_in, text_in, wall_time
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import NETWORKS
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
        self.day, self.timed = _day(day).isoformat(), bool(time)
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
        on = _day(day)
        await self._write(posting_days.open_again, await self._client(client), on, on)
        self.shown = False
        return [tell("reload"), toast(_("Open again."))]

    async def _client(self, key: str) -> Any:
        client = (await self.get_state(CalendarState)).clients.get(key)
        if client is None:
            raise BadInput("Choose the client the post is for.")
        return as_key(client.id)

    async def _free(self) -> str:
        client_id, day = await self._client(self.client), _day(self.day)
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
        rx.el.label(
            rx.el.span(_("Client")),
            _client_choice(value=DayState.client, on_change=DayState.choose),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(_("Words")),
            rx.el.textarea(
                name="caption",
                rows="4",
                max_length=64000,
                required=True,
                auto_focus=True,
                dir="auto",
            ),
            class_name="field",
        ),
        rx.el.fieldset(
            rx.el.legend(_("Networks")),
            *(
                rx.el.label(
                    rx.el.input(type="checkbox", name=f"network_{value}"),
                    rx.el.span(_(name)),
                    class_name="check",
                )
                for value, name in NETWORKS.items()
            ),
            class_name="checks",
        ),
        rx.el.div(
            _field(_("Date"), "day", "date", DayState.day),
            _field(_("Time, on the client’s clock"), "time", "time", DayState.time),
            class_name="calendar-when",
        ),
        rx.el.div(
            rx.el.button(_("Cancel"), type="button", class_name="button", on_click=DayState.close),
            rx.el.button(_("Add"), type="submit", class_name="button button-primary"),
            class_name="dialog-buttons",
        ),
        on_submit=DayState.add,
        class_name="dialog-form",
    )


def _closing() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Days without posts")),
        rx.el.form(
            rx.el.label(
                rx.el.span(_("Client")),
                _client_choice(default_value=DayState.client),
                class_name="field",
            ),
            rx.el.div(
                _field(_("From"), "first", "date", DayState.day),
                _field(_("Until"), "last", "date", DayState.day),
                class_name="calendar-when",
            ),
            rx.el.label(
                rx.el.span(_("Why")),
                rx.el.input(name="name", max_length=120, placeholder=_("Stocktaking")),
                class_name="field",
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


def _client_choice(**how: Any) -> rx.Component:
    return rx.el.select(
        rx.foreach(
            CalendarState.clients.entries(),
            lambda entry: rx.el.option(entry[1].name, value=entry[0]),
        ),
        name="client",
        required=True,
        **how,
    )


def _field(label: rx.Var[str], name: str, kind: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(name=name, type=kind, default_value=value, key=value, required=True),
        class_name="field",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("“{value}” is no date.", value=text[:40]) from None


def _wall(day: str, time: str) -> datetime:
    wall = wall_time(f"{_day(day)}T{time}")
    if wall is None:
        raise BadInput("Choose a day and a time.")
    return wall
