"""A post beside the board: its words, its history and what may be done with it."""

from dataclasses import replace
from typing import Any, Final

import reflex as rx

from postboard.db.queries import post as query
from postboard.db.queries.post import Entry, PostInFull
from postboard.domain.clock import to_utc
from postboard.domain.content import NETWORKS, Words
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import STAFF_ROLES
from postboard.locale import N_
from postboard.services import posts
from postboard.ui.components.assign import AssignState
from postboard.ui.components.kanban import take_step
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import ACTIONS, STATES, TAGS
from postboard.ui.layout import Dialog
from postboard.ui.session import Page, toast
from postboard.ui.words import _, d_

HISTORY: Final = {
    "post.created": N_("{who} created the post"),
    "post.edited": N_("{who} changed the words"),
    "post.replanned": N_("{who} moved the date"),
    "post.handed_over": N_("{who} handed it over"),
    "post.task_assigned": N_("{who} gave out tasks"),
    "post.task_accepted": N_("{who} took a task on"),
    "post.task_done": N_("{who} finished a task"),
    "post.task_sent_back": N_("{who} sent a task back"),
    "post.task_withdrawn": N_("{who} withdrew a task"),
    "post.task_changed": N_("{who} changed a task"),
    "post.assign": N_("{who} assigned it"),
    "post.finish": N_("{who} marked it as ready"),
    "post.submit": N_("{who} submitted it for review"),
    "post.cancel": N_("{who} cancelled it"),
    "post.reopen": N_("{who} reopened it"),
    "post.revise": N_("{who} changed the words; it goes back to review"),
    "post.approve": N_("{who} approved it"),
    "post.request_changes": N_("{who} requested changes"),
    "post.send_to_client": N_("{who} sent it to the client"),
    "post.recall": N_("{who} took it back from the client"),
    "post.hold": N_("{who} put it on hold"),
    "post.release": N_("{who} released it"),
    "post.schedule": N_("{who} scheduled it"),
    "post.unschedule": N_("{who} took it off the schedule"),
    "post.publish": N_("{who} published it"),
    "post.fail": N_("Publishing failed"),
    "post.retry": N_("{who} put it back on the schedule"),
    "post.mark_published": N_("{who} marked it as published"),
}


class QuickView(Page, rx.State):
    post: PostInFull | None = None
    editing: bool = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def open(self, post_id: str):
        self.editing = False
        self.post = await self._read(query.in_full, as_key(post_id))

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.post = None
        self.editing = False

    @rx.event
    @allow(*STAFF_ROLES)
    async def edit(self):
        self.editing = True

    @rx.event
    @allow(*STAFF_ROLES)
    async def step(self, action: str):
        """The step itself runs through the board, which shows it at once and asks what it asks."""
        if self.post is None:
            raise NotFound
        post, self.post = self.post, None
        client, _dash, number = post.key.rpartition("-")
        card = {"id": post.id, "client": client, "number": int(number)}
        return take_step(card | {"version": post.version, "state": post.state}, action)

    @rx.event
    @allow(*STAFF_ROLES)
    async def save(self, form: dict[str, Any]):
        """Words and time, each with its own right and its own fact."""
        if self.post is None:
            raise NotFound
        shown = self.post
        key, version = as_key(shown.id), shown.version
        if shown.may_edit_words:
            words = _words(shown, form)
            version = (await self._write(posts.edit, key, words, version=version)).version
        if shown.may_edit_plan and _text(form, "planned") != shown.planned_local:
            at = to_instant(_text(form, "planned"), shown.zone)
            await self._write(posts.replan, key, at, version=version)
        self.editing = False
        self.post = await self._read(query.in_full, key)
        return toast(_("Saved."))


def quick_view() -> rx.Component:
    return rx.cond(
        QuickView.post,
        Dialog.create(
            _view(QuickView.post.to(PostInFull)),
            label="",
            kind="drawer",
            on_close=QuickView.close,
        ),
    )


