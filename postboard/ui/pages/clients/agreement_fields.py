"""The draft of an agreement as a form, each problem at its field."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from postboard.locale import N_
from postboard.services.contract_words import DATE_MOVES, LATE_APPROVALS, SILENCES, TALK, TERMS
from postboard.ui.components import agreement as shown
from postboard.ui.components.dialog import problem_line
from postboard.ui.components.form import day_input, field
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.clients.agreement_form import (
    ContactRow,
    DeliverableRow,
    DraftForm,
    PaymentRow,
)
from postboard.ui.pages.clients.agreement_state import AgreementState
from postboard.ui.words import _


def draft_form(draft: rx.Var[DraftForm]) -> rx.Component:
    return rx.el.form(
        rx.cond(
            draft.kind == "change_order",
            _long(_said("why", _("What changes, and why"), _area(draft, "why", 3))),
        ),
        _long(_said("title", _("Title"), _input(draft, "title", max_length=120, dir="auto"))),
        _days(draft),
        _long(_said("scope", _(TERMS["scope"]), _area(draft, "scope", 8))),
        _rows("deliverables", draft.deliverables, _deliverable),
        _kept(draft),
        _by_word(draft),
        _money(draft),
        _rows("payments", draft.payments, _payment),
        _rows("contacts", draft.contacts, _contact),
        rx.cond(AgreementState.problem_at == "", problem_line(AgreementState.problem)),
        rx.el.div(
            rx.el.button(_("Save"), type="submit", class_name="button button-primary"),
            rx.el.button(
                _("Close"), type="button", class_name="button", on_click=AgreementState.close
            ),
            class_name="agreement-buttons",
        ),
        on_submit=AgreementState.save,
        class_name="agreement terms",
        key=draft.id + draft.version.to_string(),
    )


def _days(draft: rx.Var[DraftForm]) -> rx.Component:
    return rx.el.div(
        _said("starts_on", _("First day"), _day(draft, "starts_on")),
        _said("ends_on", _("Last day, if it ends"), _day(draft, "ends_on")),
        class_name="terms-part",
    )


def _kept(draft: rx.Var[DraftForm]) -> rx.Component:
    """What Postboard itself keeps and measures."""
    hours = {
        "response_hours": _("The client answers within working hours"),
        "agency_hours": _("Changed posts come back within working hours"),
        "rounds_included": _("Rounds with the client included"),
        "plan_day": _("Plan with the client by this day of the month before"),
        "material_days": _("Material there, days before a post goes out"),
        "review_days": _("Posts for review, days before they go out"),
    }
    choices: dict[str, Mapping[Any, str]] = {
        "silence": SILENCES,
        "late_approval": LATE_APPROVALS,
        "date_move": DATE_MOVES,
    }
    return rx.el.fieldset(
        rx.el.legend(_("Times, rounds, and what holds if")),
        *(_said(name, words, _input(draft, name, type="number")) for name, words in hours.items()),
        *(
            _long(_said(name, _(TERMS[name]), _select(draft, name, words)))
            for name, words in choices.items()
        ),
        class_name="terms-part",
    )


def _by_word(draft: rx.Var[DraftForm]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("For reading: nobody is reminded of it")),
        _said("talk_by", _(TERMS["talk_by"]), _select(draft, "talk_by", TALK)),
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
        rx.el.p(
            _("For reading: Postboard writes no invoices. Only the dates below are watched."),
            class_name="hint",
        ),
        *(_said(name, words, _input(draft, name)) for name, words in asked.items()),
        _long(_said("payment_note", _(TERMS["payment_note"]), _area(draft, "payment_note", 3))),
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
        rx.el.input(type="date", name=name + "_on", default_value=row.on, aria_label=_("Date")),
        rx.el.input(
            name=name + "_amount",
            default_value=row.amount,
            input_mode="decimal",
            class_name="short",
            aria_label=_("Amount"),
            placeholder=_("Amount"),
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


def _said(name: str, words: rx.Var[str], control: rx.Component) -> rx.Component:
    return rx.el.div(field(words, control), _problem(name))


def _long(said: rx.Component) -> rx.Component:
    """A line of its own."""
    return rx.el.div(said, class_name="long")


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


def _day(draft: rx.Var[DraftForm], name: str) -> rx.Component:
    return day_input(name, draft.fields[name], aria_invalid=AgreementState.problem_at == name)


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


def _area(draft: rx.Var[DraftForm], name: str, rows: int) -> rx.Component:
    return rx.el.textarea(
        name=name,
        default_value=draft.fields[name],
        rows=rows,
        dir="auto",
        aria_invalid=AgreementState.problem_at == name,
    )
