"""Posts: made, worded, planned, sorted and placed. Their state is the business of `steps`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import MANY, Signal, signal
from postboard.db.models import Campaign, Client, Pillar, Post
from postboard.db.queries import contracts
from postboard.domain.content import Words, clean
from postboard.domain.contract import DateMove
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.planning import LeadStep
from postboard.domain.workflow import SPECS, Phase, State
from postboard.services import ranks, step_news, step_times
from postboard.services.events import Fact, record_first
from postboard.services.must_read import refuse_unread
from postboard.services.post_rows import (
    Found,
    check_people,
    find,
    need,
    refuse_stale,
    write,
    write_place,
)
from postboard.services.post_words import (
    add_revisions,
    is_frozen,
    rewrite,
    with_known_media,
    words_of,
)
from postboard.services.steps import NoSuchStep, refuse_unusable_time, revise

YEARS: Final = range(2000, 2101)
"""In which posts are planned: working time is counted day by day up to them."""
SIGNALLED = 50
"""How many new posts of one write are told one by one."""


@dataclass(frozen=True, slots=True)
class NewPost:
    words: Words
    planned_at: datetime | None = None
    campaign_id: UUID | None = None
    assignee_id: UUID | None = None
    plan_identity: str | None = None
    plan_digest: str | None = None
    pillar_id: UUID | None = None
    """One of the client's own."""


def create(session: Session, actor: Actor, client_id: UUID, new: NewPost, *, now: datetime) -> UUID:
    return create_many(session, actor, client_id, [new], now=now)[0]


def create_many(
    session: Session, actor: Actor, client_id: UUID, news: Sequence[NewPost], *, now: datetime
) -> list[UUID]:
    """Draft posts at the top of the board, the first one topmost.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor may not create posts there.
        BadInput: one of them is too far away.
        Unread: the actor has a guideline to read first.
    """
    if actor.role_for(client_id) is None:
        raise NotFound
    need(actor, Permission.CREATE_POST, client_id)
    refuse_unread(session, actor, client_id)
    if not news:
        return []
    for new in news:
        refuse_far_time(new.planned_at)
    check_people(session, client_id, {n.assignee_id for n in news if n.assignee_id})
    _check_campaigns(session, client_id, {n.campaign_id for n in news if n.campaign_id})
    last = session.execute(
        update(Client)
        .where(col(Client.id) == client_id)
        .values(last_post_number=col(Client.last_post_number) + len(news))
        .returning(col(Client.last_post_number))
    ).scalar_one_or_none()
    if last is None:
        raise NotFound
    rank = ranks.above(session, SPECS[State.DRAFT].column, len(news))
    first = last - len(news) + 1
    posts = [
        _new_row(client_id, new, first + index, rank + index * ranks.GAP, now)
        for index, new in enumerate(news)
    ]
    said = with_known_media(session, client_id, [new.words.checked() for new in news])
    revisions = [
        {"post_id": post["id"], "number": 1, "words": words}
        for post, words in zip(posts, said, strict=True)
    ]
    session.execute(insert(Post), posts)
    add_revisions(session, actor, revisions, now)
    facts = [
        Fact(p["id"], "post.created", client_id, {"number": p["number"], "revision": 1})
        for p in posts
    ]
    event_id = record_first(session, actor, facts, now)
    for post in posts if len(posts) <= SIGNALLED else [posts[0] | {"id": MANY}]:
        signal(session, _new_signal(post, event_id))
    return [post["id"] for post in posts]


def edit(
    session: Session,
    actor: Actor,
    post_id: UUID,
    words: Words,
    *,
    version: int,
    now: datetime,
    restored_from: int | None = None,
) -> Found:
    """Change what the post says.

    Where it was already judged this makes a new revision and sends it back for review; the
    same words change nothing. Words that are `restored_from` an older revision make a new one
    everywhere, so that those they replace are kept too.
    """
    post = find(session, actor, post_id)
    refuse_stale(post, version)
    old = words_of(session, post.id, post.revision)
    words = with_known_media(session, post.client_id, [words.checked()])[0]
    if words == old:
        return post
    _need_to_edit(actor, post.client_id, old, words)
    refuse_unread(session, actor, post.client_id)
    told: dict[str, Any] = {"fields": words.changed_since(old)}
    if restored_from:
        told["restored_from"] = restored_from
    if SPECS[post.state].open_to_edits:
        return _edit_in_place(session, actor, post, words, told, now)
    return revise(session, actor, post, words, told, now)


def replan(
    session: Session,
    actor: Actor,
    post_id: UUID,
    planned_at: datetime | None,
    *,
    version: int,
    now: datetime,
) -> Found:
    """Move the time of publishing; the approval stands, unless the client's agreement says else."""
    post = find(session, actor, post_id)
    refuse_stale(post, version)
    need(actor, Permission.EDIT_PLAN, post.client_id)
    if post.state in {State.PUBLISHED, State.CANCELLED}:
        raise NoSuchStep
    if planned_at == post.planned_at:
        return post
    refuse_unread(session, actor, post.client_id)
    refuse_far_time(planned_at)
    if post.state is State.SCHEDULED:
        refuse_unusable_time(planned_at, now)
    content = {"from": _stamp(post.planned_at), "to": _stamp(planned_at)}
    follows = step_times.move(session, actor, post, planned_at, now)
    changes = {"planned_at": planned_at, **follows}
    moved = write(session, actor, post, changes, "post.replanned", content, now)
    return _follow_agreement(session, actor, moved, now)


