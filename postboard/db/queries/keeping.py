"""How an agreement is kept in a month: by the client, by the agency, and what its terms did.

Working hours are those of the client's office, for both sides. Everything is judged by what held
when it happened, not by what holds today.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from postboard.db.models import Client, Event
from postboard.db.queries import agreements, contracts
from postboard.db.queries.agreements import Held
from postboard.db.queries.contracts import Accepted
from postboard.db.queries.scope import visible_clients
from postboard.db.review_models import Decision, ReviewRequest
from postboard.db.types import Instant
from postboard.domain.chains import Side
from postboard.domain.clock import to_utc
from postboard.domain.permissions import Actor
from postboard.domain.working_time import WorkingCalendar

_SILENCE: Final = "post.silence"
_LATE: Final = "post.late_approval"
_EXTRA: Final = "post.extra_round"
_HOUR: Final = timedelta(hours=1)
_CHANGES: Final = "changes_requested"


@dataclass(frozen=True, slots=True)
class Followed:
    """How often a term had its effect; `effect` is the choice, such as `hold`."""

    effect: str
    times: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """One client's month. A median of hours without any counts is 0 and says nothing."""

    client: str
    month: str
    """Its first day."""
    due: int = 0
    """Answers that were given or overdue, of which so many came in time."""
    in_time: int = 0
    answers: int = 0
    answer_hours: float = 0
    response_hours: int = 0
    """As agreed."""
    reworks: int = 0
    rework_hours: float = 0
    """From a request for changes until the client was asked again."""
    rework_due: int = 0
    """Of these where an agreement said how soon, of which so many came back in time."""
    rework_in_time: int = 0
    agency_hours: int = 0
    """As agreed; 0 where nothing is."""
    posts: int = 0
    """Posts that the client was asked about, of which so many within the rounds included."""
    within_rounds: int = 0
    rounds_included: int = 0
    extra_rounds: int = 0
    silences: list[Followed] = field(default_factory=list[Followed])
    late_approvals: list[Followed] = field(default_factory=list[Followed])

    @property
    def anything(self) -> bool:
        """Whether there was anything to keep."""
        counted = self.due + self.answers + self.reworks + self.posts
        return bool(counted or self.silences or self.late_approvals)


@dataclass(frozen=True, slots=True)
class Span:
    """A month from `since` to before `ends` on the client's clock; `until` is no later than now."""

    first: date
    since: datetime
    until: datetime
    ends: datetime

    def has(self, at: datetime) -> bool:
        return self.since <= at < self.until


def of_mine(session: Session, actor: Actor, now: datetime) -> list[Keeping]:
    """This month of every client that the actor sees, by name."""
    ids = session.execute(select(col(Client.id)).where(visible_clients(actor))).scalars().all()
    return of_clients(session, ids, now)


def of_clients(
    session: Session, client_ids: Collection[UUID], now: datetime, *, months_ago: int = 0
) -> list[Keeping]:
    """Of clients that the caller has checked, by name; as many statements for one as for thirty."""
    agreed = agreements.of_clients(session, client_ids)
    if not agreed:
        return []
    months = {key: span_of(one.calendar, now, months_ago) for key, one in agreed.items()}
    since = min(month.since for month in months.values())
    until = max(month.until for month in months.values())
    asked = _by_client(_asked(session, client_ids, since, until))
    reworked = _by_client(_reworked(session, client_ids, since, until))
    events = _by_client(_events(session, client_ids, since, until))
    clients: Any = session.execute(
        select(col(Client.id), col(Client.name), col(Client.rounds_included))
        .where(col(Client.id).in_(client_ids))
        .order_by(func.lower(col(Client.name)))
    ).all()
    rounds = {client.id: client.rounds_included for client in clients}
    held = agreements.history(session, rounds)
    accepted = contracts.accepted(session, client_ids)
    return [
        _keeping(
            client.name,
            _Then(held[client.id], accepted.get(client.id, [])),
            months[client.id],
            asked.get(client.id, []),
            reworked.get(client.id, []),
            events.get(client.id, []),
        )
        for client in clients
    ]


def span_of(calendar: WorkingCalendar, now: datetime, months_ago: int = 0) -> Span:
    """This month, one before it, or (below 0) one to come."""
    first = now.astimezone(calendar.zone).date().replace(day=1)
    for _ in range(months_ago):
        first = (first - timedelta(days=1)).replace(day=1)
    for _ in range(-months_ago):
        first = month_after(first)
    ends = _midnight(month_after(first), calendar)
    return Span(first, _midnight(first, calendar), min(ends, now + timedelta(microseconds=1)), ends)


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date, calendar: WorkingCalendar) -> datetime:
    return to_utc(datetime(day.year, day.month, day.day), calendar.zone)  # noqa: DTZ001 - becomes one


def _asked(
    session: Session, client_ids: Collection[UUID], since: datetime, until: datetime
) -> Sequence[Any]:
    """What the client was asked in that time, or had to answer in it."""
    answered = exists().where(
        col(Decision.request_id) == col(ReviewRequest.id),
        # The clock, which speaks for those who were silent, is nobody.
        col(Decision.person_id).is_not(None),
    )
    asked_at, due_at, closed_at = (
        col(ReviewRequest.asked_at),
        col(ReviewRequest.due_at),
        col(ReviewRequest.closed_at),
    )
    was_due = and_(due_at >= since, or_(closed_at.is_(None), closed_at >= since))
    return session.execute(
        select(
            col(ReviewRequest.client_id),
            col(ReviewRequest.post_id),
            col(ReviewRequest.round),
            asked_at,
            due_at,
            closed_at,
            and_(col(ReviewRequest.outcome).in_(["approved", _CHANGES]), answered).label(
                "answered"
            ),
        ).where(
            col(ReviewRequest.client_id).in_(client_ids),
            col(ReviewRequest.side) == Side.CLIENT,
            asked_at < until,
            or_(asked_at >= since, was_due),
        )
    ).all()


