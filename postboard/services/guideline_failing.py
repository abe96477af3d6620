"""What a guideline would stop, or warns of: the open posts that do not keep its rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.guideline_models import AGENCY
from postboard.db.models import Client
from postboard.db.queries import guidelines as query
from postboard.db.queries.guidelines import Draft, Holding, OpenPost
from postboard.domain.guideline_checks import Asked, Judging, unkept
from postboard.domain.permissions import Actor
from postboard.domain.rules import Finding

FAILING_MAX: Final = 200
"""How many posts a list of what fails names."""


@dataclass(frozen=True, slots=True)
class Failing:
    """An open post that does not keep a rule, and what it did not keep before already."""

    post: OpenPost
    new: tuple[Finding, ...]
    known: tuple[Finding, ...]


def would_fail(
    session: Session, actor: Actor, client_id: UUID | None, *, now: datetime
) -> list[Failing]:
    """The open posts of the actor's clients that would newly fail if the draft were published now.

    Raises:
        NotFound: it is not theirs.
    """
    query.find_owner(session, actor, client_id)
    return newly_failing(session, actor, client_id, query.draft(session, client_id), now)


def fails(
    session: Session, actor: Actor, client_id: UUID | None, *, now: datetime
) -> list[Failing]:
    """The open posts of the actor's clients that do not keep what holds, those let pass left out.

    Raises:
        NotFound: it is not theirs.
    """
    query.find_owner(session, actor, client_id)
    held = {one.owner: one for one in query.holding(session)}
    return _failing(session, actor, client_id, {}, held, now)


def newly_failing(
    session: Session, actor: Actor, client_id: UUID | None, draft: Draft, now: datetime
) -> list[Failing]:
    """Those that keep what holds and would not keep the draft."""
    before = {one.owner: one for one in query.holding(session)}
    own = before.get(draft.owner)
    name = own.client if own else _name(session, client_id)
    number = draft.published + 1
    holds = Holding(
        UUID(int=0), draft.owner, name, number, now, "", "", draft.guideline, must_be_read=False
    )
    after = {**before, draft.owner: holds}
    return [one for one in _failing(session, actor, client_id, before, after, now) if one.new]


def _failing(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    before: dict[str, Holding],
    after: dict[str, Holding],
    now: datetime,
) -> list[Failing]:
    rules: dict[UUID, tuple[tuple[Asked, ...], tuple[Asked, ...]]] = {}
    found: list[Failing] = []
    for post in query.open_posts(session, actor, client_id):
        if post.client_id not in rules:
            rules[post.client_id] = (_asked(before, post), _asked(after, post))
        old, new = rules[post.client_id]
        was = {one.key for one in _unkept(post, old, now)}
        now_found = _unkept(post, new, now)
        fresh = tuple(one for one in now_found if one.key not in was)
        known = tuple(one for one in now_found if one.key in was)
        if now_found:
            found.append(Failing(post, fresh, known))
    return found


def _asked(held: dict[str, Holding], post: OpenPost) -> tuple[Asked, ...]:
    return query.asked_by(held.get(AGENCY), held.get(post.client_id.hex))


def _unkept(post: OpenPost, asked: Sequence[Asked], now: datetime) -> list[Finding]:
    judging = Judging(post.words, now, post.planned_at, post.zone, post.ready_at)
    return [one for one in unkept(asked, judging) if one.key not in post.waived]


def _name(session: Session, client_id: UUID | None) -> str:
    if client_id is None:
        return ""
    return session.execute(select(col(Client.name)).where(col(Client.id) == client_id)).scalar_one()
