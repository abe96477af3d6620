"""A guideline that was published is news to those who have to read it, and only to them."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Notice, OutgoingMail, Person
from postboard.db.notify_models import PendingMail
from postboard.db.queries import guidelines as query
from postboard.db.queries import work
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.guidelines import Guideline, Section, Topic
from postboard.domain.permissions import Actor
from postboard.domain.tasks import How, NoticeKind
from postboard.services import guideline_news, guidelines, letters, preferences
from postboard.services.guideline_news import EverybodyHasRead, ToldToday
from postboard.services.preferences import Chosen
from tests.world import NOW, World

TONE = Section("tone", Topic.TONE, "Tone", "Warm, never loud.")
WORDS = Section("words", Topic.BRAND, "Words", "We have none.")
TOMORROW = NOW + timedelta(days=1, minutes=1)
KIND = NoticeKind.GUIDELINE


@pytest.fixture(autouse=True)
def quiet(database: Database, world: World) -> None:
    """Without what the world's own making told."""
    with database.write() as session:
        session.execute(delete(PendingMail))
        session.execute(delete(Notice))


def publish(database: Database, who: Actor, client_id: UUID | None, *sections: Section) -> None:
    with database.write() as session:
        version = query.draft(session, client_id).version
        written = Guideline(sections)
        version = guidelines.write(session, who, client_id, written, version=version, now=NOW)
        guidelines.publish(session, who, client_id, version=version, note="Read this.", now=NOW)


def told(database: Database) -> list[str]:
    """Who has unread news of a guideline."""
    with database.read() as session:
        return [
            *session.execute(
                select(col(Person.name))
                .join(Notice, col(Notice.person_id) == col(Person.id))
                .where(col(Notice.kind) == KIND, col(Notice.read_at).is_(None))
                .order_by(col(Person.name))
            ).scalars()
        ]


def mailed(database: Database) -> list[str]:
    with database.read() as session:
        return [
            *session.execute(
                select(col(Person.name))
                .join(PendingMail, col(PendingMail.person_id) == col(Person.id))
                .where(col(PendingMail.kind) == KIND)
                .order_by(col(Person.name))
            ).scalars()
        ]


def staff_of(database: Database, client_id: UUID | None) -> list[str]:
    with database.read() as session:
        return sorted(one.name for one in query.readers(session, client_id))


def news(database: Database, who: Actor) -> list[tuple[str, str, str]]:
    with database.read() as session:
        found = work.work(session, who, now=NOW).notices
        assert work.count(session, who) >= sum(one.unread for one in found)
    return [(one.who, one.text, one.path) for one in found if one.kind == KIND]


def test_whoever_has_to_read_it_is_told_once_and_until_they_have(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, TONE)
    others = [name for name in staff_of(database, acme) if name != "Aron"]
    assert (told(database), mailed(database)) == (others, others)
    assert news(database, world.ben) == [
        ("Aron", "Acme · Read this.", f"/guidelines/?of={acme.hex}")
    ]
    assert news(database, world.cleo) == news(database, world.bodil) == []
    with database.write() as session:
        guidelines.acknowledge(session, world.ben, acme, 1, now=NOW)
    assert told(database) == [name for name in others if name != "Ben"]


def test_a_newer_version_is_told_instead_of_the_older_one(database: Database, world: World) -> None:
    publish(database, world.ana, None, TONE)
    publish(database, world.ana, None, TONE, WORDS)
    others = [name for name in staff_of(database, None) if name != "Ana"]
    assert told(database) == others
    assert news(database, world.ben) == [("Ana", "Read this.", "/guidelines/?of=")] * 2


def test_the_mail_says_whose_it_is_and_is_not_sent_to_who_has_read_it(
    database: Database, world: World
) -> None:
    publish(database, world.ana, None, TONE)
    publish(database, world.aron, world.acme.id, TONE)
    with database.write() as session:
        guidelines.acknowledge(session, world.ben, None, 1, now=NOW)
    with database.write() as session:
        assert world.ben.user_id
        letters.write(session, world.ben.user_id, TOMORROW)
        sent = session.execute(select(col(OutgoingMail.subject))).scalars().all()
    assert sent == ["Aron published Acme’s guideline for you to read"]


def test_no_mail_is_sent_to_who_does_not_want_one(database: Database, world: World) -> None:
    with database.write() as session:
        preferences.choose(session, world.ben, Chosen(KIND, How.OFF), now=NOW)
    publish(database, world.aron, world.acme.id, TONE)
    assert ("Ben" in told(database), "Ben" in mailed(database)) == (True, False)


def test_who_has_not_read_it_is_reminded_at_most_once_a_day(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, TONE)
    with database.write() as session:
        guidelines.acknowledge(session, world.ben, acme, 1, now=NOW)
    with database.write() as session, pytest.raises(ToldToday):
        guideline_news.remind(session, world.aron, acme, now=NOW)
    with database.write() as session:
        reminded = guideline_news.remind(session, world.aron, acme, now=TOMORROW)
    unread = [name for name in staff_of(database, acme) if name not in {"Aron", "Ben"}]
    assert (told(database), reminded) == (unread, len(unread))
    with database.write() as session, pytest.raises(ToldToday):
        guideline_news.remind(session, world.aron, acme, now=TOMORROW)


def test_nobody_is_reminded_of_what_everybody_has_read(database: Database, world: World) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, TONE)
    with database.write() as session:
        for one in query.readers(session, acme):
            reader = Actor(one.person_id, one.name, None, dict(world.ben.roles))
            guidelines.acknowledge(session, reader, acme, 1, now=NOW)
    with database.write() as session, pytest.raises(EverybodyHasRead):
        guideline_news.remind(session, world.aron, acme, now=TOMORROW)


def test_only_its_writers_remind(database: Database, world: World) -> None:
    publish(database, world.aron, world.acme.id, TONE)
    with database.write() as session, pytest.raises(NotAllowed):
        guideline_news.remind(session, world.ben, world.acme.id, now=TOMORROW)
    with database.write() as session, pytest.raises(NotFound):
        guideline_news.remind(session, world.cleo, world.acme.id, now=TOMORROW)
