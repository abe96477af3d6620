"""Posts: the only writers of a post, its revisions and its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import MANY, Signal, changed_one_row, signal, signals_of
from postboard.db.models import Campaign, Client, Event, Pillar, Post, table_of
from postboard.db.queries.chains import chain_of_post
from postboard.db.queries.scope import roles_for, visible_posts
from postboard.domain.chains import SIDE_OF, Chain, Side
from postboard.domain.content import Reason, Words, checked_link, clean
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.workflow import (
    SPECS,
    WITH_MORE,
    Action,
    Approval,
    Asks,
    Policy,
    State,
    Step,
    find_step,
    opens_round,
)
from postboard.services import checks, jobs, ranks, requests, step_news, task_list
from postboard.services.events import Fact, record, record_first
from postboard.services.jobs import Wanted
from postboard.services.post_words import (
    add_revisions,
    freeze,
    is_frozen,
    rewrite,
    with_known_media,
    words_of,
)

SIGNALLED = 50
"""How many new posts of one write are told one by one."""
UNDO_FOR = timedelta(seconds=10)
"""How long a client may take a decision back."""
UNDO_GRACE = timedelta(seconds=5)
"""What a slow network may add to it."""
PLACE = frozenset({"state", "board_column", "rank", "rounds", "ready", "state_since"})
"""What a browser can tell from a signal alone; anything else makes it read the card again."""

_ANSWERS = frozenset({Action.APPROVE, Action.REQUEST_CHANGES})
_ASKING = frozenset({Action.SUBMIT, Action.REVISE, Action.SEND_TO_CLIENT})
"""Steps whose way depends on who approves."""
_NOTED = "post.decided"
"""The kind of an answer with which the post stays where it is."""
_DECIDED_KINDS = frozenset({_NOTED, *(f"post.{action}" for action in _ANSWERS)})
_JOINING_MAX = 20
"""How many people one stage asks at most."""
_STEP_KINDS = (_NOTED, *(f"post.{action}" for action in Action))

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
_HOLD = update(_POST).where(_POST.c.id == bindparam("post"))


class NoSuchStep(Refused):
    sentence = "This step is not open from where the post is now."


class WordsClosed(NoSuchStep):
    sentence = "The words are closed here. Take the post back first, then edit."


class TooLate(NoSuchStep):
    sentence = "It is too late to undo this: the agency has it already."


class NeedsReason(Refused):
    status = 422
    sentence = "Say in a few words why, so that the next person knows what to do."


class NeedsPerson(Refused):
    status = 422
    sentence = "Choose who takes it."


class NeedsTime(Refused):
    status = 422
    sentence = "Give the post a time first."


class TimePassed(Refused):
    status = 422
    sentence = "Its time has passed. Choose a new one, then schedule."


@dataclass(frozen=True, slots=True)
class NewPost:
    words: Words
    planned_at: datetime | None = None
    campaign_id: UUID | None = None
    assignee_id: UUID | None = None
    plan_identity: str | None = None
    plan_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person added to a step: a reason, a name, a link."""

    reason: Reason = field(default_factory=Reason)
    assignee_id: UUID | None = None
    link: str = ""
    message: str = ""
    """For the people who are asked to decide."""


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


def create(session: Session, actor: Actor, client_id: UUID, new: NewPost, *, now: datetime) -> UUID:
    return create_many(session, actor, client_id, [new], now=now)[0]


def create_many(
    session: Session, actor: Actor, client_id: UUID, news: Sequence[NewPost], *, now: datetime
) -> list[UUID]:
    """Draft posts at the top of the board, the first one topmost.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor may not create posts there.
    """
    if actor.role_for(client_id) is None:
        raise NotFound
    _need(actor, Permission.CREATE_POST, client_id)
    if not news:
        return []
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


