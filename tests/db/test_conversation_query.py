"""What a thread shows, to whom, and that five thousand comments cost no more than one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from postboard.db.engine import Database
from postboard.db.models import Comment
from postboard.db.queries import comment_past, conversation
from postboard.db.queries.comment_rows import REPLIES_SHOWN, SHOWN, Wish
from postboard.db.queries.conversation import BothThreads, OfRevision
from postboard.db.queries.spoken import Conversation, Pin, Reacted, Reader, Spoken, Talk
from postboard.domain.conversation import Thread
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.services import clients, comments, posts
from postboard.services.comments import Remark
from tests.world import NOW, World, count_queries, found, step

INTERNAL, CLIENT = Thread.INTERNAL, Thread.CLIENT
PICTURE = "https://images.example/acme-client_review.jpg"
MANY = 5_000
EVERYTHING = Wish()


@pytest.fixture
def post_id(world: World) -> UUID:
    return world.acme.posts[State.CLIENT_REVIEW]


def say(
    database: Database,
    actor: Actor,
    post_id: UUID,
    thread: Thread,
    text: str,
    *,
    minute: int = 0,
    **more: Any,
) -> UUID:
    at = NOW + timedelta(minutes=minute)
    with database.write() as session:
        remark = Remark(text, **more)
        return comments.add(session, actor, post_id, thread, remark, command_id=uuid4(), now=at)


def for_staff(
    database: Database, actor: Actor, post_id: UUID, wish: Wish = EVERYTHING
) -> BothThreads:
    with database.read() as session:
        return conversation.for_staff(session, actor, post_id, wish, now=NOW)


def for_client(database: Database, actor: Actor, post_id: UUID, wish: Wish = EVERYTHING) -> Talk:
    with database.read() as session:
        return conversation.for_client(session, actor, post_id, wish, now=NOW)


def test_the_client_reads_its_own_thread_whole_and_nothing_beside_it(
    database: Database, world: World, post_id: UUID
) -> None:
    say(database, world.ben, post_id, INTERNAL, "Ours.")
    anchor = {"asset": PICTURE, "x": 0.25, "y": 0.5}
    mentions = [one for one in (world.ana.user_id,) if one]
    head = say(
        database, world.cleo, post_id, CLIENT, "@Ana here?", anchor=anchor, mentions=mentions
    )
    reply = say(database, world.ana, post_id, CLIENT, "Yes.", minute=1, parent_id=head)
    with database.write() as session:
        comments.react(session, world.ana, head, "👍", on=True, now=NOW)
        comments.react(session, world.cleo, head, "👍", on=True, now=NOW)
    people = [
        Reader(str(one.user_id).replace("-", ""), one.name, of_client)
        for one, of_client in (
            (world.alma, False),
            (world.ana, False),
            (world.aron, False),
            (world.cora, False),
            (world.iris, False),
            (world.vera, True),
        )
    ]
    plain = {
        "edited": False,
        "deleted": False,
        "may_restore": False,
        "version": 1,
        "revision": 1,
        "field": "",
        "network": "",
        "attached": [],
    }
    assert for_client(database, world.cleo, post_id) == Talk(
        may_write=True,
        conversations=[
            Conversation(
                id=head.hex,
                head=Spoken(
                    id=head.hex,
                    who="Cleo",
                    mine=True,
                    of_client=True,
                    text="@Ana here?",
                    at="2026-03-02T09:00Z",
                    asset=PICTURE,
                    x=0.25,
                    y=0.5,
                    pin=1,
                    names=["Ana"],
                    reactions=[Reacted("👍", 2, mine=True)],
                    **plain,
                ),
                replies=[
                    Spoken(
                        id=reply.hex,
                        who="Ana",
                        mine=False,
                        of_client=False,
                        text="Yes.",
                        at="2026-03-02T09:01Z",
                        asset="",
                        x=0.0,
                        y=0.0,
                        pin=0,
                        names=[],
                        reactions=[],
                        **plain,
                    )
                ],
                replies_total=1,
                resolved=False,
                resolved_by="",
            )
        ],
        total=1,
        open=1,
        comments=2,
        pins=[Pin(head.hex, PICTURE, 0.25, 0.5, 1, resolved=False)],
        people=people,
    )


def test_each_role_finds_the_threads_it_reads(
    database: Database, world: World, post_id: UUID
) -> None:
    def finds(ask: Callable[..., Any], actor: Actor) -> bool:
        try:
            ask(database, actor, post_id)
        except NotFound:
            return False
        return True

    assert {
        actor.name: (finds(for_staff, actor), finds(for_client, actor))
        for actor in world.everybody()
    } == {
        **{actor.name: (True, True) for actor in world.of_acme().values()},
        "Cleo": (False, True),
        "Vera": (False, True),
        "Dora": (False, False),
        "Bodil": (False, False),
    }


def test_a_post_that_went_back_to_the_team_takes_its_thread_along(
    database: Database, world: World, post_id: UUID
) -> None:
    comment_id = say(database, world.cleo, post_id, CLIENT, "Hello.")
    step(database, world.ana, post_id, Action.RECALL)
    with database.read() as session:
        for ask in (
            lambda: conversation.for_client(session, world.cleo, post_id, now=NOW),
            lambda: comment_past.earlier_for_client(session, world.cleo, comment_id),
        ):
            with pytest.raises(NotFound):
                ask()
    assert for_staff(database, world.ben, post_id).client_sees is False


def test_the_newest_conversations_come_first_and_older_ones_on_demand(
    database: Database, world: World, post_id: UUID
) -> None:
    heads = [say(database, world.ben, post_id, INTERNAL, f"{n}", minute=n) for n in range(33)]
    for n in range(22):
        say(database, world.iris, post_id, INTERNAL, f"r{n}", minute=40 + n, parent_id=heads[0])
    talk = for_staff(database, world.ana, post_id).internal
    assert [one.head.text for one in talk.conversations] == [f"{n}" for n in range(32, 2, -1)]
    assert (talk.total, talk.open, talk.comments) == (33, 33, 55)
    more = for_staff(database, world.ana, post_id, Wish(2 * SHOWN)).internal.conversations
    assert [one.head.text for one in more] == [f"{n}" for n in range(32, -1, -1)]
    assert (more[-1].replies_total, [one.text for one in more[-1].replies]) == (
        22,
        [f"r{n}" for n in range(22 - REPLIES_SHOWN, 22)],
    )
    wish = Wish(whole=frozenset({heads[0]}))
    asked = for_staff(database, world.ana, post_id, wish).internal.conversations[-1]
    assert (asked.id, len(asked.replies)) == (heads[0].hex, 22)


def test_a_revision_shows_what_was_said_of_it_with_its_beginnings(
    database: Database, world: World, post_id: UUID
) -> None:
    first = say(database, world.ben, post_id, INTERNAL, "First.")
    say(database, world.ben, post_id, INTERNAL, "Of the first alone.")
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES)
    _edit(database, world, post_id)
    say(database, world.iris, post_id, INTERNAL, "An answer.", parent_id=first)
    say(database, world.ana, post_id, CLIENT, "Second.")
    seen = for_staff(database, world.ana, post_id, Wish(revision=2))
    assert [one.head.text for one in seen.internal.conversations] == ["First."]
    assert [one.head.text for one in seen.client.conversations] == ["Second."]
    assert seen.revisions == [OfRevision(1, 2, 0), OfRevision(2, 1, 1)]


def test_pins_keep_their_numbers_and_each_thread_counts_its_own(
    database: Database, world: World, post_id: UUID
) -> None:
    spot = {"asset": PICTURE, "x": 0, "y": 1}
    ours = [
        say(database, world.iris, post_id, INTERNAL, "Here.", minute=n, anchor=spot)
        for n in range(3)
    ]
    say(database, world.cleo, post_id, CLIENT, "There.", anchor=spot)
    with database.write() as session:
        comments.delete(session, world.iris, ours[0], version=1, now=NOW)
        comments.resolve(session, world.iris, ours[1], now=NOW)
    seen = for_staff(database, world.ana, post_id)
    assert [(pin.id, pin.number, pin.resolved) for pin in seen.internal.pins] == [
        (ours[1].hex, 2, True),
        (ours[2].hex, 3, False),
    ]
    assert [pin.number for pin in seen.client.pins] == [1]


def test_the_names_of_those_who_left_stay(database: Database, world: World, post_id: UUID) -> None:
    say(database, world.ben, post_id, INTERNAL, "Mine.")
    assert world.ben.user_id
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.ben.user_id, now=NOW)
    talk = for_staff(database, world.ana, post_id).internal
    assert [one.head.who for one in talk.conversations] == ["Ben"]
    assert "Ben" not in {one.name for one in talk.people}


def test_one_comment_and_five_thousand_cost_the_same_statements(
    database: Database, world: World, post_id: UUID
) -> None:
    comment_id = say(database, world.ben, post_id, INTERNAL, "One.")
    say(database, world.ana, post_id, CLIENT, "One.")
    asks: list[Callable[[Session], object]] = [
        lambda session: conversation.for_staff(session, world.ana, post_id, now=NOW),
        lambda session: conversation.for_client(session, world.cleo, post_id, now=NOW),
        lambda session: comment_past.earlier(session, world.ana, comment_id),
    ]

    def cost() -> list[int]:
        costs: list[int] = []
        for ask in asks:
            with count_queries(database) as statements, database.read() as session:
                ask(session)
            costs.append(len(statements))
        return costs

    few = cost()
    for thread in Thread:
        _fill(database, post_id, thread, MANY - 1, NOW)
    assert cost() == few
    seen = for_staff(database, world.ana, post_id)
    assert (len(seen.internal.conversations), seen.internal.comments) == (SHOWN, MANY)


def _edit(database: Database, world: World, post_id: UUID) -> None:
    from dataclasses import replace

    from postboard.services.post_words import words_of

    post = found(database, world.ana, post_id)
    with database.write() as session:
        words = words_of(session, post_id, post.revision)
        other = replace(words, caption="Other words.")
        posts.edit(session, world.ana, post_id, other, version=post.version, now=NOW)


def _fill(database: Database, post_id: UUID, thread: Thread, count: int, at: datetime) -> None:
    heads = [uuid4() for _ in range(count // 5)]
    row = {
        "post_id": post_id,
        "thread": thread,
        "author_name": "Ben",
        "revision": 1,
        "text": "Buns. " * 20,
        "anchor": {},
        "mentions": [],
        "earlier": [],
        "version": 1,
    }
    replies = [(uuid4(), heads[n % len(heads)]) for n in range(count - len(heads))]
    rows = [
        {**row, "id": one, "parent_id": parent, "created_at": at + timedelta(seconds=n)}
        for n, (one, parent) in enumerate([*((head, None) for head in heads), *replies])
    ]
    with database.write() as session:
        session.execute(insert(Comment), rows)
