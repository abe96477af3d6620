"""Answering a mail says it in the post's thread: once, as oneself, without what is quoted."""

from collections.abc import Generator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Comment, Notice, OutgoingMail
from postboard.db.notify_models import PendingMail
from postboard.db.queries import work
from postboard.domain.conversation import COMMENT_MAX, Thread
from postboard.domain.errors import Stale
from postboard.domain.workflow import State
from postboard.jobs.inbound import Inbox, Postbox, Watch
from postboard.mail_servers import MailboxServer
from postboard.notifications import answers
from postboard.services import clients, comments
from postboard.services.comments import Remark
from postboard.services.mail import ANSWERED_FOR
from postboard.settings import BadSetting, Settings, read_settings
from tests.jobs.mailbox_server import MailboxOf, listening
from tests.jobs.post_office import BASE, Box, mailer, run, write
from tests.world import NOW, World

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

QUOTED = "\n\nOn Mon, Mar 2, 2026 at 9:00 AM Postboard <board@board.example> wrote:\n> Is it?\n"
EMPTY = "\n" * 9_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "answers"


@pytest.fixture
def inbox(database: Database, folder: Path) -> Inbox:
    return Inbox(database, folder)


@pytest.fixture
def question(
    database: Database, world: World, settings: Settings, box: Box, folder: Path
) -> EmailMessage:
    """The mail that tells Cleo that Aron named her in the client's thread."""
    assert world.cleo.user_id
    with database.write() as session:
        session.execute(delete(PendingMail))
        session.execute(delete(Notice))
        remark = Remark("Is it the new cup?", mentions=(world.cleo.user_id,))
        post_id = world.acme.posts[State.CLIENT_REVIEW]
        command_id = uuid4()
        comments.add(
            session, world.aron, post_id, Thread.CLIENT, remark, command_id=command_id, now=NOW
        )
    worker = mailer(database, replace(settings, inbound_url=f"maildir:{folder}"))
    write(worker)
    run(worker)
    [got] = box.taken
    return got


def answer(question: EmailMessage, words: str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Cleo <cleo@postboard.example>",
        "To": question["Reply-To"],
        "Subject": f"Re: {question['Subject']}",
        "Message-ID": "<1@phone.example>",
    }
    for name, value in (
        given | {key.replace("_", "-"): one for key, one in headers.items()}
    ).items():
        made[name] = value
    made.set_content(words)
    return made


def deliver(folder: Path, mail: EmailMessage, name: str = "1.host") -> None:
    (folder / "new" / name).write_bytes(bytes(mail))


def said(database: Database, world: World) -> list[tuple[Any, ...]]:
    """Who said what, in which thread, and whether it answers Aron."""
    with database.read() as session:
        rows = session.execute(
            select(
                col(Comment.author_name),
                col(Comment.thread),
                col(Comment.text),
                col(Comment.parent_id).is_not(None),
            )
            .where(col(Comment.author_id) != world.aron.user_id)
            .order_by(col(Comment.created_at))
        )
        return [tuple(row) for row in rows]


def take(inbox: Inbox) -> int:
    return inbox.run_once(lambda: NOW)


def test_an_answer_becomes_a_comment_under_what_it_answers_without_the_quoted_mail(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    deliver(folder, answer(question, f"Yes, the new one.\n\nThank you!{QUOTED}"))
    assert take(inbox) == 1
    assert said(database, world) == [
        ("Cleo", Thread.CLIENT, "Yes, the new one.\n\nThank you!", True)
    ]
    assert [path.name for path in (folder / "cur").iterdir()] == ["1.host:2,S"]
    assert list((folder / "new").iterdir()) == []


def test_the_same_mail_says_it_once_however_often_it_arrives(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    for name in ("1.host", "2.host"):
        deliver(folder, answer(question, "Yes."), name)
    assert take(inbox) == 1
    deliver(folder, answer(question, "Yes."), "3.host")
    assert take(inbox) == 0
    deliver(folder, answer(question, "And one more.", Message_ID="<2@phone.example>"), "4.host")
    assert take(inbox) == 1
    assert {text for _, _, text, _ in said(database, world)} == {"Yes.", "And one more."}


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "Dora <dora@postboard.example>"},
        {"From": "ana@postboard.example"},
        {"From": "cleo@postboard.example, mallory@mallory.example"},
        {"To": "reply@board.example"},
        {"To": f"board+{'0' * 40}@board.example"},
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<friends.example>"},
    ],
)
def test_what_the_person_did_not_write_is_not_said(
    database: Database,
    world: World,
    inbox: Inbox,
    folder: Path,
    question: EmailMessage,
    headers: dict[str, str],
) -> None:
    deliver(folder, answer(question, "I am away.", **headers))
    assert take(inbox) == 0
    assert said(database, world) == []
    assert list((folder / "new").iterdir()) == []


