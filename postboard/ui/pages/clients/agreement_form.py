"""The terms of an agreement as a form holds them, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from postboard.domain.agreement import LateApproval, Silence
from postboard.domain.content import NETWORKS
from postboard.domain.contract import (
    ROWS_MAX,
    BadTerm,
    Contact,
    Contract,
    DateMove,
    Deliverable,
    Party,
    Payment,
    TalkBy,
)
from postboard.domain.planning import PostKind
from postboard.ui.given import text_in

BLANK: Final = 2
"""Empty lines at the end of each list; a saved form has new ones."""
_WHOLE: Final = (
    "plan_day",
    "material_days",
    "review_days",
    "response_hours",
    "agency_hours",
    "rounds_included",
    "payment_days",
)
_NEEDED: Final = frozenset({"response_hours", "agency_hours", "rounds_included"})
_TEXT: Final = (
    "title",
    "scope",
    "currency",
    "monthly_fee",
    "extra_round_price",
    "payment_note",
)
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    at: str
    network: str = ""
    format: str = ""
    per_month: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    at: str
    on: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class ContactRow:
    at: str
    party: str = "client"
    name: str = ""
    what_for: str = ""
    reached_by: str = ""


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A draft; `fields` are its single ones by name."""

    id: str
    number: int
    kind: str
    version: int
    fields: dict[str, str] = field(default_factory=dict[str, str])
    deliverables: list[DeliverableRow] = field(default_factory=list[DeliverableRow])
    payments: list[PaymentRow] = field(default_factory=list[PaymentRow])
    contacts: list[ContactRow] = field(default_factory=list[ContactRow])


def form_of(
    version_id: str, number: int, kind: str, version: int, why: str, terms: Contract
) -> DraftForm:
    whole = {name: _shown(getattr(terms, name)) for name in _WHOLE}
    words = {name: getattr(terms, name) for name in _TEXT}
    choices = {
        name: getattr(terms, name).value
        for name in ("silence", "late_approval", "date_move", "talk_by")
    }
    days = {name: _shown(getattr(terms, name)) for name in ("starts_on", "ends_on")}
    return DraftForm(
        version_id,
        number,
        kind,
        version,
        {**whole, **words, **choices, **days, "why": why},
        _deliverables(terms),
        _payments(terms),
        _contacts(terms),
    )


def contract_in(form: Mapping[str, Any]) -> Contract:
    """Raises:
    BadTerm: a field holds what is no such value.
    """
    whole: dict[str, Any] = {name: _whole(form, name) for name in _WHOLE}
    words: dict[str, Any] = {name: text_in(form, name).strip() for name in _TEXT}
    return Contract(
        starts_on=_day(form, "starts_on", "starts_on"),
        ends_on=_day(form, "ends_on", "ends_on"),
        deliverables=tuple(_deliverables_in(form)),
        payments=tuple(_payments_in(form)),
        contacts=tuple(_contacts_in(form)),
        silence=_one_of(Silence, form, "silence"),
        late_approval=_one_of(LateApproval, form, "late_approval"),
        date_move=_one_of(DateMove, form, "date_move"),
        talk_by=_one_of(TalkBy, form, "talk_by"),
        **whole,
        **words,
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _deliverables(terms: Contract) -> list[DeliverableRow]:
    told = [
        (d.network, d.format.value if d.format else "", str(d.per_month))
        for d in terms.deliverables
    ]
    return [DeliverableRow(str(n), *one) for n, one in enumerate([*told, *[()] * BLANK])]


def _payments(terms: Contract) -> list[PaymentRow]:
    told = [(payment.on.isoformat(), payment.amount) for payment in terms.payments]
    return [PaymentRow(str(n), *one) for n, one in enumerate([*told, *[()] * BLANK])]


def _contacts(terms: Contract) -> list[ContactRow]:
    told = [(c.party.value, c.name, c.what_for, c.reached_by) for c in terms.contacts]
    return [ContactRow(str(n), *one) for n, one in enumerate([*told, *[()] * BLANK])]


def _deliverables_in(form: Mapping[str, Any]) -> list[Deliverable]:
    found: list[Deliverable] = []
    for n in range(ROWS_MAX + BLANK):
        given = text_in(form, f"deliverable_{n}_per_month").strip()
        if not given:
            continue
        network, kind = (
            text_in(form, f"deliverable_{n}_network"),
            text_in(form, f"deliverable_{n}_format"),
        )
        if network not in NETWORKS or kind not in {"", *PostKind}:
            raise BadTerm("Choose a network and a format.", field="deliverables")
        format_ = PostKind(kind) if kind else None
        found.append(Deliverable(network, _number(given, "deliverables"), format_))
    return found


def _payments_in(form: Mapping[str, Any]) -> list[Payment]:
    found: list[Payment] = []
    for n in range(ROWS_MAX + BLANK):
        on, amount = (
            _day(form, f"payment_{n}_on", "payments"),
            text_in(form, f"payment_{n}_amount").strip(),
        )
        if on is None and not amount:
            continue
        if on is None or not amount:
            raise BadTerm("Each payment has a day and a sum.", field="payments")
        found.append(Payment(on, amount))
    return found


def _contacts_in(form: Mapping[str, Any]) -> list[Contact]:
    found: list[Contact] = []
    for n in range(ROWS_MAX + BLANK):
        words = [
            text_in(form, f"contact_{n}_{what}").strip()
            for what in ("name", "what_for", "reached_by")
        ]
        if any(words):
            party = (
                Party.AGENCY if text_in(form, f"contact_{n}_party") == "agency" else Party.CLIENT
            )
            found.append(Contact(party, *words))
    return found


def _day(form: Mapping[str, Any], name: str, at: str) -> date | None:
    given = text_in(form, name).strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise BadTerm("“{value}” is no date.", field=at, value=given[:40]) from None


def _whole(form: Mapping[str, Any], name: str) -> int | None:
    given = text_in(form, name).strip()
    return None if not given and name not in _NEEDED else _number(given, name)


def _number(given: str, at: str) -> int:
    if not (given.isascii() and given.isdigit()):
        raise BadTerm("“{value}” is no whole number.", field=at, value=given[:40])
    return int(given[:9])


def _one_of(choices: type[_Choice], form: Mapping[str, Any], name: str) -> _Choice:
    given = text_in(form, name)
    if given not in set(choices):
        raise BadTerm("Choose one of these.", field=name)
    return choices(given)
