"""An internal reviewer is away: who answers meanwhile, for whom it counts, and who hears of it."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Notice
from postboard.db.queries import approvals, history, post_page, work
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import absences, chains, posts
from postboard.services.chains import Scope
from postboard.services.posts import NewPost
from postboard.services.requests import NotAsked
from tests.world import NOW, WORDS, World, found, step

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
THIS_WEEK = Period(TODAY, TODAY + 4 * DAY)


def away(
    database: Database, who: Actor, other: Actor, period: Period = THIS_WEEK, now: datetime = NOW
) -> UUID:
    assert who.user_id
    with database.write() as session:
        return absences.add(session, who, who.user_id, period, other.user_id, now=now)


def asks(database: Database, world: World, *people: Actor, rule: Rule = Rule.ANY) -> UUID:
    """A post of Acme that waits for these people of the agency."""
    ids = tuple(person.user_id for person in people if person.user_id)
    stage = Stage(Side.INTERNAL, "Brand", people=ids, rule=rule)
    with database.write() as session:
        scope = Scope(world.acme.id)
        chains.set_chain(session, world.aron, scope, [stage], version=0, reason="", now=NOW)
        new = NewPost(WORDS, NOW + timedelta(days=3))
        post_id = posts.create(session, world.ben, world.acme.id, new, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT)
    return post_id


def judged(database: Database, who: Actor, post_id: UUID, now: datetime = NOW) -> tuple[bool, bool]:
    """Whether it is among somebody's work, and whether its page lets them approve it."""
    with database.read() as session:
        mine = [one.post_id for one in work.work(session, who, now=now).to_judge]
        steps = post_page.opened(session, who, post_id, now=now).steps
        return post_id.hex in mine, Action.APPROVE in [one.action for one in steps]


def heard(database: Database, who: Actor, at: datetime) -> list[tuple[UUID | None, str]]:
    while Runner(database, DOING).run_once(lambda: at):
        pass
    with database.read() as session:
        rows = session.execute(
            select(col(Notice.post_id), col(Notice.actor_name)).where(
                col(Notice.person_id) == who.user_id, col(Notice.kind) == NoticeKind.TO_REVIEW
            )
        )
        return [(post_id, name) for post_id, name in rows]


def test_the_stand_in_of_a_reviewer_answers_for_them(database: Database, world: World) -> None:
    post_id = asks(database, world, world.iris)
    assert judged(database, world.cora, post_id) == (False, False)
    with pytest.raises(NotAsked):
        step(database, world.cora, post_id, Action.APPROVE)
    away(database, world.iris, world.cora)
    assert [judged(database, who, post_id) for who in (world.cora, world.iris, world.ana)] == [
        (True, True),
        (True, True),
        (False, False),
    ]
    with database.read() as session:
        asked = approvals.of_post(session, world.ana, post_id, now=NOW).asked
    assert asked
    assert [(one.who, one.stand_in) for one in asked.away] == [("Iris", "Cora")]
    step(database, world.cora, post_id, Action.APPROVE)
    assert found(database, world.ana, post_id).state is State.APPROVED
    with database.read() as session:
        line = history.timeline(session, world.ana, post_id).lines[0]
    assert (line.who, line.stood_in_for) == ("Cora", ["Iris"])


def test_where_all_decide_one_word_counts_for_both(database: Database, world: World) -> None:
    post_id = asks(database, world, world.iris, world.cora, rule=Rule.ALL)
    step(database, world.cora, post_id, Action.APPROVE)
    assert judged(database, world.cora, post_id)[0] is False
    away(database, world.iris, world.cora)
    assert judged(database, world.cora, post_id)[0] is True
    step(database, world.cora, post_id, Action.APPROVE)
    assert found(database, world.ana, post_id).state is State.APPROVED


def test_who_cannot_review_stands_in_for_nobody_there(database: Database, world: World) -> None:
    post_id = asks(database, world, world.iris)
    away(database, world.iris, world.ben)
    assert judged(database, world.ben, post_id) == (False, False)
    assert heard(database, world.ben, NOW) == []


def test_it_holds_on_the_days_of_who_is_away_and_not_longer(
    database: Database, world: World
) -> None:
    post_id = asks(database, world, world.iris)
    tomorrow = Period(TODAY + DAY, TODAY + DAY)
    absence = away(database, world.iris, world.cora, tomorrow)
    start = datetime.combine(TODAY + DAY, datetime.min.time(), NOW.tzinfo)
    moment = timedelta(seconds=1)
    times = (start - moment, start, start + DAY - moment, start + DAY)
    assert [judged(database, world.cora, post_id, at) for at in times] == [
        (False, False),
        (True, True),
        (True, True),
        (False, False),
    ]
    with database.write() as session:
        absences.end(session, world.iris, absence, now=start)
    assert judged(database, world.cora, post_id, start) == (False, False)


def test_the_stand_in_hears_on_the_first_day_and_of_what_comes_then(
    database: Database, world: World
) -> None:
    post_id = asks(database, world, world.iris)
    away(database, world.iris, world.cora, Period(TODAY + DAY, TODAY + DAY))
    start = datetime.combine(TODAY + DAY, datetime.min.time(), NOW.tzinfo)
    assert [heard(database, world.cora, at) for at in (start - timedelta(seconds=1), start)] == [
        [],
        [(post_id, "Ben")],
    ]
