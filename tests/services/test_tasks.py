"""What is expected of whom, and how a post goes on when it is done."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice, Post, Task
from postboard.db.queries import board, tasks, work
from postboard.db.queries.post_filters import Filters
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Role
from postboard.domain.tasks import DueHasPassed, Expectation, TaskStatus
from postboard.domain.workflow import Action, State
from postboard.services import assigning, clients, post_rows, posts, task_steps
from postboard.services.assigning import NotThisPost
from postboard.services.post_rows import NeedsPerson
from postboard.services.posts import NewPost
from postboard.services.steps import NeedsReason, NoSuchStep
from postboard.services.task_list import OthersStillWork, SentBack
from postboard.services.task_steps import LastInProduction, TaskIsOver
from tests.world import NOW, World, at_once, count_queries, everything_in, found, step

WISH = Expectation(
    "Write the caption.\r\nKeep it short. ",
    ("https://acme.example/guideline", ""),
    datetime.fromisoformat("2026-03-04T18:00"),
    urgent=True,
)
DUE = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
"""18:00 in Berlin."""
LATER = NOW + timedelta(hours=2)


def new_post(database: Database, world: World, client_id: UUID | None = None) -> UUID:
    with database.write() as session:
        new = NewPost(Words("Buns", networks=("linkedin",)))
        return posts.create(session, world.ana, client_id or world.acme.id, new, now=NOW)


def assign(
    database: Database,
    actor: Actor,
    post_ids: list[UUID],
    people: list[Actor],
    expected: Expectation = WISH,
    **more: Any,
) -> list[UUID]:
    with database.write() as session:
        seen = {post: post_rows.find(session, actor, post).version for post in post_ids}
        ids = [id_of(person) for person in people]
        return assigning.assign(session, actor, seen, ids, expected, now=NOW, **more)


def do(
    database: Database, action: Callable[..., None], actor: Actor, task_id: UUID, *what: Any
) -> None:
    """On the newest version."""
    version = row(database, task_id).version
    with database.write() as session:
        action(session, actor, task_id, *what, version=version, now=LATER)


def row(database: Database, task_id: UUID) -> Task:
    with database.read() as session:
        return session.get_one(Task, task_id)


def post_row(database: Database, post_id: UUID) -> Post:
    with database.read() as session:
        return session.get_one(Post, post_id)


def statuses(database: Database, post_id: UUID) -> dict[str, list[str]]:
    """By person, in the order in which they were given."""
    with database.read() as session:
        rows = session.execute(
            select(Task).where(col(Task.post_id) == post_id).order_by(col(Task.id))
        ).scalars()
        found: dict[str, list[str]] = {}
        for task in rows:
            found.setdefault(task.assignee_id.hex, []).append(task.status)
        return found


def events(database: Database, post_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.content))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position))
        )
        return [(kind, content) for kind, content in rows]


def kinds(database: Database, post_id: UUID) -> list[str]:
    return [kind for kind, _ in events(database, post_id)]


def notices(database: Database, actor: Actor, post_id: UUID) -> list[tuple[str, UUID | None, bool]]:
    """Kind, subject and whether it is read."""
    with database.read() as session:
        rows = session.execute(
            select(Notice)
            .where(col(Notice.person_id) == actor.user_id, col(Notice.post_id) == post_id)
            .order_by(col(Notice.at), col(Notice.id))
        ).scalars()
        return [(one.kind, one.subject_id, one.read_at is not None) for one in rows]


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    """A new draft of Acme's."""
    return new_post(database, world)


def id_of(person: Actor) -> UUID:
    assert person.user_id
    return person.user_id


def test_assigning_a_draft_brings_it_into_production(
    database: Database, world: World, post_id: UUID
) -> None:
    ids = assign(database, world.cora, [post_id], [world.ben, world.dina])
    post = post_row(database, post_id)
    assert (post.state, post.assignee_id) == (State.IN_PRODUCTION, world.ben.user_id)
    task = row(database, ids[0])
    assert (task.assignee_id, task.status, task.version) == (world.ben.user_id, "open", 1)
    assert (task.instructions, task.links) == (
        "Write the caption.\nKeep it short.",
        ["https://acme.example/guideline"],
    )
    assert (task.due_at, task.urgent, task.created_by) == (DUE, True, world.cora.user_id)
    assert events(database, post_id)[1:] == [
        (
            "post.task_assigned",
            {
                "tasks": [task_id.hex for task_id in ids],
                "people": [id_of(world.ben).hex, id_of(world.dina).hex],
                "names": ["Ben", "Dina"],
                "due": DUE.isoformat(),
                "urgent": True,
            },
        ),
        (
            "post.assign",
            {
                "from": "draft",
                "to": "in_production",
                "revision": 1,
                "assignee": str(world.ben.user_id),
            },
        ),
    ]
    assert notices(database, world.ben, post_id) == [("task", ids[0], False)]
    assert notices(database, world.dina, post_id) == [("task", ids[1], False)]
    assert notices(database, world.cora, post_id) == []


