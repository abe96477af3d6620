"""Letting a finding pass with a reason, and taking that back: both are facts of the post."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Waiver
from postboard.domain.content import REASON_MAX, clean
from postboard.domain.errors import NotAllowed, Stale
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import SPECS
from postboard.services import checks, post_rows
from postboard.services.checks import Checked
from postboard.services.events import Fact, record
from postboard.services.must_read import refuse_unread
from postboard.services.post_rows import Found
from postboard.services.steps import NeedsReason, NoSuchStep


def waive(
    session: Session, actor: Actor, post_id: UUID, finding: str, reason: str, *, now: datetime
) -> None:
    """Let one blocking finding pass; with other words, or another picture, it is another one.

    Raises:
        NotFound, NotAllowed: as they say.
        Unread: the actor has a guideline to read first.
        NeedsReason: there is none.
        Stale: the post has no such finding (any more).
    """
    post = _open_to(session, actor, post_id)
    refuse_unread(session, actor, post.client_id)
    reason = clean(reason, REASON_MAX, many_lines=True)
    if not reason:
        raise NeedsReason("Say why it may pass: the reason stays on record.")
    found = _found(session, actor, post, finding, now)
    if found.waived:
        return
    session.execute(
        insert(Waiver),
        [
            {
                "post_id": post.id,
                "finding": finding,
                "reason": reason,
                "person_id": actor.user_id,
                "person_name": actor.name,
                "at": now,
            }
        ],
    )
    _tell(session, actor, post, found, "post.check_waived", reason, now)


def unwaive(session: Session, actor: Actor, post_id: UUID, finding: str, *, now: datetime) -> None:
    """Let it block again."""
    post = _open_to(session, actor, post_id)
    found = _found(session, actor, post, finding, now)
    if not found.waived:
        return
    session.execute(
        delete(Waiver).where(col(Waiver.post_id) == post.id, col(Waiver.finding) == finding)
    )
    _tell(session, actor, post, found, "post.waiver_withdrawn", found.waived.reason, now)


def _open_to(session: Session, actor: Actor, post_id: UUID) -> Found:
    post = post_rows.find(session, actor, post_id)
    if not actor.may(Permission.WAIVE_CHECK, post.client_id):
        raise NotAllowed
    if SPECS[post.state].finished:
        raise NoSuchStep
    return post


def _found(session: Session, actor: Actor, post: Found, key: str, now: datetime) -> Checked:
    for one in checks.check(session, actor, post.id, now=now):
        if one.finding.key == key and one.finding.blocks:
            return one
    raise Stale("This is found no more: the post changed meanwhile.")


def _tell(
    session: Session,
    actor: Actor,
    post: Found,
    found: Checked,
    kind: str,
    reason: str,
    now: datetime,
) -> None:
    finding = found.finding
    content = {
        "rule": finding.rule,
        "network": finding.network,
        "place": finding.place,
        "reason": reason,
        "revision": post.revision,
    }
    event_id = record(session, actor, Fact(post.id, kind, post.client_id, content), now)
    post_rows.touched(session, post, event_id, private=True)
