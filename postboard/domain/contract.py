"""What is agreed with a client as a whole: one version, offered by the agency, accepted by it."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

from postboard.domain.agreement import HOURS_MAX, LateApproval, Silence
from postboard.domain.content import NETWORKS, clean
from postboard.domain.errors import BadInput
from postboard.domain.planning import PostKind

TITLE_MAX: Final = 120
TEXT_MAX: Final = 8_000
LINE_MAX: Final = 300
ROWS_MAX: Final = 40
A_MONTH_MAX: Final = 999
ROUNDS_MAX: Final = 99
DAYS_MAX: Final = 365
LONGEST: Final = timedelta(days=10 * 366)
YEARS: Final = range(2000, 2101)
PLAN_NEAR: Final = timedelta(days=7)
MATERIAL_NEAR: Final = timedelta(days=3)
_MONEY: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)


class BadTerm(BadInput):
    """A term that does not fit; `field` is its name in the form."""

    def __init__(self, sentence: str, /, *, field: str, **facts: object) -> None:
        super().__init__(sentence, **facts)
        self.field = field


class ContractState(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    """The client's reviewers see it and are asked."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ContractKind(StrEnum):
    AGREEMENT = "agreement"
    CHANGE_ORDER = "change_order"
    """It changes one that was accepted, and says why."""


class DateMove(StrEnum):
    """What it means that the date of an approved post moves."""

    FREE = "free"
    TELL = "tell"
    """The client's reviewers are told."""
    AGAIN = "again"
    """The post goes back for review."""


class TalkBy(StrEnum):
    """How the client would rather be spoken to."""

    POSTBOARD = "postboard"
    EMAIL = "email"
    CHAT = "chat"
    PHONE = "phone"
    MEETING = "meeting"


class Party(StrEnum):
    AGENCY = "agency"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Deliverable:
    """So many posts a month on one network; without a format, of any."""

    network: str
    per_month: int
    format: PostKind | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    party: Party
    name: str
    what_for: str = ""
    reached_by: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """`amount` is a decimal number in the agreement's currency."""

    on: date
    amount: str


@dataclass(frozen=True, slots=True)
class Contract:
    """All hours are working hours of the client's office; sums are decimal numbers as text."""

    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    """Its last day; None: until another one replaces it."""
    scope: str = ""
    deliverables: tuple[Deliverable, ...] = ()
    plan_day: int | None = None
    """By that day of a month the plan of the next one is with the client."""
    material_days: int | None = None
    """So many days before a post goes out the client's material is there,"""
    review_days: int | None = None
    """and the post is with the client for review."""
    response_hours: int = 16
    """Within which the client answers,"""
    agency_hours: int = 16
    """and within which a post for which it wanted changes is back."""
    rounds_included: int = 3
    silence: Silence = Silence.REMIND_AND_ESCALATE
    late_approval: LateApproval = LateApproval.REMIND
    date_move: DateMove = DateMove.FREE
    talk_by: TalkBy = TalkBy.POSTBOARD
    currency: str = ""
    monthly_fee: str = ""
    extra_round_price: str = ""
    payment_days: int | None = None
    """Within which an invoice is paid."""
    payments: tuple[Payment, ...] = ()
    payment_note: str = ""
    contacts: tuple[Contact, ...] = ()

    def checked(self) -> "Contract":
        """The same, tidy.

        Raises:
            BadTerm: a term does not fit, alone or beside another.
        """
        tidy = replace(
            self,
            title=_words(self.title, TITLE_MAX, "title"),
            scope=_words(self.scope, TEXT_MAX, "scope", many_lines=True),
            payment_note=_words(self.payment_note, TEXT_MAX, "payment_note", many_lines=True),
            currency=self.currency.strip().upper(),
            contacts=tuple(map(_tidy, self.contacts)),
            payments=tuple(sorted(self.payments, key=lambda one: one.on)),
        )
        _check_days(tidy)
        _check_deliverables(tidy)
        _check_numbers(tidy)
        _check_money(tidy)
        _check_contacts(tidy)
        return tidy

    def holds_on(self, day: date) -> bool:
        return (
            self.starts_on is not None
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
        )

    def plan_due(self, month: date) -> date | None:
        """The last day on which the plan of the month (its first day) can be in time; None where
        none is agreed.
        """
        if self.plan_day is None or (self.ends_on and self.ends_on < month):
            return None
        return (month - timedelta(days=1)).replace(day=self.plan_day)

    def material_due(self, day: date) -> date | None:
        """The last day on which the material of what goes out on the day can be in time; None where
        none is agreed.
        """
        if self.material_days is None or not self.holds_on(day):
            return None
        return day - timedelta(days=self.material_days)


CONTRACT: Final = TypeAdapter(Contract)
PLEDGED: Final = ("response_hours", "silence", "late_approval")
"""Terms that the tool itself keeps: an agreement that comes into force sets them."""


def as_json(contract: Contract) -> dict[str, Any]:
    return CONTRACT.dump_python(contract, mode="json")


def from_json(stored: Any) -> Contract:
    return CONTRACT.validate_python(stored)


