"""The plan of action: what a new client lacks, and what keeps its first post back."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event
from postboard.db.queries.launches import NeedSeen
from postboard.domain.contract import Deliverable
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.guidelines import Guideline, Section, Topic
from postboard.domain.launch import Gate, Item
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, State
from postboard.services import clients, contract_answers, contracts, guidelines, launches
from postboard.services.clients import NewClient
from postboard.services.launches import NotReady, NotYet
from tests.contracts import CONTRACT
from tests.world import NOW, WORDS, World, actor_of, bring_to, email_of, found, step

LINES = ("Pictures and logo are here", "Access to the accounts")


@pytest.fixture
def nova(database: Database, world: World) -> UUID:
    """A client of today, without anything."""
    with database.write() as session:
        return clients.add_client(session, world.ana, NewClient("Nova", "UTC"), now=NOW)


def add(database: Database, world: World, nova: UUID, name: str, role: Role) -> Actor:
    with database.write() as session:
        person_id = clients.add_person(
            session,
            world.ana,
            name=name,
            email=email_of(name),
            role=role,
            client_id=nova,
            now=NOW,
        )
    return actor_of(database, person_id)


def gate(
    database: Database,
    actor: Actor,
    nova: UUID,
    gate: Gate,
    lines: tuple[str, ...] = (),
    version: int = 0,
) -> None:
    with database.write() as session:
        launches.change(session, actor, nova, gate, lines, version=version, now=NOW)


def lacking(database: Database, actor: Actor, nova: UUID) -> list[str]:
    with database.read() as session:
        return launches.find(session, actor, nova, now=NOW).lacking


def ready(database: Database, world: World, nova: UUID) -> UUID:
    """A post of Nova's that only waits for being sent."""
    return bring_to(
        database,
        nova,
        State.READY_FOR_CLIENT,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ana,
        words=WORDS,
    )


def send(database: Database, world: World, post_id: UUID) -> None:
    step(database, world.ana, post_id, Action.SEND_TO_CLIENT)


def test_what_is_missing_is_found_from_facts(database: Database, world: World, nova: UUID) -> None:
    with database.read() as session:
        new = launches.find(session, world.ana, nova, now=NOW)
    assert new.needs == [
        NeedSeen("channels", done=False),
        NeedSeen("team", done=False),
        NeedSeen("contacts", done=False),
        NeedSeen("agreement", done=False),
        NeedSeen("guideline", done=False),
        NeedSeen("chain", done=False, there=1, wanted=2),
        NeedSeen("plan", done=False),
    ]
    assert (new.gate, new.version, new.started) == (Gate.OFF, 0, False)
    with database.write() as session:
        accounts = [("linkedin", "nova")]
        clients.add_social_accounts(session, world.ana, nova, accounts, now=NOW)
    add(database, world, nova, "Nils", Role.ACCOUNT_MANAGER)
    assert lacking(database, world.ana, nova) == [
        "contacts",
        "agreement",
        "guideline",
        "chain",
        "plan",
    ]
    cara = add(database, world, nova, "Cara", Role.CLIENT_REVIEWER)
    assert lacking(database, world.ana, nova) == ["agreement", "guideline", "plan"]
    tone = Guideline((Section("tone", Topic.TONE, "Tone", "Warm, never loud."),))
    with database.write() as session:
        guidelines.write(session, world.ana, nova, tone, version=0, now=NOW)
    # A draft is nothing that anybody could keep.
    assert lacking(database, world.ana, nova) == ["agreement", "guideline", "plan"]
    with database.write() as session:
        guidelines.publish(session, world.ana, nova, version=1, now=NOW)
    assert lacking(database, world.ana, nova) == ["agreement", "plan"]
    terms = replace(CONTRACT, deliverables=(Deliverable("instagram", 2),))
    with database.write() as session:
        version_id = contracts.begin(session, world.ana, nova, terms, now=NOW)
        digest = contracts.offer(session, world.ana, version_id, version=1, now=NOW)
        contract_answers.accept(session, cara, version_id, digest=digest, now=NOW)
    ready(database, world, nova)
    with database.read() as session:
        assert launches.find(session, world.ana, nova, now=NOW).needs[-1] == NeedSeen(
            "plan", done=False, there=1, wanted=2
        )
    ready(database, world, nova)
    assert lacking(database, world.ana, nova) == []


