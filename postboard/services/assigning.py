"""Expecting things of people: who is to do what for which posts."""

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Person, Post, Task, table_of
from postboard.domain.conversation import Thread
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import (
    PEOPLE_MAX,
    POSTS_MAX,
    UNFINISHED,
    Expectation,
    How,
    NoticeKind,
)
from postboard.domain.workflow import SPECS, Action, find_step
from postboard.locale.languages import MessageId
from postboard.services import mail, notices, post_rows, preferences, steps, task_list
from postboard.services.events import Fact, record
from postboard.services.post_rows import Found, NeedsPerson
from postboard.services.steps import Answer, NoSuchStep

_TASK = table_of(Task)


class NotThisPost(Refused):
    """Of many posts one cannot be assigned, so none is."""

    sentence = "{post}: {why}"


@dataclass(frozen=True, slots=True)
class _Named:
    """What a post is called, and the clock of its client."""

    key: str
    zone: str


def assign(
    session: Session,
    actor: Actor,
    seen: Mapping[UUID, int],
    people: Sequence[UUID],
    expected: Expectation,
    *,
    by_mail: bool = False,
    now: datetime,
) -> list[UUID]:
    """Expect the same of each of these people for each of these posts, or of nobody for none.

    A draft goes into production by it. What somebody is expected to do already, in the same
    words and by the same time, is not expected twice.

    `seen` are the posts, each with the version at which it was chosen. Where all are due at once,
    whoever is named first holds the post. `by_mail`: tell them by mail too.

    Returns:
        The new tasks.

    Raises:
        NotFound: a post is not this actor's.
        NotThisPost: of one of many, why not.
        NeedsPerson, BadInput: nobody is chosen, or too much.
    """
    people = list(dict.fromkeys(people))
    _refuse_too_much(seen, people)
    expected = expected.checked()
    task_list.lock(session, seen)
    named = _names(session, seen)
    chosen: list[tuple[Found, datetime | None]] = []
    checked: set[UUID] = set()
    for post_id, version in seen.items():
        post = post_rows.find(session, actor, post_id)
        if not actor.may(Permission.SEE_ALL_STATES, post.client_id):
            raise NotFound
        with _naming(named[post.id], len(seen)):
            _refuse_unassignable(actor, post, version)
            if post.client_id not in checked:
                post_rows.check_people(session, post.client_id, set(people))
            checked.add(post.client_id)
            chosen.append((post, expected.due_at(named[post.id].zone, now)))
    rows = _new_rows(session, actor, chosen, people, expected, now)
    if not rows:
        return []
    task_list.add(session, rows)
    task_list.answer_sent_back(session, seen, now)
    names = _people(session, people)
    for post, due_at in chosen:
        mine = [row for row in rows if row["post_id"] == post.id]
        if mine:
            holders = [(row["id"], row["assignee_id"]) for row in mine]
            _tell_assigned(session, actor, post, holders, names, due_at, expected.urgent, now)
    told = [(row["assignee_id"], row["post_id"], row["id"]) for row in rows]
    noticed = notices.tell_each(session, actor, NoticeKind.TASK, told, now)
    if by_mail:
        _mail(session, actor, rows, noticed, named, expected, now)
    return [row["id"] for row in rows]


def _refuse_too_much(seen: Mapping[UUID, int], people: Sequence[UUID]) -> None:
    if not seen:
        raise BadInput("Choose at least one post.")
    if not people:
        raise NeedsPerson
    if len(seen) > POSTS_MAX:
        raise BadInput("Assign at most {limit} posts at once.", limit=POSTS_MAX)
    if len(people) > PEOPLE_MAX:
        raise BadInput("Assign to at most {limit} people at once.", limit=PEOPLE_MAX)


def _refuse_unassignable(actor: Actor, post: Found, version: int) -> None:
    if not actor.may(Permission.ASSIGN, post.client_id):
        raise NotAllowed
    if post.version != version:
        raise Stale
    if SPECS[post.state].finished:
        raise NoSuchStep("Nothing is left to do for this post.")


@contextmanager
def _naming(named: _Named, count: int) -> Generator[None]:
    """Among many posts a refusal says which one it is about."""
    try:
        yield
    except Refused as no:
        if count == 1:
            raise
        raise NotThisPost(post=named.key, why=MessageId(no.message_id)) from no


