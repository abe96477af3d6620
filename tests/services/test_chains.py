"""Who is asked, whose yes counts, and when the post moves on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from postboard.db.engine import Database, signals_of
from postboard.db.models import Client, Event
from postboard.db.queries import post, post_page
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.chains import Chain, Rule, Side, Stage, StageRefused, preset
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, Approval, Policy, State
from postboard.services import chains, clients, post_rows, post_words, posts, reviews, steps
from postboard.services.chains import Scope
from postboard.services.clients import NewClient
from postboard.services.post_rows import Found
from postboard.services.posts import NewPost
from postboard.services.requests import DecidedAlready, NotAsked
from postboard.services.steps import Answer, NeedsReason, NoSuchStep
from tests.world import (
    NOW,
    REASON,
    WORDS,
    World,
    at_once,
    everything_in,
    found,
    full_answer,
    reviewer,
    step,
)

OPEN_INTERNAL, OPEN_CLIENT = Stage(Side.INTERNAL), Stage(Side.CLIENT)


def ids(*actors: Actor) -> tuple[UUID, ...]:
    return tuple(actor.user_id for actor in actors if actor.user_id)


def both(world: World, rule: Rule) -> Stage:
    return Stage(Side.INTERNAL, "Brand", people=ids(world.cora, world.iris), rule=rule)


def set_chain(
    database: Database,
    actor: Actor,
    scope: Scope,
    *stages: Stage,
    version: int = 0,
    reason: str = "",
) -> int:
    with database.write() as session:
        return chains.set_chain(
            session, actor, scope, stages, version=version, reason=reason, now=NOW
        )


def chain_for(database: Database, scope: Scope) -> Chain:
    with database.read() as session:
        return chains.chain_for(session, scope.client_id, scope.campaign_id, scope.post_id)


def of_acme(world: World) -> Scope:
    return Scope(world.acme.id)


def new_post(database: Database, world: World, campaign_id: UUID | None = None) -> UUID:
    new = NewPost(WORDS, NOW + timedelta(days=3), campaign_id)
    with database.write() as session:
        return posts.create(session, world.ben, world.acme.id, new, now=NOW)


def submitted(database: Database, world: World, *stages: Stage) -> UUID:
    """A post in review under a chain of Acme's own."""
    set_chain(database, world.aron, of_acme(world), *stages)
    post_id = new_post(database, world)
    step(database, world.ben, post_id, Action.SUBMIT)
    return post_id


def approve(database: Database, actor: Actor, post_id: UUID) -> Found:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        return steps.take_step(session, actor, post_id, Action.APPROVE, version=version, now=NOW)


def requests_of(database: Database, post_id: UUID) -> list[tuple[int, int, str, str]]:
    """Revision, stage, side and outcome of each, as they were asked."""
    with database.read() as session:
        rows = session.execute(
            select(ReviewRequest).where(col(ReviewRequest.post_id) == post_id)
        ).scalars()
        return sorted(
            (row.revision, row.stage, row.side, row.outcome if row.closed_at else "open")
            for row in rows
        )


def open_request(database: Database, post_id: UUID) -> ReviewRequest:
    with database.read() as session:
        return session.execute(
            select(ReviewRequest).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()


def decisions_of(database: Database, post_id: UUID) -> list[tuple[int, str, bool]]:
    with database.read() as session:
        rows = session.execute(
            select(col(ReviewRequest.stage), col(Decision.person_name), col(Decision.approved))
            .join(ReviewRequest, col(ReviewRequest.id) == col(Decision.request_id))
            .where(col(ReviewRequest.post_id) == post_id)
        )
        return sorted(tuple(row) for row in rows)


def last_event(database: Database, stream: UUID) -> tuple[str, dict[str, Any]]:
    with database.read() as session:
        row = session.execute(
            select(col(Event.kind), col(Event.content))
            .where(col(Event.stream_id) == stream)
            .order_by(col(Event.position).desc())
            .limit(1)
        ).one()
    return row[0], row[1]


def refused(
    database: Database, actor: Actor, post_id: UUID, action: Action = Action.APPROVE
) -> Refused:
    """The refusal of a step on the newest version; nothing may have changed."""
    before = everything_in(database)
    with pytest.raises(Refused) as no:
        step(database, actor, post_id, action)
    assert everything_in(database) == before
    return no.value


def leave(database: Database, world: World, actor: Actor) -> None:
    assert actor.user_id
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, actor.user_id, now=NOW)


