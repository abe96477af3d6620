"""The whole agreement with a client: its versions, a draft as a form, its month, what is noted."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import clients as clients_query
from postboard.db.queries import meter as meter_query
from postboard.db.queries.clients import ClientInFull
from postboard.db.queries.meter import Meter
from postboard.domain.contract import BadTerm, ContractState
from postboard.domain.permissions import Actor
from postboard.domain.start_templates import agreement_templates
from postboard.locale import N_
from postboard.locale.languages import language_from_cookie
from postboard.services import contract_view, contracts
from postboard.services.contract_view import NotedSeen, VersionSeen
from postboard.services.contract_words import DATE_MOVES, LATE_APPROVALS, SILENCES, TALK, TERMS
from postboard.ui.components import agreement as shown
from postboard.ui.components.dialog import SaysProblems, problem_line
from postboard.ui.components.form import day_input, field
from postboard.ui.given import text_in
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.clients.agreement_form import (
    ContactRow,
    DeliverableRow,
    DraftForm,
    PaymentRow,
    contract_in,
    form_of,
)
from postboard.ui.pages.clients.state import KEEPERS
from postboard.ui.session import now, toast
from postboard.ui.words import _, d_

LEVELS: Final = {
    "nearing": N_("near"),
    "passed": N_("passed"),
    "missed": N_("not reached"),
}


@floats("draft")
class AgreementState(SaysProblems, rx.State):
    versions: list[VersionSeen] = []
    meters: list[Meter] = []
    noted: list[NotedSeen] = []
    templates: list[tuple[str, str]] = []
    draft: DraftForm | None = None
    """The one that is being written."""
    problem_at: str = ""
    """The field that the problem is about."""
    _client: str = ""

    @rx.event
    @allow(*KEEPERS)
    async def look(self, client_id: str):
        self.problem, self.draft = {}, None
        await self._look(client_id)

    @rx.event
    @allow(*KEEPERS)
    async def begin(self, template: str):
        """From a template; without one from what was agreed last."""
        await self._do(self._begin(template))

    @rx.event
    @allow(*KEEPERS)
    async def write(self, version_id: str):
        """Open the draft's form."""
        self.problem, self.problem_at = {}, ""
        self.draft = await self._read(_draft, as_key(version_id))

    @rx.event
    @allow(*KEEPERS)
    async def close(self):
        self.draft, self.problem = None, {}

    @rx.event
    @allow(*KEEPERS)
    async def save(self, form: dict[str, Any]):
        if not await self._do(self._save(form)):
            return None
        return toast(_("Saved."))

    @rx.event
    @allow(*KEEPERS)
    async def offer(self, version_id: str, version: int):
        """As it is saved."""
        if not await self._do(self._offer(version_id, version)):
            return None
        return toast(_("Offered. The client’s reviewers are told."))

    @rx.event
    @allow(*KEEPERS)
    async def discard(self, version_id: str, version: int):
        await self._do(self._write(contracts.discard, as_key(version_id), version=version))

    @rx.event
    @allow(*KEEPERS)
    async def withdraw(self, version_id: str, version: int):
        await self._do(self._write(contracts.withdraw, as_key(version_id), version=version))

    async def _do(self, work: Any) -> bool:
        """Whether it was done; what is refused is said at its field, and the rest stays open."""
        self.problem_at = ""
        done = await self._done(self._at_its_field(work))
        if done:
            self.draft = None
        await self._look(self._client)
        return done

    async def _at_its_field(self, work: Any) -> None:
        try:
            await work
        except BadTerm as wrong:
            self.problem_at = wrong.field
            raise

    async def _begin(self, template: str) -> None:
        client_id = as_key(self._client)
        found = next(
            (one for one in agreement_templates(self._language()) if one.id == template), None
        )
        terms = found.contract if found else await self._read(_start_from, client_id)
        await self._write(contracts.begin, client_id, terms)

    async def _save(self, form: dict[str, Any]) -> None:
        if self.draft is None:
            return
        terms, draft = contract_in(form), self.draft
        why = text_in(form, "why")
        await self._write(contracts.write, as_key(draft.id), terms, why, version=draft.version)

    async def _offer(self, version_id: str, version: int) -> None:
        await self._write(contracts.offer, as_key(version_id), version=version)

    async def _look(self, client_id: str) -> None:
        seen = await self._read(_everything, as_key(client_id))
        self.versions, self.meters, self.noted = seen
        self.templates = [(one.id, one.name) for one in agreement_templates(self._language())]
        self._client = client_id

    def _language(self) -> str:
        headers = self._headers()
        return language_from_cookie(headers.get("cookie"), headers.get("accept-language"))


_Seen = tuple[list[VersionSeen], list[Meter], list[NotedSeen]]


def _everything(session: Session, actor: Actor, client_id: UUID) -> _Seen:
    clients_query.key_of(session, actor, client_id)
    at, those = now(), [client_id]
    versions = contract_view.of_client(session, actor, client_id, now=at)
    months = [
        one
        for ago in (0, 1)
        for one in meter_query.of_clients(session, those, at, months_ago=ago)
        if one.number
    ]
    return versions, months, contract_view.noted(session, actor, client_id)


