"""The named cast and their world, built through the services as people would build it.

Acme and Borealis are two brands of one agency. Dora looks after Borealis for the client's side
and must see nothing of Acme; Bodil is her contact on the agency's side and sees no Acme either.
"""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, text
from sqlmodel import SQLModel

from postboard.db.engine import Database
from postboard.domain.content import Media, Reason, Words
from postboard.domain.errors import Refused
from postboard.domain.permissions import THE_CLOCK, Actor, Role
from postboard.domain.workflow import Action, Approval, ChangeTag, Policy, State
from postboard.services import clients, post_rows, posts, sign_in, steps
from postboard.services.clients import NewClient
from postboard.services.post_rows import Found
from postboard.services.posts import NewPost
from postboard.services.steps import Answer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning; every fixture's clock stands here."""

PASSWORD = "correct horse battery"
STAFF, REVIEWER, CLOCK = "staff", "reviewer", "clock"
WORDS = Words(
    caption="Fresh buns from six.",
    title="Morning buns",
    networks=("instagram",),
    media=(Media("https://images.example/buns.jpg", "A tray of buns"),),
)
REASON = Reason("The logo is cut off.", (ChangeTag.IMAGE,))
LINK = "https://social.example/p/1"

_TO_REVIEW = ((STAFF, Action.SUBMIT),)
_TO_CLIENT = (*_TO_REVIEW, (STAFF, Action.APPROVE), (STAFF, Action.SEND_TO_CLIENT))
_TO_APPROVED = (*_TO_CLIENT, (REVIEWER, Action.APPROVE))
_TO_SCHEDULED = (*_TO_APPROVED, (STAFF, Action.SCHEDULE))
ROUTES: Mapping[State, tuple[tuple[str, Action], ...]] = {
    State.DRAFT: (),
    State.IN_PRODUCTION: ((STAFF, Action.ASSIGN),),
    State.INTERNAL_REVIEW: _TO_REVIEW,
    State.INTERNAL_REWORK: (*_TO_REVIEW, (STAFF, Action.REQUEST_CHANGES)),
    State.READY_FOR_CLIENT: (*_TO_REVIEW, (STAFF, Action.APPROVE)),
    State.CLIENT_REVIEW: _TO_CLIENT,
    State.CLIENT_REWORK: (*_TO_CLIENT, (REVIEWER, Action.REQUEST_CHANGES)),
    State.APPROVED: _TO_APPROVED,
    State.ON_HOLD: (*_TO_APPROVED, (REVIEWER, Action.HOLD)),
    State.SCHEDULED: _TO_SCHEDULED,
    State.PUBLISHED: (*_TO_SCHEDULED, (CLOCK, Action.PUBLISH)),
    State.PUBLISH_FAILED: (*_TO_SCHEDULED, (CLOCK, Action.FAIL)),
    State.CANCELLED: ((STAFF, Action.CANCEL),),
}
"""Who does what to bring a draft to a state, where the client decides too."""


@dataclass(frozen=True, slots=True)
class Brand:
    """A client with one post in every state."""

    id: UUID
    key: str
    policy: Policy
    zone: str
    campaign_id: UUID
    posts: Mapping[State, UUID]


@dataclass(frozen=True, slots=True)
class World:
    alma: Actor
    """Admin; her password is PASSWORD."""
    ana: Actor
    """Manager."""
    aron: Actor
    """Account manager of Acme."""
    cora: Actor
    """Content manager of Acme."""
    ben: Actor
    """Copywriter of Acme; holds its posts in production."""
    dina: Actor
    """Designer of Acme."""
    iris: Actor
    """Art director of Acme."""
    cleo: Actor
    """Client reviewer of Acme."""
    vera: Actor
    """Client viewer of Acme."""
    dora: Actor
    """Client reviewer of Borealis."""
    bodil: Actor
    """Account manager of Borealis; holds its posts in production."""
    acme: Brand
    borealis: Brand

    def of_acme(self) -> Mapping[Role, Actor]:
        """The one person who acts for Acme in each role."""
        return {
            Role.ADMIN: self.alma,
            Role.MANAGER: self.ana,
            Role.ACCOUNT_MANAGER: self.aron,
            Role.CONTENT_MANAGER: self.cora,
            Role.COPYWRITER: self.ben,
            Role.DESIGNER: self.dina,
            Role.ART_DIRECTOR: self.iris,
            Role.CLIENT_REVIEWER: self.cleo,
            Role.CLIENT_VIEWER: self.vera,
        }

    def everybody(self) -> tuple[Actor, ...]:
        return (*self.of_acme().values(), self.dora, self.bodil)


ACME_PEOPLE = {
    "Aron": Role.ACCOUNT_MANAGER,
    "Cora": Role.CONTENT_MANAGER,
    "Ben": Role.COPYWRITER,
    "Dina": Role.DESIGNER,
    "Iris": Role.ART_DIRECTOR,
    "Cleo": Role.CLIENT_REVIEWER,
    "Vera": Role.CLIENT_VIEWER,
}
BOREALIS_PEOPLE = {"Dora": Role.CLIENT_REVIEWER, "Bodil": Role.ACCOUNT_MANAGER}


