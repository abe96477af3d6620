"""Who is asked, who has said yes, who is missing: as the pages of staff show it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.db.queries import approvals, board, work
from postboard.db.queries.approvals import (
    ApprovalOfPost,
    AskedNow,
    ChainSeen,
    EditedChain,
    EditedStage,
    MayDecide,
    StagePassed,
    StageSeen,
    WillAsk,
    Yes,
)
from postboard.db.queries.post_filters import WAITS_FOR_ME, Filters
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, State
from postboard.services import chains, clients, post_rows, posts, steps
from postboard.services.chains import Scope
from postboard.services.posts import NewPost
from postboard.services.steps import Answer
from tests.world import NOW, WORDS, World, actor_of, count_queries, step

AT = "2026-03-02T09:00Z"
OPEN_CLIENT = Stage(Side.CLIENT)
AGENCY = StageSeen("internal", "", "", [], "any", 0)
CLIENT = StageSeen("client", "", "", [], "any", 0)
TO_ASK = [
    MayDecide("Alma", "Alma", "internal"),
    MayDecide("Ana", "Ana", "internal"),
    MayDecide("Cleo", "Cleo", "client"),
    MayDecide("Cora", "Cora", "internal"),
    MayDecide("Iris", "Iris", "internal"),
]
"""Whoever may decide for Acme; their ids are put in by `of_acme`."""


def ids(*actors: Actor) -> tuple[UUID, ...]:
    return tuple(actor.user_id for actor in actors if actor.user_id)


def set_chain(
    database: Database, world: World, scope: Scope, stages: Sequence[Stage], reason: str = ""
) -> None:
    with database.write() as session:
        chains.set_chain(session, world.aron, scope, stages, reason=reason, version=0, now=NOW)


def brand(world: World, rule: Rule = Rule.ALL, due_hours: int | None = None) -> Stage:
    return Stage(
        Side.INTERNAL, "Brand", people=ids(world.cora, world.iris), rule=rule, due_hours=due_hours
    )


def new_post(database: Database, world: World, campaign_id: UUID | None = None) -> UUID:
    new = NewPost(WORDS, NOW + timedelta(days=3), campaign_id)
    with database.write() as session:
        return posts.create(session, world.ben, world.acme.id, new, now=NOW)


def submitted(database: Database, world: World, *stages: Stage, message: str = "") -> UUID:
    """A post in review, which names its own chain so that it stays the only one."""
    post_id = new_post(database, world)
    set_chain(database, world, Scope(world.acme.id, post_id=post_id), stages, "It is a launch.")
    with database.write() as session:
        version = post_rows.find(session, world.ben, post_id).version
        answer = Answer(message=message)
        steps.take_step(
            session, world.ben, post_id, Action.SUBMIT, version=version, answer=answer, now=NOW
        )
    return post_id


def seen(database: Database, actor: Actor, post_id: UUID, now: datetime = NOW) -> ApprovalOfPost:
    with database.read() as session:
        return approvals.of_post(session, actor, post_id, now=now)


def edited(database: Database, actor: Actor, scope: Scope) -> EditedChain:
    with database.read() as session:
        return chains.edit(session, actor, scope)


def of_acme(world: World) -> list[MayDecide]:
    by_name = {actor.name: actor for actor in world.everybody()}
    return [replace(one, id=ids(by_name[one.name])[0].hex) for one in TO_ASK]


def to_judge(database: Database, actor: Actor) -> list[tuple[str, str, int, int, str]]:
    """Post, stage, its number, how many there are, and when an answer is due."""
    with database.read() as session:
        found = work.work(session, actor, now=NOW).to_judge
    return [(one.post_id, one.stage_name, one.stage, one.stages, one.due_at) for one in found]


def test_the_preset_is_offered_for_editing_with_whoever_may_decide(
    database: Database, world: World
) -> None:
    plain = [EditedStage(side, "", "", [], "any", 0) for side in ("internal", "client")]
    usual = EditedChain(
        world.acme.id.hex, "", "", "Acme", 0, plain, "", of_acme(world), response_hours=16
    )
    post_id = world.acme.posts[State.DRAFT]

    assert edited(database, world.aron, Scope(world.acme.id)) == usual
    assert edited(database, world.aron, Scope(world.acme.id, world.acme.campaign_id)) == replace(
        usual, campaign_id=world.acme.campaign_id.hex, about="Spring"
    )
    assert edited(database, world.aron, Scope(world.acme.id, post_id=post_id)) == replace(
        usual, post_id=post_id.hex, about="ACME-1"
    )


def test_a_post_is_edited_from_the_chain_it_follows(database: Database, world: World) -> None:
    of_campaign = Scope(world.acme.id, world.acme.campaign_id)
    set_chain(database, world, of_campaign, [brand(world, due_hours=8)], "They asked for it.")
    stage = EditedStage(
        "internal", "Brand", "", [p.hex for p in ids(world.cora, world.iris)], "all", 8
    )
    post_id = world.acme.posts[State.DRAFT]

    own = edited(database, world.aron, of_campaign)
    followed = edited(database, world.aron, Scope(world.acme.id, post_id=post_id))

    assert (own.version, own.stages, own.reason) == (1, [stage], "They asked for it.")
    assert (followed.version, followed.stages, followed.reason) == (0, [stage], "")


def test_only_who_may_set_a_chain_opens_it(database: Database, world: World) -> None:
    scopes = [
        Scope(world.acme.id),
        Scope(world.acme.id, world.acme.campaign_id),
        Scope(world.acme.id, post_id=world.acme.posts[State.DRAFT]),
    ]
    for scope in scopes:
        for actor in (world.cora, world.ben, world.iris, world.vera, world.cleo):
            with pytest.raises((NotAllowed, NotFound)):
                edited(database, actor, scope)
        for stranger in (world.bodil, world.dora):
            with pytest.raises(NotFound):
                edited(database, stranger, scope)


def test_a_post_that_waits_says_for_whom_and_until_when(database: Database, world: World) -> None:
    post_id = submitted(
        database, world, brand(world, due_hours=8), OPEN_CLIENT, message="Is the logo right?"
    )
    asked = AskedNow(
        stage=1,
        stages=2,
        side="internal",
        name="Brand",
        rule="all",
        named=True,
        yes=[],
        missing=["Cora", "Iris"],
        message="Is the logo right?",
        who="Ben",
        asked_at=AT,
        due_at="2026-03-03T09:00Z",
        hours_left=8,
        overdue=False,
    )
    stage = StageSeen("internal", "Brand", "", ["Cora", "Iris"], "all", 8)
    whole = ApprovalOfPost(
        chain=ChainSeen("post", "It is a launch.", "Aron", [stage, CLIENT]),
        passed=[],
        asked=asked,
        will_ask=[],
        may_override=False,
    )
    assert seen(database, world.ben, post_id) == whole
    assert seen(database, world.aron, post_id) == replace(whole, may_override=True)

    step(database, world.cora, post_id, Action.APPROVE)
    said = replace(asked, yes=[Yes("Cora", AT)], missing=["Iris"])
    assert seen(database, world.ben, post_id).asked == said
    friday = NOW + timedelta(days=4)
    late = replace(said, hours_left=0, overdue=True)
    assert seen(database, world.ben, post_id, friday).asked == late


def test_stages_that_said_yes_are_told_until_the_words_change(
    database: Database, world: World
) -> None:
    legal = Stage(Side.INTERNAL, "Legal", people=ids(world.ana))
    post_id = submitted(database, world, brand(world), legal, OPEN_CLIENT)
    for actor in (world.cora, world.iris):
        step(database, actor, post_id, Action.APPROVE)
    first = StagePassed(1, "internal", "Brand", [Yes("Cora", AT), Yes("Iris", AT)])
    second = StagePassed(2, "internal", "Legal", [Yes("Ana", AT)])

    found = seen(database, world.ben, post_id)
    assert (found.passed, found.asked and found.asked.stage) == ([first], 2)
    step(database, world.ana, post_id, Action.APPROVE)
    ready = seen(database, world.ben, post_id)
    assert (ready.passed, ready.asked) == ([first, second], None)

    with database.write() as session:
        version = post_rows.find(session, world.ben, post_id).version
        words = replace(WORDS, caption="Other buns.")
        posts.edit(session, world.ben, post_id, words, version=version, now=NOW)
    anew = seen(database, world.ben, post_id)
    assert (anew.passed, anew.asked and anew.asked.stage) == ([], 1)


def test_a_step_that_asks_says_whom(database: Database, world: World) -> None:
    whoever = WillAsk("submit", "internal", "", "any", ["Alma", "Ana", "Cora", "Iris"])
    cleo = WillAsk("send_to_client", "client", "", "any", ["Cleo"])
    asks = {state: seen(database, world.ben, world.acme.posts[state]).will_ask for state in State}
    assert {state: will_ask for state, will_ask in asks.items() if will_ask} == {
        State.DRAFT: [whoever],
        State.IN_PRODUCTION: [whoever],
        State.INTERNAL_REWORK: [whoever],
        State.CLIENT_REWORK: [whoever],
        State.READY_FOR_CLIENT: [cleo],
    }
    of_campaign = Scope(world.acme.id, world.acme.campaign_id)
    set_chain(database, world, of_campaign, [brand(world)], "They asked for it.")
    post_id = new_post(database, world, world.acme.campaign_id)
    assert seen(database, world.ben, post_id).will_ask == [
        WillAsk("submit", "internal", "Brand", "all", ["Cora", "Iris"])
    ]


def test_the_clients_side_and_other_brands_learn_nothing_of_it(
    database: Database, world: World
) -> None:
    for actor in (world.cleo, world.vera, world.dora, world.bodil):
        with pytest.raises(NotFound):
            seen(database, actor, world.acme.posts[State.CLIENT_REVIEW])


def test_a_post_waits_for_those_who_are_asked_until_they_say_yes(
    database: Database, world: World
) -> None:
    post_id = submitted(database, world, brand(world, due_hours=8), OPEN_CLIENT)
    line = (post_id.hex, "Brand", 1, 2, "2026-03-03T09:00Z")

    def waits_for() -> list[str]:
        people = ids(world.alma, world.ana, world.cora, world.iris, world.ben, world.aron)
        actors = [actor_of(database, person) for person in people]
        return [actor.name for actor in actors if line in to_judge(database, actor)]

    assert waits_for() == ["Cora", "Iris"]
    step(database, world.cora, post_id, Action.APPROVE)
    assert waits_for() == ["Iris"]
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, ids(world.iris)[0], now=NOW)
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, ids(world.cora)[0], now=NOW)
    assert waits_for() == ["Alma", "Ana"]


def test_what_is_due_first_stands_first(database: Database, world: World) -> None:
    later = submitted(database, world, brand(world, due_hours=20))
    sooner = submitted(database, world, brand(world, Rule.ANY, due_hours=2))
    untimed = world.acme.posts[State.INTERNAL_REVIEW]

    assert to_judge(database, world.iris) == [
        (sooner.hex, "Brand", 1, 1, "2026-03-02T11:00Z"),
        (later.hex, "Brand", 1, 1, "2026-03-04T13:00Z"),
        (untimed.hex, "", 1, 2, ""),
    ]


def test_the_board_is_narrowed_to_what_waits_for_me(database: Database, world: World) -> None:
    asked = submitted(database, world, brand(world, Rule.ANY))
    open_to_all = world.acme.posts[State.INTERNAL_REVIEW]

    def shown(actor: Actor) -> set[str]:
        filters = Filters(person=WAITS_FOR_ME, client="ACME")
        with database.read() as session:
            columns = board.columns(session, actor, filters, now=NOW, size=30)
        return {card.id for column in columns for card in column.cards}

    assert shown(world.iris) == {asked.hex, open_to_all.hex}
    assert shown(world.ana) == {open_to_all.hex}
    assert shown(world.ben) == set()
    assert shown(world.bodil) == set()


def test_it_costs_the_same_for_many_stages_and_many_posts(database: Database, world: World) -> None:
    def cost(post_id: UUID) -> tuple[int, int]:
        with count_queries(database) as one, database.read() as session:
            approvals.of_post(session, world.iris, post_id, now=NOW)
        with count_queries(database) as many, database.read() as session:
            work.work(session, world.iris, now=NOW)
        return len(one), len(many)

    few = cost(submitted(database, world, brand(world, due_hours=8)))
    stages = [brand(world, Rule.ANY, due_hours=8) for _ in range(4)]
    posts_of_four = [submitted(database, world, *stages) for _ in range(5)]
    for post_id in posts_of_four:
        step(database, world.cora, post_id, Action.APPROVE)
    assert cost(posts_of_four[0]) == few


def test_a_role_is_named_as_it_stands_in_the_chain(database: Database, world: World) -> None:
    stage = Stage(Side.INTERNAL, "Art", role=Role.ART_DIRECTOR)
    post_id = submitted(database, world, stage)

    found = seen(database, world.ben, post_id)

    art = StageSeen("internal", "Art", "art_director", [], "any", 0)
    assert found.chain == ChainSeen("post", "It is a launch.", "Aron", [art])
    assert found.asked
    assert found.asked.missing == ["Iris"]