def take_step(
    session: Session,
    actor: Actor,
    post_id: UUID,
    action: Action,
    *,
    now: datetime,
    version: int | None = None,
    revision: int | None = None,
    request_id: UUID | None = None,
    answer: Answer = Answer(),
    after_id: UUID | None = None,
) -> Found:
    """Take one step of the workflow: the only code that writes a post's state.

    The caller states what it decided on: the post's `version` (any write since refuses it) or,
    for a decision on the words, its `revision`, and if it likes the request that it answers.
    `after_id` is the card it shall stand below in its new column; None is the top.

    An approval that others have to join is noted and leaves the post where it is.

    Raises:
        NotFound, NotAllowed, NotAsked, DecidedAlready, NoSuchStep, Stale: as they say.
        NeedsReason, NeedsPerson, NeedsTime, TimePassed, BadInput: the answer lacks something.
    """
    post = find(session, actor, post_id)
    _refuse_stale(post, version, revision)
    review = _review(session, post, action)
    if request_id and (review.request is None or review.request.id != request_id):
        raise Stale
    step = find_step(post.state, action, review.policy)
    if step is None or action in WITH_MORE:  # see `edit` and `reconsider`
        raise NoSuchStep
    _need(actor, step.permission, post.client_id)
    task_list.refuse_early_finish(
        session,
        actor,
        step,
        post_id=post.id,
        client_id=post.client_id,
        holder_id=post.assignee_id,
    )
    answer = _checked_answer(session, post, step, answer, now)
    if action is Action.SUBMIT:
        checks.refuse_what_blocks(session, post.id, now)
        freeze(session, post.id, post.revision, post.planned_at, now)
    if review.request:
        approved = action is Action.APPROVE
        over = requests.decide(
            session, actor, _about(post), review.request, answer.reason, approved=approved, now=now
        )
        if approved and not (over and review.request.following is None):
            return _stay(session, actor, post, review.request, answer.reason, now, over=over)
    written = _write_step(session, actor, post, step, review, answer, after_id, now)
    _note_if_late(session, written, step, now)
    if task_list.follow(session, actor, post.id, step, answer.assignee_id, now):
        holder = task_list.holder(task_list.waiting(session, post.id))
        written = hold(session, written, holder or written.assignee_id)
        # The signal of the step tells where the card went, not who holds it now.
        touched(session, written, signals_of(session)[-1].event_id, private=True)
    return written


def reconsider(
    session: Session, actor: Actor, post_id: UUID, request_id: UUID, *, now: datetime
) -> Found:
    """Take one's own answer to a request back: the post waits again, in the same round.

    Raises:
        NotFound, NotAllowed: as they say.
        TooLate: the post went on since, or it is longer ago than `UNDO_FOR` and `UNDO_GRACE`.
        Stale: somebody writes at the same moment.
    """
    post = find(session, actor, post_id)
    _need(actor, Permission.DECIDE_AS_CLIENT, post.client_id)
    last = _last_step(session, actor, post.id, request_id)
    is_theirs = last.kind in _DECIDED_KINDS and last.actor_id == actor.user_id
    answers = last.content.get("request") == str(request_id)
    if not (is_theirs and answers) or now - last.at > UNDO_FOR + UNDO_GRACE:
        raise TooLate
    requests.reopen(session, post.id, request_id, actor, now)
    told = {"request": str(request_id), "stage": last.content["stage"]}
    if step := find_step(post.state, Action.RECONSIDER, post.policy):
        return _write_step(
            session, actor, post, step, _Review(post.policy), Answer(), None, now, told
        )
    stays = {"revision": post.revision}
    content = {"from": post.state, "to": post.state, **stays, **told}
    written = _write(session, actor, post, stays, f"post.{Action.RECONSIDER}", content, now)
    step_news.tell(session, actor, post, post.assignee_id, Action.RECONSIDER, Reason(), now)
    return written


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
    _refuse_stale(post, version, None)
    old = words_of(session, post.id, post.revision)
    words = with_known_media(session, post.client_id, [words.checked()])[0]
    if words == old:
        return post
    _need_to_edit(actor, post.client_id, old, words)
    told: dict[str, Any] = {"fields": words.changed_since(old)}
    if restored_from:
        told["restored_from"] = restored_from
    if SPECS[post.state].open_to_edits:
        return _edit_in_place(session, actor, post, words, told, now)
    review = _review(session, post, Action.REVISE)
    step = find_step(post.state, Action.REVISE, review.policy)
    if step is None:
        raise WordsClosed
    post = replace(post, revision=post.revision + 1)
    frozen = {"frozen": True, "planned_at": post.planned_at}
    new = {"post_id": post.id, "number": post.revision, "words": words, **frozen}
    add_revisions(session, actor, [new], now)
    return _write_step(session, actor, post, step, review, Answer(), None, now, told)


