"""Campaigns: what they are to reach, who says so, how far the plan is, and once more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event
from postboard.db.queries import campaigns as query
from postboard.db.queries.campaigns import CampaignSeen, ClientWithCampaigns
from postboard.domain.campaigns import Aim, Mix, Share, shares
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import campaigns, cloning, posts
from postboard.services.posts import NewPost
from tests.world import NOW, World, at_once, count_queries, everything_in

TODAY = NOW.date()
DAY = timedelta(days=1)
AIM = Aim(
    "Harvest",
    date(2026, 9, 1),
    date(2026, 9, 30),
    "Everybody knows\nthe new bread.",
    10,
    "4,000 €",
    Mix({"Products": 50}, {"instagram": 40, "x": 60}),
)


def add(database: Database, who: Actor, client_id: UUID, aim: Aim = AIM) -> UUID:
    with database.write() as session:
        return campaigns.add(session, who, client_id, aim, now=NOW)


def change(
    database: Database, who: Actor, campaign_id: UUID, aim: Aim = AIM, version: int = 1
) -> int:
    with database.write() as session:
        return campaigns.change(session, who, campaign_id, aim, version=version, now=NOW)


def seen_by(database: Database, who: Actor) -> list[ClientWithCampaigns]:
    with database.read() as session:
        return query.of_clients(session, who, today=TODAY)


def one_of(database: Database, who: Actor, name: str) -> CampaignSeen:
    return next(
        campaign
        for client in seen_by(database, who)
        for campaign in client.campaigns
        if campaign.name == name
    )


def add_posts(database: Database, world: World, campaign: UUID, networks: list[str]) -> list[UUID]:
    news = [
        NewPost(Words(f"Bread on {network}", networks=(network,)), NOW + n * DAY, campaign)
        for n, network in enumerate(networks)
    ]
    with database.write() as session:
        return posts.create_many(session, world.ana, world.acme.id, news, now=NOW)


def test_a_campaign_is_made_and_changed_on_record(database: Database, world: World) -> None:
    campaign_id = add(database, world.cora, world.acme.id)
    assert change(database, world.aron, campaign_id, Aim(" Harvest  feast ", goal="Less.")) == 2
    assert one_of(database, world.ben, "Harvest feast") == CampaignSeen(
        id=campaign_id.hex,
        version=2,
        name="Harvest feast",
        starts_on="",
        ends_on="",
        goal="Less.",
        wanted=0,
        budget="",
        planned=0,
        approved=0,
        published=0,
        missing=0,
        percent=0,
        pillars=[],
        networks=[],
        over=False,
    )
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.actor_name))
            .where(col(Event.client_id) == world.acme.id, col(Event.kind).like("client.campaign%"))
            .order_by(col(Event.id))
        )
        assert [tuple(row) for row in rows][1:] == [
            ("client.campaign_added", "Cora"),
            ("client.campaign_changed", "Aron"),
        ]


@pytest.mark.parametrize(
    ("differs", "sentence"),
    [
        ({"name": " "}, "Write the campaign’s name."),
        ({"name": "Spring"}, "There is a campaign called “Spring” already."),
        ({"ends_on": date(2026, 8, 31)}, "The campaign ends before it starts."),
        ({"posts_wanted": 0}, "Plan from 1 to 1000 posts."),
        ({"posts_wanted": 1001}, "Plan from 1 to 1000 posts."),
        ({"goal": "x" * 501}, "That is 501 characters long; this field takes 500."),
        ({"budget": "x" * 201}, "That is 201 characters long; this field takes 200."),
        (
            {"mix": Mix({"A": 60, "B": 41})},
            "The pillars’ shares add up to 101 %; 100 % is all there is.",
        ),
        (
            {"mix": Mix({}, {"x": 60, "instagram": 41})},
            "The networks’ shares add up to 101 %; 100 % is all there is.",
        ),
        ({"mix": Mix({"A": -5})}, "A share is from 0 to 100 %."),
        ({"mix": Mix({}, {"myspace": 5})}, "This value does not fit the field."),
        (
            {"mix": Mix({f"P{n}": 1 for n in range(13)})},
            "Share the posts among at most 12 pillars.",
        ),
    ],
)
def test_what_does_not_fit_says_so(
    database: Database, world: World, differs: dict[str, Any], sentence: str
) -> None:
    campaign_id = add(database, world.cora, world.acme.id, Aim("Old"))
    before = everything_in(database)
    values = {name: getattr(AIM, name) for name in AIM.__slots__} | differs
    for call in (
        lambda: add(database, world.cora, world.acme.id, Aim(**values)),
        lambda: change(database, world.cora, campaign_id, Aim(**values)),
    ):
        with pytest.raises(BadInput) as no:
            call()
        assert str(no.value) == sentence
    assert everything_in(database) == before


def test_only_who_plans_for_the_client_makes_and_changes(database: Database, world: World) -> None:
    before = everything_in(database)
    refused: dict[str, type[Refused]] = {
        **dict.fromkeys(("ben", "dina", "iris"), NotAllowed),
        **dict.fromkeys(("dora", "bodil"), NotFound),
    }
    for who, no in refused.items():
        with pytest.raises(no):
            add(database, getattr(world, who), world.acme.id)
        with pytest.raises(no):
            change(database, getattr(world, who), world.acme.campaign_id)
    for client in (world.cleo, world.vera):
        with pytest.raises(NotAllowed):
            add(database, client, world.acme.id)
        with pytest.raises(NotFound):
            change(database, client, world.acme.campaign_id)
    with pytest.raises(Stale):
        change(database, world.cora, world.acme.campaign_id, version=2)
    assert everything_in(database) == before


def test_of_two_who_change_it_at_once_one_is_told(database: Database, world: World) -> None:
    campaign_id = add(database, world.cora, world.acme.id)
    results = at_once(
        lambda: change(database, world.cora, campaign_id, Aim("One")),
        lambda: change(database, world.aron, campaign_id, Aim("Other")),
    )
    assert sorted(type(one).__name__ for one in results) == ["Stale", "int"]


def test_the_plan_is_held_against_the_goal_and_the_mix(database: Database, world: World) -> None:
    campaign_id = add(database, world.cora, world.acme.id)
    ids = add_posts(database, world, campaign_id, ["instagram", "linkedin", "linkedin"])
    with database.write() as session:
        for post_id, pillar in zip(ids, ("Products", "Recipes", "Recipes"), strict=True):
            posts.label(session, world.cora, post_id, campaign_id, pillar, version=1, now=NOW)
    harvest = one_of(database, world.ben, "Harvest")
    assert (harvest.planned, harvest.missing, harvest.percent) == (3, 7, 30)
    assert harvest.networks == [
        Share("instagram", 40, 1, 10, 3),
        Share("x", 60, 0, 0, 6),
        Share("linkedin", 0, 2, 20, 0),
    ]
    assert harvest.pillars == [Share("Products", 50, 1, 10, 4), Share("Recipes", 0, 2, 20, 0)]
    # The world's own has a post in every state; the cancelled one counts for nothing.
    spring = one_of(database, world.ben, "Spring")
    on_the_way_out = {State.APPROVED, State.ON_HOLD, State.SCHEDULED, State.PUBLISH_FAILED}
    assert (spring.planned, spring.approved, spring.published) == (
        len(State) - 1,
        len(on_the_way_out) + 1,
        1,
    )


@pytest.mark.parametrize(
    ("target", "whole", "posts", "missing"),
    [(40, 10, 1, 3), (33, 10, 3, 1), (40, 0, 0, 0), (100, 7, 7, 0), (1, 7, 0, 1), (50, 4, 3, 0)],
)
def test_what_is_missing_for_a_share_is_whole_posts(
    target: int, whole: int, posts: int, missing: int
) -> None:
    planned = {"x": posts} if posts else {}
    assert [one.missing for one in shares({"x": target}, planned, whole)] == [missing]


def test_campaigns_are_seen_by_the_clients_team_only(database: Database, world: World) -> None:
    def names(who: Actor) -> dict[str, list[str]]:
        return {
            client.key: [one.name for one in client.campaigns] for client in seen_by(database, who)
        }

    over = Aim("Last winter", date(2025, 12, 1), date(2026, 2, 28))
    add(database, world.cora, world.acme.id, over)
    add(database, world.cora, world.acme.id)
    assert names(world.ana) == {
        world.acme.key: ["Harvest", "Spring", "Last winter"],
        world.borealis.key: ["Spring"],
    }
    assert names(world.dina) == {world.acme.key: ["Harvest", "Spring", "Last winter"]}
    assert names(world.bodil) == {world.borealis.key: ["Spring"]}
    assert names(world.cleo) == names(world.vera) == names(world.dora) == {}
    assert {client.may_plan for client in seen_by(database, world.ben)} == {False}
    assert {client.may_plan for client in seen_by(database, world.cora)} == {True}


def test_the_page_costs_the_same_for_one_and_for_many(database: Database, world: World) -> None:
    def cost() -> int:
        with count_queries(database) as statements:
            seen_by(database, world.ana)
        return len(statements)

    few = cost()
    for number in range(12):
        campaign = add(database, world.cora, world.acme.id, Aim(f"C{number}"))
        add_posts(database, world, campaign, ["x", "instagram"])
    assert cost() == few


def test_a_campaign_is_begun_again_on_another_day(database: Database, world: World) -> None:
    campaign_id = add(database, world.cora, world.acme.id)
    add_posts(database, world, campaign_id, ["x", "instagram"])
    with database.write() as session:
        made = cloning.repeat_campaign(
            session, world.cora, campaign_id, "Harvest 2027", date(2027, 9, 1), now=NOW
        )
    assert len(made) == 2
    again = one_of(database, world.cora, "Harvest 2027")
    assert (again.starts_on, again.ends_on, again.goal, again.wanted, again.planned) == (
        "2027-09-01",
        "2027-09-30",
        AIM.goal,
        10,
        2,
    )
    before = everything_in(database)
    for who, no in {"ben": NotAllowed, "cleo": NotFound, "bodil": NotFound}.items():
        with pytest.raises(no), database.write() as session:
            cloning.repeat_campaign(
                session, getattr(world, who), campaign_id, "Mine", date(2027, 9, 1), now=NOW
            )
    for name, day in (("Harvest", date(2027, 9, 1)), ("Late", date.max)):
        with pytest.raises(BadInput), database.write() as session:
            cloning.repeat_campaign(session, world.cora, campaign_id, name, day, now=NOW)
    assert everything_in(database) == before


def test_a_copy_has_the_words_and_the_labels_and_no_time(database: Database, world: World) -> None:
    campaign_id = add(database, world.cora, world.acme.id)
    post_id = add_posts(database, world, campaign_id, ["x"])[0]
    with database.write() as session:
        posts.label(session, world.cora, post_id, campaign_id, "Products", version=1, now=NOW)
    with database.write() as session:
        cloning.copy(session, world.ben, post_id, version=2, now=NOW)
    harvest = one_of(database, world.ben, "Harvest")
    assert (harvest.planned, harvest.pillars) == (2, [Share("Products", 50, 2, 20, 3)])
    cancelled = world.acme.posts[State.CANCELLED]
    with database.write() as session:
        version = 2
        cloning.copy(session, world.ben, cancelled, version=version, now=NOW)
    before = everything_in(database)
    for who, no in {"dina": NotAllowed, "cleo": NotFound, "bodil": NotFound}.items():
        with pytest.raises(no), database.write() as session:
            cloning.copy(session, getattr(world, who), post_id, version=2, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        cloning.copy(session, world.ben, post_id, version=1, now=NOW)
    assert everything_in(database) == before


def test_a_week_too_far_to_count_is_refused(database: Database, world: World) -> None:
    with pytest.raises(BadInput), database.write() as session:
        cloning.clone_week(session, world.ben, world.acme.id, date.max, date.max, now=NOW)
    first = TODAY
    with pytest.raises(BadInput), database.write() as session:
        cloning.clone_week(session, world.ben, world.acme.id, first, date.max, now=NOW)