def test_a_request_says_who_is_asked_about_what_by_when_and_why(
    database: Database, world: World
) -> None:
    stage = replace(both(world, Rule.ALL), due_hours=8)
    chain = (stage, OPEN_CLIENT)
    set_chain(database, world.aron, of_acme(world), *chain)
    post_id = new_post(database, world)
    with database.write() as session:
        steps.take_step(
            session,
            world.ben,
            post_id,
            Action.SUBMIT,
            version=1,
            answer=Answer(message=" Is the logo right? "),
            now=NOW,
        )

    asked = open_request(database, post_id).model_dump(exclude={"id"})

    assert asked == {
        "post_id": post_id,
        "client_id": world.acme.id,
        "revision": 1,
        "round": 0,
        "stage": 0,
        "side": "internal",
        "name": "Brand",
        "rule": "all",
        "reviewers": [person.hex for person in ids(world.cora, world.iris)],
        "chain": Chain(chain).as_json(),
        "message": "Is the logo right?",
        "asked_by": world.ben.user_id,
        "asked_at": NOW,
        "due_at": asked["due_at"],
        "closed_at": None,
        "outcome": "",
    }
    assert asked["due_at"] >= NOW + timedelta(hours=8)


@pytest.mark.parametrize(
    ("approval", "states"),
    [
        (Approval.NOBODY, [State.APPROVED]),
        (Approval.INTERNAL_ONLY, [State.INTERNAL_REVIEW, State.APPROVED]),
        (Approval.CLIENT_ONLY, [State.READY_FOR_CLIENT, State.CLIENT_REVIEW, State.APPROVED]),
        (
            Approval.INTERNAL_AND_CLIENT,
            [State.INTERNAL_REVIEW, State.READY_FOR_CLIENT, State.CLIENT_REVIEW, State.APPROVED],
        ),
    ],
)
def test_a_preset_is_walked(
    database: Database, world: World, approval: Approval, states: list[State]
) -> None:
    set_chain(database, world.aron, of_acme(world), *preset(approval).stages)
    post_id = new_post(database, world)
    does = {
        State.DRAFT: (world.ben, Action.SUBMIT),
        State.INTERNAL_REVIEW: (world.iris, Action.APPROVE),
        State.READY_FOR_CLIENT: (world.aron, Action.SEND_TO_CLIENT),
        State.CLIENT_REVIEW: (world.cleo, Action.APPROVE),
    }
    walked = [State.DRAFT]
    while walked[-1] in does:
        walked.append(step(database, does[walked[-1]][0], post_id, does[walked[-1]][1]).state)

    assert walked[1:] == states
    with database.read() as session:
        assert session.get_one(Client, world.acme.id).approval is approval


def test_any_of_the_named_people_is_enough_and_nobody_else(
    database: Database, world: World
) -> None:
    post_id = submitted(database, world, both(world, Rule.ANY))

    no = refused(database, world.ana, post_id)

    assert (type(no), str(no)) == (NotAsked, "This stage is decided by Cora, Iris.")
    assert str(refused(database, world.ana, post_id, Action.REQUEST_CHANGES)) == str(no)
    assert approve(database, world.iris, post_id).state is State.APPROVED
    assert decisions_of(database, post_id) == [(0, "Iris", True)]
    assert requests_of(database, post_id) == [(1, 0, "internal", "approved")]


def test_all_of_them_are_needed_and_only_the_last_one_moves_the_post(
    database: Database, world: World
) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL), OPEN_CLIENT)
    before = found(database, world.ana, post_id)
    asked = str(open_request(database, post_id).id)

    assert approve(database, world.cora, post_id) == before
    assert found(database, world.ana, post_id) == before
    named = {"request": asked, "stage": 0, "stage_name": "Brand", "revision": 1}
    with database.read() as session:
        named["words_digest"] = post_words.digest_of(session, post_id, 1)
    assert last_event(database, post_id) == ("post.decided", named)

    assert approve(database, world.iris, post_id).state is State.READY_FOR_CLIENT
    assert last_event(database, post_id) == (
        "post.approve",
        {"from": "internal_review", "to": "ready_for_client", **named},
    )
    assert decisions_of(database, post_id) == [(0, "Cora", True), (0, "Iris", True)]