def _start_from(session: Session, actor: Actor, client_id: UUID) -> Any:
    clients_query.key_of(session, actor, client_id)
    return contracts.start_from(session, client_id, now())


def _draft(session: Session, actor: Actor, version_id: UUID) -> DraftForm:
    one = contracts.find(session, actor, version_id)
    return form_of(one.id.hex, one.number, one.kind.value, one.version, one.why, one.terms)


def whole_agreement(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Agreement with the client"), class_name="section-name"),
        rx.el.ul(rx.foreach(AgreementState.versions, _version), class_name="agreement-versions"),
        rx.cond(AgreementState.draft, _form(AgreementState.draft.to(DraftForm)), _beginnings()),
        rx.cond(AgreementState.draft, rx.fragment(), problem_line(AgreementState.problem)),
        rx.foreach(AgreementState.meters, shown.meter),
        _noted(),
        id="agreement",
        class_name="client-section",
        on_mount=AgreementState.look(client.id),
    )


def _version(one: rx.Var[VersionSeen]) -> rx.Component:
    is_draft = one.state == ContractState.DRAFT.value
    return rx.el.li(
        shown.heading(one),
        shown.signed(one),
        rx.cond(one.answer, rx.el.p(one.answer, class_name="idea-answer", dir="auto")),
        rx.el.details(
            rx.el.summary(_("Read it"), class_name="link"),
            shown.terms_of(one),
            shown.downloads(one),
        ),
        rx.el.div(
            rx.cond(
                is_draft,
                rx.fragment(
                    _button(_("Write…"), AgreementState.write(one.id)),
                    _button(_("Offer to the client"), AgreementState.offer(one.id, one.version)),
                    _button(_("Discard"), AgreementState.discard(one.id, one.version)),
                ),
            ),
            rx.cond(
                one.state == ContractState.OFFERED.value,
                _button(_("Withdraw"), AgreementState.withdraw(one.id, one.version)),
            ),
            class_name="agreement-buttons",
        ),
        key=one.id,
    )


def _button(name: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(name, type="button", class_name="button", on_click=event)


def _beginnings() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            AgreementState.templates,
            lambda one: rx.el.button(
                _("Begin with “{name}”", name=one[1]),
                type="button",
                class_name="button",
                on_click=AgreementState.begin(one[0]),
            ),
        ),
        _button(_("Begin with what holds now"), AgreementState.begin("")),
        class_name="agreement-buttons",
    )


def _form(draft: rx.Var[DraftForm]) -> rx.Component:
    return rx.el.form(
        rx.cond(
            draft.kind == "change_order",
            _said(
                "why",
                _("What changes, and why"),
                rx.el.textarea(name="why", default_value=draft.fields["why"], rows=3, dir="auto"),
            ),
        ),
        _said("title", _("Title"), _input(draft, "title", max_length=120, dir="auto")),
        _days(draft),
        _said(
            "scope",
            _(TERMS["scope"]),
            rx.el.textarea(name="scope", default_value=draft.fields["scope"], rows=8, dir="auto"),
        ),
        _rows("deliverables", draft.deliverables, _deliverable),
        _numbers(draft),
        _choices(draft),
        _money(draft),
        _rows("payments", draft.payments, _payment),
        _rows("contacts", draft.contacts, _contact),
        rx.cond(AgreementState.problem_at == "", problem_line(AgreementState.problem)),
        rx.el.div(
            rx.el.button(_("Save"), type="submit", class_name="button button-primary"),
            _button(_("Close"), AgreementState.close),
            class_name="agreement-buttons",
        ),
        on_submit=AgreementState.save,
        class_name="agreement terms",
        key=draft.id + draft.version.to_string(),
    )


def _days(draft: rx.Var[DraftForm]) -> rx.Component:
    return rx.el.div(
        _said("starts_on", _("First day"), day_input("starts_on", draft.fields["starts_on"])),
        _said("ends_on", _("Last day, if it ends"), day_input("ends_on", draft.fields["ends_on"])),
        class_name="terms-part",
    )


def _numbers(draft: rx.Var[DraftForm]) -> rx.Component:
    asked = {
        "response_hours": _("The client answers within working hours"),
        "agency_hours": _("Changed posts come back within working hours"),
        "rounds_included": _("Rounds with the client included"),
        "plan_day": _("Plan with the client by this day of the month before"),
        "material_days": _("Material there, days before a post goes out"),
        "review_days": _("Posts for review, days before they go out"),
    }
    return rx.el.fieldset(
        rx.el.legend(_("Times and rounds")),
        *(_said(name, words, _input(draft, name, type="number")) for name, words in asked.items()),
        class_name="terms-part",
    )


def _choices(draft: rx.Var[DraftForm]) -> rx.Component:
    asked: dict[str, Mapping[Any, str]] = {
        "silence": SILENCES,
        "late_approval": LATE_APPROVALS,
        "date_move": DATE_MOVES,
        "talk_by": TALK,
    }
    return rx.el.fieldset(
        rx.el.legend(_("What holds if")),
        *(
            rx.el.div(_said(name, _(TERMS[name]), _select(draft, name, words)), class_name="long")
            for name, words in asked.items()
        ),
        class_name="terms-part",
    )