def replan(
    session: Session,
    actor: Actor,
    post_id: UUID,
    planned_at: datetime | None,
    *,
    version: int,
    now: datetime,
) -> Found:
    """Move the time of publishing; the approval stands."""
    post = find(session, actor, post_id)
    _refuse_stale(post, version, None)
    _need(actor, Permission.EDIT_PLAN, post.client_id)
    if post.state in {State.PUBLISHED, State.CANCELLED}:
        raise NoSuchStep
    if planned_at == post.planned_at:
        return post
    if post.state is State.SCHEDULED:
        _refuse_unusable_time(planned_at, now)
    content = {"from": _stamp(post.planned_at), "to": _stamp(planned_at)}
    return _write(session, actor, post, {"planned_at": planned_at}, "post.replanned", content, now)


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
    _refuse_stale(post, version, None)
    _need(actor, Permission.EDIT_PLAN, post.client_id)
    if campaign_id:
        _check_campaigns(session, post.client_id, {campaign_id})
    pillar = clean(pillar, 120)
    pillar_id = _pillar(session, post.client_id, pillar) if pillar else None
    changes = {"campaign_id": campaign_id, "pillar_id": pillar_id}
    content = {"campaign": str(campaign_id or ""), "pillar": pillar}
    return _write(session, actor, post, changes, "post.labelled", content, now)


def touched(session: Session, post: Found, event_id: int, *, private: bool = False) -> None:
    """Tell whoever shows the post that something beside it changed: a task, a comment.

    `private`: the client's side does not hear of it.
    """
    told = _signal(post, post.state, event_id, whole=True)
    signal(session, replace(told, beside=True, private=private))


def remember_plan(session: Session, post_id: UUID, plan_digest: str) -> None:
    """Note which content of its plan's row the post now has."""
    session.execute(
        update(Post)
        .where(col(Post.id) == post_id)
        .values(plan_digest=plan_digest)
        .execution_options(synchronize_session=False)
    )


def hold(session: Session, post: Found, person_id: UUID | None) -> Found:
    """Note who holds the post: whoever's task is due first, else whoever was the last to.

    Neither its words nor its state change, so its version stays: whoever is typing may go on.
    """
    if person_id == post.assignee_id:
        return post
    session.execute(_HOLD, {"post": post.id, "assignee_id": person_id})
    return replace(post, assignee_id=person_id)


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
    _refuse_stale(post, version, None)
    if not actor.is_staff or actor.role_for(post.client_id) not in STAFF_ROLES:
        raise NotAllowed
    rank = ranks.below(session, SPECS[post.state].column, after_id)
    placed = replace(post, rank=rank, version=post.version + 1)
    _update(session, post, {"rank": rank})
    signal(session, _signal(placed, post.state, whole=False))
    return placed


def _note_if_late(session: Session, post: Found, step: Step, now: datetime) -> None:
    """What follows on an approval after the planned time is the agreement's to say."""
    approved = step.action is Action.APPROVE and step.next_state is State.APPROVED
    if approved and post.planned_at and post.planned_at <= now:
        key = f"{jobs.APPROVED_LATE}:{post.id.hex}:{post.version}"
        late = Wanted(jobs.APPROVED_LATE, post.id, key, now, {"revision": post.revision})
        jobs.enqueue(session, [late], now)