def test_only_those_who_are_asked_are_offered_to_decide(database: Database, world: World) -> None:
    post_id = submitted(database, world, both(world, Rule.ANY))

    def offered(actor: Actor) -> list[str]:
        with database.read() as session:
            steps = [
                step.action for step in post_page.opened(session, actor, post_id, now=NOW).steps
            ]
            assert post.in_full(session, actor, post_id, now=NOW).actions == steps
        return steps

    assert offered(world.iris) == ["approve", "request_changes"]
    assert offered(world.ana) == []
    leave(database, world, world.cora)
    assert offered(world.ana) == []
    leave(database, world, world.iris)
    assert offered(world.ana) == ["approve", "request_changes"]


def test_one_request_for_changes_ends_an_all_of_stage(database: Database, world: World) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL))
    approve(database, world.cora, post_id)

    sent_back = step(database, world.iris, post_id, Action.REQUEST_CHANGES)

    assert sent_back.state is State.INTERNAL_REWORK
    assert decisions_of(database, post_id) == [(0, "Cora", True), (0, "Iris", False)]
    assert requests_of(database, post_id) == [(1, 0, "internal", "changes_requested")]
    step(database, world.ben, post_id, Action.SUBMIT)
    assert requests_of(database, post_id) == [
        (1, 0, "internal", "changes_requested"),
        (1, 0, "internal", "open"),
    ]


def test_the_next_internal_stage_is_asked_before_the_post_goes_on(
    database: Database, world: World
) -> None:
    legal = Stage(Side.INTERNAL, "Legal", people=ids(world.ana))
    post_id = submitted(database, world, both(world, Rule.ANY), legal, OPEN_CLIENT)
    before = found(database, world.ana, post_id)

    stays = approve(database, world.iris, post_id)

    assert stays == replace(before, version=before.version + 1)
    assert requests_of(database, post_id) == [
        (1, 0, "internal", "approved"),
        (1, 1, "internal", "open"),
    ]
    assert open_request(database, post_id).asked_by == world.ben.user_id
    with pytest.raises(Stale), database.write() as session:
        steps.take_step(
            session, world.ana, post_id, Action.APPROVE, version=before.version, now=NOW
        )
    assert type(refused(database, world.iris, post_id)) is NotAsked
    assert approve(database, world.ana, post_id).state is State.READY_FOR_CLIENT


def test_client_stages_follow_one_another_in_one_round(database: Database, world: World) -> None:
    carl = reviewer(database, world, "Carl")
    first = Stage(Side.CLIENT, "Marketing", people=ids(world.cleo))
    second = Stage(Side.CLIENT, "Board", people=ids(carl))
    post_id = submitted(database, world, OPEN_INTERNAL, first, second)
    approve(database, world.iris, post_id)
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
    asked = open_request(database, post_id).id
    said = reviews.Decision(post_id, 1, 1, Action.APPROVE, request_id=asked)

    with database.write() as session, pytest.raises(NotAsked):
        reviews.decide(session, carl, said, now=NOW)
    with database.write() as session:
        stays = reviews.decide(session, world.cleo, said, now=NOW)
    with database.write() as session:
        assert reviews.decide(session, world.cleo, said, now=NOW) == stays
    with database.write() as session, pytest.raises(Stale):
        reviews.decide(session, carl, said, now=NOW)

    assert (stays.state, stays.rounds) == (State.CLIENT_REVIEW, 1)
    assert approve(database, carl, post_id).state is State.APPROVED
    assert requests_of(database, post_id) == [
        (1, 0, "internal", "approved"),
        (1, 1, "client", "approved"),
        (1, 2, "client", "approved"),
    ]


def test_a_role_is_asked_as_it_is_filled_when_the_post_comes_in(
    database: Database, world: World
) -> None:
    stage = Stage(Side.INTERNAL, role=Role.ART_DIRECTOR)
    post_id = submitted(database, world, stage)

    assert open_request(database, post_id).reviewers == [p.hex for p in ids(world.iris)]
    assert str(refused(database, world.cora, post_id)) == "This stage is decided by Iris."
    assert approve(database, world.iris, post_id).state is State.APPROVED