def test_a_hard_gate_keeps_the_first_post_back_until_all_is_there(
    database: Database, world: World, nova: UUID
) -> None:
    gate(database, world.ana, nova, Gate.HARD)
    post_id = ready(database, world, nova)
    with pytest.raises(NotReady) as refused:
        send(database, world, post_id)
    assert (type(refused.value), refused.value.facts) == (NotReady, {"n": 6})
    with pytest.raises(NotAllowed), database.write() as session:
        launches.go_on(session, world.ana, nova, "The client knows.", now=NOW)
    assert found(database, world.ana, post_id).state is State.READY_FOR_CLIENT
    gate(database, world.ana, nova, Gate.OFF, version=1)
    send(database, world, post_id)
    # Only the first post is kept back.
    gate(database, world.ana, nova, Gate.HARD, version=2)
    send(database, world, ready(database, world, nova))


def test_a_soft_gate_opens_for_a_reason_on_record(
    database: Database, world: World, nova: UUID
) -> None:
    gate(database, world.ana, nova, Gate.SOFT, LINES)
    post_id = ready(database, world, nova)
    with pytest.raises(NotYet):
        send(database, world, post_id)
    with pytest.raises(BadInput), database.write() as session:
        launches.go_on(session, world.ana, nova, " ", now=NOW)
    with database.write() as session:
        launches.go_on(session, world.ana, nova, "The fair opens today.", now=NOW)
    send(database, world, post_id)
    with database.read() as session:
        told = session.execute(
            select(col(Event.actor_name), col(Event.content)).where(
                col(Event.kind) == "launch.passed"
            )
        ).one()
        launch = launches.find(session, world.ana, nova, now=NOW)
    without = ["channels", "team", "contacts", "agreement", "guideline", "chain", *LINES]
    assert tuple(told) == ("Ana", {"reason": "The fair opens today.", "lacking": without})
    assert (launch.reason, launch.reason_name, launch.started) == (
        "The fair opens today.",
        "Ana",
        True,
    )


def test_lines_are_ticked_by_name_and_stay_so_when_others_change(
    database: Database, world: World, nova: UUID
) -> None:
    gate(database, world.ana, nova, Gate.SOFT, LINES)
    nils = add(database, world, nova, "Nils", Role.ACCOUNT_MANAGER)
    with database.write() as session:
        launches.tick(session, nils, nova, LINES[0], done=True, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        launches.tick(session, nils, nova, "Something else", done=True, now=NOW)
    gate(database, nils, nova, Gate.SOFT, (LINES[0], "A third line"), version=2)
    with database.read() as session:
        assert launches.find(session, nils, nova, now=NOW).items == (
            Item(LINES[0], "Nils", NOW.isoformat()),
            Item("A third line"),
        )
    with pytest.raises(Stale):
        gate(database, nils, nova, Gate.SOFT, LINES, version=2)


def test_the_gate_is_set_by_who_leads_and_the_rest_by_who_looks_after_the_client(
    database: Database, world: World
) -> None:
    acme, answers = world.acme.id, {}
    for actor in world.everybody():
        for wanted in (Gate.OFF, Gate.HARD):
            try:
                with database.write() as session:
                    launches.change(session, actor, acme, wanted, LINES, version=0, now=NOW)
                    session.rollback()
            except Refused as no:
                answers[actor.name, wanted] = type(no)
    allowed = {("Aron", Gate.HARD): NotAllowed}
    team = ("Cora", "Ben", "Dina", "Iris", "Cleo", "Vera")
    closed = {(name, one): NotAllowed for name in team for one in (Gate.OFF, Gate.HARD)}
    strange = {(name, one): NotFound for name in ("Dora", "Bodil") for one in (Gate.OFF, Gate.HARD)}
    assert answers == {**allowed, **closed, **strange}


def test_a_client_that_posts_already_is_never_kept_back(database: Database, world: World) -> None:
    gate(database, world.ana, world.acme.id, Gate.HARD, LINES)
    step(database, world.ana, world.acme.posts[State.READY_FOR_CLIENT], Action.SEND_TO_CLIENT)


def test_whoever_asks_no_client_is_kept_back_at_the_schedule(
    database: Database, world: World, nova: UUID
) -> None:
    from postboard.domain.workflow import Approval, Policy

    with database.write() as session:
        policy = Policy(Approval.INTERNAL_ONLY)
        new = NewClient("Nova", "UTC", policy)
        clients.change_client(session, world.ana, nova, new, rounds_included=3, now=NOW)
    gate(database, world.ana, nova, Gate.SOFT)
    post_id = bring_to(
        database,
        nova,
        State.INTERNAL_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ana,
    )
    step(database, world.ana, post_id, Action.APPROVE)
    with pytest.raises(NotYet):
        step(database, world.ana, post_id, Action.SCHEDULE)
    assert "contacts" not in lacking(database, world.ana, nova)
