"""Ideas of the client's side: who adds and answers them, their limits, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Notice, Person
from postboard.db.notify_models import PendingMail
from postboard.db.queries import ideas as query
from postboard.db.queries import work
from postboard.db.queries.ideas import BrandForIdeas, IdeaSeen, IdeasOfClient, IdeasOfMine
from postboard.db.queries.news import Told
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.ideas import ANSWER_MAX, OPEN_MAX, TEXT_MAX, NewIdea
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import State
from postboard.services import clients, ideas, notices
from postboard.services.post_words import words_of
from tests.world import NOW, World, actor_of, at_once, count_queries, everything_in, found

TODAY = date(2026, 3, 2)
WISH = date(2026, 3, 29)
"""The night before it, Berlin's clocks go forward."""
IDEA = NewIdea("Show the bakers\nat four in the morning.", "https://acme.example/bakers", WISH)


def add(
    database: Database, who: Actor, client_id: UUID, new: NewIdea = IDEA, now: datetime = NOW
) -> UUID:
    with database.write() as session:
        return ideas.add(session, who, client_id, new, now=now)


def take_up(
    database: Database, who: Actor, idea_id: UUID, version: int = 1, now: datetime = NOW
) -> UUID:
    with database.write() as session:
        return ideas.take_up(session, who, idea_id, version=version, now=now)


def decline(
    database: Database, who: Actor, idea_id: UUID, answer: str = "Not now.", version: int = 1
) -> None:
    with database.write() as session:
        ideas.decline(session, who, idea_id, answer, version=version, now=NOW)


def seen_by(database: Database, who: Actor) -> IdeasOfMine:
    with database.read() as session:
        return query.of_mine(session, who)


def of_client(database: Database, client_id: UUID) -> IdeasOfClient:
    with database.read() as session:
        return query.of_client(session, client_id)


def as_seen(idea_id: UUID, **differs: Any) -> IdeaSeen:
    usual: dict[str, Any] = {
        "version": 1,
        "brand": "Acme",
        "author": "Cleo",
        "text": IDEA.text,
        "link": IDEA.link,
        "wished_on": "2026-03-29",
        "state": "new",
        "answer": "",
        "created_at": NOW.isoformat(),
        "post": "",
    }
    return IdeaSeen(id=idea_id.hex, **usual | differs)


def facts(database: Database, client_id: UUID) -> list[tuple[str, str]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.actor_name))
            .where(col(Event.stream_id) == client_id, col(Event.kind).startswith("client.idea"))
            .order_by(col(Event.position))
        )
        return [(kind, who) for kind, who in rows]


def test_an_idea_becomes_a_draft_in_its_words_for_noon_of_the_wished_day(
    database: Database, world: World
) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    assert of_client(database, world.acme.id) == IdeasOfClient(1, [as_seen(idea_id)])
    post_id = take_up(database, world.aron, idea_id)
    post = found(database, world.aron, post_id)
    assert (post.state, post.client_id, post.planned_at) == (
        State.DRAFT,
        world.acme.id,
        datetime(2026, 3, 29, 10, 0, tzinfo=UTC),
    )
    with database.read() as session:
        assert words_of(session, post_id, 1) == Words(caption=IDEA.text, link=IDEA.link)
    taken = as_seen(idea_id, version=2, state="taken_up")
    assert seen_by(database, world.cleo).ideas == [taken]
    shown = of_client(database, world.acme.id)
    assert shown == IdeasOfClient(
        0, [as_seen(idea_id, version=2, state="taken_up", post="ACME-14")]
    )
    assert facts(database, world.acme.id) == [
        ("client.idea_added", "Cleo"),
        ("client.idea_taken_up", "Aron"),
    ]


def test_declined_it_carries_a_word_to_the_client(database: Database, world: World) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    decline(database, world.cora, idea_id, " We showed them in May. ")
    answered = as_seen(idea_id, version=2, state="declined", answer="We showed them in May.")
    assert seen_by(database, world.vera) == IdeasOfMine([answered], [])
    assert of_client(database, world.acme.id) == IdeasOfClient(0, [answered])
    assert facts(database, world.acme.id) == [
        ("client.idea_added", "Cleo"),
        ("client.idea_declined", "Cora"),
    ]


def test_a_wished_noon_that_has_passed_leaves_the_draft_without_a_date(
    database: Database, world: World
) -> None:
    noon = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)
    idea_id = add(database, world.cleo, world.acme.id)
    post_id = take_up(database, world.aron, idea_id, now=noon)
    assert found(database, world.aron, post_id).planned_at is None


