"""Outgoing mail against a real SMTP server: sent once, delayed by trouble, lost by nothing."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import OutgoingMail, Person
from postboard.db.queries import work
from postboard.domain.digests import MOST_ATTEMPTS
from postboard.domain.errors import NotAllowed, Stale
from postboard.domain.permissions import Actor
from postboard.domain.tasks import Expectation
from postboard.domain.workflow import State
from postboard.jobs.mail import AT_ONCE, Mailer
from postboard.mail_servers import MailServer
from postboard.notifications import email
from postboard.services import assigning, mail, post_rows, queues
from postboard.services.mail import Letter
from postboard.settings import BadSetting, Settings, read_settings
from tests.jobs.post_office import Box, mailer, run, said
from tests.world import NOW, World, at_once

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

MOMENT = timedelta(seconds=1)


def enqueue(database: Database, person: Actor, path: str = "/work/") -> UUID:
    assert person.user_id
    with database.write() as session:
        letter = Letter("Ana assigned ACME-1 to you", "ACME-1\n\nWrite <b>it</b> & soon.")
        return mail.enqueue(session, person.user_id, letter, path, NOW)


def row(database: Database, mail_id: UUID) -> OutgoingMail:
    with database.read() as session:
        return session.get_one(OutgoingMail, mail_id)


def test_a_mail_has_text_html_and_one_button(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    mail_id = enqueue(database, world.ben, "/post/?key=ACME-1")
    assert run(mailer(database, settings)) == 1
    [got] = box.taken
    assert (got["To"], got["From"], got["Subject"], got["Message-ID"]) == (
        "Ben <ben@postboard.example>",
        "Postboard <board@board.example>",
        "Ana assigned ACME-1 to you",
        f"<{mail_id.hex}@board.example>",
    )
    text, html = said(got, "plain"), said(got, "html")
    assert text == (
        "ACME-1\n\nWrite <b>it</b> & soon.\n\n"
        "Open in Postboard: https://board.example/post/?key=ACME-1\n"
    )
    assert "Write &lt;b&gt;it&lt;/b&gt; &amp; soon." in html
    assert html.count("<a href=") == 1
    assert 'href="https://board.example/post/?key=ACME-1"' in html
    assert row(database, mail_id).sent_at == NOW
    assert run(mailer(database, settings)) == 0


def test_one_mail_tells_of_all_posts_of_one_assignment(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    those = [world.acme.posts[State.DRAFT], world.acme.posts[State.INTERNAL_REWORK]]
    wish = Expectation("Shorter.", due=datetime.fromisoformat("2026-03-04T18:00"), urgent=True)
    with database.write() as session:
        seen = {post: post_rows.find(session, world.cora, post).version for post in those}
        people = [world.ben.user_id, world.cora.user_id]
        assigning.assign(session, world.cora, seen, people, wish, by_mail=True, now=NOW)  # type: ignore[arg-type]
    run(mailer(database, settings))
    # Cora knows what she expects of herself.
    [got] = box.taken
    assert (got["To"], got["Subject"]) == (
        "Ben <ben@postboard.example>",
        "Urgent: Cora assigned 2 posts to you",
    )
    stop = got["List-Unsubscribe"].strip("<>")
    assert said(got, "plain").replace("\u202f", " ") == (
        "ACME-1, due Wed, Mar 4, 2026, 6:00 PM (Central European Time)\n"
        "ACME-4, due Wed, Mar 4, 2026, 6:00 PM (Central European Time)\n\n"
        "Shorter.\n\n"
        "Open in Postboard: https://board.example/work/\n\n"
        f"-- \nNo more e-mails like this: {stop}\n"
    )


def test_what_is_refused_sends_no_mail(database: Database, world: World) -> None:
    done = {world.acme.posts[State.PUBLISHED]: 99}
    assert world.ben.user_id
    people = [world.ben.user_id]
    with pytest.raises(Stale), database.write() as session:
        assigning.assign(session, world.cora, done, people, Expectation(), by_mail=True, now=NOW)
    with database.read() as session:
        assert session.execute(select(col(OutgoingMail.id))).all() == []


def test_two_workers_send_a_mail_once(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    for _ in range(5):
        enqueue(database, world.ben)
    workers = [partial(run, mailer(database, settings)) for _ in range(3)]
    assert sum(at_once(*workers)) == 5
    assert len({got["Message-ID"] for got in box.taken}) == len(box.taken) == 5


def test_a_long_queue_goes_out_without_a_pause_and_what_failed_holds_nobody_up(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    worker = mailer(database, settings)
    while worker.work(lambda: NOW):
        pass
    box.taken.clear()
    for _ in range(2 * AT_ONCE + 1):
        enqueue(database, world.ben)
    assert [worker.work(lambda: NOW) for _ in range(3)] == [True, True, False]
    assert len(box.taken) == 2 * AT_ONCE + 1
    box.answer = "451 Try later, the disk is full"
    for _ in range(AT_ONCE):
        enqueue(database, world.ben)
    assert worker.work(lambda: NOW) is False


def test_a_server_that_fails_delays_and_says_why(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    mail_id = enqueue(database, world.ben)
    box.answer = "451 Try later, the disk is full"
    at, waited = NOW, []
    for _ in range(7):
        assert run(mailer(database, settings), at) == 0
        waited.append((row(database, mail_id).due_at - at) // timedelta(minutes=1))
        assert run(mailer(database, settings), row(database, mail_id).due_at - MOMENT) == 0
        at = row(database, mail_id).due_at
    assert waited == [1, 5, 15, 60, 180, 360, 360]
    assert "disk is full" in row(database, mail_id).failure
    with database.read() as session:
        seen = work.work(session, world.alma, now=at).mail
        assert work.work(session, world.ben, now=at).mail is None
    assert seen
    assert (seen.count, "disk is full" in seen.failure) == (1, True)
    box.answer = "250 OK"
    assert run(mailer(database, settings), at) == 1
    assert (row(database, mail_id).failure, len(box.taken)) == ("", 1)


def test_a_wrong_password_and_a_dead_server_are_told_without_secrets(
    database: Database, world: World, settings: Settings, server: MailServer
) -> None:
    told = []
    for broken in (replace(server, password="wrong-secret"), replace(server, port=9)):
        mail_id = enqueue(database, world.ben)
        worker = Mailer(database, settings, partial(email.send, broken))
        assert run(worker) == 0
        told.append(row(database, mail_id).failure)
    assert told[0].startswith("535 ")
    assert told[1].startswith("ConnectionRefusedError")
    assert not [text for text in told if "secret" in text or "s3cret" in text]


def test_nobody_gets_mail_who_is_disabled(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    enqueue(database, world.ben)
    with database.write() as session:
        session.get_one(Person, world.ben.user_id).disabled_at = NOW
    assert (run(mailer(database, settings)), box.taken) == (0, [])


KILLED = """\
import os, signal, sys
from datetime import datetime
from functools import partial
from postboard.db.engine import Database
from postboard.jobs.mail import AT_ONCE, Mailer
from postboard.notifications import email
from postboard.services import mail
from postboard.settings import read_settings

