"""Answers that are due: who hears of it when, what silence does, and what a crash does not."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.job_models import Job
from postboard.db.models import Notice, Person
from postboard.db.review_models import Decision, ReviewRequest, StandIn
from postboard.domain.agreement import Channel, LateApproval, Silence
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import Action, State
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import clients, posting_days, queues, reviews, stand_ins
from tests.requests import (
    ACCOUNT_MANAGER,
    DUE,
    MANAGER,
    REMINDED,
    agree,
    ask,
    facts,
    mailed,
    run,
    told,
    utc,
)
from tests.world import NOW, World, at_once, bring_to, everything_in, found, reviewer, step

MOMENT = timedelta(seconds=1)
COURSE = [
    ("Cleo", "review_open", REMINDED),
    ("Cleo", "review_open", DUE),
    ("Aron", "review_overdue", ACCOUNT_MANAGER),
    ("Ana", "review_overdue", MANAGER),
]


def key(database: Database, world: World, post_id: object) -> str:
    number = list(world.acme.posts.values()).index(post_id) + 1  # type: ignore[arg-type]
    return f"ACME-{number}"


def test_reviewers_are_reminded_then_account_managers_hear_then_managers(
    database: Database, world: World
) -> None:
    ask(database, world)
    for _, _, at in COURSE:
        run(database, at - MOMENT)
        run(database, at)
    run(database, MANAGER + timedelta(days=9))
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    name = key(database, world, post_id)
    assert told(database) == COURSE
    assert mailed(database) == [
        ("Cleo", f"{name} waits for your answer", "/review/"),
        ("Cleo", f"{name} waits for your answer", "/review/"),
        ("Aron", f"No answer on {name} yet", f"/post/?key={name}"),
        ("Ana", f"No answer on {name} yet", f"/post/?key={name}"),
    ]
    assert facts(database, post_id) == [
        ("post.reminded", "reminder_hours.4"),
        ("post.reminded", "response_hours"),
        ("post.escalated", "account_manager_hours"),
        ("post.escalated", "manager_hours"),
    ]


def test_the_agency_reminds_its_own_reviewers_too(database: Database, world: World) -> None:
    agree(database, world, silence=Silence.CONSENT)
    assert world.iris.user_id
    ask(database, world, State.INTERNAL_REVIEW, reviewers=[world.iris.user_id.hex])
    for at in (REMINDED, DUE, ACCOUNT_MANAGER, MANAGER):
        run(database, at)
    # What silence means is agreed with the client, not with the agency's own people.
    assert told(database, world.acme.posts[State.INTERNAL_REVIEW]) == [
        ("Iris", "review_open", REMINDED),
        ("Iris", "review_open", DUE),
        *COURSE[2:],
    ]


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REQUEST_CHANGES])
def test_everything_stops_with_the_decision(
    database: Database, world: World, action: Action
) -> None:
    ask(database, world)
    run(database, REMINDED)
    step(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], action, now=REMINDED)
    run(database, MANAGER)
    assert told(database) == COURSE[:1]


def test_a_closed_request_is_left_alone(database: Database, world: World) -> None:
    request_id = ask(database, world)
    run(database, REMINDED - MOMENT)
    with database.write() as session:
        session.get_one(ReviewRequest, request_id).closed_at = REMINDED - MOMENT
    run(database, MANAGER)
    assert (told(database), mailed(database)) == ([], [])


def test_who_has_answered_is_not_asked_again(database: Database, world: World) -> None:
    people = [world.cora, world.iris]
    named = [person.user_id.hex for person in people if person.user_id]
    request_id = ask(database, world, State.INTERNAL_REVIEW, reviewers=named, rule="all")
    run(database, REMINDED)
    with database.write() as session:
        session.add(
            Decision(
                request_id=request_id,
                person_id=world.cora.user_id,
                person_name="Cora",
                approved=True,
                at=REMINDED,
            )
        )
    run(database, DUE)
    assert told(database, world.acme.posts[State.INTERNAL_REVIEW]) == [
        ("Cora", "review_open", REMINDED),
        ("Iris", "review_open", REMINDED),
        ("Iris", "review_open", DUE),
    ]


def stands_in(database: Database, world: World, carl: Actor) -> None:
    """For Cleo, from the day after it was asked."""
    assert carl.user_id
    days = Period(date(2026, 3, 3), date(2026, 3, 6))
    with database.write() as session:
        stand_ins.name(session, world.cleo, world.acme.id, carl.user_id, days, now=NOW)


def test_who_stands_in_is_reminded_for_whoever_is_away(
    database: Database, world: World, carl: Actor
) -> None:
    assert world.cleo.user_id
    ask(database, world, reviewers=[world.cleo.user_id.hex], rule="all")
    stands_in(database, world, carl)
    run(database, REMINDED)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    name = key(database, world, post_id)
    asked = [("Carl", "review_open", REMINDED), ("Cleo", "review_open", REMINDED)]
    assert told(database, post_id) == asked
    assert mailed(database) == [
        (who, f"{name} waits for your answer", "/review/") for who in ("Carl", "Cleo")
    ]
    step(database, carl, post_id, Action.APPROVE, now=REMINDED)
    run(database, MANAGER)
    assert told(database, post_id) == asked


def test_once_the_stand_in_has_answered_neither_is_reminded_of_what_waits_for_another(
    database: Database, world: World, carl: Actor
) -> None:
    nora = reviewer(database, world, "Nora")
    assert world.cleo.user_id
    assert nora.user_id
    named = [world.cleo.user_id.hex, nora.user_id.hex]
    request_id = ask(database, world, reviewers=named, rule="all")
    stands_in(database, world, carl)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    post = found(database, carl, post_id)
    yes = reviews.Decision(
        post_id, post.revision, post.rounds, Action.APPROVE, request_id=request_id
    )
    with database.write() as session:
        reviews.decide(session, carl, yes, now=REMINDED - MOMENT)
    run(database, REMINDED)
    assert told(database, post_id) == [("Nora", "review_open", REMINDED)]


def test_whose_stand_in_has_ended_is_reminded_alone(
    database: Database, world: World, carl: Actor
) -> None:
    assert world.cleo.user_id
    ask(database, world, reviewers=[world.cleo.user_id.hex], rule="all")
    stands_in(database, world, carl)
    with database.write() as session:
        [named] = session.execute(select(col(StandIn.id))).scalars()
        stand_ins.end(session, world.cleo, named, now=REMINDED - MOMENT)
    run(database, REMINDED)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    assert told(database, post_id) == [("Cleo", "review_open", REMINDED)]


def test_nobody_is_reminded_in_their_own_night(database: Database, world: World) -> None:
    with database.write() as session:
        session.get_one(Person, world.cleo.user_id).zone = "Asia/Shanghai"
    ask(database, world)
    run(database, REMINDED)  # 21:00 in Shanghai
    assert told(database) == []
    run(database, utc("04T00:00"))
    assert told(database) == [("Cleo", "review_open", utc("04T00:00"))]


def test_who_decides_in_the_night_is_not_reminded_in_the_morning(
    database: Database, world: World
) -> None:
    with database.write() as session:
        session.get_one(Person, world.cleo.user_id).zone = "Asia/Shanghai"
    ask(database, world)
    run(database, REMINDED)
    step(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE, now=REMINDED)
    run(database, utc("04T00:00"))
    assert told(database) == []


def test_where_people_look_at_the_board_only_no_mail_goes_out(
    database: Database, world: World
) -> None:
    agree(database, world, channel=Channel.BOARD)
    ask(database, world)
    run(database, REMINDED)
    assert (told(database), mailed(database)) == (COURSE[:1], [])


def test_after_a_long_night_of_the_server_each_hears_once(database: Database, world: World) -> None:
    ask(database, world)
    late = utc("10T13:00")
    run(database, late)
    assert told(database) == [
        ("Ana", "review_overdue", late),
        ("Aron", "review_overdue", late),
        ("Cleo", "review_open", late),
    ]


def test_who_named_no_zone_sleeps_by_the_clients_clock(database: Database, world: World) -> None:
    agree(database, world, quiet_from=14 * 60, quiet_until=15 * 60)
    ask(database, world)
    run(database, REMINDED)  # 14:00 in Berlin
    run(database, REMINDED + timedelta(hours=1))
    assert told(database) == [("Cleo", "review_open", REMINDED + timedelta(hours=1))]


def test_what_people_were_told_is_old_once_it_is_decided(database: Database, world: World) -> None:
    request_id = ask(database, world)
    run(database, REMINDED)
    at = REMINDED + MOMENT
    step(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE, now=at)
    with database.read() as session:
        read = session.execute(
            select(col(Notice.kind), col(Notice.read_at)).where(
                col(Notice.subject_id) == request_id
            )
        )
        told_of = {NoticeKind.TO_REVIEW, NoticeKind.REVIEW_OPEN}
        assert {tuple(row) for row in read} == {(kind, at) for kind in told_of}


def test_other_terms_move_what_was_planned(database: Database, world: World) -> None:
    ask(database, world)
    run(database, NOW)
    agree(database, world, reminder_hours=(2, 8), account_manager_hours=1)
    run(database, NOW)
    eight, two, one = utc("03T09:00"), utc("03T15:00"), utc("04T10:00")
    for at in (eight, REMINDED, two, DUE, one, ACCOUNT_MANAGER):
        run(database, at)
    assert told(database) == [
        ("Cleo", "review_open", eight),
        ("Cleo", "review_open", two),
        ("Cleo", "review_open", DUE),
        ("Aron", "review_overdue", one),
    ]


def test_silence_approves_where_it_was_agreed_and_names_the_term(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    request_id = ask(database, world)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    run(database, DUE - MOMENT)
    assert found(database, world.ana, post_id).state is State.CLIENT_REVIEW
    run(database, DUE)
    run(database, MANAGER)
    assert found(database, world.ana, post_id).state is State.APPROVED
    assert facts(database, post_id) == [
        ("post.reminded", "reminder_hours.4"),
        ("post.silence", "silence.consent"),
        ("post.approve", ""),
    ]
    with database.read() as session:
        request = session.get_one(ReviewRequest, request_id)
        assert (request.closed_at, request.outcome) == (DUE, "approved")


def test_silence_never_approves_other_words_than_those_that_were_shown(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    ask(database, world, revision=7)
    before = found(database, world.ana, world.acme.posts[State.CLIENT_REVIEW])
    run(database, MANAGER)
    assert found(database, world.ana, before.id) == before


def test_silence_of_people_who_were_named_is_consent_too(database: Database, world: World) -> None:
    agree(database, world, silence=Silence.CONSENT)
    assert world.cleo.user_id
    ask(database, world, reviewers=[world.cleo.user_id.hex], rule="all")
    run(database, DUE)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    assert found(database, world.ana, post_id).state is State.APPROVED


@pytest.mark.parametrize("named", [True, False])
def test_where_nobody_was_there_to_speak_silence_is_no_consent(
    database: Database, world: World, *, named: bool
) -> None:
    agree(database, world, silence=Silence.CONSENT)
    assert world.cleo.user_id
    ask(database, world, reviewers=[world.cleo.user_id.hex] if named else [])
    run(database, REMINDED)
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.cleo.user_id, now=REMINDED)
    run(database, DUE)
    run(database, ACCOUNT_MANAGER)
    run(database, MANAGER)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    assert found(database, world.ana, post_id).state is State.CLIENT_REVIEW
    assert told(database) == COURSE[:1] + COURSE[2:]


def test_on_hold_it_waits_and_nobody_is_told_any_more(database: Database, world: World) -> None:
    agree(database, world, silence=Silence.HOLD)
    ask(database, world)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    for _, _, at in COURSE:
        run(database, at)
    assert facts(database, post_id) == [
        ("post.reminded", "reminder_hours.4"),
        ("post.silence", "silence.hold"),
    ]
    assert (told(database), found(database, world.ana, post_id).state) == (
        COURSE[:1],
        State.CLIENT_REVIEW,
    )


def test_a_post_without_an_answer_goes_to_the_next_free_day(
    database: Database, world: World
) -> None:
    agree(database, world, silence=Silence.NEXT_FREE_DAY)
    ask(database, world)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    # The whole cast of Acme's posts is planned for that Thursday.
    planned = utc("05T09:00")
    assert found(database, world.ana, post_id).planned_at == planned
    run(database, DUE)
    run(database, planned - MOMENT)
    assert found(database, world.ana, post_id).planned_at == planned
    run(database, planned)
    assert found(database, world.ana, post_id).planned_at == utc("06T09:00")
    run(database, utc("06T09:00"))
    # A weekend lies between.
    assert found(database, world.ana, post_id).planned_at == utc("09T09:00")


def test_the_next_free_day_is_no_day_without_posts(database: Database, world: World) -> None:
    agree(database, world, silence=Silence.NEXT_FREE_DAY, country="DE", region="BE")
    friday = utc("06T00:00").date()
    with database.write() as session:
        asked = (world.cora, world.acme.id, friday, friday, "Stocktaking")
        posting_days.black_out(session, *asked, now=NOW)
    ask(database, world)
    run(database, utc("05T09:00"))
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    assert found(database, world.ana, post_id).planned_at == utc("09T09:00")


def approved_late(database: Database, world: World) -> Actor:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    step(database, world.cleo, post_id, Action.APPROVE, now=utc("05T10:00"))
    run(database, utc("05T10:00"))
    return world.ana


@pytest.mark.parametrize(
    ("term", "state", "planned"),
    [
        (LateApproval.REMIND, State.APPROVED, "05T09:00"),
        (LateApproval.HOLD, State.ON_HOLD, "05T09:00"),
        (LateApproval.NEXT_FREE_DAY, State.APPROVED, "06T09:00"),
        (LateApproval.PUBLISH_AT_ONCE, State.SCHEDULED, "05T10:05"),
    ],
)
def test_what_is_approved_after_its_time_goes_on_as_agreed(
    database: Database, world: World, term: LateApproval, state: State, planned: str
) -> None:
    agree(database, world, late_approval=term)
    ana = approved_late(database, world)
    post = found(database, ana, world.acme.posts[State.CLIENT_REVIEW])
    assert (post.state, post.planned_at) == (state, utc(planned))
    assert facts(database, post.id)[0] == ("post.late_approval", f"late_approval.{term}")
    heard = [("Aron", "approved_late", utc("05T10:00"))]
    assert told(database) == (heard if term is LateApproval.REMIND else [])


def test_what_is_approved_in_time_needs_no_agreement(database: Database, world: World) -> None:
    agree(database, world, late_approval=LateApproval.PUBLISH_AT_ONCE)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    step(database, world.cleo, post_id, Action.APPROVE, now=NOW)
    run(database, MANAGER)
    assert (facts(database, post_id), found(database, world.ana, post_id).state) == (
        [],
        State.APPROVED,
    )


def test_two_workers_share_the_work_and_repeat_none(database: Database, world: World) -> None:
    for _ in range(3):
        post_id = bring_to(
            database,
            world.acme.id,
            State.CLIENT_REVIEW,
            staff=world.ana,
            reviewer=world.cleo,
            holder=world.ben,
        )
        ask(database, world, post_id=post_id)
    ask(database, world)
    run(database, REMINDED - MOMENT)
    for _ in range(9):  # a lost race is tried again a minute later
        workers = [partial(Runner(database, DOING).run_once, lambda: REMINDED) for _ in range(3)]
        assert all(isinstance(taken, int) for taken in at_once(*workers))
    run(database, REMINDED + timedelta(minutes=5))
    assert [(name, kind) for name, kind, _ in told(database)] == [("Cleo", "review_open")] * 4
    assert len(mailed(database)) == 4


KILLED = """\
import os, signal, sys
from datetime import datetime
from postboard.db.engine import Database
from postboard.jobs.kinds import DOING
from postboard.jobs.runner import Runner
from postboard.services import events, jobs, mail, notices, reminders