def test_who_only_looks_on_adds_no_idea(database: Database, world: World) -> None:
    before = everything_in(database)
    with pytest.raises(NotAllowed):
        add(database, world.vera, world.acme.id)
    for stranger in (world.dora, world.bodil):
        with pytest.raises(NotFound):
            add(database, stranger, world.acme.id)
    assert everything_in(database) == before


def test_only_those_who_plan_answer_ideas(database: Database, world: World) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    before = everything_in(database)
    for who in (world.ben, world.dina, world.iris, world.cleo, world.vera):
        with pytest.raises(NotAllowed):
            take_up(database, who, idea_id)
        with pytest.raises(NotAllowed):
            decline(database, who, idea_id)
    for stranger in (world.dora, world.bodil):
        with pytest.raises(NotFound):
            take_up(database, stranger, idea_id)
        with pytest.raises(NotFound):
            decline(database, stranger, idea_id)
    assert everything_in(database) == before


def notices_of(database: Database, idea_id: UUID) -> list[tuple[str, str, str, bool]]:
    """Who was told what by whom, and whether it is still news."""
    with database.read() as session:
        rows = session.execute(
            select(col(Person.name), col(Notice.kind), col(Notice.actor_name), col(Notice.read_at))
            .join(Person, col(Person.id) == col(Notice.person_id))
            .where(col(Notice.subject_id) == idea_id)
            .order_by(col(Notice.kind), col(Person.name))
        )
        return [(name, kind, who, read_at is None) for name, kind, who, read_at in rows]


def mailed_to(database: Database) -> list[tuple[UUID, NoticeKind]]:
    """Whom a mail about ideas is to come to."""
    kinds = [NoticeKind.IDEA, NoticeKind.IDEA_ANSWERED]
    with database.read() as session:
        rows = session.execute(
            select(col(PendingMail.person_id), col(PendingMail.kind))
            .where(col(PendingMail.kind).in_(kinds))
            .order_by(col(PendingMail.kind))
        )
        return [(person_id, kind) for person_id, kind in rows]


@pytest.mark.parametrize("answer", ["taken up", "declined"])
def test_the_account_manager_hears_of_an_idea_and_its_author_of_the_answer(
    database: Database, world: World, carl: Actor, answer: str
) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    assert notices_of(database, idea_id) == [("Aron", "idea", "Cleo", True)]
    assert mailed_to(database) == [(world.aron.user_id, NoticeKind.IDEA)]
    if answer == "taken up":
        take_up(database, world.cora, idea_id)
    else:
        decline(database, world.cora, idea_id)
    assert notices_of(database, idea_id) == [
        ("Aron", "idea", "Cleo", False),
        ("Cleo", "idea_answered", "Cora", True),
    ]
    assert (world.cleo.user_id, NoticeKind.IDEA_ANSWERED) in mailed_to(database)
    assert carl.user_id not in {person for person, _ in mailed_to(database)}


def test_where_a_client_has_no_account_manager_the_managers_hear(
    database: Database, world: World
) -> None:
    assert world.aron.user_id
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.aron.user_id, now=NOW)
    idea_id = add(database, world.cleo, world.acme.id)
    assert notices_of(database, idea_id) == [("Ana", "idea", "Cleo", True)]


def test_who_left_the_brand_hears_no_answer(database: Database, world: World) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    assert world.cleo.user_id
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.cleo.user_id, now=NOW)
    decline(database, world.aron, idea_id)
    assert notices_of(database, idea_id) == [("Aron", "idea", "Cleo", False)]


def test_an_idea_stands_among_the_news_of_ones_work(database: Database, world: World) -> None:
    people = (world.aron, world.bodil, world.ben)
    before = [counted(database, who) for who in people]
    idea_id = add(database, world.cleo, world.acme.id)
    after = [counted(database, who) for who in people]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 0, 0]
    with database.read() as session:
        told = next(n for n in work.work(session, world.aron, now=NOW).notices if n.kind == "idea")
    assert replace(told, id="") == Told(
        id="",
        kind="idea",
        who="Cleo",
        key="ACME",
        text="Show the bakers at four in the morning.",
        path="/clients/?client=ACME#ideas",
        at="2026-03-02T09:00Z",
        unread=True,
    )
    with database.write() as session:
        notices.read(session, world.aron, [UUID(told.id)], now=NOW)
    assert counted(database, world.aron) == before[0]
    assert notices_of(database, idea_id) == [("Aron", "idea", "Cleo", False)]
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.aron.user_id, now=NOW)
    gone = actor_of(database, world.aron.user_id)  # type: ignore[arg-type]
    with database.read() as session:
        assert [n for n in work.work(session, gone, now=NOW).notices if n.kind == "idea"] == []


