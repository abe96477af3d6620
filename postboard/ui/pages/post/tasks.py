"""The panel of a post's tasks: what is expected of whom, and how far it is."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries import tasks as query
from postboard.db.queries.post_page import PostFacts
from postboard.db.queries.tasks import TaskOfPost
from postboard.domain.errors import NotFound
from postboard.domain.permissions import STAFF_ROLES
from postboard.domain.tasks import TaskStatus
from postboard.locale import N_
from postboard.ui.components.assign import ASSIGNERS, AssignState, assign_dialog, expectation_fields
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.form import end
from postboard.ui.components.hear import Hear
from postboard.ui.components.task_doing import (
    DoesTasks,
    return_dialog,
    task_buttons,
    task_links,
)
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.session import now, toast
from postboard.ui.words import _, d_

STATUSES: Final = {
    TaskStatus.OPEN: N_("Not yet taken on"),
    TaskStatus.ACCEPTED: N_("At work"),
    TaskStatus.DONE: N_("Done"),
    TaskStatus.SENT_BACK: N_("Sent back"),
    TaskStatus.DROPPED: N_("Withdrawn"),
}


@floats("changing", "returning")
class TasksState(DoesTasks, rx.State):
    tasks: list[TaskOfPost] = []
    changing: TaskOfPost | None = None
    _post_id: str = ""

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self, post_id: str):
        self._post_id = post_id
        await self._reread()

    @rx.event
    @allow(*ASSIGNERS)
    async def begin_change(self, task_id: str):
        self.problem = {}
        self.changing = next((task for task in self.tasks if task.id == task_id), None)

    @rx.event
    @allow(*ASSIGNERS)
    async def end_change(self):
        self.changing = None

    @rx.event
    @allow(*ASSIGNERS)
    async def change(self, form: dict[str, Any]):
        if self.changing is None:
            raise NotFound
        task = self.changing
        if not await self._done(self._change(task.id, task.version, form)):
            return None
        self.changing = None
        await self._reread()
        return toast(_("Saved."))

    async def _reread(self) -> None:
        if not self._post_id:
            raise NotFound
        self.tasks = await self._read(query.of_post, as_key(self._post_id), now=now())


def tasks_panel(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        Hear.create(only=post.id, version=post.version, on_signal=TasksState.load(post.id)),
        rx.el.header(
            rx.el.h2(_("Tasks"), class_name="unseen"),
            rx.el.span(class_name="grow"),
            rx.cond(
                post.may_assign,
                rx.el.button(
                    _("Assign…"),
                    type="button",
                    class_name="button",
                    on_click=AssignState.open([post.id]),
                ),
            ),
            class_name="tasks-head",
        ),
        rx.cond(
            TasksState.tasks.length() > 0,
            rx.el.ul(
                rx.foreach(TasksState.tasks, lambda task: _task(task, post.zone)),
                class_name="tasks",
            ),
            rx.el.p(
                rx.cond(
                    post.may_assign,
                    _("Nobody has a task here yet. Assign it, and say what you expect."),
                    _("Nobody has a task here yet."),
                ),
                class_name="quiet",
            ),
        ),
        assign_dialog(),
        return_dialog(TasksState),
        rx.cond(TasksState.changing, _change_dialog(TasksState.changing.to(TaskOfPost), post.zone)),
        on_mount=TasksState.load(post.id),
        key=post.id,
        class_name="tasks-panel",
    )


def _task(task: rx.Var[TaskOfPost], zone: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(task.assignee[:1], class_name="person", aria_hidden="true"),
            rx.el.strong(task.assignee),
            rx.el.span(_(rx.Var.create(STATUSES)[task.status]), class_name="task-status"),
            rx.cond(task.urgent, rx.el.span(_("Urgent"), class_name="task-urgent")),
            rx.el.span(class_name="grow"),
            _when(task, zone),
            class_name="task-line",
        ),
        rx.cond(task.instructions, rx.el.p(task.instructions, class_name="caption", dir="auto")),
        task_links(task.links),
        rx.cond(
            task.reason,
            rx.el.blockquote(task.reason, class_name="task-reason", dir="auto"),
        ),
        rx.cond(task.by, rx.el.p(_("From {who}", who=task.by), class_name="quiet task-by")),
        rx.cond(
            task.may.length() > 0,
            rx.el.div(
                *task_buttons(TasksState, task),
                rx.cond(
                    task.may.contains("change"),
                    rx.el.button(
                        _("Change…"),
                        type="button",
                        class_name="button",
                        on_click=TasksState.begin_change(task.id),
                    ),
                ),
                class_name="quick-actions",
            ),
        ),
        class_name="task",
        custom_attrs={"data-task": task.id, "data-status": task.status},
    )


def _when(task: rx.Var[TaskOfPost], zone: rx.Var[str]) -> rx.Component:
    return rx.cond(
        task.ended_at,
        rx.el.time(d_(task.ended_at, "relative"), title=d_(task.ended_at, "daytime")),
        rx.cond(
            task.due_at,
            rx.el.time(
                d_(task.due_at, "relative"),
                title=d_(task.due_at, "daytime", zone),
                custom_attrs={"dateTime": task.due_at, "data-late": task.overdue},
                class_name="task-due",
            ),
            rx.el.span(_("Without a date"), class_name="quiet"),
        ),
    )


def _change_dialog(task: rx.Var[TaskOfPost], zone: rx.Var[str]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            *expectation_fields(
                zone=zone,
                instructions=task.instructions,
                links=task.links.join("\n"),
                due_local=task.due_local,
                urgent=task.urgent,
            ),
            problem_line(TasksState.problem),
            end(_("Save"), TasksState.end_change),
            on_submit=TasksState.change,
            class_name="dialog-form",
        ),
        label=_("What is expected of {who}", who=task.assignee),
        on_close=TasksState.end_change,
    )
