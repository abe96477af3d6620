"""A hand-over that was a mistake: what nobody has gone on with comes back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from postboard.db.engine import changed_one_row
from postboard.db.metric_models import Goal
from postboard.db.models import Membership, Person, Task
from postboard.db.people_models import Absence, DepartmentHead, HandOver, Responsibility
from postboard.domain.errors import NotFound
from postboard.domain.handing_over import UNDO_WITHIN, UndoIsOver
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.team import Part
from postboard.services import handing_over_stages, leaving, notices, post_rows, task_list, team
from postboard.services.events import Fact, record
from postboard.services.handing_over import record_post
from postboard.services.handing_over_stages import Works
from postboard.services.leaving import Leaver


def undo(session: Session, actor: Actor, hand_over_id: UUID, *, now: datetime) -> int:
    """What is still as it was handed over comes back; who left may sign in again.

    Returns:
        How many things stay, because somebody has gone on with them.

    Raises:
        NotFound: there is none, or it is another's and the actor does not manage the staff.
        UndoIsOver: ten minutes have passed, or it was undone.
    """
    row: Any = session.execute(
        select(
            col(HandOver.person_id),
            col(HandOver.by),
            col(HandOver.left),
            col(HandOver.clients),
            col(HandOver.moved),
            col(Person.name),
            col(Person.disabled_at),
        )
        .join(Person, col(Person.id) == col(HandOver.person_id))
        .where(col(HandOver.id) == hand_over_id)
    ).one_or_none()
    if row is None or not _may_undo(actor, row):
        raise NotFound
    claimed = session.execute(
        update(HandOver)
        .where(
            col(HandOver.id) == hand_over_id,
            col(HandOver.undone_at).is_(None),
            col(HandOver.at) > now - UNDO_WITHIN,
        )
        .values(undone_at=now)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(claimed):
        raise UndoIsOver
    if row.left and row.disabled_at:
        leaving.let_in(session, actor, row.person_id, now)
    leaver = Leaver(row.person_id, row.name)
    works = _works_for(session, row.person_id)
    stay = _bring_back(session, actor, leaver, works, row.moved, now)
    content = {"hand_over": str(hand_over_id), "stay": stay}
    record(session, actor, Fact(row.person_id, "person.hand_over_undone", None, content), now)
    return stay


def _may_undo(actor: Actor, row: Any) -> bool:
    """Whoever manages the staff, and whoever handed over and still looks after those clients."""
    if actor.may(Permission.MANAGE_STAFF):
        return True
    return (
        row.by == actor.user_id
        and not row.left
        and all(actor.may(Permission.MANAGE_CLIENT, UUID(one)) for one in row.clients)
    )


def _works_for(session: Session, person_id: UUID) -> Works:
    """Whether they still work for a client, or (None) for the agency: else nothing of it is theirs
    again.
    """
    rows: Any = session.execute(
        select(col(Person.agency_role), col(Membership.client_id))
        .outerjoin(
            Membership,
            (col(Membership.person_id) == col(Person.id)) & col(Membership.role).in_(STAFF_ROLES),
        )
        .where(col(Person.id) == person_id, col(Person.disabled_at).is_(None))
    ).all()
    everywhere = any(role for role, _ in rows)
    clients = {client_id for _, client_id in rows if client_id}
    return lambda asked: everywhere or (bool(clients) if asked is None else asked in clients)


def _bring_back(
    session: Session,
    actor: Actor,
    leaver: Leaver,
    works: Works,
    moved: dict[str, Any],
    now: datetime,
) -> int:
    stay = _tasks_back(session, actor, leaver, works, moved, now)
    team.hold_clients(session, sorted({UUID(one["client"]) for one in moved["parts"]}))
    for one in moved["parts"]:
        theirs = works(UUID(one["client"]))
        stay += not (theirs and _part_back(session, leaver.id, one, now))
    back: tuple[tuple[str, type[SQLModel], str], ...] = (
        ("heads", DepartmentHead, "person_id"),
        ("stand_ins", Absence, "stand_in_id"),
        ("goals", Goal, "owner_id"),
    )
    for name, table, column in back:
        for one in moved[name]:
            theirs = works(_client_of(session, table, one))
            stay += not (theirs and _row_back(session, table, column, leaver.id, one))
    return stay + handing_over_stages.give_back(session, actor, leaver, works, moved, now)


def _client_of(session: Session, table: Any, one: dict[str, Any]) -> UUID | None:
    """None for what is of no single client, or not there any more."""
    if table is Absence:
        return None
    found = select(table.client_id).where(table.id == UUID(one["id"]))
    return session.execute(found).scalar_one_or_none()


def _tasks_back(
    session: Session,
    actor: Actor,
    leaver: Leaver,
    works: Works,
    moved: dict[str, Any],
    now: datetime,
) -> int:
    """Those of its posts that nobody has gone on with."""
    given = [("assignee_id", one) for one in moved["tasks"]]
    given += [("created_by", one) for one in moved["returned"]]
    of_post: dict[UUID, list[tuple[str, dict[str, Any]]]] = {}
    rows: Any = session.execute(
        select(col(Task.id), col(Task.post_id)).where(
            col(Task.id).in_([UUID(one["id"]) for _, one in given])
        )
    )
    post_of = {row.id.hex: row.post_id for row in rows}
    for what, one in given:
        of_post.setdefault(post_of[one["id"]], []).append((what, one))
    held = {UUID(one["id"]): UUID(one["to"]) for one in moved["posts"]}
    posts = sorted({*of_post, *held})
    task_list.lock(session, posts)
    stay = 0
    for post_id in posts:
        back: list[UUID] = []
        post = post_rows.find(session, actor, post_id)
        if not works(post.client_id):
            stay += len(of_post.get(post_id, [])) + (post_id in held)
            continue
        for what, one in of_post.get(post_id, []):
            if _task_back(session, what, leaver.id, one):
                back.append(UUID(one["id"]))
                notices.settle(session, [UUID(one["to"])], back[-1:], now)
            else:
                stay += 1
        holds = held.get(post_id)
        if holds is not None and post.assignee_id == holds:
            post = post_rows.hold(session, post, leaver.id)
        elif holds is not None:
            stay += 1
        record_post(session, actor, post, leaver, (leaver.id, leaver.name), back, now)
    return stay


def _task_back(session: Session, what: str, leaver_id: UUID, one: dict[str, Any]) -> bool:
    done = session.execute(
        update(Task)
        .where(
            col(Task.id) == UUID(one["id"]),
            col(Task.version) == one["version"],
            getattr(Task, what) == UUID(one["to"]),
        )
        .values({what: leaver_id, "version": one["version"] + 1})
        .execution_options(synchronize_session=False)
    )
    return changed_one_row(done)


def _part_back(session: Session, leaver_id: UUID, one: dict[str, Any], now: datetime) -> bool:
    line = (
        col(Responsibility.client_id) == UUID(one["client"]),
        col(Responsibility.deliverable) == one["deliverable"],
        col(Responsibility.network) == one["network"],
    )
    theirs = session.execute(
        select(Responsibility).where(
            *line,
            col(Responsibility.person_id) == UUID(one["to"]),
            col(Responsibility.part) == one["now"],
        )
    ).scalar_one_or_none()
    mine = session.execute(
        select(col(Responsibility.id)).where(*line, col(Responsibility.person_id) == leaver_id)
    )
    if theirs is None or mine.first() is not None:
        return False
    deliverable, client_id = theirs.deliverable, theirs.client_id
    if one["had"]:
        theirs.part = Part(one["had"])
    else:
        session.delete(theirs)
    session.flush()
    session.add(
        Responsibility(
            client_id=client_id,
            deliverable=deliverable,
            network=one["network"],
            person_id=leaver_id,
            part=Part(one["part"]),
            changed_at=now,
        )
    )
    session.flush()
    return True


def _row_back(
    session: Session, table: Any, column: str, leaver_id: UUID, one: dict[str, Any]
) -> bool:
    is_theirs = getattr(table, column) == (UUID(one["to"]) if one["to"] else None)
    newer = {"version": table.version + 1} if hasattr(table, "version") else {}
    done = session.execute(
        update(table)
        .where(table.id == UUID(one["id"]), is_theirs)
        .values({column: leaver_id, **newer})
        .execution_options(synchronize_session=False)
    )
    return changed_one_row(done)