def _view(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.el.div(
        rx.el.header(
            rx.el.span(post.key, class_name="card-key"),
            rx.el.span(post.client, class_name="quiet"),
            rx.el.span(class_name="grow"),
            rx.el.button(
                "×",
                type="button",
                class_name="close",
                aria_label=_("Close"),
                on_click=QuickView.close,
            ),
            class_name="quick-head",
        ),
        rx.el.p(
            rx.el.span(
                class_name="dot", custom_attrs={"data-state": post.state}, aria_hidden="true"
            ),
            rx.el.span(_(rx.Var.create(STATES)[post.state]), class_name="state-word"),
            rx.cond(
                post.rounds > 0,
                rx.el.span(
                    _("Round {n} of {m}", n=post.rounds, m=post.rounds_included), class_name="quiet"
                ),
            ),
            class_name="quick-state",
        ),
        rx.cond(QuickView.editing, _form(post), _reading(post)),
        _history(post),
        class_name="quick",
    )


def _reading(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.fragment(
        rx.foreach(post.pictures, _picture),
        rx.cond(post.title, rx.el.h2(post.title)),
        rx.el.p(post.caption, class_name="caption", dir="auto"),
        rx.cond(
            post.link,
            rx.el.p(rx.el.a(post.link, href=post.link, target="_blank", rel="noopener noreferrer")),
        ),
        rx.el.dl(
            _fact(
                _("Planned"),
                rx.cond(
                    post.planned_at, d_(post.planned_at, "daytime", post.zone), _("No date yet")
                ),
            ),
            _fact(_("Holds it"), rx.cond(post.assignee, post.assignee, _("Nobody yet"))),
            rx.cond(post.campaign, _fact(_("Campaign"), post.campaign)),
            _fact(_("Networks"), _networks(post.networks)),
            class_name="facts",
        ),
        rx.el.div(
            rx.foreach(post.actions, _action),
            rx.cond(
                post.may_assign,
                rx.el.button(
                    _("Assign…"),
                    type="button",
                    class_name="button",
                    on_click=AssignState.open([post.id]),
                ),
            ),
            rx.cond(
                post.may_edit_words | post.may_edit_plan,
                rx.el.button(
                    _("Edit"), type="button", class_name="button", on_click=QuickView.edit
                ),
            ),
            class_name="quick-actions",
        ),
    )


def _form(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.el.form(
        rx.cond(
            post.may_edit_words,
            rx.fragment(
                _field(
                    _("Title"), rx.el.input(name="title", default_value=post.title, max_length=300)
                ),
                _field(
                    _("Words"),
                    rx.el.textarea(
                        name="caption",
                        default_value=post.caption,
                        rows="8",
                        max_length=64000,
                        auto_focus=True,
                        dir="auto",
                    ),
                ),
                _field(
                    _("Link"),
                    rx.el.input(
                        name="link",
                        default_value=post.link,
                        max_length=2048,
                        placeholder="https://",
                    ),
                ),
                network_choice(post.networks),
            ),
        ),
        rx.cond(
            post.may_edit_plan,
            _field(
                _("Planned, in the time of {zone}", zone=post.zone),
                rx.el.input(
                    name="planned", type="datetime-local", default_value=post.planned_local
                ),
            ),
        ),
        rx.el.div(
            rx.el.button(_("Save"), type="submit", class_name="button button-primary"),
            rx.el.button(
                _("Back"), type="button", class_name="button", on_click=QuickView.open(post.id)
            ),
            class_name="quick-actions",
        ),
        on_submit=QuickView.save,
        class_name="dialog-form",
    )


def network_choice(chosen: rx.Var[list[str]]) -> rx.Component:
    """One box per network; a form sends them as `network_<name>`."""
    from postboard.ui.labels import NETWORKS as NAMES

    return rx.el.fieldset(
        rx.el.legend(_("Networks")),
        *(
            rx.el.label(
                rx.el.input(
                    type="checkbox", name=f"network_{name}", default_checked=chosen.contains(name)
                ),
                rx.el.span(_(NAMES[name])),
                class_name="check",
            )
            for name in NETWORKS
        ),
        class_name="checks",
    )


def chosen_networks(form: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in NETWORKS if form.get(f"network_{name}"))


def to_instant(local: str, zone: str) -> Any:
    """Wall time of a datetime field in a zone, as an instant; empty is none."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    if not local:
        return None
    try:
        return to_utc(datetime.fromisoformat(local).replace(tzinfo=None), ZoneInfo(zone))
    except ValueError:
        raise BadInput("“{value}” is no date and time.", value=local[:40]) from None


def _history(post: rx.Var[PostInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("History")),
        rx.el.ol(rx.foreach(post.history, _entry), class_name="history"),
    )


def _entry(entry: rx.Var[Entry]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_(rx.Var.create(HISTORY)[entry.kind], who=entry.who)),
        rx.el.time(d_(entry.at, "relative"), title=d_(entry.at, "daytime"), class_name="quiet"),
        rx.cond(
            entry.reason,
            rx.el.blockquote(
                rx.foreach(
                    entry.tags,
                    lambda tag: rx.el.span(_(rx.Var.create(TAGS)[tag]), class_name="tag-small"),
                ),
                rx.el.span(entry.reason, dir="auto"),
            ),
        ),
    )


def _action(action: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        _(rx.Var.create(ACTIONS)[action]),
        type="button",
        class_name="button button-step",
        on_click=QuickView.step(action),
        custom_attrs={"data-action": action},
    )


def _picture(picture: rx.Var[dict[str, str]]) -> rx.Component:
    return rx.el.img(
        src=picture["url"], alt=picture["alt"], class_name="quick-picture", loading="lazy"
    )


def _networks(names: rx.Var[list[str]]) -> rx.Component:
    from postboard.ui.labels import NETWORKS as NAMES

    return rx.cond(
        names.length() > 0,
        rx.el.span(
            rx.foreach(
                names,
                lambda name: rx.el.span(
                    class_name="network",
                    title=_(rx.Var.create(NAMES)[name]),
                    custom_attrs={"data-network": name},
                ),
            )
        ),
        _("None chosen"),
    )


def _fact(name: rx.Var[str], value: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(name), rx.el.dd(value))


def _field(name: rx.Var[str], control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(name), control, class_name="field")


def _words(shown: PostInFull, form: dict[str, Any]) -> Words:
    from postboard.domain.content import Media

    old = Words(
        caption=shown.caption,
        title=shown.title,
        link=shown.link,
        first_comment=shown.first_comment,
        networks=tuple(shown.networks),
        media=tuple(Media(**picture) for picture in shown.pictures),
    )
    return replace(
        old,
        caption=_text(form, "caption"),
        title=_text(form, "title"),
        link=_text(form, "link"),
        networks=chosen_networks(form),
    )


def _text(form: dict[str, Any], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
