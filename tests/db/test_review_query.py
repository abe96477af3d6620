"""What the client's page reads: their own posts in their own states, and not a word more."""

from dataclasses import asdict, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.queries import review, review_look, review_plan, review_rounds
from postboard.db.queries.review import Brand, Choice, Picture, Queue, Waiting
from postboard.db.queries.review_plan import Plan, PlannedPost
from postboard.db.queries.review_rounds import LastRound
from postboard.db.queries.turns import Turn
from postboard.db.review_models import ReviewRequest
from postboard.domain.content import Reason, Words
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, ChangeTag, State
from postboard.services import post_rows, posts, steps
from postboard.services.steps import Answer
from tests.world import LINK, NOW, REASON, World, bring_to, count_queries, step

PICTURE = "https://images.example/acme-client_review.jpg"
PLANNED_AT = "2026-03-05T09:00Z"


def waiting_for(database: Database, actor: Actor) -> list[Waiting]:
    with database.read() as session:
        waiting = review.queue(session, actor, NOW)
        keys = [UUID(one) for one in [*waiting.own, *waiting.others]]
        return review.in_full(session, actor, keys, NOW)


def plan_of(database: Database, actor: Actor) -> Plan:
    with database.read() as session:
        return review_plan.plan(session, actor)


def test_the_reviewer_sees_the_post_as_it_will_look(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    with database.read() as session:
        asked = select(ReviewRequest).where(
            col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
        )
        request = session.execute(asked).scalar_one()
    assert waiting_for(database, world.cleo) == [
        Waiting(
            id=post_id.hex,
            revision=1,
            round=1,
            rounds_included=3,
            brand="Acme",
            hue=250,
            zone="Europe/Berlin",
            title="Acme client_review",
            caption="Acme secret of the client_review post",
            link="",
            first_comment="",
            networks=["instagram", "linkedin"],
            pictures=[Picture(PICTURE, "Acme client_review", PICTURE)],
            planned_at=PLANNED_AT,
            sent_by="Ana",
            sent_at="2026-03-02T09:00Z",
            before=None,
            turn=Turn(
                request=request.id.hex,
                mine=True,
                waits_for=["Cleo"],
                due_at="2026-03-04T09:00Z",
                due_in=16 * 60,
            ),
        )
    ]


def test_a_reviewer_chooses_among_what_waits_for_their_own_decision(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    send_again(database, world, post_id, Words(caption="New\nwords", networks=("x",)))
    (waiting,) = waiting_for(database, world.cleo)
    with database.read() as session:
        chosen = {
            name: review.choices(session, getattr(world, name), NOW)
            for name in ("cleo", "vera", "ana")
        }

    assert chosen == {
        "cleo": [
            Choice(
                id=post_id.hex,
                revision=2,
                round=2,
                request=waiting.turn.request,
                text="New words",
                picture="",
                at=PLANNED_AT,
                zone="Europe/Berlin",
            )
        ],
        "vera": [],
        "ana": [],
    }


def test_the_viewer_sees_the_same_and_may_not_decide(database: Database, world: World) -> None:
    (post,) = waiting_for(database, world.cleo)

    assert waiting_for(database, world.vera) == [replace(post, turn=replace(post.turn, mine=False))]


def test_another_brands_reviewer_sees_only_their_own(database: Database, world: World) -> None:
    seen = [*waiting_for(database, world.dora), plan_of(database, world.dora)]

    assert "Acme" not in str([asdict(one) for one in seen])
    assert [post.brand for post in waiting_for(database, world.dora)] == ["Borealis"]


def test_nothing_is_read_of_posts_that_do_not_wait_here(database: Database, world: World) -> None:
    others = [
        post for state, post in world.acme.posts.items() if state not in review_rounds.WAITING
    ]
    foreign = list(world.borealis.posts.values())

    with database.read() as session:
        assert review.in_full(session, world.cleo, [*others, *foreign], NOW) == []


def test_the_soonest_post_comes_first_and_those_without_a_date_last(
    database: Database, world: World
) -> None:
    middle = world.acme.posts[State.CLIENT_REVIEW]
    undated, early = another(database, world), another(database, world)
    plan_for(database, world, undated, None)
    plan_for(database, world, early, 1)

    with database.read() as session:
        waiting = [post_id.hex for post_id in (early, middle, undated)]
        assert review.queue(session, world.cleo, NOW) == Queue(waiting, [])


def test_the_next_round_shows_what_was_asked_and_that_it_was_changed(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    send_again(database, world, post_id, Words(caption="New words", networks=("x",)))

    (seen,) = waiting_for(database, world.cleo)
    assert (seen.round, seen.revision, seen.sent_by) == (2, 2, "Aron")
    assert seen.before == LastRound(
        who="Cleo",
        mine=True,
        at="2026-03-02T09:00Z",
        text=REASON.text,
        tags=["image"],
        changed=True,
    )
    (read_along,) = waiting_for(database, world.vera)
    assert read_along.before == replace(seen.before, mine=False)


def test_the_next_round_tells_what_changed_and_not_who_changed_it(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    send_again(database, world, post_id, Words(caption="New words", networks=("x",)))

    with database.read() as session:
        changed = review_look.changes(session, world.cleo, post_id)
        look = review_look.look(session, world.cleo, post_id)
    assert (changed.before.number, changed.after.number) == (1, 2)
    assert (changed.before.who, changed.after.who) == ("", "")
    assert changed.fields == ["caption", "title", "networks", "media"]
    assert (look.id, look.words["caption"], look.client) == (
        post_id.hex,
        "New words",
        {"name": "Acme", "hue": 250},
    )


def test_a_closer_look_is_for_what_waits_for_ones_own_side(
    database: Database, world: World
) -> None:
    with database.read() as session:
        for state, post_id in world.acme.posts.items():
            for ask in (review_look.look, review_look.changes):
                if state is State.CLIENT_REVIEW and ask is review_look.look:
                    continue
                with pytest.raises(NotFound):
                    ask(session, world.cleo, post_id)
        for post_id in world.borealis.posts.values():
            with pytest.raises(NotFound):
                review_look.look(session, world.cleo, post_id)


def test_an_unchanged_post_says_so(database: Database, world: World) -> None:
    send_again(database, world, world.acme.posts[State.CLIENT_REVIEW], None)

    (seen,) = waiting_for(database, world.cleo)
    assert seen.before
    assert not seen.before.changed


def test_what_the_agency_said_to_itself_stays_there(database: Database, world: World) -> None:
    post_id = bring_to(
        database,
        world.acme.id,
        State.INTERNAL_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
    )
    whisper = Reason("The client is difficult.", (ChangeTag.COPY,))
    for actor, action in (
        (world.iris, Action.REQUEST_CHANGES),
        (world.ben, Action.SUBMIT),
        (world.iris, Action.APPROVE),
        (world.aron, Action.SEND_TO_CLIENT),
        (world.aron, Action.RECALL),
        (world.aron, Action.SEND_TO_CLIENT),
    ):
        say(database, actor, post_id, action, whisper)

    with database.read() as session:
        (seen,) = review.in_full(session, world.cleo, [post_id], NOW)
    assert seen.before == LastRound(
        "", mine=False, at=seen.sent_at, text="", tags=[], changed=False
    )
    assert "difficult" not in str(asdict(seen))
    assert not {"Iris", "Ben"} & set(str(asdict(seen)).split("'"))


def test_certificates_are_for_whoever_decides(database: Database, world: World) -> None:
    def offered(who: Actor) -> set[bool]:
        seen = plan_of(database, who)
        return {one.certificate for one in (*seen.coming, *seen.published)}

    assert [offered(world.cleo), offered(world.vera)] == [{True, False}, {False}]


def test_the_plan_is_what_was_decided_by_date(database: Database, world: World) -> None:
    steps = {
        State.APPROVED: Action.HOLD,
        State.SCHEDULED: Action.HOLD,
        State.ON_HOLD: Action.RELEASE,
    }
    with database.read() as session:
        versions = {
            state: post_rows.find(session, world.ana, world.acme.posts[state]).version
            for state in steps
        }

    def line(state: State, link: str = "") -> PlannedPost:
        return PlannedPost(
            id=world.acme.posts[state].hex,
            brand="Acme",
            zone="Europe/Berlin",
            state=state,
            text=f"Acme {state}",
            picture=f"https://images.example/acme-{state}.jpg",
            networks=["instagram", "linkedin"],
            at=PLANNED_AT,
            link=link,
            certificate=state is not State.CLIENT_REWORK,
            step=steps.get(state, ""),
            version=versions.get(state, 0),
        )

    seen = plan_of(database, world.cleo)

    coming = [line(state) for state in review_plan.PLANNED]
    assert seen == Plan(
        sorted(coming, key=lambda one: UUID(one.id).int),
        len(review_plan.PLANNED),
        [line(State.PUBLISHED)],
        1,
    )
    step(database, world.ana, world.acme.posts[State.PUBLISH_FAILED], Action.MARK_PUBLISHED)
    published = plan_of(database, world.cleo).published
    assert {one.link for one in published} == {"", LINK}


def test_the_plan_shows_nothing_of_what_is_being_rewritten(
    database: Database, world: World
) -> None:
    before, post_id = plan_of(database, world.cleo), world.acme.posts[State.CLIENT_REWORK]
    words = Words("Not sent yet", "Not sent yet", networks=("x",))
    with database.write() as session:
        version = post_rows.find(session, world.ana, post_id).version
        posts.edit(session, world.ana, post_id, words, version=version, now=NOW)
    assert plan_of(database, world.cleo) == before


def test_a_brand_says_whether_one_decides_for_it(database: Database, world: World) -> None:
    with database.read() as session:
        assert [
            review.brands(session, world.cleo),
            review.brands(session, world.vera),
            review.brands(session, world.dora),
        ] == [
            [Brand("Acme", may_decide=True)],
            [Brand("Acme", may_decide=False)],
            [Brand("Borealis", may_decide=True)],
        ]


def test_queries_do_not_grow_with_posts(database: Database, world: World) -> None:
    def count() -> int:
        with count_queries(database) as statements:
            waiting_for(database, world.cleo)
            plan_of(database, world.cleo)
        return len(statements)

    few = count()
    for _ in range(8):
        another(database, world)

    assert count() == few


def another(database: Database, world: World) -> UUID:
    return bring_to(
        database,
        world.acme.id,
        State.CLIENT_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
    )


def plan_for(database: Database, world: World, post_id: UUID, days: int | None) -> None:
    at = None if days is None else NOW + timedelta(days=days)
    with database.write() as session:
        version = post_rows.find(session, world.ana, post_id).version
        posts.replan(session, world.ana, post_id, at, version=version, now=NOW)


def say(database: Database, actor: Actor, post_id: UUID, action: Action, reason: Reason) -> None:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        steps.take_step(
            session, actor, post_id, action, version=version, answer=Answer(reason), now=NOW
        )


def send_again(database: Database, world: World, post_id: UUID, words: Words | None) -> None:
    """Cleo asks for changes, the agency answers with `words` and sends it once more."""
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES)
    if words:
        with database.write() as session:
            version = post_rows.find(session, world.ana, post_id).version
            posts.edit(session, world.ana, post_id, words, version=version, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.APPROVE)
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