url, where, now = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
settings = read_settings()

def send(letter):
    if where == "before it is sent":
        die()
    email.send(settings.mail_server, letter)
    if where == "before it is noted":
        die()

claim = mail.claim
def claim_and_die(*arguments):
    claim(*arguments)
    die()
if where == "while it is claimed":
    mail.claim = claim_and_die
Mailer(Database(url), settings, send).run_once(lambda: now)
"""


@pytest.mark.parametrize(
    ("where", "before", "after"),
    [
        ("while it is claimed", 0, 1),
        ("before it is sent", 0, 1),
        # Between the server's yes and our note nothing can tell; the Message-ID is the same.
        ("before it is noted", 1, 2),
    ],
)
def test_a_killed_worker_loses_no_mail(
    database: Database,
    world: World,
    settings: Settings,
    box: Box,
    where: str,
    before: int,
    after: int,
) -> None:
    mail_id = enqueue(database, world.ben)
    url = database.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url, where, NOW.isoformat()],
        env={**os.environ, **settings.as_environment()},
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(box.taken) == before
    worker = mailer(database, settings)
    if where != "while it is claimed":
        assert run(worker, NOW + queues.LEASE - MOMENT) == 0
    assert run(worker, NOW + queues.LEASE) == 1
    assert [got["Message-ID"] for got in box.taken] == [f"<{mail_id.hex}@board.example>"] * after
    assert row(database, mail_id).sent_at == NOW + queues.LEASE


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "starttls")),
        (
            "smtps://u%40x:top%3Asecret@mail.example",
            MailServer("mail.example", 465, "from the start", "u@x", "top:secret"),
        ),
        ("smtp://127.0.0.1:25?starttls=no", MailServer("127.0.0.1", 25, "none")),
    ],
)
def test_a_mail_server_is_named_by_an_address(url: str, server: MailServer) -> None:
    settings = read_settings({"POSTBOARD_SMTP_URL": url, "POSTBOARD_MAIL_FROM": "a@b.example"})
    assert settings.mail_server == server
    assert read_settings(settings.as_environment()) == settings
    assert "secret" not in repr(settings) + repr(settings.mail_server)


@pytest.mark.parametrize(
    "named",
    [
        {"POSTBOARD_SMTP_URL": "mail.example:topsecret"},
        {"POSTBOARD_SMTP_URL": "http://u:topsecret@mail.example"},
        {"POSTBOARD_SMTP_URL": "smtp://u:topsecret@:25"},
        {"POSTBOARD_SMTP_URL": "smtp://u:topsecret@mail.example:99999"},
        {"POSTBOARD_SMTP_URL": "smtp://u:topsecret@mail.example?starttls=perhaps"},
        {"POSTBOARD_SMTP_URL": "smtp://u:topsecret@mail.example?tls"},
        {"POSTBOARD_SMTP_URL": "smtp://u:topsecret@mail.example", "POSTBOARD_MAIL_FROM": ""},
        {"POSTBOARD_MAIL_FROM": "nobody"},
        {"POSTBOARD_MAIL_FROM": "a@b.example\r\nBcc: c@d.example"},
    ],
)
def test_a_bad_mail_setting_is_refused_without_showing_it(named: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as no:
        read_settings({"POSTBOARD_MAIL_FROM": "a@b.example", **named})
    assert "topsecret" not in str(no.value)


def test_an_address_that_no_mail_can_be_written_to_holds_up_no_other(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    odd = enqueue(database, world.cora)
    with database.write() as session:
        person = session.get_one(Person, world.cora.user_id)
        person.email = "=?utf-8?q?@[@[?=b_<=.example"
    enqueue(database, world.ben)
    assert run(mailer(database, settings)) == 1
    assert [got["To"] for got in box.taken] == ["Ben <ben@postboard.example>"]
    assert row(database, odd).failure.startswith("IndexError")


def test_mail_that_was_given_up_is_shown_as_such_and_goes_out_when_an_admin_says_so(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    mail_id = enqueue(database, world.ben)
    box.answer = "550 No such mailbox"
    worker, at = mailer(database, settings), NOW
    for _ in range(MOST_ATTEMPTS):
        assert run(worker, at) == 0
        at = row(database, mail_id).due_at
    box.answer = "250 OK"
    assert run(worker, at) == 0
    with database.read() as session:
        seen = work.work(session, world.alma, now=at).mail
    assert seen
    assert (seen.count, seen.given_up, "No such mailbox" in seen.failure) == (1, 1, True)
    with pytest.raises(NotAllowed), database.write() as session:
        queues.retry(session, world.ana, queues.MAIL, now=at)
    with database.write() as session:
        assert queues.retry(session, world.alma, queues.MAIL, now=at) == 1
    assert run(worker, at) == 1
    with database.write() as session:
        assert work.work(session, world.alma, now=at).mail is None
        assert queues.retry(session, world.alma, queues.MAIL, now=at) == 0