@pytest.mark.parametrize("rule", Rule)
def test_two_who_decide_at_once_both_count_where_all_are_asked(
    database: Database, world: World, rule: Rule
) -> None:
    post_id = submitted(database, world, both(world, rule), OPEN_CLIENT)
    version = found(database, world.ana, post_id).version

    def say(actor: Actor) -> Found:
        with database.write() as session:
            return steps.take_step(
                session, actor, post_id, Action.APPROVE, version=version, now=NOW
            )

    results = at_once(lambda: say(world.cora), lambda: say(world.iris))

    assert found(database, world.ana, post_id).state is State.READY_FOR_CLIENT
    if rule is Rule.ALL:
        assert [type(result) for result in results] == [Found, Found]
        assert decisions_of(database, post_id) == [(0, "Cora", True), (0, "Iris", True)]
    else:
        assert {type(result) for result in results} == {Found, Stale}
        assert len(decisions_of(database, post_id)) == 1


def test_nobody_decides_twice(database: Database, world: World) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL))
    approve(database, world.cora, post_id)

    for action in (Action.APPROVE, Action.REQUEST_CHANGES):
        assert type(refused(database, world.cora, post_id, action)) is DecidedAlready


def test_other_words_ask_anew_and_the_old_revision_is_decided_by_nobody(
    database: Database, world: World
) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL))
    approve(database, world.cora, post_id)
    with database.write() as session:
        version = post_rows.find(session, world.ben, post_id).version
        words = replace(WORDS, caption="Quite other buns.")
        posts.edit(session, world.ben, post_id, words, version=version, now=NOW)

    assert requests_of(database, post_id) == [
        (1, 0, "internal", "superseded"),
        (2, 0, "internal", "open"),
    ]
    with pytest.raises(Stale), database.write() as session:
        steps.take_step(session, world.iris, post_id, Action.APPROVE, revision=1, now=NOW)
    assert approve(database, world.iris, post_id).state is State.INTERNAL_REVIEW
    assert approve(database, world.cora, post_id).state is State.APPROVED


def test_what_was_taken_back_is_decided_by_nobody_and_asked_anew(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    old = open_request(database, post_id).id
    step(database, world.aron, post_id, Action.RECALL)

    assert type(refused(database, world.cleo, post_id)) is NotFound
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
    late = reviews.Decision(post_id, 1, 2, Action.APPROVE, request_id=old)
    with pytest.raises(Stale), database.write() as session:
        reviews.decide(session, world.cleo, late, now=NOW)
    assert requests_of(database, post_id) == [
        (1, 0, "internal", "approved"),
        (1, 1, "client", "open"),
        (1, 1, "client", "recalled"),
    ]


def test_changing_the_chain_leaves_what_is_under_way(database: Database, world: World) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL), OPEN_CLIENT)
    before = open_request(database, post_id)
    approve(database, world.cora, post_id)

    set_chain(database, world.aron, of_acme(world), Stage(Side.INTERNAL), version=1)

    assert open_request(database, post_id) == before
    assert type(refused(database, world.ana, post_id)) is NotAsked
    assert approve(database, world.iris, post_id).state is State.READY_FOR_CLIENT
    # It was on its way to the client, so somebody there is still asked.
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
    assert open_request(database, post_id).chain == [
        OPEN_INTERNAL.as_json(),
        OPEN_CLIENT.as_json(),
    ]
    assert approve(database, world.cleo, post_id).state is State.APPROVED
    later = new_post(database, world)
    step(database, world.ben, later, Action.SUBMIT)
    assert approve(database, world.ana, later).state is State.APPROVED


def test_a_reviewer_who_leaves_is_not_waited_for(database: Database, world: World) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL))
    approve(database, world.cora, post_id)
    leave(database, world, world.iris)

    assert approve(database, world.cora, post_id).state is State.APPROVED
    assert decisions_of(database, post_id) == [(0, "Cora", True)]


def test_where_all_reviewers_left_whoever_may_decides(database: Database, world: World) -> None:
    post_id = submitted(database, world, both(world, Rule.ALL))
    for gone in (world.cora, world.iris):
        leave(database, world, gone)

    assert approve(database, world.ana, post_id).state is State.APPROVED


def test_a_post_from_before_there_were_requests_follows_the_preset(
    database: Database, world: World
) -> None:
    with database.write() as session:
        session.execute(delete(Decision))
        session.execute(delete(ReviewRequest))
    post_id = world.acme.posts[State.CLIENT_REVIEW]

    assert type(refused(database, world.ana, post_id)) is NotAllowed
    assert approve(database, world.cleo, post_id).state is State.APPROVED
    assert requests_of(database, post_id) == [(1, 1, "client", "approved")]
    assert decisions_of(database, post_id) == [(1, "Cleo", True)]