def build(database: Database, now: datetime = NOW) -> World:
    """Fill an empty database."""
    with database.write() as session:
        alma_id = sign_in.set_up(session, "Alma", email_of("Alma"), PASSWORD, now=now)
    alma = actor_of(database, alma_id, now)
    with database.write() as session:
        ana_id = clients.add_person(
            session,
            alma,
            name="Ana",
            email=email_of("Ana"),
            role=Role.MANAGER,
            client_id=None,
            now=now,
        )
    ana = actor_of(database, ana_id, now)
    acme_id = _add_client(database, ana, NewClient("Acme", "Europe/Berlin"), now)
    to_client = Policy(Approval.INTERNAL_AND_CLIENT, rework_goes_to_client=True)
    borealis_id = _add_client(
        database, ana, NewClient("Borealis", "America/New_York", to_client), now
    )
    cast = {
        **_add_people(database, ana, acme_id, ACME_PEOPLE, now),
        **_add_people(database, ana, borealis_id, BOREALIS_PEOPLE, now),
    }
    return World(
        alma=alma,
        ana=ana,
        **cast,
        acme=_brand(database, ana, acme_id, cast["cleo"], cast["ben"], now),
        borealis=_brand(database, ana, borealis_id, cast["dora"], cast["bodil"], now),
    )


def bring_to(
    database: Database,
    client_id: UUID,
    state: State,
    *,
    staff: Actor,
    reviewer: Actor,
    holder: Actor,
    words: Words = WORDS,
    campaign_id: UUID | None = None,
    now: datetime = NOW,
) -> UUID:
    """A new post, walked from draft to `state` step by step."""
    new = NewPost(words, now + timedelta(days=3), campaign_id, holder.user_id)
    acting = {STAFF: staff, REVIEWER: reviewer, CLOCK: THE_CLOCK}
    with database.write() as session:
        post_id = posts.create(session, staff, client_id, new, now=now)
    for who, action in ROUTES[state]:
        step(database, acting[who], post_id, action, now=now)
    return post_id


def step(
    database: Database, actor: Actor, post_id: UUID, action: Action, *, now: datetime = NOW
) -> Found:
    """Take a step on the newest version, with an answer to whatever it asks."""
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        return steps.take_step(
            session, actor, post_id, action, version=version, answer=full_answer(action), now=now
        )


def full_answer(action: Action, assignee_id: UUID | None = None) -> Answer:
    """All that the action may ask for."""
    link = LINK if action is Action.MARK_PUBLISHED else ""
    return Answer(REASON, assignee_id, link)


def found(database: Database, actor: Actor, post_id: UUID) -> Found:
    with database.read() as session:
        return post_rows.find(session, actor, post_id)


def cookie_of(database: Database, actor: Actor, now: datetime = NOW) -> str:
    """A new session's token for somebody of the cast."""
    assert actor.user_id
    with database.write() as session:
        return sign_in.open_session(session, actor.user_id, now=now)


def actor_of(database: Database, person_id: UUID, now: datetime = NOW) -> Actor:
    """The person as the server knows them once they have signed in."""
    with database.write() as session:
        token = sign_in.open_session(session, person_id, now=now)
        signed_in = sign_in.signed_in(session, token, now=now)
        sign_in.sign_out(session, token, now=now)
    assert signed_in
    return signed_in.actor


def reviewer(
    database: Database, world: World, name: str, client_id: UUID | None = None, now: datetime = NOW
) -> Actor:
    """Another reviewer of Acme, or of that client."""
    with database.write() as session:
        person_id = clients.add_person(
            session,
            world.ana,
            name=name,
            email=email_of(name),
            role=Role.CLIENT_REVIEWER,
            client_id=client_id or world.acme.id,
            now=now,
        )
    return actor_of(database, person_id, now)


def email_of(name: str) -> str:
    return f"{name.lower()}@postboard.example"


def everything_in(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to compare before and after."""
    with database.read() as session:
        return {
            table.name: sorted(
                (tuple(row) for row in session.execute(text(f"SELECT * FROM {table.name}"))),  # noqa: S608
                key=repr,
            )
            for table in SQLModel.metadata.sorted_tables
        }


@contextmanager
def count_queries(database: Database) -> Generator[list[str]]:
    """The SQL statements sent meanwhile, in order; `len` is the count."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of calls started together, each in its thread; a refusal is a result."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        start.wait()
        try:
            results[index] = calls[index]()
        except Refused as no:
            results[index] = no
        except Exception as bug:  # noqa: BLE001 - shown by the assertion
            results[index] = bug

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _add_client(database: Database, ana: Actor, new: NewClient, now: datetime) -> UUID:
    with database.write() as session:
        return clients.add_client(session, ana, new, now=now)


def _add_people(
    database: Database, ana: Actor, client_id: UUID, people: Mapping[str, Role], now: datetime
) -> dict[str, Actor]:
    ids: dict[str, UUID] = {}
    with database.write() as session:
        for name, role in people.items():
            ids[name] = clients.add_person(
                session,
                ana,
                name=name,
                email=email_of(name),
                role=role,
                client_id=client_id,
                now=now,
            )
    return {name.lower(): actor_of(database, ids[name], now) for name in people}


def _brand(
    database: Database,
    ana: Actor,
    client_id: UUID,
    reviewer: Actor,
    holder: Actor,
    now: datetime,
) -> Brand:
    from postboard.db.models import Client

    with database.write() as session:
        campaign_id = clients.add_campaign(session, ana, client_id, "Spring", now=now)
        client = session.get_one(Client, client_id)
    at = {
        state: bring_to(
            database,
            client_id,
            state,
            staff=ana,
            reviewer=reviewer,
            holder=holder,
            words=_words_of(client.name, state),
            campaign_id=campaign_id,
            now=now,
        )
        for state in State
    }
    policy = Policy(client.approval, client.rework_goes_to_client)
    return Brand(client_id, client.key, policy, client.zone, campaign_id, at)


def _words_of(brand: str, state: State) -> Words:
    """Words that name their brand and state, so that a leak can be seen."""
    return Words(
        caption=f"{brand} secret of the {state} post",
        title=f"{brand} {state}",
        networks=("instagram", "linkedin"),
        media=(Media(f"https://images.example/{brand.lower()}-{state}.jpg", f"{brand} {state}"),),
    )
