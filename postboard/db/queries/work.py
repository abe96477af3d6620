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

from postboard.db.agreement_models import AgreementVersion
from postboard.db.guideline_models import GuidelineVersion
from postboard.db.job_models import Job
from postboard.db.models import Client, Notice, OutgoingMail, Person, Post, Revision, Task
from postboard.db.notify_models import InboundTrouble
from postboard.db.queries.board import CARD_TEXT_MAX, stamp
from postboard.db.queries.scope import visible_clients, visible_posts
from postboard.db.queries.tasks import actions_for
from postboard.db.queries.waiting import waits_for
from postboard.db.review_models import Idea, ReviewRequest
from postboard.domain.digests import MOST_ATTEMPTS
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import OF_AGREEMENTS, UNFINISHED, NoticeKind, TaskStatus
from postboard.domain.workflow import SPECS, Column

SHOWN = 200
SHOWN_NOTICES = 50
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
class OfPost:
    """The post that something is about."""

    key: str
    text: str
    state: str
    client: str
    hue: int
    zone: str


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
class Told:
    """A notice, and the page of what it is about; `at` is ISO text.

    One about an idea or an agreement has the client's key, and the idea's words or the client's
    name for those of a post.
    """

    id: str
    kind: str
    who: str
    key: str
    text: str
    path: str
    at: str
    unread: bool


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
        notices=_notices(session, actor),
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
    news = (
        select(func.count(col(Notice.id)))
        .join(Post, col(Post.id) == col(Notice.post_id))
        .where(
            col(Notice.person_id) == actor.user_id,
            col(Notice.read_at).is_(None),
            # The task itself says so.
            col(Notice.kind) != NoticeKind.TASK,
            visible_posts(actor),
        )
        .scalar_subquery()
    )
    of_ideas = (
        select(func.count(col(Notice.id)))
        .join(Idea, col(Idea.id) == col(Notice.subject_id))
        .join(Client, col(Client.id) == col(Idea.client_id))
        .where(*_of_ideas(actor), col(Notice.read_at).is_(None))
        .scalar_subquery()
    )
    of_agreements = (
        select(func.count(col(Notice.id)))
        .join(AgreementVersion, col(AgreementVersion.id) == col(Notice.subject_id))
        .join(Client, col(Client.id) == col(AgreementVersion.client_id))
        .where(*_of_agreements(actor), col(Notice.read_at).is_(None))
        .scalar_subquery()
    )
    of_guidelines = (
        select(func.count(col(Notice.id)))
        .join(GuidelineVersion, col(GuidelineVersion.id) == col(Notice.subject_id))
        .outerjoin(Client, col(Client.id) == col(GuidelineVersion.client_id))
        .where(*_of_guidelines(actor), col(Notice.read_at).is_(None))
        .scalar_subquery()
    )
    every = new_tasks + news + of_ideas + of_agreements + of_guidelines
    return session.execute(select(every)).scalar_one()


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
        _with_post(select(Task, col(person.name), col(Client.id), *_OF_POST))
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
            post=_of_post(*of_post),
            status=task.status,
            due=due(task.due_at, of_post[-1], now),
            due_at=stamp(task.due_at),
            urgent=task.urgent,
            instructions=task.instructions,
            links=task.links,
            who=who or "",
            reason=task.reason,
            may=actions_for(actor, task.status, task.assignee_id, client_id),
        )
        for task, who, client_id, *of_post in rows
    ]


def _to_judge(session: Session, actor: Actor, now: datetime) -> list[ToJudge]:
    """What asks for this person's word, the soonest due first, and what they are to do again."""
    mine = and_(col(Post.state).in_(REWORKED), col(Post.assignee_id) == actor.user_id)
    rows: Any = session.execute(
        _with_post(
            select(
                col(Post.id),
                col(Post.state_since),
                col(ReviewRequest.stage),
                col(ReviewRequest.chain),
                col(ReviewRequest.name),
                col(ReviewRequest.due_at),
                *_OF_POST,
            )
        )
        .outerjoin(
            ReviewRequest,
            and_(
                col(ReviewRequest.post_id) == col(Post.id), col(ReviewRequest.closed_at).is_(None)
            ),
        )
        .where(or_(waits_for(actor), mine), visible_posts(actor))
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
            post=_of_post(*of_post),
            since=stamp(since),
            stage=0 if stage is None else stage + 1,
            stages=len(chain or ()),
            stage_name=name or "",
            due=due(due_at, of_post[-1], now),
            due_at=stamp(due_at),
        )
        for post_id, since, stage, chain, name, due_at, *of_post in rows
    ]


