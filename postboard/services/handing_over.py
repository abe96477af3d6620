"""Leaving: what somebody has open goes to others in one step.

Everything moves in one transaction, and every post, client and person says so in the record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from postboard.db.engine import changed_one_row
from postboard.db.metric_models import Goal
from postboard.db.models import Membership, Person, Post, Task
from postboard.db.people_models import Absence, DepartmentHead, HandOver, Responsibility
from postboard.db.queries import open_work
from postboard.domain.errors import BadInput, NotAllowed
from postboard.domain.handing_over import Heirs, Open, need_heirs, stronger
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission
from postboard.domain.standing_in import Period
from postboard.domain.tasks import NoticeKind
from postboard.services import handing_over_stages, leaving, notices, post_rows, task_list, team
from postboard.services.events import Fact, record
from postboard.services.leaving import Leaver
from postboard.services.post_rows import NeedsPerson


@dataclass(slots=True)
class _Moves:
    """What went to whom; ids are hex, so that the row can keep it as it is."""

    tasks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    returned: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    posts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    parts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    heads: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    stand_ins: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    goals: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    chains: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def counts(self) -> dict[str, int]:
        return {name: len(moved) for name, moved in self.as_json().items() if moved}


def open_of(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> list[Open]:
    """All of it for whoever manages the staff, else what is of the clients that one looks after.

    Raises:
        NotFound: there is no such colleague, or the actor has nothing to do with them.
    """
    leaving.find_colleague(session, actor, person_id, to_write=False)
    found = open_work.of_person(session, person_id, now)
    return [one for one in found if _is_theirs(actor, one.client_id)]


def hand_over(
    session: Session,
    actor: Actor,
    person_id: UUID,
    heirs: Heirs,
    *,
    leaves: bool = False,
    now: datetime,
) -> UUID:
    """All that the person has open, to whoever is named for each client; by whoever looks after
    some clients alone, what is of these.

    `leaves`: they cannot sign in any more, and their links, sessions and calendars end.

    Returns:
        What `handing_back.undo` takes.

    Raises:
        NotFound: there is no such colleague, or the actor has nothing to do with them.
        NotAllowed: an heir is named for a client that the actor does not look after, or somebody
            would leave, and the actor does not manage the staff.
        CannotApprove: stages of approval name the person, and whoever takes over may not.
        NeedsHeir, NeedsAgencyHeir, NeedsPerson: nobody takes something over, or they cannot.
        BadInput: it would be the person themselves, or the actor who leaves.
    """
    leaver = leaving.find_colleague(session, actor, person_id)
    if leaves:
        leaving.refuse_oneself(actor, person_id)
    _refuse_more_than_theirs(actor, heirs, leaves=leaves)
    need_heirs(open_of(session, actor, person_id, now=now), heirs)
    _check(session, leaver, heirs)
    moves = _Moves()
    _posts_and_tasks(session, actor, leaver, heirs, moves, now)
    _parts(session, leaver, heirs, moves, now)
    _heads(session, leaver, heirs, moves, now)
    _stand_ins(session, leaver, heirs, moves, now)
    _goals(session, leaver, heirs, moves, now)
    moves.chains, moves.requests = handing_over_stages.give(session, actor, leaver, heirs, now)
    row = HandOver(
        person_id=person_id,
        by=actor.user_id,
        at=now,
        left=leaves,
        clients=sorted(str(one) for one in heirs.by_client),
        moved=moves.as_json(),
    )
    session.add(row)
    session.flush()
    content = {"hand_over": str(row.id), "left": leaves, "moved": moves.counts()}
    content |= {"to": sorted({str(to) for to in _all_heirs(heirs)})}
    record(session, actor, Fact(person_id, "person.handed_over", None, content), now)
    if leaves:
        leaving.end_access(session, actor, person_id, now)
    return row.id


def _is_theirs(actor: Actor, client_id: UUID | None) -> bool:
    if actor.may(Permission.MANAGE_STAFF):
        return True
    return client_id is not None and actor.may(Permission.MANAGE_CLIENT, client_id)


def _refuse_more_than_theirs(actor: Actor, heirs: Heirs, *, leaves: bool) -> None:
    if leaves and not actor.may(Permission.MANAGE_STAFF):
        raise NotAllowed
    if heirs.agency is not None and not _is_theirs(actor, None):
        raise NotAllowed
    if not all(_is_theirs(actor, client_id) for client_id in heirs.by_client):
        raise NotAllowed


def _check(session: Session, leaver: Leaver, heirs: Heirs) -> None:
    if leaver.id in _all_heirs(heirs):
        raise BadInput("Choose somebody else: {name} hands it over.", name=leaver.name)
    for client_id, person_id in heirs.by_client.items():
        post_rows.check_people(session, client_id, {person_id})
    if heirs.agency is not None:
        works = select(col(Membership.person_id)).where(col(Membership.role).in_(STAFF_ROLES))
        found = session.execute(
            select(col(Person.id)).where(
                col(Person.id) == heirs.agency,
                col(Person.disabled_at).is_(None),
                col(Person.agency_role).is_not(None) | col(Person.id).in_(works),
            )
        )
        if found.first() is None:
            raise NeedsPerson


def _all_heirs(heirs: Heirs) -> set[UUID]:
    return {*heirs.by_client.values(), *([heirs.agency] if heirs.agency else [])}


def _posts_and_tasks(
    session: Session, actor: Actor, leaver: Leaver, heirs: Heirs, moves: _Moves, now: datetime
) -> None:
    theirs = col(Post.client_id).in_(heirs.clients)
    of_theirs = (
        select(col(Task.id), col(Task.post_id), col(Task.status), col(Task.version))
        .join(Post, col(Post.id) == col(Task.post_id))
        .where(theirs)
    )
    tasks: Any = session.execute(
        of_theirs.where(*open_work.open_tasks(leaver.id)).order_by(col(Task.id))
    ).all()
    returned: Any = session.execute(
        of_theirs.where(*open_work.returned_tasks(leaver.id)).order_by(col(Task.id))
    ).all()
    held: Any = session.execute(
        select(col(Post.id)).where(theirs, *open_work.held_posts(leaver.id))
    )
    post_ids = sorted({*held.scalars(), *(one.post_id for one in (*tasks, *returned))})
    task_list.lock(session, post_ids)
    names = _names(session, _all_heirs(heirs))
    for post_id in post_ids:
        post = post_rows.find(session, actor, post_id)
        to = heirs.by_client[post.client_id]
        mine = [one for one in tasks if one.post_id == post_id]
        sent_back = [one for one in returned if one.post_id == post_id]
        _give(session, mine, "assignee_id", leaver.id, to, moves.tasks)
        _give(session, sent_back, "created_by", leaver.id, to, moves.returned)
        if post.assignee_id == leaver.id:
            post = post_rows.hold(session, post, to)
            moves.posts.append({"id": post_id.hex, "to": to.hex})
        ids = [one.id for one in (*mine, *sent_back)]
        notices.settle(session, [leaver.id], ids, now)
        told = [(to, post_id, one.id) for one in mine]
        notices.tell_each(session, actor, NoticeKind.TASK, told, now)
        told = [(to, post_id, one.id) for one in sent_back]
        notices.tell_each(session, actor, NoticeKind.TASK_SENT_BACK, told, now)
        record_post(session, actor, post, leaver, (to, names[to]), ids, now)


def _give(
    session: Session,
    tasks: Iterable[Any],
    what: str,
    before: UUID,
    to: UUID,
    moved: list[dict[str, Any]],
) -> None:
    for one in tasks:
        given = session.execute(
            update(Task)
            .where(
                col(Task.id) == one.id,
                col(Task.version) == one.version,
                getattr(Task, what) == before,
            )
            .values({what: to, "version": one.version + 1})
            .execution_options(synchronize_session=False)
        )
        if changed_one_row(given):
            moved.append({"id": one.id.hex, "to": to.hex, "version": one.version + 1})


def record_post(
    session: Session,
    actor: Actor,
    post: post_rows.Found,
    leaver: Leaver,
    to: tuple[UUID, str],
    tasks: Sequence[UUID],
    now: datetime,
) -> None:
    content = {
        "people": [to[0].hex],
        "names": [to[1]],
        "before": leaver.id.hex,
        "tasks": [one.hex for one in tasks],
    }
    fact = Fact(post.id, "post.handed_over", post.client_id, content)
    post_rows.touched(session, post, record(session, actor, fact, now), private=True)


def _parts(session: Session, leaver: Leaver, heirs: Heirs, moves: _Moves, now: datetime) -> None:
    team.hold_clients(session, heirs.clients)
    rows: Any = session.execute(
        select(Responsibility)
        .where(
            col(Responsibility.person_id) == leaver.id,
            col(Responsibility.client_id).in_(heirs.clients),
        )
        .with_for_update()
    ).scalars()
    for mine in [*rows]:
        to = heirs.by_client[mine.client_id]
        theirs = session.execute(
            select(Responsibility)
            .where(
                col(Responsibility.client_id) == mine.client_id,
                col(Responsibility.deliverable) == mine.deliverable,
                col(Responsibility.network) == mine.network,
                col(Responsibility.person_id) == to,
            )
            .with_for_update()
        ).scalar_one_or_none()
        moved = {
            "client": mine.client_id.hex,
            "deliverable": mine.deliverable.value,
            "network": mine.network,
            "part": mine.part.value,
            "to": to.hex,
            "had": theirs.part.value if theirs else None,
        }
        now_part = stronger(mine.part, theirs.part) if theirs else mine.part
        session.delete(mine)
        session.flush()
        if theirs:
            theirs.part, theirs.changed_at = now_part, now
        else:
            session.add(
                Responsibility(
                    client_id=mine.client_id,
                    deliverable=mine.deliverable,
                    network=mine.network,
                    person_id=to,
                    part=now_part,
                    changed_at=now,
                )
            )
        session.flush()
        moves.parts.append(moved | {"now": now_part.value})


def _heads(session: Session, leaver: Leaver, heirs: Heirs, moves: _Moves, now: datetime) -> None:
    rows: Any = session.execute(
        select(col(DepartmentHead.id), col(DepartmentHead.client_id)).where(
            col(DepartmentHead.person_id) == leaver.id
        )
    ).all()
    for one in rows:
        to = heirs.of(one.client_id)
        if to and _point(
            session, DepartmentHead, one.id, "person_id", leaver.id, to, changed_at=now
        ):
            moves.heads.append(_moved(one.id, to))


def _stand_ins(
    session: Session, leaver: Leaver, heirs: Heirs, moves: _Moves, now: datetime
) -> None:
    """Whoever takes over stands in, unless they are away then: then nobody does."""
    if heirs.agency is None:  # it is of no single client
        return
    # As `absences.add` does: nobody goes away meanwhile.
    session.execute(select(col(Person.id)).where(col(Person.id) == heirs.agency).with_for_update())
    rows: Any = session.execute(
        select(
            col(Absence.id), col(Absence.person_id), col(Absence.starts_on), col(Absence.ends_on)
        ).where(*open_work.stood_in(leaver.id, now.date()))
    ).all()
    for one in rows:
        period = Period(one.starts_on, one.ends_on)
        to = heirs.agency if _is_there(session, heirs.agency, one.person_id, period) else None
        if _point(session, Absence, one.id, "stand_in_id", leaver.id, to):
            moves.stand_ins.append(_moved(one.id, to))


def _goals(session: Session, leaver: Leaver, heirs: Heirs, moves: _Moves, now: datetime) -> None:
    rows: Any = session.execute(
        select(col(Goal.id), col(Goal.client_id)).where(
            *open_work.running_goals(leaver.id, now.date())
        )
    ).all()
    for one in rows:
        to = heirs.of(one.client_id)
        # A form that is open names the owner too: it is of an older version now.
        newer = {"version": col(Goal.version) + 1}
        if to and _point(session, Goal, one.id, "owner_id", leaver.id, to, **newer):
            moves.goals.append(_moved(one.id, to))


def _is_there(session: Session, person_id: UUID, who_is_away: UUID, period: Period) -> bool:
    if person_id == who_is_away:
        return False
    away = select(col(Absence.id)).where(
        col(Absence.person_id) == person_id,
        col(Absence.ended_at).is_(None),
        col(Absence.starts_on) <= period.ends_on,
        col(Absence.ends_on) >= period.starts_on,
    )
    return session.execute(away).first() is None


def _point(
    session: Session,
    table: type[SQLModel],
    row_id: UUID,
    column: str,
    before: UUID,
    to: UUID | None,
    **more: Any,
) -> bool:
    """Whether it was still the leaver's."""
    pointed = session.execute(
        update(table)
        .where(
            getattr(table, "id") == row_id,  # noqa: B009 - SQLModel does not declare it
            getattr(table, column) == before,
        )
        .values({column: to, **more})
        .execution_options(synchronize_session=False)
    )
    return changed_one_row(pointed)


def _moved(row_id: UUID, to: UUID | None) -> dict[str, Any]:
    return {"id": row_id.hex, "to": to.hex if to else None}


def _names(session: Session, people: set[UUID]) -> dict[UUID, str]:
    rows: Any = session.execute(
        select(col(Person.id), col(Person.name)).where(col(Person.id).in_(people))
    )
    return {person_id: name for person_id, name in rows}  # noqa: C416 - a Row is no pair to dict()
