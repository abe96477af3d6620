from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.db.queries import clients as query
from postboard.db.queries.approvals import ChainSeen, StageSeen
from postboard.db.queries.clients import (
    AccountOfClient,
    AgreedOfClient,
    CampaignOfClient,
    ClientInFull,
    ClientInList,
    Colleague,
    PersonOfClient,
    TermsOfClient,
)
from postboard.db.queries.ideas import IdeasOfClient
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Role
from postboard.services import clients, feeds, sign_in_links
from postboard.services.clients import NewClient
from tests.contracts import CONTRACT, accepted
from tests.world import NOW, World, count_queries, email_of

ACME = ClientInList("ACME", "Acme", clients.HUES[0], open=11, waiting=1)
BOREALIS = ClientInList("BORE", "Borealis", clients.HUES[1], open=11, waiting=1)


def test_a_manager_sees_every_client_with_what_is_open_and_what_waits(
    database: Database, world: World
) -> None:
    assert listed(database, world.ana) == [ACME, BOREALIS]


def test_an_account_manager_sees_only_the_own_clients(database: Database, world: World) -> None:
    assert listed(database, world.aron) == [ACME]
    assert listed(database, world.bodil) == [BOREALIS]


def test_who_looks_after_no_client_sees_none(database: Database, world: World) -> None:
    others = [world.cora, world.ben, world.dina, world.iris, world.cleo, world.vera, world.dora]
    assert [listed(database, other) for other in others] == [[]] * len(others)


def test_a_client_without_posts_is_listed_with_zeros(database: Database, world: World) -> None:
    with database.write() as session:
        clients.add_client(session, world.ana, NewClient("Zephyr"), now=NOW)
    assert listed(database, world.ana)[-1] == ClientInList("ZEPH", "Zephyr", clients.HUES[2], 0, 0)


def test_a_client_in_full(database: Database, world: World) -> None:
    with database.write() as session:
        clients.make_review_link(session, world.ana, world.acme.id, id_of(world.cleo), now=NOW)
        clients.add_social_accounts(
            session, world.ana, world.acme.id, [("instagram", "@acme")], now=NOW
        )
        for actor, client_id in [
            (world.cleo, world.acme.id),
            (world.cleo, None),
            (world.ben, world.acme.id),
            (world.dora, world.borealis.id),
        ]:
            feeds.subscribe(session, actor, client_id, now=NOW)
    full = seen(database, world.ana, "ACME")
    account_id = full.accounts[0].id
    until = (NOW + sign_in_links.REVIEW_LINK_LIFETIME).isoformat()
    assert full == ClientInFull(
        id=world.acme.id.hex,
        key="ACME",
        name="Acme",
        hue=clients.HUES[0],
        zone="Europe/Berlin",
        approval="internal_and_client",
        rework_goes_to_client=False,
        rounds_included=3,
        chain=ChainSeen(
            of="client",
            reason="",
            who="",
            stages=[
                StageSeen("internal", "", "", [], "any", 0),
                StageSeen("client", "", "", [], "any", 0),
            ],
        ),
        posts=13,
        team=[
            person(world.aron, Role.ACCOUNT_MANAGER),
            person(world.cora, Role.CONTENT_MANAGER),
            person(world.ben, Role.COPYWRITER),
            person(world.dina, Role.DESIGNER),
            person(world.iris, Role.ART_DIRECTOR),
        ],
        reviewers=[
            person(world.cleo, Role.CLIENT_REVIEWER, links=1, until=until, calendars=2),
            person(world.vera, Role.CLIENT_VIEWER),
        ],
        campaigns=[
            CampaignOfClient(world.acme.campaign_id.hex, "Spring", "", "", 13, own_chain=False)
        ],
        accounts=[AccountOfClient(account_id, "instagram", "@acme")],
        terms=TermsOfClient(
            version=0,
            week=["09:00-17:00"] * 5 + ["", ""],
            country="",
            region="",
            days_off="",
            response_hours=16,
            reminder_hours="4",
            account_manager_hours=4,
            manager_hours=12,
            silence="remind_and_escalate",
            late_approval="remind",
            quiet_from="20:00",
            quiet_until="08:00",
            channel="email",
        ),
        agreed=None,
        shared_until="",
        chats=[],
        away=[],
        ideas=IdeasOfClient(),
    )


