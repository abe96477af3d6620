"""A client's plan of action: what is there, what is missing, and what that keeps back."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from postboard.db.queries.clients import ClientInFull
from postboard.db.queries.launches import Launch, NeedSeen
from postboard.domain.errors import BadInput
from postboard.domain.launch import ITEMS_MAX, WORDS_MAX, Gate, Need
from postboard.domain.permissions import Permission
from postboard.domain.start_templates import checklist_templates
from postboard.locale.languages import language_from_cookie
from postboard.names import NEEDS
from postboard.services import launches
from postboard.ui.components.agreement import download_menu
from postboard.ui.components.chain import ChainState
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.components.form import field as named
from postboard.ui.components.hear import Hear
from postboard.ui.components.part_link import part_link
from postboard.ui.given import text_in, whole_number
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import GATES
from postboard.ui.pages.clients.state import KEEPERS, ClientsState
from postboard.ui.session import now, toast
from postboard.ui.words import _, d_, n_


@dataclass(frozen=True, slots=True)
class ItemSeen:
    words: str
    done: bool
    done_by: str
    done_at: str


@dataclass(frozen=True, slots=True)
class LaunchSeen:
    """What is missing, and what is there; `text` is the checklist as its form holds it."""

    gate: str
    missing: list[NeedSeen] = field(default_factory=list[NeedSeen])
    unticked: list[ItemSeen] = field(default_factory=list[ItemSeen])
    there: list[NeedSeen] = field(default_factory=list[NeedSeen])
    ticked: list[ItemSeen] = field(default_factory=list[ItemSeen])
    total: int = 0
    text: str = ""
    version: int = 0
    started: bool = False
    lacking: int = 0
    reason: str = ""
    reason_name: str = ""
    reason_at: str = ""


class LaunchState(SaysProblems, rx.State):
    seen: LaunchSeen | None = None
    may_set: bool = False
    templates: list[tuple[str, str]] = []
    _client: str = ""

    @rx.event
    @allow(*KEEPERS)
    async def look(self, client_id: str):
        self.problem = {}
        await self._look(client_id)

    @rx.event
    @allow(*KEEPERS)
    async def refresh(self, client_id: str):
        """Something that was missing may be there now."""
        await self._look(client_id)

    @rx.event
    @allow(*KEEPERS)
    async def save(self, form: dict[str, Any]):
        if not await self._do(self._save(form)):
            return None
        return toast(_("Saved."))

    @rx.event
    @allow(*KEEPERS)
    async def take_template(self, template: str):
        """Its lines come after those that are there."""
        await self._do(self._take(template))

    @rx.event
    @allow(*KEEPERS)
    async def tick(self, words: str, done: bool):
        await self._do(self._write(launches.tick, as_key(self._client), words, done=done))

    @rx.event
    @allow(*KEEPERS)
    async def go_on(self, form: dict[str, Any]):
        """Let the first post go out without, for a reason."""
        reason = text_in(form, "why_without")
        await self._do(self._write(launches.go_on, as_key(self._client), reason))

    async def _do(self, work: Any) -> bool:
        done = await self._done(work)
        await self._look(self._client)
        return done

    async def _save(self, form: dict[str, Any]) -> None:
        seen = self._known()
        given = text_in(form, "gate") or seen.gate
        if given not in set(Gate):
            raise BadInput
        lines = text_in(form, "checklist").splitlines()
        version = whole_number(text_in(form, "version"))
        await self._write(
            launches.change, as_key(self._client), Gate(given), lines, version=version
        )

    async def _take(self, template: str) -> None:
        seen = self._known()
        found = next((o for o in checklist_templates(self._language()) if o.id == template), None)
        if found is None:
            raise BadInput
        lines = [*seen.text.splitlines(), *found.items]
        await self._write(
            launches.change, as_key(self._client), Gate(seen.gate), lines, version=seen.version
        )

    def _known(self) -> LaunchSeen:
        return self.seen or LaunchSeen(Gate.OFF.value)

    async def _look(self, client_id: str) -> None:
        key = as_key(client_id)
        self.seen = _seen(await self._read(launches.find, key, now=now()))
        self.may_set = (await self._signed_in()).actor.may(Permission.SET_GATE, key)
        self.templates = [(one.id, one.name) for one in checklist_templates(self._language())]
        self._client = client_id

    def _language(self) -> str:
        headers = self._headers()
        return language_from_cookie(headers.get("cookie"), headers.get("accept-language"))


def _seen(launch: Launch) -> LaunchSeen:
    items = [
        ItemSeen(one.words, bool(one.done_at), one.done_by, one.done_at) for one in launch.items
    ]
    return LaunchSeen(
        gate=launch.gate.value,
        missing=[one for one in launch.needs if not one.done],
        unticked=[one for one in items if not one.done],
        there=[one for one in launch.needs if one.done],
        ticked=[one for one in items if one.done],
        total=len(launch.needs) + len(items),
        text="\n".join(one.words for one in launch.items),
        version=launch.version,
        started=launch.started,
        lacking=len(launch.lacking),
        reason=launch.reason,
        reason_name=launch.reason_name,
        reason_at=launch.reason_at.isoformat() if launch.reason_at else "",
    )


def plan_of_action(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.cond(LaunchState.seen, _room(client.id, LaunchState.seen.to(LaunchSeen))),
        Hear.create(only=client.id, on_signal=LaunchState.refresh(client.id)),
        id="launch",
        class_name="client-section",
        on_mount=LaunchState.look(client.id),
    )


def _room(client_id: rx.Var[str], seen: rx.Var[LaunchSeen]) -> rx.Component:
    return rx.fragment(
        rx.el.header(
            rx.el.h3(_("Plan of action"), class_name="section-name"),
            rx.cond(
                seen.lacking > 0,
                rx.el.span(
                    n_("{n} thing is missing", "{n} things are missing", seen.lacking),
                    class_name="new-here",
                ),
            ),
            download_menu(rx.Var.create("/clients/") + client_id + "/plan-of-action"),
            class_name="section-head",
        ),
        _list(client_id, seen.missing, seen.unticked),
        rx.cond(
            seen.total > seen.lacking,
            rx.el.details(
                rx.el.summary(
                    _("{k} of {n} done", k=seen.total - seen.lacking, n=seen.total),
                    class_name="link",
                ),
                _list(client_id, seen.there, seen.ticked),
            ),
        ),
        _kept_back(seen),
        problem_line(LaunchState.problem),
        rx.el.details(
            rx.el.summary(_("Change the plan of action"), class_name="link"),
            _form(seen),
            rx.el.div(
                rx.foreach(
                    LaunchState.templates,
                    lambda one: rx.el.button(
                        _("Add the lines of “{name}”", name=one[1]),
                        type="button",
                        class_name="button",
                        on_click=LaunchState.take_template(one[0]),
                    ),
                ),
                class_name="agreement-buttons",
            ),
        ),
    )


def _list(
    client_id: rx.Var[str], needs: rx.Var[list[NeedSeen]], items: rx.Var[list[ItemSeen]]
) -> rx.Component:
    return rx.el.ul(
        rx.foreach(needs, lambda one: _need(client_id, one)),
        rx.foreach(items, _item),
        class_name="launch-list",
    )


def _need(client_id: rx.Var[str], one: rx.Var[NeedSeen]) -> rx.Component:
    return rx.el.li(
        _mark(one.done),
        rx.el.span(_(rx.Var.create(NEEDS)[one.need]), class_name="grow"),
        rx.cond(
            one.wanted > 0,
            rx.el.span(_("{k} of {n}", k=one.there, n=one.wanted), class_name="quiet"),
        ),
        rx.cond(one.done, rx.fragment(), _first_step(client_id, one)),
        custom_attrs={"data-done": one.done, "data-need": one.need},
    )


def _first_step(client_id: rx.Var[str], one: rx.Var[NeedSeen]) -> rx.Component:
    """Where what is missing is brought in."""
    return rx.fragment(
        rx.match(
            one.need,
            (Need.CHANNELS.value, part_link(_("Add an account"), "channels", class_name="link")),
            (Need.TEAM.value, _button(_("Add to the team"), ClientsState.ask("team"))),
            (Need.CONTACTS.value, _button(_("Add a reviewer"), ClientsState.ask("reviewer"))),
            (Need.AGREEMENT.value, part_link(_("Write and offer it"), "agreed", class_name="link")),
            (
                Need.GUIDELINE.value,
                _door(_("Write the guideline"), rx.Var.create("/guidelines/?of=") + client_id),
            ),
            (
                Need.CHAIN.value,
                _button(_("Change who approves"), ChainState.open(client_id, "", "")),
            ),
            (Need.PLAN.value, _door(_("Import a plan"), "/import/")),
            rx.fragment(),
        )
    )


def _door(words: rx.Var[str], address: rx.Var[str] | str) -> rx.Component:
    return rx.el.a(words, href=address, class_name="link")


def _button(words: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(words, type="button", class_name="link", on_click=event)


def _item(one: rx.Var[ItemSeen]) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=one.done,
                on_change=lambda _on: LaunchState.tick(one.words, ~one.done),
            ),
            rx.el.span(one.words, dir="auto"),
            class_name="check grow",
        ),
        rx.cond(
            one.done,
            rx.el.span(
                _("{who}, {at}", who=one.done_by, at=d_(one.done_at, "day")), class_name="quiet"
            ),
        ),
        custom_attrs={"data-done": one.done},
    )


def _mark(is_done: rx.Var[bool]) -> rx.Component:
    return rx.fragment(
        rx.el.span(rx.cond(is_done, "✓", ""), class_name="step-mark", aria_hidden="true"),
        rx.cond(
            is_done,
            rx.el.span(_("Done"), class_name="unseen"),
            rx.el.span(_("Missing"), class_name="unseen"),
        ),
    )


def _kept_back(seen: rx.Var[LaunchSeen]) -> rx.Component:
    """What a missing thing means now, and the reason to go on without."""
    waits = ~seen.started & (seen.lacking > 0)
    return rx.fragment(
        rx.cond(
            waits & (seen.gate == Gate.HARD.value),
            rx.el.p(_("The first post is kept back until all of it is there."), class_name="hint"),
        ),
        rx.cond(
            waits & (seen.gate == Gate.SOFT.value) & (seen.reason_at == ""),
            rx.fragment(
                rx.el.p(
                    _("The first post waits for all of it, or for a reason to go out without."),
                    class_name="hint",
                ),
                rx.el.details(
                    rx.el.summary(_("Let the first post go out without it"), class_name="link"),
                    _reason(),
                ),
            ),
        ),
        rx.cond(
            seen.reason_at,
            rx.el.p(
                _(
                    "{who} let the first post go out without it: {reason}",
                    who=seen.reason_name,
                    reason=seen.reason,
                ),
                class_name="hint",
                dir="auto",
            ),
        ),
    )


def _reason() -> rx.Component:
    return rx.el.form(
        named(
            _("Why the first post goes out without it"),
            rx.el.textarea(name="why_without", required=True, rows=2, max_length=2000, dir="auto"),
        ),
        rx.el.div(rx.el.button(_("Let it go out"), type="submit", class_name="button")),
        on_submit=LaunchState.go_on,
        class_name="launch-reason",
    )


def _form(seen: rx.Var[LaunchSeen]) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="version", default_value=seen.version),
        rx.cond(
            LaunchState.may_set,
            named(
                _("Before the first post"),
                rx.el.select(
                    *(rx.el.option(_(said), value=gate.value) for gate, said in GATES.items()),
                    name="gate",
                    default_value=seen.gate,
                ),
            ),
        ),
        named(
            _("To be ticked by hand, one a line"),
            rx.el.textarea(
                name="checklist",
                default_value=seen.text,
                rows=8,
                max_length=ITEMS_MAX * (WORDS_MAX + 1),
                dir="auto",
            ),
        ),
        rx.el.div(rx.el.button(_("Save"), type="submit", class_name="button button-primary")),
        on_submit=LaunchState.save,
        class_name="launch-form",
        key=seen.version.to_string(),
    )
