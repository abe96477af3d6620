"""A post with its whole record, in an open format: to keep, to hand over, to check.

The JSON, version 1. Instants are ISO 8601 in UTC with microseconds, ids are UUIDs, names are those
of today except where an event or a comment carries the name of its time.

| part | holds |
|---|---|
| `post` | key, state, version, current revision, rounds, times, labels, who holds it |
| `client` | name, key, zone, how its posts are approved |
| `revisions` | every one whole: the words of `domain.content.Words`, media with their digests |
| `decisions` | approvals and requests for changes: on which revision, by whom, why |
| `events` | the log of the post, each entry with its digest |
| `chain` | how to verify the log |
| `tasks` | what was expected of whom, and what came of it |
| `comments` | both threads, with what they said before edits; the internal one is the staff's |
| `waivers` | findings of the checks that somebody let pass |

An event's `digest` is the SHA-256 (hex) of the UTF-8 text of a JSON array: the digest before it
(64 zeros for the first), then `stream_id`, `position`, `kind`, `client_id`, `actor_id`,
`actor_name`, `at` and `content`, as they stand here, an absent id as the text "None"; written
without spaces, keys sorted, nothing escaped that need not be. The last digest is `chain.head`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Campaign,
    Client,
    Comment,
    CommentAttachment,
    Event,
    EventStream,
    Person,
    Pillar,
    Post,
    Reaction,
    Revision,
    Task,
    Waiver,
)
from postboard.db.queries.revisions import words_in
from postboard.db.queries.scope import find_for_staff
from postboard.domain.content import words_as_json
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action
from postboard.services.events import START

VERSION: Final = 1
CHAIN: Final = (
    "digest = sha256 over the JSON array [previous digest, stream_id, position, kind,"
    " client_id, actor_id, actor_name, at, content], compact, keys sorted, not escaped to"
    ' ASCII, as UTF-8; an absent id counts as the text "None"'
)
"""How the digest of an event is made."""
_DECISIONS: Final = {
    "post.decided": Action.APPROVE,
    **{
        f"post.{action}": action
        for action in (Action.APPROVE, Action.REQUEST_CHANGES, Action.RECONSIDER)
    },
}


@dataclass(frozen=True, slots=True)
class PostPart:
    id: str
    key: str
    state: str
    version: int
    revision: int
    rounds: int
    ready: bool
    planned_at: str | None
    due_at: str | None
    campaign: str | None
    pillar: str | None
    assignee: str | None
    published_link: str | None
    created_at: str
    state_since: str


@dataclass(frozen=True, slots=True)
class ClientPart:
    id: str
    name: str
    key: str
    zone: str
    approval: str
    rounds_included: int


@dataclass(frozen=True, slots=True)
class RevisionPart:
    number: int
    words: dict[str, Any]
    written_by: str | None
    written_at: str
    frozen_at: str | None
    planned_at: str | None


@dataclass(frozen=True, slots=True)
class DecisionPart:
    action: str
    revision: int
    by: str
    at: str
    reason: str
    tags: list[str]


@dataclass(frozen=True, slots=True)
class EventPart:
    stream_id: str
    position: int
    kind: str
    client_id: str | None
    actor_id: str | None
    actor_name: str
    at: str
    content: dict[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class ChainPart:
    start: str
    length: int
    head: str
    how: str = CHAIN


@dataclass(frozen=True, slots=True)
class TaskPart:
    id: str
    assignee: str | None
    status: str
    instructions: str
    links: list[str]
    urgent: bool
    due_at: str | None
    reason: str
    given_by: str | None
    created_at: str
    accepted_at: str | None
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class CommentPart:
    id: str
    thread: str
    answers: str | None
    author: str
    revision: int
    text: str
    anchor: dict[str, Any]
    mentions: list[str]
    earlier: list[dict[str, str]]
    attachments: list[str]
    reactions: list[dict[str, str]]
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    resolved_at: str | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class WaiverPart:
    finding: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Record:
    record_version: int
    exported_at: str
    exported_by: str
    post: PostPart
    client: ClientPart
    revisions: list[RevisionPart]
    decisions: list[DecisionPart]
    events: list[EventPart]
    chain: ChainPart
    tasks: list[TaskPart]
    comments: list[CommentPart]
    waivers: list[WaiverPart]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def record(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> Record:
    """Everything there is of a post, for its staff; the same number of statements for any post.

    Raises:
        NotFound: it is not there, or not this actor's, or the actor is the client.
    """
    post = find_for_staff(session, actor, post_id)
    client = session.execute(select(Client).where(col(Client.id) == post.client_id)).scalar_one()
    revisions = _rows(session, Revision, post_id, col(Revision.number))
    tasks = _rows(session, Task, post_id, col(Task.created_at))
    comments = _rows(session, Comment, post_id, col(Comment.created_at))
    waivers = _rows(session, Waiver, post_id, col(Waiver.at))
    names = _names(session, post, [*revisions, *tasks], comments)
    events = _events(session, post_id)
    return Record(
        record_version=VERSION,
        exported_at=_instant(now),
        exported_by=actor.name,
        post=_post(session, post, client, names),
        client=_client(client),
        revisions=[_revision(row, names) for row in revisions],
        decisions=[*_decisions(events)],
        events=events,
        chain=_chain(session, post_id),
        tasks=[_task(row, names) for row in tasks],
        comments=_comments(session, comments, names),
        waivers=[
            WaiverPart(row.finding, row.reason, row.person_name, _instant(row.at))
            for row in waivers
        ],
    )


def _rows(session: Session, table: Any, post_id: UUID, order: Any) -> list[Any]:
    rows = session.execute(select(table).where(table.post_id == post_id).order_by(order))
    return [*rows.scalars()]


def _names(
    session: Session, post: Post, written: Iterable[Any], comments: Iterable[Comment]
) -> dict[UUID, str]:
    ids = {post.assignee_id}
    for row in written:
        ids |= {row.created_by, getattr(row, "assignee_id", None)}
    ids |= {UUID(one) for comment in comments for one in comment.mentions}
    rows = session.execute(
        select(col(Person.id), col(Person.name)).where(col(Person.id).in_(ids - {None}))
    )
    return {person_id: name for person_id, name in rows}  # noqa: C416 - a Row is no pair to dict()


def _post(session: Session, post: Post, client: Client, names: Mapping[UUID, str]) -> PostPart:
    campaign, pillar = session.execute(
        select(
            select(col(Campaign.name))
            .where(col(Campaign.id) == post.campaign_id)
            .scalar_subquery(),
            select(col(Pillar.name)).where(col(Pillar.id) == post.pillar_id).scalar_subquery(),
        )
    ).one()
    return PostPart(
        id=str(post.id),
        key=f"{client.key}-{post.number}",
        state=post.state,
        version=post.version,
        revision=post.revision,
        rounds=post.rounds,
        ready=post.ready,
        planned_at=_maybe(post.planned_at),
        due_at=_maybe(post.due_at),
        campaign=campaign,
        pillar=pillar,
        assignee=_name(names, post.assignee_id),
        published_link=post.published_link,
        created_at=_instant(post.created_at),
        state_since=_instant(post.state_since),
    )


def _client(client: Client) -> ClientPart:
    return ClientPart(
        id=str(client.id),
        name=client.name,
        key=client.key,
        zone=client.zone,
        approval=client.approval,
        rounds_included=client.rounds_included,
    )


def _revision(row: Revision, names: Mapping[UUID, str]) -> RevisionPart:
    return RevisionPart(
        number=row.number,
        words=words_as_json(words_in(row)),
        written_by=_name(names, row.created_by),
        written_at=_instant(row.created_at),
        frozen_at=_maybe(row.frozen_at),
        planned_at=_maybe(row.planned_at),
    )


def _events(session: Session, post_id: UUID) -> list[EventPart]:
    rows = session.execute(
        select(Event).where(col(Event.stream_id) == post_id).order_by(col(Event.position))
    ).scalars()
    return [
        EventPart(
            stream_id=str(row.stream_id),
            position=row.position,
            kind=row.kind,
            client_id=str(row.client_id) if row.client_id else None,
            actor_id=str(row.actor_id) if row.actor_id else None,
            actor_name=row.actor_name,
            at=_instant(row.at),
            content=row.content,
            digest=row.digest,
        )
        for row in rows
    ]


def _decisions(events: Iterable[EventPart]) -> Iterable[DecisionPart]:
    for event in events:
        if action := _DECISIONS.get(event.kind):
            said = event.content
            yield DecisionPart(
                action=action,
                revision=said["revision"],
                by=event.actor_name,
                at=event.at,
                reason=said.get("reason", ""),
                tags=said.get("tags", []),
            )


def _chain(session: Session, post_id: UUID) -> ChainPart:
    length, head = session.execute(
        select(col(EventStream.length), col(EventStream.digest)).where(
            col(EventStream.id) == post_id
        )
    ).one()
    return ChainPart(START, length, head)


def _task(row: Task, names: Mapping[UUID, str]) -> TaskPart:
    return TaskPart(
        id=str(row.id),
        assignee=_name(names, row.assignee_id),
        status=row.status,
        instructions=row.instructions,
        links=row.links,
        urgent=row.urgent,
        due_at=_maybe(row.due_at),
        reason=row.reason,
        given_by=_name(names, row.created_by),
        created_at=_instant(row.created_at),
        accepted_at=_maybe(row.accepted_at),
        ended_at=_maybe(row.ended_at),
    )


def _comments(
    session: Session, comments: Iterable[Comment], names: Mapping[UUID, str]
) -> list[CommentPart]:
    of_post = select(col(Comment.id)).where(
        col(Comment.post_id).in_({comment.post_id for comment in comments})
    )
    attached: dict[UUID, list[str]] = {}
    for comment_id, asset_id in session.execute(
        select(col(CommentAttachment.comment_id), col(CommentAttachment.asset_id)).where(
            col(CommentAttachment.comment_id).in_(of_post)
        )
    ):
        attached.setdefault(comment_id, []).append(str(asset_id))
    reacted: dict[UUID, list[dict[str, str]]] = {}
    for comment_id, emoji, name in session.execute(
        select(col(Reaction.comment_id), col(Reaction.emoji), col(Person.name))
        .join(Person, col(Person.id) == col(Reaction.person_id))
        .where(col(Reaction.comment_id).in_(of_post))
    ):
        reacted.setdefault(comment_id, []).append({"emoji": emoji, "by": name})
    return [
        CommentPart(
            id=str(row.id),
            thread=row.thread,
            answers=str(row.parent_id) if row.parent_id else None,
            author=row.author_name,
            revision=row.revision,
            text=row.text,
            anchor=row.anchor,
            mentions=[names.get(UUID(one), one) for one in row.mentions],
            earlier=row.earlier,
            attachments=attached.get(row.id, []),
            reactions=reacted.get(row.id, []),
            created_at=_instant(row.created_at),
            edited_at=_maybe(row.edited_at),
            deleted_at=_maybe(row.deleted_at),
            resolved_at=_maybe(row.resolved_at),
            resolved_by=row.resolved_by,
        )
        for row in comments
    ]


def _name(names: Mapping[UUID, str], person_id: UUID | None) -> str | None:
    return names.get(person_id) if person_id else None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _maybe(at: datetime | None) -> str | None:
    return _instant(at) if at else None
