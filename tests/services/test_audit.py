"""Whoever changes the log with the database's own tools is found, and the place is named."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Delete, delete, event, insert, select, update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, EventStream, Notice, Post, Revision
from postboard.db.notify_models import PendingMail
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.workflow import Action, State
from postboard.services import audit, events
from postboard.services.audit import Break
from tests.world import NOW, World, step

KEY = f"ACME-{list(State).index(State.SCHEDULED) + 1}"
"""The scheduled post of Acme: it has six events."""
LENGTH = 6


def first_break(database: Database) -> Break | None:
    with database.read() as session:
        return audit.verify(session).first_break


def run(database: Database, *statements: Any) -> None:
    with database.write() as session:
        for statement in statements:
            session.execute(statement)


def row_of(database: Database, stream_id: UUID, position: int) -> dict[str, Any]:
    with database.read() as session:
        found = session.execute(
            select(*(col(getattr(Event, name)) for name in (*events.CHAINED, "digest"))).where(
                *at(stream_id, position)
            )
        ).mappings()
        return dict(found.one())


def at(stream_id: UUID, position: int) -> tuple[Any, Any]:
    return (col(Event.stream_id) == stream_id, col(Event.position) == position)


@pytest.fixture
def stream(world: World) -> UUID:
    return world.acme.posts[State.SCHEDULED]


def test_a_clean_log_holds_together(database: Database, world: World) -> None:
    with database.read() as session:
        rows = len(session.execute(select(col(Event.id))).all())
        streams = len(session.execute(select(col(EventStream.id))).all())
        assert audit.verify(session) == audit.Report(rows, streams, None)
    assert streams >= 2 * len(world.acme.posts)


def test_an_empty_installation_holds_together(database: Database) -> None:
    with database.read() as session:
        assert audit.verify(session) == audit.Report(0, 0, None)


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"from": "client_review", "to": "approved", "revision": 2}},
        {"content": {}},
        {"actor_name": "Cleo "},
        {"actor_id": None},
        {"actor_id": uuid4()},
        {"client_id": None},
        {"kind": "post.recall"},
        {"at": NOW + timedelta(microseconds=1)},
        {"digest": "0" * 64},
    ],
)
@pytest.mark.parametrize("position", [1, 3, LENGTH])
def test_a_changed_event_is_named(
    database: Database, stream: UUID, change: dict[str, Any], position: int
) -> None:
    run(database, update(Event).where(*at(stream, position)).values(**change))
    assert first_break(database) == Break(stream, position, "an event was changed", KEY)


@pytest.mark.parametrize("position", [1, 3, LENGTH])
def test_a_removed_event_is_named(database: Database, stream: UUID, position: int) -> None:
    run(database, delete(Event).where(*at(stream, position)))
    assert first_break(database) == Break(stream, position, "an event was removed", KEY)


def test_two_events_that_changed_places_are_named(database: Database, stream: UUID) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        run(database, update(Event).where(*at(stream, old)).values(position=new))
    assert first_break(database) == Break(stream, 2, "an event was changed", KEY)


def test_events_moved_up_over_a_removed_one_are_named(database: Database, stream: UUID) -> None:
    run(
        database,
        delete(Event).where(*at(stream, 3)),
        *(update(Event).where(*at(stream, n)).values(position=n - 1) for n in (4, 5, 6)),
    )
    assert first_break(database) == Break(stream, 3, "an event was changed", KEY)


def test_every_event_of_a_post_removed_is_named(database: Database, stream: UUID) -> None:
    run(database, delete(Event).where(col(Event.stream_id) == stream))
    assert first_break(database) == Break(stream, 1, "an event was removed", KEY)


def test_a_post_whose_whole_record_vanished_is_named(database: Database, stream: UUID) -> None:
    run(
        database,
        delete(Event).where(col(Event.stream_id) == stream),
        delete(EventStream).where(col(EventStream.id) == stream),
    )
    assert first_break(database) == Break(stream, 1, "a post has no record", KEY)


def delete_beside(post_id: UUID) -> list[Delete]:
    """What hangs on the post, and does not count as its record."""
    asked = select(col(ReviewRequest.id)).where(col(ReviewRequest.post_id) == post_id)
    told = select(col(Notice.id)).where(col(Notice.post_id) == post_id)
    return [
        delete(PendingMail).where(col(PendingMail.notice_id).in_(told)),
        delete(Notice).where(col(Notice.post_id) == post_id),
        delete(Decision).where(col(Decision.request_id).in_(asked)),
        delete(ReviewRequest).where(col(ReviewRequest.post_id) == post_id),
    ]


def test_a_post_that_vanished_with_its_record_is_missed(database: Database, stream: UUID) -> None:
    run(
        database,
        delete(Event).where(col(Event.stream_id) == stream),
        delete(EventStream).where(col(EventStream.id) == stream),
        *delete_beside(stream),
        delete(Revision).where(col(Revision.post_id) == stream),
        delete(Post).where(col(Post.id) == stream),
    )
    assert first_break(database) == Break(None, 0, "a post was removed", "ACME")


def test_a_post_removed_alone_is_missed(database: Database, stream: UUID) -> None:
    run(
        database,
        *delete_beside(stream),
        delete(Revision).where(col(Revision.post_id) == stream),
        delete(Post).where(col(Post.id) == stream),
    )
    assert first_break(database) == Break(None, 0, "a post was removed", "ACME")


def test_an_event_added_by_hand_is_named_even_with_a_right_digest(
    database: Database, stream: UUID
) -> None:
    last = row_of(database, stream, LENGTH)
    forged = last | {"position": LENGTH + 1, "kind": "post.publish"}
    run(database, insert(Event).values(**forged))
    assert first_break(database) == Break(stream, LENGTH + 1, "an event was changed", KEY)
    forged["digest"] = events.digest_of(forged, last["digest"])
    run(database, update(Event).where(*at(stream, LENGTH + 1)).values(digest=forged["digest"]))
    assert first_break(database) == Break(
        stream, LENGTH + 1, "an event was added outside the program", KEY
    )


def test_a_stream_added_by_hand_is_named(database: Database, stream: UUID) -> None:
    nowhere = uuid4()
    forged = row_of(database, stream, 1) | {"stream_id": nowhere}
    forged["digest"] = events.digest_of(forged, events.START)
    run(database, insert(Event).values(**forged))
    assert first_break(database) == Break(
        nowhere, 1, "an event was added outside the program", str(nowhere)
    )


def test_a_state_written_by_hand_is_named(database: Database, world: World) -> None:
    """The log knows where the post stands: a state it never came to is a forgery."""
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    run(database, update(Post).where(col(Post.id) == post_id).values(state=State.APPROVED))
    assert first_break(database) == Break(
        post_id,
        4,
        "a post is not in the state its record ends with",
        f"ACME-{list(State).index(State.CLIENT_REVIEW) + 1}",
    )


def test_a_client_whose_whole_record_vanished_is_named(database: Database, world: World) -> None:
    run(
        database,
        delete(Event).where(col(Event.stream_id) == world.acme.id),
        delete(EventStream).where(col(EventStream.id) == world.acme.id),
    )
    assert first_break(database) == Break(world.acme.id, 1, "a client has no record", "ACME")


def test_a_live_board_is_no_forgery(database: Database, world: World) -> None:
    """Somebody moves a card in the middle of a check."""
    moved: list[bool] = []

    def move_once(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM eventstream" in statement and not moved:
            moved.append(True)
            step(database, world.ana, world.acme.posts[State.APPROVED], Action.SCHEDULE)

    event.listen(database.engine, "after_cursor_execute", move_once)
    try:
        assert first_break(database) is None
    finally:
        event.remove(database.engine, "after_cursor_execute", move_once)
    assert moved == [True]


@pytest.mark.parametrize(
    "forged", [{"caption": "Forged"}, {"media": [{"url": "https://x.example"}]}]
)
def test_words_changed_behind_their_approval_are_named(
    database: Database, stream: UUID, forged: dict[str, Any]
) -> None:
    run(database, update(Revision).where(col(Revision.post_id) == stream).values(forged))
    assert first_break(database) == Break(stream, 3, "the words approved there were changed", KEY)


def test_words_that_nobody_approved_may_change(database: Database, world: World) -> None:
    drafted = col(Revision.post_id) == world.acme.posts[State.DRAFT]
    run(database, update(Revision).where(drafted).values(caption="Other"))
    assert first_break(database) is None
