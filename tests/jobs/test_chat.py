"""Chat messages: to the services we know, never to an internal host, by the same outbox as mail."""

import json
import socket
import sys
import threading
from collections.abc import Generator
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import OutgoingMail
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.tasks import NoticeKind
from postboard.jobs.mail import Mailer
from postboard.notifications import chat, email
from postboard.notifications.chat import ChatFailed, NoChat
from postboard.services import chats, mail
from postboard.services.mail import About, Letter
from postboard.settings import Settings
from tests.jobs.post_office import BASE, Box, run
from tests.world import NOW, World

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

# The program itself allows no internal address; here the test's own server is one.
THIS_MACHINE = 'from postboard.notifications import chat; exit(chat.main(frozenset({"127.0.0.1"})))'
HERE = (sys.executable, "-c", THIS_MACHINE)


class Service:
    """A chat service on this machine, which takes messages or sends people elsewhere."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.answer = 200
        self.elsewhere = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.taken.append({"path": self.path, **json.loads(body)})
                self.send_response(outer.answer)
                if outer.elsewhere:
                    self.send_header("Location", outer.elsewhere)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"mmost://127.0.0.1:{self.server.server_port}/secrettoken123456"


@pytest.fixture
def service() -> Generator[Service]:
    service = Service()
    thread = threading.Thread(target=service.server.serve_forever, daemon=True)
    thread.start()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        ("discord://123456789012/abcdefghijklmnop", "Discord"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "Telegram"),
        ("mmosts://chat.example/abcdefgh1234", "Mattermost"),
        ("rocket://u:p@chat.example/#general", "Rocket.Chat"),
        ("matrixs://u:p@matrix.example/#general", "Matrix"),
        ("wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", "WeCom Bot"),
        ("feishu://1234abcd5678", "Feishu"),
        ("dingtalk://abcdefgh12345678/", "DingTalk"),
    ],
)
def test_these_are_chats(url: str, name: str) -> None:
    assert chat.service_of(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "",
        "json://chat.example/x",
        "mailto://u:p@mail.example",
        "file:///etc/passwd",
        "https://chat.example/hook",
        "mmost://127.0.0.1/abcdefgh1234",
        "mmost://localhost/abcdefgh1234",
        "mmost://10.0.0.7:8065/abcdefgh1234",
        "mmost://169.254.169.254/latest",
        "matrix://u:p@[::1]/#room",
        "mmost://[::ffff:10.0.0.7]/abcdefgh1234",
        "mmost://[::127.0.0.1]/abcdefgh1234",
        "mmost://[64:ff9b::a00:7]/abcdefgh1234",
        "mmost://[64:ff9b:1::a00:7]/abcdefgh1234",
        "mmost://[2002:a00:7::]/abcdefgh1234",
        "mmosts://chat.example/" + "x" * 1_000,
        "mmosts://chat.example/abc\r\nHost: x",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(NoChat):
        chat.service_of(url)


def test_a_message_reaches_the_service(service: Service) -> None:
    chat.send(service.address, "Cleo approved ACME-6", "Morning buns", HERE)
    [got] = service.taken
    assert got["path"] == "/hooks/secrettoken123456"
    assert "Cleo approved ACME-6" in got["text"]
    assert "Morning buns" in got["text"]


def test_an_internal_host_is_not_even_asked(service: Service) -> None:
    by_name = service.address.replace("127.0.0.1", "localhost")
    for address in (service.address, by_name):
        with pytest.raises(ChatFailed):
            chat.send(address, "Hello", "there")
    assert service.taken == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::ffff:10.0.0.7", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
    ],
)
def test_a_name_is_followed_to_public_addresses_only(address: str, *, is_public: bool) -> None:
    look_up = chat._public_only(lambda *_: [(0, 0, 0, "", (address, 443))], frozenset())
    if is_public:
        assert look_up("chat.example", 443)[0][4] == (address, 443)
    else:
        with pytest.raises(socket.gaierror):
            look_up("chat.example", 443)


def test_no_redirect_leads_to_an_internal_host(service: Service) -> None:
    service.answer = 307
    with HTTPServer(("127.0.0.2", 0), BaseHTTPRequestHandler) as internal:
        internal.timeout = 0.1
        asked: list[Any] = []
        internal.finish_request = lambda *_asked, **_named: asked.append(True)
        service.elsewhere = f"http://127.0.0.2:{internal.server_port}/hooks/other"
        with pytest.raises(ChatFailed):
            chat.send(service.address, "Hello", "there", HERE)
        internal.handle_request()
    assert (len(service.taken), asked) == (1, [])


def test_a_refusal_is_told_without_the_addresss_secret(service: Service) -> None:
    service.answer = 403
    with pytest.raises(ChatFailed) as no:
        chat.send(service.address, "Hello", "there", HERE)
    assert "secrettoken" not in str(no.value)
    assert "403" in str(no.value)


def tell(database: Database, world: World) -> UUID:
    assert world.ben.user_id
    about = About(kinds=(NoticeKind.MENTION,))
    with database.write() as session:
        letter = Letter("Cora mentioned you", "At ACME-1")
        return mail.enqueue(session, world.ben.user_id, letter, "/work/", NOW, about)


def add(database: Database, world: World, url: str = "mmosts://chat.example/abcdefgh1234") -> UUID:
    with database.write() as session:
        chats.add(session, world.ben, url, "Mattermost", now=NOW)
        return chats.mine(session, world.ben)[0].id


def test_notices_go_to_ones_chat_too_and_a_failing_chat_holds_up_no_mail(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    add(database, world)
    tell(database, world)
    said: list[tuple[str, str, str]] = []

    def say(url: str, title: str, body: str) -> None:
        said.append((url, title, body))
        if len(said) == 1:
            raise ChatFailed("403")

    server = settings.mail_server
    assert server
    worker = Mailer(database, settings, partial(email.send, server), say)
    assert run(worker) == 1
    assert run(worker, NOW + timedelta(minutes=1)) == 1
    message = (
        "mmosts://chat.example/abcdefgh1234",
        "Cora mentioned you",
        f"At ACME-1\n\n{BASE}/work/",
    )
    assert said == [message, message]
    assert [got["To"] for got in box.taken] == ["Ben <ben@postboard.example>"]
    assert run(worker, NOW + timedelta(days=1)) == 0


def test_one_removes_ones_own_chats_only_and_nothing_more_goes_there(
    database: Database, world: World
) -> None:
    chat_id = add(database, world)
    tell(database, world)
    with pytest.raises(NotFound), database.write() as session:
        chats.remove(session, world.dina, chat_id, now=NOW)
    with database.write() as session:
        chats.remove(session, world.ben, chat_id, now=NOW)
    with database.read() as session:
        assert chats.mine(session, world.ben) == []
        chat_ids = session.execute(select(col(OutgoingMail.chat_id))).scalars()
        assert list(chat_ids) == [None]


def test_the_clients_side_has_no_chats(database: Database, world: World) -> None:
    with pytest.raises(NotAllowed), database.write() as session:
        chats.add(session, world.cleo, "mmosts://chat.example/abcdefgh1234", "x", now=NOW)
