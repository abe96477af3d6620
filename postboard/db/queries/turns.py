"""Whose turn it is among the client's people: who has said yes, who is missing, who follows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Membership, Person, Post, table_of
from postboard.db.queries import agreements
from postboard.db.queries.answering import spoken_for, stand_ins
from postboard.db.queries.instants import stamp
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.chains import RIGHTS, Chain, Rule, Side, Stage, chain_from_json
from postboard.domain.permissions import PERMISSIONS, Actor
from postboard.domain.standing_in import Answering, answering

_REQUEST = table_of(ReviewRequest)
OPEN: Final = and_(_REQUEST.c.post_id == col(Post.id), _REQUEST.c.closed_at.is_(None))
"""Joins a post with what is asked of it."""
ASKED: Final = (_REQUEST.c.id.label("request"), _REQUEST.c.rule, _REQUEST.c.reviewers)
"""What `missing` needs of a post's row, beside `client_id`."""
IN_FULL: Final = (
    *ASKED,
    _REQUEST.c.stage,
    _REQUEST.c.name.label("stage_name"),
    _REQUEST.c.chain,
    _REQUEST.c.message,
    _REQUEST.c.due_at,
)
"""What `turns` needs of a post's row, beside `id` and `client_id`."""
_ROLES: Final = [role for role, rights in PERMISSIONS.items() if RIGHTS[Side.CLIENT] in rights]
_MINUTE: Final = timedelta(minutes=1)

People = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Turn:
    """How far the client's side is with a post, for one of its readers."""

    request: str = ""
    """What a decision answers; empty for a post that was sent before there were requests."""
    mine: bool = False
    """Whether it waits for this reader's own decision."""
    stage: str = ""
    waits_for: list[str] = field(default_factory=list[str])
    needs_too: list[str] = field(default_factory=list[str])
    """Where all of a stage decide: who is missing beside this reader."""
    stands_in_for: list[str] = field(default_factory=list[str])
    """Who is away, and needed: this reader's word counts for them."""
    said_yes: bool = False
    """Whether this reader did, in this round; `agreed` are the others who did."""
    agreed: list[str] = field(default_factory=list[str])
    follows: list[str] = field(default_factory=list[str])
    """The stages to come, each by its name, else by its people."""
    message: str = ""
    """What the agency says to those who are asked."""
    due_at: str = ""
    due_in: int = 0
    """Minutes of work until then, on the clocks of the client's office; below 0 it is late."""


def turns(session: Session, actor: Actor, rows: Sequence[Any], now: datetime) -> dict[UUID, Turn]:
    """For each post; the rows are of posts with `IN_FULL`."""
    clients = {row.client_id for row in rows}
    people, away = deciders(session, clients), stand_ins(session, clients, now)
    said = _said(session, [row.id for row in rows])
    left = _minutes_left(session, rows, now)
    return {
        row.id: _turn(
            actor,
            row,
            people[row.client_id],
            away[row.client_id],
            said.get(row.id, []),
            left.get(row.id, 0),
        )
        for row in rows
    }


def missing(session: Session, rows: Sequence[Any], now: datetime) -> Iterator[Collection[UUID]]:
    """Who may give the decision that each post still needs; the rows are of posts with `ASKED`."""
    clients = {row.client_id for row in rows}
    people, away = deciders(session, clients), stand_ins(session, clients, now)
    of_all = [row.request for row in rows if row.rule == Rule.ALL]
    said = _said_to(session, of_all) if of_all else {}
    for row in rows:
        asked = _asked(row, people[row.client_id], away[row.client_id])
        still = asked.missing(Rule(row.rule or Rule.ANY), said.get(row.request, set()))
        yield asked.turn_of(still)