def test_what_the_agreement_in_force_says_stands_beside_what_holds(
    database: Database, world: World
) -> None:
    soon = replace(CONTRACT, starts_on=date(2026, 3, 9))
    accepted(database, world, soon)
    assert seen(database, world.ana, "ACME").agreed is None
    begun = NOW + timedelta(days=7)
    with database.read() as session:
        later = query.in_full(session, world.ana, "ACME", now=begun)
    assert later.agreed == AgreedOfClient(1, 8, 2, "hold", "hold")
    # What was changed by hand meanwhile is what holds.
    assert (later.terms.response_hours, later.rounds_included) == (16, 3)


def test_ended_and_expired_links_do_not_count(database: Database, world: World) -> None:
    cleo = id_of(world.cleo)
    with database.write() as session:
        clients.make_review_link(session, world.ana, world.acme.id, cleo, now=NOW)
        clients.end_review_links(session, world.ana, world.acme.id, cleo, now=NOW)
        long_ago = NOW - sign_in_links.REVIEW_LINK_LIFETIME - timedelta(days=1)
        clients.make_review_link(session, world.ana, world.acme.id, cleo, now=long_ago)
    reviewers = seen(database, world.ana, "ACME").reviewers
    assert reviewers[0] == person(world.cleo, Role.CLIENT_REVIEWER)


def test_campaigns_stand_newest_first_and_undated_last(database: Database, world: World) -> None:
    with database.write() as session:
        for name, starts_on, ends_on in (
            ("Old", date(2025, 1, 1), date(2025, 2, 1)),
            ("New", date(2026, 4, 1), None),
        ):
            clients.add_campaign(
                session,
                world.ana,
                world.acme.id,
                name,
                starts_on=starts_on,
                ends_on=ends_on,
                now=NOW,
            )
    shown = seen(database, world.ana, "ACME").campaigns
    assert [(campaign.name, campaign.starts_on, campaign.ends_on) for campaign in shown] == [
        ("New", "2026-04-01", ""),
        ("Old", "2025-01-01", "2025-02-01"),
        ("Spring", "", ""),
    ]


def test_a_foreign_client_and_one_that_is_not_there_answer_alike(
    database: Database, world: World
) -> None:
    for actor in (world.bodil, world.cora, world.cleo, world.dora):
        for key in ("ACME", "NONE"):
            with pytest.raises(NotFound):
                seen(database, actor, key)
    with database.read() as session, pytest.raises(NotFound):
        query.key_of(session, world.bodil, world.acme.id)


def test_only_an_admin_sees_the_agencys_own_people(database: Database, world: World) -> None:
    with database.read() as session:
        assert query.agency(session, world.alma) == [
            Colleague(id_of(world.alma).hex, "Alma", email_of("Alma"), Role.ADMIN, True),
            Colleague(id_of(world.ana).hex, "Ana", email_of("Ana"), Role.MANAGER, False),
        ]
        for actor in (world.ana, world.aron, world.cleo):
            with pytest.raises(NotFound):
                query.agency(session, actor)


def test_the_page_asks_as_often_for_many_people_as_for_few(
    database: Database, world: World
) -> None:
    few = statements(database, world)
    with database.write() as session:
        for number in range(30):
            clients.add_person(
                session,
                world.ana,
                name=f"Person {number}",
                email=f"p{number}@postboard.example",
                role=Role.COPYWRITER,
                client_id=world.acme.id,
                now=NOW,
            )
            clients.add_campaign(session, world.ana, world.acme.id, f"C{number}", now=NOW)
            clients.add_client(session, world.ana, NewClient(f"Brand {number}"), now=NOW)
    assert statements(database, world) == few == 15


def statements(database: Database, world: World) -> int:
    with count_queries(database) as asked:
        listed(database, world.ana)
        seen(database, world.ana, "ACME")
    return len([one for one in asked if one.startswith("SELECT")])


def listed(database: Database, actor: Actor) -> list[ClientInList]:
    with database.read() as session:
        return query.listed(session, actor)


def seen(database: Database, actor: Actor, key: str) -> ClientInFull:
    with database.read() as session:
        return query.in_full(session, actor, key, now=NOW)


def person(
    actor: Actor, role: Role, *, links: int = 0, until: str = "", calendars: int = 0
) -> PersonOfClient:
    who = id_of(actor).hex, actor.name, email_of(actor.name)
    return PersonOfClient(*who, role, links, until, calendars)


def id_of(actor: Actor) -> UUID:
    assert actor.user_id
    return actor.user_id