def _follow_agreement(session: Session, actor: Actor, post: Found, now: datetime) -> Found:
    """What it means that an approved post moves. Where the clock moves it, that was agreed too."""
    if SPECS[post.state].phase is not Phase.APPROVED or actor.is_clock:
        return post
    term = contracts.date_move(session, post.client_id, now)
    if term is DateMove.TELL:
        step_news.tell_of_move(session, actor, post, now)
    if term is DateMove.AGAIN:
        words = words_of(session, post.id, post.revision)
        return revise(session, actor, post, words, {"term": f"date_move.{term}"}, now)
    return post


def refuse_far_time(planned_at: datetime | None) -> None:
    """Raises BadInput for a time that no plan reaches."""
    if planned_at and planned_at.year not in YEARS:
        raise BadInput("Choose a day between the years 2000 and 2100.")


def set_due(
    session: Session,
    actor: Actor,
    post: Found,
    due_at: datetime | None,
    steps: Mapping[LeadStep, datetime],
    now: datetime,
) -> Found:
    """Note when the post has to leave its state, and on record by when each step is over."""
    content = {"steps": {step: _stamp(at) for step, at in steps.items()}, "due": _stamp(due_at)}
    return write(session, actor, post, {"due_at": due_at}, "post.planned_back", content, now)


def label(
    session: Session,
    actor: Actor,
    post_id: UUID,
    campaign_id: UUID | None,
    pillar: str,
    *,
    version: int,
    now: datetime,
) -> Found:
    """Sort the post under a campaign and a pillar; a pillar that is new to the client is made."""
    post = find(session, actor, post_id)
    refuse_stale(post, version)
    need(actor, Permission.EDIT_PLAN, post.client_id)
    if campaign_id:
        _check_campaigns(session, post.client_id, {campaign_id})
    pillar = clean(pillar, 120)
    pillar_id = _pillar(session, post.client_id, pillar) if pillar else None
    changes = {"campaign_id": campaign_id, "pillar_id": pillar_id}
    content = {"campaign": str(campaign_id or ""), "pillar": pillar}
    return write(session, actor, post, changes, "post.labelled", content, now)


def remember_plan(session: Session, post_id: UUID, plan_digest: str) -> None:
    """Note which content of its plan's row the post now has."""
    session.execute(
        update(Post)
        .where(col(Post.id) == post_id)
        .values(plan_digest=plan_digest)
        .execution_options(synchronize_session=False)
    )


def place(
    session: Session,
    actor: Actor,
    post_id: UUID,
    after_id: UUID | None,
    *,
    version: int,
) -> Found:
    """Give the card another place in its own column; not a fact of the post's life."""
    post = find(session, actor, post_id)
    refuse_stale(post, version)
    if not actor.is_staff or actor.role_for(post.client_id) not in STAFF_ROLES:
        raise NotAllowed
    rank = ranks.below(session, SPECS[post.state].column, after_id)
    return write_place(session, post, rank)


def _edit_in_place(
    session: Session,
    actor: Actor,
    post: Found,
    words: Words,
    told: Mapping[str, Any],
    now: datetime,
) -> Found:
    """Open states keep one growing revision until it is judged again."""
    number = post.revision
    if "restored_from" in told or is_frozen(session, post.id, number):
        number += 1
        new = {"post_id": post.id, "number": number, "words": words}
        add_revisions(session, actor, [new], now)
    else:
        rewrite(session, actor, post.id, number, words, now)
    content = {"revision": number, **told}
    return write(session, actor, post, {"revision": number}, "post.edited", content, now)


def _need_to_edit(actor: Actor, client_id: UUID, old: Words, words: Words) -> None:
    if replace(old, media=words.media) != words:
        need(actor, Permission.EDIT_WORDS, client_id)
    if old.media != words.media:
        need(actor, Permission.EDIT_MEDIA, client_id)


def _check_campaigns(session: Session, client_id: UUID, campaigns: set[UUID]) -> None:
    if not campaigns:
        return
    known = session.execute(
        select(col(Campaign.id)).where(
            col(Campaign.id).in_(campaigns), col(Campaign.client_id) == client_id
        )
    ).scalars()
    if campaigns - set(known):
        raise NotFound


def _pillar(session: Session, client_id: UUID, name: str) -> UUID:
    known = session.execute(
        select(col(Pillar.id)).where(col(Pillar.client_id) == client_id, col(Pillar.name) == name)
    ).scalar_one_or_none()
    if known:
        return known
    pillar_id = uuid4()
    session.execute(insert(Pillar), [{"id": pillar_id, "client_id": client_id, "name": name}])
    return pillar_id


def _new_row(
    client_id: UUID, new: NewPost, number: int, rank: int, now: datetime
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "client_id": client_id,
        "number": number,
        "rank": rank,
        "planned_at": new.planned_at,
        "campaign_id": new.campaign_id,
        "pillar_id": new.pillar_id,
        "assignee_id": new.assignee_id,
        "plan_identity": new.plan_identity,
        "plan_digest": new.plan_digest,
        "state": State.DRAFT,
        "board_column": SPECS[State.DRAFT].column,
        "version": 1,
        "revision": 1,
        "rounds": 0,
        "ready": False,
        "created_at": now,
        "state_since": now,
    }


def _new_signal(post: dict[str, Any], event_id: int) -> Signal:
    return Signal(
        event_id=event_id,
        client_id=post["client_id"],
        post_id=post["id"],
        version=1,
        old_state="",
        state=State.DRAFT,
        column=SPECS[State.DRAFT].column,
        rank=post["rank"],
        rounds=0,
        whole=True,
    )


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
