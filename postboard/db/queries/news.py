"""News: what somebody was told of, newest first, as far as they may still see what it is about."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.guideline_models import GuidelineVersion
from postboard.db.models import Client, Notice, Post
from postboard.db.queries.board import CARD_TEXT_MAX
from postboard.db.queries.instants import stamp
from postboard.db.queries.of_post import OF_POST, of_post, with_post
from postboard.db.queries.scope import visible_clients, visible_posts
from postboard.db.review_models import Idea
from postboard.domain.permissions import Actor
from postboard.domain.tasks import OF_AGREEMENTS, NoticeKind

SHOWN_NOTICES = 50


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, and the page of what it is about; `at` is ISO text.

    One about an idea, an agreement or a guideline has the client's key, and the idea's words or
    the client's name for those of a post.
    """

    id: str
    kind: str
    who: str
    key: str
    text: str
    path: str
    at: str
    unread: bool


def told(session: Session, actor: Actor) -> list[Told]:
    """The newest of all, in the order they came."""
    found = [
        *_about_posts(session, actor),
        *_about_ideas(session, actor),
        *_about_agreements(session, actor),
        *_about_guidelines(session, actor),
    ]
    found.sort(key=lambda one: (-one[0].at.timestamp(), one[0].id))
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
        for notice, key, words, path in found[:SHOWN_NOTICES]
    ]


def unread(actor: Actor) -> ColumnElement[int]:
    """How many of them this person has not read, as SQL."""
    of_posts = (
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
    return of_posts + of_ideas + of_agreements + of_guidelines


def _about_posts(session: Session, actor: Actor) -> list[tuple[Notice, str, str, str]]:
    rows: Any = session.execute(
        with_post(select(Notice, *OF_POST))
        .join(Notice, col(Notice.post_id) == col(Post.id))
        .where(col(Notice.person_id) == actor.user_id, visible_posts(actor))
        .order_by(col(Notice.at).desc(), col(Notice.id))
        .limit(SHOWN_NOTICES)
    )
    posts = [(notice, of_post(*row)) for notice, *row in rows]
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