def _last_step(session: Session, actor: Actor, post_id: UUID, request_id: UUID) -> Any:
    """What the post went through last, but for others who joined the actor's own approval."""
    steps: Any = session.execute(
        select(col(Event.kind), col(Event.actor_id), col(Event.at), col(Event.content))
        .where(col(Event.stream_id) == post_id, col(Event.kind).in_(_STEP_KINDS))
        .order_by(col(Event.position).desc())
        .limit(_JOINING_MAX)
    ).all()
    for step in steps:
        joins = step.kind == _NOTED and "asked" not in step.content
        answers = step.content.get("request") == str(request_id)
        if not (joins and answers) or step.actor_id == actor.user_id:
            return step
    return steps[0]


@dataclass(frozen=True, slots=True)
class _Review:
    """What approves a post as it takes a step."""

    policy: Policy
    chain: Chain | None = None
    """Whom it goes to, where the step may ask somebody."""
    request: requests.Asked | None = None
    """What the step answers."""


def _review(session: Session, post: Found, action: Action) -> _Review:
    """A post under way follows the chain its people were asked by; else the one of today."""
    side = SIDE_OF.get(post.state)
    if action in _ANSWERS and side:
        request = requests.asked(session, post.id, side, post.policy.approval)
        policy = replace(post.policy, approval=request.chain.approval)
        return _Review(policy, request=request)
    if action in _ASKING:
        chain = chain_of_post(session, post.id, post.client_id, post.policy.approval)
        return _Review(replace(post.policy, approval=chain.approval), chain)
    return _Review(post.policy)


def _stay(
    session: Session,
    actor: Actor,
    post: Found,
    request: requests.Asked,
    reason: Reason,
    now: datetime,
    *,
    over: bool,
) -> Found:
    """Tell of an approval with which the post stays: others join it, or the next stage does."""
    content = {**request.as_content(), "revision": post.revision, **_told(reason)}
    if not over or request.following is None:
        event_id = record(session, actor, Fact(post.id, _NOTED, post.client_id, content), now)
        touched(session, post, event_id, private=request.side is Side.INTERNAL)
        step_news.tell(session, actor, post, post.assignee_id, Action.APPROVE, reason, now)
        return post
    requests.close(session, post.id, Action.APPROVE, now)
    opened = requests.ask(
        session, _about(post), request.chain, request.following, request.asking, now
    )
    content["asked"] = str(opened)
    # A new version, so that nobody answers the next stage with what they saw of this one.
    stays = {"revision": post.revision}
    written = _write(session, actor, post, stays, _NOTED, content, now)
    step_news.ask(session, actor, post, opened, now)
    step_news.tell(session, actor, post, post.assignee_id, Action.APPROVE, reason, now)
    return written


def _told(reason: Reason) -> dict[str, Any]:
    return {"reason": reason.text, "tags": list(reason.tags)} if reason.text else {}


def _about(post: Found) -> requests.OfPost:
    return requests.OfPost(post.id, post.client_id, post.revision, post.rounds)


def _write_step(
    session: Session,
    actor: Actor,
    post: Found,
    step: Step,
    review: _Review,
    answer: Answer,
    after_id: UUID | None,
    now: datetime,
    told: Mapping[str, Any] = MappingProxyType({}),
) -> Found:
    column = SPECS[step.next_state].column
    same_column = column is SPECS[post.state].column
    rank = post.rank if same_column and not after_id else ranks.below(session, column, after_id)
    rounds = post.rounds + opens_round(step)
    changes: dict[str, Any] = {
        "state": step.next_state,
        "board_column": column,
        "rank": rank,
        "rounds": rounds,
        "ready": step.action is Action.FINISH,
        "state_since": now,
    }
    if step.action is Action.REVISE:
        changes["revision"] = post.revision
    if step.action is Action.RECONSIDER:
        changes["state_since"] = requests.asked_since(
            session, _about(post), SIDE_OF[step.next_state]
        )
    content: dict[str, Any] = {
        "from": post.state,
        "to": step.next_state,
        "revision": post.revision,
        **told,
    }
    if review.request:
        content |= review.request.as_content()
    if post.state in SIDE_OF:
        requests.close(session, post.id, step.action, now)
    opened: UUID | None = None
    side = SIDE_OF.get(step.next_state)
    if side and step.action is not Action.RECONSIDER:
        chain = (review.chain or Chain()).asking(side)
        about = requests.OfPost(post.id, post.client_id, post.revision, rounds)
        asking = requests.Asking(actor.user_id, answer.message)
        opened = requests.ask(session, about, chain, chain.first(side) or 0, asking, now)
    if opens_round(step):
        content["round"] = rounds
    content |= _told(answer.reason)
    holder = answer.assignee_id or post.assignee_id
    if answer.assignee_id:
        changes["assignee_id"] = answer.assignee_id
        content["assignee"] = str(answer.assignee_id)
    if answer.link:
        changes["published_link"] = answer.link
        content["link"] = answer.link
    written = _write(session, actor, post, changes, f"post.{step.action}", content, now)
    if opened:
        step_news.ask(session, actor, written, opened, now)
    step_news.tell(session, actor, post, holder, step.action, answer.reason, now)
    return written


