"""Requests for review in the named world, and what the clock makes of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Event, Notice, OutgoingMail, Person, Post
from postboard.db.queries.agreements import of_client
from postboard.db.review_models import ReviewRequest
from postboard.domain.permissions import THE_CLOCK
from postboard.domain.workflow import State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import agreements
from postboard.services.deadlines import deadline
from tests.world import NOW, World

ASKED = NOW
"""A Monday, 10:00 in Berlin, where Acme sits."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


REMINDED = utc("03T13:00")
"""Four working hours before it is due."""
DUE = utc("04T09:00")
"""Sixteen working hours after it was asked."""
ACCOUNT_MANAGER, MANAGER = utc("04T13:00"), utc("05T13:00")


def agree(database: Database, world: World, **changes: Any) -> None:
    with database.write() as session:
        old = of_client(session, world.acme.id)
        terms = replace(old.terms, **changes)
        agreements.change(session, world.aron, world.acme.id, terms, version=old.version, now=NOW)


def ask(
    database: Database, world: World, state: State = State.CLIENT_REVIEW, **changes: Any
) -> UUID:
    """The open request on Acme's post in that state, due as agreed, with other values if any."""
    post_id = changes.pop("post_id", world.acme.posts[state])
    with database.write() as session:
        request = session.execute(
            select(ReviewRequest).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()
        due_at = deadline(session, world.acme.id, ASKED)
        for name, value in {"due_at": due_at, **changes}.items():
            setattr(request, name, value)
        return request.id


def run(database: Database, at: datetime, doing: Mapping[str, Any] = DOING) -> None:
    """All that is due by then."""
    worker = Runner(database, doing)
    while worker.run_once(lambda: at):
        pass


def told(database: Database, *posts: UUID) -> list[tuple[str, str, datetime]]:
    """Who got which notice of Acme's posts, or of these, by the clock, and when."""
    which = col(Post.id).in_(posts) if posts else col(Client.key) == "ACME"
    with database.read() as session:
        rows = session.execute(
            select(col(Person.name), col(Notice.kind), col(Notice.at))
            .join(Person, col(Person.id) == col(Notice.person_id))
            .join(Post, col(Post.id) == col(Notice.post_id))
            .join(Client, col(Client.id) == col(Post.client_id))
            .where(col(Notice.actor_name) == THE_CLOCK.name, which)
            .order_by(col(Notice.at), col(Person.name))
        )
        return [(name, str(kind), at) for name, kind, at in rows]


def mailed(database: Database) -> list[tuple[str, str, str]]:
    """To whom a mail of Acme's posts goes, its subject, and the page it opens."""
    with database.read() as session:
        rows = session.execute(
            select(col(Person.name), col(OutgoingMail.subject), col(OutgoingMail.path))
            .join(Person, col(Person.id) == col(OutgoingMail.person_id))
            .where(col(OutgoingMail.subject).contains("ACME-"))
            .order_by(col(OutgoingMail.created_at), col(Person.name))
        )
        return [(name, subject, path) for name, subject, path in rows]


def facts(database: Database, post_id: UUID) -> list[tuple[str, str]]:
    """What the clock did to a post, and by which term."""
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.content))
            .where(col(Event.stream_id) == post_id, col(Event.actor_name) == THE_CLOCK.name)
            .order_by(col(Event.position))
        )
        return [(kind, content.get("term", "")) for kind, content in rows]
