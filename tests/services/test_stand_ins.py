"""A time away: who may answer meanwhile, for whom it counts, and when it begins and ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Event, Notice, Person
from postboard.db.queries import approvals, history, review
from postboard.db.queries import stand_ins as query
from postboard.db.review_models import ReviewRequest
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import certificates, chains, clients, posts, reviews, stand_ins
from postboard.services.chains import Scope
from postboard.services.post_rows import Found
from postboard.services.posts import NewPost
from postboard.services.requests import NotAsked
from postboard.services.reviews import Decision
from tests.world import (
    NOW,
    WORDS,
    World,
    at_once,
    everything_in,
    found,
    reviewer,
    step,
)

TODAY = date(2026, 3, 2)
THIS_WEEK = Period(TODAY, TODAY + timedelta(days=4))


def away(
    database: Database,
    who: Actor,
    client_id: UUID,
    other: Actor,
    period: Period = THIS_WEEK,
    now: datetime = NOW,
) -> UUID:
    assert other.user_id
    with database.write() as session:
        return stand_ins.name(session, who, client_id, other.user_id, period, now=now)


def asks(database: Database, world: World, *people: Actor, rule: Rule = Rule.ALL) -> UUID:
    """A post of Acme that waits for these people of its client."""
    ids = tuple(person.user_id for person in people if person.user_id)
    stage = Stage(Side.CLIENT, "Brand", people=ids, rule=rule)
    with database.write() as session:
        scope = Scope(world.acme.id)
        chains.set_chain(session, world.aron, scope, [stage], version=0, reason="", now=NOW)
        new = NewPost(WORDS, NOW + timedelta(days=3))
        post_id = posts.create(session, world.ben, world.acme.id, new, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
    return post_id


def approve(database: Database, who: Actor, post_id: UUID, now: datetime = NOW) -> Found:
    with database.write() as session:
        request_id = session.execute(
            select(col(ReviewRequest.id)).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()
        decision = Decision(post_id, 1, 1, Action.APPROVE, request_id=request_id)
        return reviews.decide(session, who, decision, now=now)


def waits_for(database: Database, who: Actor, post_id: UUID, now: datetime = NOW) -> bool:
    with database.read() as session:
        return post_id.hex in review.queue(session, who, now).own


def test_a_stand_in_answers_for_who_is_away(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, carl)
    assert not waits_for(database, dan, post_id)
    away(database, world.cleo, world.acme.id, dan)
    assert [waits_for(database, one, post_id) for one in (world.cleo, dan, carl)] == [True] * 3
    with database.read() as session:
        turn = review.in_full(session, dan, [post_id], NOW)[0].turn
    assert (turn.mine, turn.stands_in_for, turn.waits_for, turn.needs_too) == (
        True,
        ["Cleo"],
        ["Cleo", "Carl", "Dan"],
        ["Carl"],
    )
    assert approve(database, dan, post_id).state is State.CLIENT_REVIEW
    assert [waits_for(database, one, post_id) for one in (world.cleo, dan, carl)] == [
        False,
        False,
        True,
    ]
    assert approve(database, carl, post_id).state is State.APPROVED
    with database.read() as session:
        told = certificates.certificate(session, world.cleo, post_id).content["decisions"]
        lines = history.timeline(session, world.ana, post_id).lines
    assert [(one["by"], one["stood_in_for"]) for one in told] == [("Dan", ["Cleo"]), ("Carl", [])]
    assert [(line.who, line.stood_in_for) for line in lines[:2]] == [
        ("Carl", []),
        ("Dan", ["Cleo"]),
    ]


def test_staff_see_who_is_away_and_for_whom_it_counts(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, carl)
    away(database, world.cleo, world.acme.id, dan)
    approve(database, dan, post_id)
    with database.read() as session:
        asked = approvals.of_post(session, world.ana, post_id, now=NOW).asked
    assert asked
    assert (
        [(one.who, one.stood_in_for) for one in asked.yes],
        asked.missing,
        [(one.who, one.stand_in) for one in asked.away],
    ) == ([("Dan", ["Cleo"])], ["Carl"], [("Cleo", "Dan")])


def test_who_is_away_may_still_decide(database: Database, world: World) -> None:
    dan = reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo)
    away(database, world.cleo, world.acme.id, dan)
    assert approve(database, world.cleo, post_id).state is State.APPROVED


def test_where_both_are_named_one_word_of_the_stand_in_counts_for_both(
    database: Database, world: World
) -> None:
    dan = reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, dan)
    away(database, world.cleo, world.acme.id, dan)
    assert approve(database, dan, post_id).state is State.APPROVED


def test_who_had_said_yes_says_it_again_for_somebody_who_went_away_since(
    database: Database, world: World
) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, carl, dan)
    approve(database, dan, post_id)
    before = everything_in(database)
    approve(database, dan, post_id)  # sent twice
    assert everything_in(database) == before
    away(database, world.cleo, world.acme.id, dan)
    assert waits_for(database, dan, post_id)
    approve(database, dan, post_id)
    before = everything_in(database)
    approve(database, dan, post_id)
    assert everything_in(database) == before
    assert approve(database, carl, post_id).state is State.APPROVED


def test_taken_back_it_is_unsaid_for_both(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, carl)
    away(database, world.cleo, world.acme.id, dan)
    approve(database, dan, post_id)
    with database.write() as session:
        request_id = session.execute(
            select(col(ReviewRequest.id)).where(col(ReviewRequest.post_id) == post_id)
        ).scalar_one()
        reviews.undo(session, dan, post_id, request_id, now=NOW)
    assert [waits_for(database, one, post_id) for one in (world.cleo, dan)] == [True, True]


def test_two_who_decide_at_once_are_heard_once(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, rule=Rule.ANY)
    away(database, world.cleo, world.acme.id, dan)
    results = at_once(
        lambda: approve(database, world.cleo, post_id), lambda: approve(database, dan, post_id)
    )
    states = [one.state for one in results if isinstance(one, Found)]
    assert (states, found(database, carl, post_id).state) == ([State.APPROVED], State.APPROVED)


@pytest.mark.parametrize(
    ("zone", "first", "last", "begins", "ends"),
    [
        # Summer time begins in the night of the first day, and ends in that of the last.
        ("Europe/Berlin", "2026-03-29", "2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"),
        # A night without midnight.
        ("America/Santiago", "2026-09-06", "2026-09-06", "2026-09-06T04:00", "2026-09-07T03:00"),
        ("Pacific/Kiritimati", "2026-03-04", "2026-03-05", "2026-03-03T10:00", "2026-03-05T10:00"),
        ("America/New_York", "2027-02-28", "2027-03-01", "2027-02-28T05:00", "2027-03-02T05:00"),
    ],
)
def test_it_begins_and_ends_at_midnight_of_the_clients_clock(
    database: Database, world: World, zone: str, first: str, last: str, begins: str, ends: str
) -> None:
    dan = reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo)
    with database.write() as session:
        session.execute(update(Client).where(col(Client.id) == world.acme.id).values(zone=zone))
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    away(database, world.cleo, world.acme.id, dan, period)
    start, end = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (begins, ends))
    moment = timedelta(seconds=1)
    assert [
        waits_for(database, dan, post_id, at) for at in (start - moment, start, end - moment, end)
    ] == [False, True, True, False]


def test_a_word_counts_though_its_stand_in_is_over(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, carl)
    stand_in = away(database, world.cleo, world.acme.id, dan)
    approve(database, dan, post_id)
    with database.write() as session:
        stand_ins.end(session, world.cleo, stand_in, now=NOW)
    assert approve(database, carl, post_id).state is State.APPROVED


@pytest.mark.parametrize("who", ["cleo", "aron", "ana"])
def test_ended_early_the_stand_in_is_asked_no_more(
    database: Database, world: World, who: str
) -> None:
    dan = reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo)
    stand_in = away(database, world.cleo, world.acme.id, dan)
    with database.write() as session:
        stand_ins.end(session, getattr(world, who), stand_in, now=NOW)
    before = everything_in(database)
    with database.write() as session:
        stand_ins.end(session, getattr(world, who), stand_in, now=NOW)
    assert everything_in(database) == before
    with pytest.raises(NotAsked):
        approve(database, dan, post_id)
    with database.read() as session:
        kinds = session.execute(
            select(col(Event.kind), col(Event.actor_name))
            .where(col(Event.stream_id) == world.acme.id)
            .order_by(col(Event.position).desc())
            .limit(2)
        ).all()
    assert [tuple(one) for one in kinds] == [
        ("client.stand_in_ended", getattr(world, who).name),
        ("client.stand_in_named", "Cleo"),
    ]


@pytest.mark.parametrize("how", ["removed", "disabled"])
def test_who_has_left_stands_in_no_more(database: Database, world: World, how: str) -> None:
    dan = reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo)
    away(database, world.cleo, world.acme.id, dan)
    assert dan.user_id
    with database.write() as session:
        if how == "removed":
            clients.remove_person(session, world.ana, world.acme.id, dan.user_id, now=NOW)
        else:
            session.execute(
                update(Person).where(col(Person.id) == dan.user_id).values(disabled_at=NOW)
            )
    assert not waits_for(database, dan, post_id)
    with pytest.raises(Refused):
        approve(database, replace(dan, roles={} if how == "removed" else dan.roles), post_id)


def test_nobody_stands_in_for_themselves_nor_in_a_chain(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    away(database, world.cleo, world.acme.id, carl)
    before = everything_in(database)

    def refused(who: Actor, other: Actor, period: Period = THIS_WEEK) -> str:
        with pytest.raises(BadInput) as no:
            away(database, who, world.acme.id, other, period)
        return str(no.value)

    late = Period(TODAY + timedelta(days=5), TODAY + timedelta(days=5 + 366))
    assert [
        refused(dan, dan),
        refused(dan, world.cleo),
        refused(carl, dan),
        refused(world.cleo, dan, Period(THIS_WEEK.ends_on, THIS_WEEK.ends_on)),
        refused(dan, carl, Period(TODAY, TODAY - timedelta(days=1))),
        refused(dan, carl, Period(TODAY - timedelta(days=1), TODAY)),
        refused(dan, carl, late),
    ] == [
        "Choose somebody else: nobody stands in for themselves.",
        "Cleo is away on some of these days.",
        "You stand in for Cleo on some of these days.",
        "You have named somebody for some of these days. End that first.",
        "The last day comes before the first.",
        "The first day has passed.",
        "Somebody stands in for a year at most, and from a year ahead.",
    ]
    assert everything_in(database) == before
    away(database, carl, world.acme.id, dan, replace(late, ends_on=late.starts_on))


def test_two_who_name_each_other_at_once_make_no_chain(database: Database, world: World) -> None:
    dan = reviewer(database, world, "Dan")
    results = at_once(
        lambda: away(database, world.cleo, world.acme.id, dan),
        lambda: away(database, dan, world.acme.id, world.cleo),
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [BadInput]


@pytest.mark.parametrize(
    ("who", "other", "no"),
    [
        ("dora", "cleo", NotFound),
        ("cleo", "dora", NotFound),
        ("cleo", "vera", NotFound),
        ("cleo", "aron", NotFound),
        ("vera", "cleo", NotAllowed),
        ("ana", "cleo", NotAllowed),
        ("aron", "cleo", NotAllowed),
        ("bodil", "cleo", NotFound),
    ],
)
def test_only_reviewers_of_one_brand_stand_in_for_each_other(
    database: Database, world: World, who: str, other: str, no: type[Refused]
) -> None:
    before = everything_in(database)
    with pytest.raises(no):
        away(database, getattr(world, who), world.acme.id, getattr(world, other))
    assert everything_in(database) == before


@pytest.mark.parametrize("who", ["dora", "vera", "ben", "bodil"])
def test_nobody_else_ends_it(database: Database, world: World, who: str) -> None:
    dan = reviewer(database, world, "Dan")
    stand_in = away(database, world.cleo, world.acme.id, dan)
    before = everything_in(database)
    with database.write() as session, pytest.raises(NotFound):
        stand_ins.end(session, getattr(world, who), stand_in, now=NOW)
    with database.read() as session:
        seen = query.of_reviewer(session, getattr(world, who), NOW)
    assert (seen.own, seen.for_others, everything_in(database)) == ([], [], before)


def test_on_the_first_day_the_stand_in_hears_of_what_waits(
    database: Database, world: World
) -> None:
    dan = reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo)
    away(database, world.cleo, world.acme.id, dan, Period(date(2026, 3, 4), date(2026, 3, 5)))
    start = datetime(2026, 3, 3, 23, tzinfo=UTC)

    def heard(at: datetime) -> list[tuple[UUID, str]]:
        while Runner(database, DOING).run_once(lambda: at):
            pass
        with database.read() as session:
            rows = session.execute(
                select(col(Notice.post_id), col(Notice.actor_name)).where(
                    col(Notice.person_id) == dan.user_id,
                    col(Notice.kind) == NoticeKind.TO_REVIEW,
                )
            )
            return [(post_id, who) for post_id, who in rows]

    assert [heard(at) for at in (start - timedelta(seconds=1), start, start)] == [
        [],
        [(post_id, "Aron")],
        [(post_id, "Aron")],
    ]


def test_what_is_sent_while_somebody_is_away_reaches_both(database: Database, world: World) -> None:
    dan = reviewer(database, world, "Dan")
    away(database, world.cleo, world.acme.id, dan)
    post_id = asks(database, world, world.cleo)
    with database.read() as session:
        told = session.execute(
            select(col(Notice.person_id)).where(
                col(Notice.post_id) == post_id, col(Notice.kind) == NoticeKind.TO_REVIEW
            )
        ).scalars()
        assert {*told} == {world.cleo.user_id, dan.user_id}


def test_a_stand_in_who_is_not_needed_is_not_asked(database: Database, world: World) -> None:
    carl, dan = reviewer(database, world, "Carl"), reviewer(database, world, "Dan")
    post_id = asks(database, world, world.cleo, carl)
    away(database, world.cleo, world.acme.id, dan)
    approve(database, world.cleo, post_id)
    with pytest.raises(NotAsked):
        approve(database, dan, post_id)