def counted(database: Database, who: Actor) -> int:
    with database.read() as session:
        return work.count(session, who)


def test_another_brand_sees_its_own_ideas_only(database: Database, world: World) -> None:
    add(database, world.cleo, world.acme.id)
    own = add(database, world.dora, world.borealis.id, NewIdea("Borealis at night"))
    seen = as_seen(
        own, brand="Borealis", author="Dora", text="Borealis at night", link="", wished_on=""
    )
    assert seen_by(database, world.dora) == IdeasOfMine(
        [seen], [BrandForIdeas(world.borealis.id.hex, "Borealis")]
    )
    assert of_client(database, world.borealis.id) == IdeasOfClient(1, [seen])


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewIdea(" \n"), "Write your idea first."),
        (
            NewIdea("x" * (TEXT_MAX + 1)),
            "That is 2001 characters long; this field takes 2000.",
        ),
        (
            NewIdea("x", "javascript:alert(1)"),
            "A link starts with https://, this one is “javascript:alert(1)”.",
        ),
        (NewIdea("x", "", TODAY - timedelta(days=1)), "The day you wish for has passed."),
        (NewIdea("x", "", TODAY + timedelta(days=367)), "Wish for a day within the next year."),
        (NewIdea("x", "", date.max), "Wish for a day within the next year."),
    ],
)
def test_what_does_not_fit_is_refused(
    database: Database, world: World, new: NewIdea, sentence: str
) -> None:
    before = everything_in(database)
    with pytest.raises(BadInput) as no:
        add(database, world.cleo, world.acme.id, new)
    assert str(no.value) == sentence
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (" ", "Say in a word why: the client reads it."),
        (
            "x" * (ANSWER_MAX + 1),
            "That is 501 characters long; this field takes 500.",
        ),
    ],
)
def test_an_answer_says_something_and_not_too_much(
    database: Database, world: World, answer: str, sentence: str
) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    before = everything_in(database)
    with pytest.raises(BadInput) as no:
        decline(database, world.aron, idea_id, answer)
    assert str(no.value) == sentence
    assert everything_in(database) == before