def _notices(session: Session, actor: Actor) -> list[Told]:
    """The newest of all, in the order they came."""
    told = [
        *_about_posts(session, actor),
        *_about_ideas(session, actor),
        *_about_agreements(session, actor),
        *_about_guidelines(session, actor),
    ]
    told.sort(key=lambda one: (-one[0].at.timestamp(), one[0].id))
    return [
        Told(
            id=notice.id.hex,
            kind=notice.kind,
            who=notice.actor_name,
            key=key,
            text=" ".join(words.split()),
            path=path,
            at=stamp(notice.at),
            unread=notice.read_at is None,
        )
        for notice, key, words, path in told[:SHOWN_NOTICES]
    ]


def _about_posts(session: Session, actor: Actor) -> list[tuple[Notice, str, str, str]]:
    rows: Any = session.execute(
        _with_post(select(Notice, *_OF_POST))
        .join(Notice, col(Notice.post_id) == col(Post.id))
        .where(col(Notice.person_id) == actor.user_id, visible_posts(actor))
        .order_by(col(Notice.at).desc(), col(Notice.id))
        .limit(SHOWN_NOTICES)
    )
    posts = [(notice, _of_post(*of_post)) for notice, *of_post in rows]
    return [(notice, post.key, post.text, f"/post/?key={post.key}") for notice, post in posts]


def _about_ideas(session: Session, actor: Actor) -> list[tuple[Notice, str, str, str]]:
    rows: Any = session.execute(
        select(Notice, col(Client.key), func.substr(col(Idea.text), 1, CARD_TEXT_MAX))
        .join(Idea, col(Idea.id) == col(Notice.subject_id))
        .join(Client, col(Client.id) == col(Idea.client_id))
        .where(*_of_ideas(actor))
        .order_by(col(Notice.at).desc(), col(Notice.id))
        .limit(SHOWN_NOTICES)
    )
    return [(notice, key, words, f"/clients/?client={key}#ideas") for notice, key, words in rows]


def _of_ideas(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Of notices joined with their ideas and those's clients."""
    mine = col(Notice.person_id) == actor.user_id
    return (mine, col(Notice.post_id).is_(None), visible_clients(actor))


def _about_agreements(session: Session, actor: Actor) -> list[tuple[Notice, str, str, str]]:
    rows: Any = session.execute(
        select(Notice, col(Client.key), col(Client.name))
        .join(AgreementVersion, col(AgreementVersion.id) == col(Notice.subject_id))
        .join(Client, col(Client.id) == col(AgreementVersion.client_id))
        .where(*_of_agreements(actor))
        .order_by(col(Notice.at).desc(), col(Notice.id))
        .limit(SHOWN_NOTICES)
    )
    return [(one, key, name, f"/clients/?client={key}#agreement") for one, key, name in rows]


def _of_agreements(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Of notices joined with their agreements and those's clients."""
    return (*_of_ideas(actor), col(Notice.kind).in_(sorted(OF_AGREEMENTS)))


def _about_guidelines(session: Session, actor: Actor) -> list[tuple[Notice, str, str, str]]:
    rows: Any = session.execute(
        select(Notice, col(GuidelineVersion.owner), col(GuidelineVersion.note), col(Client.name))
        .join(GuidelineVersion, col(GuidelineVersion.id) == col(Notice.subject_id))
        .outerjoin(Client, col(Client.id) == col(GuidelineVersion.client_id))
        .where(*_of_guidelines(actor))
        .order_by(col(Notice.at).desc(), col(Notice.id))
        .limit(SHOWN_NOTICES)
    )
    return [
        (one, "", " · ".join(part for part in (name, note) if part), f"/guidelines/?of={owner}")
        for one, owner, note, name in rows
    ]


def _of_guidelines(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Of notices joined with their versions and those's clients; the agency's has none."""
    return (
        col(Notice.person_id) == actor.user_id,
        col(Notice.kind) == NoticeKind.GUIDELINE,
        or_(col(Client.id).is_(None), visible_clients(actor)),
    )


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


_OF_POST = (
    col(Client.key),
    col(Post.number),
    func.substr(col(Revision.title), 1, CARD_TEXT_MAX),
    func.substr(col(Revision.caption), 1, CARD_TEXT_MAX),
    col(Post.state),
    col(Client.name),
    col(Client.hue),
    col(Client.zone),
)


def _with_post(chosen: Any) -> Any:
    return (
        chosen.select_from(Post)
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision)),
        )
    )


def _of_post(
    key: str, number: int, title: str, caption: str, state: str, client: str, hue: int, zone: str
) -> OfPost:
    text = " ".join((title or caption).split())
    return OfPost(f"{key}-{number}", text, state, client, hue, zone)
