"""A post that is approved after the time it was planned for: its client's agreement decides.

The approval asks for the job in its own transaction; nothing here waits for somebody to look.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.db.queries import agreements, planned
from postboard.db.queries.agreements import Agreed
from postboard.domain.agreement import LateApproval, next_free_day
from postboard.domain.content import Reason
from postboard.domain.errors import NotFound
from postboard.domain.permissions import THE_CLOCK, Permission
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.services import client_chats, mail, post_rows, posting_days, posts, steps, told
from postboard.services.events import Fact, record
from postboard.services.jobs import APPROVED_LATE, Claimed, Do
from postboard.services.post_rows import Found
from postboard.services.steps import Answer
from postboard.services.told import News

TELL: Final = "late.tell"
TELL_CHATS: Final = "late.tell_chats"
AT_ONCE: Final = timedelta(minutes=5)
"""Publishing at once still leaves a moment to stop it."""
HELD: Final = "Approved after its planned time."


def follow(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """Do what was agreed, unless somebody gave the post another time or another state since."""
    post = _still_late(session, job.subject_id, now)
    if post is None or post.revision != job.content["revision"]:
        return None
    agreed = agreements.of_client(session, post.client_id)
    term = agreed.terms.late_approval
    content = {"term": f"late_approval.{term}", "agreement": agreed.version}
    fact = Fact(post.id, "post.late_approval", post.client_id, content)
    event_id = record(session, THE_CLOCK, fact, now)
    match term:
        case LateApproval.REMIND:
            post_rows.touched(session, post, event_id, private=True)
            people = told.account_managers(session, post.client_id)
            told.each(session, TELL, post.id, f"{post.revision}", people, now)
            told.chats(session, TELL_CHATS, post.client_id, post.id, f"{post.revision}", now)
        case LateApproval.HOLD:
            _hold(session, post, now)
        case LateApproval.NEXT_FREE_DAY:
            move_to_free_day(session, post, agreed, now)
        case LateApproval.PUBLISH_AT_ONCE:
            _schedule_at_once(session, post, now)
    return None


def tell(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """An account manager hears of it, while it still is so."""
    post = _still_late(session, job.subject_id, now)
    person_id = UUID(job.content["person"])
    if post is None or person_id not in told.account_managers(session, post.client_id):
        return None
    agreed = agreements.of_client(session, post.client_id)
    if later := told.quiet_until(session, agreed, person_id, now):
        return later
    shown = told.of_post(session, post.id)
    letter = partial(mail.about_late_approval, shown.key)
    news = News(NoticeKind.APPROVED_LATE, post.id, post.id, letter, shown.path)
    told.one(session, agreed.terms, person_id, news, now)
    return None


def tell_chats(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """The client's chats hear of it, while it still is so."""
    post = _still_late(session, job.subject_id, now)
    if post is None:
        return None
    if later := told.quiet_there_until(agreements.of_client(session, post.client_id), now):
        return later
    letter = partial(mail.about_late_approval, told.of_post(session, post.id).key)
    kind = NoticeKind.APPROVED_LATE
    client_chats.tell(session, post.client_id, post.id, kind, letter, now)
    return None


def move_to_free_day(session: Session, post: Found, agreed: Agreed, now: datetime) -> datetime:
    """Plan the post for the next day of work on which the client has no other, and may have one.

    Returns:
        When that is.

    Raises:
        BadInput: no day is free.
    """
    assert post.planned_at  # noqa: S101 - callers ask for posts whose time has passed
    taken = planned.others(session, post.client_id, post.id, since=now)
    closed = posting_days.of_client(session, post.client_id).closed
    moved_to = next_free_day(agreed.calendar, post.planned_at, now, taken, closed)
    clock = replace(THE_CLOCK, entrusted=frozenset({Permission.EDIT_PLAN}))
    posts.replan(session, clock, post.id, moved_to, version=post.version, now=now)
    return moved_to


def _still_late(session: Session, post_id: UUID, now: datetime) -> Found | None:
    try:
        post = post_rows.find(session, THE_CLOCK, post_id)
    except NotFound:
        return None
    late = post.planned_at is not None and post.planned_at <= now
    return post if late and post.state is State.APPROVED else None


def _hold(session: Session, post: Found, now: datetime) -> None:
    clock = replace(THE_CLOCK, entrusted=frozenset({Permission.HOLD}))
    answer = Answer(Reason(HELD))
    steps.take_step(
        session, clock, post.id, Action.HOLD, version=post.version, answer=answer, now=now
    )


def _schedule_at_once(session: Session, post: Found, now: datetime) -> None:
    rights = frozenset({Permission.EDIT_PLAN, Permission.SCHEDULE})
    clock = replace(THE_CLOCK, entrusted=rights)
    moved = posts.replan(session, clock, post.id, now + AT_ONCE, version=post.version, now=now)
    steps.take_step(session, clock, post.id, Action.SCHEDULE, version=moved.version, now=now)


DOING: Final[Mapping[str, Do]] = MappingProxyType(
    {APPROVED_LATE: follow, TELL: tell, TELL_CHATS: tell_chats}
)
