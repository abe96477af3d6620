"""What the head of a post's page shows, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import (
    Campaign,
    Client,
    Membership,
    Person,
    Pillar,
    Post,
    PostLook,
    Revision,
    SocialAccount,
    WordsDraft,
)
from postboard.db.queries.chains import steps_open_to
from postboard.db.queries.choices import Choice, campaigns, people
from postboard.db.queries.instants import stamp
from postboard.db.queries.post import local_time, policy_of
from postboard.db.queries.revisions import words_in
from postboard.db.queries.scope import visible_posts
from postboard.domain.content import words_as_json, words_from_json
from postboard.domain.errors import NotFound
from postboard.domain.permissions import CLIENT_ROLES, Actor, Permission
from postboard.domain.workflow import (
    SPECS,
    Action,
    State,
    Step,
    find_step,
)


@dataclass(frozen=True, slots=True)
class PostFacts:
    """Where the post stands and what this actor may do. Ids are hex, instants ISO text."""

    id: str
    key: str
    client_id: str
    client: str
    client_key: str
    client_hue: int
    zone: str
    state: str
    version: int
    revision: int
    open_to_edits: bool
    """Words are saved at once; elsewhere they are a draft until they are sent for review."""
    rounds: int
    rounds_included: int
    ready: bool
    planned_at: str
    planned_local: str
    campaign_id: str
    campaign: str
    pillar: str
    assignee_id: str
    assignee: str
    published_link: str
    may_edit_words: bool
    may_edit_media: bool
    may_edit_plan: bool
    may_assign: bool
    may_waive: bool
    may_copy: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """This actor's own unsent words; `stale`: the post has other words since they were begun."""

    words: dict[str, Any]
    revision: int
    stale: bool


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Somebody of the client's side and when they last looked."""

    who: str
    at: str


@dataclass(frozen=True, slots=True)
class OpenedPost:
    """`words` and the draft's are `domain.content.Words` as plain JSON."""

    facts: PostFacts
    words: dict[str, Any]
    draft: Draft | None
    steps: list[Step]
    """What this actor may do by hand now."""
    seen_by: list[SeenBy]
    """Who of the client's side has seen the current revision, the first one first."""
    accounts: dict[str, str]
    """The client's handle on each network."""
    people: list[Choice]
    campaigns: list[Choice]
    pillars: list[str]


def find_by_key(session: Session, actor: Actor, key: str) -> UUID:
    """The post behind a key such as ACME-12.

    Raises:
        NotFound: there is none, or it is not this actor's.
    """
    client_key, _, number = key.upper().rpartition("-")
    if not (client_key and number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004
        raise NotFound
    found = session.execute(
        select(col(Post.id))
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(
            col(Client.key) == client_key,
            col(Post.number) == int(number),
            visible_posts(actor),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def opened(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> OpenedPost:
    """The post for staff.

    Raises:
        NotFound: it is not there, or not this actor's, or the actor is the client.
    """
    row: Any = session.execute(
        select(Post, Revision, Client, col(Campaign.name), col(Pillar.name), col(Person.name))
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(
                col(Revision.post_id) == col(Post.id),
                col(Revision.number) == col(Post.revision),
            ),
        )
        .outerjoin(Campaign, col(Campaign.id) == col(Post.campaign_id))
        .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
        .outerjoin(Person, col(Person.id) == col(Post.assignee_id))
        .where(col(Post.id) == post_id, visible_posts(actor))
    ).one_or_none()
    if row is None or not actor.may(Permission.SEE_ALL_STATES, row[0].client_id):
        raise NotFound
    post, revision, client, *names = row
    return OpenedPost(
        facts=_facts(actor, post, client, *names),
        words=words_as_json(words_in(revision)),
        draft=_draft(session, actor, post, revision),
        steps=steps_open_to(session, actor, post, policy_of(client), now=now),
        seen_by=_seen_by(session, post),
        accounts=_accounts(session, client.id),
        people=people(session, [client.id]),
        campaigns=campaigns(session, [client.id]),
        pillars=_pillars(session, client.id),
    )


def _facts(
    actor: Actor,
    post: Post,
    client: Client,
    campaign: str | None,
    pillar: str | None,
    assignee: str | None,
) -> PostFacts:
    policy = policy_of(client)
    state = State(post.state)
    spec = SPECS[state]
    editable = spec.open_to_edits or find_step(state, Action.REVISE, policy) is not None

    def may(permission: Permission, *, when: bool = True) -> bool:
        return when and actor.may(permission, client.id)

    return PostFacts(
        id=post.id.hex,
        key=f"{client.key}-{post.number}",
        client_id=client.id.hex,
        client=client.name,
        client_key=client.key,
        client_hue=client.hue,
        zone=client.zone,
        state=state,
        version=post.version,
        revision=post.revision,
        open_to_edits=spec.open_to_edits,
        rounds=post.rounds,
        rounds_included=client.rounds_included,
        ready=post.ready,
        planned_at=stamp(post.planned_at),
        planned_local=local_time(post.planned_at, client.zone),
        campaign_id=post.campaign_id.hex if post.campaign_id else "",
        campaign=campaign or "",
        pillar=pillar or "",
        assignee_id=post.assignee_id.hex if post.assignee_id else "",
        assignee=assignee or "",
        published_link=post.published_link or "",
        may_edit_words=may(Permission.EDIT_WORDS, when=editable),
        may_edit_media=may(Permission.EDIT_MEDIA, when=editable),
        may_edit_plan=may(Permission.EDIT_PLAN, when=not spec.finished),
        may_assign=may(Permission.ASSIGN, when=not spec.finished),
        may_waive=may(Permission.WAIVE_CHECK, when=not spec.finished),
        may_copy=may(Permission.CREATE_POST),
    )


def _draft(session: Session, actor: Actor, post: Post, revision: Revision) -> Draft | None:
    draft = session.execute(
        select(WordsDraft).where(
            col(WordsDraft.post_id) == post.id,
            col(WordsDraft.person_id) == actor.user_id,
            col(WordsDraft.discarded_at).is_(None),
        )
    ).scalar_one_or_none()
    if draft is None:
        return None
    stale = words_from_json(draft.base) != words_in(revision)
    return Draft(draft.content, draft.revision, stale=stale)


def _seen_by(session: Session, post: Post) -> list[SeenBy]:
    rows = session.execute(
        select(col(Person.name), col(PostLook.at))
        .join(PostLook, col(PostLook.person_id) == col(Person.id))
        .join(
            Membership,
            and_(
                col(Membership.person_id) == col(Person.id),
                col(Membership.client_id) == post.client_id,
                col(Membership.role).in_(CLIENT_ROLES),
            ),
        )
        .where(col(PostLook.post_id) == post.id, col(PostLook.revision) == post.revision)
        .order_by(col(PostLook.at), col(Person.name))
    )
    return [SeenBy(who, stamp(at)) for who, at in rows]


def _accounts(session: Session, client_id: UUID) -> dict[str, str]:
    rows = session.execute(
        select(col(SocialAccount.network), col(SocialAccount.handle))
        .where(col(SocialAccount.client_id) == client_id)
        .order_by(col(SocialAccount.handle).desc())
    )
    return {network: handle for network, handle in rows}  # noqa: C416 - a Row is no pair to dict()


def _pillars(session: Session, client_id: UUID) -> list[str]:
    rows = session.execute(
        select(col(Pillar.name))
        .where(col(Pillar.client_id) == client_id)
        .order_by(col(Pillar.name))
    )
    return list(rows.scalars())
