"""Moving cards: a drop is a step of the workflow or a new place in the column, applied once."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action
from postboard.services import commands, post_rows, posts, steps
from postboard.services.post_rows import Found
from postboard.services.steps import Answer


@dataclass(frozen=True, slots=True)
class Move:
    """What a browser asks for; without an action the card only changes its place."""

    command_id: UUID
    post_id: UUID
    version: int
    action: Action | None = None
    after_id: UUID | None = None
    answer: Answer = field(default_factory=Answer)


def move(session: Session, actor: Actor, asked: Move, *, now: datetime) -> Found:
    """Carry out a move; the same command a second time answers with how the post stands now."""
    what = (asked.post_id, asked.version, asked.action)
    if commands.applied_before(session, actor, asked.command_id, *what):
        return post_rows.find(session, actor, asked.post_id)
    if asked.action is None:
        moved = posts.place(session, actor, asked.post_id, asked.after_id, version=asked.version)
    else:
        moved = steps.take_step(
            session,
            actor,
            asked.post_id,
            asked.action,
            version=asked.version,
            answer=asked.answer,
            after_id=asked.after_id,
            now=now,
        )
    commands.remember(session, actor, asked.command_id, *what, now=now)
    return moved