def test_ones_own_mail_that_comes_back_says_nothing(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    del question["To"]
    question["To"] = question["Reply-To"]
    deliver(folder, question)
    assert (take(inbox), said(database, world)) == (0, [])


def test_a_mail_that_is_too_large_or_broken_holds_up_no_other(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    deliver(folder, answer(question, "x" * 60 + "\n" * answers.LARGEST), "1.large")
    (folder / "new" / "2.broken").write_bytes(b"\xff\x00From: =?utf-8?q?@[@[?=b_<=\n\n\xff")
    deliver(folder, answer(question, "word " * 2_000), "3.host")
    assert take(inbox) == 1
    [(_, _, text, _)] = said(database, world)
    assert (len(text), text[-1]) == (COMMENT_MAX, "…")


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape"])
def test_what_no_database_takes_stops_no_reading(
    database: Database,
    world: World,
    inbox: Inbox,
    folder: Path,
    question: EmailMessage,
    charset: str,
) -> None:
    odd = answer(question, "Yes +2AA- \\ud800 \\x00.")
    odd.replace_header("Content-Type", f"text/plain; charset={charset}")
    deliver(folder, odd)
    deliver(folder, answer(question, "And no.", Message_ID="<2@phone.example>"), "2.host")
    assert take(inbox) == 2
    assert {text[:3] for _, _, text, _ in said(database, world)} == {"Yes", "And"}


def test_a_mail_that_takes_hours_to_read_holds_up_no_other(
    database: Database,
    world: World,
    inbox: Inbox,
    folder: Path,
    question: EmailMessage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers, "TIMEOUT_S", 4)
    headers = f"To: {question['Reply-To']}\nFrom: {'(' * 900_000}\n\nYes."
    (folder / "new" / "1.bomb").write_text(headers)
    deliver(folder, answer(question, "No."), "2.host")
    assert take(inbox) == 1
    assert said(database, world) == [("Cleo", Thread.CLIENT, "No.", True)]
    assert list((folder / "new").iterdir()) == []


def test_no_link_that_signs_in_is_said_to_the_others(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    body = question.get_body(("plain",))
    assert body
    quoted = body.get_content()
    own = quoted.partition("/link/")[2].split()[0]
    deliver(folder, answer(question, f"Ja.\n\nVan: {question['Reply-To']}\n\n{quoted}"))
    assert take(inbox) == 1
    [(_, _, text, _)] = said(database, world)
    assert text.startswith("Ja.\n\nVan: board+…@board.example\n\n")
    assert len(own) > 20
    assert own not in text
    assert f"{BASE}/link/…" in text


def test_an_answer_comes_too_late_after_a_quarter(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    deliver(folder, answer(question, "Yes."))
    assert inbox.run_once(lambda: NOW + ANSWERED_FOR) == 0
    assert said(database, world) == []


def test_whoever_may_not_speak_there_any_more_is_told_so(
    database: Database, world: World, inbox: Inbox, folder: Path, question: EmailMessage
) -> None:
    assert world.cleo.user_id
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, world.cleo.user_id, now=NOW)
    deliver(folder, answer(question, "Yes."))
    assert (take(inbox), said(database, world)) == (0, [])
    with database.read() as session:
        waiting = select(col(OutgoingMail.subject), col(OutgoingMail.body)).where(
            col(OutgoingMail.person_id) == world.cleo.user_id, col(OutgoingMail.sent_at).is_(None)
        )
        assert [tuple(row) for row in session.execute(waiting)] == [
            (
                "Your answer about ACME-6 was not taken",
                "This is not here, or not yours to see.",
            )
        ]


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("plain", f"Fine.{QUOTED}", "Fine."),
        ("plain", "Fine.\n\n-- \nCleo, Acme\n", "Fine."),
        ("plain", "Fine.\n\n-----Original Message-----\nFrom: x\nSent: y\n\nold", "Fine."),
        ("plain", "好的\n\n在 2026年3月2日,Postboard <b@b.example> 写道:\n> 原文\n", "好的"),
        ("plain", "Two things:\n> quoted\n", "Two things:"),
        ("plain", "\n" * 15_000 + "Fine.", "Fine."),
        ("plain", f"A.{EMPTY}B. {'On ' * 60}{QUOTED}", f"A.{EMPTY}B. {'On ' * 60}".strip()),
        (
            "html",
            "<p>Fine &amp; <b>good</b>.</p><style>p{}</style><blockquote>old</blockquote>",
            "Fine & good.",
        ),
    ],
)
def test_what_is_quoted_and_signed_is_cut(kind: str, body: str, words: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Cleo <cleo@postboard.example>", f"b+{'a' * 40}@b.example"
    mail.set_content(body, subtype=kind)
    received = answers.read(bytes(mail))
    assert received
    assert (received.sender, received.token, received.text) == (
        "cleo@postboard.example",
        "a" * 40,
        words,
    )


def test_a_sender_who_can_be_read_as_two_is_nobody() -> None:
    mail = f"To: b+{'a' * 40}@b.example\nFrom: {{}}\n\nYes."
    senders = [
        "Cleo <cleo@postboard.example>",
        "cleo@postboard.example (her) <mallory@mallory.example>",
        "cleo@postboard.example <mallory@mallory.example>",
        "cleo@postboard.example, mallory@mallory.example",
        "mallory@mallory.example\nFrom: cleo@postboard.example",
    ]
    read = [answers.read(mail.format(sender).encode()) for sender in senders]
    assert [one and one.sender for one in read] == [
        "cleo@postboard.example",
        None,
        None,
        None,
        None,
    ]


def test_answers_go_to_an_address_of_each_mail_only_where_they_are_read(
    question: EmailMessage, settings: Settings
) -> None:
    local, _, domain = question["Reply-To"].partition("@")
    assert (local.partition("+")[0], len(local), domain) == ("board", 46, "board.example")
    assert settings.reply_address("a" * 40) == ""
    named = replace(settings, reply_to="reply@board.example")
    assert named.reply_address("a" * 40) == "reply@board.example"
    assert replace(named, inbound_url="maildir:/in").reply_address("a") == "reply+a@board.example"


@pytest.mark.parametrize(
    "named",
    [
        {"POSTBOARD_INBOUND": "maildir:relative"},
        {"POSTBOARD_INBOUND": "imap://:topsecret@mail.example"},
        {"POSTBOARD_INBOUND": "imap://u:topsecret@"},
        {"POSTBOARD_INBOUND": "imaps://u:topsecret@mail.example/A%22%0D%0A1%20LOGOUT"},
        {"POSTBOARD_INBOUND": "imap://u:topsecret@mail.example?starttls=perhaps"},
        {"POSTBOARD_INBOUND": "maildir:/in", "POSTBOARD_SMTP_URL": ""},
        {"POSTBOARD_REPLY_TO": "Reply <reply@board.example>"},
    ],
)
def test_a_bad_setting_is_refused(named: dict[str, str]) -> None:
    given = {"POSTBOARD_SMTP_URL": "smtp://m.example", "POSTBOARD_MAIL_FROM": "a@b.example"}
    with pytest.raises(BadSetting) as no:
        read_settings(given | named)
    assert "topsecret" not in str(no.value)


def test_settings_reach_the_servers_processes() -> None:
    settings = read_settings(
        {
            "POSTBOARD_SMTP_URL": "smtp://m.example",
            "POSTBOARD_MAIL_FROM": "a@b.example",
            "POSTBOARD_INBOUND": "maildir:/in/box",
            "POSTBOARD_REPLY_TO": "reply@b.example",
        }
    )
    assert settings.inbound_folder == Path("/in/box")
    assert read_settings(settings.as_environment()) == settings


@pytest.fixture
def mailbox() -> Generator[MailboxOf]:
    kept = MailboxOf()
    with listening(kept):
        yield kept


def postbox(database: Database, mailbox: MailboxOf) -> Postbox:
    server = MailboxServer(
        "127.0.0.1", mailbox.port, "none", "board@b.example", "s3cret/@", "Answers"
    )
    return Postbox(database, server)


def test_answers_are_fetched_from_a_mailbox_once_and_stay_there_as_seen(
    database: Database, world: World, mailbox: MailboxOf, question: EmailMessage
) -> None:
    mailbox.messages = {
        "3": b"Subject: =?utf-8?q?@[@[?=b_<=\r\n\r\n\xff",
        "4": bytes(answer(question, "x" * 60 + "\n" * answers.LARGEST)),
        "7": bytes(answer(question, f"Yes, the new one.{QUOTED}")),
    }
    reader = postbox(database, mailbox)
    assert [reader.run_once(lambda: NOW) for _ in range(2)] == [1, 0]
    assert said(database, world) == [("Cleo", Thread.CLIENT, "Yes, the new one.", True)]
    assert mailbox.seen == {"3", "4", "7"}
    verbs = {" ".join(command.split()[:2]) for command in mailbox.commands}
    assert {verb for verb in verbs if verb.startswith("UID")} == {
        "UID SEARCH",
        "UID FETCH",
        "UID STORE",
    }
    assert not [one for one in mailbox.commands if "BODY[" in one or "Deleted" in one]


def test_an_answer_that_could_not_be_taken_is_fetched_again(
    database: Database,
    world: World,
    mailbox: MailboxOf,
    question: EmailMessage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mailbox.messages = {"1": bytes(answer(question, "Yes."))}

    def busy(*_arguments: object) -> None:
        raise Stale

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("postboard.services.inbound.take", busy)
        assert (postbox(database, mailbox).run_once(lambda: NOW), mailbox.seen) == (0, set())
    assert (postbox(database, mailbox).run_once(lambda: NOW), mailbox.seen) == (1, {"1"})


def shown(database: Database, world: World) -> str:
    """What an admin is told, and nobody else."""
    with database.read() as session:
        assert work.work(session, world.ana, now=NOW).inbound == ""
        return work.work(session, world.alma, now=NOW).inbound


def test_a_mailbox_in_trouble_is_asked_less_often_and_an_admin_sees_why(
    database: Database, world: World, mailbox: MailboxOf, question: EmailMessage
) -> None:
    watch = Watch(database, postbox(database, mailbox), 30)
    mailbox.messages = {"1": bytes(answer(question, "Yes."))}
    right, mailbox.login = mailbox.login, "nobody"
    assert [watch.look(lambda: NOW) for _ in range(6)] == [60, 120, 240, 480, 600, 600]
    assert shown(database, world) == "[AUTHENTICATIONFAILED] Wrong name or password done"
    mailbox.login = right
    assert watch.look(lambda: NOW) == 30
    assert shown(database, world) == ""
    assert [text for _, _, text, _ in said(database, world)] == ["Yes."]


def test_a_mailbox_server_that_is_not_there_is_shown_without_the_password(
    database: Database, world: World, mailbox: MailboxOf
) -> None:
    mailbox.port = 9
    Watch(database, postbox(database, mailbox), 30).look(lambda: NOW)
    told = shown(database, world)
    assert told.startswith("ConnectionRefusedError")
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "imaps://u%40x:top%2Fsecret@mail.example",
            MailboxServer("mail.example", 993, "from the start", "u@x", "top/secret"),
        ),
        (
            "imap://u:topsecret@mail.example:1143/Post%20box?starttls=no",
            MailboxServer("mail.example", 1143, "none", "u", "topsecret", "Post box"),
        ),
        (
            "imap://u:topsecret@mail.example/INBOX",
            MailboxServer("mail.example", 143, "starttls", "u", "topsecret"),
        ),
    ],
)
def test_a_mailbox_is_named_by_an_address(url: str, server: MailboxServer) -> None:
    settings = read_settings(
        {
            "POSTBOARD_SMTP_URL": "smtp://m.example",
            "POSTBOARD_MAIL_FROM": "a@b.example",
            "POSTBOARD_INBOUND": url,
        }
    )
    assert (settings.mailbox_server, settings.inbound_folder) == (server, None)
    assert read_settings(settings.as_environment()) == settings
    assert "secret" not in repr(settings) + repr(settings.mailbox_server)
