"""Stand-ins: a client's reviewer names another one for the days they are away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Notice, Person
from postboard.db.queries import agreements, answering
from postboard.db.queries.scope import visible_clients
from postboard.db.review_models import Decision, ReviewRequest, StandIn
from postboard.domain.agreement import Channel
from postboard.domain.chains import Side
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import THE_CLOCK, Actor, Permission
from postboard.domain.standing_in import Period
from postboard.domain.tasks import NoticeKind
from postboard.services import jobs, notices
from postboard.services.events import Fact, record, signal_client
from postboard.services.jobs import Claimed, Do, Wanted

BEGIN: Final = "stand_in.begin"


def name(
    session: Session,
    actor: Actor,
    client_id: UUID,
    stand_in_id: UUID,
    period: Period,
    *,
    now: datetime,
) -> UUID:
    """The actor is away: meanwhile the other one is asked too, and answers for them.

    Raises:
        NotFound: the client is not theirs, or the other one does not review for it.
        NotAllowed: they do not decide there themselves.
        BadInput: the days do not work, or one of the two is away or stands in on some of them.
    """
    # One after the other: two who name each other at once would make a chain.
    zone = session.execute(
        select(col(Client.zone))
        .where(col(Client.id) == client_id, visible_clients(actor))
        .with_for_update()
    ).scalar_one_or_none()
    if zone is None:
        raise NotFound
    if actor.user_id is None or not actor.may(Permission.DECIDE_AS_CLIENT, client_id):
        raise NotAllowed
    if stand_in_id == actor.user_id:
        raise BadInput("Choose somebody else: nobody stands in for themselves.")
    if not answering.able(session, client_id, Side.CLIENT, {stand_in_id}):
        raise NotFound
    period = period.checked(now.astimezone(ZoneInfo(zone)).date())
    _refuse_chains(session, client_id, actor.user_id, stand_in_id, period)
    row = StandIn(
        client_id=client_id,
        person_id=actor.user_id,
        stand_in_id=stand_in_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        named_at=now,
    )
    session.add(row)
    session.flush()
    begins = Wanted(BEGIN, row.id, f"{BEGIN}:{row.id.hex}", max(now, begins_at(period, zone)))
    jobs.enqueue(session, [begins], now)
    content = {
        "stand_in": str(row.id),
        "person": str(stand_in_id),
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
    }
    fact = Fact(client_id, "client.stand_in_named", client_id, content)
    signal_client(session, client_id, record(session, actor, fact, now))
    return row.id


def end(session: Session, actor: Actor, stand_in_id: UUID, *, now: datetime) -> None:
    """Before its time; a second time changes nothing.

    Raises:
        NotFound: it is not there, nor the actor's own, nor of a client that they manage.
    """
    managed = actor.clients_with(Permission.MANAGE_CLIENT)
    is_managed = True if managed is None else col(StandIn.client_id).in_(managed)
    row: Any = session.execute(
        select(col(StandIn.client_id), col(StandIn.person_id)).where(
            col(StandIn.id) == stand_in_id,
            or_(is_managed, col(StandIn.person_id) == actor.user_id),  # type: ignore[arg-type]
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    ended = session.execute(
        update(StandIn)
        .where(col(StandIn.id) == stand_in_id, col(StandIn.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(StandIn.id))
    )
    if ended.scalar_one_or_none() is None:
        return
    content = {"stand_in": str(stand_in_id), "person": str(row.person_id)}
    fact = Fact(row.client_id, "client.stand_in_ended", row.client_id, content)
    signal_client(session, row.client_id, record(session, actor, fact, now))


def begin(session: Session, job: Claimed, now: datetime) -> datetime | None:
    """The first day has come: the stand-in hears of what waits already."""
    row: Any = session.execute(
        select(
            col(StandIn.client_id),
            col(StandIn.person_id),
            col(StandIn.stand_in_id),
            col(StandIn.starts_on),
            col(StandIn.ends_on),
            col(Client.zone),
        )
        .join(Client, col(Client.id) == col(StandIn.client_id))
        .where(col(StandIn.id) == job.subject_id, col(StandIn.ended_at).is_(None))
    ).one_or_none()
    if row is None:
        return None
    period = Period(row.starts_on, row.ends_on)
    if (at := begins_at(period, row.zone)) > now:  # the client's clock was set since
        return at
    if period.runs(now.astimezone(ZoneInfo(row.zone)).date()):
        people = (row.person_id, row.stand_in_id)
        tell_of_open(session, *people, Side.CLIENT, now, client_id=row.client_id)
        signal_client(session, row.client_id, 0)
    return None


def begins_at(period: Period, zone: str) -> datetime:
    """The first midnight, on that clock."""
    return to_utc(datetime.combine(period.starts_on, time.min), ZoneInfo(zone))


def _refuse_chains(
    session: Session, client_id: UUID, person_id: UUID, stand_in_id: UUID, period: Period
) -> None:
    others: Any = session.execute(
        select(
            col(StandIn.person_id),
            col(StandIn.stand_in_id),
            col(StandIn.starts_on),
            col(StandIn.ends_on),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(StandIn.person_id))
        .where(col(StandIn.client_id) == client_id, col(StandIn.ended_at).is_(None))
    )
    for one in others:
        if not period.overlaps(Period(one.starts_on, one.ends_on)):
            continue
        if one.person_id == person_id:
            raise BadInput("You have named somebody for some of these days. End that first.")
        if one.stand_in_id == person_id:
            raise BadInput("You stand in for {name} on some of these days.", name=one.name)
        if one.person_id == stand_in_id:
            raise BadInput("{name} is away on some of these days.", name=one.name)


def tell_of_open(
    session: Session,
    person_id: UUID,
    stand_in_id: UUID,
    side: Side,
    now: datetime,
    *,
    client_id: UUID | None = None,
) -> None:
    """Of each open request that names who is away and misses their answer, once; of one client
    or of all where the stand-in can decide.
    """
    asker = select(col(Person.name)).where(col(Person.id) == col(ReviewRequest.asked_by))
    heard = select(col(Notice.subject_id)).where(
        col(Notice.person_id) == stand_in_id, col(Notice.kind) == NoticeKind.TO_REVIEW
    )
    answered = select(col(Decision.request_id)).where(
        col(Decision.person_id).in_([person_id, stand_in_id])
    )
    rows: Any = session.execute(
        select(
            col(ReviewRequest.id),
            col(ReviewRequest.client_id),
            col(ReviewRequest.post_id),
            col(ReviewRequest.reviewers),
            asker.scalar_subquery().label("asker"),
        ).where(
            *([col(ReviewRequest.client_id) == client_id] if client_id else []),
            col(ReviewRequest.side) == side,
            col(ReviewRequest.closed_at).is_(None),
            col(ReviewRequest.id).not_in(heard.where(col(Notice.subject_id).is_not(None))),
            col(ReviewRequest.id).not_in(answered),
        )
    ).all()
    mine = [row for row in rows if person_id.hex in row.reviewers]
    agreed = agreements.of_clients(session, {row.client_id for row in mine})
    for row in mine:
        if not answering.able(session, row.client_id, side, {stand_in_id}):
            continue
        sender = replace(THE_CLOCK, name=row.asker or THE_CLOCK.name)
        by_mail = agreed[row.client_id].terms.channel is Channel.EMAIL
        kind = NoticeKind.TO_REVIEW
        notices.tell(
            session, sender, [stand_in_id], kind, row.post_id, row.id, now, by_mail=by_mail
        )


DOING: Final[Mapping[str, Do]] = MappingProxyType({BEGIN: begin})