def _reworked(
    session: Session, client_ids: Collection[UUID], since: datetime, until: datetime
) -> Sequence[Any]:
    """Since when changes were wanted, and when the client was asked again."""
    again = aliased(ReviewRequest)
    back_at = func.min(col(again.asked_at), type_=Instant())
    return session.execute(
        select(col(ReviewRequest.client_id), col(ReviewRequest.closed_at), back_at.label("back_at"))
        .join(
            again,
            and_(
                col(again.post_id) == col(ReviewRequest.post_id),
                col(again.side) == Side.CLIENT,
                col(again.round) == col(ReviewRequest.round) + 1,
            ),
        )
        .where(
            col(ReviewRequest.client_id).in_(client_ids),
            col(ReviewRequest.side) == Side.CLIENT,
            col(ReviewRequest.outcome) == _CHANGES,
        )
        .group_by(col(ReviewRequest.id))
        .having(back_at >= since, back_at < until)
    ).all()


def _events(
    session: Session, client_ids: Collection[UUID], since: datetime, until: datetime
) -> Sequence[Any]:
    return session.execute(
        select(col(Event.client_id), col(Event.kind), col(Event.at), col(Event.content)).where(
            col(Event.client_id).in_(client_ids),
            col(Event.at) >= since,
            col(Event.at) < until,
            col(Event.kind).in_([_SILENCE, _LATE, _EXTRA]),
        )
    ).all()


def _by_client(rows: Iterable[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.client_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Then:
    """What held for one client when something happened: each is judged by that."""

    held: list[Held]
    accepted: Sequence[Accepted]

    def terms(self, at: datetime) -> Held:
        return agreements.held_at(self.held, at)

    def working(self, since: datetime, until: datetime) -> timedelta:
        """By the office hours of the beginning."""
        return self.terms(since).agreed.calendar.working_between(since, until)

    def agency_hours(self, at: datetime) -> int:
        """0 where nothing was agreed."""
        one = contracts.in_force(self.accepted, at)
        return one.contract.agency_hours if one else 0


def _keeping(
    client: str,
    then: _Then,
    month: Span,
    asked: Sequence[Any],
    reworked: Sequence[Any],
    events: Sequence[Any],
) -> Keeping:
    answers = [
        then.working(row.asked_at, row.closed_at)
        for row in asked
        if row.answered and month.has(row.closed_at)
    ]
    back = [row for row in reworked if month.has(row.back_at)]
    reworks = [then.working(row.closed_at, row.back_at) for row in back]
    agreed = [then.agency_hours(row.closed_at) for row in back]
    due = [row for row in asked if _is_due(row, month)]
    rounds = _rounds(asked, month)
    last = month.until - timedelta(microseconds=1)
    told = [row for row in events if month.has(row.at)]
    return Keeping(
        client=client,
        month=month.first.isoformat(),
        due=len(due),
        in_time=sum(map(_in_time, due)),
        answers=len(answers),
        answer_hours=_hours(answers),
        response_hours=then.terms(last).agreed.terms.response_hours,
        reworks=len(reworks),
        rework_hours=_hours(reworks),
        rework_due=sum(hours > 0 for hours in agreed),
        rework_in_time=sum(
            took <= timedelta(hours=hours) for took, hours in zip(reworks, agreed, strict=True)
        ),
        agency_hours=then.agency_hours(last),
        posts=len(rounds),
        within_rounds=sum(
            number <= then.terms(at).rounds_included for number, at in rounds.values()
        ),
        rounds_included=then.terms(last).rounds_included,
        extra_rounds=sum(row.kind == _EXTRA for row in told),
        silences=_followed(told, _SILENCE),
        late_approvals=_followed(told, _LATE),
    )


def _is_due(row: Any, month: Span) -> bool:
    """Whether it showed in that month that an answer came in time or did not.

    What was taken back before anybody had to answer shows nothing.
    """
    if row.due_at is None:
        return False
    if _in_time(row):
        return month.has(row.closed_at)
    return (row.closed_at is None or row.closed_at >= row.due_at) and month.has(row.due_at)


def _in_time(row: Any) -> bool:
    return row.answered and row.closed_at <= row.due_at


def _rounds(asked: Sequence[Any], month: Span) -> dict[UUID, tuple[int, datetime]]:
    """The last round of each post that was opened in the month, and when it was."""
    rounds: dict[UUID, tuple[int, datetime]] = {}
    for row in asked:
        if month.has(row.asked_at):
            known = rounds.get(row.post_id)
            rounds[row.post_id] = max((row.round, row.asked_at), known or (0, row.asked_at))
    return rounds


def _hours(lasting: Sequence[timedelta]) -> float:
    return round(median(one / _HOUR for one in lasting), 1) if lasting else 0


def _followed(told: Sequence[Any], kind: str) -> list[Followed]:
    """What each choice did, by its name; a term is written `silence.hold`."""
    times = Counter(row.content["term"].partition(".")[2] for row in told if row.kind == kind)
    return [Followed(effect, count) for effect, count in sorted(times.items())]