def deciders(session: Session, client_ids: Collection[UUID]) -> dict[UUID, People]:
    """Who may decide for each client, by name."""
    rows = session.execute(
        select(col(Membership.client_id), col(Person.id), col(Person.name))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.client_id).in_(client_ids),
            col(Membership.role).in_(_ROLES),
            col(Person.disabled_at).is_(None),
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    found: dict[UUID, dict[UUID, str]] = {client_id: {} for client_id in client_ids}
    for client_id, person_id, name in rows:
        found[client_id][person_id] = name
    return {**found}


def _said(session: Session, post_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Who said yes to the words and in the round that the post stands in, in their order."""
    rows: Any = session.execute(
        select(
            col(Post.id),
            col(Decision.request_id),
            col(Decision.person_id),
            col(Decision.person_name),
            col(Decision.stood_in_for),
        )
        .join(ReviewRequest, col(ReviewRequest.id) == col(Decision.request_id))
        .join(Post, col(Post.id) == col(ReviewRequest.post_id))
        .where(
            col(Post.id).in_(post_ids),
            col(ReviewRequest.side) == Side.CLIENT,
            col(ReviewRequest.revision) == col(Post.revision),
            col(ReviewRequest.round) == col(Post.rounds),
            col(Decision.approved).is_(True),
            col(Decision.person_id).is_not(None),
        )
        .order_by(col(Decision.at), col(Decision.person_name))
    )
    said: dict[UUID, list[Any]] = {}
    for row in rows:
        said.setdefault(row.id, []).append(row)
    return said


def _said_to(session: Session, request_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    rows: Any = session.execute(
        select(col(Decision.request_id), col(Decision.person_id), col(Decision.stood_in_for)).where(
            col(Decision.request_id).in_(request_ids), col(Decision.approved).is_(True)
        )
    )
    said: dict[UUID, set[UUID]] = {}
    for row in rows:
        said.setdefault(row.request_id, set()).update(spoken_for(row))
    return said


def _minutes_left(session: Session, rows: Sequence[Any], now: datetime) -> dict[UUID, int]:
    timed = [row for row in rows if row.due_at]
    if not timed:
        return {}
    agreed = agreements.of_clients(session, {row.client_id for row in timed})
    return {
        row.id: agreed[row.client_id].calendar.working_between(now, row.due_at) // _MINUTE
        for row in timed
    }


def _asked(row: Any, people: People, away: Mapping[UUID, UUID]) -> Answering:
    return answering([UUID(person) for person in row.reviewers or ()], people, away)


def _turn(
    actor: Actor,
    row: Any,
    people: People,
    away: Mapping[UUID, UUID],
    said: Sequence[Any],
    left: int,
) -> Turn:
    if row.request is None:
        return Turn(mine=actor.user_id in people, waits_for=[*people.values()])
    answers = [one for one in said if one.request_id == row.request]
    answered = {person for one in answers for person in spoken_for(one)}
    asked = _asked(row, people, away)
    needed = asked.missing(Rule(row.rule), answered)
    turn = asked.turn_of(needed)
    mine = actor.user_id in turn
    for_whom = [person for person in asked.for_whom(actor.user_id) if person in needed]
    others = [one.person_name for one in said if one.person_id != actor.user_id]
    return Turn(
        request=row.request.hex,
        mine=mine,
        stage=row.stage_name,
        waits_for=[people[person] for person in turn],
        needs_too=[
            people[person]
            for person in needed
            if row.rule == Rule.ALL and mine and person not in (actor.user_id, *for_whom)
        ],
        stands_in_for=[people[person] for person in for_whom],
        said_yes=any(one.person_id == actor.user_id for one in said),
        agreed=[*dict.fromkeys(others)],
        follows=[_named(stage, people) for stage in _later(chain_from_json(row.chain), row.stage)],
        message=row.message,
        due_at=stamp(row.due_at),
        due_in=left,
    )


def _later(chain: Chain, stage: int | None) -> Iterator[Stage]:
    while stage is not None and (stage := chain.after(stage)) is not None:
        yield chain.stages[stage]


def _named(stage: Stage, people: People) -> str:
    asked = [people[person] for person in stage.people if person in people]
    return stage.name or ", ".join(asked or people.values())
