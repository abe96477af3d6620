"""One change of many posts at once: each against its own version, and undone as one."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row, signals_of
from postboard.db.models import Pillar, Post
from postboard.db.planning_models import BulkChange
from postboard.db.queries import agreements
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput, NotFound, Refused
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action
from postboard.services import post_rows, posts, steps
from postboard.services.post_rows import Found
from postboard.services.steps import NeedsTime, NoSuchStep, TooLate

POSTS_MAX: Final = 200
DAYS_MAX: Final = 366
"""That posts move at once."""
YEARS: Final = posts.YEARS
"""Of a day that posts move to."""
NOON: Final = time(12)
UNDO_FOR: Final = timedelta(minutes=10)
STEPS: Final = frozenset({Action.SUBMIT, Action.SEND_TO_CLIENT})
"""Steps of the workflow that many posts take at once."""


@dataclass(frozen=True, slots=True)
class Left:
    """A post that stayed as it was, and the sentence that says why."""

    post_id: UUID
    why: Refused


@dataclass(frozen=True, slots=True)
class Done:
    """`change_id` undoes it; None where nothing can be undone."""

    changed: tuple[UUID, ...]
    left: tuple[Left, ...]
    change_id: UUID | None = None


_Change = Callable[[Found], tuple[Found, dict[str, Any]]]
"""Changes one post: how it stands then, and what it had before."""


def move(
    session: Session, actor: Actor, seen: Mapping[UUID, int], days: int, *, now: datetime
) -> Done:
    """So many days later (or earlier), at the same time on each client's clock."""
    if not 1 <= abs(days) <= DAYS_MAX:
        raise BadInput("Move from 1 to {limit} days, or as many back.", limit=DAYS_MAX)

    def change(post: Found) -> tuple[Found, dict[str, Any]]:
        if post.planned_at is None:
            raise NeedsTime
        zone = agreements.zone_of(session, post.client_id)
        wall = post.planned_at.astimezone(zone).replace(tzinfo=None)
        try:
            at = to_utc(wall + timedelta(days=days), zone)
        except OverflowError:  # the last or the first days that a calendar knows
            raise BadInput from None
        moved = posts.replan(session, actor, post.id, at, version=post.version, now=now)
        return moved, {"planned_at": post.planned_at.isoformat()}

    return _each(session, actor, seen, "move", change, now)


def move_to(
    session: Session, actor: Actor, seen: Mapping[UUID, int], day: date, *, now: datetime
) -> Done:
    """To that day on each client's clock: at their own time, at noon those that had none."""
    if day.year not in YEARS:
        raise BadInput("Choose a day from {first} to {last}.", first=YEARS[0], last=YEARS[-1])

    def change(post: Found) -> tuple[Found, dict[str, Any]]:
        zone = agreements.zone_of(session, post.client_id)
        wall = post.planned_at.astimezone(zone).time() if post.planned_at else NOON
        at = to_utc(datetime.combine(day, wall.replace(tzinfo=None, fold=0)), zone)
        moved = posts.replan(session, actor, post.id, at, version=post.version, now=now)
        return moved, {"planned_at": post.planned_at.isoformat() if post.planned_at else ""}

    return _each(session, actor, seen, "move", change, now)


def label(
    session: Session,
    actor: Actor,
    seen: Mapping[UUID, int],
    *,
    campaign_id: UUID | None = None,
    no_campaign: bool = False,
    pillar: str | None = None,
    now: datetime,
) -> Done:
    """Sort them under a campaign, a pillar or both; None leaves each as it is.

    An empty pillar takes each off its own, `no_campaign` out of its campaign.
    """

    def change(post: Found) -> tuple[Found, dict[str, Any]]:
        campaign, name = _labels(session, post.id)
        to_campaign = None if no_campaign else campaign_id or campaign
        to_pillar = name if pillar is None else pillar
        labelled = posts.label(
            session, actor, post.id, to_campaign, to_pillar, version=post.version, now=now
        )
        return labelled, {"campaign": campaign.hex if campaign else "", "pillar": name}

    return _each(session, actor, seen, "label", change, now)


