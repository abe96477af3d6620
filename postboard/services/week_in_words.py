"""The week in words: what it was, and what waits now, of the posts that an actor sees."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from postboard.charts.flow_facts import Names
from postboard.charts.in_words import Group, Standing, Waiting, in_words
from postboard.db.queries import flow, held_up
from postboard.db.queries.measured import Filter
from postboard.domain.flow_report import Upcoming
from postboard.domain.flow_times import Aged
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.domain.weekly import usual_days, week_in, week_of
from postboard.domain.workflow import State
from postboard.services.flow_charts import standing_of
from postboard.services.look import Look
from postboard.services.performance import posts_in

_DAY: Final = timedelta(days=1)


def week(session: Session, actor: Actor, look: Look, *, now: datetime) -> list[Group]:
    """Of the last seven days of the period; what is stuck, at risk or late is of now."""
    days = week_in(look.period)
    since = min(usual_days(days).first, days.before().first)
    posts = posts_in(session, actor, Period(since, days.last), look.asked)
    return in_words(week_of(days, posts), _waiting(session, actor, look, now))


def _waiting(session: Session, actor: Actor, look: Look, now: datetime) -> Waiting:
    late, late_count = held_up.late(session, actor, look.asked, now=now)
    stands = standing_of(session, actor, look, now=now)
    ahead = flow.upcoming(session, actor, look.flow, now=now)
    risky = [one for one in ahead if one.at_risk and one.percent is not None]
    usual = {one.state: one.ages.p85 for one in stands.bands}
    aged = stands.ageing
    stuck = [one for one in aged if one.age / _DAY > usual.get(one.passage.state, inf)]
    names = flow.names_of(session, actor, [one.passage.post_id for one in stuck])
    return Waiting(
        stuck=[_standing(one, names, usual) for one in stuck if one.passage.post_id in names],
        stuck_count=len(stuck),
        history=bool(usual) or not aged,
        at_risk=[_at_risk(one) for one in risky],
        at_risk_count=len(risky),
        late=[_late(one, now) for one in late],
        late_count=late_count,
        board=_board(look.asked),
        over=[one for one in stands.wip if one.over],
    )


def _standing(one: Aged, names: Names, usual: Mapping[State, float]) -> Standing:
    named, state = names[one.passage.post_id], one.passage.state
    return Standing(named.key, named.text, state, one.age_days, usual_days=usual[state])


def _at_risk(one: Upcoming) -> Standing:
    return Standing(one.name.key, one.name.text, one.held_in, 0, one.percent)


def _late(one: held_up.Late, now: datetime) -> Standing:
    return Standing(one.key, one.text, one.state, (now - one.since).days)


def _board(asked: Filter) -> str:
    names = {"client": asked.client, "campaign": asked.campaign, "network": asked.network}
    return f"/board/?{urlencode({n: v for n, v in names.items() if v} | {'person': asked.person})}"