def _new_rows(
    session: Session,
    actor: Actor,
    chosen: Sequence[tuple[Found, datetime | None]],
    people: Sequence[UUID],
    expected: Expectation,
    now: datetime,
) -> list[dict[str, Any]]:
    known = _expected_already(session, [post.id for post, _ in chosen])
    links = list(expected.links)
    wanted = [
        (post.id, person_id, due_at)
        for post, due_at in chosen
        for person_id in people
        if (post.id, person_id, expected.instructions, tuple(links), due_at) not in known
    ]
    # Their order is that of the people, also where all are due at once.
    ids = sorted(uuid4() for _ in wanted)
    said = {"instructions": expected.instructions, "links": links, "urgent": expected.urgent}
    return [
        task_list.new_row(actor, task_id, post_id, person_id, now) | said | {"due_at": due_at}
        for task_id, (post_id, person_id, due_at) in zip(ids, wanted, strict=True)
    ]


def _expected_already(session: Session, post_ids: Sequence[UUID]) -> set[tuple[Any, ...]]:
    rows: Any = session.execute(
        select(
            _TASK.c.post_id,
            _TASK.c.assignee_id,
            _TASK.c.instructions,
            _TASK.c.links,
            _TASK.c.due_at,
        ).where(_TASK.c.post_id.in_(post_ids), _TASK.c.status.in_(UNFINISHED))
    )
    return {
        (post_id, person_id, instructions, tuple(links), due_at)
        for post_id, person_id, instructions, links, due_at in rows
    }


def _tell_assigned(
    session: Session,
    actor: Actor,
    post: Found,
    holders: Sequence[tuple[UUID, UUID]],
    names: Mapping[UUID, str],
    due_at: datetime | None,
    urgent: bool,
    now: datetime,
) -> None:
    """Bring a draft into production, and put on record of whom something is expected."""
    content = {
        "tasks": [task_id.hex for task_id, _ in holders],
        "people": [person_id.hex for _, person_id in holders],
        "names": [names[person_id] for _, person_id in holders],
        "due": due_at.isoformat() if due_at else None,
        "urgent": urgent,
    }
    fact = Fact(post.id, "post.task_assigned", post.client_id, content)
    event_id = record(session, actor, fact, now)
    if find_step(post.state, Action.ASSIGN, post.policy):
        answer = Answer(assignee_id=holders[0][1])
        post = steps.take_step(
            session, actor, post.id, Action.ASSIGN, version=post.version, answer=answer, now=now
        )
    holder = task_list.holder(task_list.waiting(session, post.id))
    post_rows.touched(session, post_rows.hold(session, post, holder), event_id, private=True)


def _names(session: Session, post_ids: Collection[UUID]) -> dict[UUID, _Named]:
    rows: Any = session.execute(
        select(col(Post.id), col(Client.key), col(Post.number), col(Client.zone))
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id).in_(post_ids))
    )
    return {post_id: _Named(f"{key}-{number}", zone) for post_id, key, number, zone in rows}


def _people(session: Session, people: Sequence[UUID]) -> dict[UUID, str]:
    rows: Any = session.execute(
        select(col(Person.id), col(Person.name)).where(col(Person.id).in_(people))
    )
    return {person_id: name for person_id, name in rows}  # noqa: C416 - a Row is no pair to dict()


def _mail(
    session: Session,
    actor: Actor,
    rows: Sequence[Mapping[str, Any]],
    noticed: Sequence[tuple[UUID, UUID]],
    named: Mapping[UUID, _Named],
    expected: Expectation,
    now: datetime,
) -> None:
    """One mail to each person, however many posts it is about; or in a later one, or in none, as
    they want it.
    """
    chosen = preferences.of(session, {person for _, person in noticed}, NoticeKind.TASK)
    at_once = {person for person, one in chosen.items() if one.how is How.AT_ONCE}
    later = [(notice, person) for notice, person in noticed if person not in at_once]
    preferences.postpone(session, NoticeKind.TASK, later, now)
    languages = mail.languages(session, at_once)
    of_person: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["assignee_id"] in at_once:
            of_person.setdefault(row["assignee_id"], []).append(row)
    for person_id, tasks in of_person.items():
        lines = [(named[row["post_id"]], row["due_at"]) for row in tasks]
        dues = [(one.key, at and at.astimezone(ZoneInfo(one.zone))) for one, at in lines]
        path = f"/post/?key={dues[0][0]}" if len(dues) == 1 else "/work/"
        language = languages[person_id]
        letter = mail.about_tasks(actor.name, dues, expected, language)
        one = {row["post_id"] for row in tasks}
        about = mail.About(
            language=language,
            kinds=(NoticeKind.TASK,),
            post_id=one.pop() if len(one) == 1 else None,
            thread=Thread.INTERNAL,
        )
        mail.enqueue(session, person_id, letter, path, now, about)