def _money(draft: rx.Var[DraftForm]) -> rx.Component:
    asked = {
        "currency": _("Currency, three letters"),
        "monthly_fee": _("Fee a month"),
        "extra_round_price": _("Price of an extra round"),
        "payment_days": _("Invoices are paid within days"),
    }
    return rx.el.fieldset(
        rx.el.legend(_("Payment")),
        *(_said(name, words, _input(draft, name)) for name, words in asked.items()),
        rx.el.div(
            _said(
                "payment_note",
                _(TERMS["payment_note"]),
                rx.el.textarea(
                    name="payment_note",
                    default_value=draft.fields["payment_note"],
                    rows=3,
                    dir="auto",
                ),
            ),
            class_name="long",
        ),
        class_name="terms-part",
    )


def _rows(term: str, rows: Any, line: Any) -> rx.Component:
    """An empty line is left out; saving adds new ones."""
    return rx.el.fieldset(
        rx.el.legend(_(TERMS[term])),
        rx.foreach(rows, line),
        _problem(term),
        class_name="agreement-rows",
    )


def _deliverable(row: rx.Var[DeliverableRow]) -> rx.Component:
    formats = {str(key): words for key, words in shown.FORMATS.items()}
    name = "deliverable_" + row.at
    return rx.el.div(
        _choice(name + "_network", row.network, NETWORKS, _("Network")),
        _choice(name + "_format", row.format, formats, _("Format")),
        rx.el.input(
            name=name + "_per_month",
            default_value=row.per_month,
            input_mode="numeric",
            class_name="short",
            placeholder=_("a month"),
            aria_label=_("Posts a month"),
        ),
        class_name="agreement-row",
    )


def _payment(row: rx.Var[PaymentRow]) -> rx.Component:
    name = "payment_" + row.at
    return rx.el.div(
        rx.el.input(type="date", name=name + "_on", default_value=row.on, aria_label=_("Day")),
        rx.el.input(
            name=name + "_amount",
            default_value=row.amount,
            input_mode="decimal",
            class_name="short",
            aria_label=_("Sum"),
            placeholder=_("Sum"),
        ),
        class_name="agreement-row",
    )


def _contact(row: rx.Var[ContactRow]) -> rx.Component:
    name = "contact_" + row.at
    sides = {"client": N_("Client"), "agency": N_("Agency")}
    return rx.el.div(
        _choice(name + "_party", row.party, sides, _("Side")),
        *(
            rx.el.input(
                name=f"{name}_{what}",
                default_value=value,
                placeholder=words,
                aria_label=words,
                max_length=300,
                dir="auto",
            )
            for what, value, words in (
                ("name", row.name, _("Name")),
                ("what_for", row.what_for, _("What for")),
                ("reached_by", row.reached_by, _("E-mail or telephone")),
            )
        ),
        class_name="agreement-row",
    )


def _noted() -> rx.Component:
    return rx.cond(
        AgreementState.noted.length() > 0,
        rx.el.details(
            rx.el.summary(_("Terms that came near or passed"), class_name="link"),
            rx.el.ul(rx.foreach(AgreementState.noted, _one_noted), class_name="agreement-noted"),
        ),
    )


def _one_noted(one: rx.Var[NotedSeen]) -> rx.Component:
    term = _(rx.Var.create(TERMS)[one.term])
    level = _(rx.Var.create(LEVELS)[one.level])
    network = _(rx.Var.create(NETWORKS)[one.network])
    return rx.el.li(
        rx.el.span(_("{term}: {level}", term=term, level=level)),
        rx.cond(one.network, rx.el.span(network)),
        rx.cond(
            one.agreed > 0,
            rx.el.span(_("{k} of {n}", k=one.reached, n=one.agreed)),
            rx.el.span(d_(one.when, "day")),
        ),
        rx.el.span(d_(one.at, "relative"), class_name="quiet"),
    )


def _said(name: str, words: rx.Var[str], control: rx.Component) -> rx.Component:
    return rx.el.div(field(words, control), _problem(name))


def _problem(name: str) -> rx.Component:
    return rx.cond(AgreementState.problem_at == name, problem_line(AgreementState.problem))


def _input(draft: rx.Var[DraftForm], name: str, **how: Any) -> rx.Component:
    return rx.el.input(
        name=name,
        default_value=draft.fields[name],
        auto_complete="off",
        aria_invalid=AgreementState.problem_at == name,
        **how,
    )


def _select(draft: rx.Var[DraftForm], name: str, words: Mapping[Any, str]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(_(said), value=str(value)) for value, said in words.items()),
        name=name,
        default_value=draft.fields[name],
    )


def _choice(name: Any, chosen: Any, words: Mapping[str, str], label: rx.Var[str]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(_(said), value=value) for value, said in words.items()),
        name=name,
        default_value=chosen,
        aria_label=label,
    )
