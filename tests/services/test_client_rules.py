"""Clients, their people, campaigns and accounts: who may change them, and to what."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, SocialAccount
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Role
from postboard.domain.workflow import Approval, Policy, State
from postboard.services import clients
from postboard.services.clients import NewClient
from tests.world import NOW, World, at_once, everything_in, found


def add(database: Database, actor, name: str, zone: str = "UTC"):
    with database.write() as session:
        return clients.add_client(session, actor, NewClient(name, zone), now=NOW)


def test_clients_get_short_keys_and_hues_of_their_own(database: Database, world: World) -> None:
    names = ["Acme Foods", "ACME!", "面包店", "咖啡馆", "x"]
    for name in names:
        add(database, world.ana, name)
    with database.read() as session:
        rows = session.execute(
            select(col(Client.name), col(Client.key), col(Client.hue)).order_by(
                col(Client.created_at)
            )
        ).all()
    assert {name: key for name, key, _ in rows} == {
        "Acme": "ACME",
        "Borealis": "BORE",
        "Acme Foods": "ACME2",
        "ACME!": "ACME3",
        "面包店": "C",
        "咖啡馆": "C2",
        "x": "X",
    }
    assert len({hue for _, _, hue in rows}) == len(rows)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("", "UTC"),
        (" \x00 ", "UTC"),
        ("x" * 121, "UTC"),
        ("Acme", "UTC"),
        (" Acme\n", "UTC"),
        ("New", "Mars/Olympus"),
        ("New", ""),
        ("New", "../../etc/passwd"),
        ("New", "\x00"),
    ],
)
def test_a_client_that_does_not_fit_is_refused(
    database: Database, world: World, name: str, zone: str
) -> None:
    before = everything_in(database)
    with pytest.raises(BadInput):
        add(database, world.ana, name, zone)
    with pytest.raises(BadInput), database.write() as session:
        clients.change_client(
            session,
            world.ana,
            world.borealis.id,
            NewClient(name, zone),
            rounds_included=3,
            now=NOW,
        )
    assert everything_in(database) == before


def test_of_twins_added_at_once_one_stays(database: Database, world: World) -> None:
    outcomes = at_once(*[lambda: add(database, world.ana, "Zephyr")] * 5)
    refused = [o for o in outcomes if isinstance(o, BadInput | Stale)]
    assert len(refused) == 4


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("cora", NotAllowed),
        ("ben", NotAllowed),
        ("cleo", NotAllowed),
        ("vera", NotAllowed),
        ("dora", NotFound),
        ("bodil", NotFound),
    ],
)
def test_a_client_is_changed_by_who_manages_it(
    database: Database, world: World, who: str, refusal: type[Exception]
) -> None:
    actor, acme = getattr(world, who), world.acme.id
    new = NewClient("Acme", policy=Policy(Approval.INTERNAL_ONLY))
    before = everything_in(database)
    calls = [
        lambda s: clients.change_client(s, actor, acme, new, rounds_included=1, now=NOW),
        lambda s: clients.add_campaign(s, actor, acme, "Summer", now=NOW),
        lambda s: clients.add_social_accounts(s, actor, acme, [("x", "acme")], now=NOW),
        lambda s: clients.remove_person(s, actor, acme, world.ben.user_id, now=NOW),
        lambda s: clients.add_person(
            s,
            actor,
            name="Eve",
            email="eve@x.example",
            role=Role.CLIENT_REVIEWER,
            client_id=acme,
            now=NOW,
        ),
    ]
    for call in calls:
        with pytest.raises(refusal), database.write() as session:
            call(session)
    assert everything_in(database) == before


def test_only_leads_add_clients_and_only_admins_add_leads(database: Database, world: World) -> None:
    before = everything_in(database)
    for actor in (world.aron, world.cora, world.ben, world.cleo, world.dora):
        with pytest.raises(NotAllowed):
            add(database, actor, "New")
    for actor in (world.ana, world.aron, world.cleo):
        for role in (Role.ADMIN, Role.MANAGER):
            with pytest.raises(NotAllowed), database.write() as session:
                clients.add_person(
                    session,
                    actor,
                    name="Eve",
                    email="eve@x.example",
                    role=role,
                    client_id=world.acme.id,
                    now=NOW,
                )
    assert everything_in(database) == before


def test_an_unknown_client_is_not_found(database: Database, world: World) -> None:
    with pytest.raises(NotFound), database.write() as session:
        clients.add_campaign(session, world.alma, uuid4(), "Summer", now=NOW)


def test_a_new_policy_leaves_posts_where_they_are(database: Database, world: World) -> None:
    new = NewClient("Acme", policy=Policy(Approval.INTERNAL_ONLY))
    with database.write() as session:
        clients.change_client(session, world.aron, world.acme.id, new, rounds_included=5, now=NOW)
    states = {found(database, world.ana, p).state for p in world.acme.posts.values()}
    assert states == set(State)


@pytest.mark.parametrize("rounds", [0, -1, 100])
def test_rounds_are_a_sane_number(database: Database, world: World, rounds: int) -> None:
    with pytest.raises(BadInput), database.write() as session:
        clients.change_client(
            session, world.ana, world.acme.id, NewClient("Acme"), rounds_included=rounds, now=NOW
        )


def test_campaigns_have_a_name_of_their_own_and_end_after_they_start(
    database: Database, world: World
) -> None:
    starts, ends = date(2026, 5, 2), date(2026, 5, 1)
    for name, dates in (
        ("", {}),
        ("Spring", {}),
        ("x" * 121, {}),
        ("Summer", {"starts_on": starts, "ends_on": ends}),
    ):
        with pytest.raises(BadInput), database.write() as session:
            clients.add_campaign(session, world.ana, world.acme.id, name, now=NOW, **dates)


def test_accounts_stand_once_however_they_are_written(database: Database, world: World) -> None:
    for accounts in (
        [("instagram", "acme"), ("instagram", " acme "), ("x", "acme")],
        [("x", "acme\n"), ("x", "acme")],
    ):
        with database.write() as session:
            clients.add_social_accounts(session, world.ana, world.acme.id, accounts, now=NOW)
    with database.read() as session:
        rows = session.execute(select(col(SocialAccount.network), col(SocialAccount.handle)))
        assert sorted(map(tuple, rows)) == [("instagram", "acme"), ("x", "acme")]
    for network, handle in (("myspace", "acme"), ("x", " \x00"), ("x", "x" * 121)):
        with pytest.raises(BadInput), database.write() as session:
            clients.add_social_accounts(
                session, world.ana, world.acme.id, [(network, handle)], now=NOW
            )