def test_fifty_wait_at_most_and_an_answer_makes_room(database: Database, world: World) -> None:
    first = add(database, world.cleo, world.acme.id)
    for number in range(1, OPEN_MAX):
        later = NOW + timedelta(minutes=number)
        add(database, world.cleo, world.acme.id, NewIdea(f"Idea {number}"), later)
    full = "50 ideas wait for an answer already; add yours once some are answered."
    with pytest.raises(BadInput) as no:
        add(database, world.cleo, world.acme.id)
    assert str(no.value) == full
    decline(database, world.aron, first)
    last = NOW + timedelta(hours=1)
    results = at_once(*[lambda: add(database, world.cleo, world.acme.id, now=last)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["BadInput", "UUID"]
    shown = of_client(database, world.acme.id)
    newest_first = [f"Idea {number}" for number in range(OPEN_MAX - 1, 0, -1)]
    waiting = [IDEA.text, *newest_first]
    assert (shown.new, [one.text for one in shown.ideas]) == (50, [*waiting, IDEA.text])
    assert [one.text for one in seen_by(database, world.cleo).ideas] == [IDEA.text, *newest_first]


def test_answered_once_it_is_not_answered_again(database: Database, world: World) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    take_up(database, world.aron, idea_id)
    before = everything_in(database)
    for version in (1, 2):
        with pytest.raises(Stale):
            take_up(database, world.aron, idea_id, version)
        with pytest.raises(Stale):
            decline(database, world.aron, idea_id, version=version)
    assert everything_in(database) == before


def test_two_who_take_it_up_at_once_make_one_post(database: Database, world: World) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    results = at_once(
        lambda: take_up(database, world.aron, idea_id),
        lambda: take_up(database, world.ana, idea_id),
    )
    assert sorted(type(one).__name__ for one in results) == ["Stale", "UUID"]
    assert [one.post for one in of_client(database, world.acme.id).ideas] == ["ACME-14"]


def vote(
    database: Database, who: Actor, idea_id: UUID, *, wanted: bool = True, now: datetime = NOW
) -> None:
    with database.write() as session:
        ideas.vote(session, who, idea_id, wanted=wanted, now=now)


def open_to(database: Database, who: Actor) -> list[tuple[str, int, bool]]:
    with database.read() as session:
        return [(one.text, one.votes, one.voted) for one in query.open_ideas(session, who)]


def test_an_idea_of_the_agencys_own_never_reaches_the_client(
    database: Database, world: World
) -> None:
    with database.write() as session:
        own = ideas.add(
            session, world.ben, world.acme.id, NewIdea("For us alone"), internal=True, now=NOW
        )
        shown = ideas.add(session, world.ben, world.acme.id, NewIdea("For both"), now=NOW)
    assert [one.text for one in seen_by(database, world.cleo).ideas] == ["For both"]
    assert open_to(database, world.cleo) == [("For both", 0, False)]
    assert {text for text, *_ in open_to(database, world.iris)} == {"For us alone", "For both"}
    before = everything_in(database)
    for stranger in (world.cleo, world.dora, world.bodil):
        with pytest.raises(NotFound):
            vote(database, stranger, own)
    with pytest.raises(NotAllowed):
        vote(database, world.vera, shown)
    assert open_to(database, world.dora) == open_to(database, world.bodil) == []
    assert everything_in(database) == before
    # What a client says of its idea does not hide it from the client.
    with database.write() as session:
        ideas.add(session, world.cleo, world.acme.id, IDEA, internal=True, now=NOW)
    assert [one.internal for one in seen_by(database, world.cleo).ideas] == [False, False]


def test_both_sides_vote_once_each_and_the_most_wanted_comes_first(
    database: Database, world: World
) -> None:
    first = add(database, world.cleo, world.acme.id, NewIdea("First"))
    second = add(database, world.ben, world.acme.id, NewIdea("Second"), NOW + timedelta(hours=1))
    assert [text for text, *_ in open_to(database, world.ana)] == ["Second", "First"]
    for who in (world.ben, world.cleo, world.cleo):
        vote(database, who, first)
    at_once(*[lambda: vote(database, world.ana, second)] * 3)
    assert open_to(database, world.ana) == [("First", 2, False), ("Second", 1, True)]
    assert [(one.votes, one.voted) for one in seen_by(database, world.cleo).ideas] == [
        (2, True),
        (1, False),
    ]
    assert [one.text for one in of_client(database, world.acme.id).ideas] == ["First", "Second"]
    vote(database, world.cleo, first, wanted=False)
    vote(database, world.cleo, first, wanted=False)
    vote(database, world.ben, first, wanted=False)
    assert open_to(database, world.cleo) == [("Second", 1, False), ("First", 0, False)]
    decline(database, world.aron, second)
    with pytest.raises(Stale):
        vote(database, world.ben, second)


def test_an_idea_is_taken_up_for_the_day_that_is_chosen(database: Database, world: World) -> None:
    idea_id = add(database, world.cleo, world.acme.id)
    for day in (TODAY - timedelta(days=1), date.min):
        with pytest.raises(BadInput), database.write() as session:
            ideas.take_up(session, world.aron, idea_id, version=1, day=day, now=NOW)
    with database.write() as session:
        day = date(2026, 3, 30)
        post_id = ideas.take_up(session, world.aron, idea_id, version=1, day=day, now=NOW)
    # Noon after the clocks went forward.
    assert found(database, world.aron, post_id).planned_at == datetime(2026, 3, 30, 10, tzinfo=UTC)


def test_what_the_agency_keeps_to_itself_takes_no_room_of_the_client(
    database: Database, world: World
) -> None:
    with database.write() as session:
        for number in range(OPEN_MAX):
            new = NewIdea(f"Own {number}")
            ideas.add(session, world.ben, world.acme.id, new, internal=True, now=NOW)
        with pytest.raises(BadInput):
            ideas.add(session, world.ben, world.acme.id, IDEA, internal=True, now=NOW)
    add(database, world.cleo, world.acme.id)
    assert seen_by(database, world.cleo).ideas[0].text == IDEA.text


def test_open_ideas_cost_the_same_for_one_and_for_many(database: Database, world: World) -> None:
    def cost() -> int:
        with count_queries(database) as statements:
            open_to(database, world.ana)
        return len(statements)

    add(database, world.cleo, world.acme.id)
    few = cost()
    for number in range(20):
        vote(database, world.ben, add(database, world.cleo, world.acme.id, NewIdea(f"I {number}")))
    assert cost() == few
