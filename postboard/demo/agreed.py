"""What the demo's agency has agreed with its clients, and an offer that waits for its answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from postboard.demo.agency import ACME, BOREALIS, CAST, XINGHE, Brand, Part
from postboard.demo.times import next_office
from postboard.domain.contract import PLEDGED, Contact, Contract, Deliverable, Party, Payment
from postboard.domain.permissions import Actor
from postboard.domain.start_templates import agreement_templates
from postboard.services import contract_answers, contracts

_WRITTEN_FOR: Final = timedelta(minutes=20)
_READ_FOR: Final = timedelta(minutes=25)


def agree(
    session: Session, cast: Mapping[str, Actor], clients: Mapping[str, UUID], since: datetime
) -> datetime:
    """One after the other in office hours from `since` on: two are accepted, one waits still.

    Returns:
        When the last of it was done.
    """
    first, at = since.date().replace(day=1), since
    for brand, terms in ((ACME, _acme(first)), (XINGHE, _xinghe(first)), (BOREALIS, _trial(first))):
        client_id = clients[brand.name]
        start = contracts.start_from(session, client_id, at)
        kept = {name: getattr(start, name) for name in (*PLEDGED, "rounds_included")}
        at = _at_work(brand, Part.ACCOUNT, at + _WRITTEN_FOR)
        version_id, digest = _offer(session, cast, brand, client_id, replace(terms, **kept), at)
        if brand is not BOREALIS:
            at = _at_work(brand, Part.CLIENT, at + _READ_FOR)
            reviewer = cast[brand.team[Part.CLIENT]]
            contract_answers.accept(session, reviewer, version_id, digest=digest, now=at)
    return at


def _offer(
    session: Session,
    cast: Mapping[str, Actor],
    brand: Brand,
    client_id: UUID,
    terms: Contract,
    at: datetime,
) -> tuple[UUID, str]:
    actor = cast[brand.team[Part.ACCOUNT]]
    version_id = contracts.begin(session, actor, client_id, terms, now=at)
    return version_id, contracts.offer(session, actor, version_id, version=1, now=at)


def _acme(first: date) -> Contract:
    return replace(
        agreement_templates("en")[0].contract,
        starts_on=first,
        deliverables=(Deliverable("instagram", 8), Deliverable("linkedin", 4)),
        currency="EUR",
        monthly_fee="1650",
        extra_round_price="90",
        contacts=_contacts(ACME, "Approval", "Everything"),
    )


def _xinghe(first: date) -> Contract:
    end = first.replace(year=first.year + 1)
    return replace(
        agreement_templates("zh-CN")[0].contract,
        starts_on=first,
        ends_on=end,
        deliverables=(Deliverable("wechat", 4), Deliverable("xiaohongshu", 6)),
        currency="CNY",
        monthly_fee="12000",
        extra_round_price="600",
        payments=(Payment(end - timedelta(days=30), "12000"),),
        contacts=_contacts(XINGHE, "审批", "所有事务"),
    )


def _trial(first: date) -> Contract:
    return replace(
        next(one.contract for one in agreement_templates("en") if one.id == "pilot"),
        starts_on=first,
        deliverables=(Deliverable("instagram", 6), Deliverable("youtube", 1)),
        contacts=_contacts(BOREALIS, "Approval", "Everything"),
    )


def _contacts(brand: Brand, theirs: str, ours: str) -> tuple[Contact, ...]:
    client, account = (CAST[brand.team[part]] for part in (Part.CLIENT, Part.ACCOUNT))
    return (
        Contact(Party.CLIENT, client.name, theirs, client.email),
        Contact(Party.AGENCY, account.name, ours, account.email),
    )


def _at_work(brand: Brand, part: Part, at: datetime) -> datetime:
    return next_office(at, ZoneInfo(CAST[brand.team[part]].zone))