def test_a_post_under_way_gets_tasks_and_stays_where_it_is(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.INTERNAL_REWORK]
    before = found(database, world.ana, post_id)
    assign(database, world.cora, [post_id], [world.dina])
    after = found(database, world.ana, post_id)
    # Its version stays too: whoever is typing may go on.
    assert (after.state, after.version) == (before.state, before.version)
    assert after.assignee_id == world.dina.user_id


def test_many_posts_go_to_many_people_at_once(database: Database, world: World) -> None:
    made = [new_post(database, world) for _ in range(3)]
    ids = assign(database, world.ana, made, [world.ben, world.dina, world.iris])
    assert len(ids) == 9
    assert [statuses(database, post) for post in made] == [
        {id_of(person).hex: ["open"] for person in (world.ben, world.dina, world.iris)}
    ] * 3


def test_each_clients_own_clock_says_when_it_is_due(database: Database, world: World) -> None:
    berlin, new_york = (
        new_post(database, world),
        new_post(database, world, world.borealis.id),
    )
    ids = assign(database, world.ana, [berlin, new_york], [world.ana])
    assert {row(database, task).due_at for task in ids} == {DUE, DUE + timedelta(hours=6)}


def test_all_or_nothing_and_the_refusal_names_the_post(database: Database, world: World) -> None:
    draft, done = world.acme.posts[State.DRAFT], world.acme.posts[State.PUBLISHED]
    before = everything_in(database)
    with pytest.raises(NotThisPost) as no:
        assign(database, world.cora, [draft, done], [world.ben])
    assert str(no.value) == "ACME-11: Nothing is left to do for this post."
    with pytest.raises(NoSuchStep):
        assign(database, world.cora, [done], [world.ben])
    with pytest.raises(NotThisPost) as no:
        assign(database, world.ana, [draft, world.borealis.posts[State.DRAFT]], [world.ben])
    assert str(no.value) == "BORE-1: Choose somebody of this client’s team."
    old = {draft: 1, world.acme.posts[State.APPROVED]: 1}
    with pytest.raises(NotThisPost) as no, database.write() as session:
        assigning.assign(session, world.cora, old, [id_of(world.ben)], WISH, now=NOW)
    assert str(no.value).startswith("ACME-8: Somebody changed this meanwhile.")
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("people", "refusal"),
    [((), NeedsPerson), (("bodil",), NeedsPerson), (("cleo",), NeedsPerson)],
)
def test_a_task_goes_to_staff_of_the_client(
    database: Database, world: World, people: tuple[str, ...], refusal: type[Refused]
) -> None:
    before = everything_in(database)
    with pytest.raises(refusal):
        assign(
            database,
            world.cora,
            [world.acme.posts[State.DRAFT]],
            [getattr(world, name) for name in people],
        )
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("expected", "refusal"),
    [
        (Expectation("x" * 5_001), BadInput),
        (Expectation(links=("javascript:alert(1)",)), BadInput),
        (Expectation(links=tuple(f"https://x.example/{n}" for n in range(11))), BadInput),
        (Expectation(due=datetime.fromisoformat("2026-03-02T10:00")), DueHasPassed),
        (Expectation(due=datetime.fromisoformat("0001-01-01T00:00")), BadInput),
    ],
)
def test_what_is_expected_has_limits(
    database: Database, world: World, expected: Expectation, refusal: type[Refused]
) -> None:
    before = everything_in(database)
    with pytest.raises(refusal):
        assign(database, world.cora, [world.acme.posts[State.DRAFT]], [world.ben], expected)
    assert everything_in(database) == before


