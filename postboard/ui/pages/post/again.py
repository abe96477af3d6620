"""The post once more: a copy, drafts by a rule, and the next time that is free for it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import post_page as query
from postboard.db.queries.post_page import PostFacts
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor, Permission, roles_with
from postboard.domain.recurrence import INTERVAL_MAX, TIMES_MAX, Every, Rule, WhenClosed
from postboard.locale import N_
from postboard.locale.languages import language_from_cookie
from postboard.services import cloning, posting_days
from postboard.services.cloning import Proposed
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import field
from postboard.ui.given import day_in, whole_number
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import WEEKDAYS
from postboard.ui.pages.post.state import PostPage
from postboard.ui.session import go, now, toast
from postboard.ui.words import _, d_, n_

WRITERS: Final = roles_with(Permission.CREATE_POST)
PLANNERS: Final = roles_with(Permission.EDIT_PLAN)
EVERY: Final = {
    Every.DAY: N_("Days"),
    Every.WEEK: N_("Weeks"),
    Every.MONTH: N_("Months, on the same day"),
    Every.MONTH_WEEKDAY: N_("Months, on the same weekday"),
    Every.MONTH_END: N_("Months, on the last day"),
    Every.YEAR: N_("Years"),
}
WHEN_CLOSED: Final = {
    WhenClosed.SKIP: N_("falls out"),
    WhenClosed.BEFORE: N_("moves to the day before"),
    WhenClosed.AFTER: N_("moves to the day after"),
}
_FIRST: Final = {
    "every": "week",
    "interval": "1",
    "weekdays": "",
    "times": "8",
    "until": "",
    "when_closed": "skip",
}
_AT: Final = "at_"
Field = Literal["every", "interval", "times", "until", "when_closed"]


@dataclass(frozen=True, slots=True)
class DateSeen:
    """A date of the rule as the dialog lists it."""

    rule_day: str
    at: str
    """An instant; empty where it falls out."""
    moved: bool
    first: bool
    """The post itself."""
    closed: str
    """"" or the kind of day: "holiday", "blackout"."""
    closed_by: str
    """What that day is called."""


class AgainState(SaysProblems, rx.State):
    shown: bool = False
    given: dict[str, str] = {}
    dates: list[DateSeen] = []
    drafts: int = 0
    zone: str = ""
    _post: str = ""
    _version: int = 0

    @rx.event
    @allow(*WRITERS)
    async def open(self, post_id: str, version: int):
        """Ask by which rule; it begins with once a week."""
        facts = (await self._read(query.opened, as_key(post_id), now=now())).facts
        self._post, self._version, self.zone = facts.id, version, facts.zone
        self.given = dict(_FIRST)
        await self._look()
        self.shown = True

    @rx.event
    @allow(*WRITERS)
    async def close(self):
        self.shown = False

    @rx.event
    @allow(*WRITERS)
    async def choose(self, name: Field, value: str):
        """One part of the rule; the dates follow at once."""
        self.given = {**dict(_FIRST), **self.given, name: value[:40]}
        await self._look()

    @rx.event
    @allow(*WRITERS)
    async def choose_weekday(self, weekday: int):
        """On or off."""
        if weekday not in range(7):
            raise NotFound
        chosen, name = self.given.get("weekdays", ""), str(weekday)
        days = chosen.replace(name, "") if name in chosen else chosen + name
        self.given = {**dict(_FIRST), **self.given, "weekdays": "".join(sorted(days))}
        await self._look()

    @rx.event
    @allow(*WRITERS)
    async def repeat(self, form: dict[str, Any]):
        """A draft on each of the dates that are ticked."""
        made: list[Any] = []

        async def work() -> None:
            ticked = [
                name.removeprefix(_AT) for name in form if name.startswith(_AT) and form[name]
            ]
            times = [_instant(at) for at in ticked]
            post, version = as_key(self._post), self._version
            made.extend(await self._write(cloning.repeat, post, times, version=version))

        if not await self._done(work()):
            return None
        self.shown = False
        return toast(n_("Made one draft.", "Made {n} drafts.", len(made)))

    @rx.event
    @allow(*WRITERS)
    async def copy(self, post_id: str, version: int):
        """Opened at once."""
        key = await self._write(_copied, as_key(post_id), version=version)
        return go(f"/post/?key={key}")

    @rx.event
    @allow(*PLANNERS)
    async def next_free(self, post_id: str, version: int):
        """Plan it for the client's next posting time at which nothing else goes out."""
        slot = await self._read(posting_days.next_free_time, as_key(post_id), after=now())
        zone = (await self._read(query.opened, as_key(post_id), now=now())).facts.zone
        local = slot.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
        return PostPage.plan(post_id, version, local)

    async def _look(self) -> None:
        self.dates = []

        async def work() -> None:
            rule = _rule(self.given)
            spoken = language_from_cookie(self._headers().get("cookie"))
            found = await self._read(cloning.proposed, as_key(self._post), rule, language=spoken)
            self.dates = [_seen(one, first=not index) for index, one in enumerate(found)]

        await self._done(work())
        self.drafts = sum(bool(one.at) and not one.first for one in self.dates)


def again_line(post: rx.Var[PostFacts]) -> rx.Component:
    """Under the plan: what can be done with the post's time and its words once more."""
    return rx.el.div(
        rx.cond(
            post.may_edit_plan,
            _button(_("Next free posting time"), AgainState.next_free(post.id, post.version)),
        ),
        rx.cond(
            post.may_copy,
            rx.fragment(
                rx.cond(
                    post.planned_at,
                    _button(_("Repeat…"), AgainState.open(post.id, post.version)),
                ),
                _button(_("Copy the post"), AgainState.copy(post.id, post.version)),
            ),
        ),
        rx.cond(AgainState.shown, _dialog(post)),
        class_name="again-line",
    )


