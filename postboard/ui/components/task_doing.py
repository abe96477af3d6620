"""What people do with a task, wherever it is shown: buttons, and the dialogs behind some."""

from typing import Any, Final

import reflex as rx

from postboard.domain.content import REASON_MAX
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES
from postboard.domain.tasks import TaskAction
from postboard.locale import N_
from postboard.services import task_steps
from postboard.ui.components.assign import ASSIGNERS, expectation
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import end, field
from postboard.ui.given import text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import toast
from postboard.ui.words import _

DOES: Final = {
    TaskAction.ACCEPT: N_("Take it on"),
    TaskAction.FINISH: N_("Mark as done"),
    TaskAction.SEND_BACK: N_("Send back…"),
    TaskAction.WITHDRAW: N_("Withdraw"),
    TaskAction.CHANGE: N_("Change…"),
}


class DoesTasks(SaysProblems, mixin=True):
    """A page with tasks on it; `_reread` brings its own list up to date."""

    returning: str = ""
    """The task that is being sent back, and its version."""
    _returned_version: int = 0

    @rx.event
    @allow(*STAFF_ROLES)
    async def accept(self, task_id: str, version: int):
        await self._write(task_steps.accept, as_key(task_id), version=version)
        await self._reread()

    @rx.event
    @allow(*STAFF_ROLES)
    async def finish(self, task_id: str, version: int):
        await self._write(task_steps.finish, as_key(task_id), version=version)
        await self._reread()
        return toast(_("Done. Whoever waits for it sees it now."))

    @rx.event
    @allow(*ASSIGNERS)
    async def withdraw(self, task_id: str, version: int):
        await self._write(task_steps.withdraw, as_key(task_id), version=version)
        await self._reread()
        return toast(_("Withdrawn."))

    @rx.event
    @allow(*STAFF_ROLES)
    async def begin_return(self, task_id: str, version: int):
        """Ask for the reason."""
        self.problem = {}
        self.returning, self._returned_version = task_id, version

    @rx.event
    @allow(*STAFF_ROLES)
    async def end_return(self):
        self.returning = ""

    @rx.event
    @allow(*STAFF_ROLES)
    async def send_back(self, form: dict[str, Any]):
        if not self.returning:
            raise NotFound
        task, version = as_key(self.returning), self._returned_version
        work = self._write(task_steps.send_back, task, text_in(form, "reason"), version=version)
        if not await self._done(work):
            return None
        self.returning = ""
        await self._reread()
        return toast(_("Sent back. Whoever assigned it is told."))

    async def _change(self, task_id: str, version: int, form: dict[str, Any]) -> None:
        await self._write(task_steps.change, as_key(task_id), expectation(form), version=version)

    async def _reread(self) -> None:
        raise NotImplementedError


def task_buttons(state: type[DoesTasks], task: rx.Var[Any]) -> list[rx.Component]:
    """The buttons of what this person may do; the first one is the usual next step."""
    handlers = {
        TaskAction.ACCEPT: state.accept,
        TaskAction.FINISH: state.finish,
        TaskAction.SEND_BACK: state.begin_return,
        TaskAction.WITHDRAW: state.withdraw,
    }
    return [
        rx.cond(
            task.may.contains(str(action)),
            rx.el.button(
                _(DOES[action]),
                type="button",
                class_name="button",
                on_click=handler(task.id, task.version),
                custom_attrs={"data-task-action": action},
            ),
        )
        for action, handler in handlers.items()
    ]


def return_dialog(state: type[DoesTasks]) -> rx.Component:
    return rx.cond(
        state.returning != "",
        Dialog.create(
            rx.el.form(
                field(
                    _("Reason"),
                    rx.el.textarea(
                        name="reason",
                        rows="4",
                        max_length=REASON_MAX,
                        required=True,
                        auto_focus=True,
                        dir="auto",
                        placeholder=_("Say what is missing, so that it can be set right."),
                    ),
                ),
                problem_line(state.problem),
                end(_("Send back"), state.end_return),
                on_submit=state.send_back,
                class_name="dialog-form",
            ),
            label=_("Send the task back"),
            on_close=state.end_return,
        ),
    )


def task_links(links: rx.Var[list[str]]) -> rx.Component:
    return rx.foreach(
        links,
        lambda link: rx.el.a(
            link, href=link, target="_blank", rel="noopener noreferrer", class_name="task-link"
        ),
    )
