"""A post's row as its writers have it: found in the actor's scope, changed against its version."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from postboard.db.engine import Signal, changed_one_row, signal
from postboard.db.models import Client, Post, table_of
from postboard.db.queries.scope import roles_for, visible_posts
from postboard.domain.errors import NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.workflow import SPECS, Approval, Policy, State
from postboard.services.events import Fact, record

PLACE = frozenset({"state", "board_column", "rank", "rounds", "ready", "state_since"})
"""What a browser can tell from a signal alone; anything else makes it read the card again."""

# Every step takes these two: they are built once, past the ORM.
_POST, _CLIENT = table_of(Post), table_of(Client)
_FIND = (
    select(
        _POST.c.id,
        _POST.c.client_id,
        _POST.c.state,
        _POST.c.version,
        _POST.c.revision,
        _POST.c.rounds,
        _POST.c.rank,
        _POST.c.planned_at,
        _POST.c.assignee_id,
        _CLIENT.c.rounds_included,
        _CLIENT.c.approval,
        _CLIENT.c.rework_goes_to_client,
    )
    .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
    .where(_POST.c.id == bindparam("post"))
)
_CHANGE = update(_POST).where(
    _POST.c.id == bindparam("post"),
    _POST.c.version == bindparam("found_version"),
    _POST.c.state == bindparam("found_state"),
)
_VERSION = select(_POST.c.version).where(_POST.c.id == bindparam("post"))
_HOLD = update(_POST).where(_POST.c.id == bindparam("post"))


class NeedsPerson(Refused):
    status = 422
    sentence = "Choose who takes it."


@dataclass(frozen=True, slots=True)
class Found:
    """A post as a writer needs it."""

    id: UUID
    client_id: UUID
    state: State
    version: int
    revision: int
    rounds: int
    rank: int
    planned_at: datetime | None
    assignee_id: UUID | None
    rounds_included: int
    policy: Policy


def find(session: Session, actor: Actor, post_id: UUID) -> Found:
    """The post, if this actor may see it.

    Raises:
        NotFound: it is not there, or not theirs.
    """
    row: Any = session.execute(_FIND.where(visible_posts(actor)), {"post": post_id}).one_or_none()
    if row is None:
        raise NotFound
    *values, approval, to_client = row
    return Found(*values, policy=Policy(Approval(approval), to_client))


def write(
    session: Session,
    actor: Actor,
    post: Found,
    changes: dict[str, Any],
    kind: str,
    content: dict[str, Any],
    now: datetime,
) -> Found:
    """One change of one post with its fact, against the version it was read at."""
    written = _update(session, post, changes)
    event_id = record(session, actor, Fact(post.id, kind, post.client_id, content), now)
    whole = not changes.keys() <= PLACE
    signal(session, _signal(written, post.state, event_id, whole=whole))
    return written


def write_place(session: Session, post: Found, rank: int) -> Found:
    """Where a card stands is no fact of its post's life."""
    written = _update(session, post, {"rank": rank})
    signal(session, _signal(written, post.state, whole=False))
    return written


def hold(session: Session, post: Found, person_id: UUID | None) -> Found:
    """Note who holds the post: whoever's task is due first, else whoever was the last to.

    Neither its words nor its state change, so its version stays: whoever is typing may go on.
    """
    if person_id == post.assignee_id:
        return post
    session.execute(_HOLD, {"post": post.id, "assignee_id": person_id})
    return replace(post, assignee_id=person_id)


def touched(session: Session, post: Found, event_id: int, *, private: bool = False) -> None:
    """Tell whoever shows the post that something beside it changed: a task, a comment.

    `private`: the client's side does not hear of it.
    """
    told = _signal(post, post.state, event_id, whole=True)
    signal(session, replace(told, beside=True, private=private))


def refuse_stale(post: Found, version: int | None, revision: int | None = None) -> None:
    if version is None and revision is None:
        raise TypeError("a write states the version or the revision it was made on")
    if version is not None and version != post.version:
        raise Stale
    if revision is not None and revision != post.revision:
        raise Stale("The words changed since you read them. Here is the newest version.")


def refuse_moved(session: Session, post: Found) -> None:
    """For what is written beside a post: the post is still as it was found.

    Raises:
        Stale: somebody changed it since.
    """
    version = session.execute(_VERSION, {"post": post.id}).scalar_one()
    if version != post.version:
        raise Stale


def need(actor: Actor, permission: Permission, client_id: UUID) -> None:
    if not actor.may(permission, client_id):
        raise NotAllowed


def need_team(actor: Actor, client_id: UUID) -> None:
    """Whoever is none of the client's team is not told that it exists."""
    if not actor.may(Permission.SEE_ALL_STATES, client_id):
        raise NotFound


def check_people(session: Session, client_id: UUID, people: set[UUID]) -> None:
    """Posts go to staff of that client only; who leaves meanwhile takes nothing on."""
    if not people:
        return
    roles = roles_for(session, client_id, people, hold=True)
    if not all(roles.get(person) in STAFF_ROLES for person in people):
        raise NeedsPerson("Choose somebody of this client’s team.")


def _update(session: Session, post: Found, changes: dict[str, Any]) -> Found:
    found = {"post": post.id, "found_version": post.version, "found_state": post.state}
    done = session.execute(_CHANGE, {**found, **changes, "version": post.version + 1})
    if not changed_one_row(done):
        raise Stale
    known = {k: v for k, v in changes.items() if k in Found.__dataclass_fields__}
    return replace(post, version=post.version + 1, **known)


def _signal(post: Found, old_state: State, event_id: int = 0, *, whole: bool) -> Signal:
    return Signal(
        event_id=event_id,
        client_id=post.client_id,
        post_id=post.id,
        version=post.version,
        old_state=old_state,
        state=post.state,
        column=SPECS[post.state].column,
        rank=post.rank,
        rounds=post.rounds,
        whole=whole,
    )
