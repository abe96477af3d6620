"""An agreement of Acme's, and the way to its acceptance."""

from datetime import date, datetime
from uuid import UUID

from postboard.db.engine import Database
from postboard.domain.agreement import LateApproval, Silence
from postboard.domain.contract import (
    Contact,
    Contract,
    DateMove,
    Deliverable,
    Party,
    Payment,
    TalkBy,
)
from postboard.domain.planning import PostKind
from postboard.services import contract_answers, contracts
from tests.world import NOW, World

CONTRACT = Contract(
    title="Care of the channels",
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 12, 31),
    scope="Planning, words and pictures.\nOne report a month.",
    deliverables=(Deliverable("instagram", 4, PostKind.IMAGE), Deliverable("linkedin", 2)),
    plan_day=20,
    material_days=8,
    review_days=4,
    response_hours=8,
    agency_hours=12,
    rounds_included=2,
    silence=Silence.HOLD,
    late_approval=LateApproval.HOLD,
    date_move=DateMove.TELL,
    talk_by=TalkBy.PHONE,
    currency="EUR",
    monthly_fee="1200.50",
    extra_round_price="90",
    payment_days=14,
    payments=(Payment(date(2026, 4, 1), "600"), Payment(date(2026, 6, 1), "600")),
    payment_note="By transfer.",
    contacts=(
        Contact(Party.CLIENT, "Cleo", "Approval", "cleo@postboard.example"),
        Contact(Party.AGENCY, "Aron", "Everything"),
    ),
)


def draft(
    database: Database, world: World, terms: Contract = CONTRACT, now: datetime = NOW
) -> UUID:
    with database.write() as session:
        return contracts.begin(session, world.aron, world.acme.id, terms, now=now)


def offered(
    database: Database,
    world: World,
    terms: Contract = CONTRACT,
    why: str = "More is wanted.",
    now: datetime = NOW,
) -> tuple[UUID, str]:
    """Its id, and the digest of what Cleo reads."""
    version_id = draft(database, world, terms, now)
    with database.write() as session:
        contracts.write(session, world.aron, version_id, terms, why, version=1, now=now)
        return version_id, contracts.offer(session, world.aron, version_id, version=2, now=now)


def accepted(
    database: Database, world: World, terms: Contract = CONTRACT, now: datetime = NOW
) -> UUID:
    version_id, digest = offered(database, world, terms, now=now)
    with database.write() as session:
        contract_answers.accept(session, world.cleo, version_id, digest=digest, now=now)
    return version_id
