"""Steps of the workflow: the only writer of a post's state, once it is there.

`take_step` is the way; `reconsider` and `revise` carry out the two steps that come with more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import signals_of
from postboard.db.models import Event
from postboard.db.queries.chains import chain_of_post
from postboard.domain.chains import SIDE_OF, Chain, Side
from postboard.domain.content import Reason, Words, checked_link
from postboard.domain.errors import BadInput, Refused, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import (
    SPECS,
    WITH_MORE,
    Action,
    Asks,
    Policy,
    State,
    Step,
    find_step,
    opens_round,
)
from postboard.services import (
    checks,
    jobs,
    launches,
    ranks,
    requests,
    step_news,
    step_times,
    task_list,
)
from postboard.services.events import Fact, record
from postboard.services.jobs import Wanted
from postboard.services.must_read import refuse_unread
from postboard.services.post_rows import (
    Found,
    NeedsPerson,
    check_people,
    find,
    hold,
    need,
    refuse_moved,
    refuse_stale,
    touched,
    write,
)
from postboard.services.post_words import add_revisions, digest_of, freeze

UNDO_FOR = timedelta(seconds=10)
"""How long a client may take a decision back."""
UNDO_GRACE = timedelta(seconds=5)
"""What a slow network may add to it."""
_ANSWERS = frozenset({Action.APPROVE, Action.REQUEST_CHANGES})
_ASKING = frozenset({Action.SUBMIT, Action.REVISE, Action.SEND_TO_CLIENT})
"""Steps whose way depends on who approves."""
_CHECKED = frozenset({Action.SUBMIT, Action.SEND_TO_CLIENT})
"""Steps that ask somebody, with words that may have changed since they were checked."""
_NOTED = "post.decided"
"""The kind of an answer with which the post stays where it is."""
_DECIDED_KINDS = frozenset({_NOTED, *(f"post.{action}" for action in _ANSWERS)})
_JOINING_MAX = 20
"""How many people one stage asks at most."""
_STEP_KINDS = (_NOTED, *(f"post.{action}" for action in Action))


class NoSuchStep(Refused):
    sentence = "This step is not open from where the post is now."


class WordsClosed(NoSuchStep):
    sentence = "The words are closed here. Take the post back first, then edit."


class TooLate(NoSuchStep):
    sentence = "It is too late to undo this: the agency has it already."


class NeedsReason(Refused):
    status = 422
    sentence = "Say in a few words why, so that the next person knows what to do."


class NeedsTime(Refused):
    status = 422
    sentence = "Give the post a time first."


class TimePassed(Refused):
    status = 422
    sentence = "Its time has passed. Choose a new one, then schedule."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person added to a step: a reason, a name, a link."""

    reason: Reason = field(default_factory=Reason)
    assignee_id: UUID | None = None
    link: str = ""
    message: str = ""
    """For the people who are asked to decide."""


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
    """Take one step of the workflow.

    The caller states what it decided on: the post's `version` (any write since refuses it) or,
    for a decision on the words, its `revision`, and if it likes the request that it answers.
    `after_id` is the card it shall stand below in its new column; None is the top.

    An approval that others have to join is noted and leaves the post where it is.

    Raises:
        NotFound, NotAllowed, NotAsked, DecidedAlready, NoSuchStep, Stale: as they say.
        NotReady: it would be the client's first, and its plan of action lacks something.
        Blocked: it asks somebody, or schedules words that nobody was asked about, and a finding
            stops the post.
        NeedsReason, NeedsPerson, NeedsTime, TimePassed, BadInput: the answer lacks something.
    """
    post = find(session, actor, post_id)
    refuse_stale(post, version, revision)
    review = _review(session, post, action)
    if request_id and (review.request is None or review.request.id != request_id):
        raise Stale
    step = find_step(post.state, action, review.policy)
    if step is None or action in WITH_MORE:  # see `revise` and `reconsider`
        raise NoSuchStep
    need(actor, step.permission, post.client_id)
    refuse_unread(session, actor, post.client_id)
    task_list.refuse_early_finish(
        session,
        actor,
        step,
        post_id=post.id,
        client_id=post.client_id,
        holder_id=post.assignee_id,
    )
    answer = _checked_answer(session, post, step, answer, now)
    launches.refuse_unready(session, post.client_id, step, now)
    if action in _CHECKED or (
        action is Action.SCHEDULE and not requests.was_asked(session, _about(post))
    ):
        checks.refuse_what_blocks(session, post.id, now)
    if action is Action.SUBMIT:
        freeze(session, post.id, post.revision, post.planned_at, now)
    told = _approved_words(session, post) if action is Action.APPROVE else {}
    if review.request:
        approved = action is Action.APPROVE
        heard = requests.decide(
            session, actor, _about(post), review.request, answer.reason, approved=approved, now=now
        )
        told |= heard.as_content()
        if approved and not (heard.over and review.request.following is None):
            return _stay(
                session, actor, post, review.request, answer.reason, told, now, over=heard.over
            )
    written = _write_step(session, actor, post, step, review, answer, after_id, now, told)
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
        TooLate: the post went on or has other words since, or it is longer ago than `UNDO_FOR` and
            `UNDO_GRACE`.
        Stale: somebody writes at the same moment.
    """
    post = find(session, actor, post_id)
    need(actor, Permission.DECIDE_AS_CLIENT, post.client_id)
    last = _last_step(session, actor, post.id, request_id)
    is_theirs = last.kind in _DECIDED_KINDS and last.actor_id == actor.user_id
    answers = last.content.get("request") == str(request_id)
    # Rework may have begun at once: what was not asked about yet must not be asked about so.
    stands = is_theirs and answers and last.content["revision"] == post.revision
    if not stands or now - last.at > UNDO_FOR + UNDO_GRACE:
        raise TooLate
    requests.reopen(session, post.id, request_id, actor, now)
    told = {"request": str(request_id), "stage": last.content["stage"]}
    if step := find_step(post.state, Action.RECONSIDER, post.policy):
        return _write_step(
            session, actor, post, step, _Review(post.policy), Answer(), None, now, told
        )
    stays = {"revision": post.revision}
    content = {"from": post.state, "to": post.state, **stays, **told}
    written = write(session, actor, post, stays, f"post.{Action.RECONSIDER}", content, now)
    step_news.tell(session, actor, post, post.assignee_id, Action.RECONSIDER, Reason(), now)
    return written


def revise(
    session: Session,
    actor: Actor,
    post: Found,
    words: Words,
    told: Mapping[str, Any],
    now: datetime,
) -> Found:
    """Other words for what was already judged: a new revision, which goes back for review.

    Raises:
        WordsClosed: from where the post is now, it does not.
    """
    review = _review(session, post, Action.REVISE)
    step = find_step(post.state, Action.REVISE, review.policy)
    if step is None:
        raise WordsClosed
    post = replace(post, revision=post.revision + 1)
    frozen = {"frozen": True, "planned_at": post.planned_at}
    new = {"post_id": post.id, "number": post.revision, "words": words, **frozen}
    add_revisions(session, actor, [new], now)
    return _write_step(session, actor, post, step, review, Answer(), None, now, told)


def refuse_unusable_time(planned_at: datetime | None, now: datetime) -> None:
    if planned_at is None:
        raise NeedsTime
    if planned_at <= now:
        raise TimePassed


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
        request = requests.asked(session, _about(post), side, post.policy.approval)
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
    told: Mapping[str, Any],
    now: datetime,
    *,
    over: bool,
) -> Found:
    """Tell of an approval with which the post stays: others join it, or the next stage does."""
    content = {**request.as_content(), "revision": post.revision, **told, **_told(reason)}
    if not over or request.following is None:
        # Nothing of the post is written here that a lost race would hit.
        refuse_moved(session, post)
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
    written = write(session, actor, post, stays, _NOTED, content, now)
    step_news.ask(session, actor, post, opened, now)
    step_news.tell(session, actor, post, post.assignee_id, Action.APPROVE, reason, now)
    return written


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
        **step_times.due_in(session, post.id, step.next_state),
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
    written = write(session, actor, post, changes, f"post.{step.action}", content, now)
    if opened:
        step_news.ask(session, actor, written, opened, now)
    _note_last_round(session, actor, written, step, now)
    step_news.tell(session, actor, post, holder, step.action, answer.reason, now)
    return written


def _note_last_round(
    session: Session, actor: Actor, post: Found, step: Step, now: datetime
) -> None:
    """The last round of the agreement is a fact, and so is one beyond: account managers hear of it.

    Where only one is included, each is the last, and that is no news.
    """
    if not opens_round(step):
        return
    included = post.rounds_included
    if post.rounds > included or post.rounds == included > 1:
        kind = "post.extra_round" if post.rounds > included else "post.last_round"
        content = {"term": "rounds_included", "round": post.rounds, "included": included}
        record(session, actor, Fact(post.id, kind, post.client_id, content), now)
        step_news.warn_of_round(session, post, now, is_extra=post.rounds > included)


def _note_if_late(session: Session, post: Found, step: Step, now: datetime) -> None:
    """What follows on an approval after the planned time is the agreement's to say."""
    approved = step.action is Action.APPROVE and step.next_state is State.APPROVED
    if approved and post.planned_at and post.planned_at <= now:
        key = f"{jobs.APPROVED_LATE}:{post.id.hex}:{post.version}"
        late = Wanted(jobs.APPROVED_LATE, post.id, key, now, {"revision": post.revision})
        jobs.enqueue(session, [late], now)


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
        refuse_unusable_time(post.planned_at, now)
    return Answer(reason, assignee_id, link, answer.message)


def _approved_words(session: Session, post: Found) -> dict[str, Any]:
    """The record holds what was approved, so that words changed behind its back are found."""
    return {"words_digest": digest_of(session, post.id, post.revision)}


def _told(reason: Reason) -> dict[str, Any]:
    return {"reason": reason.text, "tags": list(reason.tags)} if reason.text else {}


def _about(post: Found) -> requests.OfPost:
    return requests.OfPost(post.id, post.client_id, post.revision, post.rounds)
