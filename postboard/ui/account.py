"""My account: whoever is signed in sees as whom, and sets their password."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from postboard.domain.errors import BadInput
from postboard.domain.permissions import STAFF_ROLES, Role
from postboard.domain.tasks import How, NoticeKind
from postboard.notifications import chat
from postboard.services import chats, preferences, sign_in
from postboard.services.preferences import NAMES, WAYS, Chosen
from postboard.services.sign_in import PASSWORD_MAX, PASSWORD_MIN
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.plain_form import PlainForm
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.labels import ROLES
from postboard.ui.session import now, sessions, toast
from postboard.ui.words import _

_HASHING: Final = asyncio.Semaphore(1)
"""Checking a password keeps a core busy for a while: the others shall not all wait for it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How this person hears of one kind of notice; `hour` as its choice says it."""

    kind: str
    how: str
    hour: str
    may_be_off: bool


@dataclass(frozen=True, slots=True)
class MyChat:
    id: str
    service: str


@floats("shown")
class Account(SaysProblems, rx.State):
    shown: bool = False
    name: str = ""
    email: str = ""
    roles: list[str] = []
    has_password: bool = False
    wishes: list[Wish] = []
    zone: str = ""
    is_staff: bool = False
    chats: list[MyChat] = []

    @rx.event
    @allow(*Role)
    async def open(self):
        mine = await self._read(sign_in.account)
        self.name, self.email, self.has_password = mine.name, mine.email, mine.has_password
        self.roles = sorted((await self._signed_in()).actor.every_role)
        here = await self._signed_in()
        self.zone, self.is_staff = here.zone, here.actor.is_staff
        await self._read_chats()
        await self._read_wishes()
        self.problem = {}
        self.shown = True

    @rx.event
    @allow(*Role)
    async def choose(self, kind: str, how: str, hour: str):
        """Take the new wish; what is no kind, way or hour is refused."""
        try:
            chosen = Chosen(NoticeKind(kind), How(how), int(hour))
        except ValueError:
            raise BadInput from None
        await self._write(preferences.choose, chosen)
        await self._read_wishes()

    @rx.event
    @allow(*Role)
    async def live_in(self, zone: str):
        await self._write(preferences.live_in, zone)
        self.zone = zone

    @rx.event
    @allow(*STAFF_ROLES)
    async def add_chat(self, form: dict[str, Any]):
        url = str(form.get("chat", "")).strip()
        service = await asyncio.to_thread(chat.service_of, url)
        await self._write(chats.add, url, service)
        await self._read_chats()
        return toast(_("Messages go to this chat too."))

    @rx.event
    @allow(*STAFF_ROLES)
    async def remove_chat(self, chat_id: str):
        await self._write(chats.remove, as_key(chat_id))
        await self._read_chats()

    async def _read_chats(self) -> None:
        mine = await self._read(chats.mine)
        self.chats = [MyChat(one.id.hex, one.service) for one in mine]

    async def _read_wishes(self) -> None:
        self.wishes = [
            Wish(one.kind.value, one.how.value, str(one.hour), How.OFF in one.ways)
            for one in await self._read(preferences.mine)
        ]

    @rx.event
    @allow(*Role)
    async def close(self):
        self.shown = False

    @rx.event
    @allow(*Role)
    async def change_password(self, form: dict[str, Any]):
        """Hashed in a thread of its own, not in the one that writes."""
        here = await self._signed_in()
        current, new = (str(form.get(field, "")) for field in ("current", "new"))
        async with _HASHING:
            work = asyncio.to_thread(
                sign_in.set_password, sessions().database, here.session_id, current, new, now=now()
            )
            if not await self._done(work):
                return None
        self.shown = False
        return toast(_("Password saved."))


def account_door(name: rx.Var[str]) -> rx.Component:
    """The person's name in the rail; on a phone, where names do not fit, a word."""
    return rx.el.button(
        rx.el.span(class_name="icon", custom_attrs={"data-icon": "account"}, aria_hidden="true"),
        rx.el.span(name, class_name="rail-word account-name"),
        rx.el.span(_("My account"), class_name="rail-word account-word"),
        type="button",
        class_name="rail-door account-door",
        title=_("My account"),
        custom_attrs={"aria-haspopup": "dialog"},
        on_click=Account.open,
    )


def account_dialog() -> rx.Component:
    return rx.cond(
        Account.shown,
        Dialog.create(
            _who(),
            _mail(),
            rx.cond(Account.is_staff, _chats()),
            _password(),
            _sign_out(),
            label=_("My account"),
            on_close=Account.close,
        ),
    )


