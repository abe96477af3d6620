"""The small door in the foot: who is away for some days names another reviewer."""

from typing import Any
from uuid import UUID

import reflex as rx

from postboard.db.queries import stand_ins as query
from postboard.db.queries.stand_ins import AwaySeen, CanStandIn, OfReviewer
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Role
from postboard.domain.standing_in import Period
from postboard.services import stand_ins
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.pages.review.state import ReviewState
from postboard.ui.session import now
from postboard.ui.words import _, d_


class AwayState(SaysProblems, rx.State):
    seen: OfReviewer | None = None
    named: int = 0
    """Grows with every name, so that the form is drawn anew."""

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def look(self):
        self.problem = {}
        self.seen = await self._read(query.of_reviewer, now())

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def name(self, form: dict[str, Any]):
        if await self._done(self._name(form)):
            self.named += 1
        self.seen = await self._read(query.of_reviewer, now())
        return ReviewState.refresh

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def end(self, stand_in_id: str):
        await self._done(self._write(stand_ins.end, as_key(stand_in_id)))
        self.seen = await self._read(query.of_reviewer, now())
        return ReviewState.refresh

    async def _name(self, form: dict[str, Any]) -> UUID:
        client, _between, person = text_in(form, "colleague").partition(":")
        first, last = day_in(form, "starts_on"), day_in(form, "ends_on")
        if not first or not last:
            raise BadInput("Choose the first day and the last one.")
        period = Period(first, last)
        return await self._write(stand_ins.name, as_key(client), as_key(person), period)


def away_door() -> rx.Component:
    """For a reviewer; whoever only reads is asked nothing, so nobody stands in for them."""
    return rx.cond(
        ReviewState.decides,
        rx.el.details(
            rx.el.summary(_("Away?"), class_name="link", on_click=AwayState.look),
            rx.cond(AwayState.seen, _room(AwayState.seen.to(OfReviewer))),
            class_name="review-away",
        ),
    )


def _room(seen: rx.Var[OfReviewer]) -> rx.Component:
    return rx.el.div(
        rx.foreach(seen.own, _own),
        rx.foreach(seen.for_others, _for_other),
        rx.cond(
            seen.colleagues.length() > 0,
            _form(seen),
            rx.el.p(
                _("You are the only reviewer here. Your agency can add somebody to stand in."),
                class_name="quiet",
            ),
        ),
        class_name="away-room",
    )


def _own(away: rx.Var[AwaySeen]) -> rx.Component:
    return rx.el.p(
        rx.el.span(_("{other} stands in for you {days}", other=away.stand_in, days=_days(away))),
        rx.el.button(
            rx.cond(away.runs, _("I am back"), _("Cancel")),
            type="button",
            class_name="button",
            on_click=AwayState.end(away.id),
        ),
        class_name="away-line",
    )


def _for_other(away: rx.Var[AwaySeen]) -> rx.Component:
    return rx.el.p(_("You stand in for {who} {days}", who=away.who, days=_days(away)))


def _days(away: rx.Var[AwaySeen]) -> rx.Var[str]:
    first, last = d_(away.starts_on, "day"), d_(away.ends_on, "day")
    return _("from {first} until {last}", first=first, last=last)


def _form(seen: rx.Var[OfReviewer]) -> rx.Component:
    return rx.el.form(
        rx.el.p(
            _("Another reviewer is asked in your place too, and answers for you."),
            class_name="quiet",
        ),
        rx.el.label(
            _("Who stands in for you?"),
            rx.el.select(
                rx.foreach(seen.colleagues, lambda one: _colleague(one, seen)),
                name="colleague",
                required=True,
            ),
        ),
        rx.el.label(_("First day"), rx.el.input(type="date", name="starts_on", required=True)),
        rx.el.label(_("Last day"), rx.el.input(type="date", name="ends_on", required=True)),
        problem_line(AwayState.problem),
        rx.el.button(_("Let them stand in"), type="submit", class_name="button button-primary"),
        on_submit=AwayState.name,
        class_name="review-form",
        key=AwayState.named.to_string(),
    )


def _colleague(one: rx.Var[CanStandIn], seen: rx.Var[OfReviewer]) -> rx.Component:
    return rx.el.option(
        rx.cond(seen.brands > 1, f"{one.name} · {one.brand}", one.name), value=one.id
    )
