"""The shell around every page of the staff: rail, bottom bar on a phone, title row."""

from typing import Final

import reflex as rx

from postboard.db.queries import guidelines, work
from postboard.domain.permissions import STAFF_ROLES, Permission, Role
from postboard.ui.account import account_dialog, account_door
from postboard.ui.components.dialog import Dialog, Toasts
from postboard.ui.components.part_link import part_link
from postboard.ui.components.plain_form import PlainForm
from postboard.ui.guard import allow
from postboard.ui.palette import palette
from postboard.ui.session import Page
from postboard.ui.speech import speak
from postboard.ui.words import _, language


class Shell(Page, rx.State):
    """Who sits here and which doors their role opens."""

    name: str = ""
    role: str = ""
    may_import: bool = False
    may_import_figures: bool = False
    may_see_clients: bool = False
    waiting: int = 0
    """New tasks and unread news of this person."""
    unread: int = 0
    """Guidelines that hold in a version they have not read."""

    @rx.event
    @allow(*Role)
    async def load(self):
        await self._settle_in()
        actor = (await self._signed_in()).actor
        self.name = actor.name
        self.role = next(iter(sorted(actor.every_role)), "")
        self.may_import = actor.may_somewhere(Permission.IMPORT_PLAN)
        self.waiting = await self._read(work.count) if actor.is_staff else 0
        self.unread = await self._read(guidelines.unread_count) if actor.is_staff else 0
        self.may_import_figures = actor.may_somewhere(Permission.IMPORT_METRICS)
        self.may_see_clients = actor.may_somewhere(Permission.MANAGE_CLIENT)


__all__ = ["STAFF", "Dialog", "Shell", "Toasts", "staff_page", "title_row"]

STAFF: Final = tuple(STAFF_ROLES)


def staff_page(title: rx.Var[str], *content: rx.Component, here: str) -> rx.Component:
    """A page of the staff; `here` is its address."""
    return rx.el.div(
        part_link(_("Skip to content"), "content", class_name="skip"),
        _rail(here),
        rx.el.main(*content, id="content", class_name="page", tab_index=-1, aria_label=title),
        account_dialog(),
        palette(
            (_("Board"), "/board/", True),
            (_("Calendar"), "/calendar/", True),
            (_("My work"), "/work/", True),
            (_("Campaigns"), "/campaigns/", True),
            (_("Performance"), "/performance/", True),
            (_("Ideas"), "/ideas/", True),
            (_("Guidelines"), "/guidelines/", True),
            (_("Media library"), "/library/", True),
            (_("People"), "/people/", True),
            (_("Import a plan"), "/import/", Shell.may_import),
            (_("Import figures"), "/performance/import/", Shell.may_import_figures),
            (_("Clients"), "/clients/", Shell.may_see_clients),
        ),
        Toasts.create(),
        class_name="shell",
    )


def title_row(title: rx.Var[str], *parts: rx.Component) -> rx.Component:
    return rx.el.header(rx.el.h1(title), *parts, class_name="title-row")


def _rail(here: str) -> rx.Component:
    return rx.el.nav(
        rx.el.a(
            rx.el.span(class_name="mark", aria_hidden="true"),
            rx.el.span("Postboard", class_name="rail-word"),
            href="/board/",
            class_name="rail-home",
        ),
        _door("/board/", _("Board"), "board", here),
        _door("/calendar/", _("Calendar"), "calendar", here),
        _door("/work/", _("My work"), "work", here, count=Shell.waiting),
        rx.el.div(*_further(here), class_name="rail-further"),
        _more(*_further(here)),
        rx.el.div(class_name="grow"),
        _language_switch(),
        _me(),
        class_name="rail",
        aria_label=_("Main"),
    )


def _further(here: str) -> tuple[rx.Component, ...]:
    """The doors that a phone's bar has no room for."""
    return (
        _door("/campaigns/", _("Campaigns"), "campaigns", here),
        _door("/performance/", _("Performance"), "performance", here),
        _door("/ideas/", _("Ideas"), "ideas", here),
        _door("/guidelines/", _("Guidelines"), "guideline", here, count=Shell.unread),
        _door("/library/", _("Media library"), "media", here),
        _door("/people/", _("People"), "people", here),
        rx.cond(Shell.may_import, _door("/import/", _("Import a plan"), "import", here)),
        rx.cond(Shell.may_see_clients, _door("/clients/", _("Clients"), "clients", here)),
    )


def _more(*doors: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.span(class_name="icon", custom_attrs={"data-icon": "more"}, aria_hidden="true"),
            rx.el.span(_("More"), class_name="rail-word"),
            class_name="rail-door",
        ),
        rx.el.div(*doors, class_name="rail-menu"),
        class_name="rail-more",
        custom_attrs={"data-menu": ""},
    )


def _door(
    address: str, name: rx.Var[str], icon: str, here: str, *, count: rx.Var[int] | None = None
) -> rx.Component:
    return rx.el.a(
        rx.el.span(class_name="icon", custom_attrs={"data-icon": icon}, aria_hidden="true"),
        rx.el.span(name, class_name="rail-word"),
        *(
            [rx.cond(count > 0, rx.el.span(count.to_string(), class_name="rail-count"))]
            if count is not None
            else []
        ),
        href=address,
        class_name="rail-door",
        custom_attrs={"aria-current": "page"} if address == here else {},
    )


def _language_switch() -> rx.Component:
    return rx.cond(
        language() == "en",
        rx.el.button(
            "中文",
            class_name="rail-door",
            lang="zh-CN",
            on_click=speak("zh-CN"),
            type="button",
        ),
        rx.el.button(
            "English", class_name="rail-door", lang="en", on_click=speak("en"), type="button"
        ),
    )


def _me() -> rx.Component:
    return rx.el.div(
        account_door(Shell.name),
        PlainForm.create(
            rx.el.button(_("Sign out"), type="submit", class_name="rail-door"),
            method="post",
            action="/auth/sign-out",
            class_name="me-out",
        ),
        class_name="me",
    )
