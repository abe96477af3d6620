"""How approval flows in the named world: what is on record, for whom, and how often it is read."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Post
from postboard.db.queries import agreements as agreed
from postboard.db.queries import flow as query
from postboard.db.queries.flow import FlowFilters, Log
from postboard.db.review_models import ReviewRequest
from postboard.domain import flow_quality, flow_times
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.content import Words
from postboard.domain.flow import Outcome, Walk
from postboard.domain.flow_report import PostName
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.services import agreements, chains, plan_import, posts, reviews
from postboard.services.chains import Scope
from postboard.services.posts import NewPost
from postboard.services.reviews import Decision
from tests.requests import utc
from tests.world import WORDS, World, count_queries, found, step

MONDAY = utc("09T08:00")
"""Nine o'clock in Berlin, a week after the world began."""
HOUR = timedelta(hours=1)
WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
ANY = FlowFilters()


def read(
    database: Database,
    actor: Actor,
    filters: FlowFilters = ANY,
    *,
    since: date = date(2026, 3, 9),
    log: Log | None = None,
) -> dict[UUID, Walk]:
    with database.read() as session:
        now = MONDAY + timedelta(days=5)
        known = query.read(session, actor, filters, since=since, now=now, log=log or Log())
    return {one.post_id: one for one in known.walks}


def sent(database: Database, world: World, at=MONDAY, planned_at=None, **more) -> UUID:
    """With its client since then."""
    new = NewPost(WORDS, planned_at, **more)
    with database.write() as session:
        post_id = posts.create(session, world.ana, world.acme.id, new, now=at)
    for actor, action in [
        (world.ben, Action.SUBMIT),
        (world.iris, Action.APPROVE),
        (world.aron, Action.SEND_TO_CLIENT),
    ]:
        step(database, actor, post_id, action, now=at)
    return post_id


def test_a_post_is_followed_from_its_events(database: Database, world: World) -> None:
    post_id = sent(database, world, planned_at=MONDAY + timedelta(days=9))
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES, now=MONDAY + 4 * HOUR)
    # Berlin's nine o'clock on Tuesday.
    tuesday = MONDAY + timedelta(days=1)
    step(database, world.ben, post_id, Action.SUBMIT, now=tuesday)
    step(database, world.iris, post_id, Action.APPROVE, now=tuesday + HOUR)
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT, now=tuesday + 2 * HOUR)
    step(database, world.cleo, post_id, Action.APPROVE, now=tuesday + 5 * HOUR)
    walked = read(database, world.ana)[post_id]
    (passage,) = walked.passages
    assert passage.whole
    assert (passage.outcome, passage.rounds, passage.cycle_days) == (Outcome.APPROVED, 2, 2)
    assert passage.cycle_worked == (8 + 5) * HOUR
    assert {state: took / HOUR for state, took in passage.elapsed_in.items()} == {
        State.INTERNAL_REVIEW: 1,
        State.READY_FOR_CLIENT: 1,
        State.CLIENT_REVIEW: 4 + 3,
        State.CLIENT_REWORK: 20,
    }
    said = [(a.person, a.side, a.worked / HOUR, a.approved, a.tags) for a in passage.answers]
    assert said == [
        ("Iris", Side.INTERNAL, 0, True, ()),
        ("Cleo", Side.CLIENT, 4, False, ("image",)),
        ("Iris", Side.INTERNAL, 1, True, ()),
        ("Cleo", Side.CLIENT, 3, True, ()),
    ]


def test_a_decision_that_was_taken_back_is_none(database: Database, world: World) -> None:
    post_id = sent(database, world)
    at = MONDAY + HOUR
    with database.write() as session:
        decision = Decision(post_id, 1, 1, Action.APPROVE)
        reviews.decide(session, world.cleo, decision, now=at)
    passage = read(database, world.ana)[post_id].passages[-1]
    assert (passage.outcome, len(passage.answers)) == (Outcome.APPROVED, 2)
    with database.write() as session:
        request = _asked_of_client(session, post_id)
        reviews.undo(session, world.cleo, post_id, request, now=at + timedelta(seconds=5))
    (passage,) = read(database, world.ana)[post_id].passages
    assert (passage.outcome, passage.state) == (Outcome.OPEN, State.CLIENT_REVIEW)
    assert [answer.person for answer in passage.answers] == ["Iris"]
    assert passage.asked_at == MONDAY


