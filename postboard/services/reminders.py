"""Open requests for review: who is reminded, who hears of it next, and what silence means.

Each step is a job that reads the request, the agreement and the post anew before it acts, and
does nothing once the request is closed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.job_models import Job
from postboard.db.models import Person, Post, table_of
from postboard.db.queries import agreements, answering
from postboard.db.queries.agreements import Agreed
from postboard.db.queries.scope import roles_for
from postboard.db.review_models import Decision, ReviewRequest
from postboard.domain.agreement import AT_DUE, Audience, Reminder, Silence, reminders
from postboard.domain.chains import Side
from postboard.domain.conversation import Thread
from postboard.domain.permissions import CLIENT_ROLES, PERMISSIONS, THE_CLOCK, Permission, Role
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.locale import Language
from postboard.services import client_chats, jobs, mail, post_rows, steps, told
from postboard.services.events import Fact, record
from postboard.services.jobs import Claimed, Do, Wanted
from postboard.services.late_approval import move_to_free_day
from postboard.services.mail import About, Letter
from postboard.services.post_rows import Found
from postboard.services.told import News

REMIND: Final = "review.remind"
TELL: Final = "review.tell"
TELL_CHATS: Final = "review.tell_chats"
MOVE: Final = "review.move"
LOOK_AGAIN: Final = "review.look_again"
CLIENT_SIDE: Final = "client"
REVIEWED: Final = MappingProxyType(
    {CLIENT_SIDE: State.CLIENT_REVIEW, "internal": State.INTERNAL_REVIEW}
)
"""Where a post waits for each side."""
REVIEW_PAGE: Final = "/review/"
JUDGES: Final = frozenset(
    role
    for role, rights in PERMISSIONS.items()
    if Permission.APPROVE_INTERNALLY in rights and role not in {Role.ADMIN, Role.MANAGER}
)
# Thousands may be due in one minute: what each of them asks is built once, past the ORM.
_REQUEST, _DECISION = table_of(ReviewRequest), table_of(Decision)
_ASKED: Final = select(
    _REQUEST.c.post_id,
    _REQUEST.c.client_id,
    _REQUEST.c.revision,
    _REQUEST.c.side,
    _REQUEST.c.reviewers,
    _REQUEST.c.asked_at,
    _REQUEST.c.due_at,
).where(_REQUEST.c.id == bindparam("request"), _REQUEST.c.closed_at.is_(None))
_ASKED_AND_HELD: Final = _ASKED.with_for_update()
_SAID: Final = select(_DECISION.c.person_id, _DECISION.c.stood_in_for).where(
    _DECISION.c.request_id == bindparam("request")
)


@dataclass(frozen=True, slots=True)
class Open:
    """A question that nobody has answered, with the post and the terms as they are now."""

    id: UUID
    revision: int
    side: str
    named: tuple[UUID, ...]
    asked_at: datetime
    due_at: datetime
    post: Found
    agreed: Agreed


def unplanned(session: Session, *, most: int) -> list[UUID]:
    """Open requests that are due some time and of which nobody is reminded yet."""
    rows = session.execute(
        select(col(ReviewRequest.id))
        .join(Post, col(Post.id) == col(ReviewRequest.post_id))
        .where(
            col(ReviewRequest.closed_at).is_(None),
            col(ReviewRequest.due_at).is_not(None),
            col(Post.revision) == col(ReviewRequest.revision),
            col(Post.state).in_(REVIEWED.values()),
            ~exists().where(col(Job.subject_id) == col(ReviewRequest.id), col(Job.kind) == REMIND),
        )
        .limit(most)
    )
    return list(rows.scalars())


def plan(session: Session, requests: Sequence[UUID], now: datetime) -> None:
    """Ask for every step of these; what was asked for before stays."""
    for request_id in requests:
        if asked := _open(session, request_id):
            _ask_for_steps(session, asked, now)


def remind(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """One step's time has come: find out whom to tell, and what silence means at the end."""
    asked = _held(session, job.subject_id)
    if asked is None:
        return None
    step = next((step for step in _steps(asked) if step.term == job.content["term"]), None)
    if step is None:  # no longer agreed
        return None
    if step.at > now:
        return step.at
    if step.term == AT_DUE:
        _at_due(session, asked, now)
    elif step.audience is Audience.REVIEWERS and asked.due_at <= now:
        return None  # that it is due soon is no news any more
    if not _is_silence_final(asked) or step.term != AT_DUE:
        told.each(session, TELL, asked.id, step.term, _audience(session, asked, step, now), now)
        if step.audience is not Audience.REVIEWERS:
            told.chats(session, TELL_CHATS, asked.post.client_id, asked.id, step.term, now)
    return None


