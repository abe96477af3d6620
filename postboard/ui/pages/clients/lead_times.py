"""How long the steps of a client's posts take, as a table in a dialog: a column a kind of post."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries.clients import ClientInFull
from postboard.domain.agreement import HOURS_MAX
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor
from postboard.domain.planning import LeadStep, LeadTimes, PostKind
from postboard.locale import say_in_each
from postboard.services import planning
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import end
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import LEAD_STEPS, POST_KINDS
from postboard.ui.pages.clients.forms import text
from postboard.ui.pages.clients.state import KEEPERS
from postboard.ui.session import toast
from postboard.ui.words import _, language

_DIGITS_MAX: Final = 4


@dataclass(frozen=True)
class Cell:
    name: str
    hours: int


@dataclass(frozen=True)
class KindOfPost:
    """A column; usual times follow the agreement."""

    kind: str
    version: int
    is_usual: bool


@dataclass(frozen=True)
class StepOfKinds:
    """A row."""

    step: str
    cells: list[Cell]


class LeadTimesState(SaysProblems, rx.State):
    client: str = ""
    """Whose times are being changed; empty: nobody's."""
    kinds: list[KindOfPost] = []
    rows: list[StepOfKinds] = []
    wrong: dict[str, dict[str, str]] = {}
    """What is wrong with a cell, in every language."""
    read: int = 0
    """How often they were read: what is typed is kept until they are read again."""

    @rx.event
    @allow(*KEEPERS)
    async def open(self, client_id: str):
        """Read them, also anew in the open dialog."""
        found = await self._read(_of_every_kind, as_key(client_id))
        self.kinds = [KindOfPost(kind, one.version, one.is_usual) for kind, one in found.items()]
        self.rows = [
            StepOfKinds(
                step, [Cell(f"{kind}_{step}", one.lead.hours(step)) for kind, one in found.items()]
            )
            for step in LeadStep
        ]
        self.problem, self.wrong = {}, {}
        self.client = as_key(client_id).hex
        self.read += 1

    @rx.event
    @allow(*KEEPERS)
    async def close(self):
        self.client = ""

    @rx.event
    @allow(*KEEPERS)
    async def save(self, form: dict[str, Any]):
        """Every kind that was changed, on the version that is shown."""
        if not self.client:
            raise NotFound
        shown = {cell.name: cell.hours for row in self.rows for cell in row.cells}
        hours = {name: _hours(text(form, name)) for name in shown}
        self.problem = {}
        self.wrong = {name: say_in_each(_no_hours()) for name, n in hours.items() if n is None}
        if self.wrong:
            return None
        changed = {name for name, n in hours.items() if n != shown[name]}
        given = {
            (PostKind(one.kind), one.version): LeadTimes(
                **{step: hours[f"{one.kind}_{step}"] or 0 for step in LeadStep}
            )
            for one in self.kinds
            if any(f"{one.kind}_{step}" in changed for step in LeadStep)
        }
        if not await self._done(self._write(_change, as_key(self.client), given)):
            return None
        self.client = ""
        return toast(_("Saved. Posts that are planned keep their times."))

    @rx.event
    @allow(*KEEPERS)
    async def follow_usual(self, kind: str, version: int):
        """Give up the client's own times of one kind."""
        if not self.client or kind not in set(PostKind):
            raise NotFound
        client_id, usual = as_key(self.client), PostKind(kind)
        forget = self._write(planning.follow_usual_times, client_id, usual, version=version)
        if await self._done(forget):
            return LeadTimesState.open(self.client)
        return None


def lead_times(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(_("Lead times"), class_name="section-name"),
            rx.el.button(
                _("Change lead times"),
                type="button",
                class_name="button",
                on_click=LeadTimesState.open(client.id),
            ),
            class_name="section-head",
        ),
        rx.el.p(
            _("How many working hours each step takes. Posts are planned backwards by them."),
            class_name="quiet",
        ),
        class_name="client-section",
    )


