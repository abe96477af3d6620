"""A week or a campaign once more, at another time.

A page opens the dialog by `CopyingState.week(client_id, first_day)` or
`CopyingState.campaign(campaign_id, name)`, and draws `copying_dialogs(after)`, where `after` makes
it look again. An empty client lets one choose.
"""

from datetime import date, timedelta
from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import choices
from postboard.db.queries.choices import Choice
from postboard.domain.campaigns import NAME_MAX
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Actor, Permission, roles_with
from postboard.services import cloning
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import day_input, end, field
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import now, toast
from postboard.ui.words import _, n_

WRITERS: Final = roles_with(Permission.CREATE_POST)
_WEEK: Final = timedelta(days=7)
_FAR: Final = timedelta(days=3_660)


class CopyingState(SaysProblems, rx.State):
    asking: str = ""
    """"week", "campaign" or nothing."""
    clients: list[Choice] = []
    client: str = ""
    first_day: str = ""
    to_day: str = ""
    name: str = ""
    _campaign: str = ""

    @rx.event
    @allow(*WRITERS)
    async def week(self, client_id: str, first_day: str):
        """Ask to which week; `first_day` is ISO, empty is the Monday of this one."""
        self.clients = await self._read(_clients)
        first = _day(first_day)
        self.client = client_id[:64]
        self.first_day, self.to_day = first.isoformat(), (first + _WEEK).isoformat()
        self.problem = {}
        self.asking = "week"

    @rx.event
    @allow(*WRITERS)
    async def campaign(self, campaign_id: str, name: str):
        self._campaign, self.name = campaign_id[:64], name[:NAME_MAX]
        self.to_day = (_day("") + _WEEK).isoformat()
        self.problem = {}
        self.asking = "campaign"

    @rx.event
    @allow(*WRITERS)
    async def close(self):
        self.asking = ""

    @rx.event
    @allow(*WRITERS)
    async def copy_week(self, form: dict[str, Any]):
        return await self._copy(lambda: self._week(form))

    @rx.event
    @allow(*WRITERS)
    async def copy_campaign(self, form: dict[str, Any]):
        return await self._copy(lambda: self._again(form))

    async def _copy(self, copying: Any) -> Any:
        made: list[Any] = []

        async def work() -> None:
            made.extend(await copying())

        if not await self._done(work()):
            return None
        self.asking = ""
        return toast(n_("Made one draft.", "Made {n} drafts.", len(made)))

    async def _week(self, form: dict[str, Any]) -> list[Any]:
        first, to = day_in(form, "first_day"), day_in(form, "to_day")
        if first is None or to is None:
            raise BadInput("Choose the first day of both weeks.")
        client = as_key(text_in(form, "client"))
        return await self._write(cloning.clone_week, client, first, to)

    async def _again(self, form: dict[str, Any]) -> list[Any]:
        first = day_in(form, "first_day")
        if first is None:
            raise BadInput("Choose the first day.")
        name = text_in(form, "name")
        return await self._write(cloning.repeat_campaign, as_key(self._campaign), name, first)


def copying_dialogs(after: Any) -> rx.Component:
    """Once on a page; `after` is its handler that looks again."""
    return rx.fragment(
        rx.match(
            CopyingState.asking,
            ("week", _dialog(_("Copy a week"), _week(after))),
            ("campaign", _dialog(_("Copy a campaign"), _campaign(after))),
            rx.fragment(),
        )
    )


def _dialog(label: rx.Var[str], content: rx.Component) -> rx.Component:
    return Dialog.create(content, label=label, on_close=CopyingState.close)


def _week(after: Any) -> rx.Component:
    return rx.el.form(
        field(
            _("Client"),
            rx.el.select(
                rx.foreach(
                    CopyingState.clients, lambda one: rx.el.option(one.name, value=one.value)
                ),
                name="client",
                default_value=CopyingState.client,
            ),
        ),
        rx.el.div(
            field(
                _("Seven days from"), day_input("first_day", CopyingState.first_day, required=True)
            ),
            field(
                _("To the seven days from"), day_input("to_day", CopyingState.to_day, required=True)
            ),
            class_name="two-fields",
        ),
        rx.el.p(
            _("Every post of that week becomes a draft, at the same time on the client’s clock."),
            class_name="hint",
        ),
        problem_line(CopyingState.problem),
        end(_("Copy the week"), CopyingState.close),
        on_submit=[CopyingState.copy_week, after],
        class_name="dialog-form",
    )


def _campaign(after: Any) -> rx.Component:
    return rx.el.form(
        field(
            _("Name of the new campaign"),
            rx.el.input(
                name="name",
                default_value=CopyingState.name,
                required=True,
                max_length=NAME_MAX,
                auto_focus=True,
                dir="auto",
            ),
        ),
        field(_("First day"), day_input("first_day", CopyingState.to_day, required=True)),
        rx.el.p(
            _(
                "Goal, mix and posts come along. The posts are drafts,"
                " as far from the first day as before."
            ),
            class_name="hint",
        ),
        problem_line(CopyingState.problem),
        end(_("Copy the campaign"), CopyingState.close),
        on_submit=[CopyingState.copy_campaign, after],
        class_name="dialog-form",
    )


def _clients(session: Session, actor: Actor) -> list[Choice]:
    return [
        Choice(client.id.hex, client.name)
        for client in choices.clients(session, actor)
        if actor.may(Permission.CREATE_POST, client.id)
    ]


def _day(given: str) -> date:
    """That day, else this week's Monday."""
    today = now().date()
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today - timedelta(days=today.weekday())
    return min(day, today + _FAR)