def _asked_of_client(session: Session, post_id: UUID) -> UUID:
    asked = select(col(ReviewRequest.id)).where(
        col(ReviewRequest.post_id) == post_id, col(ReviewRequest.side) == Side.CLIENT
    )
    return session.execute(asked).scalar_one()


def test_what_an_import_brings_has_not_moved(database: Database, world: World) -> None:
    before = read(database, world.ana)
    plan = b"Date,Text,Platform\n2026-04-01 10:00,Spring is here,Instagram\n"
    with database.read() as session:
        seen = plan_import.preview(session, world.ana, "Acme", "plan.csv", plan)
    assert plan_import.commit(database, world.ana, seen, now=MONDAY).created == 1
    after = read(database, world.ana)
    (new,) = after.keys() - before.keys()
    (passage,) = after[new].passages
    assert (passage.started_at, passage.state) == (None, State.DRAFT)
    assert not flow_times.is_wip(passage)
    # Nor has what was put somewhere past the workflow: no figure knows of it.
    with database.write() as session:
        session.execute(update(Post).where(col(Post.id) == new).values(state=State.PUBLISHED))
    assert read(database, world.ana)[new] == after[new]


def test_on_time_is_by_the_plan_of_the_approval(database: Database, world: World) -> None:
    post_id = sent(database, world, planned_at=MONDAY + timedelta(days=1, hours=1))
    step(database, world.cleo, post_id, Action.APPROVE, now=MONDAY + 2 * HOUR)
    version = found(database, world.ana, post_id).version
    later = MONDAY + timedelta(days=10)
    with database.write() as session:
        posts.replan(session, world.aron, post_id, later, version=version, now=MONDAY + 3 * HOUR)
    walked = read(database, world.ana)[post_id]
    assert walked.planned_at == MONDAY + timedelta(days=1, hours=1)
    told = flow_quality.on_time([walked], WEEK, MONDAY + timedelta(days=5))
    assert (told.n, told.in_time, told.late) == (1, 0, (post_id,))


def test_a_walk_is_read_again_only_when_something_is_new(database: Database, world: World) -> None:
    post_id = sent(database, world)
    log = Log()

    def cost() -> int:
        with count_queries(database) as statements:
            read(database, world.ana, log=log)
        return sum(one.startswith("SELECT") for one in statements)

    assert [cost(), cost()] == [6, 4]
    step(database, world.cleo, post_id, Action.APPROVE, now=MONDAY + HOUR)
    assert read(database, world.ana, log=log)[post_id].passages[0].outcome is Outcome.APPROVED
    assert cost() == 4
    # Another agreement is another measure.
    with database.write() as session:
        terms = agreed.of_client(session, world.acme.id).terms
        longer = replace(terms, response_hours=40)
        agreements.change(session, world.ana, world.acme.id, longer, version=0, now=MONDAY)
    office = read(database, world.ana, log=log)[post_id].passages[0].office
    told = [(one.since, one.answers_within) for one in office.agreed]
    assert told == [(MONDAY, 40 * HOUR), (None, 16 * HOUR)]
    assert read(database, world.ana, log=log) == read(database, world.ana)


def test_reading_costs_the_same_for_one_post_and_for_thirty(
    database: Database, world: World
) -> None:
    def cost() -> int:
        with count_queries(database) as statements:
            read(database, world.ana)
        return len(statements)

    few = cost()
    for _ in range(30):
        sent(database, world)
    assert cost() == few


def test_only_staff_read_and_only_of_their_clients(database: Database, world: World) -> None:
    acme, borealis = set(world.acme.posts.values()), set(world.borealis.posts.values())
    # One log for all of them: what it knows of one is told to nobody else.
    log = Log()
    seen = {
        actor.name: set(read(database, actor, since=date(2026, 3, 1), log=log))
        for actor in world.everybody()
    }
    assert seen == {
        **dict.fromkeys(("Alma", "Ana"), acme | borealis),
        **dict.fromkeys(("Aron", "Cora", "Ben", "Dina", "Iris"), acme),
        "Bodil": borealis,
        **{name: set() for name in ("Cleo", "Vera", "Dora")},
    }
    draft = world.acme.posts[State.DRAFT]
    names = {}
    for actor in (world.ana, world.cleo, world.dora, world.bodil):
        with database.read() as session:
            names[actor.name] = query.names_of(session, actor, [draft])
    assert names == {
        "Ana": {draft: PostName("ACME-1", "Acme draft")},
        **{name: {} for name in ("Cleo", "Dora", "Bodil")},
    }