def tell(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """One person is told, by notice and mail, unless it was decided or they are no longer asked."""
    asked = _held(session, job.subject_id)
    if asked is None:
        return None
    step = next((step for step in _steps(asked) if step.term == job.content["term"]), None)
    person_id = UUID(job.content["person"])
    if step is None or person_id not in _audience(session, asked, step, now):
        return None
    if later := told.quiet_until(session, asked.agreed, person_id, now):
        return later
    _tell(session, asked, step, person_id, now)
    return None


def tell_chats(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """The client's chats hear that an answer is overdue, unless it was given meanwhile."""
    asked = _held(session, job.subject_id)
    if asked is None:
        return None
    if later := told.quiet_there_until(asked.agreed, now):
        return later
    kind, post = NoticeKind.REVIEW_OVERDUE, asked.post
    client_chats.tell(session, post.client_id, post.id, kind, _overdue(session, asked, now), now)
    return None


def move(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """The post's time comes and nobody has answered: it gets a later one, each time again."""
    asked = _held(session, job.subject_id)
    if asked is None or asked.agreed.terms.silence is not Silence.NEXT_FREE_DAY:
        return None
    if asked.post.planned_at is None:
        return None
    if asked.post.planned_at > now:
        return asked.post.planned_at
    _record(session, asked, "post.silence", f"silence.{Silence.NEXT_FREE_DAY}", now)
    return move_to_free_day(session, asked.post, asked.agreed, now)


def replan(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """A client's terms changed: each of its open requests is looked at again, by a job of its own.

    They may be hundreds, and nobody else can write to SQLite while one transaction does.
    """
    rows = session.execute(
        select(col(ReviewRequest.id)).where(
            col(ReviewRequest.client_id) == job.subject_id,
            col(ReviewRequest.closed_at).is_(None),
            col(ReviewRequest.due_at).is_not(None),
        )
    )
    wanted = [
        Wanted(LOOK_AGAIN, request_id, f"{LOOK_AGAIN}:{request_id.hex}:{job.id.hex}", now)
        for request_id in rows.scalars()
    ]
    jobs.enqueue(session, wanted, now)
    return None


def look_again(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """Every step of one request looks at its time by the terms as they are now."""
    if _held(session, job.subject_id):  # a step under way holds its request before its job
        jobs.wake(session, REMIND, [job.subject_id], now)
        plan(session, [job.subject_id], now)
    return None


def _ask_for_steps(session: Session, asked: Open, now: datetime) -> None:
    jobs.enqueue(session, [_wanted(asked, step) for step in _steps(asked)], now)


def _held(session: Session, request_id: UUID) -> Open | None:
    """As `_open`, and no decision comes in before this transaction ends."""
    return _as_asked(session, request_id, _ASKED_AND_HELD)


def _open(session: Session, request_id: UUID) -> Open | None:
    """The request, while it waits for an answer on the words as they are."""
    return _as_asked(session, request_id, _ASKED)


def _as_asked(session: Session, request_id: UUID, query: Any) -> Open | None:
    row: Any = session.execute(query, {"request": request_id}).one_or_none()
    if row is None or row.due_at is None:
        return None
    post = post_rows.find(session, THE_CLOCK, row.post_id)
    if post.revision != row.revision or post.state is not REVIEWED[row.side]:
        return None
    asked = Open(
        id=request_id,
        revision=row.revision,
        side=row.side,
        named=tuple(UUID(person) for person in row.reviewers),
        asked_at=row.asked_at,
        due_at=row.due_at,
        post=post,
        agreed=agreements.of_client(session, row.client_id),
    )
    silence = asked.agreed.terms.silence
    # Silence of the agency's own people never is an answer, nor is that of nobody.
    if asked.side == CLIENT_SIDE and (silence is not Silence.CONSENT or _people(session, asked)):
        return asked
    terms = replace(asked.agreed.terms, silence=Silence.REMIND_AND_ESCALATE)
    return replace(asked, agreed=replace(asked.agreed, terms=terms))


def _steps(asked: Open) -> list[Reminder]:
    agreed = asked.agreed
    return reminders(agreed.terms, agreed.calendar, asked.asked_at, asked.due_at)


def _wanted(asked: Open, step: Reminder) -> Wanted:
    key = f"{REMIND}:{asked.id.hex}:{step.term}"
    return Wanted(REMIND, asked.id, key, step.at, {"term": step.term})


def _last_reminder(asked: Open) -> Reminder | None:
    """After this one its reviewers are not reminded again."""
    told_to_them = [
        step
        for step in _steps(asked)
        if step.audience is Audience.REVIEWERS
        and not (step.term == AT_DUE and _is_silence_final(asked))
    ]
    return told_to_them[-1] if told_to_them else None


def _is_silence_final(asked: Open) -> bool:
    """Whether nobody is asked any more once the answer was due."""
    return asked.agreed.terms.silence in {Silence.HOLD, Silence.CONSENT}


def _at_due(session: Session, asked: Open, now: datetime) -> None:
    silence = asked.agreed.terms.silence
    if silence is Silence.REMIND_AND_ESCALATE:
        _ask_for_steps(session, asked, now)  # whoever could have consented may have left since
    elif silence is Silence.NEXT_FREE_DAY:
        at = max(asked.post.planned_at or now, now)
        jobs.enqueue(session, [Wanted(MOVE, asked.id, f"{MOVE}:{asked.id.hex}", at)], now)
    elif silence is Silence.HOLD:
        event_id = _record(session, asked, "post.silence", f"silence.{silence}", now)
        post_rows.touched(session, asked.post, event_id, private=True)
    elif silence is Silence.CONSENT:
        _consent(session, asked, now)


def _consent(session: Session, asked: Open, now: datetime) -> None:
    """Approve the revision that was shown, because the agreement says that silence does.

    In a chain this ends its stage: the people of the next one are asked, with their own time.
    """
    _record(session, asked, "post.silence", f"silence.{Silence.CONSENT}", now)
    clock = replace(THE_CLOCK, entrusted=frozenset({Permission.DECIDE_AS_CLIENT}))
    steps.take_step(session, clock, asked.post.id, Action.APPROVE, revision=asked.revision, now=now)


def _audience(session: Session, asked: Open, step: Reminder, now: datetime) -> set[UUID]:
    client_id = asked.post.client_id
    match step.audience:
        case Audience.REVIEWERS:
            return _reviewers(session, asked, now)
        case Audience.ACCOUNT_MANAGERS:
            return told.account_managers(session, client_id) or told.managers(session)
        case Audience.MANAGERS:
            return told.managers(session)


def _reviewers(session: Session, asked: Open, now: datetime) -> set[UUID]:
    """Those who were asked and have not answered, and who stands in for them."""
    client_id = asked.post.client_id
    said: Any = session.execute(_SAID, {"request": asked.id})
    answered = {person for one in said for person in answering.spoken_for(one)}
    if not asked.named:
        return _people(session, asked) - answered
    answers = answering.of_request(session, client_id, Side(asked.side), asked.named, now)
    if answers.named:
        return {*answers.turn_of([person for person in answers.asked if person not in answered])}
    return _people(session, asked) - answered


def _people(session: Session, asked: Open) -> set[UUID]:
    """Those who were asked and are still there."""
    client_id = asked.post.client_id
    if asked.named:
        return set(roles_for(session, client_id, asked.named))
    roles = {Role.CLIENT_REVIEWER} if asked.side == CLIENT_SIDE else JUDGES
    return {p for role in roles for p in told.people_with(session, client_id, role)}


def _tell(session: Session, asked: Open, step: Reminder, person_id: UUID, now: datetime) -> None:
    shown = told.of_post(session, asked.post.id)
    to_reviewer = step.audience is Audience.REVIEWERS
    role = roles_for(session, asked.post.client_id, {person_id})[person_id]
    if to_reviewer:
        kind, event = NoticeKind.REVIEW_OPEN, "post.reminded"
        letter = partial(mail.about_review, shown.key, asked.due_at, shown.zone, now)
    else:
        kind, event = NoticeKind.REVIEW_OVERDUE, "post.escalated"
        letter = _overdue(session, asked, now)
    outside = role in CLIENT_ROLES
    news = News(
        kind,
        asked.post.id,
        asked.id,
        letter,
        path=REVIEW_PAGE if outside else shown.path,
        about=About(
            thread=Thread.CLIENT if outside else Thread.INTERNAL,
            review_of=asked.post.client_id if outside else None,
        ),
        last=to_reviewer and step == _last_reminder(asked),
    )
    told.one(session, asked.agreed.terms, person_id, news, now)
    event_id = _record(session, asked, event, step.term, now, person=person_id.hex)
    post_rows.touched(session, asked.post, event_id, private=True)


def _overdue(session: Session, asked: Open, now: datetime) -> Callable[[Language], Letter]:
    shown = told.of_post(session, asked.post.id)
    names = _names(session, _reviewers(session, asked, now))
    return partial(mail.about_overdue, shown.key, asked.due_at, shown.zone, names)


def _names(session: Session, people: set[UUID]) -> list[str]:
    rows = session.execute(
        select(col(Person.name)).where(col(Person.id).in_(people)).order_by(col(Person.name))
    )
    return list(rows.scalars())


def _record(session: Session, asked: Open, kind: str, term: str, now: datetime, **more: str) -> int:
    content = {
        "term": term,
        "agreement": asked.agreed.version,
        "request": asked.id.hex,
        "revision": asked.revision,
        "due": asked.due_at.isoformat(),
        **more,
    }
    return record(session, THE_CLOCK, Fact(asked.post.id, kind, asked.post.client_id, content), now)


DOING: Final[Mapping[str, Do]] = MappingProxyType(
    {
        REMIND: remind,
        TELL: tell,
        TELL_CHATS: tell_chats,
        MOVE: move,
        jobs.AGREEMENT_CHANGED: replan,
        LOOK_AGAIN: look_again,
    }
)