def test_sixty_posts_and_twenty_people_are_the_most(database: Database, world: World) -> None:
    many = {uuid4(): 1 for _ in range(61)}
    for seen, people in (
        ({}, [uuid4()]),
        (many, [uuid4()]),
        (dict.fromkeys([uuid4()], 1), [uuid4() for _ in range(21)]),
    ):
        with pytest.raises(BadInput), database.write() as session:
            assigning.assign(session, world.ana, seen, people, WISH, now=NOW)


def test_the_same_expectation_sent_twice_is_one(
    database: Database, world: World, post_id: UUID
) -> None:
    assign(database, world.cora, [post_id], [world.ben])
    before = everything_in(database)
    assert assign(database, world.cora, [post_id], [world.ben]) == []
    assert everything_in(database) == before
    assert len(assign(database, world.cora, [post_id], [world.ben, world.dina])) == 1


def test_whoever_is_due_first_holds_the_post(
    database: Database, world: World, post_id: UUID
) -> None:
    def holder() -> UUID | None:
        return post_row(database, post_id).assignee_id

    assign(database, world.cora, [post_id], [world.ben], Expectation("Whenever you can"))
    assert holder() == world.ben.user_id
    [dinas] = assign(database, world.cora, [post_id], [world.dina])
    assert holder() == world.dina.user_id
    do(database, task_steps.finish, world.dina, dinas)
    assert holder() == world.ben.user_id
    with database.read() as session:
        [card] = board.cards_of(session, world.cora, Filters(), [post_id], now=NOW)
    assert (card.who, card.others, card.sent_back) == ("Ben", 0, False)


def test_the_card_counts_the_others_and_the_filter_finds_each(
    database: Database, world: World, post_id: UUID
) -> None:
    assign(database, world.cora, [post_id], [world.ben, world.dina, world.iris])
    with database.read() as session:
        [card] = board.cards_of(session, world.cora, Filters(), [post_id], now=NOW)
        by_person = [
            [c.who for c in board.cards_of(session, world.cora, filters, [post_id], now=NOW)]
            for person in (world.ben, world.dina, world.iris, world.aron)
            if (filters := Filters(person=id_of(person).hex))
        ]
    assert (card.who, card.others) == ("Ben", 2)
    assert by_person == [["Ben"], ["Ben"], ["Ben"], []]


def test_a_task_is_taken_on_once_by_its_holder(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    for other in (world.cora, world.dina, world.ana):
        with pytest.raises(NotAllowed, match="This is Ben’s task"):
            do(database, task_steps.accept, other, task_id)
    do(database, task_steps.accept, world.ben, task_id)
    task = row(database, task_id)
    assert (task.status, task.accepted_at, task.version) == ("accepted", LATER, 2)
    assert notices(database, world.ben, post_id) == [("task", task_id, True)]
    assert kinds(database, post_id)[-1] == "post.task_accepted"
    with pytest.raises(TaskIsOver):
        do(database, task_steps.accept, world.ben, task_id)


def test_the_post_goes_on_with_its_last_task(
    database: Database, world: World, post_id: UUID
) -> None:
    bens, dinas = assign(database, world.cora, [post_id], [world.ben, world.dina])
    do(database, task_steps.finish, world.dina, dinas)
    post = post_row(database, post_id)
    assert (post.state, post.ready) == (State.IN_PRODUCTION, False)
    do(database, task_steps.finish, world.ben, bens)
    post = post_row(database, post_id)
    assert (post.state, post.ready, post.assignee_id) == (State.DRAFT, True, world.ben.user_id)
    assert kinds(database, post_id)[-3:] == ["post.task_done", "post.task_done", "post.finish"]


def test_two_who_finish_at_once_bring_it_on_exactly_once(
    database: Database, world: World, post_id: UUID
) -> None:
    bens, dinas = assign(database, world.cora, [post_id], [world.ben, world.dina])
    results = at_once(
        partial(do, database, task_steps.finish, world.ben, bens),
        partial(do, database, task_steps.finish, world.dina, dinas),
    )
    assert results == [None, None]
    post = post_row(database, post_id)
    assert (post.state, post.ready) == (State.DRAFT, True)
    assert sorted(kinds(database, post_id)[3:]) == [
        "post.finish",
        "post.task_done",
        "post.task_done",
    ]


def test_who_finishes_while_another_is_about_to_sees_who_is_last(
    database: Database, world: World, post_id: UUID
) -> None:
    bens, dinas = assign(database, world.cora, [post_id], [world.ben, world.dina])
    finish = partial(do, database, task_steps.finish, world.dina, dinas)
    with ThreadPoolExecutor(1) as elsewhere:
        with database.write() as session:
            task_steps.finish(session, world.ben, bens, version=1, now=LATER)
            later = elsewhere.submit(finish)
            time.sleep(0.3)
        assert later.result(20) is None
    assert post_row(database, post_id).state is State.DRAFT
    assert kinds(database, post_id)[-1] == "post.finish"


def test_one_task_finished_by_two_windows_is_finished_once(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])

    def finish() -> None:
        with database.write() as session:
            task_steps.finish(session, world.ben, task_id, version=1, now=LATER)

    results = at_once(finish, finish)
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "Stale"]
    assert kinds(database, post_id).count("post.finish") == 1