def _write(
    session: Session,
    actor: Actor,
    post: Found,
    changes: dict[str, Any],
    kind: str,
    content: dict[str, Any],
    now: datetime,
) -> Found:
    """One change of one post with its fact, against the version it was read at."""
    _update(session, post, changes)
    event_id = record(session, actor, Fact(post.id, kind, post.client_id, content), now)
    known = {k: v for k, v in changes.items() if k in Found.__dataclass_fields__}
    written = replace(post, version=post.version + 1, **known)
    whole = not changes.keys() <= PLACE
    signal(session, _signal(written, post.state, event_id, whole=whole))
    return written


def _update(session: Session, post: Found, changes: dict[str, Any]) -> None:
    found = {"post": post.id, "found_version": post.version, "found_state": post.state}
    done = session.execute(_CHANGE, {**found, **changes, "version": post.version + 1})
    if not changed_one_row(done):
        raise Stale


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
    return _write(session, actor, post, {"revision": number}, "post.edited", content, now)


def _checked_answer(
    session: Session, post: Found, step: Step, answer: Answer, now: datetime
) -> Answer:
    reason = answer.reason.checked()
    if step.asks in {Asks.REASON, Asks.CHANGE_REQUEST} and not reason.text:
        raise NeedsReason
    if step.asks is Asks.CHANGE_REQUEST and not reason.tags:
        raise NeedsReason("Choose at least one tag, so that it lands with the right person.")
    assignee_id = (answer.assignee_id or post.assignee_id) if step.asks is Asks.PERSON else None
    if step.asks is Asks.PERSON:
        if assignee_id is None:
            raise NeedsPerson
        check_people(session, post.client_id, {assignee_id})
    link = checked_link(answer.link) if step.asks is Asks.LINK else ""
    if step.asks is Asks.LINK and not link:
        raise BadInput("Paste the link of the published post.")
    if step.next_state is State.SCHEDULED:
        _refuse_unusable_time(post.planned_at, now)
    return Answer(reason, assignee_id, link, answer.message)


def _refuse_unusable_time(planned_at: datetime | None, now: datetime) -> None:
    if planned_at is None:
        raise NeedsTime
    if planned_at <= now:
        raise TimePassed


def _refuse_stale(post: Found, version: int | None, revision: int | None) -> None:
    if version is None and revision is None:
        raise TypeError("a write states the version or the revision it was made on")
    if version is not None and version != post.version:
        raise Stale
    if revision is not None and revision != post.revision:
        raise Stale("The words changed since you read them. Here is the newest version.")


def _need(actor: Actor, permission: Permission, client_id: UUID) -> None:
    if not actor.may(permission, client_id):
        raise NotAllowed


def _need_to_edit(actor: Actor, client_id: UUID, old: Words, words: Words) -> None:
    if replace(old, media=words.media) != words:
        _need(actor, Permission.EDIT_WORDS, client_id)
    if old.media != words.media:
        _need(actor, Permission.EDIT_MEDIA, client_id)


def check_people(session: Session, client_id: UUID, people: set[UUID]) -> None:
    """Posts go to staff of that client only."""
    if not people:
        return
    roles = roles_for(session, client_id, people)
    if not all(roles.get(person) in STAFF_ROLES for person in people):
        raise NeedsPerson("Choose somebody of this client’s team.")


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


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
