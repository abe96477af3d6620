"""The ground measured on: an agency with many posts, made through the services."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, EventStream, Post
from postboard.db.queries.agreements import of_client
from postboard.db.review_models import ReviewRequest
from postboard.domain.content import Media, Words
from postboard.domain.conversation import Thread
from postboard.domain.permissions import THE_CLOCK, Actor, Role
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import SPECS, State
from postboard.services import agreements, clients, mail, posts, steps
from postboard.services.clients import NewClient
from postboard.services.events import digest_of
from postboard.services.mail import About
from postboard.services.posts import NewPost
from tests.world import CLOCK, REVIEWER, ROUTES, STAFF, World, actor_of, cookie_of, full_answer

SHARES = {
    State.APPROVED: 30,
    State.DRAFT: 25,
    State.PUBLISHED: 15,
    State.INTERNAL_REVIEW: 10,
    State.SCHEDULED: 10,
    State.CLIENT_REVIEW: 10,
}
"""Of a hundred posts; many are approved, since these can be moved to and fro without a reason."""
OVERDUE = timedelta(minutes=1)
_AT_ONCE = 500


def now() -> datetime:
    return datetime.now(UTC)


def add_posts(database: Database, world: World, count: int) -> dict[State, list[UUID]]:
    """`count` posts over the board's columns, each walked there step by step."""
    acting = {STAFF: world.ana, REVIEWER: world.cleo, CLOCK: THE_CLOCK}
    made = {
        state: new_drafts(database, world, count * share // 100) for state, share in SHARES.items()
    }
    for state, ids in made.items():
        with database.write() as session:
            for post_id in ids:
                for version, (who, action) in enumerate(ROUTES[state], 1):
                    steps.take_step(
                        session,
                        acting[who],
                        post_id,
                        action,
                        version=version,
                        answer=full_answer(action),
                        now=now(),
                    )
    return made


def new_drafts(database: Database, world: World, count: int) -> list[UUID]:
    ids: list[UUID] = []
    for start in range(0, count, _AT_ONCE):
        news = [_new(world, number) for number in range(start, min(count, start + _AT_ONCE))]
        with database.write() as session:
            ids += posts.create_many(session, world.ana, world.acme.id, news, now=now())
    return ids


def add_managers(database: Database, world: World, count: int) -> list[str]:
    """So many people, and a session's cookie of each."""
    people: list[Actor] = []
    for number in range(count):
        with database.write() as session:
            person_id = clients.add_person(
                session,
                world.alma,
                name=f"Manager {number}",
                email=f"manager{number}@postboard.example",
                role=Role.MANAGER,
                client_id=None,
                now=now(),
            )
        people.append(actor_of(database, person_id, now()))
    return [cookie_of(database, person, now()) for person in people]


def add_history(database: Database, ids: Sequence[UUID], events: int, world: World) -> None:
    """Lengthen each post's chain, as years of work would; the chain stays whole."""
    each = events // len(ids)
    with database.read() as session:
        heads: dict[UUID, tuple[int, str]] = {
            stream: (length, digest)
            for stream, length, digest in session.execute(
                select(col(EventStream.id), col(EventStream.length), col(EventStream.digest))
            )
        }
    for start in range(0, len(ids), _AT_ONCE):
        rows: list[dict[str, Any]] = []
        ends: list[dict[str, Any]] = []
        for post_id in ids[start : start + _AT_ONCE]:
            length, digest = heads[post_id]
            for position in range(length + 1, length + each + 1):
                row = _fact(world, post_id, position)
                digest = row["digest"] = digest_of(row, digest)
                rows.append(row)
            ends.append({"stream": post_id, "length": length + each, "digest": digest})
        with database.write() as session:
            session.execute(insert(Event), rows)
            session.connection().execute(
                update(EventStream).where(col(EventStream.id) == bindparam("stream")), ends
            )


def spread(database: Database, ids: Sequence[UUID]) -> None:
    """Put drafts into the other columns without their history: only the query is measured."""
    states = list(SHARES)
    with database.write() as session:
        for number, state in enumerate(states):
            some = ids[number :: len(states)]
            for start in range(0, len(some), _AT_ONCE):
                session.execute(
                    update(Post)
                    .where(col(Post.id).in_(some[start : start + _AT_ONCE]))
                    .values(state=state, board_column=SPECS[state].column)
                    .execution_options(synchronize_session=False)
                )


def add_overdue(database: Database, world: World, brands: int, each: int) -> None:
    """Clients with a reviewer each, whose answers to so many requests were due a minute ago.

    Put there without their history: what is measured is what the clock makes of them.
    """
    for number in range(brands):
        with database.write() as session:
            client_id = clients.add_client(
                session, world.alma, NewClient(f"Brand {number}"), now=now()
            )
            clients.add_person(
                session,
                world.alma,
                name=f"Reviewer {number}",
                email=f"reviewer{number}@brand.example",
                role=Role.CLIENT_REVIEWER,
                client_id=client_id,
                now=now(),
            )
            agreed = of_client(session, client_id)
            awake = replace(agreed.terms, quiet_from=0, quiet_until=0)
            agreements.change(
                session, world.alma, client_id, awake, version=agreed.version, now=now()
            )
            news = [
                replace(_new(world, n), campaign_id=None, assignee_id=None) for n in range(each)
            ]
            _ask(
                session,
                client_id,
                posts.create_many(session, world.alma, client_id, news, now=now()),
            )


def add_mails(database: Database, world: World, count: int) -> None:
    """So many mails to one person, each of which can be answered and ends with a link."""
    assert world.ben.user_id  # noqa: S101 - he has signed in
    about = About(
        kinds=(NoticeKind.REVIEW_OVERDUE,),
        post_id=world.acme.posts[State.DRAFT],
        thread=Thread.INTERNAL,
    )
    letter = mail.Letter("No answer on ACME-1 yet", "ACME-1, due Monday")
    with database.write() as session:
        for _ in range(count):
            mail.enqueue(session, world.ben.user_id, letter, "/work/", now(), about)


def _ask(session: Session, client_id: UUID, ids: Sequence[UUID]) -> None:
    state, asked_at = State.CLIENT_REVIEW, now() - timedelta(days=1)
    session.execute(
        update(Post)
        .where(col(Post.id).in_(ids))
        .values(state=state, board_column=SPECS[state].column)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        ReviewRequest(
            post_id=post_id,
            client_id=client_id,
            revision=1,
            round=1,
            stage=0,
            side="client",
            rule="any",
            asked_at=asked_at,
            due_at=now() - OVERDUE,
        )
        for post_id in ids
    )


def _new(world: World, number: int) -> NewPost:
    words = Words(
        caption=f"Fresh buns from six, and the coffee is on us until eight. Batch {number}.",
        title=f"Morning buns {number}",
        networks=("instagram", "linkedin"),
        media=(Media("https://images.example/buns.jpg", "A tray of buns"),),
    )
    planned_at = now() + timedelta(days=3 + number % 30)
    return NewPost(words, planned_at, world.acme.campaign_id, world.ben.user_id)


def _fact(world: World, post_id: UUID, position: int) -> dict[str, Any]:
    return {
        "stream_id": post_id,
        "position": position,
        "kind": "post.replanned",
        "client_id": world.acme.id,
        "actor_id": world.ana.user_id,
        "actor_name": world.ana.name,
        "at": now(),
        "content": {"from": None, "to": None},
    }
