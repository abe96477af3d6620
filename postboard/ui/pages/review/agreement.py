"""The client's side of an agreement: read, accepted or declined by a press, and how its month goes.

Opening the page, by whatever link, answers nothing.
"""

from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import meter as meter_query
from postboard.db.queries.meter import Meter
from postboard.domain.content import REASON_MAX
from postboard.domain.contract import ContractState
from postboard.domain.permissions import CLIENT_ROLES, Actor, Role
from postboard.services import contract_answers, contract_view
from postboard.services.contract_view import VersionSeen
from postboard.ui.components import agreement as shown
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.given import text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import now
from postboard.ui.words import _

DIGEST_LENGTH: Final = 64


class ClientAgreement(SaysProblems, rx.State):
    offers: list[VersionSeen] = []
    """What waits for an answer."""
    holding: list[VersionSeen] = []
    meters: list[Meter] = []
    answered: str = ""
    """What was said last: "accepted" or "declined"; or what became of an offer meanwhile."""

    @rx.event
    @allow(*CLIENT_ROLES)
    async def look(self):
        self.problem, self.answered = {}, ""
        await self._look()

    @rx.event
    @allow(*CLIENT_ROLES)
    async def refresh(self):
        """Something changed; says so when an offer that was shown is open no more."""
        before = {one.id for one in self.offers}
        await self._look()
        if gone := before - {one.id for one in self.offers}:
            self.answered = "by_another" if gone & {one.id for one in self.holding} else "gone"

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def accept(self, form: dict[str, Any]):
        """What stood before the reader's eyes: the digest is of that."""
        version_id, digest = _named(form)
        work = self._write(contract_answers.accept, as_key(version_id), digest=digest)
        await self._answer(work, "accepted")

    @rx.event
    @allow(Role.CLIENT_REVIEWER)
    async def decline(self, form: dict[str, Any]):
        (version_id, digest), reason = _named(form), text_in(form, "why_not")
        work = self._write(contract_answers.decline, as_key(version_id), reason, digest=digest)
        await self._answer(work, "declined")

    async def _answer(self, work: Any, answer: str) -> None:
        self.answered = answer if await self._done(work) else ""
        await self._look()

    async def _look(self) -> None:
        seen, self.meters = await self._read(_everything)
        self.offers = [one for one in seen if one.state == ContractState.OFFERED]
        self.holding = [one for one in seen if one.in_force]


def _everything(session: Session, actor: Actor) -> tuple[list[VersionSeen], list[Meter]]:
    at = now()
    return contract_view.of_mine(session, actor, now=at), meter_query.of_mine(session, actor, at)


def _named(form: dict[str, Any]) -> tuple[str, str]:
    return text_in(form, "agreement"), text_in(form, "digest")[:DIGEST_LENGTH]


def offers() -> rx.Component:
    """On top of the page, while something waits or was just answered."""
    return rx.el.div(
        rx.el.div(
            rx.match(
                ClientAgreement.answered,
                ("accepted", rx.el.p(_("Accepted in your name. Your agency is told."))),
                ("declined", rx.el.p(_("Your agency is told what does not fit."))),
                ("by_another", rx.el.p(_("Another reviewer accepted it."))),
                ("gone", rx.el.p(_("It is not offered any more."))),
                rx.fragment(),
            ),
            role="status",
        ),
        rx.foreach(ClientAgreement.offers, _offer),
        class_name="review-agreements",
        on_mount=ClientAgreement.look,
    )


def agreement() -> rx.Component:
    """What holds, and the month's meter, at the foot of the plan."""
    return rx.cond(
        (ClientAgreement.holding.length() > 0) | (ClientAgreement.meters.length() > 0),
        rx.el.section(
            rx.el.h3(_("Our agreement")),
            rx.foreach(ClientAgreement.meters, shown.meter),
            rx.foreach(ClientAgreement.holding, _holding),
            class_name="review-agreement",
        ),
    )


def _offer(one: rx.Var[VersionSeen]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                shown.is_change_order(one),
                _("{who} offers a change of your agreement", who=one.offered_by),
                _("{who} offers an agreement", who=one.offered_by),
            )
        ),
        rx.el.p(one.client, class_name="quiet", dir="auto"),
        # That it waits for the client is said to the agency.
        shown.heading(one, stands=False),
        rx.el.details(
            rx.el.summary(_("Read it"), class_name="button"),
            shown.terms_of(one),
            shown.downloads(one),
            # A change is short, and what it strikes out is what is asked.
            open=shown.is_change_order(one),
        ),
        problem_line(ClientAgreement.problem),
        rx.cond(one.may_answer, rx.fragment(_acceptance(one), _refusal(one))),
        class_name="review-offer",
        key=one.id,
    )


def _acceptance(one: rx.Var[VersionSeen]) -> rx.Component:
    return rx.el.form(
        *_which(one),
        rx.el.label(
            rx.el.input(type="checkbox", name="read", required=True),
            rx.el.span(_("I have read it and accept it for {client}", client=one.client)),
            class_name="check",
        ),
        rx.el.button(_("Accept in my name"), type="submit", class_name="button button-primary"),
        on_submit=ClientAgreement.accept,
        class_name="review-form",
    )


def _refusal(one: rx.Var[VersionSeen]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("It does not fit"), class_name="link"),
        rx.el.form(
            *_which(one),
            rx.el.label(
                _("What does not fit?"),
                rx.el.textarea(
                    name="why_not", required=True, rows=3, max_length=REASON_MAX, dir="auto"
                ),
            ),
            rx.el.button(_("Send it back"), type="submit", class_name="button"),
            on_submit=ClientAgreement.decline,
            class_name="review-form",
        ),
    )


def _which(one: rx.Var[VersionSeen]) -> tuple[rx.Component, rx.Component]:
    return (
        rx.el.input(type="hidden", name="agreement", value=one.id, read_only=True),
        rx.el.input(type="hidden", name="digest", value=one.digest, read_only=True),
    )


def _holding(one: rx.Var[VersionSeen]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(shown.heading(one), rx.el.span(_("Read it"), class_name="link")),
        shown.signed(one),
        shown.terms_of(one),
        shown.downloads(one),
        key=one.id,
    )