def test_the_nearest_chain_holds(database: Database, world: World) -> None:
    campaign_id = world.acme.campaign_id
    post_id = new_post(database, world, campaign_id)
    of_campaign = Scope(world.acme.id, campaign_id)
    of_post = Scope(world.acme.id, campaign_id, post_id)
    own = {
        of_acme(world): (Stage(Side.INTERNAL, people=ids(world.ana)), OPEN_CLIENT),
        of_campaign: (Stage(Side.INTERNAL, people=ids(world.cora)),),
        of_post: (),
    }

    assert chain_for(database, of_post) == preset(Approval.INTERNAL_AND_CLIENT)
    for scope, stages in own.items():
        reason = "They asked for it." if scope.is_override else ""
        set_chain(database, world.aron, scope, *stages, reason=reason)
        assert chain_for(database, of_post) == Chain(stages)
    assert chain_for(database, of_campaign) == Chain(own[of_campaign])
    with database.read() as session:
        assert session.get_one(Client, world.acme.id).approval is Approval.INTERNAL_AND_CLIENT

    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.APPROVED
    sibling = new_post(database, world, campaign_id)
    step(database, world.ben, sibling, Action.SUBMIT)
    assert approve(database, world.cora, sibling).state is State.APPROVED


def test_an_override_is_dropped(database: Database, world: World) -> None:
    post_id = new_post(database, world)
    scope = Scope(world.acme.id, post_id=post_id)
    set_chain(database, world.aron, scope, reason="A joke among us.")
    with pytest.raises(Stale), database.write() as session:
        chains.drop_override(session, world.aron, scope, version=2, now=NOW)
    with database.write() as session:
        chains.drop_override(session, world.aron, scope, version=1, now=NOW)

    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.INTERNAL_REVIEW


def test_a_changed_chain_is_told_with_its_reason(database: Database, world: World) -> None:
    scope = Scope(world.acme.id, post_id=new_post(database, world))
    stage = Stage(Side.CLIENT, "Board", people=ids(world.cleo), due_hours=16)

    assert set_chain(database, world.aron, scope, stage, reason=" It names a rival. ") == 1

    content = {"stages": [stage.as_json()], "reason": "It names a rival."}
    assert scope.post_id
    assert last_event(database, scope.post_id) == ("chain.changed", content)


def test_a_chain_is_changed_on_its_newest_version(database: Database, world: World) -> None:
    set_chain(database, world.aron, of_acme(world), OPEN_INTERNAL)
    before = everything_in(database)
    for version in (0, 2):
        with pytest.raises(Stale):
            set_chain(database, world.aron, of_acme(world), version=version)
    assert everything_in(database) == before
    results = at_once(
        *[lambda: set_chain(database, world.aron, of_acme(world), OPEN_CLIENT, version=1)] * 2
    )
    assert sorted(str(type(result).__name__) for result in results) == ["Stale", "int"]


def test_who_may_change_a_chain(database: Database, world: World) -> None:
    scopes = [
        (of_acme(world), ""),
        (Scope(world.acme.id, world.acme.campaign_id), "Because."),
        (Scope(world.acme.id, post_id=world.acme.posts[State.DRAFT]), "Because."),
    ]
    before = everything_in(database)
    nobody = {NotAllowed: (world.cora, world.ben, world.iris, world.cleo, world.vera)}
    nobody[NotFound] = (world.dora, world.bodil)
    for scope, reason in scopes:
        for refusal, people in nobody.items():
            for somebody in people:
                # The client does not even see a draft.
                unseen = scope.post_id and somebody in (world.cleo, world.vera)
                with pytest.raises(NotFound if unseen else refusal):
                    set_chain(database, somebody, scope, reason=reason)
    assert everything_in(database) == before
    for scope, reason in scopes:
        for leader in (world.aron, world.ana):
            version = 0 if leader is world.aron else 1
            set_chain(database, leader, scope, version=version, reason=reason)


def test_an_override_needs_a_reason(database: Database, world: World) -> None:
    with pytest.raises(NeedsReason):
        set_chain(database, world.aron, Scope(world.acme.id, world.acme.campaign_id), reason=" ")


def test_what_belongs_to_another_client_is_not_found(database: Database, world: World) -> None:
    theirs = world.borealis
    for scope in (
        Scope(world.acme.id, theirs.campaign_id),
        Scope(world.acme.id, post_id=theirs.posts[State.DRAFT]),
    ):
        with pytest.raises(NotFound):
            set_chain(database, world.ana, scope, reason="Because.")