def test_a_manager_may_finish_for_somebody(database: Database, world: World, post_id: UUID) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    with pytest.raises(NotAllowed):
        do(database, task_steps.finish, world.dina, task_id)
    do(database, task_steps.finish, world.ana, task_id)
    assert post_row(database, post_id).state is State.DRAFT


def test_sending_back_needs_a_reason_and_is_told(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    with pytest.raises(NeedsReason):
        do(database, task_steps.send_back, world.ben, task_id, " \n")
    do(database, task_steps.send_back, world.ben, task_id, "Which bun?\r\n")
    task, post = row(database, task_id), post_row(database, post_id)
    assert (task.status, task.reason) == ("sent_back", "Which bun?")
    # Half done it does not go on, and nobody holds it.
    assert (post.state, post.assignee_id) == (State.IN_PRODUCTION, None)
    assert notices(database, world.cora, post_id) == [("task_sent_back", task_id, False)]
    assert events(database, post_id)[-1] == (
        "post.task_sent_back",
        {
            "tasks": [task_id.hex],
            "people": [id_of(world.ben).hex],
            "names": ["Ben"],
            "due": DUE.isoformat(),
            "reason": "Which bun?",
        },
    )
    with database.read() as session:
        [card] = board.cards_of(session, world.cora, Filters(), [post_id], now=NOW)
        coras = work.work(session, world.cora, now=LATER)
    assert (card.who, card.sent_back) == ("", True)
    assert [(one.id, one.who, one.reason) for one in coras.sent_back] == [
        (task_id.hex, "Ben", "Which bun?")
    ]


def test_what_was_sent_back_keeps_the_post_from_going_on_half_done(
    database: Database, world: World, post_id: UUID
) -> None:
    bens, dinas = assign(database, world.cora, [post_id], [world.ben, world.dina])
    do(database, task_steps.send_back, world.dina, dinas, "No picture yet.")
    do(database, task_steps.finish, world.ben, bens)
    assert post_row(database, post_id).state is State.IN_PRODUCTION
    with pytest.raises(SentBack):
        step(database, world.ben, post_id, Action.FINISH)
    with pytest.raises(LastInProduction):
        do(database, task_steps.withdraw, world.cora, dinas)
    [anew] = assign(database, world.cora, [post_id], [world.dina], Expectation("It is there now"))
    assert row(database, dinas).status == TaskStatus.DROPPED
    do(database, task_steps.finish, world.dina, anew)
    assert post_row(database, post_id).state is State.DRAFT


def test_withdrawing_leaves_the_post_to_the_others(
    database: Database, world: World, post_id: UUID
) -> None:
    bens, dinas = assign(database, world.cora, [post_id], [world.ben, world.dina])
    for nobody in (world.ben, world.iris):
        with pytest.raises(NotAllowed):
            do(database, task_steps.withdraw, nobody, bens)
    do(database, task_steps.withdraw, world.cora, bens)
    assert post_row(database, post_id).assignee_id == world.dina.user_id
    assert notices(database, world.ben, post_id) == [("task", bens, True)]
    with pytest.raises(LastInProduction):
        do(database, task_steps.withdraw, world.cora, dinas)
    with pytest.raises(TaskIsOver):
        do(database, task_steps.withdraw, world.cora, bens)


def test_a_task_changes_and_its_holder_is_told(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    sooner = Expectation("Now in two languages", due=datetime.fromisoformat("2026-03-03T09:00"))
    do(database, task_steps.change, world.aron, task_id, sooner)
    task = row(database, task_id)
    assert (task.instructions, task.links, task.urgent) == ("Now in two languages", [], False)
    assert task.due_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert notices(database, world.ben, post_id) == [("task", task_id, False)] * 2
    assert events(database, post_id)[-1][1]["due"] == "2026-03-03T08:00:00+00:00"
    with pytest.raises(NotAllowed):
        do(database, task_steps.change, world.ben, task_id, sooner)


def test_a_time_that_has_passed_may_stay_when_the_words_change(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    late = DUE + timedelta(days=1)
    same = Expectation("Other words", due=WISH.due)
    with database.write() as session:
        task_steps.change(session, world.cora, task_id, same, version=1, now=late)
    assert row(database, task_id).due_at == DUE
    past = Expectation("Other words", due=datetime.fromisoformat("2026-03-04T17:59"))
    with pytest.raises(DueHasPassed), database.write() as session:
        task_steps.change(session, world.cora, task_id, past, version=2, now=late)


def test_an_old_version_of_a_task_is_refused(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    do(database, task_steps.change, world.cora, task_id, Expectation("Other"))
    before = everything_in(database)
    for action in (task_steps.accept, task_steps.finish):
        with pytest.raises(Stale), database.write() as session:
            action(session, world.ben, task_id, version=1, now=LATER)
    assert everything_in(database) == before


def test_only_those_who_may_assign_do(database: Database, world: World) -> None:
    able = set()
    for role, actor in world.of_acme().items():
        post_id = new_post(database, world)
        try:
            assign(database, actor, [post_id], [world.ben])
        except (NotAllowed, NotFound):
            continue
        able.add(role)
    assert able == {Role.ADMIN, Role.MANAGER, Role.ACCOUNT_MANAGER, Role.CONTENT_MANAGER}


def test_of_a_task_strangers_and_the_clients_side_know_nothing(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    before = everything_in(database)
    writes: Mapping[Callable[..., None], tuple[Any, ...]] = {
        task_steps.accept: (),
        task_steps.finish: (),
        task_steps.send_back: ("Why",),
        task_steps.withdraw: (),
        task_steps.change: (WISH,),
    }
    for stranger in (world.dora, world.bodil, world.cleo, world.vera):
        for action, what in writes.items():
            with pytest.raises(NotFound):
                do(database, action, stranger, task_id, *what)
        with pytest.raises(NotFound), database.read() as session:
            tasks.of_post(session, stranger, post_id, now=NOW)
        ben = [id_of(world.ben)]
        with pytest.raises(NotFound), database.write() as session:
            assigning.assign(session, stranger, {post_id: 1}, ben, WISH, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        task_steps.finish(session, world.ana, uuid4(), version=1, now=NOW)
    assert everything_in(database) == before


def test_dropping_a_card_on_production_gives_a_task_too(database: Database, world: World) -> None:
    """The world's posts in production came there by a step."""
    post_id = world.acme.posts[State.IN_PRODUCTION]
    assert statuses(database, post_id) == {id_of(world.ben).hex: ["open"]}
    with database.read() as session:
        told = session.execute(
            select(col(Notice.person_id), col(Notice.kind)).where(col(Notice.post_id) == post_id)
        ).all()
    assert [tuple(one) for one in told] == [(world.ben.user_id, "task")]


def test_finished_by_hand_while_others_work_is_refused_by_name(
    database: Database, world: World, post_id: UUID
) -> None:
    assign(database, world.cora, [post_id], [world.ben, world.dina, world.iris])
    before = everything_in(database)
    with pytest.raises(OthersStillWork) as no:
        step(database, world.ben, post_id, Action.FINISH)
    assert str(no.value).startswith("Dina, Iris still work on it.")
    assert everything_in(database) == before


def test_whoever_may_assign_ends_all_tasks_by_marking_it_ready(
    database: Database, world: World, post_id: UUID
) -> None:
    _bens, dinas = assign(database, world.cora, [post_id], [world.ben, world.dina])
    do(database, task_steps.send_back, world.dina, dinas, "No picture.")
    step(database, world.cora, post_id, Action.FINISH)
    assert statuses(database, post_id) == {
        id_of(world.ben).hex: ["done"],
        id_of(world.dina).hex: ["dropped"],
    }


def test_submitting_ends_ones_own_tasks_and_leaves_the_others(
    database: Database, world: World, post_id: UUID
) -> None:
    assign(database, world.cora, [post_id], [world.ben, world.dina])
    step(database, world.ben, post_id, Action.SUBMIT)
    assert statuses(database, post_id) == {
        id_of(world.ben).hex: ["done"],
        id_of(world.dina).hex: ["open"],
    }
    assert post_row(database, post_id).assignee_id == world.dina.user_id


def test_a_cancelled_post_leaves_nothing_to_do(
    database: Database, world: World, post_id: UUID
) -> None:
    """No step leads from production to the bin; a draft that came back may have had tasks."""
    [task_id] = assign(database, world.cora, [post_id], [world.ben])
    do(database, task_steps.finish, world.ben, task_id)
    with database.write() as session:
        session.get_one(Task, task_id).status = TaskStatus.SENT_BACK
    step(database, world.ana, post_id, Action.CANCEL)
    assert statuses(database, post_id) == {id_of(world.ben).hex: ["dropped"]}


def test_my_work_is_in_the_order_of_time(database: Database, world: World) -> None:
    def at(text: str | None) -> Expectation:
        return Expectation(due=datetime.fromisoformat(text) if text else None)

    wishes = {
        "none": at(None),
        "later": at("2026-03-20T09:00"),
        "week": at("2026-03-05T09:00"),
        "today": at("2026-03-02T20:00"),
        "overdue": at("2026-03-02T10:01"),
    }
    made = {name: new_post(database, world) for name in wishes}
    for name, wish in wishes.items():
        assign(database, world.cora, [made[name]], [world.iris], wish)
    with database.read() as session:
        seen = work.work(session, world.iris, now=LATER)
        counted = work.count(session, world.iris)
    assert [(part.due, [task.post_id for task in part.tasks]) for part in seen.parts] == [
        (name, [made[name].hex]) for name in ("overdue", "today", "week", "later", "none")
    ]
    assert counted == 5


def test_what_waits_for_my_judgement_is_of_my_clients(database: Database, world: World) -> None:
    def waits(actor: Actor) -> list[str]:
        with database.read() as session:
            return sorted(one.post.key for one in work.work(session, actor, now=NOW).to_judge)

    number = {state: index for index, state in enumerate(State, start=1)}
    judged = number[State.INTERNAL_REVIEW]
    assert waits(world.iris) == [f"ACME-{judged}"]
    assert waits(world.ana) == [f"ACME-{judged}", f"BORE-{judged}"]
    assert waits(world.ben) == [
        f"ACME-{number[State.INTERNAL_REWORK]}",
        f"ACME-{number[State.CLIENT_REWORK]}",
    ]
    assert waits(world.dina) == []


def test_whoever_left_the_team_sees_its_tasks_no_more(
    database: Database, world: World, post_id: UUID
) -> None:
    [task_id] = assign(database, world.cora, [post_id], [world.dina])
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, id_of(world.dina), now=NOW)
    dina = Actor(world.dina.user_id, "Dina")
    with database.read() as session:
        assert work.work(session, dina, now=NOW).parts == []
        assert work.count(session, dina) == 0
    with pytest.raises(NotFound):
        do(database, task_steps.finish, dina, task_id)


def test_my_work_costs_the_same_for_many_tasks(database: Database, world: World) -> None:
    def cost() -> int:
        with count_queries(database) as statements, database.read() as session:
            work.work(session, world.ben, now=NOW)
            tasks.of_post(session, world.ben, world.acme.posts[State.DRAFT], now=NOW)
        return len(statements)

    few = cost()
    made = [new_post(database, world) for _ in range(20)]
    assign(database, world.cora, [*made, world.acme.posts[State.DRAFT]], [world.ben, world.dina])
    assert cost() == few


def test_the_dialog_offers_whoever_works_for_every_chosen_client(
    database: Database, world: World
) -> None:
    acme, borealis = world.acme.posts[State.DRAFT], world.borealis.posts[State.DRAFT]
    with database.read() as session:
        one = tasks.assignable(session, world.ana, [acme])
        both = tasks.assignable(session, world.ana, [acme, borealis])
        with pytest.raises(NotFound):
            tasks.assignable(session, world.aron, [acme, borealis])
        with pytest.raises(NotFound):
            tasks.assignable(session, world.ben, [acme])
    assert (one.keys, one.zone) == (["ACME-1"], "Europe/Berlin")
    assert [person.name for person in one.people] == [
        "Alma",
        "Ana",
        "Aron",
        "Ben",
        "Cora",
        "Dina",
        "Iris",
    ]
    assert ([person.name for person in both.people], both.zone) == (["Alma", "Ana"], "")