def digest_of(*parts: Any) -> str:
    """The SHA-256 (hex) of what stands before somebody who accepts."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changed_terms(before: Contract, after: Contract) -> tuple[str, ...]:
    """The names of the terms that differ, in their order."""
    names = (one.name for one in fields(Contract))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _words(text: str, limit: int, field: str, *, many_lines: bool = False) -> str:
    try:
        return clean(text, limit, many_lines=many_lines)
    except BadInput as long:
        raise BadTerm(
            "That is {length} characters long; this field takes {limit}.", field=field, **long.facts
        ) from None


def _tidy(contact: Contact) -> Contact:
    return replace(
        contact,
        name=_words(contact.name, LINE_MAX, "contacts"),
        what_for=_words(contact.what_for, LINE_MAX, "contacts"),
        reached_by=_words(contact.reached_by, LINE_MAX, "contacts"),
    )


def _check_days(contract: Contract) -> None:
    since, until = contract.starts_on, contract.ends_on
    for name, day in (("starts_on", since), ("ends_on", until)):
        if day and day.year not in YEARS:
            raise BadTerm("Choose a day between the years 2000 and 2100.", field=name)
    if until and since is None:
        raise BadTerm("Say on which day it starts.", field="starts_on")
    if since and until and until < since:
        raise BadTerm("It ends before it starts.", field="ends_on")
    if since and until and until - since > LONGEST:
        raise BadTerm("An agreement lasts at most ten years.", field="ends_on")


def _check_deliverables(contract: Contract) -> None:
    name = "deliverables"
    if len(contract.deliverables) > ROWS_MAX:
        raise BadTerm("Choose at most {limit} lines.", field=name, limit=ROWS_MAX)
    for one in contract.deliverables:
        if one.network not in NETWORKS:
            raise BadTerm("There is no network called “{name}”.", field=name, name=one.network[:40])
        if not 1 <= one.per_month <= A_MONTH_MAX:
            raise BadTerm("Posts a month are from 1 to {limit}.", field=name, limit=A_MONTH_MAX)
    if _twice((one.network, one.format) for one in contract.deliverables):
        raise BadTerm("Name each network and format once.", field=name)
    # What is counted for a format would be counted for the whole network too.
    whole = {one.network for one in contract.deliverables if one.format is None}
    if any(one.network in whole for one in contract.deliverables if one.format):
        raise BadTerm("Name a network by its formats, or as a whole, not both.", field=name)


def _check_numbers(contract: Contract) -> None:
    for name in ("response_hours", "agency_hours"):
        if not 1 <= getattr(contract, name) <= HOURS_MAX:
            raise BadTerm("Hours are a number from 1 to {limit}.", field=name, limit=HOURS_MAX)
    if not 1 <= contract.rounds_included <= ROUNDS_MAX:
        raise BadTerm("Rounds are a number from 1 to 99.", field="rounds_included")
    if contract.plan_day is not None and not 1 <= contract.plan_day <= 28:  # noqa: PLR2004 - every month has it
        raise BadTerm("Choose a day of the month from 1 to 28.", field="plan_day")
    for name in ("material_days", "review_days", "payment_days"):
        days = getattr(contract, name)
        if days is not None and not 0 <= days <= DAYS_MAX:
            raise BadTerm("Days are a number from 0 to {limit}.", field=name, limit=DAYS_MAX)
    material, review = contract.material_days, contract.review_days
    if material is not None and review is not None and material < review:
        raise BadTerm(
            "The material is needed before the post can be reviewed.", field="material_days"
        )


def _check_money(contract: Contract) -> None:
    for name in ("monthly_fee", "extra_round_price"):
        _check_sum(getattr(contract, name), name)
    if len(contract.payments) > ROWS_MAX:
        raise BadTerm("Choose at most {limit} lines.", field="payments", limit=ROWS_MAX)
    for one in contract.payments:
        _check_sum(one.amount, "payments")
        if one.on.year not in YEARS:
            raise BadTerm("Choose a day between the years 2000 and 2100.", field="payments")
    is_paid = contract.monthly_fee or contract.extra_round_price or contract.payments
    if is_paid and not _CURRENCY.fullmatch(contract.currency):
        raise BadTerm("Name the currency by its three letters, like EUR.", field="currency")
    if contract.currency and not _CURRENCY.fullmatch(contract.currency):
        raise BadTerm("Name the currency by its three letters, like EUR.", field="currency")


def _check_sum(amount: str, name: str) -> None:
    if amount and not _MONEY.fullmatch(amount):
        raise BadTerm("Write the sum in figures, like 1200.50.", field=name)


def _check_contacts(contract: Contract) -> None:
    if len(contract.contacts) > ROWS_MAX:
        raise BadTerm("Choose at most {limit} lines.", field="contacts", limit=ROWS_MAX)
    if not all(one.name for one in contract.contacts):
        raise BadTerm("Write each contact’s name.", field="contacts")


def _twice(keys: Iterable[Any]) -> bool:
    seen = [*keys]
    return len(seen) != len({*seen})