url, where, now = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
kind = sys.argv[4]
doing = dict(DOING)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def dying_after(function):
    def call(*arguments, **named):
        function(*arguments, **named)
        die()
    return call

def dying_before(function):
    return lambda *arguments, **named: die()

match where:
    case "while it is claimed":
        jobs.claim = dying_after(jobs.claim)
    case "before it acts":
        doing[kind] = dying_before(doing[kind])
    case "after the notice":
        notices.tell_each = dying_after(notices.tell_each)
    case "after the mail":
        mail.enqueue = dying_after(mail.enqueue)
    case "after all of it":
        doing[kind] = dying_after(doing[kind])
    case "when it is noted":
        note = jobs.note_done
        jobs.note_done = lambda session, job, at: (
            note(session, job, at), die() if job.kind == kind else None)
    case "after the commit":
        done = Runner._do
        Runner._do = lambda self, job, now: (
            done(self, job, now), die() if job.kind == kind else None)
worker = Runner(Database(url), doing)
while worker.run_once(lambda: now):
    pass
"""


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("while it is claimed", "review.remind"),
        ("before it acts", "review.remind"),
        ("after all of it", "review.remind"),
        ("when it is noted", "review.remind"),
        ("after the commit", "review.remind"),
        ("before it acts", "review.tell"),
        ("after the notice", "review.tell"),
        ("after the mail", "review.tell"),
        ("after all of it", "review.tell"),
        ("when it is noted", "review.tell"),
        ("after the commit", "review.tell"),
    ],
)
def test_a_killed_worker_loses_no_reminder_and_repeats_none(
    database: Database, world: World, where: str, kind: str
) -> None:
    ask(database, world)
    run(database, REMINDED - MOMENT)
    url = database.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url, where, REMINDED.isoformat(), kind],
        env=os.environ,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    after = told(database)
    assert after == (COURSE[:1] if (where, kind) == ("after the commit", "review.tell") else [])
    run(database, REMINDED + queues.LEASE - MOMENT)
    run(database, REMINDED + queues.LEASE)
    run(database, REMINDED + queues.LEASE)
    assert [(name, how) for name, how, _ in told(database)] == [("Cleo", "review_open")]
    assert len(mailed(database)) == 1
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    assert facts(database, post_id) == [("post.reminded", "reminder_hours.4")]


def test_what_was_done_stays_done_over_a_restart(database: Database, world: World) -> None:
    ask(database, world)
    run(database, REMINDED)
    before = everything_in(database)
    again = Database(database.url.render_as_string(hide_password=False))
    run(again, REMINDED)
    again.close()
    assert everything_in(database) == before


def test_every_job_is_done_or_waits_for_its_time(database: Database, world: World) -> None:
    request_id = ask(database, world)
    run(database, DUE)
    with database.read() as session:
        rows = session.execute(
            select(col(Job.kind), col(Job.content), col(Job.run_at), col(Job.failure)).where(
                col(Job.done_at).is_(None), col(Job.subject_id) == request_id
            )
        )
        waiting = [(kind, content["term"], at, failure) for kind, content, at, failure in rows]
    assert sorted(waiting) == [
        ("review.remind", "account_manager_hours", ACCOUNT_MANAGER, ""),
        ("review.remind", "manager_hours", MANAGER, ""),
    ]