def lead_times_dialog() -> rx.Component:
    return rx.cond(
        LeadTimesState.client != "",
        Dialog.create(
            rx.el.form(
                rx.el.p(
                    _("Working hours of the client’s office. 0 leaves a step out."),
                    class_name="hint",
                ),
                _table(),
                problem_line(LeadTimesState.problem),
                rx.cond(
                    LeadTimesState.problem,
                    rx.el.button(
                        _("Load the newest; what you changed here is lost"),
                        type="button",
                        class_name="link",
                        on_click=LeadTimesState.open(LeadTimesState.client),
                    ),
                ),
                end(_("Save"), LeadTimesState.close),
                on_submit=LeadTimesState.save,
                # What is wrong is said by the field, in the reader's language.
                no_validate=True,
                class_name="dialog-form",
                key=LeadTimesState.read.to_string(),
            ),
            label=_("Lead times"),
            on_close=LeadTimesState.close,
        ),
    )


def _table() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th(rx.el.span(_("Step"), class_name="unseen"), scope="col"),
                rx.foreach(LeadTimesState.kinds, _kind),
            )
        ),
        rx.el.tbody(rx.foreach(LeadTimesState.rows, _row)),
        class_name="lead-times",
    )


def _kind(one: rx.Var[KindOfPost]) -> rx.Component:
    return rx.el.th(
        _(rx.Var.create(POST_KINDS)[one.kind]),
        rx.el.span(
            rx.cond(one.is_usual, _("Usual, as agreed"), _("This client’s own")),
            class_name="quiet",
        ),
        rx.cond(
            ~one.is_usual,
            rx.el.button(
                _("Follow the agreement"),
                type="button",
                class_name="link",
                on_click=LeadTimesState.follow_usual(one.kind, one.version),
            ),
        ),
        scope="col",
    )


def _row(row: rx.Var[StepOfKinds]) -> rx.Component:
    name = _(rx.Var.create(LEAD_STEPS)[row.step])
    return rx.el.tr(
        rx.el.th(name, scope="row"),
        rx.foreach(row.cells, lambda cell, column: _cell(cell, name, LeadTimesState.kinds[column])),
    )


def _cell(cell: rx.Var[Cell], step: rx.Var[str], column: rx.Var[KindOfPost]) -> rx.Component:
    is_wrong = LeadTimesState.wrong.contains(cell.name)
    return rx.el.td(
        rx.el.input(
            name=cell.name,
            default_value=cell.hours,
            input_mode="numeric",
            max_length=_DIGITS_MAX,
            auto_complete="off",
            aria_label=_(
                "{step}, {kind}", step=step, kind=_(rx.Var.create(POST_KINDS)[column.kind])
            ),
            aria_describedby=f"wrong-{cell.name}",
            custom_attrs={"aria-invalid": is_wrong},
        ),
        rx.el.div(
            rx.cond(
                is_wrong,
                rx.el.p(LeadTimesState.wrong[cell.name][language()], class_name="problem"),
            ),
            id=f"wrong-{cell.name}",
            role="alert",
        ),
    )


def _of_every_kind(
    session: Session, actor: Actor, client_id: UUID
) -> dict[PostKind, planning.Lead]:
    return {kind: planning.lead_times(session, actor, client_id, kind) for kind in PostKind}


def _change(
    session: Session,
    actor: Actor,
    client_id: UUID,
    given: dict[tuple[PostKind, int], LeadTimes],
    *,
    now: datetime,
) -> None:
    for (kind, version), lead in given.items():
        planning.change_lead_times(session, actor, client_id, kind, lead, version=version, now=now)


def _hours(given: str) -> int | None:
    """None: it is no number within the limit."""
    if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS_MAX):
        return None
    return int(given) if int(given) <= HOURS_MAX else None


def _no_hours() -> BadInput:
    return BadInput("Hours are a number from 0 to {limit}.", limit=HOURS_MAX)
