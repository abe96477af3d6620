"""What each person chose to hear by mail, and who may choose it."""

from datetime import datetime

import pytest

from postboard.db.engine import Database
from postboard.domain.digests import due_at
from postboard.domain.errors import BadInput
from postboard.domain.tasks import How, NoticeKind
from postboard.services import preferences
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
        ]
        staffs = preferences.mine(session, world.ben)
    assert {one.kind: one for one in staffs} == {kind: Chosen(kind) for kind in NoticeKind}


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