def _button(name: rx.Var[str], on_click: Any) -> rx.Component:
    return rx.el.button(name, type="button", class_name="button button-quiet", on_click=on_click)


def _dialog(post: rx.Var[PostFacts]) -> rx.Component:
    return Dialog.create(
        rx.el.div(
            _how_often(),
            rx.cond(AgainState.given["every"] == "week", _weekdays()),
            _how_long(),
            field(
                _("A date on a holiday or a day without posts"),
                _choice("when_closed", WHEN_CLOSED),
            ),
            class_name="dialog-form",
        ),
        problem_line(AgainState.problem),
        rx.cond(AgainState.dates.length() > 0, _dates()),
        label=_("Repeat {post}", post=post.key),
        on_close=AgainState.close,
    )


def _how_often() -> rx.Component:
    return rx.el.div(
        field(
            _("Every"),
            rx.el.input(
                type="text",
                input_mode="numeric",
                name="interval",
                max_length=len(str(INTERVAL_MAX)),
                default_value=AgainState.given["interval"],
                on_change=AgainState.choose("interval").debounce(200),
            ),
        ),
        field(_("Unit"), _choice("every", EVERY)),
        class_name="two-fields",
    )


def _how_long() -> rx.Component:
    return rx.el.div(
        field(
            _("Times, this one included"),
            rx.el.input(
                type="text",
                input_mode="numeric",
                name="times",
                max_length=len(str(TIMES_MAX)),
                default_value=AgainState.given["times"],
                on_change=AgainState.choose("times").debounce(200),
            ),
        ),
        field(
            _("Or until"),
            rx.el.input(
                type="date",
                name="until",
                default_value=AgainState.given["until"],
                on_change=AgainState.choose("until"),
            ),
        ),
        class_name="two-fields",
    )


def _weekdays() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("On")),
        *(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=AgainState.given["weekdays"].contains(str(day)),
                    on_change=lambda _on, day=day: AgainState.choose_weekday(day),
                ),
                rx.el.span(_(name)),
                class_name="check",
            )
            for day, name in enumerate(WEEKDAYS)
        ),
        class_name="checks",
    )


def _choice(name: Field, names: dict[Any, str]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(_(words), value=str(value)) for value, words in names.items()),
        name=name,
        value=AgainState.given[name],
        on_change=AgainState.choose(name),
    )


def _dates() -> rx.Component:
    return rx.el.form(
        rx.el.ol(rx.foreach(AgainState.dates, _date), class_name="again-dates"),
        rx.el.div(
            rx.el.button(
                _("Cancel"), type="button", class_name="button", on_click=AgainState.close
            ),
            rx.el.button(
                _("Make the ticked drafts"),
                type="submit",
                class_name="button button-primary",
                disabled=AgainState.drafts == 0,
            ),
            class_name="dialog-buttons",
        ),
        on_submit=AgainState.repeat,
    )


def _date(one: rx.Var[DateSeen]) -> rx.Component:
    words = rx.fragment(
        rx.el.span(
            rx.cond(one.at, d_(one.at, "daytime", AgainState.zone), d_(one.rule_day, "day")),
            class_name="again-day",
        ),
        rx.cond(one.first, rx.el.span(_("this post"), class_name="quiet")),
        rx.cond(
            one.closed,
            rx.el.span(
                rx.cond(
                    one.at,
                    rx.cond(
                        one.moved,
                        _("moved from {day}", day=d_(one.rule_day, "day")),
                        "",
                    ),
                    _("falls out"),
                ),
                rx.cond(one.closed_by, one.closed_by, _("a day without posts")),
                class_name="again-why",
            ),
        ),
    )
    return rx.el.li(
        rx.cond(
            (one.at != "") & ~one.first,
            rx.el.label(
                rx.el.input(
                    type="checkbox", name=rx.Var.create(_AT) + one.at, default_checked=True
                ),
                words,
                class_name="check",
            ),
            rx.el.div(words, class_name="check"),
        ),
        key=one.rule_day,
        custom_attrs={"data-out": one.at == ""},
    )


def _copied(session: Session, actor: Actor, post_id: Any, *, version: int, now: Any) -> str:
    copy = cloning.copy(session, actor, post_id, version=version, now=now)
    return query.opened(session, actor, copy, now=now).facts.key


def _rule(given: dict[str, str]) -> Rule:
    """Raises:
    BadInput: a part of it is none.
    """
    every, closed = given["every"], given["when_closed"]
    if every not in set(Every) or closed not in set(WhenClosed):
        raise BadInput
    return Rule(
        Every(every),
        whole_number(given["interval"]),
        tuple(int(day) for day in given["weekdays"] if day.isdigit()),
        whole_number(given["times"]) if given["times"] else None,
        day_in(given, "until"),
        WhenClosed(closed),
    ).checked()


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput("“{value}” is no date and time.", value=text[:40])


def _seen(one: Proposed, *, first: bool) -> DateSeen:
    closed = one.closed_by
    return DateSeen(
        rule_day=one.date.rule_day.isoformat(),
        at=one.date.at.isoformat() if one.date.at else "",
        moved=one.local is not None and one.local.date() != one.date.rule_day,
        first=first,
        closed=closed.kind if closed else "",
        closed_by=closed.name if closed else "",
    )
