"""The week in words: what it was, and what waits now, of the posts that an actor sees."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.charts.in_words import SHOWN, Group, Standing, Waiting, in_words
from postboard.db.queries import flow, held_up
from postboard.db.queries.flow import Named, Upcoming
from postboard.db.queries.measured import Filter
from postboard.domain.flow_report import ROLLING
from postboard.domain.flow_times import Aged, ageing, bands, finished
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.domain.weekly import usual_days, week_in, week_of
from postboard.domain.workflow import State
from postboard.services.performance import Look, posts_in

_DAY: Final = timedelta(days=1)


def week(session: Session, actor: Actor, look: Look, *, now: datetime) -> list[Group]:
    """Of the last seven days of the period; what is stuck, at risk or late is of now."""
    days = week_in(look.period)
    since = min(usual_days(days).first, days.before().first)
    posts = posts_in(session, actor, Period(since, days.last), look.asked)
    return in_words(week_of(days, posts), _waiting(session, actor, look, now))


def _waiting(session: Session, actor: Actor, look: Look, now: datetime) -> Waiting:
    late, late_count = held_up.late(session, actor, look.asked, now=now)
    risky = [one for one in flow.upcoming(session, actor, look.flow, now=now) if one.chance.at_risk]
    stuck, history = _stuck(session, actor, look, now)
    names = flow.names_of(session, actor, [one.passage.post_id for one in stuck[:SHOWN]])
    return Waiting(
        stuck=[_standing(one, names) for one in stuck[:SHOWN] if one.passage.post_id in names],
        stuck_count=len(stuck),
        history=history,
        at_risk=[_at_risk(one) for one in risky],
        at_risk_count=len(risky),
        late=[_late(one, now) for one in late],
        late_count=late_count,
        board=_board(look.asked),
    )


def _stuck(session: Session, actor: Actor, look: Look, now: datetime) -> tuple[list[Aged], bool]:
    """What is older than 85 of 100 were when they left its state, and whether that is known."""
    today = now.astimezone(look.zone).date()
    known = flow.read(session, actor, look.flow, since=today - ROLLING, now=now)
    lately = Period(today - ROLLING, today - timedelta(days=1))
    usual = {one.state: one.ages.p85 for one in bands(finished(known.passages, lately))}
    aged = ageing(known.walks, now)
    old = [one for one in aged if one.age / _DAY > usual.get(one.passage.state, inf)]
    return old, bool(usual) or not aged


def _standing(one: Aged, names: Mapping[UUID, Named]) -> Standing:
    named, passage = names[one.passage.post_id], one.passage
    return Standing(named.key, named.text, passage.state, one.in_state.days)


def _at_risk(one: Upcoming) -> Standing:
    state = State(one.chance.held_in)
    return Standing(one.key, one.text, state, 0, one.chance.percent)


def _late(one: held_up.Late, now: datetime) -> Standing:
    return Standing(one.key, one.text, one.state, (now - one.since).days)


def _board(asked: Filter) -> str:
    names = {"client": asked.client, "campaign": asked.campaign, "network": asked.network}
    return f"/board/?{urlencode({n: v for n, v in names.items() if v} | {'person': asked.person})}"
