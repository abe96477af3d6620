"""What the pages that bring a file in have in common: whose it is, the file, what it leaves open,
what importing it would do, and the way to do that.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import choices
from postboard.db.queries.choices import Choice
from postboard.domain.permissions import Actor, Permission
from postboard.imports.plan_dates import DateOrder
from postboard.ui.components.file_drop import FileDrop
from postboard.ui.session import Page
from postboard.ui.words import _

T = TypeVar("T")

LOOK_EVERY_S: Final = 0.25


class Importing(Page, mixin=True):
    """Its pages handle `choose_client`, `take`, `refuse`, `start_over` and `commit`."""

    clients: list[Choice] = []
    client: str = ""
    upload: str = ""
    filename: str = ""
    reading: bool = False
    running: bool = False
    done: int = 0
    """How many rows are in, while it runs."""
    finished: bool = False

    async def _list_clients(self, permission: Permission) -> None:
        """Whose it may be; it is the one that the address names, or the only one."""
        self.clients = await self._read(_clients, permission)
        known = {choice.value for choice in self.clients}
        chosen = self.router.url.query_parameters.get("client", "")
        if chosen in known:
            self.client = chosen
        elif len(known) == 1:
            self.client = self.clients[0].value

    def _may_look(self) -> bool:
        return bool(self.upload and self.client)

    async def _counting(
        self, work: Callable[[Callable[[int], None]], T], shown_as: str = "done"
    ) -> T:
        """Work in a thread, while a number of the page counts along."""
        heard = [0]

        def count(rows: int) -> None:
            heard[0] = rows

        task = asyncio.create_task(asyncio.to_thread(work, count))
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK_EVERY_S)
            async with self:
                setattr(self, shown_as, heard[0])
        return task.result()


class _Said(Protocol):
    @property
    def message_id(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Remark:
    """A sentence about a row of the file, or about all of it: then `row` is 0.

    `cell` is where it stands in a file that is a grid.
    """

    row: int
    message_id: str
    facts: dict[str, str]
    cell: str = ""


def remark(said: _Said, row: int = 0, cell: str = "") -> Remark:
    facts = {name: str(value) for name, value in said.facts.items()}
    return Remark(row, said.message_id, facts, cell)


def whose(page: type[Importing], question: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        rx.el.span(question),
        rx.el.select(
            rx.el.option(_("Choose a client"), value=""),
            rx.foreach(page.clients, lambda c: rx.el.option(c.name, value=c.value)),
            value=page.client,
            on_change=page.choose_client,
            disabled=page.running,
        ),
        class_name="field import-client",
    )


def file(page: type[Importing], action: str, accept: str, hint: rx.Var[str]) -> rx.Component:
    """The file that is taken, or the place to drop one."""
    return rx.cond(
        page.upload,
        rx.el.p(
            rx.el.strong(page.filename),
            rx.cond(page.reading, rx.el.span(_("Reading the file…"), class_name="quiet")),
            rx.cond(
                ~page.running,
                rx.el.button(
                    _("Take another file"),
                    type="button",
                    class_name="link",
                    on_click=page.start_over,
                ),
            ),
            rx.cond(
                page.client == "",
                rx.el.span(_("Choose the client to see what is in it."), class_name="quiet"),
            ),
            class_name="import-file",
        ),
        FileDrop.create(
            action=action,
            accept=accept,
            hint=hint,
            on_uploaded=page.take,
            on_refused=page.refuse,
        ),
    )


def asked(question: rx.Var[str], answer: rx.Component, is_open: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.span(question),
        answer,
        class_name="field import-asked",
        custom_attrs={"data-open": is_open},
    )


def order_asked(
    page: type[Importing], date: rx.Var[str], order: rx.Var[str], take: Any
) -> rx.Component:
    return asked(
        _("How is {date} meant?", date=date),
        rx.el.select(
            rx.el.option(_("Choose"), value=""),
            rx.el.option(_("Day first"), value=DateOrder.DAY_FIRST.value),
            rx.el.option(_("Month first"), value=DateOrder.MONTH_FIRST.value),
            value=order,
            on_change=take,
            disabled=page.running,
        ),
        order == "",
    )


def tick(
    page: type[Importing], name: rx.Var[str], checked: rx.Var[bool], take: Any
) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", checked=checked, on_change=take, disabled=page.running),
        rx.el.span(name),
        class_name="check",
    )


def refusal(heading: rx.Var[str] | rx.Component, said: rx.Var[Remark]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(heading),
        rx.el.p(_(said.message_id, said.facts)),
        class_name="import-summary",
        role="alert",
    )


def counts(shown: rx.Var[Any]) -> rx.Component:
    """How many rows are new, updated and left out."""
    return rx.el.dl(
        _count(_("new"), shown.new),
        _count(_("to update"), shown.updated),
        _count(_("left out"), shown.skipped),
        class_name="import-counts",
    )


def warning(said: rx.Var[Remark]) -> rx.Component:
    return rx.el.p(_(said.message_id, said.facts), class_name="import-warning")


def go(
    page: type[Importing],
    name: rx.Var[str],
    total: rx.Var[int],
    *,
    out_of: rx.Var[int],
    is_open: rx.Var[bool],
    is_held: rx.Var[bool] | bool = False,
) -> rx.Component:
    """The button, or how far it is, or why there is none.

    `out_of` is what the rows are counted up to. It waits while a question `is_open`, and while
    something else holds it.
    """
    open_line = rx.el.p(_("Something has to be said first: it is marked above."))
    return rx.cond(
        page.running,
        _progress(page, out_of),
        rx.cond(
            total > 0,
            rx.fragment(
                rx.el.button(
                    name,
                    type="button",
                    class_name="button button-primary",
                    on_click=page.commit,
                    disabled=is_open | is_held | page.reading,
                ),
                rx.cond(is_open, open_line),
            ),
            rx.cond(
                is_open,
                open_line,
                rx.el.p(_("Nothing to import: every row is left out for the reason below.")),
            ),
        ),
    )


def left_out(rows: rx.Var[list[Remark]], skipped: rx.Var[int]) -> rx.Component:
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(_("What is left out, and why")),
            rx.el.table(rx.el.tbody(rx.foreach(rows, _left_out)), class_name="table"),
            only_first(rows, skipped),
        ),
    )


def place(row: rx.Var[Any]) -> rx.Component:
    """Where a row stands in the file."""
    return rx.el.td(rx.cond(row.cell, row.cell, row.row.to_string()), class_name="number")


def only_first(rows: rx.Var[Any], total: rx.Var[int]) -> rx.Component:
    return rx.cond(
        total > rows.length(),
        rx.el.p(_("The first {n} of {m}.", n=rows.length(), m=total), class_name="quiet"),
    )


def _clients(session: Session, actor: Actor, permission: Permission) -> list[Choice]:
    return [
        Choice(client.key, client.name)
        for client in choices.clients(session, actor)
        if actor.may(permission, client.id)
    ]


def _progress(page: type[Importing], out_of: rx.Var[int]) -> rx.Component:
    return rx.el.div(
        rx.el.progress(
            max=out_of.to_string(), value=page.done.to_string(), aria_label=_("Importing")
        ),
        rx.el.span(_("{n} of {m} rows are in.", n=page.done, m=out_of)),
        rx.el.span(_("You may leave this page; it goes on."), class_name="quiet"),
        class_name="import-progress",
    )


def _left_out(row: rx.Var[Remark]) -> rx.Component:
    return rx.el.tr(place(row), rx.el.td(_(row.message_id, row.facts), class_name="words"))


def _count(name: rx.Var[str], count: rx.Var[int]) -> rx.Component:
    return rx.el.div(rx.el.dd(count), rx.el.dt(name))
