"""One post whole: its words, where it stands, who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Client, Event, Person, Post, Revision
from postboard.db.queries.chains import steps_open_to
from postboard.db.queries.instants import stamp
from postboard.db.queries.scope import visible_posts
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import (
    SPECS,
    Approval,
    Policy,
    State,
)

HISTORY_MAX = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a post's history; `at` is ISO text."""

    kind: str
    who: str
    at: str
    reason: str
    tags: list[str]


@dataclass(frozen=True, slots=True)
class PostInFull:
    """What the quick view shows."""

    id: str
    key: str
    client: str
    zone: str
    state: str
    version: int
    rounds: int
    rounds_included: int
    title: str
    caption: str
    link: str
    networks: list[str]
    pictures: list[dict[str, str]]
    planned_at: str
    campaign: str
    assignee: str
    actions: list[str]
    may_assign: bool
    history: list[Entry]


def in_full(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> PostInFull:
    """The post for staff; the client's page has its own, narrower question.

    Raises:
        NotFound: it is not there, or not this actor's, or the actor is the client.
    """
    row: Any = session.execute(
        select(
            Post,
            Revision,
            Client,
            col(Campaign.name),
            col(Person.name),
        )
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(
                col(Revision.post_id) == col(Post.id),
                col(Revision.number) == col(Post.revision),
            ),
        )
        .outerjoin(Campaign, col(Campaign.id) == col(Post.campaign_id))
        .outerjoin(Person, col(Person.id) == col(Post.assignee_id))
        .where(col(Post.id) == post_id, visible_posts(actor))
    ).one_or_none()
    if row is None or not actor.may(Permission.SEE_ALL_STATES, row[0].client_id):
        raise NotFound
    steps = steps_open_to(session, actor, row[0], policy_of(row[2]), now=now)
    return _in_full(
        actor,
        *row,
        actions=[step.action for step in steps],
        history=_history(session, post_id),
    )


def _in_full(
    actor: Actor,
    post: Post,
    words: Revision,
    client: Client,
    campaign: str | None,
    assignee: str | None,
    *,
    actions: list[str],
    history: list[Entry],
) -> PostInFull:
    state = State(post.state)
    return PostInFull(
        id=post.id.hex,
        key=f"{client.key}-{post.number}",
        client=client.name,
        zone=client.zone,
        state=state,
        version=post.version,
        rounds=post.rounds,
        rounds_included=client.rounds_included,
        title=words.title,
        caption=words.caption,
        link=words.link,
        networks=words.networks,
        pictures=words.media,
        planned_at=stamp(post.planned_at),
        campaign=campaign or "",
        assignee=assignee or "",
        actions=actions,
        may_assign=not SPECS[state].finished and actor.may(Permission.ASSIGN, client.id),
        history=history,
    )


def _history(session: Session, post_id: UUID) -> list[Entry]:
    rows = session.execute(
        select(col(Event.kind), col(Event.actor_name), col(Event.at), col(Event.content))
        .where(col(Event.stream_id) == post_id, ~col(Event.kind).startswith("post.comment"))
        .order_by(col(Event.position).desc())
        .limit(HISTORY_MAX)
    )
    return [
        Entry(
            kind=kind,
            who=who,
            at=stamp(at),
            reason=content.get("reason", ""),
            tags=content.get("tags", []),
        )
        for kind, who, at, content in rows
    ]


def policy_of(client: Client) -> Policy:
    return Policy(Approval(client.approval), client.rework_goes_to_client)


def local_time(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""
