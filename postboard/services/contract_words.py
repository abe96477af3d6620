"""An agreement in words: line by line, for the pages and for what is exported."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from postboard import names
from postboard.domain.agreement import LateApproval, Silence, spans_text
from postboard.domain.chains import Rule, Side
from postboard.domain.contract import (
    Contact,
    Contract,
    ContractKind,
    ContractState,
    DateMove,
    Deliverable,
    Party,
    Payment,
    TalkBy,
)
from postboard.domain.permissions import Role
from postboard.domain.planning import PostKind
from postboard.locale import N_, MessageId
from postboard.locale.languages import Filled

Said = Filled | MessageId | str
"""A sentence with its facts, a sentence, or somebody's own words."""

TERMS: Final[Mapping[str, MessageId]] = {
    "starts_on": N_("Starts on"),
    "ends_on": N_("Last day"),
    "scope": N_("What the agency does"),
    "deliverables": N_("Posts a month"),
    "plan_day": N_("Plan of the month"),
    "material_days": N_("Material of the client"),
    "review_days": N_("Posts for review"),
    "response_hours": N_("The client answers"),
    "agency_hours": N_("Changed posts come back"),
    "rounds_included": N_("Rounds included"),
    "extra_round_price": N_("An extra round"),
    "silence": N_("If no answer comes in time"),
    "late_approval": N_("If it is approved after its planned time"),
    "date_move": N_("If an approved post moves"),
    "talk_by": N_("Preferred channel"),
    "chain": N_("Who approves"),
    "monthly_fee": N_("Fee"),
    "payment_days": N_("Payment"),
    "payments": N_("Payments"),
    "payment_note": N_("About payment"),
    "contacts": N_("Contacts"),
    "office": N_("Working hours"),
}
"""In the order in which they are read."""

