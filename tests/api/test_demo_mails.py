"""The demo's mails: a real mail server takes them, and only this machine reads them."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.jobs.mail import Mailer
from postboard.launch.ground import require_port
from postboard.notifications import email, sink
from postboard.services import mail
from postboard.services.mail import About, Letter
from postboard.settings import Settings, read_settings
from tests.api.conftest import Visit
from tests.world import NOW, World

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def demo(tmp_path: Path) -> Settings:
    port = require_port("127.0.0.1", 0)
    settings = read_settings(
        {
            "POSTBOARD_DATA": str(tmp_path),
            "POSTBOARD_SMTP_URL": f"smtp://127.0.0.1:{port}?starttls=no",
            "POSTBOARD_MAIL_FROM": "Postboard <board@postboard.example>",
        }
    )
    return replace(settings, demo_mails=tmp_path / "mails")


def send(database: Database, demo: Settings) -> int:
    """Hand everything that is due to the demo's own mail server."""
    server, now = demo.mail_server, datetime.now(UTC)  # a link in a mail holds for some days
    assert server

    async def at_work() -> int:
        async with sink.taking(demo):
            worker = Mailer(database, demo, partial(email.send, server))
            return await asyncio.to_thread(worker.run_once, lambda: now)

    return asyncio.run(at_work())


def write(database: Database, world: World, who: UUID | None, subject: str, review: bool) -> None:
    assert who
    about = About(review_of=world.acme.id if review else None)
    with database.write() as session:
        mail.enqueue(session, who, Letter(subject, "Two posts."), "/work/", NOW, about)


def test_the_button_in_a_reviewers_mail_opens_their_review(
    database: Database, world: World, demo: Settings, visit: Visit
) -> None:
    write(database, world, world.ben.user_id, "Hello <Ben>", review=False)
    write(database, world, world.cleo.user_id, "请您审阅", review=True)
    assert send(database, demo) == 2
    browser = visit(HERE, POSTBOARD_DEMO_MAILS=str(demo.demo_mails))
    browser.host = "127.0.0.1"
    listed = browser.get("/demo/mails")
    assert "Hello &lt;Ben&gt;" in listed.text
    found = re.search(r'href="([^"]*)">请您审阅<', listed.text)
    assert found
    shown = browser.get(found[1])
    assert "Two posts." in shown.text
    link = re.search(r'href="http://127.0.0.1:8000(/link/[^"]*)"', shown.text)
    assert link
    opened = browser.get(link[1])
    assert (opened.status_code, opened.headers["location"]) == (303, "/review/")
    assert browser.get(found[1] + "x").status_code == 404


@pytest.mark.parametrize(
    ("host", "headers", "is_demo"),
    [
        ("203.0.113.7", {}, True),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, True),
        ("127.0.0.1", {"host": "evil.example"}, True),
        ("127.0.0.1", {}, False),
    ],
)
def test_nobody_else_reads_them_and_nobody_outside_the_demo(
    demo: Settings,
    visit: Visit,
    host: str,
    headers: dict[str, str],
    is_demo: bool,
) -> None:
    environment = {"POSTBOARD_DEMO_MAILS": str(demo.demo_mails)} if is_demo else {}
    browser = visit(HERE, **environment)
    browser.host = host
    assert browser.get("/demo/mails", headers=headers).status_code == 404
