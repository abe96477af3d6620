"""My work, top to bottom as it looks."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries.news import Told
from postboard.db.queries.of_post import OfPost
from postboard.db.queries.work import Due, MailTrouble, MyTask, Part, ToJudge
from postboard.domain.tasks import NoticeKind
from postboard.locale import N_
from postboard.services.guideline_pages import ToRead
from postboard.ui.components.assign import AssignState, assign_dialog
from postboard.ui.components.guideline import what_is_new, whose_guideline
from postboard.ui.components.hear import Hear
from postboard.ui.components.risk import risk_mark
from postboard.ui.components.task_doing import return_dialog, task_buttons, task_links
from postboard.ui.components.walk import Walk
from postboard.ui.labels import STATES
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.work.state import WorkState
from postboard.ui.words import _, d_, n_

DUES: Final = {
    Due.OVERDUE: N_("Overdue"),
    Due.TODAY: N_("Today"),
    Due.WEEK: N_("This week"),
    Due.LATER: N_("Later"),
    Due.NONE: N_("Without a date"),
}
TOLD: Final = {
    NoticeKind.TASK: N_("{who} assigned it to you"),
    NoticeKind.TASK_SENT_BACK: N_("{who} sent a task back"),
    NoticeKind.MENTION: N_("{who} mentioned you"),
    NoticeKind.REPLY: N_("{who} replied to you"),
    NoticeKind.REVIEW_OPEN: N_("Your answer is due"),
    NoticeKind.REVIEW_OVERDUE: N_("An answer is overdue"),
    NoticeKind.APPROVED_LATE: N_("It was approved after its time"),
    NoticeKind.EXTRA_ROUND: N_("It began a round that is not included"),
    NoticeKind.LAST_ROUND: N_("It began the last round that is included"),
    NoticeKind.TO_REVIEW: N_("{who} sent it to you for review"),
    NoticeKind.DECISION: N_("{who} decided on it"),
    NoticeKind.CLIENT_COMMENT: N_("{who} commented on it"),
    NoticeKind.IDEA: N_("{who} has an idea"),
    NoticeKind.IDEA_ANSWERED: N_("{who} answered your idea"),
    NoticeKind.AGREEMENT_OFFERED: N_("{who} offers an agreement"),
    NoticeKind.AGREEMENT_ANSWERED: N_("{who} answered an agreement"),
    NoticeKind.AGREEMENT_TERM: N_("A term of the agreement is near or passed"),
    NoticeKind.DATE_MOVED: N_("{who} moved its date"),
    NoticeKind.GUIDELINE: N_("{who} published a guideline for you to read"),
}


def page() -> rx.Component:
    return staff_page(
        _("My work"),
        title_row(_("My work")),
        Hear.create(on_signal=WorkState.load),
        Walk.create(item=".work-item"),
        rx.cond(WorkState.loaded, _work(), _skeleton()),
        return_dialog(WorkState),
        assign_dialog(),
        here="/work/",
    )


def _work() -> rx.Component:
    nothing = (
        (WorkState.parts.length() == 0)
        & (WorkState.sent_back.length() == 0)
        & (WorkState.to_judge.length() == 0)
        & (WorkState.to_read.length() == 0)
    )
    return rx.el.div(
        rx.el.div(
            rx.cond(WorkState.mail, _mail_trouble(WorkState.mail.to(MailTrouble))),
            rx.cond(WorkState.inbound, _inbound_trouble()),
            rx.cond(WorkState.jobs, _job_trouble(WorkState.jobs.to(MailTrouble))),
            rx.cond(nothing, _empty()),
            _section(_("To read"), WorkState.to_read, _unread_guideline),
            _section(_("Sent back to you"), WorkState.sent_back, _returned),
            rx.foreach(WorkState.parts, _part),
            _section(_("Waits for you"), WorkState.to_judge, _judged),
            class_name="work-tasks",
        ),
        _news(),
        class_name="work",
    )


def _section(name: rx.Var[str], items: rx.Var[list[Any]], draw: Any) -> rx.Component:
    return rx.cond(
        items.length() > 0,
        rx.el.section(
            rx.el.h2(name, rx.el.span(items.length(), class_name="count")),
            rx.el.ul(rx.foreach(items, draw)),
            class_name="work-part",
        ),
    )


def _part(part: rx.Var[Part]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            _(rx.Var.create(DUES)[part.due]),
            rx.el.span(part.tasks.length(), class_name="count"),
        ),
        rx.el.ul(rx.foreach(part.tasks, _task)),
        key=part.due,
        class_name="work-part",
        custom_attrs={"data-due": part.due},
    )


def _task(task: rx.Var[MyTask]) -> rx.Component:
    return _item(
        task.post,
        rx.cond(task.urgent, rx.el.span(_("Urgent"), class_name="task-urgent")),
        _risk(task.post_id),
        rx.cond(task.due_at, _due(task)),
        below=[
            rx.cond(
                task.instructions,
                rx.el.p(task.instructions, class_name="caption work-instructions", dir="auto"),
            ),
            task_links(task.links),
        ],
        who=rx.cond(task.who, _("From {who}", who=task.who), ""),
        buttons=task_buttons(WorkState, task),
        key=task.id,
    )


def _returned(task: rx.Var[MyTask]) -> rx.Component:
    return _item(
        task.post,
        _risk(task.post_id),
        rx.cond(task.due_at, _due(task)),
        below=[rx.el.blockquote(task.reason, class_name="task-reason", dir="auto")],
        who=_("{who} sent it back", who=task.who),
        buttons=[
            rx.el.button(
                _("Assign anew…"),
                type="button",
                class_name="button",
                on_click=AssignState.open([task.post_id]),
            ),
            *task_buttons(WorkState, task),
        ],
        key=task.id,
    )


def _judged(waits: rx.Var[ToJudge]) -> rx.Component:
    return _item(
        waits.post,
        _risk(waits.post_id),
        rx.cond(
            waits.due_at,
            _due(waits),
            rx.el.time(d_(waits.since, "relative"), title=d_(waits.since, "daytime")),
        ),
        below=[],
        who=rx.cond(waits.stages > 0, _stage(waits), ""),
        buttons=[],
        key=waits.post_id,
    )


def _unread_guideline(one: rx.Var[ToRead]) -> rx.Component:
    """Not a post: a line, and the walk through the work stops at it too."""
    return rx.el.li(
        rx.el.a(
            whose_guideline(one),
            href=rx.Var.create("/guidelines/?of=") + one.client_id,
            class_name="work-open",
            dir="auto",
        ),
        rx.el.span(what_is_new(one), class_name="quiet"),
        rx.cond(one.must_be_read, rx.el.span(_("before work"), class_name="guideline-must")),
        key=one.client_id,
        class_name="work-item work-read",
    )


def _stage(waits: rx.Var[ToJudge]) -> Any:
    number = _("Stage {n} of {m}", n=waits.stage, m=waits.stages)
    return rx.cond(waits.stage_name, number + " · " + waits.stage_name, number)


def _item(
    post: rx.Var[OfPost],
    *marks: Any,
    below: list[Any],
    who: Any,
    buttons: list[rx.Component],
    key: rx.Var[str],
) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            class_name="card-edge", style={"--hue": post.hue.to_string()}, aria_hidden="true"
        ),
        rx.el.p(
            rx.el.span(post.key, class_name="card-key"),
            rx.el.span(post.client, class_name="quiet work-client"),
            rx.el.span(
                class_name="dot", custom_attrs={"data-state": post.state}, aria_hidden="true"
            ),
            rx.el.span(_(rx.Var.create(STATES)[post.state]), class_name="quiet"),
            rx.el.span(class_name="grow"),
            *marks,
            class_name="work-line",
        ),
        rx.el.a(
            rx.cond(post.text, post.text, _("No words yet")),
            href=f"/post/?key={post.key}",
            class_name="work-open",
            dir="auto",
        ),
        *below,
        rx.el.div(
            rx.el.span(who, class_name="quiet"),
            rx.el.span(class_name="grow"),
            *buttons,
            class_name="work-foot",
        ),
        key=key,
        class_name="work-item",
        custom_attrs={"data-post-key": post.key},
    )


def _due(task: rx.Var[MyTask] | rx.Var[ToJudge]) -> rx.Component:
    return rx.el.time(
        _("Due {when}", when=d_(task.due_at, "relative")),
        title=d_(task.due_at, "daytime", task.post.zone),
        class_name="task-due",
        custom_attrs={"dateTime": task.due_at, "data-late": task.due == str(Due.OVERDUE)},
    )


def _risk(post_id: rx.Var[str]) -> rx.Component:
    chance = WorkState.risks[post_id]
    return rx.cond(WorkState.risks.contains(post_id), risk_mark(chance))


def _news() -> rx.Component:
    return rx.el.aside(
        rx.el.header(
            rx.el.h2(_("News")),
            rx.el.span(class_name="grow"),
            rx.cond(
                WorkState.unread > 0,
                rx.el.button(
                    _("Mark all as read"),
                    type="button",
                    class_name="link",
                    on_click=WorkState.read_all,
                ),
            ),
            class_name="tasks-head",
        ),
        rx.cond(
            WorkState.notices.length() > 0,
            rx.el.ul(rx.foreach(WorkState.notices, _notice)),
            rx.el.p(
                _("Nothing yet. Mentions, replies and tasks are told here."), class_name="quiet"
            ),
        ),
        class_name="work-news",
        aria_label=_("News"),
    )


def _notice(notice: rx.Var[Told]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                _(rx.Var.create(TOLD)[notice.kind], who=notice.who), class_name="notice-what"
            ),
            rx.el.span(
                rx.el.span(notice.key, class_name="card-key"),
                notice.text,
                class_name="notice-post",
            ),
            rx.el.time(
                d_(notice.at, "relative"), title=d_(notice.at, "daytime"), class_name="quiet"
            ),
            href=notice.path,
            on_click=WorkState.read(notice.id),
        ),
        rx.cond(
            notice.unread,
            rx.el.button(
                type="button",
                class_name="notice-mark",
                aria_label=_("Mark as read"),
                title=_("Mark as read"),
                on_click=WorkState.read(notice.id),
            ),
        ),
        key=notice.id,
        class_name="notice",
        custom_attrs={"data-unread": notice.unread},
    )


def _mail_trouble(mail: rx.Var[MailTrouble]) -> rx.Component:
    return rx.el.p(
        rx.el.strong(
            n_("One message has not gone out.", "{n} messages have not gone out.", mail.count)
        ),
        " ",
        _given_up(mail),
        _("The server says: {failure}", failure=mail.failure),
        " ",
        rx.el.button(
            _("Try again now"), type="button", class_name="link", on_click=WorkState.retry_mail
        ),
        class_name="problem work-mail",
        role="status",
    )


def _inbound_trouble() -> rx.Component:
    return rx.el.p(
        rx.el.strong(_("Answers to e-mails cannot be fetched.")),
        " ",
        _("The server says: {failure}", failure=WorkState.inbound),
        class_name="problem work-mail",
        role="status",
    )


def _job_trouble(jobs: rx.Var[MailTrouble]) -> rx.Component:
    return rx.el.p(
        rx.el.strong(n_("One reminder failed.", "{n} reminders failed.", jobs.count)),
        " ",
        _given_up(jobs),
        _("The reason: {failure}", failure=jobs.failure),
        " ",
        rx.el.button(
            _("Try again now"), type="button", class_name="link", on_click=WorkState.retry_jobs
        ),
        class_name="problem work-mail",
        role="status",
    )


def _given_up(trouble: rx.Var[MailTrouble]) -> rx.Component:
    return rx.cond(
        trouble.given_up > 0,
        rx.fragment(
            n_("One of them was given up.", "{n} of them were given up.", trouble.given_up), " "
        ),
    )


def _empty() -> rx.Component:
    return rx.el.div(
        rx.el.h2(_("Nothing to do right now")),
        rx.el.p(_("Tasks that somebody gives you, and posts to judge, stand here by due time.")),
        rx.el.a(_("Go to the board"), href="/board/", class_name="button"),
        class_name="work-empty",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            *(rx.el.div(class_name="card card-skeleton") for _n in range(4)),
            class_name="work-tasks",
        ),
        class_name="work",
        aria_busy="true",
    )
