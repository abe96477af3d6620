"""Whom the dialog that assigns suggests for the chosen posts, and why."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries import absences, team
from postboard.db.queries.scope import visible_posts
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.domain.suggesting import Candidate, Suggestion, Wanted, suggest
from postboard.domain.team import Cell, Deliverable, Part
from postboard.names import DELIVERABLES


@dataclass(frozen=True, slots=True)
class Suggested:
    """`deliverable` is what the posts lack, or what was asked for."""

    deliverable: Deliverable
    people: list[Suggestion]


def for_posts(
    session: Session,
    actor: Actor,
    post_ids: Sequence[UUID],
    deliverable: Deliverable | None = None,
    due: datetime | None = None,
    *,
    now: datetime,
) -> Suggested:
    """Only who works for every one of the posts' clients; `due` is wall time on their clocks.

    Raises:
        NotFound: one of the posts is not this actor's to assign.
        BadInput: there is no such time.
    """
    rows: list[Any] = list(
        session.execute(
            select(
                col(Post.id),
                col(Post.client_id),
                col(Client.zone),
                col(Revision.caption),
                col(Revision.media),
                col(Revision.networks),
            )
            .join(Client, col(Client.id) == col(Post.client_id))
            .join(
                Revision,
                and_(
                    col(Revision.post_id) == col(Post.id),
                    col(Revision.number) == col(Post.revision),
                ),
            )
            .where(col(Post.id).in_(post_ids), visible_posts(actor))
            .order_by(col(Client.key), col(Post.number))
        )
    )
    clients = {row.client_id for row in rows}
    may = all(actor.may(Permission.ASSIGN, client_id) for client_id in clients)
    if not rows or not may or len(rows) != len(set(post_ids)):
        raise NotFound
    wanted = deliverable or _lacking(rows)
    networks = {network for row in rows for network in row.networks}
    mine = _candidates(session, clients, wanted, networks, now=now)
    if len(clients) > 1:
        able = set[UUID].intersection(
            *({one.id for one in team.staff_of(session, [client])} for client in clients)
        )
        mine = [one for one in mine if one.person_id in able]
    due_at = min((_instant(due, row.zone) for row in rows), default=None) if due else None
    return Suggested(wanted, suggest(mine, Wanted(now, due_at, wanted, DELIVERABLES[wanted])))


def _candidates(
    session: Session,
    clients: Collection[UUID],
    deliverable: Deliverable | None,
    networks: Collection[str],
    *,
    now: datetime,
) -> list[Candidate]:
    """Who may be given a post of these clients, as `domain.suggesting` weighs them.

    A part on one of the networks counts before one on all of them.
    """
    staff = team.staff_of(session, clients)
    times = team.times_of(session, staff, now)
    parts = _parts(team.cells_of(session, clients), deliverable, networks) if deliverable else {}
    return [
        Candidate(
            one.id,
            one.name,
            one.role,
            times.loads[one.id],
            absences.calendar(one.zone, times.weeks[one.id][1], times.away.get(one.id, []), now),
            tuple(absent.away for absent in times.away.get(one.id, [])),
            parts.get(one.id),
        )
        for one in staff
    ]


def _parts(
    cells: Iterable[tuple[Cell, str]], deliverable: Deliverable, networks: Collection[str]
) -> dict[UUID, Part]:
    weight = list(Part)
    found: dict[UUID, tuple[bool, int]] = {}
    for cell, _ in cells:
        if cell.deliverable is deliverable and cell.network in {"", *networks}:
            mine = (not cell.network, weight.index(cell.part))
            found[cell.person_id] = min(mine, found.get(cell.person_id, mine))
    return {person: weight[index] for person, (_, index) in found.items()}


def _lacking(rows: Sequence[Any]) -> Deliverable:
    """What comes next of most posts: the words first, then something to see."""
    if any(not row.caption.strip() for row in rows):
        return Deliverable.COPY
    return Deliverable.COPY if all(row.media for row in rows) else Deliverable.GRAPHICS


def _instant(due: datetime, zone: str) -> datetime:
    try:
        return to_utc(due, ZoneInfo(zone))
    except OverflowError:  # the last or the first hours that a calendar knows
        raise BadInput from None