def test_filters_narrow_what_is_read(database: Database, world: World) -> None:
    plain = sent(database, world)
    with database.write() as session:
        x_only = posts.create(
            session, world.ana, world.acme.id, NewPost(Words("Hi", networks=("x",))), now=MONDAY
        )
        posts.label(session, world.ana, x_only, None, "People", version=1, now=MONDAY)
    pillar = _pillar_of(database, x_only)
    spring = set(world.acme.posts.values())
    held = {world.acme.posts[state] for state in State}

    def ids(**filters: str) -> set[UUID]:
        return set(read(database, world.ana, FlowFilters(**filters), since=date(2026, 3, 1)))

    assert ids(client="ACME") == spring | {plain, x_only}
    assert ids(network="x") == {x_only}
    assert ids(campaign=world.acme.campaign_id.hex) == spring
    assert ids(pillar=pillar.hex) == {x_only}
    assert ids(person=world.ben.user_id.hex) == held
    assert ids(client="ACME", network="instagram", pillar=pillar.hex) == set()
    assert ids(campaign="nonsense") == ids(pillar="nonsense") == set()


def _pillar_of(database: Database, post_id: UUID) -> UUID:
    with database.read() as session:
        return session.get_one(Post, post_id).pillar_id


def test_what_was_over_before_is_not_read(database: Database, world: World) -> None:
    finished = {State.PUBLISHED, State.CANCELLED}
    open_since = set(world.acme.posts.values()) - {world.acme.posts[s] for s in finished}
    assert set(read(database, world.aron, since=date(2026, 3, 9))) == open_since
    # The world began on the 2nd; a day of grace, since on some clock it is still the day before.
    assert set(read(database, world.aron, since=date(2026, 3, 3))) == set(world.acme.posts.values())


def test_a_chain_is_timed_stage_by_stage(database: Database, world: World, carl: Actor) -> None:
    both = Stage(Side.CLIENT, people=(world.cleo.user_id, carl.user_id), rule=Rule.ALL)
    with database.write() as session:
        scope = Scope(world.acme.id)
        stages = [Stage(Side.INTERNAL), both]
        chains.set_chain(session, world.ana, scope, stages, version=0, now=MONDAY)
    post_id = sent(database, world)
    step(database, world.cleo, post_id, Action.APPROVE, now=MONDAY + HOUR)
    (open_passage,) = read(database, world.ana)[post_id].passages
    assert open_passage.outcome is Outcome.OPEN
    step(database, carl, post_id, Action.APPROVE, now=MONDAY + 3 * HOUR)
    (passage,) = read(database, world.ana)[post_id].passages
    theirs = [a for a in passage.answers if a.side is Side.CLIENT]
    assert [(a.person, a.worked / HOUR) for a in theirs] == [("Cleo", 1), ("Carl", 3)]
    assert (passage.whole, passage.outcome) == (True, Outcome.APPROVED)


def test_what_goes_out_soon_comes_with_its_odds(database: Database, world: World) -> None:
    for hours in range(1, 9):
        post_id = sent(database, world)
        step(database, world.cleo, post_id, Action.APPROVE, now=MONDAY + hours * HOUR)
    friday = MONDAY + timedelta(days=4)
    risky = sent(database, world, at=friday, planned_at=friday + 2 * HOUR)
    sent(database, world, at=friday, planned_at=friday + timedelta(days=15))
    with database.read() as session:
        ana = query.upcoming(session, world.ana, FlowFilters(client="ACME"), now=friday)
        cleo = query.upcoming(session, world.cleo, ANY, now=friday)
    assert [(one.post_id, one.name.text, one.planned_at, one.percent) for one in ana] == [
        (risky, "Morning buns", friday + 2 * HOUR, 25)
    ]
    assert cleo == []