def _who() -> rx.Component:
    return rx.el.dl(
        rx.el.dt(_("Name")),
        rx.el.dd(Account.name),
        rx.el.dt(_("E-mail")),
        rx.el.dd(Account.email),
        rx.el.dt(_("Role")),
        rx.el.dd(
            rx.foreach(
                Account.roles,
                lambda role: rx.el.span(_(rx.Var.create(ROLES)[role]), class_name="listed"),
            )
        ),
        class_name="facts",
    )


def _mail() -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("E-mail about"), class_name="section-name"),
        rx.foreach(Account.wishes, _wish),
        rx.el.p(
            _("Kept as you choose it."),
            " ",
            _("Hours are on the clock of {zone}.", zone=Account.zone),
            " ",
            _("The last reminder of a review comes at once in any case."),
            " ",
            rx.el.button(
                _("Take this device’s time zone"),
                type="button",
                class_name="link",
                on_click=rx.call_script(
                    "Intl.DateTimeFormat().resolvedOptions().timeZone", callback=Account.live_in
                ),
            ),
            class_name="hint",
        ),
        class_name="account-mail",
        aria_label=_("E-mail about"),
    )


def _chats() -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("The same in a chat"), class_name="section-name"),
        rx.foreach(
            Account.chats,
            lambda one: rx.el.div(
                rx.el.span(one.service),
                rx.el.button(
                    _("Remove"),
                    type="button",
                    class_name="link",
                    on_click=Account.remove_chat(one.id),
                ),
                key=one.id,
                class_name="account-wish",
            ),
        ),
        rx.el.form(
            rx.el.label(
                rx.el.span(_("Address of a webhook or bot")),
                rx.el.input(
                    type="text",
                    name="chat",
                    auto_complete="off",
                    required=True,
                    max_length=chat.ADDRESS_MAX,
                    placeholder="https://hooks.slack.com/services/…",
                ),
                class_name="field",
            ),
            rx.el.button(_("Add chat"), type="submit", class_name="button"),
            on_submit=Account.add_chat,
            reset_on_submit=True,
        ),
        class_name="account-mail",
        aria_label=_("The same in a chat"),
    )


def _wish(wish: rx.Var[Wish]) -> rx.Component:
    name = _(rx.Var.create(NAMES)[wish.kind])
    return rx.el.div(
        rx.el.span(name),
        rx.el.select(
            *(
                rx.el.option(_(word), value=how.value)
                for how, word in WAYS.items()
                if how is not How.OFF
            ),
            rx.cond(wish.may_be_off, rx.el.option(_(WAYS[How.OFF]), value=How.OFF.value)),
            value=wish.how,
            on_change=lambda how: Account.choose(wish.kind, how, wish.hour),
            aria_label=name,
        ),
        rx.cond(
            wish.how == How.DAILY.value,
            rx.el.select(
                *(rx.el.option(f"{hour:02}:00", value=str(hour)) for hour in range(24)),
                value=wish.hour,
                on_change=lambda hour: Account.choose(wish.kind, wish.how, hour),
                aria_label=_("Hour of the day"),
            ),
        ),
        key=wish.kind,
        class_name="account-wish",
        custom_attrs={"data-kind": wish.kind},
    )


def _password() -> rx.Component:
    return rx.el.form(
        rx.el.h3(
            rx.cond(Account.has_password, _("Change the password"), _("Set a password")),
            class_name="section-name",
        ),
        # Tells password managers whose password this is.
        rx.el.input(
            type="text",
            name="username",
            auto_complete="username",
            value=Account.email,
            read_only=True,
            hidden=True,
        ),
        rx.cond(
            Account.has_password,
            _secret(_("Current password"), "current", "current-password", 1),
        ),
        _secret(_("New password"), "new", "new-password", PASSWORD_MIN),
        rx.el.p(
            _(
                "{least} characters or more. You are signed out everywhere else.",
                least=PASSWORD_MIN,
            ),
            class_name="hint",
        ),
        problem_line(Account.problem),
        rx.el.div(
            rx.el.button(_("Close"), type="button", class_name="button", on_click=Account.close),
            rx.el.button(_("Save password"), type="submit", class_name="button button-primary"),
            class_name="dialog-buttons",
        ),
        on_submit=Account.change_password,
        class_name="dialog-form",
    )


def _secret(label: rx.Var[str], name: str, fills: str, least: int) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(
            type="password",
            name=name,
            auto_complete=fills,
            required=True,
            min_length=least,
            max_length=PASSWORD_MAX,
        ),
        class_name="field",
    )


def _sign_out() -> rx.Component:
    """Only where the bar at the bottom has no room for it."""
    return PlainForm.create(
        rx.el.button(_("Sign out"), type="submit", class_name="button"),
        method="post",
        action="/auth/sign-out",
        class_name="account-out",
    )
