"""Whoever leaves hands over all that is open in one step, and a mistake can be undone."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice, Person, Post, Task
from postboard.db.people_models import Absence, DepartmentHead, HandOver, Responsibility
from postboard.db.queries import open_work
from postboard.db.queries.open_work import Undoable
from postboard.db.review_models import ApprovalChain, ReviewRequest
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.handing_over import (
    CannotApprove,
    HasOpenWork,
    Heirs,
    NeedsAgencyHeir,
    NeedsHeir,
    Open,
    UndoIsOver,
)
from postboard.domain.permissions import Actor, Role
from postboard.domain.standing_in import Period
from postboard.domain.tasks import Expectation
from postboard.domain.team import Cell, Deliverable, Department, Part
from postboard.domain.workflow import Action, State
from postboard.services import (
    absences,
    assigning,
    audit,
    chains,
    clients,
    handing_back,
    handing_over,
    leaving,
    post_rows,
    posts,
    sign_in,
    task_steps,
    team,
)
from postboard.services.chains import Scope
from postboard.services.post_rows import NeedsPerson
from postboard.services.posts import NewPost
from tests.world import (
    NOW,
    WORDS,
    World,
    actor_of,
    at_once,
    cookie_of,
    count_queries,
    email_of,
    everything_in,
    found,
    step,
)

SOON = NOW + timedelta(minutes=9)
LATE = NOW + timedelta(minutes=10)
WEEK = Period(date(2026, 3, 9), date(2026, 3, 13))


def id_of(who: Actor) -> UUID:
    assert who.user_id
    return who.user_id


def to(world: World, heir: Actor, *, agency: Actor | None = None) -> Heirs:
    return Heirs({world.acme.id: id_of(heir)}, agency and id_of(agency))


def hand_over(
    database: Database,
    world: World,
    heirs: Heirs,
    *,
    leaves: bool = False,
    who: Actor | None = None,
) -> UUID:
    with database.write() as session:
        return handing_over.hand_over(
            session, who or world.alma, id_of(world.ben), heirs, leaves=leaves, now=NOW
        )


def open_of(database: Database, world: World, who: Actor) -> list[Open]:
    with database.read() as session:
        return handing_over.open_of(session, world.alma, id_of(who), now=NOW)


def give(database: Database, world: World, who: Actor, part: Part, network: str = "") -> None:
    cell = Cell(Deliverable.COPY, network, id_of(who), part)
    with database.write() as session:
        team.give_part(session, world.aron, world.acme.id, cell, now=NOW)


@pytest.fixture
def laden(database: Database, world: World) -> World:
    """Ben has something of everything."""
    give(database, world, world.ben, Part.ACCOUNTABLE)
    give(database, world, world.ben, Part.RESPONSIBLE, "x")
    with database.write() as session:
        team.name_head(
            session, world.aron, world.acme.id, Department.COPY, id_of(world.ben), now=NOW
        )
        absences.add(session, world.aron, id_of(world.cora), WEEK, id_of(world.ben), now=NOW)
    return world


def held(database: Database, who: Actor) -> set[UUID]:
    with database.read() as session:
        return {
            *session.execute(
                select(col(Post.id)).where(col(Post.assignee_id) == who.user_id)
            ).scalars()
        }


def tasks_of(database: Database, who: Actor) -> set[UUID]:
    with database.read() as session:
        found = select(col(Task.post_id)).where(col(Task.assignee_id) == who.user_id)
        return {*session.execute(found).scalars()}


def parts(database: Database) -> set[tuple[UUID, str, Part]]:
    with database.read() as session:
        return {
            (one.person_id, one.network, one.part)
            for one in session.execute(select(Responsibility)).scalars()
        }


def test_what_is_open_is_counted_by_client(database: Database, laden: World) -> None:
    unfinished = len(State) - 2
    assert open_of(database, laden, laden.ben) == [
        Open(laden.acme.id, "Acme", "ACME", tasks=1, posts=unfinished, parts=2, heads=1),
        Open(None, stand_ins=1),
    ]
    assert open_of(database, laden, laden.dina) == []


def test_everything_goes_to_who_takes_over_and_nothing_is_left(
    database: Database, laden: World
) -> None:
    before = held(database, laden.ben)
    hand_over(database, laden, to(laden, laden.cora, agency=laden.iris))
    assert open_of(database, laden, laden.ben) == []
    finished = {laden.acme.posts[state] for state in (State.PUBLISHED, State.CANCELLED)}
    assert held(database, laden.ben) == finished
    assert held(database, laden.cora) == before - finished
    assert tasks_of(database, laden.cora) == {laden.acme.posts[State.IN_PRODUCTION]}
    cora = id_of(laden.cora)
    assert parts(database) == {(cora, "", Part.ACCOUNTABLE), (cora, "x", Part.RESPONSIBLE)}
    with database.read() as session:
        assert [*session.execute(select(col(DepartmentHead.person_id))).scalars()] == [cora]
        assert [*session.execute(select(col(Absence.stand_in_id))).scalars()] == [id_of(laden.iris)]
        assert audit.verify(session).first_break is None


def test_posts_clients_and_the_person_say_so_in_the_record(
    database: Database, laden: World
) -> None:
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris))
    post_id = laden.acme.posts[State.IN_PRODUCTION]
    with database.read() as session:
        task = session.execute(
            select(col(Task.id)).where(col(Task.post_id) == post_id)
        ).scalar_one()
        told = session.execute(
            select(col(Event.stream_id), col(Event.content)).where(
                col(Event.kind).in_(["post.handed_over", "person.handed_over"])
            )
        ).all()
    said: dict[UUID, Any] = {row.stream_id: row.content for row in told}
    assert said[post_id] == {
        "people": [id_of(laden.cora).hex],
        "names": ["Cora"],
        "before": id_of(laden.ben).hex,
        "tasks": [task.hex],
    }
    assert said[id_of(laden.ben)] == {
        "hand_over": str(row),
        "left": False,
        "moved": {"tasks": 1, "posts": 11, "parts": 2, "heads": 1, "stand_ins": 1},
        "to": sorted([str(id_of(laden.cora)), str(id_of(laden.iris))]),
    }
    assert len(told) == 12


def test_all_of_it_has_an_heir_who_can_take_it_or_nothing_moves(
    database: Database, laden: World
) -> None:
    before = everything_in(database)
    ben, cora, dora = id_of(laden.ben), id_of(laden.cora), id_of(laden.dora)
    for heirs, no in (
        (Heirs(), NeedsHeir),
        (Heirs({laden.acme.id: cora}), NeedsAgencyHeir),
        (Heirs({laden.acme.id: id_of(laden.bodil)}, cora), NeedsPerson),
        (Heirs({laden.acme.id: id_of(laden.cleo)}, cora), NeedsPerson),
        (Heirs({laden.acme.id: cora}, dora), NeedsPerson),
        (Heirs({laden.acme.id: ben}, cora), BadInput),
    ):
        with pytest.raises(no):
            hand_over(database, laden, heirs)
    assert everything_in(database) == before


def test_all_of_it_is_handed_over_by_whoever_manages_the_staff(
    database: Database, laden: World
) -> None:
    heirs = to(laden, laden.cora, agency=laden.iris)
    for who in laden.everybody():
        if who is laden.alma:
            continue
        no = NotAllowed if who in (laden.ana, laden.aron) else NotFound
        with pytest.raises(no):
            hand_over(database, laden, heirs, who=who)
        with pytest.raises(no):
            hand_over(database, laden, to(laden, laden.cora), who=who, leaves=True)
        if no is NotFound:
            with pytest.raises(NotFound), database.read() as session:
                handing_over.open_of(session, who, id_of(laden.ben), now=NOW)
        with pytest.raises(NotFound), database.write() as session:
            leaving.disable(session, who, id_of(laden.dina), now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        handing_over.hand_over(session, laden.alma, id_of(laden.cleo), heirs, now=NOW)


def test_whoever_looks_after_a_client_hands_over_what_is_of_that_client(
    database: Database, laden: World
) -> None:
    with database.read() as session:
        seen = handing_over.open_of(session, laden.aron, id_of(laden.ben), now=NOW)
    assert [one.client for one in seen] == ["Acme"]
    before = held(database, laden.ben), parts(database)
    row = hand_over(database, laden, to(laden, laden.cora), who=laden.aron)
    assert open_of(database, laden, laden.ben) == [Open(None, stand_ins=1)]
    with pytest.raises(NotFound), database.write() as session:
        handing_back.undo(session, laden.bodil, row, now=SOON)
    with database.write() as session:
        assert handing_back.undo(session, laden.aron, row, now=SOON) == 0
    assert (held(database, laden.ben), parts(database)) == before


def test_stages_of_approval_name_who_takes_over_and_it_can_be_undone(
    database: Database, world: World
) -> None:
    stages = [
        Stage(Side.INTERNAL, "Brand", people=(id_of(world.iris), id_of(world.ana))),
        Stage(Side.INTERNAL, "Last", people=(id_of(world.iris),)),
    ]
    with database.write() as session:
        scope = Scope(world.acme.id)
        chains.set_chain(session, world.aron, scope, stages, version=0, reason="", now=NOW)
        new = NewPost(WORDS, NOW + timedelta(days=3))
        post_id = posts.create(session, world.ben, world.acme.id, new, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT)
    before = open_of(database, world, world.iris)
    assert [(one.chains, one.requests) for one in before] == [(1, 1)]

    def named() -> list[Any]:
        with database.read() as session:
            kept = session.execute(select(ApprovalChain)).scalar_one()
            asked = session.execute(
                select(ReviewRequest).where(col(ReviewRequest.post_id) == post_id)
            ).scalar_one()
            people = [stage["people"] for stage in (*kept.stages, *asked.chain)]
            return [asked.reviewers, *people]

    ana, cora, iris = (id_of(who).hex for who in (world.ana, world.cora, world.iris))
    at_first = [[iris, ana], [iris, ana], [iris], [iris, ana], [iris]]
    assert named() == at_first

    def give(heir: Actor) -> UUID:
        with database.write() as session:
            return handing_over.hand_over(
                session, world.alma, id_of(world.iris), to(world, heir), leaves=True, now=NOW
            )

    with pytest.raises(CannotApprove):
        give(world.ben)
    row = give(world.cora)
    assert named() == [[cora, ana], [cora, ana], [cora], [cora, ana], [cora]]
    with database.write() as session:
        assert handing_back.undo(session, world.alma, row, now=SOON) == 0
    assert (named(), open_of(database, world, world.iris)) == (at_first, before)
    row = give(world.cora)
    step(database, world.cora, post_id, Action.APPROVE)
    with database.write() as session:
        assert handing_back.undo(session, world.alma, row, now=SOON) == 1
        assert audit.verify(session).first_break is None


def asked_all(database: Database, world: World, *people: Actor) -> UUID:
    """A post that waits for all of these people of the agency."""
    stage = Stage(Side.INTERNAL, "Brand", people=tuple(map(id_of, people)), rule=Rule.ALL)
    with database.write() as session:
        scope = Scope(world.acme.id)
        chains.set_chain(session, world.aron, scope, [stage], version=0, reason="", now=NOW)
        new = NewPost(WORDS, NOW + timedelta(days=3))
        post_id = posts.create(session, world.ben, world.acme.id, new, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT)
    return post_id


def give_all_of_iris(database: Database, world: World, heir: Actor) -> UUID:
    with database.write() as session:
        heirs = to(world, heir, agency=heir)
        return handing_over.hand_over(
            session, world.alma, id_of(world.iris), heirs, leaves=True, now=NOW
        )


def asked_of(database: Database, post_id: UUID) -> tuple[list[str], set[str]]:
    """Whom the open request names, and who has an unread notice of it."""
    with database.read() as session:
        request = session.execute(
            select(ReviewRequest).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()
        told = select(col(Notice.person_id)).where(
            col(Notice.subject_id) == request.id, col(Notice.read_at).is_(None)
        )
        return request.reviewers, {one.hex for one in session.execute(told).scalars()}


def test_who_has_said_yes_already_is_asked_anew_in_the_place_of_who_leaves(
    database: Database, world: World
) -> None:
    """Nothing is approved by a hand-over, and nothing waits for somebody who is gone."""
    cora, iris = (id_of(who).hex for who in (world.cora, world.iris))
    post_id = asked_all(database, world, world.iris, world.cora)
    step(database, world.cora, post_id, Action.APPROVE)
    before = asked_of(database, post_id)
    assert before == ([iris, cora], {iris})
    row = give_all_of_iris(database, world, world.cora)
    assert asked_of(database, post_id) == ([cora], {cora})
    assert found(database, world.ana, post_id).state is State.INTERNAL_REVIEW
    with database.write() as session:
        assert handing_back.undo(session, world.alma, row, now=SOON) == 0
    assert asked_of(database, post_id)[0] == [iris, cora]
    assert iris in asked_of(database, post_id)[1]
    give_all_of_iris(database, world, world.cora)
    assert step(database, world.cora, post_id, Action.APPROVE).state is State.APPROVED


def test_who_has_said_yes_already_is_not_asked_again_while_others_are_missing(
    database: Database, world: World
) -> None:
    ana, cora = (id_of(who).hex for who in (world.ana, world.cora))
    post_id = asked_all(database, world, world.iris, world.cora, world.ana)
    step(database, world.cora, post_id, Action.APPROVE)
    give_all_of_iris(database, world, world.cora)
    assert asked_of(database, post_id) == ([cora, ana], {ana})
    assert step(database, world.ana, post_id, Action.APPROVE).state is State.APPROVED


def test_what_whoever_leaves_has_said_nobody_is_asked_again(
    database: Database, world: World
) -> None:
    ana, iris = (id_of(who).hex for who in (world.ana, world.iris))
    post_id = asked_all(database, world, world.iris, world.ana)
    step(database, world.iris, post_id, Action.APPROVE)
    row = give_all_of_iris(database, world, world.cora)
    assert asked_of(database, post_id) == ([iris, ana], {ana})
    with database.write() as session:
        assert handing_back.undo(session, world.alma, row, now=SOON) == 0
    assert asked_of(database, post_id) == ([iris, ana], {ana})
    assert step(database, world.ana, post_id, Action.APPROVE).state is State.APPROVED


def test_what_was_handed_on_to_a_third_one_does_not_come_back(
    database: Database, world: World
) -> None:
    post_id = asked_all(database, world, world.iris)
    row = give_all_of_iris(database, world, world.cora)
    with database.write() as session:
        heirs = to(world, world.ana, agency=world.ana)
        handing_over.hand_over(session, world.alma, id_of(world.cora), heirs, now=NOW)
    with database.write() as session:
        assert handing_back.undo(session, world.alma, row, now=SOON) == 2
    assert asked_of(database, post_id)[0] == [id_of(world.ana).hex]


def test_who_takes_over_keeps_the_part_of_more_weight(database: Database, world: World) -> None:
    give(database, world, world.ben, Part.RESPONSIBLE)
    give(database, world, world.cora, Part.ACCOUNTABLE)
    give(database, world, world.ben, Part.RESPONSIBLE, "x")
    give(database, world, world.cora, Part.INFORMED, "x")
    before, cora = parts(database), id_of(world.cora)
    row = hand_over(database, world, to(world, world.cora))
    assert parts(database) == {(cora, "", Part.ACCOUNTABLE), (cora, "x", Part.RESPONSIBLE)}
    with database.write() as session:
        assert handing_back.undo(session, world.alma, row, now=SOON) == 0
    assert parts(database) == before


def test_nobody_stands_in_for_themselves_by_a_hand_over(database: Database, laden: World) -> None:
    hand_over(database, laden, to(laden, laden.cora, agency=laden.cora))
    with database.read() as session:
        assert [*session.execute(select(col(Absence.stand_in_id))).scalars()] == [None]


def test_whoever_leaves_is_signed_out_and_not_let_in_again(
    database: Database, laden: World
) -> None:
    cookie = cookie_of(database, laden.ben)
    hand_over(database, laden, to(laden, laden.cora, agency=laden.iris), leaves=True)
    with database.read() as session:
        assert sign_in.signed_in(session, cookie, now=NOW) is None
        assert sign_in.actor_of(session, id_of(laden.ben)) is None
    with pytest.raises(NotFound):
        hand_over(database, laden, to(laden, laden.cora, agency=laden.iris))


def test_disabling_asks_for_the_hand_over_first(database: Database, laden: World) -> None:
    with pytest.raises(HasOpenWork) as no, database.write() as session:
        leaving.disable(session, laden.alma, id_of(laden.ben), now=NOW)
    assert str(no.value) == "Ben has open work. Hand it over first."
    with pytest.raises(BadInput), database.write() as session:
        leaving.disable(session, laden.alma, id_of(laden.alma), now=NOW)
    with database.write() as session:
        leaving.disable(session, laden.alma, id_of(laden.dina), now=NOW)
    with database.read() as session:
        assert sign_in.actor_of(session, id_of(laden.dina)) is None
    with database.write() as session:
        leaving.enable(session, laden.alma, id_of(laden.dina), now=NOW)
    with database.read() as session:
        assert sign_in.actor_of(session, id_of(laden.dina)) == laden.dina


def test_what_was_handed_over_comes_back_within_ten_minutes(
    database: Database, laden: World
) -> None:
    before = held(database, laden.ben), tasks_of(database, laden.ben), parts(database)
    counted = open_of(database, laden, laden.ben)
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris), leaves=True)
    with database.write() as session:
        assert handing_back.undo(session, laden.alma, row, now=SOON) == 0
    assert (held(database, laden.ben), tasks_of(database, laden.ben), parts(database)) == before
    assert open_of(database, laden, laden.ben) == counted
    with database.read() as session:
        assert (
            session.execute(
                select(col(Person.disabled_at)).where(col(Person.id) == laden.ben.user_id)
            ).scalar_one()
            is None
        )
        assert audit.verify(session).first_break is None
    with pytest.raises(UndoIsOver), database.write() as session:
        handing_back.undo(session, laden.alma, row, now=SOON)


def test_who_looks_after_another_client_by_now_takes_nothing_back(
    database: Database, laden: World
) -> None:
    give(database, laden, laden.iris, Part.RESPONSIBLE, "facebook")
    heirs = to(laden, laden.cora)
    with database.write() as session:
        row = handing_over.hand_over(session, laden.aron, id_of(laden.iris), heirs, now=NOW)
    after = parts(database)
    elsewhere = replace(laden.aron, roles={laden.borealis.id: Role.ACCOUNT_MANAGER})
    with pytest.raises(NotFound), database.write() as session:
        handing_back.undo(session, elsewhere, row, now=SOON)
    assert parts(database) == after


def test_whoever_handed_over_sees_for_ten_minutes_that_it_can_be_undone(
    database: Database, laden: World
) -> None:
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris), leaves=True)

    def seen(who: Actor, at: datetime) -> Undoable | None:
        with database.read() as session:
            return open_work.undoable(session, who, now=at)

    until = (NOW + timedelta(minutes=10)).isoformat()
    assert seen(laden.alma, SOON) == Undoable(row.hex, "Ben", until)
    assert (seen(laden.alma, LATE), seen(laden.ana, SOON)) == (None, None)
    with database.write() as session:
        handing_back.undo(session, laden.alma, row, now=SOON)
    assert seen(laden.alma, SOON) is None


def test_what_somebody_went_on_with_stays_with_them(database: Database, laden: World) -> None:
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris))
    post_id = laden.acme.posts[State.IN_PRODUCTION]
    with database.write() as session:
        task: Task = session.execute(select(Task).where(col(Task.post_id) == post_id)).scalar_one()
        task_steps.accept(session, laden.cora, task.id, version=task.version, now=NOW)
        version = post_rows.find(session, laden.ana, laden.acme.posts[State.DRAFT]).version
        seen = {laden.acme.posts[State.DRAFT]: version}
        people = [id_of(laden.dina)]
        assigning.assign(session, laden.ana, seen, people, Expectation("Draw."), now=NOW)
    with database.write() as session:
        assert handing_back.undo(session, laden.alma, row, now=SOON) == 2
    assert tasks_of(database, laden.cora) == {post_id}
    assert found(database, laden.ana, laden.acme.posts[State.DRAFT]).assignee_id == id_of(
        laden.dina
    )


def test_who_was_let_in_again_gets_back_what_was_theirs(database: Database, laden: World) -> None:
    before = held(database, laden.ben), tasks_of(database, laden.ben), parts(database)
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris), leaves=True)
    with database.write() as session:
        leaving.enable(session, laden.alma, id_of(laden.ben), now=NOW)
    with database.write() as session:
        assert handing_back.undo(session, laden.alma, row, now=SOON) == 0
    assert (held(database, laden.ben), tasks_of(database, laden.ben), parts(database)) == before


@pytest.mark.parametrize("gone", ["off the client", "out of the agency"])
def test_who_is_gone_meanwhile_gets_nothing_back(
    database: Database, laden: World, gone: str
) -> None:
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris))
    ben = id_of(laden.ben)
    with database.write() as session:
        if gone == "off the client":
            clients.remove_person(session, laden.ana, laden.acme.id, ben, now=NOW)
        else:
            leaving.disable(session, laden.alma, ben, now=NOW)
    before = held(database, laden.cora), tasks_of(database, laden.cora), parts(database)
    with database.write() as session:
        moved = session.execute(select(col(HandOver.moved))).scalar_one()
        stay = handing_back.undo(session, laden.alma, row, now=SOON)
    assert stay == sum(map(len, moved.values()))
    assert (held(database, laden.cora), tasks_of(database, laden.cora), parts(database)) == before
    assert open_of_nobody(database, ben)


def open_of_nobody(database: Database, person_id: UUID) -> bool:
    with database.read() as session:
        return open_work.of_person(session, person_id, NOW) == []


def test_two_admins_who_end_each_others_access_do_not_both(
    database: Database, world: World
) -> None:
    with database.write() as session:
        albert_id = clients.add_person(
            session,
            world.alma,
            name="Albert",
            email=email_of("Albert"),
            role=Role.ADMIN,
            client_id=None,
            now=NOW,
        )
    albert = actor_of(database, albert_id)

    def end(who: Actor, whom: Actor) -> None:
        with database.write() as session:
            leaving.disable(session, who, id_of(whom), now=NOW)

    done = at_once(lambda: end(world.alma, albert), lambda: end(albert, world.alma))
    assert sorted(map(str, done)) == sorted(["None", str(NotFound())])


def test_after_ten_minutes_nothing_comes_back(database: Database, laden: World) -> None:
    row = hand_over(database, laden, to(laden, laden.cora, agency=laden.iris))
    before = everything_in(database)
    with pytest.raises(UndoIsOver), database.write() as session:
        handing_back.undo(session, laden.alma, row, now=LATE)
    for who in (laden.ana, laden.aron, laden.dora):
        with pytest.raises(NotFound), database.write() as session:
            handing_back.undo(session, who, row, now=SOON)
    assert everything_in(database) == before


def test_looking_at_what_is_open_costs_the_same_for_much_and_little(
    database: Database, laden: World
) -> None:
    with count_queries(database) as much:
        open_of(database, laden, laden.ben)
    with count_queries(database) as little:
        open_of(database, laden, laden.dina)
    assert len(much) == len(little)
