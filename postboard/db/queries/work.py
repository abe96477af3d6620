"""My work: what is expected of somebody, what came back to them, what they are to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from postboard.db.job_models import Job
from postboard.db.models import Client, OutgoingMail, Person, Post, Task
from postboard.db.notify_models import InboundTrouble
from postboard.db.queries import absences, news
from postboard.db.queries.instants import stamp
from postboard.db.queries.news import Told
from postboard.db.queries.of_post import OF_POST, OfPost, of_post, with_post
from postboard.db.queries.scope import visible_posts
from postboard.db.queries.tasks import actions_for
from postboard.db.queries.waiting import waits_for
from postboard.db.review_models import ReviewRequest
from postboard.domain.digests import MOST_ATTEMPTS
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import UNFINISHED, TaskStatus
from postboard.domain.workflow import SPECS, Column

SHOWN = 200
WEEK = timedelta(days=7)
MAIL_TROUBLE = timedelta(days=7)
"""How long a mail that did not go out is spoken of."""

REWORKED = sorted(state for state, spec in SPECS.items() if spec.column is Column.REWORK)


class Due(StrEnum):
    """How near a task is, on its client's clock."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MyTask:
    """`who` assigned it; of one that came back, who sent it. Instants are ISO text."""

    id: str
    post_id: str
    version: int
    post: OfPost
    status: str
    due: str
    due_at: str
    urgent: bool
    instructions: str
    links: list[str]
    who: str
    reason: str
    may: list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """The tasks that are equally near."""

    due: str
    tasks: list[MyTask]


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A post that waits for this person, at a stage counted from 1; instants are ISO text.

    One that came back to be done again has no stage: `stages` is 0.
    """

    post_id: str
    post: OfPost
    since: str
    stage: int
    stages: int
    stage_name: str
    due: str
    due_at: str


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """Mail or jobs that failed, how much of it was given up, and what was said last."""

    count: int
    given_up: int
    failure: str


@dataclass(frozen=True, slots=True)
class Work:
    parts: list[Part]
    sent_back: list[MyTask]
    to_judge: list[ToJudge]
    notices: list[Told]
    mail: MailTrouble | None
    jobs: MailTrouble | None
    inbound: str
    """Why answers to mails cannot be fetched, for whoever can do something about it."""


def work(session: Session, actor: Actor, *, now: datetime) -> Work:
    """All of it, in a fixed number of statements."""
    return Work(
        parts=_parts(_tasks(session, actor, now)),
        sent_back=_sent_back(session, actor, now),
        to_judge=_to_judge(session, actor, now),
        notices=news.told(session, actor),
        mail=_mail_trouble(session, now) if actor.may(Permission.MANAGE_STAFF) else None,
        jobs=_job_trouble(session) if actor.may(Permission.MANAGE_STAFF) else None,
        inbound=_inbound_trouble(session) if actor.may(Permission.MANAGE_STAFF) else "",
    )


def count(session: Session, actor: Actor) -> int:
    """What is new to this person: tasks they have not taken on, and news they have not read."""
    new_tasks = (
        select(func.count(col(Task.id)))
        .join(Post, col(Post.id) == col(Task.post_id))
        .where(
            col(Task.assignee_id) == actor.user_id,
            col(Task.status) == TaskStatus.OPEN,
            visible_posts(actor),
        )
        .scalar_subquery()
    )
    return session.execute(select(new_tasks + news.unread(actor))).scalar_one()


def due(at: datetime | None, zone: str, now: datetime) -> Due:
    if at is None:
        return Due.NONE
    if at < now:
        return Due.OVERDUE
    there = ZoneInfo(zone)
    if at.astimezone(there).date() == now.astimezone(there).date():
        return Due.TODAY
    return Due.WEEK if at < now + WEEK else Due.LATER


def _parts(tasks: list[MyTask]) -> list[Part]:
    """The soonest in front; what is empty is left out."""
    near = {due: [task for task in tasks if task.due == due] for due in Due}
    return [Part(due, those) for due, those in near.items() if those]


def _tasks(session: Session, actor: Actor, now: datetime) -> list[MyTask]:
    mine = and_(col(Task.assignee_id) == actor.user_id, col(Task.status).in_(sorted(UNFINISHED)))
    return _my_tasks(session, actor, mine, col(Task.created_by), now)


def _sent_back(session: Session, actor: Actor, now: datetime) -> list[MyTask]:
    mine = and_(col(Task.created_by) == actor.user_id, col(Task.status) == TaskStatus.SENT_BACK)
    return _my_tasks(session, actor, mine, col(Task.assignee_id), now)


def _my_tasks(
    session: Session, actor: Actor, which: ColumnElement[bool], other: Any, now: datetime
) -> list[MyTask]:
    """`other` is the person named with each."""
    person = aliased(Person)
    rows: Any = session.execute(
        with_post(select(Task, col(person.name), col(Client.id), *OF_POST))
        .join(Task, col(Task.post_id) == col(Post.id))
        .outerjoin(person, col(person.id) == other)
        .where(which, visible_posts(actor))
        .order_by(
            col(Task.due_at).is_(None),
            col(Task.due_at),
            col(Task.urgent).desc(),
            col(Task.created_at),
            col(Task.id),
        )
        .limit(SHOWN)
    )
    return [
        MyTask(
            id=task.id.hex,
            post_id=task.post_id.hex,
            version=task.version,
            post=of_post(*row),
            status=task.status,
            due=due(task.due_at, row[-1], now),
            due_at=stamp(task.due_at),
            urgent=task.urgent,
            instructions=task.instructions,
            links=task.links,
            who=who or "",
            reason=task.reason,
            may=actions_for(actor, task.status, task.assignee_id, client_id),
        )
        for task, who, client_id, *row in rows
    ]


def _to_judge(session: Session, actor: Actor, now: datetime) -> list[ToJudge]:
    """What asks for this person's word, the soonest due first, and what they are to do again."""
    mine = and_(col(Post.state).in_(REWORKED), col(Post.assignee_id) == actor.user_id)
    away = absences.stood_in_for(session, actor, now)
    rows: Any = session.execute(
        with_post(
            select(
                col(Post.id),
                col(Post.state_since),
                col(ReviewRequest.stage),
                col(ReviewRequest.chain),
                col(ReviewRequest.name),
                col(ReviewRequest.due_at),
                *OF_POST,
            )
        )
        .outerjoin(
            ReviewRequest,
            and_(
                col(ReviewRequest.post_id) == col(Post.id), col(ReviewRequest.closed_at).is_(None)
            ),
        )
        .where(or_(waits_for(actor, away), mine), visible_posts(actor))
        .order_by(
            col(ReviewRequest.due_at).is_(None),
            col(ReviewRequest.due_at),
            col(Post.state_since),
            col(Post.id),
        )
        .limit(SHOWN)
    )
    return [
        ToJudge(
            post_id=post_id.hex,
            post=of_post(*row),
            since=stamp(since),
            stage=0 if stage is None else stage + 1,
            stages=len(chain or ()),
            stage_name=name or "",
            due=due(due_at, row[-1], now),
            due_at=stamp(due_at),
        )
        for post_id, since, stage, chain, name, due_at, *row in rows
    ]


def _mail_trouble(session: Session, now: datetime) -> MailTrouble | None:
    rows = session.execute(
        select(col(OutgoingMail.failure), col(OutgoingMail.attempts))
        .where(
            col(OutgoingMail.sent_at).is_(None),
            col(OutgoingMail.failure) != "",
            col(OutgoingMail.created_at) > now - MAIL_TROUBLE,
        )
        .order_by(col(OutgoingMail.due_at).desc())
    )
    return _trouble(rows.all())


def _job_trouble(session: Session) -> MailTrouble | None:
    rows = session.execute(
        select(col(Job.failure), col(Job.attempts))
        .where(col(Job.done_at).is_(None), col(Job.failure) != "")
        .order_by(col(Job.run_at).desc())
    )
    return _trouble(rows.all())


def _inbound_trouble(session: Session) -> str:
    return session.execute(select(col(InboundTrouble.failure))).scalar_one_or_none() or ""


def _trouble(failed: Sequence[Any]) -> MailTrouble | None:
    """Of failures and how often each was tried, the newest first."""
    given_up = sum(attempts >= MOST_ATTEMPTS for _, attempts in failed)
    return MailTrouble(len(failed), given_up, failed[0][0]) if failed else None