KINDS: Final = {
    ContractKind.AGREEMENT: N_("Agreement"),
    ContractKind.CHANGE_ORDER: N_("Change order"),
}
CONTRACT_STATES: Final = {
    ContractState.DRAFT: N_("Draft"),
    ContractState.OFFERED: N_("Waits for the client"),
    ContractState.ACCEPTED: N_("Accepted"),
    ContractState.DECLINED: N_("Declined"),
    ContractState.WITHDRAWN: N_("Withdrawn"),
}
DATE_MOVES: Final = {
    DateMove.FREE: N_("The approval stands"),
    DateMove.TELL: N_("The approval stands, and the client is told"),
    DateMove.AGAIN: N_("It goes back for review"),
}
TALK: Final = {
    TalkBy.POSTBOARD: N_("Postboard"),
    TalkBy.EMAIL: N_("E-mail"),
    TalkBy.CHAT: N_("Chat"),
    TalkBy.PHONE: N_("Telephone"),
    TalkBy.MEETING: N_("Meetings"),
}
PARTIES: Final = {Party.AGENCY: N_("Agency"), Party.CLIENT: N_("Client")}
SILENCES: Final = {
    Silence.REMIND_AND_ESCALATE: N_("Reviewers are reminded, then the agency hears of it"),
    Silence.HOLD: N_("The post waits, and nobody is reminded any more"),
    Silence.NEXT_FREE_DAY: N_("The post moves to the next free day"),
    Silence.CONSENT: N_("Silence counts as approval"),
}
LATE_APPROVALS: Final = {
    LateApproval.REMIND: N_("The account managers choose another time"),
    LateApproval.HOLD: N_("The post is put on hold"),
    LateApproval.NEXT_FREE_DAY: N_("The post moves to the next free day"),
    LateApproval.PUBLISH_AT_ONCE: N_("The post goes out at once"),
}
FORMATS: Final = {
    PostKind.TEXT: N_("{network}, words alone: {n}"),
    PostKind.IMAGE: N_("{network}, with pictures: {n}"),
    PostKind.VIDEO: N_("{network}, with video: {n}"),
}
_ANY: Final = N_("{network}: {n}")
_WHO: Final = {
    Side.INTERNAL: N_("Agency: {who}"),
    Side.CLIENT: N_("Client: {who}"),
}
_ALL_OF: Final = N_("all of {names}")
_WHOEVER: Final = N_("whoever may approve")
_ROLES: Final = {
    Role.ADMIN: N_("Admin"),
    Role.MANAGER: N_("Manager"),
    Role.ACCOUNT_MANAGER: N_("Account manager"),
    Role.CONTENT_MANAGER: N_("Content manager"),
    Role.COPYWRITER: N_("Copywriter"),
    Role.DESIGNER: N_("Designer"),
    Role.ART_DIRECTOR: N_("Art director"),
    Role.CLIENT_REVIEWER: N_("Client reviewer"),
    Role.CLIENT_VIEWER: N_("Client viewer"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One term: its name, and what is agreed of it."""

    term: str
    values: tuple[Said, ...]

    @property
    def name(self) -> MessageId:
        return TERMS[self.term]


def lines(contract: Contract, shown: Mapping[str, Any]) -> list[Line]:
    """What is agreed, in the order in which it is read; what is left open has no line."""
    beside: dict[str, Callable[[], Sequence[Said]]] = {
        "chain": lambda: [_stage(one) for one in shown.get("chain", [])],
        "office": lambda: _office(shown),
    }
    found = (
        Line(term, tuple(beside[term]() if term in beside else _values(term, contract)))
        for term in TERMS
    )
    return [line for line in found if line.values]


def _values(term: str, contract: Contract) -> Iterator[Said]:
    value: Any = getattr(contract, term)
    if value is None or value in ("", ()):
        return
    if term in _LISTS:
        for one in value:
            yield _LISTS[term](one, contract)
    elif term in _CHOICES:
        yield _CHOICES[term][value]
    elif term in _SENTENCES:
        yield Filled(_SENTENCES[term], {"n": value, "currency": contract.currency})
    else:
        yield value.isoformat() if isinstance(value, date) else str(value)


def _deliverable(one: Deliverable, _contract: Contract) -> Said:
    network = names.NETWORKS[one.network]
    sentence = FORMATS[one.format] if one.format else _ANY
    return Filled(sentence, {"network": network, "n": one.per_month})


def _payment(one: Payment, contract: Contract) -> Said:
    facts = {"day": one.on.isoformat(), "n": one.amount, "currency": contract.currency}
    return Filled(_PAID_ON, facts)


def _contact(one: Contact, _contract: Contract) -> Said:
    more = " · ".join(filter(None, [one.what_for, one.reached_by]))
    sentence = _CONTACT_MORE if more else _CONTACT
    return Filled(sentence, {"party": PARTIES[one.party], "name": one.name, "more": more})


def _stage(stage: Mapping[str, Any]) -> Said:
    who: Said = ", ".join(stage["people"])
    if not who:
        who = _ROLES[Role(stage["role"])] if stage["role"] else _WHOEVER
    if stage["rule"] == Rule.ALL:
        who = Filled(_ALL_OF, {"names": who})
    return Filled(_WHO[Side(stage["side"])], {"who": who})


def _office(shown: Mapping[str, Any]) -> list[Said]:
    if not shown:
        return []
    week = [
        Filled(_HOURS, {"day": day, "hours": spans_text([(a, b) for a, b in spans])})
        for day, spans in zip(_DAYS, shown["week"], strict=True)
        if spans
    ]
    return [*week, Filled(_ZONE, {"zone": shown["zone"]})]


_PAID_ON: Final = N_("{n} {currency} on {day}")
_CONTACT: Final = N_("{party}: {name}")
_CONTACT_MORE: Final = N_("{party}: {name} ({more})")
_HOURS: Final = N_("{day}: {hours}")
_ZONE: Final = N_("On the clock of {zone}")
_DAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_LISTS: Final[Mapping[str, Callable[[Any, Contract], Said]]] = {
    "deliverables": _deliverable,
    "payments": _payment,
    "contacts": _contact,
}
_CHOICES: Final[Mapping[str, Mapping[Any, MessageId]]] = {
    "silence": SILENCES,
    "late_approval": LATE_APPROVALS,
    "date_move": DATE_MOVES,
    "talk_by": TALK,
}
_SENTENCES: Final[Mapping[str, MessageId]] = {
    "plan_day": N_("With the client by day {n} of the month before"),
    "material_days": N_("{n} days before a post goes out"),
    "review_days": N_("With the client {n} days before they go out"),
    "response_hours": N_("Within {n} working hours"),
    "agency_hours": N_("Within {n} working hours"),
    "monthly_fee": N_("{n} {currency} a month"),
    "extra_round_price": N_("{n} {currency}"),
    "payment_days": N_("Within {n} days of the invoice"),
}
