"""Whole agreements: who writes, sees and answers them, what is on record, and what then holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.engine import Database
from postboard.db.models import Client, Event, Notice
from postboard.db.queries import agreements
from postboard.db.queries import contracts as query
from postboard.db.queries.contracts import Accepted
from postboard.domain.agreement import LateApproval, Silence
from postboard.domain.contract import BadTerm, Contract, ContractKind, ContractState, from_json
from postboard.domain.errors import NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.services import contract_answers, contracts
from postboard.services.contracts import NobodyToAccept, NotOpen, OpenAlready
from tests.contracts import CONTRACT, accepted, draft, offered
from tests.requests import run
from tests.world import NOW, World, at_once, everything_in


def state(database: Database, version_id: UUID) -> ContractState | None:
    with database.read() as session:
        return session.execute(
            select(col(AgreementVersion.state)).where(col(AgreementVersion.id) == version_id)
        ).scalar_one_or_none()


def on_record(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.actor_name), col(Event.content))
            .where(col(Event.kind).startswith("agreement."))
            .order_by(col(Event.id))
        )
        return [(kind, who, content) for kind, who, content in rows]


def told(database: Database, kind: NoticeKind) -> list[UUID]:
    with database.read() as session:
        people = select(col(Notice.person_id)).where(col(Notice.kind) == kind)
        return sorted(session.execute(people).scalars())


def rounds_of(database: Database, world: World) -> int:
    with database.read() as session:
        included = select(col(Client.rounds_included)).where(col(Client.id) == world.acme.id)
        return session.execute(included).scalar_one()


def answers(
    database: Database, world: World, ask: Callable[[Session, Actor], object]
) -> dict[str, type[Exception] | None]:
    """What each of the cast is told; nothing is kept."""
    said: dict[str, type[Exception] | None] = {}
    for actor in world.everybody():
        try:
            with database.write() as session:
                ask(session, actor)
                session.rollback()
        except (NotAllowed, NotFound) as no:
            said[actor.name] = type(no)
        else:
            said[actor.name] = None
    return said


def test_it_is_accepted_by_name_and_time_and_holds_from_then_on(
    database: Database, world: World
) -> None:
    version_id, digest = offered(database, world)
    later = NOW + timedelta(hours=5)
    assert told(database, NoticeKind.AGREEMENT_OFFERED) == [world.cleo.user_id]
    with database.write() as session:
        contract_answers.accept(session, world.cleo, version_id, digest=digest, now=later)
    with database.read() as session:
        agreed = agreements.of_client(session, world.acme.id)
        assert query.of_client(session, world.acme.id, later) == Accepted(
            version_id,
            world.acme.id,
            1,
            CONTRACT,
            later,
            later,
            # Midnight in Berlin.
            NOW.replace(month=12, day=31, hour=23),
        )
        assert query.of_client(session, world.acme.id, NOW) is None
    assert (agreed.terms.response_hours, agreed.terms.silence, agreed.terms.late_approval) == (
        8,
        Silence.HOLD,
        LateApproval.HOLD,
    )
    assert rounds_of(database, world) == 2
    assert told(database, NoticeKind.AGREEMENT_ANSWERED) == [world.aron.user_id]
    assert [(kind, who) for kind, who, _ in on_record(database)] == [
        ("agreement.drafted", "Aron"),
        ("agreement.written", "Aron"),
        ("agreement.offered", "Aron"),
        ("agreement.accepted", "Cleo"),
        ("agreement.began", "Postboard"),
    ]
    assert on_record(database)[3][2] == {
        "number": 1,
        "digest": digest,
        "in_force": later.isoformat(),
    }


def test_nobody_but_a_reviewer_of_the_client_accepts_or_declines(
    database: Database, world: World
) -> None:
    version_id, digest = offered(database, world)
    before = everything_in(database)
    for answer in (
        lambda s, a: contract_answers.accept(s, a, version_id, digest=digest, now=NOW),
        lambda s, a: contract_answers.decline(s, a, version_id, "No.", digest=digest, now=NOW),
    ):
        assert answers(database, world, answer) == {
            "Alma": NotAllowed,
            "Ana": NotAllowed,
            "Aron": NotAllowed,
            "Cora": NotFound,
            "Ben": NotFound,
            "Dina": NotFound,
            "Iris": NotFound,
            "Cleo": None,
            "Vera": NotFound,
            "Dora": NotFound,
            "Bodil": NotFound,
        }
    assert everything_in(database) == before


def test_only_who_manages_the_client_writes_and_offers(database: Database, world: World) -> None:
    version_id = draft(database, world)
    outside = {"Vera": NotFound, "Dora": NotFound, "Bodil": NotFound}
    team = dict.fromkeys(("Cora", "Ben", "Dina", "Iris"), NotFound)
    keepers = dict.fromkeys(("Alma", "Ana", "Aron"))
    expected = {**keepers, **team, "Cleo": NotFound, **outside}
    for use_case in (
        lambda s, a: contracts.write(s, a, version_id, CONTRACT, "", version=1, now=NOW),
        lambda s, a: contracts.offer(s, a, version_id, version=1, now=NOW),
        lambda s, a: contracts.discard(s, a, version_id, version=1, now=NOW),
    ):
        assert answers(database, world, use_case) == expected
    with database.write() as session:
        contracts.discard(session, world.aron, version_id, version=1, now=NOW)
    said = answers(
        database,
        world,
        lambda s, a: contracts.begin(s, a, world.acme.id, CONTRACT, now=NOW),
    )
    assert said == {
        **keepers,
        **dict.fromkeys(team, NotAllowed),
        "Cleo": NotAllowed,
        "Vera": NotAllowed,
        "Dora": NotFound,
        "Bodil": NotFound,
    }


def test_what_is_accepted_is_what_was_shown(database: Database, world: World) -> None:
    version_id, digest = offered(database, world)
    with pytest.raises(Stale), database.write() as session:
        contract_answers.accept(session, world.cleo, version_id, digest="0" * 64, now=NOW)
    with pytest.raises(NotOpen), database.write() as session:
        contracts.write(session, world.aron, version_id, CONTRACT, "", version=3, now=NOW)
    with database.write() as session:
        contracts.withdraw(session, world.aron, version_id, version=3, now=NOW)
    with pytest.raises(NotOpen), database.write() as session:
        contract_answers.accept(session, world.cleo, version_id, digest=digest, now=NOW)
    assert state(database, version_id) is ContractState.WITHDRAWN


def test_of_two_answers_at_once_one_counts(database: Database, world: World, carl: Actor) -> None:
    version_id, digest = offered(database, world)

    def accept() -> None:
        with database.write() as session:
            contract_answers.accept(session, world.cleo, version_id, digest=digest, now=NOW)

    def decline() -> None:
        with database.write() as session:
            contract_answers.decline(session, carl, version_id, "Too much.", digest=digest, now=NOW)

    done = at_once(accept, decline)
    assert sorted(map(str, done)) == sorted(["None", str(NotOpen())])
    with database.read() as session:
        row = session.execute(select(AgreementVersion)).scalar_one()
        assert (row.state, row.answered_name, row.answer) in (
            (ContractState.ACCEPTED, "Cleo", ""),
            (ContractState.DECLINED, "Carl", "Too much."),
        )


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (replace(CONTRACT, starts_on=None, ends_on=None), "starts_on"),
        (replace(CONTRACT, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 1)), "ends_on"),
        (replace(CONTRACT, scope="", deliverables=()), "scope"),
    ],
)
def test_what_nobody_could_keep_is_not_offered(
    database: Database, world: World, terms: Contract, field: str
) -> None:
    version_id = draft(database, world, terms)
    with pytest.raises(BadTerm) as refused, database.write() as session:
        contracts.offer(session, world.aron, version_id, version=1, now=NOW)
    assert refused.value.field == field


def test_without_a_reviewer_nobody_could_accept(database: Database, world: World) -> None:
    from postboard.services import clients

    version_id = draft(database, world)
    assert world.cleo.user_id
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.cleo.user_id, now=NOW)
    with pytest.raises(NobodyToAccept), database.write() as session:
        contracts.offer(session, world.aron, version_id, version=1, now=NOW)


def test_one_at_a_time_is_written_and_a_second_one_changes_the_first(
    database: Database, world: World
) -> None:
    accepted(database, world)
    with database.read() as session:
        assert contracts.start_from(session, world.acme.id, NOW) == CONTRACT
    more = replace(CONTRACT, rounds_included=4, starts_on=date(2026, 4, 1))
    version_id = draft(database, world, more)
    with pytest.raises(OpenAlready):
        draft(database, world)
    with pytest.raises(BadTerm) as refused, database.write() as session:
        contracts.offer(session, world.aron, version_id, version=1, now=NOW)
    assert refused.value.field == "why"
    with database.write() as session:
        contracts.write(session, world.aron, version_id, more, "A shop opens.", version=1, now=NOW)
        digest = contracts.offer(session, world.aron, version_id, version=2, now=NOW)
        contract_answers.accept(session, world.cleo, version_id, digest=digest, now=NOW)
    with database.read() as session:
        row = session.execute(
            select(AgreementVersion).where(col(AgreementVersion.id) == version_id)
        ).scalar_one()
        assert (row.number, row.kind, row.based_on, row.why, from_json(row.terms)) == (
            2,
            ContractKind.CHANGE_ORDER,
            1,
            "A shop opens.",
            more,
        )
    # It holds from its first day on; until then the first does.
    april = NOW.replace(month=3, day=31, hour=22)
    with database.read() as session:
        numbers = [
            one.number if (one := query.of_client(session, world.acme.id, at)) else 0
            for at in (NOW, april - timedelta(seconds=1), april, NOW.replace(year=2027))
        ]
    assert numbers == [1, 1, 2, 0]
    run(database, april - timedelta(seconds=1))
    assert rounds_of(database, world) == 2
    run(database, april)
    assert rounds_of(database, world) == 4


def test_what_a_manager_changes_later_is_not_set_back(database: Database, world: World) -> None:
    accepted(database, world)
    with database.write() as session:
        old = agreements.of_client(session, world.acme.id)
        from postboard.services import agreements as service

        terms = replace(old.terms, response_hours=30)
        service.change(session, world.aron, world.acme.id, terms, version=old.version, now=NOW)
    run(database, NOW + timedelta(days=1))
    with database.read() as session:
        assert agreements.of_client(session, world.acme.id).terms.response_hours == 30
