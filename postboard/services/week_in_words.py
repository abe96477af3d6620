"""The week in words: what it was, and what waits now, of the posts that an actor sees."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from postboard.charts.in_words import Group, Standing, Waiting, in_words
from postboard.db.queries import held_up
from postboard.db.queries.measured import Filter
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.domain.weekly import usual_days, week_in, week_of
from postboard.services.performance import Look, posts_in

PAST_DAYS: Final = 180
"""What is usual in the flow is read off as many days before today."""


def week(session: Session, actor: Actor, look: Look, *, now: datetime) -> list[Group]:
    """Of the last seven days of the period; what is stuck, at risk or late is of now."""
    days = week_in(look.period)
    since = min(usual_days(days).first, days.before().first)
    posts = posts_in(session, actor, Period(since, days.last), look.asked)
    return in_words(week_of(days, posts), _waiting(session, actor, look, now))


def _waiting(session: Session, actor: Actor, look: Look, now: datetime) -> Waiting:
    late, late_count = held_up.late(session, actor, look.asked, now=now)
    return Waiting(
        stuck=(),
        stuck_count=0,
        at_risk=(),
        at_risk_count=0,
        late=[_late(one, now) for one in late],
        late_count=late_count,
        board=_board(look.asked),
    )


def _late(one: held_up.Late, now: datetime) -> Standing:
    return Standing(one.key, one.text, one.state, (now - one.since).days)


def _board(asked: Filter) -> str:
    names = {"client": asked.client, "campaign": asked.campaign, "network": asked.network}
    return f"/board/?{urlencode({n: v for n, v in names.items() if v} | {'person': asked.person})}"
