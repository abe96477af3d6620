"""At which times of the week a client's posts go out, and on which days none does."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import reflex as rx

from postboard.db.queries.clients import ClientInFull
from postboard.domain.agreement import clock_text, minute_in
from postboard.domain.errors import BadInput
from postboard.domain.posting_times import A_DAY_MAX, Times
from postboard.services import posting_days
from postboard.services.posting_days import NAME_MAX, PostingDays
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.form import end, field
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import WEEKDAYS
from postboard.ui.pages.clients.state import KEEPERS
from postboard.ui.session import toast
from postboard.ui.words import _, d_

_LINE_MAX: Final = A_DAY_MAX * len("00:00, ")


@dataclass(frozen=True, slots=True)
class ClosedSeen:
    """Days in a row that are closed under one name, ISO."""

    first: str
    last: str
    name: str


class PostingState(SaysProblems, rx.State):
    client: str = ""
    week: list[str] = []
    """One text a day, Monday first."""
    closed: list[ClosedSeen] = []
    _version: int = 0

    @rx.event
    @allow(*KEEPERS)
    async def open(self, client_id: str):
        self.problem = {}
        await self._look(client_id)
        self.client = client_id

    @rx.event
    @allow(*KEEPERS)
    async def close(self):
        self.client = ""

    @rx.event
    @allow(*KEEPERS)
    async def save(self, form: dict[str, Any]):
        async def work() -> None:
            week = tuple(_minutes(text_in(form, f"day_{day}")) for day in range(len(WEEKDAYS)))
            client = as_key(self.client)
            await self._write(posting_days.change_times, client, Times(week), version=self._version)

        if not await self._done(work()):
            return None
        self.client = ""
        return toast(_("Saved."))

    @rx.event
    @allow(*KEEPERS)
    async def shut(self, form: dict[str, Any]):
        """No post goes out from one day to another."""

        async def work() -> None:
            first = day_in(form, "first_day")
            if first is None:
                raise BadInput("Choose the first day.")
            last, name = day_in(form, "last_day") or first, text_in(form, "name")
            await self._write(posting_days.black_out, as_key(self.client), first, last, name)

        await self._done(work())
        await self._look(self.client)

    @rx.event
    @allow(*KEEPERS)
    async def open_again(self, first_day: str, last_day: str):
        """Posts may go out on these days after all."""

        async def work() -> None:
            days = {"first": first_day, "last": last_day}
            first, last = day_in(days, "first"), day_in(days, "last")
            if first and last:
                await self._write(posting_days.open_again, as_key(self.client), first, last)

        await self._done(work())
        await self._look(self.client)

    async def _look(self, client_id: str) -> None:
        days = await self._read(posting_days.to_change, as_key(client_id))
        self._version = days.version
        self.week = [", ".join(clock_text(minute) for minute in day) for day in days.times.week]
        self.closed = _in_a_row(days)


def posting(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(_("Posting times"), class_name="section-name"),
            rx.el.button(
                _("Change posting times"),
                type="button",
                class_name="button",
                on_click=PostingState.open(client.id),
            ),
            class_name="section-head",
        ),
        rx.el.p(
            _(
                "When posts go out as a rule, and on which days none does."
                " Free times are found among them."
            ),
            class_name="quiet",
        ),
        rx.cond(PostingState.client == client.id, _dialog()),
        class_name="client-section",
    )


def _dialog() -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.el.p(
                _("Times of the client’s clock, as 09:00, 18:30; a day left empty has none."),
                class_name="hint",
            ),
            rx.el.div(
                *(
                    field(
                        _(name),
                        rx.el.input(
                            name=f"day_{day}",
                            default_value=PostingState.week[day],
                            max_length=_LINE_MAX,
                            auto_complete="off",
                            spell_check=False,
                        ),
                    )
                    for day, name in enumerate(WEEKDAYS)
                ),
                class_name="posting-week",
            ),
            problem_line(PostingState.problem),
            end(_("Save"), PostingState.close),
            on_submit=PostingState.save,
            class_name="dialog-form",
        ),
        rx.el.h3(_("Days without posts"), class_name="section-name"),
        rx.el.ul(rx.foreach(PostingState.closed, _closed), class_name="lines"),
        rx.el.form(
            field(_("First day"), rx.el.input(type="date", name="first_day", required=True)),
            field(_("Last day"), rx.el.input(type="date", name="last_day")),
            field(_("Why"), rx.el.input(name="name", max_length=NAME_MAX, dir="auto")),
            rx.el.button(_("Add"), type="submit", class_name="button"),
            on_submit=PostingState.shut,
            class_name="add-line",
            key=PostingState.closed.length(),
        ),
        label=_("Posting times"),
        on_close=PostingState.close,
    )


def _closed(days: rx.Var[ClosedSeen]) -> rx.Component:
    first, last = d_(days.first, "day"), d_(days.last, "day")
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(
                    rx.cond(
                        days.first == days.last,
                        first,
                        _("{first} to {last}", first=first, last=last),
                    ),
                    class_name="line-name",
                ),
                rx.el.span(days.name, class_name="line-role", dir="auto"),
            ),
            class_name="line-words",
        ),
        rx.el.button(
            _("Remove"),
            type="button",
            class_name="button button-quiet",
            on_click=PostingState.open_again(days.first, days.last),
            aria_label=_("Remove {name}", name=first),
        ),
        key=days.first,
    )


def _minutes(text: str) -> tuple[int, ...]:
    times = text.replace(",", " ").replace("，", " ").split()[: A_DAY_MAX + 1]
    try:
        return tuple(minute_in(time) for time in times)
    except BadInput:
        raise BadInput("Write times of the day like 9:00, 18:30.") from None


def _in_a_row(days: PostingDays) -> list[ClosedSeen]:
    closed = sorted(days.blackouts)
    if not closed:
        return []
    names = days.blackouts
    starts = [closed[0]]
    ends = []
    for one, after in pairwise(closed):
        if (after - one).days > 1 or names[one] != names[after]:
            ends.append(one)
            starts.append(after)
    ends.append(closed[-1])
    return [
        ClosedSeen(first.isoformat(), last.isoformat(), names[first])
        for first, last in zip(starts, ends, strict=True)
    ]
