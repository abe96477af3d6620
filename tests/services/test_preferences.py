"""What each person chose to hear by mail, and who may choose it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Person
from postboard.db.notify_models import MailToken
from postboard.domain.conversation import Thread
from postboard.domain.digests import due_at
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Actor
from postboard.domain.tasks import How, NoticeKind
from postboard.domain.workflow import State
from postboard.services import mail, preferences
from postboard.services.mail import About, Letter
from postboard.services.preferences import Chosen, NotFromHere
from tests.world import NOW, World


def test_everybody_hears_of_their_own_kinds_at_once_until_they_choose(
    database: Database, world: World
) -> None:
    wish = Chosen(NoticeKind.REPLY, How.DAILY, 17)
    with database.write() as session:
        preferences.choose(session, world.cleo, wish, now=NOW)
        preferences.choose(session, world.cleo, wish, now=NOW)
        assert preferences.mine(session, world.cleo) == [
            Chosen(NoticeKind.TO_REVIEW),
            Chosen(NoticeKind.REVIEW_OPEN),
            Chosen(NoticeKind.MENTION),
            wish,
            Chosen(NoticeKind.IDEA_ANSWERED),
            Chosen(NoticeKind.AGREEMENT_OFFERED),
            Chosen(NoticeKind.AGREEMENT_TERM),
            Chosen(NoticeKind.DATE_MOVED),
        ]
        staffs = preferences.mine(session, world.ben)
    of_clients = {
        NoticeKind.IDEA_ANSWERED,
        NoticeKind.AGREEMENT_OFFERED,
        NoticeKind.DATE_MOVED,
    }
    of_staff = {*NoticeKind} - of_clients
    assert {one.kind: one for one in staffs} == {kind: Chosen(kind) for kind in of_staff}


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_day_has_no_such_hour(database: Database, world: World, hour: int) -> None:
    wish = Chosen(NoticeKind.TASK, How.DAILY, hour)
    with pytest.raises(BadInput), database.write() as session:
        preferences.choose(session, world.ben, wish, now=NOW)


@pytest.mark.parametrize("kind", [NoticeKind.REVIEW_OVERDUE, NoticeKind.APPROVED_LATE])
def test_what_nobody_else_will_see_to_may_come_later_but_not_never(
    database: Database, world: World, kind: NoticeKind
) -> None:
    with database.write() as session:
        preferences.choose(session, world.aron, Chosen(kind, How.DAILY), now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        preferences.choose(session, world.aron, Chosen(kind, How.OFF), now=NOW)


def test_there_is_no_such_language_and_no_such_zone(database: Database, world: World) -> None:
    with pytest.raises(BadInput), database.write() as session:
        preferences.speak(session, world.ben, "tlh", now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        preferences.live_in(session, world.ben, "Mars/Olympus", now=NOW)


def test_a_made_up_link_ends_nothing(database: Database) -> None:
    with pytest.raises(NotFromHere), database.write() as session:
        preferences.stop(session, "0" * 40, now=NOW)


@pytest.mark.parametrize(
    ("how", "hour", "zone", "now", "due"),
    [
        (How.AT_ONCE, 8, "UTC", "2026-03-02T09:10+00:00", "2026-03-02T09:10+00:00"),
        (How.HOURLY, 8, "UTC", "2026-03-02T09:10+00:00", "2026-03-02T10:00+00:00"),
        (How.HOURLY, 8, "UTC", "2026-03-02T23:59+00:00", "2026-03-03T00:00+00:00"),
        (How.DAILY, 8, "UTC", "2026-03-02T08:00+00:00", "2026-03-03T08:00+00:00"),
        (How.DAILY, 8, "Asia/Shanghai", "2026-03-01T23:00+00:00", "2026-03-02T00:00+00:00"),
        # The night in which Berlin's clocks skip two o'clock.
        (How.DAILY, 2, "Europe/Berlin", "2026-03-29T00:30+00:00", "2026-03-29T01:00+00:00"),
    ],
)
def test_when_a_mail_is_due(how: How, hour: int, zone: str, now: str, due: str) -> None:
    then = due_at(NoticeKind.REPLY, how, hour, zone, datetime.fromisoformat(now))
    assert then == datetime.fromisoformat(due)


def zone_of(database: Database, who: Actor) -> str:
    with database.read() as session:
        return session.get_one(Person, who.user_id).zone


def test_ones_first_device_says_ones_zone_until_one_is_chosen(
    database: Database, world: World
) -> None:
    told = []
    for zone in ("Mars/Olympus", "Asia/Shanghai", "Europe/Berlin"):
        with database.write() as session:
            preferences.settle_in(session, world.ben, zone, now=NOW)
        told.append(zone_of(database, world.ben))
    assert told == ["UTC", "Asia/Shanghai", "Asia/Shanghai"]
    for change, zone in (
        (preferences.live_in, "UTC"),
        (preferences.settle_in, "Europe/Berlin"),
    ):
        with database.write() as session:
            change(session, world.ben, zone, now=NOW)
    assert zone_of(database, world.ben) == "UTC"


def test_links_that_nobody_can_use_any_more_are_gone(database: Database, world: World) -> None:
    assert world.ben.user_id
    place = About(
        kinds=(NoticeKind.MENTION,), post_id=world.acme.posts[State.DRAFT], thread=Thread.CLIENT
    )

    def write(at: datetime) -> str:
        assert world.ben.user_id
        with database.write() as session:
            letter = Letter("Hi", "Ben")
            mail_id = mail.enqueue(session, world.ben.user_id, letter, "/", at, place)
            claimed = mail.claim(session, mail_id, at)
        assert claimed
        return claimed.stop_token

    def kept() -> list[bool]:
        """Of each token whether it is of an address to answer to, the oldest first."""
        with database.read() as session:
            rows = select(col(MailToken.post_id).is_not(None)).order_by(
                col(MailToken.created_at), col(MailToken.post_id).is_not(None)
            )
            return list(session.execute(rows).scalars())

    first = write(NOW)
    assert kept() == [False, True]
    write(NOW + mail.ANSWERED_FOR)
    assert kept() == [False, False, True]
    with database.read() as session:
        last = NOW + mail.STOPPED_FOR - timedelta(seconds=1)
        assert preferences.stops(session, first, last) == [NoticeKind.MENTION]
        with pytest.raises(NotFromHere):
            preferences.stops(session, first, NOW + mail.STOPPED_FOR)
    write(NOW + mail.STOPPED_FOR)
    assert kept() == [False, False, True]