def take_step(
    session: Session, actor: Actor, seen: Mapping[UUID, int], action: Action, *, now: datetime
) -> Done:
    """Submit them or send them to the client. People are told at once, so nothing undoes it."""
    if action not in STEPS:
        raise NoSuchStep

    def change(post: Found) -> tuple[Found, dict[str, Any]]:
        taken = steps.take_step(session, actor, post.id, action, version=post.version, now=now)
        return taken, {}

    return _each(session, actor, seen, action, change, now, may_undo=False)


def undo(session: Session, actor: Actor, change_id: UUID, *, now: datetime) -> Done:
    """Give each post back what it had, unless somebody changed it since.

    Raises:
        NotFound: it is no change of this actor's.
        TooLate: it was undone already, or `UNDO_FOR` is over.
    """
    row: Any = session.execute(
        select(col(BulkChange.kind), col(BulkChange.changed), col(BulkChange.at)).where(
            col(BulkChange.id) == change_id, col(BulkChange.person_id) == actor.user_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    undone = session.execute(
        update(BulkChange)
        .where(col(BulkChange.id) == change_id, col(BulkChange.undone_at).is_(None))
        .values(undone_at=now)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(undone) or now - row.at > UNDO_FOR:
        raise TooLate
    before = {UUID(one["post"]): one["before"] for one in row.changed}
    seen = {UUID(one["post"]): one["version"] for one in row.changed}
    back = {"move": _move_back, "label": _label_back}[row.kind]

    def change(post: Found) -> tuple[Found, dict[str, Any]]:
        return back(session, actor, post, before[post.id], now), {}

    return _each(session, actor, seen, "undo", change, now, may_undo=False)


def _move_back(
    session: Session, actor: Actor, post: Found, before: Mapping[str, Any], now: datetime
) -> Found:
    at = datetime.fromisoformat(before["planned_at"]) if before["planned_at"] else None
    return posts.replan(session, actor, post.id, at, version=post.version, now=now)


def _label_back(
    session: Session, actor: Actor, post: Found, before: Mapping[str, Any], now: datetime
) -> Found:
    campaign_id = UUID(before["campaign"]) if before["campaign"] else None
    return posts.label(
        session, actor, post.id, campaign_id, before["pillar"], version=post.version, now=now
    )


def _each(
    session: Session,
    actor: Actor,
    seen: Mapping[UUID, int],
    kind: str,
    change: _Change,
    now: datetime,
    *,
    may_undo: bool = True,
) -> Done:
    """Change those that can be; a post that refuses leaves no trace and stops no other."""
    if not 1 <= len(seen) <= POSTS_MAX:
        raise BadInput("Choose from 1 to {limit} posts.", limit=POSTS_MAX)
    changed: list[dict[str, Any]] = []
    left: list[Left] = []
    for post_id in sorted(seen):  # always in one order, so that two of them never wait in a ring
        try:
            with _alone(session):
                post = post_rows.find(session, actor, post_id)
                post_rows.refuse_stale(post, seen[post_id])
                written, before = change(post)
        except Refused as why:
            left.append(Left(post_id, why))
        else:
            changed.append({"post": post_id.hex, "version": written.version, "before": before})
    change_id = _remember(session, actor, kind, changed, now) if may_undo and changed else None
    return Done(tuple(UUID(one["post"]) for one in changed), tuple(left), change_id)


@contextmanager
def _alone(session: Session) -> Generator[None]:
    """Take back all that was written within, and what it would tell, when it is refused."""
    told = len(signals_of(session))
    with session.begin_nested():
        try:
            yield
        except Refused:
            del signals_of(session)[told:]
            raise


def _remember(
    session: Session, actor: Actor, kind: str, changed: list[dict[str, Any]], now: datetime
) -> UUID:
    change_id = uuid4()
    told = {"person_id": actor.user_id, "kind": kind, "changed": changed, "at": now}
    session.execute(insert(BulkChange), [{"id": change_id, **told}])
    return change_id


def _labels(session: Session, post_id: UUID) -> tuple[UUID | None, str]:
    campaign_id, pillar = session.execute(
        select(col(Post.campaign_id), col(Pillar.name))
        .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
        .where(col(Post.id) == post_id)
    ).one()
    return campaign_id, pillar or ""