@pytest.mark.parametrize("side", Side)
def test_only_people_who_may_decide_there_are_named(
    database: Database, world: World, side: Side
) -> None:
    right = {Side.INTERNAL: (world.cora, world.iris, world.ana, world.alma)}
    right[Side.CLIENT] = (world.cleo,)
    before = everything_in(database)
    for somebody in (actor for actor in world.everybody() if actor not in right[side]):
        with pytest.raises(BadInput):
            set_chain(
                database,
                world.ana,
                of_acme(world),
                Stage(side, people=(*ids(*right[side]), *ids(somebody))),
            )
    assert everything_in(database) == before
    set_chain(database, world.ana, of_acme(world), Stage(side, people=ids(*right[side])))


def test_another_preset_ends_the_clients_own_chain_and_the_same_one_keeps_it(
    database: Database, world: World
) -> None:
    own: Sequence[Stage] = (both(world, Rule.ALL), OPEN_CLIENT)
    set_chain(database, world.aron, of_acme(world), *own)

    def change(approval: Approval) -> None:
        new = NewClient("Acme", policy=Policy(approval))
        with database.write() as session:
            clients.change_client(
                session, world.aron, world.acme.id, new, rounds_included=3, now=NOW
            )

    change(Approval.INTERNAL_AND_CLIENT)
    assert chain_for(database, of_acme(world)) == Chain(tuple(own))
    change(Approval.INTERNAL_ONLY)
    assert chain_for(database, of_acme(world)) == preset(Approval.INTERNAL_ONLY)


def test_the_agreement_can_change_and_leave_who_approves(database: Database, world: World) -> None:
    own = (both(world, Rule.ALL),)
    set_chain(database, world.aron, of_acme(world), *own)
    new = NewClient("Acme", policy=Policy(Approval.NOBODY, rework_goes_to_client=True))
    with database.write() as session:
        clients.change_client(
            session,
            world.aron,
            world.acme.id,
            new,
            rounds_included=3,
            keep_chain=True,
            now=NOW,
        )

    assert chain_for(database, of_acme(world)) == Chain(own)
    with database.read() as session:
        client = session.get_one(Client, world.acme.id)
        kept = (client.approval, client.rework_goes_to_client)
    assert kept == (Approval.INTERNAL_ONLY, True)


def test_what_does_not_work_is_said_of_its_stage(database: Database, world: World) -> None:
    wrong = {
        "Choose people who may approve on this side.": Stage(
            Side.CLIENT, people=ids(world.cleo, world.ana)
        ),
        "That role may not approve on this side.": Stage(Side.CLIENT, role=Role.COPYWRITER),
        "Hours are a number from 1 to 400.": Stage(Side.CLIENT, due_hours=401),
    }
    before = everything_in(database)
    for sentence, stage in wrong.items():
        with pytest.raises(StageRefused) as no:
            set_chain(database, world.aron, of_acme(world), OPEN_INTERNAL, OPEN_CLIENT, stage)
        assert (no.value.stage, str(no.value)) == (2, sentence)
    assert everything_in(database) == before


def test_whoever_looks_at_the_post_hears_that_its_chain_changed_but_the_client(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    scope = Scope(world.acme.id, post_id=post_id)
    with database.write() as session:
        chains.set_chain(session, world.aron, scope, (), reason="Done.", version=0, now=NOW)
        told = [(s.post_id, s.whole, s.beside, s.private) for s in signals_of(session)]
    assert told == [(post_id, True, True, True)]


def test_a_step_that_answers_no_request_names_none(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    with pytest.raises(Stale), database.write() as session:
        steps.take_step(
            session,
            world.ana,
            post_id,
            Action.HOLD,
            revision=1,
            request_id=post_id,
            answer=full_answer(Action.HOLD),
            now=NOW,
        )
    with pytest.raises(NoSuchStep):
        approve(database, world.cleo, post_id)


def test_the_reasons_of_a_decision_are_kept_with_it(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES)
    with database.read() as session:
        said = session.execute(
            select(Decision).where(col(Decision.person_id) == world.cleo.user_id)
        ).scalars()
        kept = [(row.approved, row.reason, row.tags) for row in said if not row.approved]
    assert (False, REASON.text, list(REASON.tags)) in kept
