"""Many posts changed at once: what is asked before, what is said after, and the way back.

A page names the posts by the versions that it shows: `BulkState.open(what, {id: version})`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import bulk as query
from postboard.db.queries.choices import Choice
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Actor, Permission, roles_with
from postboard.domain.workflow import Action
from postboard.locale import say_in_each
from postboard.services import bulk as service
from postboard.services.bulk import DAYS_MAX, POSTS_MAX, Done
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import check, day_input, end, field
from postboard.ui.components.kanban import unselect
from postboard.ui.components.undo_key import UndoKey
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import toast
from postboard.ui.words import _, language, n_

RIGHTS: Final = {
    "move": Permission.EDIT_PLAN,
    "label": Permission.EDIT_PLAN,
    "assign": Permission.ASSIGN,
    "submit": Permission.SUBMIT,
    "send_to_client": Permission.SEND_TO_CLIENT,
}
"""What can be done with many posts, and the right it takes."""
CHANGERS: Final = roles_with(*RIGHTS.values())
Asking = Literal["move", "label", "submit", "send_to_client"]
_Meant = tuple[Callable[..., Done], tuple[Any, ...], dict[str, Any]]
"""A use case of `services.bulk` and what it is given beside the posts."""
_NONE: Final = "none"
"""Of the campaigns: they are to be in none."""
_STEPS: Final = {"submit": Action.SUBMIT, "send_to_client": Action.SEND_TO_CLIENT}


@dataclass(frozen=True, slots=True)
class LeftSeen:
    """A post that stayed as it was; `why` in each language."""

    key: str
    why: dict[str, str]


@dataclass(frozen=True, slots=True)
class DoneSeen:
    changed: int
    left: list[LeftSeen]
    change_id: str
    """Empty where nothing can be undone."""
    undone: bool


class BulkState(SaysProblems, rx.State):
    asking: str = ""
    keys: list[str] = []
    clients: list[str] = []
    campaigns: list[Choice] = []
    pillars: list[str] = []
    done: DoneSeen | None = None
    _seen: dict[str, int] = {}

    @rx.event
    @allow(*CHANGERS)
    async def open(self, what: Asking, seen: dict[str, int]):
        """Ask about these posts, each at the version that is shown."""
        if not 1 <= len(seen) <= POSTS_MAX:
            raise BadInput("Choose from 1 to {limit} posts.", limit=POSTS_MAX)
        found = await self._read(query.chosen, [as_key(post) for post in seen])
        self.keys, self.clients = found.keys, found.clients
        self.campaigns, self.pillars = found.campaigns, found.pillars
        self._seen = seen
        self.problem = {}
        self.done = None
        self.asking = what

    @rx.event
    @allow(*CHANGERS)
    async def close(self):
        self.asking = ""

    @rx.event
    @allow(*CHANGERS)
    async def move(self, form: dict[str, Any]):
        """By the days or to the day that the form says."""
        return await self._change(lambda: _moving(form))

    @rx.event
    @allow(*CHANGERS)
    async def label(self, form: dict[str, Any]):
        return await self._change(lambda: _labelling(form))

    @rx.event
    @allow(*CHANGERS)
    async def take_step(self):
        action = _STEPS.get(self.asking)
        return await self._change(lambda: (service.take_step, (action,), {}))

    @rx.event
    @allow(*CHANGERS)
    async def undo(self, change_id: str):
        self.done = None
        done, keys = await self._write(_undone, as_key(change_id))
        return self._say(done, keys, undone=True)

    @rx.event
    @allow(*CHANGERS)
    async def dismiss(self):
        self.done = None

    async def _change(self, meant: Callable[[], _Meant]) -> Any:
        answered: list[tuple[Done, dict[Any, str]]] = []

        async def work() -> None:
            use_case, given, named = meant()
            seen = {as_key(post): version for post, version in self._seen.items()}
            answered.append(await self._write(_changed, use_case, seen, given, named))

        if not await self._done(work()):
            return None
        self.asking = ""
        return [unselect(), *self._say(*answered[0], undone=False)]

    def _say(self, done: Done, keys: dict[Any, str], *, undone: bool) -> list[rx.event.EventSpec]:
        """A note that stays where something is left or can be undone, else one that goes."""
        left = [LeftSeen(keys.get(one.post_id, ""), say_in_each(one.why)) for one in done.left]
        change_id = done.change_id.hex if done.change_id else ""
        changed = len(done.changed)
        if left or change_id:
            self.done = DoneSeen(changed, left, change_id, undone)
            return []
        return [toast(_outcome(changed, undone=undone))]


def _changed(
    session: Session,
    actor: Actor,
    use_case: Callable[..., Done],
    seen: dict[Any, int],
    given: tuple[Any, ...],
    named: dict[str, Any],
    **when: Any,
) -> tuple[Done, dict[Any, str]]:
    done = use_case(session, actor, seen, *given, **named, **when)
    return done, query.keys_of(session, actor, [one.post_id for one in done.left])


def _undone(
    session: Session, actor: Actor, change_id: Any, **when: Any
) -> tuple[Done, dict[Any, str]]:
    done = service.undo(session, actor, change_id, **when)
    return done, query.keys_of(session, actor, [one.post_id for one in done.left])


def _moving(form: dict[str, Any]) -> _Meant:
    day = day_in(form, "day")
    if day:
        return service.move_to, (day,), {}
    given = text_in(form, "days").strip()
    try:
        days = int(given[:9])
    except ValueError:
        raise BadInput("Say by how many days, or to which day.") from None
    return service.move, (days,), {}


def _labelling(form: dict[str, Any]) -> _Meant:
    campaign, pillar = text_in(form, "campaign"), text_in(form, "pillar").strip()
    no_pillar = "no_pillar" in form
    if pillar and no_pillar:
        raise BadInput("Write a pillar or take it off, not both.")
    named: dict[str, Any] = {}
    if pillar or no_pillar:
        named["pillar"] = pillar
    if campaign == _NONE:
        named["no_campaign"] = True
    elif campaign:
        named["campaign_id"] = as_key(campaign)
    if not named:
        raise BadInput("Choose a campaign or write a pillar.")
    return service.label, (), named


def bulk_dialogs() -> rx.Component:
    """The dialogs and the note, once on a page."""
    return rx.fragment(
        rx.match(
            BulkState.asking,
            ("move", _dialog(_moved_how(), n_("Move one post", "Move {n} posts", _count()))),
            ("label", _dialog(_labels(), n_("Label one post", "Label {n} posts", _count()))),
            (
                "submit",
                _dialog(
                    _step(_("Whoever reviews them is told at once."), _("Submit for review")),
                    n_("Submit one post for review", "Submit {n} posts for review", _count()),
                ),
            ),
            (
                "send_to_client",
                _dialog(
                    _step(
                        _("The client is asked at once and sees them from now on."),
                        _("Send to client"),
                    ),
                    n_("Send one post to the client", "Send {n} posts to the client", _count()),
                ),
            ),
            rx.fragment(),
        ),
        rx.cond(BulkState.done, _note(BulkState.done.to(DoneSeen))),
    )


def _dialog(content: rx.Component, label: rx.Var[str]) -> rx.Component:
    return Dialog.create(
        rx.el.p(
            rx.foreach(BulkState.keys, lambda key: rx.el.span(key, class_name="assign-key")),
            class_name="assign-keys",
        ),
        content,
        label=label,
        on_close=BulkState.close,
    )


def _moved_how() -> rx.Component:
    return rx.fragment(
        rx.el.form(
            field(
                _("Days later; a minus moves earlier"),
                rx.el.input(
                    type="number",
                    name="days",
                    default_value="7",
                    min=-DAYS_MAX,
                    max=DAYS_MAX,
                    required=True,
                    auto_focus=True,
                ),
            ),
            rx.el.button(_("Move by days"), type="submit", class_name="button button-primary"),
            on_submit=BulkState.move,
            class_name="bulk-line",
        ),
        rx.el.form(
            field(_("All to one day"), day_input("day", required=True)),
            rx.el.button(_("Move to the day"), type="submit", class_name="button"),
            on_submit=BulkState.move,
            class_name="bulk-line",
        ),
        rx.el.p(
            _("Each keeps its time on its client’s clock; what had no time goes out at noon."),
            class_name="hint",
        ),
        problem_line(BulkState.problem),
        _cancel(),
    )


def _labels() -> rx.Component:
    is_of_one = BulkState.clients.length() == 1
    return rx.el.form(
        field(
            _("Campaign"),
            rx.el.select(
                rx.el.option(_("Leave as it is"), value=""),
                rx.el.option(_("Out of their campaign"), value=_NONE),
                rx.cond(
                    is_of_one,
                    rx.foreach(
                        BulkState.campaigns, lambda one: rx.el.option(one.name, value=one.value)
                    ),
                ),
                name="campaign",
            ),
        ),
        rx.cond(
            ~is_of_one,
            rx.el.p(
                _("A campaign is one client’s; these posts are of several."), class_name="hint"
            ),
        ),
        field(
            _("Pillar"),
            rx.el.input(
                name="pillar",
                list="bulk-pillars",
                max_length=120,
                auto_complete="off",
                placeholder=_("Leave as it is"),
                dir="auto",
            ),
        ),
        rx.el.datalist(
            rx.foreach(BulkState.pillars, lambda name: rx.el.option(value=name)),
            id="bulk-pillars",
        ),
        check("no_pillar", _("Take the pillar off")),
        problem_line(BulkState.problem),
        end(_("Label them"), BulkState.close),
        on_submit=BulkState.label,
        class_name="dialog-form",
    )


def _step(what: rx.Var[str], name: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.p(what, " ", _("This cannot be undone for all of them at once.")),
        problem_line(BulkState.problem),
        rx.el.div(
            _cancel_button(),
            rx.el.button(
                name,
                type="button",
                class_name="button button-primary",
                auto_focus=True,
                on_click=BulkState.take_step,
            ),
            class_name="dialog-buttons",
        ),
        class_name="dialog-form",
    )


def _note(done: rx.Var[DoneSeen]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                rx.cond(
                    done.undone,
                    _outcome(done.changed, undone=True),
                    _outcome(done.changed, undone=False),
                ),
                class_name="bulk-said",
            ),
            rx.cond(done.change_id, _way_back(done)),
            rx.el.button(
                "×",
                type="button",
                class_name="button button-quiet",
                aria_label=_("Dismiss this note"),
                on_click=BulkState.dismiss,
            ),
            class_name="bulk-line-of-note",
        ),
        rx.cond(
            done.left.length() > 0,
            rx.el.details(
                rx.el.summary(
                    n_("{n} left as it was: why", "{n} left as they were: why", done.left.length())
                ),
                rx.el.ul(rx.foreach(done.left, _left), tab_index=0),
            ),
        ),
        class_name="bulk-note",
        role="status",
    )


def _way_back(done: rx.Var[DoneSeen]) -> rx.Component:
    return rx.fragment(
        UndoKey.create(on_undo=BulkState.undo(done.change_id)),
        rx.el.button(
            _("Undo"),
            type="button",
            class_name="button button-quiet",
            on_click=BulkState.undo(done.change_id),
            custom_attrs={"aria-keyshortcuts": "Control+Z Meta+Z"},
        ),
    )


def _left(one: rx.Var[LeftSeen]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.key,
            rx.el.a(one.key, href=rx.Var.create("/post/?key=") + one.key, class_name="link"),
        ),
        rx.el.span(one.why[language()]),
    )


def _outcome(changed: int | rx.Var[int], *, undone: bool) -> rx.Var[str]:
    if undone:
        return n_("{n} post is as it was", "{n} posts are as they were", changed)
    return n_("{n} post changed", "{n} posts changed", changed)


def _count() -> rx.Var[int]:
    return BulkState.keys.length()


def _cancel() -> rx.Component:
    return rx.el.div(_cancel_button(), class_name="dialog-buttons")


def _cancel_button() -> rx.Component:
    return rx.el.button(_("Cancel"), type="button", class_name="button", on_click=BulkState.close)
