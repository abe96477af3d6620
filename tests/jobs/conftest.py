import socket
from collections.abc import Generator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from postboard.mail_servers import MailServer
from postboard.settings import Settings, read_settings
from tests.jobs.post_office import BASE, Box


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Generator[MailServer]:
    def know(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(
            handled=False, success=(data.login, data.password) == (b"board", b"s3cret/@")
        )

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        authenticator=know,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    yield MailServer("127.0.0.1", port, "none", "board", "s3cret/@")
    controller.stop()


@pytest.fixture
def settings(server: MailServer) -> Settings:
    url = f"smtp://board:s3cret%2F%40@127.0.0.1:{server.port}?starttls=no"
    named = {"POSTBOARD_SMTP_URL": url, "POSTBOARD_MAIL_FROM": "Postboard <board@board.example>"}
    return read_settings({**named, "POSTBOARD_BASE_URL": BASE})
